//! The schema for scripts of our own pages: `POST`, JSON, same origin, the cookie of that side.
//!
//! The engine's own extractor is not used: it runs GET requests, takes any content type for JSON and
//! knows no limit on bodies.

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
};

use super::{
    client::Client,
    envelope::RequestId,
    graphql_http::{Answer, MediaType, Params, is_json},
};
use crate::{
    auth::session::Admission,
    error::Error,
    graphql::{Caller, execute},
    state::App,
};

/// Runs a document for whoever the cookie belongs to.
pub(super) async fn portal(
    State(app): State<App>,
    client: Client,
    request_id: axum::Extension<RequestId>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !is_json(&headers) {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    }
    let answer = Answer::new(MediaType::Json, &request_id);
    let caller = match app.admit(&headers).await {
        Ok(Some(Admission::Open(visit))) => Caller::Portal(visit),
        Ok(Some(Admission::Disabled(_))) => Caller::Disabled,
        Ok(None) => Caller::Nobody,
        Err(error) => return answer.refuse(&error, "The portal cannot be reached at the moment."),
    };
    run(&app, caller, client, &body, &answer).await
}

/// The same for a member of the team, by the team's cookie: what the explorer asks.
pub(super) async fn team(
    State(app): State<App>,
    client: Client,
    request_id: axum::Extension<RequestId>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !is_json(&headers) {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    }
    let answer = Answer::new(MediaType::negotiate(&headers).unwrap_or(MediaType::Json), &request_id);
    let caller = match app.admit_member(&headers).await {
        Ok(Some(visit)) => Caller::Team(visit),
        Ok(None) => {
            return answer.refuse(&Error::SignedOut, "You are signed out. Sign in, and run it again.");
        }
        Err(error) => return answer.refuse(&error, app::text::sentence(error.code())),
    };
    run(&app, caller, client, &body, &answer).await
}

async fn run(app: &App, caller: Caller, client: Client, body: &[u8], answer: &Answer) -> Response {
    match Params::read(body).and_then(Params::document) {
        Ok(document) => answer.of(execute(&app.schema, document.request, caller, client.origin).await),
        Err(refusal) => answer.refuse_request(refusal),
    }
}
