//! The one statement that each request of a signed-in contact begins with.

use super::System;
use crate::{auth::session::PortalSessionRow, error::Result, store::db::fetch_optional};

/// A session under way with the org, client and contact it belongs to. Access that was switched off
/// lets a session run out (rule S4); a contact or client that is archived does not.
const SESSION: &str = "SELECT s.org_id, s.client_id, s.contact_id, s.id AS session_id, \
    o.plan, o.slug AS org_slug, o.name AS org_name, o.email AS org_email, o.accent, \
    COALESCE(c.locale, o.locale) AS locale, o.time_zone, o.payment_instructions, \
    (SELECT a.sha256 FROM brand_assets a WHERE a.org_id = s.org_id AND a.kind = 'logo') AS logo_sha256, \
    c.name AS client_name, c.currency AS client_currency, t.name AS contact_name, t.email AS contact_email \
    FROM portal_sessions s \
    JOIN orgs o ON o.id = s.org_id \
    JOIN clients c ON c.org_id = s.org_id AND c.id = s.client_id AND c.archived_at IS NULL \
    JOIN contacts t ON t.org_id = s.org_id AND t.client_id = s.client_id AND t.id = s.contact_id AND t.archived_at IS NULL \
    WHERE s.token_hash = $1 AND s.ended_at IS NULL AND s.expires_at > $2";

impl System<'_> {
    /// The session whose token hashes to this, if it is under way.
    pub(crate) async fn portal_session(&self, token_hash: &[u8; 32]) -> Result<Option<PortalSessionRow>> {
        let mut conn = self.read().await?;
        let row = fetch_optional!(conn, PortalSessionRow, SESSION, &token_hash[..], self.store.clock.now())?;
        conn.commit().await?;
        Ok(row)
    }
}
