//! The names and attributes of our cookies (rule S1), and how they are read and taken away.

use axum::http::{HeaderMap, HeaderValue, header};

/// Which cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CookieName {
    /// The portal's session.
    Portal,
    /// The team's session.
    Team,
    /// A member who looks at the portal as a contact sees it.
    Preview,
    /// The browser that asked for a link.
    Pending,
    /// A browser that has signed in to the team's side before.
    Device,
    /// Where a browser that went to Stripe came from.
    Paying,
}

impl CookieName {
    /// The name as it travels. The `__Host-` prefix makes browsers refuse one that another host, a
    /// path or plain http has set; only on plain-http loopback addresses it has to go.
    #[must_use]
    pub const fn as_str(self, https: bool) -> &'static str {
        match (self, https) {
            (Self::Portal, true) => "__Host-postern_portal",
            (Self::Portal, false) => "postern_portal",
            (Self::Team, true) => "__Host-postern_team",
            (Self::Team, false) => "postern_team",
            (Self::Preview, true) => "__Host-postern_preview",
            (Self::Preview, false) => "postern_preview",
            (Self::Pending, true) => "__Host-postern_pending",
            (Self::Pending, false) => "postern_pending",
            (Self::Device, true) => "__Host-postern_device",
            (Self::Device, false) => "postern_device",
            (Self::Paying, true) => "__Host-postern_paying",
            (Self::Paying, false) => "postern_paying",
        }
    }
}

/// The value of one cookie. Where a name comes twice the first one counts, as RFC 6265 sorts them.
#[must_use]
pub fn read(headers: &HeaderMap, name: &str) -> Option<String> {
    pairs(headers).find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        (key == name).then(|| value.to_owned())
    })
}

/// Takes a cookie out of a request, so that no handler can see it.
pub fn remove(headers: &mut HeaderMap, name: &str) {
    if !pairs(headers).any(|pair| pair.split('=').next() == Some(name)) {
        return;
    }
    let rest: Vec<String> =
        pairs(headers).filter(|pair| pair.split('=').next() != Some(name)).map(str::to_owned).collect();
    headers.remove(header::COOKIE);
    if let (false, Ok(value)) = (rest.is_empty(), HeaderValue::from_str(&rest.join("; "))) {
        headers.insert(header::COOKIE, value);
    }
}

fn pairs(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .map(str::trim)
        .filter(|pair| !pair.is_empty())
}

/// A `Set-Cookie` header. `max_age` in seconds; 0 takes the cookie away.
#[must_use]
pub fn set(name: CookieName, value: &str, max_age: u64, https: bool) -> HeaderValue {
    let secure = if https { "; Secure" } else { "" };
    let name = name.as_str(https);
    let text = format!("{name}={value}; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Lax{secure}");
    // Our values are base64 and our names are constants.
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(cookies: &[&'static str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for cookie in cookies {
            headers.append(header::COOKIE, HeaderValue::from_static(cookie));
        }
        headers
    }

    #[test]
    fn one_cookie_is_read_among_others() {
        let headers = headers(&["a=1; postern_portal=x.y ; b=2", "c=3"]);
        assert_eq!(read(&headers, "postern_portal").as_deref(), Some("x.y"));
        assert_eq!(read(&headers, "c").as_deref(), Some("3"));
        assert_eq!(read(&headers, "portal"), None);
    }

    #[test]
    fn a_removed_cookie_leaves_no_trace_and_the_others_stay() {
        let mut headers = headers(&["a=1; postern_team=x; b=2", "postern_team=y"]);
        remove(&mut headers, "postern_team");
        assert_eq!(read(&headers, "postern_team"), None);
        assert_eq!(read(&headers, "b").as_deref(), Some("2"));
    }

    #[test]
    fn the_only_cookie_goes_with_its_header() {
        let mut headers = headers(&["postern_team=x"]);
        remove(&mut headers, "postern_portal");
        assert_eq!(read(&headers, "postern_team").as_deref(), Some("x"));
        remove(&mut headers, "postern_team");
        assert!(headers.is_empty(), "{headers:?}");
    }

    #[test]
    fn over_https_a_cookie_is_bound_to_its_host() {
        let set = set(CookieName::Portal, "v", 60, true);
        assert_eq!(
            set.to_str().unwrap(),
            "__Host-postern_portal=v; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure"
        );
    }
}
