//! What holds for every request and every response: headers, where a write may come from, which
//! cookies a side may see, under which name we are reached.

use axum::{
    body::Bytes,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, header},
    middleware::Next,
    response::{Redirect, Response},
};
use url::Url;

use crate::{
    auth::cookie::{self, CookieName},
    config::{PublicUrl, StripeConfig},
    state::App,
};

/// No inline script, no inline style, nothing from elsewhere. WebAssembly must be compiled.
pub(super) const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

/// The policy of the explorer's page. Its editor makes style sheets while it runs, which carry the nonce, and places
/// lines by style attributes, which cannot; its workers and fonts are ours.
pub(super) fn explorer_policy(nonce: &str) -> HeaderValue {
    let policy = format!(
        "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self' 'nonce-{nonce}'; \
         style-src-attr 'unsafe-inline'; font-src data:; img-src 'self' data:; connect-src 'self'; base-uri 'none'; \
         frame-ancestors 'none'; form-action 'self'"
    );
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static(CONTENT_SECURITY_POLICY))
}

/// Where forms lead besides, where one can pay online: Chromium holds the redirect that answers a form to what the
/// form itself may do.
const AT_STRIPE: &str = " https://checkout.stripe.com https://connect.stripe.com";

/// The policy of every page, made once. Whoever set another address for Stripe has its pages there.
pub(crate) fn content_security_policy(stripe: Option<&StripeConfig>) -> HeaderValue {
    let Some(stripe) = stripe else { return HeaderValue::from_static(CONTENT_SECURITY_POLICY) };
    let elsewhere = stripe.api_url.as_ref().and_then(|url| Url::parse(url).ok());
    let elsewhere =
        elsewhere.map(|url| format!(" {}", url.origin().ascii_serialization())).unwrap_or_default();
    HeaderValue::from_maybe_shared(Bytes::from(format!("{CONTENT_SECURITY_POLICY}{AT_STRIPE}{elsewhere}")))
        .unwrap_or(HeaderValue::from_static(CONTENT_SECURITY_POLICY))
}

/// Headers that every response carries, unless its handler has said otherwise.
const HEADERS: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    // `no-referrer` would make browsers send `Origin: null` with forms.
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
];

/// Adds them to a response.
pub(super) fn add_headers(headers: &mut HeaderMap, public_url: &PublicUrl, policy: &HeaderValue) {
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert_with(|| policy.clone());
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if public_url.is_https() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=63072000"));
    }
}

/// A write comes from a page of ours or from no page at all (rule S5).
pub(super) fn may_pass(request: &Request, public_url: &PublicUrl) -> bool {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    safe || may_write(request.headers(), public_url)
}

/// `Origin` must be ours and `Sec-Fetch-Site` must say the same, as far as they are there. A request
/// with neither is no browser's, unless it has a cookie: then it is refused.
fn may_write(headers: &HeaderMap, public_url: &PublicUrl) -> bool {
    let origin = headers.get(header::ORIGIN).map(HeaderValue::as_bytes);
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    match (origin, site) {
        (None, None) => !headers.contains_key(header::COOKIE),
        (origin, site) => {
            origin.is_none_or(|origin| origin == public_url.origin().as_bytes())
                && site.is_none_or(|site| site == b"same-origin")
        }
    }
}

/// The portal never sees a cookie of the team's (rule S1).
pub(super) async fn hide_team_cookies(State(app): State<App>, mut request: Request, next: Next) -> Response {
    for name in [CookieName::Team, CookieName::Device] {
        cookie::remove(request.headers_mut(), name.as_str(app.config.public_url.is_https()));
    }
    next.run(request).await
}

/// The team never sees a portal cookie, nor that of a browser that asked for a link (rule S1).
pub(super) async fn hide_portal_cookies(
    State(app): State<App>,
    mut request: Request,
    next: Next,
) -> Response {
    for name in [CookieName::Portal, CookieName::Preview, CookieName::Pending] {
        cookie::remove(request.headers_mut(), name.as_str(app.config.public_url.is_https()));
    }
    next.run(request).await
}

/// Served on a loopback address, we go by several names (`localhost`, `127.0.0.1`), and a cookie or
/// a mailed link of one is lost on the other: whoever comes by another name is sent to ours.
pub(super) fn to_our_name(request: &Request, public_url: &PublicUrl) -> Option<Redirect> {
    if !public_url.is_loopback() || *request.method() != Method::GET {
        return None;
    }
    let host = request.headers().get(header::HOST)?.to_str().ok()?;
    if host == public_url.authority() || !is_loopback_name(host) {
        return None;
    }
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    Some(Redirect::temporary(&public_url.link(path)))
}

fn is_loopback_name(host: &str) -> bool {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_lead_to_stripe_where_one_can_pay_and_nowhere_else() {
        let policy = |stripe: Option<&str>| {
            let stripe = stripe.map(|url| StripeConfig {
                secret_key: String::new(),
                webhook_secrets: vec![],
                api_url: (!url.is_empty()).then(|| url.to_owned()),
            });
            let policy = content_security_policy(stripe.as_ref());
            let policy = policy.to_str().unwrap();
            assert!(policy.starts_with(CONTENT_SECURITY_POLICY), "nothing else changes: {policy}");
            policy.rsplit_once("form-action ").unwrap().1.to_owned()
        };
        let stripe = "'self' https://checkout.stripe.com https://connect.stripe.com";
        assert_eq!(policy(None), "'self'");
        assert_eq!(policy(Some("")), stripe);
        assert_eq!(policy(Some("http://127.0.0.1:3001/v1")), format!("{stripe} http://127.0.0.1:3001"));
    }

    fn write_with(headers: &[(&'static str, &'static str)]) -> bool {
        let map: HeaderMap = headers
            .iter()
            .map(|(name, value)| (header::HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        may_write(&map, &"https://pay.example.org".parse().unwrap())
    }

    #[test]
    fn a_write_comes_from_us_or_from_no_browser() {
        assert!(write_with(&[("origin", "https://pay.example.org"), ("sec-fetch-site", "same-origin")]));
        assert!(write_with(&[("origin", "https://pay.example.org"), ("cookie", "a=b")]));
        assert!(write_with(&[("sec-fetch-site", "same-origin"), ("cookie", "a=b")]));
        assert!(write_with(&[]));
    }

    #[test]
    fn a_write_from_elsewhere_is_refused() {
        for headers in [
            &[("origin", "https://evil.example")][..],
            &[("origin", "null")],
            &[("origin", "http://pay.example.org")],
            &[("origin", "https://pay.example.org.evil.example")],
            &[("origin", "https://pay.example.org"), ("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "none")],
            &[("cookie", "a=b")],
        ] {
            assert!(!write_with(headers), "{headers:?}");
        }
    }
}
