//! To where a message may be sent. What an org types must not make this server talk to itself, to its neighbours or to
//! its cloud's metadata service (server-side request forgery): names are looked up, and the addresses that are
//! connected to are the ones that were looked at.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// How far messages may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// To public addresses, by https.
    Public,
    /// Anywhere, by http as well: the operator has allowed it.
    Anywhere,
}

impl std::str::FromStr for Reach {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        match word {
            "public" => Ok(Self::Public),
            "any" => Ok(Self::Anywhere),
            _ => Err(()),
        }
    }
}

/// Why nothing can be sent to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TargetProblem {
    /// It is no address of the web.
    #[error("no https address")]
    NoUrl,
    /// It carries a name and a password, which would be in every log.
    #[error("an address with a name or a password")]
    Credentials,
    /// It names an address that is not public.
    #[error("not a public address")]
    NotPublic,
}

/// An address to which messages may be sent, as far as can be told before its name is looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target(Url);

/// The longest address, in bytes.
const LONGEST: usize = 2_000;

impl Target {
    /// Reads an address.
    ///
    /// # Errors
    /// Why nothing can be sent there.
    pub fn parse(text: &str, reach: Reach) -> Result<Self, TargetProblem> {
        let url = Url::parse(text.trim()).map_err(|_| TargetProblem::NoUrl)?;
        let is_web = url.scheme() == "https" || reach == Reach::Anywhere && url.scheme() == "http";
        if !is_web || url.as_str().len() > LONGEST {
            return Err(TargetProblem::NoUrl);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(TargetProblem::Credentials);
        }
        // An address of numbers is never looked up, so it is looked at here. `Url` has read it as a browser does:
        // 0x7f.1 and 2130706433 are 127.0.0.1.
        let is_public = match url.host() {
            Some(Host::Ipv4(ip)) => is_public(ip.into()),
            Some(Host::Ipv6(ip)) => is_public(ip.into()),
            Some(Host::Domain(name)) => {
                let name = name.trim_end_matches('.');
                name.contains('.') && !name.ends_with(".localhost")
            }
            None => return Err(TargetProblem::NoUrl),
        };
        if !is_public && reach == Reach::Public {
            return Err(TargetProblem::NotPublic);
        }
        Ok(Self(url))
    }

    /// The whole address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// What of an address everybody in the org may read: scheme, host and port. The rest is often all that keeps others
/// from posting there (`/services/T…`, `?token=…`). Nothing is left of what is no address of the web.
#[must_use]
pub fn whereabouts(address: &str) -> String {
    match Url::parse(address) {
        Ok(url) if matches!(url.scheme(), "https" | "http") => url.origin().ascii_serialization(),
        _ => String::new(),
    }
}

/// Whether an address belongs to the public internet: none of those that IANA lists as not globally reachable
/// (RFC 6890), nor one that leads to such an address by way of a translator.
#[must_use]
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    !(a == 0
        || ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || ip.is_multicast()
        // Shared by providers (RFC 6598).
        || a == 100 && (64..128).contains(&b)
        // Protocol assignments (RFC 6890), and the relays of 6to4 (RFC 7526).
        || (a, b, c) == (192, 0, 0)
        || (a, b, c) == (192, 88, 99)
        // Benchmarks (RFC 2544).
        || a == 198 && (b == 18 || b == 19)
        // Reserved, and the broadcast.
        || a >= 240)
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let segments = ip.segments();
    let embedded = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match segments {
        // Mapped and translated addresses of IPv4 (RFC 4291, RFC 6052), and 6to4 (RFC 3056).
        [0, 0, 0, 0, 0, 0xffff, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => embedded(high, low),
        // Teredo and other protocol assignments (RFC 4380), ORCHID, documentation.
        [0x2001, second, ..] if second < 0x0200 || second == 0x0db8 => false,
        [0x3fff, second, ..] if second < 0x1000 => false,
        // What is global is 2000::/3 and nothing else by now.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_address_within_is_public() {
        for ip in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.9.9.9",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.9.9",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.1.1.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::7f00:1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "ff02::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:a00:1::",
            "3fff::1",
            "100::1",
            "5f00::1",
        ] {
            assert!(!is_public(ip.parse().unwrap()), "{ip}");
        }
        for ip in [
            "1.1.1.1",
            "100.63.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "223.255.255.255",
            "::ffff:1.1.1.1",
            "64:ff9b::101:101",
            "2606:4700::1111",
            "2002:101:101::1",
        ] {
            assert!(is_public(ip.parse().unwrap()), "{ip}");
        }
    }

    #[test]
    fn what_everybody_may_read_of_an_address_has_no_secret() {
        for (whole, shown) in [
            ("https://hooks.slack.com/services/T0/B0/secret", "https://hooks.slack.com"),
            ("https://example.org:8443/hook?token=secret#secret", "https://example.org:8443"),
            ("https://secret:secret@example.org/", "https://example.org"),
            ("http://[::1]:9/secret", "http://[::1]:9"),
            ("https://example.org", "https://example.org"),
            ("data:text/plain,secret", ""),
            ("secret", ""),
            ("", ""),
        ] {
            assert_eq!(whereabouts(whole), shown, "{whole}");
            assert_eq!(whereabouts(&whereabouts(whole)), shown, "{whole}");
        }
    }

    #[test]
    fn an_address_that_leads_within_is_refused_however_it_is_written() {
        use TargetProblem::{Credentials, NoUrl, NotPublic};
        for (text, problem) in [
            ("", NoUrl),
            ("example.org", NoUrl),
            ("http://example.org/hook", NoUrl),
            ("ftp://example.org", NoUrl),
            ("file:///etc/passwd", NoUrl),
            ("gopher://127.0.0.1", NoUrl),
            ("https://user:secret@example.org", Credentials),
            ("https://user@example.org", Credentials),
            ("https://127.0.0.1/", NotPublic),
            ("https://127.1/", NotPublic),
            ("https://0x7f.1/", NotPublic),
            ("https://2130706433/", NotPublic),
            ("https://0177.0.0.1/", NotPublic),
            ("https://[::1]/", NotPublic),
            ("https://[::ffff:169.254.169.254]/", NotPublic),
            ("https://localhost/", NotPublic),
            ("https://intranet/", NotPublic),
            ("https://a.localhost./", NotPublic),
        ] {
            assert_eq!(Target::parse(text, Reach::Public), Err(problem), "{text}");
        }
        for text in [
            "https://example.org/hook?a=b",
            "https://example.org:8443",
            "https://1.1.1.1/",
            " https://example.org/ ",
        ] {
            assert!(Target::parse(text, Reach::Public).is_ok(), "{text}");
        }
        assert!(Target::parse("http://127.0.0.1:9/hook", Reach::Anywhere).is_ok());
        assert!(Target::parse("ftp://127.0.0.1", Reach::Anywhere).is_err());
    }
}
