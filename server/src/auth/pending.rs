//! The short-lived cookie of the browser that asked for a link (rules L5, L5a). It says nothing
//! about who asked; it only tells this browser from every other one.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};

use super::secret::{Purpose, Secrets, sha256};

/// A browser that has the login page open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pending {
    id: [u8; 16],
    expires_at: i64,
}

/// How long the cookie lives: the longest life of a link, twice, so that a link asked for at the
/// end of the cookie's life still finds it.
pub const LIFETIME: TimeDelta = TimeDelta::minutes(30);

impl Pending {
    /// A browser that was not here before.
    #[must_use]
    pub fn new(now: DateTime<Utc>) -> Self {
        Self { id: crate::random::bytes(), expires_at: (now + LIFETIME).timestamp() }
    }

    /// Reads a cookie that we signed and that has not expired.
    #[must_use]
    pub fn verify(secrets: &Secrets, cookie: &str, now: DateTime<Utc>) -> Option<Self> {
        let (body, signature) = cookie.split_once('.')?;
        let body: [u8; 24] = URL_SAFE_NO_PAD.decode(body).ok()?.try_into().ok()?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        if !secrets.verify(Purpose::Pending, &body, &signature) {
            return None;
        }
        let (id, expires_at) = body.split_at(16);
        let pending =
            Self { id: id.try_into().ok()?, expires_at: i64::from_be_bytes(expires_at.try_into().ok()?) };
        (pending.expires_at > now.timestamp()).then_some(pending)
    }

    /// The cookie's value.
    #[must_use]
    pub fn sign(&self, secrets: &Secrets) -> String {
        let mut body = [0; 24];
        body[..16].copy_from_slice(&self.id);
        body[16..].copy_from_slice(&self.expires_at.to_be_bytes());
        let signature = secrets.sign(Purpose::Pending, &body);
        format!("{}.{}", URL_SAFE_NO_PAD.encode(body), URL_SAFE_NO_PAD.encode(signature))
    }

    /// What is stored of it beside a request. It stays the same when the cookie is renewed.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        sha256(&self.id)
    }

    /// The same browser, with its full time before it again.
    #[must_use]
    pub fn renewed(&self, now: DateTime<Utc>) -> Self {
        Self { id: self.id, expires_at: (now + LIFETIME).timestamp() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_until_it_expires_and_only_if_we_signed_it() {
        let secrets = Secrets::random();
        let now = "2026-03-01T12:00:00Z".parse().unwrap();
        let cookie = Pending::new(now).sign(&secrets);
        assert!(Pending::verify(&secrets, &cookie, now).is_some());
        assert!(Pending::verify(&secrets, &cookie, now + LIFETIME).is_none());
        assert!(Pending::verify(&Secrets::random(), &cookie, now).is_none());
        assert!(Pending::verify(&secrets, &cookie[1..], now).is_none());
    }

    #[test]
    fn a_renewed_one_is_the_same_browser() {
        let now = "2026-03-01T12:00:00Z".parse().unwrap();
        let pending = Pending::new(now);
        let later = now + TimeDelta::minutes(5);
        assert_eq!(pending.renewed(later).expires_at, (later + LIFETIME).timestamp());
        assert_eq!(pending.hash(), pending.renewed(now + TimeDelta::minutes(5)).hash());
        assert_ne!(pending.hash(), Pending::new(now).hash());
    }
}
