//! Who sent a request, as far as the log and the mails tell: a browser in a few words and a network
//! address without its last part.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, header, request::Parts},
};

use super::limit::FloodLimit;
use crate::{error::Result, log, state::App, store::Origin};

/// Where a request came from.
#[derive(Debug, Clone)]
pub(super) struct Client {
    /// The network address, whole; never stored, never logged.
    pub(super) ip: IpAddr,
    /// What is stored and logged.
    pub(super) origin: Origin,
}

impl Client {
    /// Counts a request that is worth guarding against floods.
    ///
    /// # Errors
    /// [`Error::TooMany`](crate::error::Error::TooMany) when there were too many before it.
    pub(super) fn within(&self, limit: &FloodLimit) -> Result<()> {
        let allowed = limit.check(self.ip);
        if allowed.is_err() {
            log::refused("over the limit of a network", &self.origin);
        }
        allowed
    }
}

impl FromRequestParts<App> for Client {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let peer = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ConnectInfo(peer)| peer.ip().to_canonical());
        let ip = forwarded_for(&parts.headers, peer, &app.config.trusted_proxies);
        let browser = header(&parts.headers, header::USER_AGENT).map(browser).unwrap_or_default();
        Ok(Self { ip, origin: Origin { browser, ip_short: shorten(ip) } })
    }
}

