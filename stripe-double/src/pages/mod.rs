//! The pages that payers and payees would see at Stripe, and one for what happens there later. Each says that
//! it is a simulation, and works without a script.

mod checkout;
mod dashboard;
mod onboarding;

use std::sync::Arc;

use askama::Template;
use axum::{
    Router,
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse as _, Redirect, Response},
    routing::get,
};

use crate::core::Core;

const STYLE: &str = include_str!("../../templates/style.css");

/// The pages.
pub(crate) fn router() -> Router<Arc<Core>> {
    Router::new()
        .route("/", get(|| async { Redirect::to("/dashboard") }))
        .route("/_style.css", get(|| async { ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE) }))
        .route("/pay/{session}", get(checkout::show).post(checkout::pay))
        .route("/setup/{account}/{link}", get(onboarding::show).post(onboarding::answer))
        .route("/dashboard", get(dashboard::show).post(dashboard::act))
}

/// Refuses a write that another site's page sends with a visitor's browser, and lets no page load anything
/// from elsewhere.
pub(crate) async fn guard(request: Request, next: Next) -> Response {
    if request.method() != Method::GET && from_elsewhere(request.headers()) {
        return (StatusCode::FORBIDDEN, "Refused: this came from another site.").into_response();
    }
    let mut response = next.run(request).await;
    let policy = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'";
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// Whether a browser says that the request comes from a page of another origin. What is no browser says
/// nothing.
fn from_elsewhere(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let site = headers.get("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none");
    match text(header::ORIGIN) {
        None => site,
        Some(origin) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            site || host.is_none() || host != text(header::HOST)
        }
    }
}

/// A page that says something.
#[derive(Template)]
#[template(path = "notice.html")]
struct Notice {
    title: String,
    text: String,
    back: Option<String>,
}

fn notice(status: StatusCode, title: &str, text: &str, back: Option<String>) -> Response {
    (status, page(&Notice { title: title.into(), text: text.into(), back })).into_response()
}

fn page(template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => Html(html).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_of_another_site_is_known_by_its_origin() {
        let elsewhere = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            headers.insert("host", HeaderValue::from_static("127.0.0.1:5"));
            for (name, value) in pairs {
                headers.insert(*name, HeaderValue::from_static(value));
            }
            from_elsewhere(&headers)
        };
        assert!(!elsewhere(&[]));
        assert!(!elsewhere(&[("origin", "http://127.0.0.1:5"), ("sec-fetch-site", "same-origin")]));
        for origin in ["http://evil.example", "null", "http://127.0.0.1:6"] {
            assert!(elsewhere(&[("origin", origin)]), "{origin}");
        }
        assert!(elsewhere(&[("sec-fetch-site", "cross-site")]));
    }
}
