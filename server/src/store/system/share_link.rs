//! The one statement that each request over a share link begins with.

use super::System;
use crate::{auth::share_link::ShareLinkRow, error::Result, store::db::fetch_optional};

/// A link that is not revoked, with its org. An invoice that is void has none (rule V1).
const LINK: &str = "SELECT l.org_id, l.client_id, l.invoice_id, \
    o.slug AS org_slug, o.name AS org_name, o.email AS org_email, o.accent, \
    (SELECT a.sha256 FROM brand_assets a WHERE a.org_id = l.org_id AND a.kind = 'logo') AS logo_sha256, \
    COALESCE(c.locale, o.locale) AS locale, o.time_zone, o.payment_instructions, o.plan, \
    EXISTS (SELECT 1 FROM stripe_accounts k WHERE k.org_id = l.org_id AND k.disconnected_at IS NULL AND k.charges_enabled) AS takes_payments \
    FROM share_links l \
    JOIN orgs o ON o.id = l.org_id \
    JOIN clients c ON c.org_id = l.org_id AND c.id = l.client_id \
    WHERE l.token_hash = $1 AND l.revoked_at IS NULL";

impl System<'_> {
    /// The share link whose token hashes to this, if it is good.
    pub(crate) async fn share_link(&self, token_hash: &[u8; 32]) -> Result<Option<ShareLinkRow>> {
        let mut conn = self.read().await?;
        let row = fetch_optional!(conn, ShareLinkRow, LINK, &token_hash[..])?;
        conn.commit().await?;
        Ok(row)
    }
}
