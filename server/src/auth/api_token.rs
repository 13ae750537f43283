//! API tokens: `pst_`, 43 characters that nobody can guess, and a checksum of six, by which scanners for secrets
//! know one that was published by mistake, and by which a mistyped one is refused without a query (rule G1).

use std::sync::Arc;

use axum::http::{HeaderMap, header};

use super::{
    actor::Credential,
    scopes::Scopes,
    secret::sha256,
    team_session::{TeamVisit, VisitorRow},
};
use crate::id::ApiTokenId;

/// What every token begins with.
pub const PREFIX: &str = "pst_";
/// 62^43 is a little more than 2^256.
const RANDOM_LENGTH: usize = 43;
const CHECKSUM_LENGTH: usize = 6;
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A whole token. It is shown to whoever made it once; at rest there is only its SHA-256.
pub struct ApiToken(String);

impl ApiToken {
    /// A token that nobody can guess.
    #[must_use]
    pub fn random() -> Self {
        let bytes = std::iter::repeat_with(crate::random::bytes::<32>).flatten();
        // Six bits each; those beyond the alphabet are thrown away, so that all characters are as likely.
        let digits = bytes.filter_map(|byte| ALPHABET.get(usize::from(byte % 64)));
        let mut text = String::from(PREFIX);
        text.extend(digits.take(RANDOM_LENGTH).map(|digit| char::from(*digit)));
        let checksum = checksum(&text);
        Self(text + &checksum)
    }

    /// Reads one; `None` for what is none, or is mistyped.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_long_enough = text.len() == PREFIX.len() + RANDOM_LENGTH + CHECKSUM_LENGTH;
        let rest = text.strip_prefix(PREFIX)?;
        if !is_long_enough || !rest.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return None;
        }
        let (body, sum) = text.split_at(text.len() - CHECKSUM_LENGTH);
        (checksum(body) == sum).then(|| Self(text.to_owned()))
    }

    /// The one that a request carries in `Authorization: Bearer` (RFC 6750).
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        let bearer = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
        let (scheme, token) = bearer.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| Self::parse(token.trim()))?
    }

    /// What is stored of it.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        sha256(self.0.as_bytes())
    }

    /// The whole token, to be shown once.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its last characters, by which somebody who has it tells it from others.
    #[must_use]
    pub fn hint(&self) -> &str {
        self.0.get(self.0.len() - 4..).unwrap_or_default()
    }
}

/// The CRC-32 of the rest, as six digits in base 62.
fn checksum(text: &str) -> String {
    let mut sum = crc32fast::hash(text.as_bytes());
    let mut digits = [b'0'; CHECKSUM_LENGTH];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[usize::try_from(sum % 62).unwrap_or_default()];
        sum /= 62;
    }
    String::from_utf8_lossy(&digits).into_owned()
}

/// A token with what every request of the team needs, as one statement reads it. Fields are private;
/// [`ApiTokenRow::admit`] is the way on.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ApiTokenRow {
    #[sqlx(flatten)]
    visitor: VisitorRow,
    token_id: ApiTokenId,
    token_name: String,
    scopes: String,
    documents_only: bool,
}

/// A request by a token.
#[derive(Debug, Clone)]
pub struct TokenVisit {
    /// The member who made it, as far as its scopes go.
    pub visit: Arc<TeamVisit>,
    /// Which token.
    pub id: ApiTokenId,
    /// What its maker called it.
    pub name: String,
    /// Whether it runs documents alone that the org has trusted.
    pub documents_only: bool,
}

impl ApiTokenRow {
    /// Turns a token into an actor, which can do no more than the token's scopes nor than the member who made it.
    /// `None` where the database holds a role that this version does not know.
    #[must_use]
    pub fn admit(self) -> Option<TokenVisit> {
        let credential = Credential::Token(self.token_id, Scopes::parse(&self.scopes));
        let visit = self.visitor.admit(credential)?;
        Some(TokenVisit {
            visit: Arc::new(visit),
            id: self.token_id,
            name: self.token_name,
            documents_only: self.documents_only,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_back_and_a_mistyped_one_is_not() {
        let token = ApiToken::random();
        let text = token.as_str();
        assert!(text.starts_with("pst_") && text.len() == 53 && text.ends_with(token.hint()), "{text}");
        assert_eq!(token.hint().len(), 4);
        assert!(ApiToken::parse(text).is_some_and(|read| read.hash() == token.hash()));
        assert_ne!(token.hash(), ApiToken::random().hash());
        for at in PREFIX.len()..text.len() {
            let mut mistyped = text.as_bytes().to_vec();
            mistyped[at] = if mistyped[at] == b'x' { b'y' } else { b'x' };
            assert!(ApiToken::parse(std::str::from_utf8(&mistyped).unwrap()).is_none(), "character {at}");
        }
        for other in ["", "pst_", &text[1..], &format!("{text}0"), &text.replace("pst_", "sk__"), "pst_ü"] {
            assert!(ApiToken::parse(other).is_none(), "{other}");
        }
    }

    #[test]
    fn every_character_of_the_alphabet_occurs() {
        let tokens: String = (0..200)
            .map(|_| ApiToken::random().as_str()[PREFIX.len()..][..RANDOM_LENGTH].to_owned())
            .collect();
        for digit in ALPHABET {
            assert!(tokens.contains(char::from(*digit)), "{}", char::from(*digit));
        }
    }

    #[test]
    fn a_request_carries_it_as_a_bearer() {
        let token = ApiToken::random();
        let of = |value: &str| {
            let headers = HeaderMap::from_iter([(header::AUTHORIZATION, value.parse().unwrap())]);
            ApiToken::of(&headers).map(|token| token.as_str().to_owned())
        };
        let text = token.as_str();
        assert_eq!(of(&format!("Bearer {text}")).as_deref(), Some(text));
        assert_eq!(of(&format!("bearer  {text}")).as_deref(), Some(text));
        for other in [text, &format!("Basic {text}"), "Bearer", "Bearer x"] {
            assert_eq!(of(other), None, "{other}");
        }
    }

    #[test]
    fn the_checksum_stays_what_scanners_were_told() {
        // The check value of CRC-32 is cbf43926; in base 62 that is 3jZRME.
        assert_eq!(checksum("123456789"), "3jZRME");
    }
}
