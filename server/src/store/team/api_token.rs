//! API tokens as the team makes, sees and revokes them. How one is found by what a request carries is told in
//! `store::system::api_token`.

use chrono::{DateTime, Utc};

use super::{Subject, TeamScope, org_rows, team_rows};
use crate::{
    auth::{api_token::ApiToken, scopes::Scopes},
    error::Result,
    id::{ApiTokenId, OrgId},
    store::{
        ActivityKind, Origin,
        db::{execute, fetch_one, fetch_optional},
    },
};

org_rows! {
    /// A token that was not revoked.
    ApiTokenListRow {
        /// Id.
        id: ApiTokenId,
        /// What its maker called it.
        name: String,
        /// Its last characters.
        hint: String,
        /// Such as `clients:read invoices:write`.
        scopes: String,
        /// Whether it runs documents alone that the org has trusted.
        documents_only: bool,
        /// The name of the member who made it.
        made_by: String,
        /// Whether that member is one no more: then the token opens nothing.
        maker_is_gone: bool,
        /// When it was made.
        created_at: DateTime<Utc>,
        /// Until when it works; none: until it is revoked.
        expires_at: Option<DateTime<Utc>>,
        /// When it was last used, to the minute.
        last_used_at: Option<DateTime<Utc>>,
        /// From where, without the last part; may be empty.
        last_used_from: String,
    }
}

/// A token that is about to be made.
#[derive(Debug)]
pub struct ApiTokenDraft {
    /// What to call it.
    pub name: String,
    /// What it may do.
    pub scopes: Scopes,
    /// Whether it runs documents alone that the org has trusted.
    pub documents_only: bool,
    /// Until when it works; none: until it is revoked.
    pub expires_at: Option<DateTime<Utc>>,
}

/// An org has as many tokens as this and no more, so that the list stays one that people read.
pub const MOST_TOKENS: i64 = 100;

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

#[derive(sqlx::FromRow)]
struct Named {
    org_id: OrgId,
    name: String,
}

const TOKENS: &str = "SELECT t.org_id, t.id, t.name, t.hint, t.scopes, t.documents_only, p.name AS made_by, \
    m.removed_at IS NOT NULL AS maker_is_gone, t.created_at, t.expires_at, t.last_used_at, t.last_used_from \
    FROM api_tokens t \
    JOIN members m ON m.org_id = t.org_id AND m.id = t.member_id \
    JOIN persons p ON p.id = m.person_id \
    WHERE t.org_id = $1 AND t.revoked_at IS NULL ORDER BY t.id DESC";
const COUNT: &str = "SELECT COUNT(*) AS count FROM api_tokens WHERE org_id = $1 AND revoked_at IS NULL";
const ADD: &str = "INSERT INTO api_tokens (org_id, id, member_id, name, token_hash, hint, scopes, documents_only, \
    created_at, expires_at, last_used_from, window_start, window_taken) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', 0, 0)";
const REVOKE: &str = "UPDATE api_tokens SET revoked_at = $3 \
    WHERE org_id = $1 AND id = $2 AND revoked_at IS NULL RETURNING org_id, name";

impl TeamScope<'_> {
    /// The org's tokens, newest first.
    pub async fn api_tokens(&self) -> Result<Vec<ApiTokenListRow>> {
        team_rows!(self, ApiTokenListRow, TOKENS)
    }

    /// Makes a token for whoever asks; `None` where the org has as many as it may have.
    pub async fn add_api_token(
        &self,
        draft: &ApiTokenDraft,
        token: &ApiToken,
        origin: &Origin,
    ) -> Result<Option<ApiTokenId>> {
        let mut conn = self.write().await?;
        let (org, now) = (self.actor.org_id(), self.store.clock.now());
        // Whoever makes one holds the org meanwhile, so that the count stays true.
        self.hold_org(&mut conn).await?;
        if fetch_one!(conn, Count, COUNT, org)?.count >= MOST_TOKENS {
            return Ok(None);
        }
        let id = ApiTokenId::new(now);
        let scopes = draft.scopes.to_string();
        execute!(
            conn,
            ADD,
            org,
            id,
            self.actor.member_id(),
            draft.name.as_str(),
            &token.hash()[..],
            token.hint(),
            scopes.as_str(),
            draft.documents_only,
            now,
            draft.expires_at,
        )?;
        let detail = format!("{} ({scopes})", draft.name);
        self.log(&mut conn, ActivityKind::TokenMade, Subject::default(), &detail, origin).await?;
        conn.commit().await?;
        Ok(Some(id))
    }

    /// Revokes a token; `false` where there is none such. It opens nothing from now on.
    pub async fn revoke_api_token(&self, id: ApiTokenId, origin: &Origin) -> Result<bool> {
        let mut conn = self.write().await?;
        let (org, now) = (self.actor.org_id(), self.store.clock.now());
        let Some(token) = fetch_optional!(conn, Named, REVOKE, org, id, now)?.filter(|row| row.org_id == org)
        else {
            return Ok(false);
        };
        self.log(&mut conn, ActivityKind::TokenRevoked, Subject::default(), &token.name, origin).await?;
        conn.commit().await?;
        Ok(true)
    }
}

#[cfg(feature = "testing")]
pub(super) fn planned_statements() -> Vec<(String, &'static str)> {
    vec![("team api tokens".to_owned(), TOKENS)]
}
