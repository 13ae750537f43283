//! One invoice with its parts, and that it was looked at.

use chrono::TimeDelta;

use super::{PortalScope, invoices::columns, payments, rows};
use crate::{
    error::Result,
    id::InvoiceId,
    store::{
        activity::{ActivityKind, Origin},
        db::fetch_optional,
        row::{InvoiceDetailRow, InvoiceRow, LineRow, PaymentRow, ShareLinkRow, TaxRow},
        webhook::{self, WebhookKind},
    },
};

pub(in crate::store) const INVOICE: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM invoices WHERE org_id = $1 AND client_id = $2 AND id = $3 AND status <> 'draft'"
);

/// The parties are those of the day on which it was sent (rule M8).
pub(in crate::store) const DETAIL: &str = "SELECT org_id, client_id, reference, notes, discount_ppm, discount_minor, subtotal_minor, tax_minor, \
    client_name, client_address, client_tax_id, org_name, org_address, org_tax_id \
    FROM invoices WHERE org_id = $1 AND client_id = $2 AND id = $3 AND status <> 'draft'";

pub(in crate::store) const LINES: &str = "SELECT org_id, client_id, description, quantity_milli, unit, unit_price_minor, tax_rate_ppm, net_minor \
    FROM invoice_lines WHERE org_id = $1 AND client_id = $2 AND invoice_id = $3 ORDER BY position";

pub(in crate::store) const TAXES: &str = "SELECT org_id, client_id, label, rate_ppm, base_minor, tax_minor \
    FROM invoice_taxes WHERE org_id = $1 AND client_id = $2 AND invoice_id = $3 ORDER BY rate_ppm DESC";

/// The link that is on paper as well.
pub(in crate::store) const SHARE_LINK: &str = "SELECT org_id, client_id, nonce, token_hash FROM share_links \
    WHERE org_id = $1 AND client_id = $2 AND invoice_id = $3 AND revoked_at IS NULL";

/// One row a viewer; it gives its new count only where the last view is an hour old.
const VIEW: &str = "INSERT INTO invoice_views (org_id, client_id, invoice_id, viewer, views, first_viewed_at, last_viewed_at) \
    VALUES ($1, $2, $3, $4, 1, $5, $5) \
    ON CONFLICT (org_id, client_id, invoice_id, viewer) DO UPDATE \
    SET views = invoice_views.views + 1, last_viewed_at = excluded.last_viewed_at \
    WHERE invoice_views.last_viewed_at <= $6 \
    RETURNING views";

/// The same viewer within this time is one view (rule V2).
pub(in crate::store) const ONE_VIEW: TimeDelta = TimeDelta::hours(1);

/// What is on an invoice besides its row in lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceParts {
    /// Texts, sums, parties.
    pub detail: InvoiceDetailRow,
    /// In order.
    pub lines: Vec<LineRow>,
    /// Highest rate first.
    pub taxes: Vec<TaxRow>,
    /// Newest first.
    pub payments: Vec<PaymentRow>,
}

impl PortalScope<'_> {
    /// One invoice; `None` where there is none or where it is not this client's to see.
    pub async fn invoice(&self, id: InvoiceId) -> Result<Option<InvoiceRow>> {
        rows!(self, InvoiceRow, INVOICE, id).map(|rows| rows.into_iter().next())
    }

    /// What else is on an invoice.
    pub async fn invoice_parts(&self, id: InvoiceId) -> Result<Option<InvoiceParts>> {
        let Some(detail) = rows!(self, InvoiceDetailRow, DETAIL, id)?.into_iter().next() else {
            return Ok(None);
        };
        let lines = rows!(self, LineRow, LINES, id)?;
        let taxes = rows!(self, TaxRow, TAXES, id)?;
        let payments = rows!(self, PaymentRow, payments::OF_INVOICE, id)?;
        Ok(Some(InvoiceParts { detail, lines, taxes, payments }))
    }

    /// The share link of an invoice; `None` where it has none.
    pub async fn share_link(&self, id: InvoiceId) -> Result<Option<ShareLinkRow>> {
        rows!(self, ShareLinkRow, SHARE_LINK, id).map(|rows| rows.into_iter().next())
    }

    /// Writes down that this contact has opened an invoice; again only after an hour. An invoice of
    /// another client fails on the foreign key, which carries the tenant.
    pub async fn record_view(&self, id: InvoiceId, origin: &Origin) -> Result<()> {
        if self.actor.is_preview() {
            return Ok(());
        }
        let now = self.store.clock.now();
        let mut conn = self.write().await?;
        let counted = fetch_optional!(
            conn,
            (i64,),
            VIEW,
            self.actor.org_id(),
            self.actor.client_id(),
            id,
            format!("contact:{}", self.actor.contact_id()),
            now,
            now - ONE_VIEW,
        )?;
        if counted.is_some() {
            self.log(&mut conn, ActivityKind::InvoiceViewed, Some(id), "", origin).await?;
            let invoice = (self.actor.org_id(), id);
            webhook::emit(&mut conn, now, WebhookKind::InvoiceViewed, invoice, None).await?;
        }
        conn.commit().await
    }
}

#[cfg(feature = "testing")]
pub(super) fn planned_statements() -> Vec<(String, &'static str)> {
    [
        ("invoice", INVOICE),
        ("invoice detail", DETAIL),
        ("invoice lines", LINES),
        ("invoice taxes", TAXES),
        ("invoice share link", SHARE_LINK),
    ]
    .map(|(name, sql)| (name.to_owned(), sql))
    .to_vec()
}