fn header(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// The address of whoever is behind our own proxies: the last one in `X-Forwarded-For` that is not
/// itself a proxy of ours. What a stranger writes there is not believed, and so nothing is that stands
/// before an entry that cannot be read.
pub(super) fn forwarded_for(headers: &HeaderMap, peer: IpAddr, proxies: &[IpAddr]) -> IpAddr {
    let is_proxy = |ip: &IpAddr| ip.is_loopback() || proxies.contains(ip);
    if !is_proxy(&peer) {
        return peer;
    }
    headers
        .get_all("x-forwarded-for")
        .iter()
        .rev()
        .flat_map(|value| value.as_bytes().rsplit(|byte| *byte == b','))
        .map_while(hop)
        .find(|ip| !is_proxy(ip))
        .unwrap_or(peer)
}

/// An address as proxies write it: alone or with a port, and that of IPv6 in brackets or without.
fn hop(entry: &[u8]) -> Option<IpAddr> {
    let entry = std::str::from_utf8(entry).ok()?.trim();
    let in_brackets = || entry.strip_prefix('[')?.strip_suffix(']')?.parse::<Ipv6Addr>().ok();
    let ip = (entry.parse::<IpAddr>().ok())
        .or_else(|| entry.parse::<SocketAddr>().ok().map(|address| address.ip()))
        .or_else(|| in_brackets().map(IpAddr::from))?;
    Some(ip.to_canonical())
}

/// The network without the person: /24 of IPv4, /48 of IPv6.
pub(crate) fn shorten(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(ip) => {
            let [a, b, c, _] = ip.octets();
            format!("{a}.{b}.{c}.x")
        }
        IpAddr::V6(ip) => {
            let [a, b, c, ..] = ip.segments();
            format!("{}/48", Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
        }
    }
}

/// A browser in a few words. The order matters: most browsers claim to be others as well.
pub(super) fn browser(user_agent: &str) -> String {
    const BROWSERS: [(&str, &str); 8] = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 6] = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "Mac"),
        ("Linux", "Linux"),
    ];
    let find = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn the_address_behind_our_own_proxy_is_believed_and_no_other() {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_static("6.6.6.6, 203.0.113.9, 10.0.0.2"));
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let proxies = [ip("10.0.0.2")];
        assert_eq!(forwarded_for(&headers, ip("127.0.0.1"), &proxies), ip("203.0.113.9"));
        assert_eq!(forwarded_for(&headers, ip("10.0.0.2"), &proxies), ip("203.0.113.9"));
        assert_eq!(forwarded_for(&headers, ip("198.51.100.7"), &proxies), ip("198.51.100.7"));
        assert_eq!(forwarded_for(&HeaderMap::new(), ip("127.0.0.1"), &proxies), ip("127.0.0.1"));
    }

    /// The address that these lines of `X-Forwarded-For` come to, behind the proxies 127.0.0.1 and 10.0.0.2.
    fn behind_a_proxy(lines: &[&[u8]]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", HeaderValue::from_bytes(line).unwrap());
        }
        forwarded_for(&headers, Ipv4Addr::LOCALHOST.into(), &["10.0.0.2".parse().unwrap()]).to_string()
    }

    #[test]
    fn an_address_is_read_in_every_form_in_which_proxies_write_it() {
        for (entry, ip) in [
            ("203.0.113.9", "203.0.113.9"),
            ("203.0.113.9:51234", "203.0.113.9"),
            ("2001:db8:7:8::9", "2001:db8:7:8::9"),
            ("[2001:db8:7:8::9]", "2001:db8:7:8::9"),
            ("[2001:db8:7:8::9]:51234", "2001:db8:7:8::9"),
            ("::ffff:203.0.113.9", "203.0.113.9"),
            ("[::ffff:203.0.113.9]:51234", "203.0.113.9"),
        ] {
            for line in
                [entry.to_owned(), format!("6.6.6.6, {entry}"), format!("6.6.6.6,{entry} ,10.0.0.2:443")]
            {
                assert_eq!(behind_a_proxy(&[line.as_bytes()]), ip, "{line}");
            }
            assert_eq!(behind_a_proxy(&[b"6.6.6.6", entry.as_bytes()]), ip, "{entry} on a line of its own");
            assert_eq!(
                behind_a_proxy(&[b"6.6.6.6", entry.as_bytes(), b"10.0.0.2"]),
                ip,
                "{entry} on the middle line"
            );
        }
    }

    #[test]
    fn nothing_before_an_entry_that_cannot_be_read_is_believed() {
        for entry in [
            "garbage",
            "unknown",
            "",
            "203.0.113.9:",
            "203.0.113.9:99999",
            "[203.0.113.9]",
            "[2001:db8::9",
            "\u{fc}",
        ] {
            assert_eq!(behind_a_proxy(&[format!("6.6.6.6, {entry}").as_bytes()]), "127.0.0.1", "{entry}");
            assert_eq!(
                behind_a_proxy(&[b"6.6.6.6", entry.as_bytes()]),
                "127.0.0.1",
                "{entry} on a line of its own"
            );
            let behind_two = format!("6.6.6.6, {entry}, 10.0.0.2");
            assert_eq!(behind_a_proxy(&[behind_two.as_bytes()]), "127.0.0.1", "{entry} behind two proxies");
            let after = format!("{entry}, 203.0.113.9");
            assert_eq!(behind_a_proxy(&[after.as_bytes()]), "203.0.113.9", "{entry} of a stranger");
        }
        assert_eq!(behind_a_proxy(&[b"6.6.6.6, \xff"]), "127.0.0.1");
        assert_eq!(behind_a_proxy(&[b"\xff, 203.0.113.9"]), "203.0.113.9");
        assert_eq!(behind_a_proxy(&[b"\xff", b"203.0.113.9"]), "203.0.113.9");
    }

    #[test]
    fn an_address_is_shortened_before_it_is_kept() {
        assert_eq!(shorten("203.0.113.9".parse().unwrap()), "203.0.113.x");
        assert_eq!(shorten("2001:db8:7:8::9".parse().unwrap()), "2001:db8:7::/48");
    }

    #[test]
    fn browsers_are_told_in_a_few_words() {
        for (user_agent, words) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1",
                "Safari on iPhone",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0 Safari/537.36 Edg/150.0",
                "Edge on Windows",
            ),
            ("curl/8.5.0", ""),
            ("<script>alert(1)</script>", ""),
        ] {
            assert_eq!(browser(user_agent), words);
        }
    }
}
