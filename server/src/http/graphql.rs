//! The schema for scripts of the portal's own pages: `POST`, JSON, same origin, the portal's cookie.
//!
//! The engine's own extractor is not used: it runs GET requests, takes any content type for JSON and
//! knows no limit on bodies.

use async_graphql::{ErrorExtensionValues, Request, ServerError, parser::parse_query};
use async_graphql_axum::GraphQLResponse;
use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{client::Client, notice::Explained};
use crate::{
    auth::session::Admission,
    error::Error,
    graphql::{
        Caller, code_name, execute,
        limits::{MAX_ALIASES, MAX_TOKENS, count_aliases, count_tokens},
    },
    state::App,
};

/// Runs a document for whoever the cookie belongs to.
pub(super) async fn portal(
    State(app): State<App>,
    client: Client,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !is_json(&headers) {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    }
    let caller = match app.admit(&headers).await {
        Ok(Some(Admission::Open(visit))) => Caller::Portal(visit),
        Ok(Some(Admission::Disabled(_))) => Caller::Disabled,
        Ok(None) => Caller::Nobody,
        Err(error) => return refused(&error, "The portal cannot be reached at the moment."),
    };
    let request = match read(&body) {
        Ok(request) => request,
        Err(what) => return refused(&Error::Invalid { field: what.0 }, what.1),
    };
    let response = execute(&app.schema, request, caller, client.origin).await;
    explained(GraphQLResponse::from(with_codes(response)).into_response())
}

fn is_json(headers: &HeaderMap) -> bool {
    let content_type =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    content_type.split(';').next().is_some_and(|media| media.trim().eq_ignore_ascii_case("application/json"))
}

/// Reads a request and bounds it before the engine sees it. The error names the part and says why.
fn read(body: &[u8]) -> Result<Request, (&'static str, &'static str)> {
    let mut request: Request = serde_json::from_slice(body)
        .map_err(|_| ("body", "The body must be a JSON object with a `query`."))?;
    if count_tokens(&request.query) > MAX_TOKENS {
        return Err(("query", "The document has too many tokens."));
    }
    let document = parse_query(&request.query).map_err(|_| ("query", "The document is not GraphQL."))?;
    if count_aliases(&document) > MAX_ALIASES {
        return Err(("query", "The document has too many aliases."));
    }
    request.set_parsed_query(document);
    Ok(request)
}

/// Every error has a code: those of the engine are about the document.
fn with_codes(mut response: async_graphql::Response) -> async_graphql::Response {
    for error in &mut response.errors {
        let values = error.extensions.get_or_insert_with(ErrorExtensionValues::default);
        if values.get("code").is_none() {
            values.set("code", code_name(app::error::ErrorCode::Invalid));
        }
    }
    response
}

fn refused(error: &Error, message: &str) -> Response {
    error.log();
    let code = error.to_app();
    let mut graphql = ServerError::new(message, None);
    let mut values = ErrorExtensionValues::default();
    values.set("code", code_name(code.code));
    if let Some(field) = code.field {
        values.set("field", field);
    }
    graphql.extensions = Some(values);
    let response = async_graphql::Response::from_errors(vec![graphql]);
    explained((super::notice::status(code.code), GraphQLResponse::from(response)).into_response())
}

fn explained(mut response: Response) -> Response {
    response.extensions_mut().insert(Explained);
    response
}
