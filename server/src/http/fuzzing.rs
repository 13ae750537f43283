//! What handlers read, as they call it: the entrances of `crate::fuzzing`. Feature `testing`.

use std::net::IpAddr;

use app::{api::team::ActivityFilter, period::Period};
use axum::{
    body::Body,
    extract::{FromRequest as _, Multipart, Query, Request},
    http::{HeaderMap, HeaderName, Uri, header},
    response::IntoResponse as _,
};
use chrono::NaiveDate;
use futures_util::FutureExt as _;

use super::{
    bounded::Pairs,
    client, gateway,
    graphql_http::{self, MediaType, Params},
    list_query::ListQuery,
    security,
    statement::DaysQuery,
    stripe_webhook, team,
};
use crate::config::PublicUrl;

pub(crate) use super::{
    bounded::json_values, client::shorten, graphql_http::is_json, team::visit::safe_next as safe_next_of_team,
};

/// Whether a write may pass.
pub(crate) fn may_write(headers: &HeaderMap, public_url: &PublicUrl) -> bool {
    security::may_write(headers, public_url)
}

/// Where whoever comes by another name of ours is sent.
pub(crate) fn to_our_name(request: &Request, public_url: &PublicUrl) -> Option<String> {
    let response = security::to_our_name(request, public_url)?.into_response();
    response.headers().get(header::LOCATION)?.to_str().ok().map(str::to_owned)
}

/// Where a request came from: its address, and its browser in a few words.
pub(crate) fn origin(headers: &HeaderMap, peer: IpAddr, proxies: &[IpAddr]) -> (IpAddr, String) {
    let user_agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    (client::forwarded_for(headers, peer, proxies), user_agent.map(client::browser).unwrap_or_default())
}

/// Whether a program takes one of the forms that answers have.
pub(crate) fn takes_an_answer(headers: &HeaderMap) -> bool {
    MediaType::negotiate(headers).is_some()
}

/// The key of a request that may be sent twice.
pub(crate) fn idempotency_key(headers: &HeaderMap) -> Option<String> {
    gateway::idempotency_key(headers).ok().flatten()
}

/// A request that the engine gets to see.
pub(crate) fn request(body: &[u8]) -> Option<async_graphql::Request> {
    graphql_http::Params::read(body).and_then(Params::document).ok().map(|document| document.request)
}

/// The id of an event of Stripe's.
pub(crate) fn id_of_event(body: &[u8]) -> Option<String> {
    stripe_webhook::read(body).map(|event| event.id)
}

/// What the queries of pages come to.
pub(crate) struct Queries {
    /// What a list is searched for.
    pub(crate) search: String,
    /// The days of a statement.
    pub(crate) period: Option<Period>,
    /// What the log is looked through for, and the link to the same.
    pub(crate) activity: (ActivityFilter, String),
    /// How much is wrong with it.
    pub(crate) activity_problems: usize,
}

/// Reads a query as each of the pages that have one; `None` for what cannot stand in an address.
pub(crate) fn queries(query: &str, today: NaiveDate) -> Option<Queries> {
    let uri: Uri = format!("/?{query}").parse().ok()?;
    let list = Query::<ListQuery>::try_from_uri(&uri).map(|Query(list)| list).unwrap_or_default();
    let days = Query::<DaysQuery>::try_from_uri(&uri).map(|Query(days)| days).unwrap_or_default();
    let activity = Query::<team::activity::ActivityQuery>::try_from_uri(&uri)
        .map(|Query(query)| query)
        .unwrap_or_default();
    let (filter, problems) = activity.filter();
    Some(Queries {
        search: list.search(),
        period: days.choice(today).period,
        activity: (filter, activity.link()),
        activity_problems: problems.len(),
    })
}

/// The fields of a form.
pub(crate) fn fields(body: &[u8]) -> Option<Vec<(String, String)>> {
    let request = request_of(b"application/x-www-form-urlencoded", body)?;
    let Pairs(pairs) = Pairs::from_request(request, &()).now_or_never()?.ok()?;
    Some(pairs)
}

/// The logo in a form of several parts.
pub(crate) fn logo_part(content_type: &[u8], body: &[u8]) -> Option<Vec<u8>> {
    team::settings::read_file(multipart(content_type, body)?).now_or_never()?
}

/// The file and the text in a form of several parts.
pub(crate) fn import_parts(content_type: &[u8], body: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let sent = team::import::Sent::read(multipart(content_type, body)?).now_or_never()??;
    Some((sent.file.to_vec(), sent.text.to_vec()))
}

fn multipart(content_type: &[u8], body: &[u8]) -> Option<Multipart> {
    Multipart::from_request(request_of(content_type, body)?, &()).now_or_never()?.ok()
}

fn request_of(content_type: &[u8], body: &[u8]) -> Option<Request> {
    let name: HeaderName = header::CONTENT_TYPE;
    Request::post("/").header(name, content_type).body(Body::from(body.to_vec())).ok()
}
