//! Under which address visitors reach the portal.

use std::{fmt, str::FromStr};

use url::{Host, Url};

/// The origin under which visitors reach the portal: a scheme and a host, no path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    origin: String,
    authority: String,
    https: bool,
    loopback: bool,
}

impl PublicUrl {
    /// What stands here until the variable has been read.
    pub(super) const fn unset() -> Self {
        Self { origin: String::new(), authority: String::new(), https: false, loopback: true }
    }

    /// `https://pay.example.org`, as browsers write it in `Origin`.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Host and port as browsers write them in `Host`.
    #[must_use]
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// Whether cookies are `Secure` and carry the `__Host-` prefix.
    #[must_use]
    pub const fn is_https(&self) -> bool {
        self.https
    }

    /// Whether only this machine can reach it.
    #[must_use]
    pub const fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// An absolute link.
    #[must_use]
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }
}

impl FromStr for PublicUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WANTED: &str = "must be an address such as https://pay.example.org, without a path";
        let url = Url::parse(text).map_err(|_| WANTED)?;
        let host = url.host().ok_or(WANTED)?;
        let loopback = match &host {
            Host::Domain(name) => *name == "localhost",
            Host::Ipv4(ip) => ip.is_loopback(),
            Host::Ipv6(ip) => ip.is_loopback(),
        };
        if url.path() != "/"
            || url.query().is_some()
            || url.fragment().is_some()
            || !url.username().is_empty()
        {
            return Err(WANTED);
        }
        let https = match url.scheme() {
            "https" => true,
            "http" if loopback => false,
            _ => return Err("must begin with https:// (http:// is taken only for a loopback address)"),
        };
        let authority = url.port().map_or_else(|| host.to_string(), |port| format!("{host}:{port}"));
        Ok(Self { origin: url.origin().ascii_serialization(), authority, https, loopback })
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin)
    }
}
