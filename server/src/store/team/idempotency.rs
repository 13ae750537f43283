//! Requests that may be sent twice, and are done once: the draft of the IETF on the `Idempotency-Key` header
//! (draft-ietf-httpapi-idempotency-key-header).

use chrono::{DateTime, TimeDelta, Utc};

use super::TeamScope;
use crate::{
    auth::actor::Credential,
    error::{Error, Result},
    id::{ApiTokenId, OrgId},
    store::db::{execute, fetch_one},
};

/// How long an answer is kept.
pub const KEY_LIFETIME: TimeDelta = TimeDelta::hours(24);
/// Whoever is at it for longer than this has died over it.
const CLAIM: TimeDelta = TimeDelta::seconds(60);

#[derive(sqlx::FromRow)]
struct Known {
    org_id: OrgId,
    request_hash: Vec<u8>,
    created_at: DateTime<Utc>,
    answer: Option<String>,
}

/// What is to be done with a request that has a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// It is to be done. What it makes is named after the time at which the key first came, so that who does it
    /// again after somebody died over it makes the same things.
    Do {
        /// When the key first came.
        since: DateTime<Utc>,
    },
    /// It was done, and this was answered.
    Done(String),
    /// Somebody is at it.
    UnderWay,
    /// The key came with another request before.
    OtherRequest,
}

/// Either puts the row there or leaves it as it is. An answer that is older than a day is forgotten, whether or not
/// it was cleared away yet.
const CLAIM_NEW: &str = "INSERT INTO idempotency_keys \
    (org_id, token_id, key_hash, request_hash, created_at, claimed_until) VALUES ($1, $2, $3, $4, $5, $6) \
    ON CONFLICT (org_id, token_id, key_hash) DO UPDATE SET request_hash = excluded.request_hash, \
    created_at = excluded.created_at, claimed_until = excluded.claimed_until, answer = NULL \
    WHERE idempotency_keys.created_at <= $7";
const FIND: &str = "SELECT org_id, request_hash, created_at, answer FROM idempotency_keys \
    WHERE org_id = $1 AND token_id = $2 AND key_hash = $3";
const CLAIM_AGAIN: &str = "UPDATE idempotency_keys SET claimed_until = $5 \
    WHERE org_id = $1 AND token_id = $2 AND key_hash = $3 AND answer IS NULL AND claimed_until <= $4";
/// Whoever comes next does it, under the same names.
const GIVE_BACK: &str = "UPDATE idempotency_keys SET claimed_until = $4 \
    WHERE org_id = $1 AND token_id = $2 AND key_hash = $3 AND answer IS NULL";
const KEEP: &str =
    "UPDATE idempotency_keys SET answer = $4 WHERE org_id = $1 AND token_id = $2 AND key_hash = $3";

impl TeamScope<'_> {
    /// Says what is to be done with a request that has a key.
    ///
    /// # Errors
    /// [`Error::Forbidden`] where whoever asks came in person: keys are for programs.
    pub async fn claim_key(&self, key_hash: &[u8; 32], request_hash: &[u8; 32]) -> Result<Claim> {
        let token = self.token()?;
        let mut conn = self.write().await?;
        let (org, now) = (self.actor.org_id(), self.store.clock.now());
        let (key, request) = (&key_hash[..], &request_hash[..]);
        let until = now + CLAIM;
        if execute!(conn, CLAIM_NEW, org, token, key, request, now, until, now - KEY_LIFETIME)? > 0 {
            conn.commit().await?;
            return Ok(Claim::Do { since: now });
        }
        let found = fetch_one!(conn, Known, FIND, org, token, key)?;
        if found.org_id != org {
            return Err(Error::bug("the key of another tenant"));
        }
        let claim = if found.request_hash != request {
            Claim::OtherRequest
        } else if let Some(answer) = found.answer {
            Claim::Done(answer)
        } else if execute!(conn, CLAIM_AGAIN, org, token, key, now, until)? > 0 {
            Claim::Do { since: found.created_at }
        } else {
            Claim::UnderWay
        };
        conn.commit().await?;
        Ok(claim)
    }

    /// Keeps what was answered.
    ///
    /// # Errors
    /// As [`TeamScope::claim_key`].
    pub async fn keep_answer(&self, key_hash: &[u8; 32], answer: &str) -> Result<()> {
        let token = self.token()?;
        let mut conn = self.write().await?;
        execute!(conn, KEEP, self.actor.org_id(), token, &key_hash[..], answer)?;
        conn.commit().await
    }

    /// Lets the next request with this key try again, because this one came to nothing.
    ///
    /// # Errors
    /// As [`TeamScope::claim_key`].
    pub async fn give_key_back(&self, key_hash: &[u8; 32]) -> Result<()> {
        let token = self.token()?;
        let mut conn = self.write().await?;
        let now = self.store.clock.now();
        execute!(conn, GIVE_BACK, self.actor.org_id(), token, &key_hash[..], now)?;
        conn.commit().await
    }

    fn token(&self) -> Result<ApiTokenId> {
        match self.actor.credential() {
            Credential::Token(id, _) => Ok(id),
            Credential::Session(_) => Err(Error::Forbidden),
        }
    }
}
