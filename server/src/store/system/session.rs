//! The one statement that each request of a signed-in contact begins with, or of a member who previews the portal.

use super::System;
use crate::{
    auth::session::PortalSessionRow,
    error::Result,
    id::{ClientId, ContactId, OrgId},
    store::{ActivityKind, Origin, db::fetch_optional},
};

macro_rules! session {
    ($from:literal) => {
        concat!(
            "SELECT s.org_id, s.client_id, s.contact_id, s.id AS session_id, \
             o.plan, o.slug AS org_slug, o.name AS org_name, o.email AS org_email, o.accent, \
             COALESCE(c.locale, o.locale) AS locale, o.time_zone, o.payment_instructions, \
             EXISTS (SELECT 1 FROM stripe_accounts k WHERE k.org_id = s.org_id AND k.disconnected_at IS NULL AND k.charges_enabled) AS takes_payments, \
             (SELECT a.sha256 FROM brand_assets a WHERE a.org_id = s.org_id AND a.kind = 'logo') AS logo_sha256, \
             c.name AS client_name, c.currency AS client_currency, t.name AS contact_name, t.email AS contact_email \
             FROM ",
            $from,
            " JOIN orgs o ON o.id = s.org_id \
             JOIN clients c ON c.org_id = s.org_id AND c.id = s.client_id AND c.archived_at IS NULL \
             JOIN contacts t ON t.org_id = s.org_id AND t.client_id = s.client_id AND t.id = s.contact_id AND t.archived_at IS NULL \
             WHERE s.token_hash = $1 AND s.ended_at IS NULL AND s.expires_at > $2"
        )
    };
}

/// A session under way with the org, client and contact it belongs to. Access that was switched off
/// lets a session run out (rule S4); a contact or client that is archived does not.
const SESSION: &str = session!("portal_sessions s");
/// A member's preview, as long as the session in which it was begun is under way and looks at the same org.
const PREVIEW: &str = session!(
    "portal_previews s \
     JOIN team_sessions w ON w.id = s.team_session_id AND w.org_id = s.org_id AND w.ended_at IS NULL AND w.expires_at > $2 \
     JOIN members m ON m.org_id = s.org_id AND m.id = s.member_id AND m.removed_at IS NULL"
);
const END_PREVIEW: &str =
    "UPDATE portal_previews SET ended_at = COALESCE(ended_at, $2) WHERE token_hash = $1 RETURNING client_id";

const END_SESSION: &str = "UPDATE portal_sessions SET ended_at = $2 \
    WHERE token_hash = $1 AND ended_at IS NULL AND expires_at > $2 RETURNING org_id, client_id, contact_id";

impl System<'_> {
    /// Ends the session whose token hashes to this: its browser has signed in anew.
    pub(crate) async fn replace_portal_session(&self, token_hash: &[u8; 32], origin: &Origin) -> Result<()> {
        let mut tx = self.begin().await?;
        let ended: Option<(OrgId, ClientId, ContactId)> = fetch_optional!(
            tx.conn,
            (OrgId, ClientId, ContactId),
            END_SESSION,
            &token_hash[..],
            self.store.clock.now()
        )?;
        if let Some(contact) = ended {
            tx.log(ActivityKind::SignedOut, contact, "by signing in anew", origin).await?;
        }
        tx.commit().await
    }

    /// The session whose token hashes to this, if it is under way.
    pub(crate) async fn portal_session(&self, token_hash: &[u8; 32]) -> Result<Option<PortalSessionRow>> {
        let mut conn = self.read().await?;
        let row = fetch_optional!(conn, PortalSessionRow, SESSION, &token_hash[..], self.store.clock.now())?;
        conn.commit().await?;
        Ok(row)
    }
    /// The preview whose token hashes to this, if it is under way.
    pub(crate) async fn portal_preview(&self, token_hash: &[u8; 32]) -> Result<Option<PortalSessionRow>> {
        let mut conn = self.read().await?;
        let row = fetch_optional!(conn, PortalSessionRow, PREVIEW, &token_hash[..], self.store.clock.now())?;
        conn.commit().await?;
        Ok(row)
    }

    /// Ends a preview, and tells whose portal it was; `None` where there is none such.
    pub(crate) async fn end_preview(&self, token_hash: &[u8; 32]) -> Result<Option<ClientId>> {
        let mut tx = self.begin().await?;
        let ended: Option<(ClientId,)> =
            fetch_optional!(tx.conn, (ClientId,), END_PREVIEW, &token_hash[..], self.store.clock.now())?;
        tx.commit().await?;
        Ok(ended.map(|(client,)| client))
    }
}
