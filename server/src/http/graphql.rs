//! The schema for scripts of the portal's own pages: `POST`, JSON, same origin, the portal's cookie.
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
    let document = Params::read(&body).and_then(Params::document);
    match document {
        Ok(document) => answer.of(execute(&app.schema, document.request, caller, client.origin).await),
        Err(refusal) => answer.refuse_request(refusal),
    }
}
