//! What holds for every request and every response: headers, where a write may come from, which
//! cookies a side may see, under which name we are reached.

use app::render::Nonce;
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

/// What is no page loads nothing, and nothing frames it.
const FILE_POLICY: &str = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'";

/// Where forms lead besides, where one can pay online: Chromium holds the redirect that answers a form to what the
/// form itself may do.
const AT_STRIPE: &str = " https://checkout.stripe.com https://connect.stripe.com";

/// The policy of every page: no inline script, no inline style, nothing from elsewhere, and of what is ours only what
/// carries the nonce of its answer. A file of ours that was never meant to be a script is none, whoever gets a tag into a
/// page. WebAssembly must be compiled.
#[derive(Debug, Clone)]
pub(crate) struct PagePolicy {
    /// Where forms lead besides ourselves.
    form_action: String,
}

impl PagePolicy {
    /// Whoever set another address for Stripe has its pages there.
    pub(crate) fn new(stripe: Option<&StripeConfig>) -> Self {
        let Some(stripe) = stripe else { return Self { form_action: String::new() } };
        let elsewhere = stripe.api_url.as_ref().and_then(|url| Url::parse(url).ok());
        let elsewhere =
            elsewhere.map(|url| format!(" {}", url.origin().ascii_serialization())).unwrap_or_default();
        Self { form_action: format!("{AT_STRIPE}{elsewhere}") }
    }

    /// The policy of one answer.
    pub(super) fn text(&self, Nonce(nonce): &Nonce) -> String {
        let Self { form_action } = self;
        format!(
            "default-src 'none'; script-src 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'nonce-{nonce}'; \
             img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; \
             form-action 'self'{form_action}"
        )
    }
}

/// The policy of the explorer's page. Its editor makes style sheets while it runs, which carry the nonce, and places
/// lines by style attributes, which cannot; its workers and fonts are ours.
pub(super) fn explorer_policy(nonce: Option<&Nonce>) -> HeaderValue {
    let nonce = nonce.map(|Nonce(nonce)| nonce.as_str()).unwrap_or_default();
    header_value(format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'wasm-unsafe-eval'; worker-src 'self'; \
         style-src 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'; font-src data:; img-src 'self' data:; \
         connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    ))
}

/// A policy as a header; nothing at all is allowed where it could not be one.
pub(super) fn header_value(policy: String) -> HeaderValue {
    HeaderValue::from_maybe_shared(Bytes::from(policy)).unwrap_or(HeaderValue::from_static(FILE_POLICY))
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
pub(super) fn add_headers(
    headers: &mut HeaderMap,
    public_url: &PublicUrl,
    policy: &PagePolicy,
    nonce: &Nonce,
) {
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    let is_page =
        headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert_with(|| {
        if is_page { header_value(policy.text(nonce)) } else { HeaderValue::from_static(FILE_POLICY) }
    });
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
pub(super) fn may_write(headers: &HeaderMap, public_url: &PublicUrl) -> bool {
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
            let policy = PagePolicy::new(stripe.as_ref()).text(&Nonce("n".to_owned()));
            let (rest, forms) = policy.rsplit_once("form-action ").unwrap();
            assert!(rest.contains("script-src 'nonce-n' 'wasm-unsafe-eval'; style-src 'nonce-n';"), "{rest}");
            forms.to_owned()
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
