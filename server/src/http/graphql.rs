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
    error::{Error, Result},
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
    let answer = Answer::new(MediaType::Json, &request_id);
    run(&app, client, &headers, &body, &answer, async || {
        Ok(Some(match app.admit(&headers).await? {
            Some(Admission::Open(visit)) => Caller::Portal(visit),
            Some(Admission::Disabled(_)) => Caller::Disabled,
            None => Caller::Nobody,
        }))
    })
    .await
}

/// The same for a member of the team, by the team's cookie: what the explorer asks.
pub(super) async fn team(
    State(app): State<App>,
    client: Client,
    request_id: axum::Extension<RequestId>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let answer = Answer::new(MediaType::negotiate(&headers).unwrap_or(MediaType::Json), &request_id);
    run(&app, client, &headers, &body, &answer, async || {
        Ok(app.admit_member(&headers).await?.map(Caller::Team))
    })
    .await
}

/// Who comes is asked only of what is JSON; `None` is told to sign in.
async fn run(
    app: &App,
    client: Client,
    headers: &HeaderMap,
    body: &[u8],
    answer: &Answer,
    who: impl AsyncFnOnce() -> Result<Option<Caller>>,
) -> Response {
    if !is_json(headers) {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    }
    let caller = match who().await {
        Ok(Some(caller)) => caller,
        Ok(None) => {
            return answer.refuse(&Error::SignedOut, "You are signed out. Sign in, and run it again.");
        }
        Err(error) => return answer.refuse(&error, app::text::sentence(error.code())),
    };
    match Params::read(body).and_then(Params::document) {
        Ok(document) => answer.of(execute(&app.schema, document.request, caller, client.origin).await),
        Err(refusal) => answer.refuse_request(refusal),
    }
}
