//! Secrets of the operator, and what is signed with them.
//!
//! A secret is never used bare: each purpose has its own label, so that what was signed for one is
//! worth nothing for another (rule L4).

use std::{
    fmt::{self, Write as _},
    str::FromStr,
};

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

/// A list of secrets: the first signs, all verify, so that they can be rotated (rule S3).
#[derive(Clone)]
pub struct Secrets(Vec<Vec<u8>>);

/// What a signature is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The portal's session cookie.
    PortalSession,
    /// The cookie of a member who looks at the portal as a contact sees it.
    PortalPreview,
    /// The cookie of the browser that asked for a link.
    Pending,
    /// The token in a magic link.
    MagicLink,
    /// The short code in the same mail.
    LoginCode,
    /// The team's session cookie.
    TeamSession,
    /// The cookie of a browser that has signed in to the team's side before.
    Device,
    /// The token in a mail of the team's side.
    TeamLink,
    /// The token of a share link.
    ShareLink,
    /// What tells one viewer of a share link from another.
    Viewer,
    /// The token in an invitation to a team.
    Invitation,
    /// The token that proves a person's new address.
    EmailChange,
    /// What webhooks are signed with.
    Webhook,
}

impl Purpose {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::PortalSession => b"postern/portal-session/1",
            Self::PortalPreview => b"postern/portal-preview/1",
            Self::Pending => b"postern/pending/1",
            Self::MagicLink => b"postern/magic-link/1",
            Self::LoginCode => b"postern/login-code/1",
            Self::TeamSession => b"postern/team-session/1",
            Self::Device => b"postern/device/1",
            Self::TeamLink => b"postern/team-link/1",
            Self::ShareLink => b"postern/share-link/1",
            Self::Viewer => b"postern/viewer/1",
            Self::Invitation => b"postern/invitation/1",
            Self::EmailChange => b"postern/email-change/1",
            Self::Webhook => b"postern/webhook/1",
        }
    }
}

/// Fewer bytes than this are no secret.
const LEAST_BYTES: usize = 32;

impl Secrets {
    /// A fresh secret that nobody else knows.
    #[must_use]
    pub fn random() -> Self {
        Self(vec![crate::random::bytes::<32>().to_vec()])
    }

    /// Whether the two lists have a secret in common.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.0.iter().any(|secret| other.0.contains(secret))
    }

    /// Signs with the first secret.
    #[must_use]
    pub fn sign(&self, purpose: Purpose, message: &[u8]) -> [u8; 32] {
        // Present by construction: an empty list cannot be made.
        self.0.first().map(|secret| mac(secret, purpose, message)).unwrap_or_default()
    }

    /// What each secret would sign, the newest first: for what must be made again later.
    pub fn signatures(&self, purpose: Purpose, message: &[u8]) -> impl Iterator<Item = [u8; 32]> {
        self.0.iter().map(move |secret| mac(secret, purpose, message))
    }

    /// Whether any of the secrets made this signature; in constant time.
    #[must_use]
    pub fn verify(&self, purpose: Purpose, message: &[u8], signature: &[u8]) -> bool {
        self.0
            .iter()
            .fold(Choice::from(0), |found, secret| found | mac(secret, purpose, message).ct_eq(signature))
            .into()
    }
}

fn mac(secret: &[u8], purpose: Purpose, message: &[u8]) -> [u8; 32] {
    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length (RFC 2104)")]
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes any key");
    mac.update(purpose.label());
    // The label ends where the message begins.
    mac.update(&[0]);
    mac.update(message);
    mac.finalize().into_bytes().into()
}

/// SHA-256, the only form in which tokens are stored.
#[must_use]
pub fn sha256(message: &[u8]) -> [u8; 32] {
    Sha256::digest(message).into()
}

/// Bytes as lower-case hexadecimal digits.
#[must_use]
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing into a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

impl FromStr for Secrets {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let secrets: Vec<Vec<u8>> = text.split(',').map(|secret| secret.trim().as_bytes().to_vec()).collect();
        if secrets.iter().any(|secret| secret.len() < LEAST_BYTES) {
            return Err("must have at least 32 bytes (each, where commas separate several)");
        }
        Ok(Self(secrets))
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secrets({})", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "0123456789abcdef0123456789abcdef";
    const NEW: &str = "fedcba9876543210fedcba9876543210";

    #[test]
    fn a_rotated_secret_still_verifies_and_no_longer_signs() {
        let old: Secrets = OLD.parse().unwrap();
        let rotated: Secrets = format!("{NEW}, {OLD}").parse().unwrap();
        let signature = old.sign(Purpose::PortalSession, b"token");
        assert!(rotated.verify(Purpose::PortalSession, b"token", &signature));
        assert_ne!(rotated.sign(Purpose::PortalSession, b"token"), signature);
        assert!(!NEW.parse::<Secrets>().unwrap().verify(Purpose::PortalSession, b"token", &signature));
        let twice: Secrets = format!("{OLD},{OLD}").parse().unwrap();
        assert!(twice.verify(Purpose::PortalSession, b"token", &signature));
        assert!(old.overlaps(&rotated) && !old.overlaps(&NEW.parse().unwrap()));
    }

    #[test]
    fn a_signature_of_one_purpose_is_worth_nothing_for_another() {
        let secrets: Secrets = OLD.parse().unwrap();
        let signature = secrets.sign(Purpose::Pending, b"token");
        assert!(!secrets.verify(Purpose::PortalSession, b"token", &signature));
        assert!(!secrets.verify(Purpose::Pending, b"other", &signature));
        assert!(!secrets.verify(Purpose::Pending, b"token", &signature[..31]));
    }

    #[test]
    fn a_short_secret_is_refused_wherever_it_stands_in_the_list() {
        for text in ["", "short", &format!("{OLD},short"), &OLD[1..]] {
            assert!(text.parse::<Secrets>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn hashes_are_written_in_hexadecimal() {
        assert_eq!(hexadecimal(&[0, 10, 255]), "000aff");
    }

    #[test]
    fn secrets_do_not_show_in_the_log() {
        assert_eq!(format!("{:?}", OLD.parse::<Secrets>().unwrap()), "Secrets(1)");
    }
}
