//! Stripe's signature of a webhook (<https://docs.stripe.com/webhooks/signature>): an HMAC over the time and
//! the body.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// The header of a body that is signed with one secret.
#[must_use]
pub fn sign(body: &[u8], secret: &str, at: i64) -> String {
    header(body, std::slice::from_ref(&secret.to_owned()), at)
}

/// The header of a body that is signed with each of these secrets, as Stripe does while one is rolled.
#[must_use]
pub fn header(body: &[u8], secrets: &[String], at: i64) -> String {
    let mut header = format!("t={at}");
    for secret in secrets {
        let _ = write!(header, ",v1={}", hmac(body, secret, at));
    }
    header
}

fn hmac(body: &[u8], secret: &str, at: i64) -> String {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key of any length");
    mac.update(at.to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    mac.finalize().into_bytes().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_what_openssl_says_it_is() {
        // printf '1700000000.{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec_test
        let signature = "c89214b5b5da833daed6f0b8c5bb6bd58cea9022bd80ccc78230f3942d632925";
        assert_eq!(
            sign(br#"{"id":"evt_1"}"#, "whsec_test", 1_700_000_000),
            format!("t=1700000000,v1={signature}")
        );
    }

    #[test]
    fn each_secret_signs() {
        let header = header(b"{}", &["a".into(), "b".into()], 5);
        assert_eq!(header.matches(",v1=").count(), 2);
        assert!(header.contains(sign(b"{}", "b", 5).trim_start_matches("t=5")));
    }
}
