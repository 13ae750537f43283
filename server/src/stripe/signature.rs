//! Whether Stripe sent it: the scheme of <https://docs.stripe.com/webhooks#verify-manually>. It is checked here, over
//! the bytes as they came, since the library's own check reads one signature of several.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

/// How old a signature may be, and how far ahead of our clock, in seconds.
pub const TOLERANCE: i64 = 300;

/// Why a body is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadSignature {
    /// There is none, or none that can be read.
    Missing,
    /// None of them is made with one of our secrets.
    Wrong,
    /// It was made too long ago, or in the future: somebody sends again what was sent before.
    Old,
}

impl BadSignature {
    /// The word in the list of alerts.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Wrong => "wrong",
            Self::Old => "old",
        }
    }
}

/// Checks the header `Stripe-Signature` of a body. There may be several secrets, while one is replaced by another, and
/// several signatures: any of them may fit.
///
/// # Errors
/// Why it is not believed.
pub fn verify(header: &str, body: &[u8], secrets: &[String], now: i64) -> Result<(), BadSignature> {
    let mut signed_at = None;
    let mut signatures: Vec<Vec<u8>> = vec![];
    for part in header.split(',') {
        match part.trim().split_once('=') {
            Some(("t", at)) => signed_at = at.parse::<i64>().ok(),
            Some(("v1", hex)) => signatures.extend(from_hex(hex)),
            _ => {}
        }
    }
    let signed_at = signed_at.ok_or(BadSignature::Missing)?;
    if signatures.is_empty() {
        return Err(BadSignature::Missing);
    }
    let fits = secrets.iter().any(|secret| {
        let expected = mac(secret, signed_at, body);
        signatures.iter().any(|signature| bool::from(signature.ct_eq(&expected)))
    });
    if !fits {
        return Err(BadSignature::Wrong);
    }
    // Looked at last: a stranger learns nothing of our clock.
    if now.abs_diff(signed_at) > TOLERANCE.unsigned_abs() { Err(BadSignature::Old) } else { Ok(()) }
}

fn mac(secret: &str, signed_at: i64, body: &[u8]) -> Vec<u8> {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return vec![] };
    mac.update(signed_at.to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    mac.finalize().into_bytes().to_vec()
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    // `from_str_radix` takes a sign.
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::secret::hexadecimal;

    const SECRET: &str = "whsec_test";
    const AT: i64 = 1_790_000_000;

    fn header(secret: &str, at: i64, body: &[u8]) -> String {
        format!("t={at},v1={}", hexadecimal(&mac(secret, at, body)))
    }

    fn check(header: &str, now: i64) -> Result<(), BadSignature> {
        verify(header, b"{}", &["whsec_old".to_owned(), SECRET.to_owned()], now)
    }

    #[test]
    fn only_what_was_signed_with_our_secret_a_moment_ago_is_believed() {
        let good = header(SECRET, AT, b"{}");
        assert_eq!(check(&good, AT), Ok(()));
        assert_eq!(check(&good, AT + TOLERANCE), Ok(()));
        assert_eq!(check(&good, AT + TOLERANCE + 1), Err(BadSignature::Old));
        assert_eq!(check(&good, AT - TOLERANCE - 1), Err(BadSignature::Old));
        assert_eq!(check(&header("whsec_old", AT, b"{}"), AT), Ok(()), "while a secret is replaced");
        assert_eq!(check(&header("whsec_foreign", AT, b"{}"), AT), Err(BadSignature::Wrong));
        assert_eq!(check(&header(SECRET, AT, b"{ }"), AT), Err(BadSignature::Wrong));
    }

    #[test]
    fn each_of_several_signatures_is_tried() {
        let good = header(SECRET, AT, b"{}");
        let (_, signature) = good.split_once(',').unwrap();
        let zeros = "0".repeat(64);
        assert_eq!(check(&format!("{good},v1={zeros}"), AT), Ok(()));
        assert_eq!(check(&format!("t={AT},v1={zeros},{signature},v0=abc"), AT), Ok(()));
        assert_eq!(check(&format!("t={AT},v0={zeros}"), AT), Err(BadSignature::Missing));
        let signed = format!("t={AT},v1=+f{}", "0".repeat(62));
        for none in ["", "t=", "v1=", &format!("t={AT}"), &format!("t={AT},v1=abc"), signature, &signed] {
            assert_eq!(check(none, AT), Err(BadSignature::Missing), "{none}");
        }
    }
}
