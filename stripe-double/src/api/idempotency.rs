//! Idempotency keys (<https://docs.stripe.com/api/idempotent_requests>): a request that is sent again is
//! answered as it was, and not carried out again.

use std::collections::HashMap;

use serde_json::Value;

use crate::error::ApiError;

/// How long a key is remembered.
const LIFE: i64 = 24 * 60 * 60;

/// An answer that is remembered.
#[derive(Debug, Clone)]
pub(crate) struct Saved {
    pub(crate) request: String,
    pub(crate) status: u16,
    pub(crate) body: Value,
}

#[derive(Debug)]
struct Entry {
    fingerprint: String,
    at: i64,
    /// `None` while the first request is under way.
    saved: Option<Saved>,
}

/// What a key says of a request.
#[derive(Debug)]
pub(crate) enum Claim {
    First,
    Replay(Saved),
    Refused(ApiError),
}

/// The keys of each account; those of one are no keys of another.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    entries: HashMap<(String, String), Entry>,
}

impl Keys {
    /// Asks for a key; who is first must say how it ended, by [`Keys::finish`].
    pub(crate) fn claim(&mut self, account: &str, key: &str, fingerprint: &str, now: i64) -> Claim {
        let place = (account.to_owned(), key.to_owned());
        if self.entries.get(&place).is_some_and(|entry| now - entry.at >= LIFE) {
            self.entries.remove(&place);
        }
        match self.entries.get(&place) {
            Some(entry) if entry.fingerprint != fingerprint => Claim::Refused(ApiError::idempotency(
                400,
                None,
                format!(
                    "Keys for idempotent requests can only be used with the same parameters they were first \
                     used with. Try using a key other than '{key}' if you meant to execute a different request."
                ),
            )),
            Some(Entry { saved: None, .. }) => Claim::Refused(ApiError::idempotency(
                409,
                Some("idempotency_key_in_use"),
                format!("There is currently another in-progress request using this Idempotent Key: {key}"),
            )),
            Some(Entry { saved: Some(saved), .. }) => Claim::Replay(saved.clone()),
            None => {
                let entry = Entry { fingerprint: fingerprint.to_owned(), at: now, saved: None };
                self.entries.insert(place, entry);
                Claim::First
            }
        }
    }

    /// Remembers how the first request ended, or forgets the key where it did not begin.
    pub(crate) fn finish(&mut self, account: &str, key: &str, saved: Option<Saved>) {
        let place = (account.to_owned(), key.to_owned());
        if saved.is_none() {
            self.entries.remove(&place);
        } else if let Some(entry) = self.entries.get_mut(&place) {
            entry.saved = saved;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saved() -> Saved {
        Saved { request: "req_1".into(), status: 500, body: Value::Null }
    }

    #[test]
    fn a_key_goes_its_way() {
        let mut keys = Keys::default();
        assert!(matches!(keys.claim("a", "k", "x", 0), Claim::First));
        assert!(matches!(keys.claim("a", "k", "x", 0), Claim::Refused(e) if e.status == 409));
        assert!(matches!(keys.claim("b", "k", "y", 0), Claim::First), "another account's key is another key");
        keys.finish("a", "k", Some(saved()));
        assert!(matches!(keys.claim("a", "k", "x", LIFE - 1), Claim::Replay(s) if s.status == 500));
        let Claim::Refused(error) = keys.claim("a", "k", "y", 1) else { panic!("other parameters") };
        assert_eq!((error.status, error.kind), (400, "idempotency_error"));
        assert!(matches!(keys.claim("a", "k", "y", LIFE), Claim::First), "it is forgotten after a day");
    }

    #[test]
    fn what_did_not_begin_is_not_remembered() {
        let mut keys = Keys::default();
        assert!(matches!(keys.claim("a", "k", "x", 0), Claim::First));
        keys.finish("a", "k", None);
        assert!(matches!(keys.claim("a", "k", "y", 0), Claim::First));
    }
}
