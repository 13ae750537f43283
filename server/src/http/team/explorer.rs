//! GraphiQL for members (rule G3), and the way to it from the address that programs use.

use app::{pages::team::ExplorerPage, routes};
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse as _, Redirect, Response},
};
use leptos::prelude::*;

use super::visit::Member;
use crate::{
    http::{
        nonce::{self, render},
        security,
    },
    state::App,
};

/// The page.
pub(in crate::http) async fn show(State(app): State<App>, member: Member) -> Response {
    let frame = member.frame(&app);
    let html = render(move || view! { <ExplorerPage frame/> });
    let policy = security::explorer_policy(nonce::current().as_ref());
    let mut response = Html(html).into_response();
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

/// `GET /graphql`: a person who follows the address of the API with a browser is led to the explorer. No cookie is read
/// here, and no document is run; a program is told that it has to `POST`.
pub(in crate::http) async fn lead(headers: HeaderMap) -> Response {
    let is_browser = headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|accepts| accepts.contains("text/html"));
    if is_browser {
        return Redirect::to(routes::APP_GRAPHQL).into_response();
    }
    let allow = [(header::ALLOW, HeaderValue::from_static("POST"))];
    (StatusCode::METHOD_NOT_ALLOWED, allow).into_response()
}
