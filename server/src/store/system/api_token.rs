//! A token is found by the hash of what a request carries, and the requests of a minute are handed out to the
//! processes that serve, a few at a time: so the limit holds for all of them together, and most requests write nothing.

use super::System;
use crate::{
    auth::api_token::ApiTokenRow,
    error::Result,
    id::ApiTokenId,
    store::db::{execute, fetch_optional},
};

const FIND: &str = "SELECT t.org_id, t.member_id, m.person_id, t.id AS token_id, t.name AS token_name, t.scopes, \
    t.documents_only, m.role, o.plan, o.slug AS org_slug, o.name AS org_name, o.email AS org_email, o.accent, \
    o.locale, o.time_zone, \
    (SELECT a.sha256 FROM brand_assets a WHERE a.org_id = t.org_id AND a.kind = 'logo') AS logo_sha256, \
    p.name AS person_name, p.email AS person_email \
    FROM api_tokens t \
    JOIN members m ON m.org_id = t.org_id AND m.id = t.member_id AND m.removed_at IS NULL \
    JOIN persons p ON p.id = m.person_id \
    JOIN orgs o ON o.id = t.org_id \
    WHERE t.token_hash = $1 AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > $2)";
/// Requests are taken as many at a time as asked for, whether or not there are that many: who gets the sum sees how
/// many of them were too many.
const TAKE: &str = "UPDATE api_tokens SET \
    window_taken = CASE WHEN window_start = $2 THEN window_taken + $3 ELSE $3 END, \
    window_start = $2, last_used_at = $4, last_used_from = $5 WHERE id = $1 RETURNING window_taken";
const OLD_KEYS: &str = "DELETE FROM idempotency_keys WHERE created_at < $1";

#[derive(sqlx::FromRow)]
struct Taken {
    window_taken: i64,
}

impl System<'_> {
    /// The token that hashes to this, if it opens anything.
    pub(crate) async fn api_token(&self, token_hash: &[u8; 32]) -> Result<Option<ApiTokenRow>> {
        let mut conn = self.read().await?;
        let row = fetch_optional!(conn, ApiTokenRow, FIND, &token_hash[..], self.store.clock.now())?;
        conn.commit().await?;
        Ok(row)
    }

    /// Takes requests out of the minute that began at `window`, and notes that the token is in use. Gives how many
    /// were taken in that minute by all processes, these included.
    pub(crate) async fn take_requests(
        &self,
        token: ApiTokenId,
        window: i64,
        count: i64,
        from: &str,
    ) -> Result<i64> {
        let mut tx = self.begin().await?;
        let now = tx.now();
        let row = fetch_optional!(tx.conn, Taken, TAKE, token, window, count, now, from)?;
        tx.commit().await?;
        Ok(row.map_or(i64::MAX, |row| row.window_taken))
    }
}

impl super::SystemTx {
    /// Forgets what was answered to requests with an idempotency key more than a day ago.
    pub(crate) async fn delete_old_idempotency_keys(&mut self) -> Result<()> {
        let day_ago = self.now() - crate::store::team::KEY_LIFETIME;
        execute!(self.conn, OLD_KEYS, day_ago)?;
        Ok(())
    }
}
