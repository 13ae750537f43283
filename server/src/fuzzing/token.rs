//! Short texts in links and forms: tokens, codes, ids, e-mail addresses, where to go after the login, and to where webhooks
//! are sent.

use url::{Host, Url};

use crate::{
    auth::{
        api_token::ApiToken,
        share_link::ShareLinks,
        token::{Code, Token},
    },
    graphql::parse_document_id,
    http::fuzzing as http,
    id::InvoiceId,
    login::{Address, masked, safe_next},
    webhook::{Reach, Target, is_public},
};

/// The whole input is one text.
pub fn token(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    of_secrets(text);
    of_ids(text);
    of_address(text);
    for (next, root) in [(safe_next(text), "/portal/"), (http::safe_next_of_team(text), "/app/")] {
        if let Some(next) = next {
            of_path(text, next, root);
        }
    }
    of_target(text);
}

/// What is read has one form, and no other text stands for it.
fn of_secrets(text: &str) {
    let token = Token::parse(text);
    if let Some(token) = token {
        assert_eq!(token.to_text(), text);
    }
    assert_eq!(ShareLinks::hash_of(text), token.map(|token| token.hash()));
    if let Some(token) = ApiToken::parse(text) {
        assert!(token.as_str() == text && text.len() == 53 && text.starts_with("pst_"), "{text}");
    }
    if let Some(code) = Code::parse(text) {
        let written = code.to_text();
        assert!(written.len() == 9 && written.is_ascii(), "{written}");
        assert!(Code::parse(&written).is_some_and(|again| again == code), "{written}");
    }
}

fn of_ids(text: &str) {
    if let Ok(id) = text.parse::<InvoiceId>() {
        let written = id.to_string();
        assert!(written.len() == 36 && written.parse() == Ok(id), "{written}");
    }
    if let Some(hash) = parse_document_id(text) {
        assert_eq!(text, format!("sha256:{}", crate::auth::secret::hexadecimal(&hash)));
    }
}

/// An address has one form under which it is compared, and nothing in it that steers a mail.
fn of_address(text: &str) {
    let Ok(address) = Address::parse(text) else { return };
    let form = address.as_str();
    assert_eq!(Address::parse(form).as_ref(), Ok(&address), "one form");
    assert!(form.len() <= 254 && !form.chars().any(|c| c.is_control() || c.is_whitespace()), "{form:?}");
    assert!(!form.chars().any(|c| c.is_ascii_uppercase()), "{form}");
    let (_, domain) = form.rsplit_once('@').expect("an address has a domain");
    let is_name =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'_');
    assert!(domain.contains('.') && domain.bytes().all(is_name), "{domain:?}");
    assert!(form.parse::<lettre::Address>().is_ok(), "{form}");
    assert!(masked(form).ends_with(domain) && masked(form).chars().count() <= domain.len() + 3);
}

/// A browser that is sent there stays with us, on a page of that side.
fn of_path(text: &str, next: &str, root: &str) {
    assert_eq!(next, text);
    assert!(next.starts_with(root) && next.len() <= 512, "{next}");
    assert!(next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\'), "{next}");
    let here = Url::parse("https://pay.example.org/portal/login").expect("an address");
    let there = here.join(next).expect("a path");
    assert_eq!(there.origin(), here.origin(), "{next}");
    let page = next.split(['?', '#']).next().unwrap_or_default();
    assert_eq!(there.path(), page, "a browser reads it as it stands");
}

/// Nothing is sent to what is not public, as far as the address says so.
fn of_target(text: &str) {
    let Ok(target) = Target::parse(text, Reach::Public) else { return };
    let form = target.as_str();
    assert_eq!(Target::parse(form, Reach::Public).as_ref(), Ok(&target), "{form}");
    let url = Url::parse(form).expect("an address");
    assert!(url.scheme() == "https" && url.username().is_empty() && url.password().is_none(), "{form}");
    match url.host().expect("an address of the web has a host") {
        Host::Ipv4(ip) => {
            let within = ip.is_loopback() || ip.is_private() || ip.is_link_local() || ip.is_unspecified();
            assert!(is_public(ip.into()) && !within && !ip.is_broadcast() && !ip.is_multicast(), "{form}");
        }
        Host::Ipv6(ip) => {
            let within = ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local();
            assert!(is_public(ip.into()) && !within && !ip.is_unspecified() && !ip.is_multicast(), "{form}");
            assert!(ip.to_ipv4().is_none_or(|ip| is_public(ip.into())), "{form}");
        }
        Host::Domain(name) => {
            let name = name.trim_end_matches('.');
            assert!(name.parse::<std::net::IpAddr>().is_err() && name.contains('.'), "{form}");
            assert!(name != "localhost" && !name.ends_with(".localhost"), "{form}");
        }
    }
}
