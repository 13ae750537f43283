//! Looking at the portal as a contact sees it.

use chrono::TimeDelta;

use super::{Subject, TeamScope};
use crate::{
    error::Result,
    id::{ClientId, ContactId, SessionId},
    store::{
        activity::{ActivityKind, Origin},
        db::execute,
    },
};

/// How long one looks at most.
pub const PREVIEW_TTL: TimeDelta = TimeDelta::minutes(30);

/// Of a contact who is there, of a client who is not put away.
const BEGIN: &str = "INSERT INTO portal_previews \
    (org_id, client_id, id, contact_id, member_id, team_session_id, token_hash, created_at, expires_at) \
    SELECT t.org_id, t.client_id, $4, t.id, $5, $6, $7, $8, $9 \
    FROM contacts t JOIN clients c ON c.org_id = t.org_id AND c.id = t.client_id AND c.archived_at IS NULL \
    WHERE t.org_id = $1 AND t.client_id = $2 AND t.id = $3 AND t.archived_at IS NULL";

impl TeamScope<'_> {
    /// Begins a preview whose token hashes to this; `false` where there is no such contact.
    pub async fn begin_preview(
        &self,
        client: ClientId,
        contact: ContactId,
        token_hash: &[u8; 32],
        origin: &Origin,
    ) -> Result<bool> {
        let now = self.store.clock.now();
        let mut conn = self.write().await?;
        let begun = execute!(
            conn,
            self.store.scoped_to_org(BEGIN),
            self.actor.org_id(),
            client,
            contact,
            SessionId::new(now),
            self.actor.member_id(),
            self.actor.session_id()?,
            &token_hash[..],
            now,
            now + PREVIEW_TTL,
        )?;
        if begun > 0 {
            let about = Subject { client: Some(client), contact: Some(contact) };
            self.log(&mut conn, ActivityKind::PortalPreviewed, about, "", origin).await?;
        }
        conn.commit().await?;
        Ok(begun > 0)
    }
}
