//! A mail about an invoice, as its text needs it.

use chrono::NaiveDate;

use super::System;
use crate::{error::Result, id::InvoiceMailId, store::db::fetch_optional};

/// The invoice, its org and its client, and the link as far as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct MailedInvoice {
    pub(crate) kind: String,
    pub(crate) message: String,
    pub(crate) status: String,
    pub(crate) number: String,
    pub(crate) title: String,
    pub(crate) currency: String,
    pub(crate) due_on: NaiveDate,
    pub(crate) total_minor: i64,
    pub(crate) paid_minor: i64,
    pub(crate) client_name: String,
    pub(crate) org_slug: String,
    pub(crate) org_name: String,
    pub(crate) org_email: String,
    pub(crate) accent: String,
    pub(crate) locale: String,
    pub(crate) time_zone: String,
    pub(crate) logo_sha256: Option<String>,
    pub(crate) nonce: Option<Vec<u8>>,
    pub(crate) token_hash: Option<Vec<u8>>,
}

const MAIL: &str = "SELECT m.kind, m.message, i.status, i.number, i.title, i.currency, i.due_on, i.total_minor, i.paid_minor, \
    i.client_name, o.slug AS org_slug, o.name AS org_name, o.email AS org_email, o.accent, \
    COALESCE(c.locale, o.locale) AS locale, o.time_zone, \
    (SELECT a.sha256 FROM brand_assets a WHERE a.org_id = m.org_id AND a.kind = 'logo') AS logo_sha256, \
    l.nonce, l.token_hash \
    FROM invoice_mails m \
    JOIN invoices i ON i.org_id = m.org_id AND i.client_id = m.client_id AND i.id = m.invoice_id AND i.number IS NOT NULL \
    JOIN clients c ON c.org_id = m.org_id AND c.id = m.client_id \
    JOIN orgs o ON o.id = m.org_id \
    LEFT JOIN share_links l ON l.org_id = m.org_id AND l.client_id = m.client_id AND l.invoice_id = m.invoice_id \
        AND l.revoked_at IS NULL \
    WHERE m.id = $1";

impl System<'_> {
    /// A mail about an invoice.
    pub(crate) async fn mailed_invoice(&self, id: InvoiceMailId) -> Result<Option<MailedInvoice>> {
        let mut conn = self.read().await?;
        let row = fetch_optional!(conn, MailedInvoice, MAIL, id)?;
        conn.commit().await?;
        Ok(row)
    }
}
