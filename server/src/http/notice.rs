//! Errors as people see them. A handler answers with an [`Error`]; what has no page of its own gets
//! one here, and so do the refusals of the layers around the handlers.

use std::any::Any;

use app::{
    error::ErrorCode,
    layout::Brand,
    pages::NoticePage,
    render::{Nonce, render_with},
    routes,
    text::Notice,
};
use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use leptos::prelude::*;

use super::{envelope::RequestId, nonce};
use crate::{error::Error, site};

/// Marks a response that has said itself what there is to say.
#[derive(Debug, Clone, Copy)]
pub(super) struct Explained;

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        self.log();
        let mut response = status(self.code()).into_response();
        if let Self::TooMany { retry_after } = self {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(retry_after.as_secs()));
        }
        if matches!(self, Self::Busy) {
            response.extensions_mut().insert(Notice::Busy);
        }
        response
    }
}

/// The status that goes with a code.
pub(super) const fn status(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::NotFound => StatusCode::NOT_FOUND,
        ErrorCode::SignedOut => StatusCode::UNAUTHORIZED,
        ErrorCode::Forbidden | ErrorCode::PortalDisabled => StatusCode::FORBIDDEN,
        ErrorCode::Invalid => StatusCode::BAD_REQUEST,
        ErrorCode::Conflict => StatusCode::CONFLICT,
        ErrorCode::TooMany => StatusCode::TOO_MANY_REQUESTS,
        ErrorCode::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// A panic is answered like any other fault; the others go on.
pub(super) fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let message = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("without a message");
    tracing::error!(message, "a handler panicked");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

/// Where whoever asked for a path finds back to.
pub(super) fn home_of(path: &str) -> &'static str {
    let is_team = path.strip_prefix(routes::APP).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if is_team { routes::APP } else { routes::PORTAL }
}

/// Puts a page in the place of a bare refusal.
pub(super) fn explain(response: Response, request_id: RequestId, home: &'static str) -> Response {
    let refused = response.status().is_client_error() || response.status().is_server_error();
    if !refused || response.extensions().get::<Explained>().is_some() {
        return response;
    }
    let (mut parts, _) = response.into_parts();
    let kind = match parts.status {
        StatusCode::SERVICE_UNAVAILABLE if parts.extensions.get::<Notice>() == Some(&Notice::Busy) => {
            Notice::Busy
        }
        StatusCode::NOT_FOUND | StatusCode::UNAUTHORIZED => Notice::NotFound,
        StatusCode::FORBIDDEN => Notice::Forbidden,
        StatusCode::METHOD_NOT_ALLOWED => Notice::MethodNotAllowed,
        StatusCode::PAYLOAD_TOO_LARGE => Notice::PayloadTooLarge,
        StatusCode::TOO_MANY_REQUESTS => Notice::TooMany,
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => Notice::Unavailable,
        status if status.is_client_error() => Notice::BadRequest,
        _ => Notice::Internal,
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.remove(header::CONTENT_ENCODING);
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    Response::from_parts(parts, Body::from(html(None, kind, Some(request_id), home)))
}

/// The page of whoever was not let in.
pub(super) fn busy(home: &'static str, nonce: Nonce) -> String {
    html_with(Some(nonce), None, Notice::Busy, None, home)
}

/// A notice in an org's brand, for clients who are signed in.
pub(super) fn branded(brand: Brand, code: ErrorCode, request_id: RequestId) -> Response {
    branded_with(brand, code, request_id, routes::PORTAL)
}

/// The same for members of the team.
pub(super) fn branded_for_team(brand: Brand, code: ErrorCode, request_id: RequestId) -> Response {
    branded_with(brand, code, request_id, routes::APP)
}

fn branded_with(brand: Brand, code: ErrorCode, request_id: RequestId, home: &'static str) -> Response {
    let html = html(Some(brand), Notice::from(code), Some(request_id), home);
    let mut response = (status(code), Html(html)).into_response();
    response.extensions_mut().insert(Explained);
    response
}

fn html(brand: Option<Brand>, kind: Notice, request_id: Option<RequestId>, home: &'static str) -> String {
    html_with(nonce::current(), brand, kind, request_id, home)
}

fn html_with(
    nonce: Option<Nonce>,
    brand: Option<Brand>,
    kind: Notice,
    request_id: Option<RequestId>,
    home: &'static str,
) -> String {
    // The same answer for the same reason: only where somebody may have to look into the log does
    // the page name the request.
    let request_id =
        request_id.filter(|_| matches!(kind, Notice::Internal | Notice::Unavailable)).map(|id| id.0);
    let assets = site::assets();
    render_with(nonce, move || view! { <NoticePage brand assets kind request_id home/> })
}
