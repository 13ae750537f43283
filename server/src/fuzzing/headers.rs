//! The headers of a request: cookies of both sides with their signatures, where it came from, which page sent it, who asks,
//! and in which form it wants its answer.

use std::net::IpAddr;

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, Request, header},
};
use chrono::{DateTime, Utc};

use crate::{
    account::Device,
    auth::{
        api_token::ApiToken,
        cookie::{self, CookieName},
        pending::Pending,
        secret::Secrets,
        session::{self, Side},
    },
    config::PublicUrl,
    http::fuzzing as http,
};

const NEW: &str = "the newer secret of the portal that is long";
const OLD: &str = "the older secret of the portal that is long";
const TEAM: &str = "the secret of the team's side that is long";
const NOW: i64 = 1_790_000_000;
const NAMES: [CookieName; 6] = [
    CookieName::Portal,
    CookieName::Team,
    CookieName::Preview,
    CookieName::Pending,
    CookieName::Device,
    CookieName::Paying,
];

/// Each line is a header.
pub fn headers(input: &[u8]) {
    let headers: HeaderMap = input.split(|byte| *byte == b'\n').filter_map(header_of).collect();
    for https in [true, false] {
        for name in NAMES {
            of_cookie(&headers, name.as_str(https));
        }
    }
    of_origin(&headers);
    of_address(&headers);
    of_program(&headers);
}

fn header_of(line: &[u8]) -> Option<(HeaderName, HeaderValue)> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let (name, value) = line.split_at(colon);
    let name = HeaderName::from_bytes(name).ok()?;
    Some((name, HeaderValue::from_bytes(value.get(1..)?.trim_ascii()).ok()?))
}

/// What is taken away is gone, and nothing else is. What opens a door was signed by us, for this side and this purpose, and
/// has no second form.
fn of_cookie(headers: &HeaderMap, name: &str) {
    let mut without = headers.clone();
    cookie::remove(&mut without, name);
    assert_eq!(cookie::read(&without, name), None, "{name} was removed");
    for other in NAMES.into_iter().flat_map(|other| [other.as_str(true), other.as_str(false)]) {
        if other != name {
            assert_eq!(cookie::read(&without, other), cookie::read(headers, other), "without {name}");
        }
    }
    let Some(value) = cookie::read(headers, name) else { return };
    let secrets = |text: &str| text.parse::<Secrets>().expect("these secrets are long enough");
    let (portal, team) = (secrets(&format!("{NEW},{OLD}")), secrets(TEAM));
    let made = |each: &[&str], sign: &dyn Fn(&Secrets) -> String| {
        assert!(each.iter().any(|secret| sign(&secrets(secret)) == value), "{name}: nobody signed {value}");
    };
    for (all, each) in [(&portal, &[NEW, OLD][..]), (&team, &[TEAM][..])] {
        let mut opens = 0;
        for side in [Side::Portal, Side::Team, Side::Preview] {
            if let Some(token) = session::verify(all, side, &value) {
                made(each, &|secret| session::sign(secret, side, token));
                opens += 1;
            }
        }
        if let Some(device) = Device::verify(all, &value) {
            made(each, &|secret| device.sign(secret));
            opens += 1;
        }
        let now = DateTime::<Utc>::from_timestamp(NOW, 0).unwrap_or_default();
        if let Some(pending) = Pending::verify(all, &value, now) {
            made(each, &|secret| pending.sign(secret));
            assert_eq!(pending.renewed(now).hash(), pending.hash());
            opens += 1;
        }
        assert!(opens <= 1, "{value} is worth something for {opens} purposes");
    }
}

/// A write comes from a page of ours, or from no browser.
fn of_origin(headers: &HeaderMap) {
    let public: PublicUrl = "https://pay.example.org".parse().expect("an address");
    if http::may_write(headers, &public) {
        let all = |name: &str| headers.get_all(name).iter().map(HeaderValue::as_bytes).collect::<Vec<_>>();
        let (origin, site) = (all("origin"), all("sec-fetch-site"));
        assert!(origin.first().is_none_or(|origin| *origin == b"https://pay.example.org"), "{origin:?}");
        assert!(site.first().is_none_or(|site| *site == b"same-origin"), "{site:?}");
        assert!(!(origin.is_empty() && site.is_empty() && headers.contains_key(header::COOKIE)));
    }
    let own: PublicUrl = "http://127.0.0.1:3000".parse().expect("an address");
    let mut request = Request::new(Body::empty());
    *request.headers_mut() = headers.clone();
    if let Some(to) = http::to_our_name(&request, &own) {
        assert_eq!(to, "http://127.0.0.1:3000/");
    }
}

/// What somebody writes there is believed from a proxy of ours alone, and is kept without its last part.
fn of_address(headers: &HeaderMap) {
    let ip = |text: &str| text.parse::<IpAddr>().expect("an address");
    let (stranger, proxy, proxies) = (ip("198.51.100.7"), ip("10.0.0.2"), [ip("10.0.0.2")]);
    let (from, browser) = http::origin(headers, stranger, &proxies);
    assert_eq!(from, stranger);
    assert!(browser.len() <= 32 && browser.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b' '));
    let (from, _) = http::origin(headers, proxy, &proxies);
    assert!(from == proxy || !from.is_loopback() && !proxies.contains(&from), "{from}");
    let kept = http::shorten(from);
    assert!(["x", "48"].contains(&kept.rsplit(['.', '/']).next().unwrap_or_default()), "{kept}");
}

/// What a program says of itself and of what it wants.
fn of_program(headers: &HeaderMap) {
    let said = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(token) = ApiToken::of(headers) {
        let bearer = said(header::AUTHORIZATION).unwrap_or_default();
        assert!(bearer.ends_with(token.as_str()) && token.as_str().starts_with("pst_"), "{bearer}");
    }
    if http::is_json(headers) {
        let media = said(header::CONTENT_TYPE).unwrap_or_default().trim_start().to_ascii_lowercase();
        assert!(media.starts_with("application/json"), "{media}");
    }
    if !http::takes_an_answer(headers) {
        assert!(headers.contains_key(header::ACCEPT), "whoever asks for nothing takes anything");
    }
    if let Some(key) = http::idempotency_key(headers) {
        assert!((1..=255).contains(&key.len()) && !key.contains(['\r', '\n', '\0']), "{key:?}");
    }
}
