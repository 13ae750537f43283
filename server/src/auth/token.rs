//! Tokens and codes that travel in mails and cookies.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use super::secret::{Purpose, Secrets, sha256};
use crate::id::LoginRequestId;

/// A 256-bit token. It is shown to its owner once; at rest there is only its SHA-256.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Token([u8; 32]);

impl Token {
    /// A token that nobody can guess.
    #[must_use]
    pub fn random() -> Self {
        Self(crate::random::bytes())
    }

    /// Reads a token as it stands in a link.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// What is stored of it.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        sha256(&self.0)
    }

    /// The form that stands in a link: 43 characters of the URL-safe alphabet.
    #[must_use]
    pub fn to_text(self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// The bytes, for signing.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// What the token in a mail is made of: 256 random bits at rest, and the secret that is not.
///
/// So the outbox can make the mail's text when it is sent, again if it must, while nothing at rest
/// opens a door.
#[derive(Clone, Copy)]
pub struct LinkNonce([u8; 32]);

impl LinkNonce {
    /// A fresh one.
    #[must_use]
    pub fn random() -> Self {
        Self(crate::random::bytes())
    }

    /// Reads one back from the database.
    #[must_use]
    pub fn from_stored(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The bytes to store.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The token that the newest secret makes.
    #[must_use]
    pub fn token(&self, secrets: &Secrets, purpose: Purpose) -> Token {
        Token(secrets.sign(purpose, &self.0))
    }

    /// The token that was stored as `hash`, whichever secret made it; `None` when that secret has
    /// been taken out of the list since.
    #[must_use]
    pub fn token_for(&self, secrets: &Secrets, purpose: Purpose, hash: &[u8]) -> Option<Token> {
        secrets.signatures(purpose, &self.0).map(Token).find(|token| token.hash() == hash)
    }
}

/// The short code for the browser that asked: 8 characters of Crockford's alphabet, 40 bits.
///
/// Forty bits are worth something only because a code is bound to one browser's pending cookie and
/// may be tried five times (rule L5a).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Code([u8; 5]);

/// Digits and letters without I, L, O and U.
const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl Code {
    /// The code that belongs to a request, as the newest secret makes it. Nothing of it is stored.
    #[must_use]
    pub fn of_request(secrets: &Secrets, request: LoginRequestId) -> Self {
        Self::from_mac(secrets.sign(Purpose::LoginCode, request.uuid().as_bytes()))
    }

    /// Whether this is the request's code under any of the secrets; in constant time.
    #[must_use]
    pub fn belongs_to(self, secrets: &Secrets, request: LoginRequestId) -> bool {
        secrets
            .signatures(Purpose::LoginCode, request.uuid().as_bytes())
            .fold(false, |found, mac| found | self.matches(Self::from_mac(mac)))
    }

    const fn from_mac(mac: [u8; 32]) -> Self {
        Self([mac[0], mac[1], mac[2], mac[3], mac[4]])
    }

    /// Reads what somebody typed: in any case, with or without the dash, with O for 0 and I or L
    /// for 1.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut bits = 0_u64;
        let mut count = 0;
        for character in text.chars().filter(|c| !c.is_whitespace() && *c != '-') {
            let upper = match character.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let value = CROCKFORD.iter().position(|digit| char::from(*digit) == upper)?;
            bits = bits.checked_mul(32)? + u64::try_from(value).ok()?;
            count += 1;
            if count > 8 {
                return None;
            }
        }
        let [_, _, _, code @ ..] = bits.to_be_bytes();
        (count == 8).then_some(Self(code))
    }

    /// `XXXX-XXXX`.
    #[must_use]
    pub fn to_text(self) -> String {
        let mut bytes = [0; 8];
        bytes[3..].copy_from_slice(&self.0);
        let bits = u64::from_be_bytes(bytes);
        let digit =
            |at: u32| char::from(CROCKFORD[usize::try_from(bits >> (5 * (7 - at)) & 31).unwrap_or_default()]);
        let half = |from: u32| (from..from + 4).map(digit).collect::<String>();
        format!("{}-{}", half(0), half(4))
    }

    fn matches(self, other: Self) -> bool {
        subtle::ConstantTimeEq::ct_eq(&self.0[..], &other.0[..]).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_survives_how_people_type() {
        let code = Code([0x12, 0x34, 0x56, 0x78, 0x9a]);
        let text = code.to_text();
        assert_eq!(text.len(), 9);
        for typed in [text.clone(), text.to_lowercase(), text.replace('-', " "), format!("  {text} ")] {
            assert!(Code::parse(&typed).is_some_and(|read| read.matches(code)), "{typed:?}");
        }
        assert!(!code.matches(Code([0x12, 0x34, 0x56, 0x78, 0x9b])));
        assert!(Code::parse("OIL0-0000").unwrap().matches(Code::parse("0110-0000").unwrap()));
    }

    #[test]
    fn a_code_belongs_to_its_request_under_any_of_the_secrets() {
        let (old, new) = ("0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210");
        let secrets: Secrets = old.parse().unwrap();
        let (request, other) = (
            LoginRequestId::from_uuid(uuid::Uuid::from_u128(1)),
            LoginRequestId::from_uuid(uuid::Uuid::from_u128(2)),
        );
        let code = Code::of_request(&secrets, request);
        // Nor does it matter that one stands in the list twice.
        for list in [old.to_owned(), format!("{new},{old}"), format!("{old},{new}"), format!("{old},{old}")] {
            assert!(code.belongs_to(&list.parse().unwrap(), request), "{list}");
        }
        assert!(!code.belongs_to(&secrets, other) && !code.belongs_to(&new.parse().unwrap(), request));
        assert!(code.to_text() != Code::of_request(&secrets, other).to_text());
    }

    #[test]
    fn what_is_no_code_is_none() {
        for typed in ["", "1234", "1234-567", "1234-56789", "1234-567U", "🦉🦉🦉🦉🦉🦉🦉🦉"] {
            assert!(Code::parse(typed).is_none(), "{typed:?}");
        }
    }

    #[test]
    fn a_token_is_read_back_only_whole() {
        let token = Token::random();
        assert!(Token::parse(&token.to_text()).is_some_and(|read| read == token));
        assert_ne!(token.hash(), Token::random().hash());
        for text in ["", "x", &token.to_text()[1..], &format!("{}A", token.to_text()), "ü"] {
            assert!(Token::parse(text).is_none());
        }
    }

    #[test]
    fn a_links_token_can_be_made_again_after_a_rotation() {
        let old: Secrets = "0123456789abcdef0123456789abcdef".parse().unwrap();
        let rotated: Secrets =
            "fedcba9876543210fedcba9876543210,0123456789abcdef0123456789abcdef".parse().unwrap();
        let nonce = LinkNonce::random();
        let token = nonce.token(&old, Purpose::MagicLink);
        let again = |secrets, purpose| nonce.token_for(secrets, purpose, &token.hash());
        assert!(again(&rotated, Purpose::MagicLink).is_some_and(|again| again == token));
        assert!(again(&rotated, Purpose::TeamLink).is_none());
        assert!(again(&Secrets::random(), Purpose::MagicLink).is_none());
    }
}
