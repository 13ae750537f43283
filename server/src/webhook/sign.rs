//! Signatures: HMAC-SHA-256 over id, time and body with full stops between
//! (<https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#symmetric>).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// What messages to one endpoint are signed with.
#[derive(Clone, Copy)]
pub struct SigningSecret([u8; 32]);

impl SigningSecret {
    /// Of these bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// As the receiver keeps it: `whsec_` and base64.
    #[must_use]
    pub fn to_text(self) -> String {
        format!("whsec_{}", STANDARD.encode(self.0))
    }
}

/// The value of `webhook-signature` for a message.
///
/// # Panics
/// Never: HMAC takes a key of any length.
#[must_use]
pub fn signature(secret: SigningSecret, id: &str, timestamp: i64, body: &str) -> String {
    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(&secret.0).expect("a key of any length");
    mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_signed_as_others_sign_it() {
        // Computed by OpenSSL: printf 'msg_1.1700000000.{"a":1}' | openssl dgst -sha256 -hmac "$(printf 'k%.0s' {1..32})" -binary | base64
        let secret = SigningSecret::new([b'k'; 32]);
        assert_eq!(secret.to_text(), "whsec_a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=");
        assert_eq!(
            signature(secret, "msg_1", 1_700_000_000, "{\"a\":1}"),
            "v1,tDnYFrCIK4MQWDoOot4FXQ7/xKQ3Ta7J5hEfw60KmoA="
        );
    }
}
