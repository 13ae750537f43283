//! What whoever follows a share link may see: one invoice with its parts (rule V1). The statements are the
//! portal's own; org, client and invoice are bound here from the actor and from nowhere else.

use super::{
    Origin, Store,
    activity::{self, ActivityKind},
    db::{Audience, Conn, fetch_optional},
    portal::{
        InvoiceParts,
        invoice::{DETAIL, INVOICE, LINES, ONE_VIEW, SHARE_LINK, TAXES},
        payments::OF_INVOICE,
        rows,
    },
    row::{InvoiceDetailRow, InvoiceRow, LineRow, PaymentRow, ShareLinkRow, TaxRow, TenantRow},
    webhook::{self, WebhookKind},
};
use crate::{auth::actor::GuestActor, error::Result};

/// Views of one invoice by its link that are counted within an hour. Whoever has the link can be many viewers, and
/// what is written down of a view stays for ever. Two at the same moment may both be the last: it keeps a flood off,
/// and is no figure of its own.
const MOST_VIEWS: i64 = 20;

/// One row a viewer, as for contacts. Nothing at all is written where this viewer was here within the hour, or
/// `$7` of them were.
const VIEW: &str = "INSERT INTO invoice_views (org_id, client_id, invoice_id, viewer, views, first_viewed_at, last_viewed_at) \
    SELECT $1, $2, $3, $4, 1, $5, $5 \
    WHERE NOT EXISTS (SELECT 1 FROM invoice_views v WHERE v.org_id = $1 AND v.client_id = $2 AND v.invoice_id = $3 \
        AND v.viewer = $4 AND v.last_viewed_at > $6) \
    AND (SELECT COUNT(*) FROM invoice_views v WHERE v.org_id = $1 AND v.client_id = $2 AND v.invoice_id = $3 \
        AND v.last_viewed_at > $6 AND v.viewer LIKE 'guest:%') < $7 \
    ON CONFLICT (org_id, client_id, invoice_id, viewer) DO UPDATE \
    SET views = invoice_views.views + 1, last_viewed_at = excluded.last_viewed_at \
    WHERE invoice_views.last_viewed_at <= $6 \
    RETURNING views";

/// What one guest may see.
#[derive(Debug, Clone, Copy)]
pub struct GuestScope<'a> {
    pub(super) store: &'a Store,
    pub(super) actor: GuestActor,
}

impl<'a> GuestScope<'a> {
    pub(super) const fn new(store: &'a Store, actor: GuestActor) -> Self {
        Self { store, actor }
    }

    async fn read(&self) -> Result<Conn> {
        self.store.db.read(Audience::Guest(&self.actor)).await
    }

    /// Lets rows out that are the invoice's own tenant's.
    async fn recheck<T: TenantRow>(&self, rows: Vec<T>) -> Result<Vec<T>> {
        let own = (self.actor.org_id(), self.actor.client_id());
        self.store.recheck(Audience::Guest(&self.actor), rows, |row| row.tenant() == own).await
    }

    /// The invoice.
    pub async fn invoice(&self) -> Result<Option<InvoiceRow>> {
        let id = self.actor.invoice_id();
        let rows: Result<Vec<InvoiceRow>> = rows!(self, InvoiceRow, INVOICE, id);
        Ok(rows?.into_iter().find(|row| row.id == id))
    }

    /// What else is on it.
    pub async fn invoice_parts(&self) -> Result<Option<InvoiceParts>> {
        let id = self.actor.invoice_id();
        let detail: Result<Vec<InvoiceDetailRow>> = rows!(self, InvoiceDetailRow, DETAIL, id);
        let Some(detail) = detail?.pop() else { return Ok(None) };
        let lines: Result<Vec<LineRow>> = rows!(self, LineRow, LINES, id);
        let taxes: Result<Vec<TaxRow>> = rows!(self, TaxRow, TAXES, id);
        let payments: Result<Vec<PaymentRow>> = rows!(self, PaymentRow, OF_INVOICE, id);
        Ok(Some(InvoiceParts { detail, lines: lines?, taxes: taxes?, payments: payments? }))
    }

    /// The link by which the invoice is shared; `None` where it is switched off.
    pub async fn share_link(&self) -> Result<Option<ShareLinkRow>> {
        let id = self.actor.invoice_id();
        let rows: Result<Vec<ShareLinkRow>> = rows!(self, ShareLinkRow, SHARE_LINK, id);
        Ok(rows?.pop())
    }

    /// Writes down that this viewer has opened it; again only after an hour, and no more than twenty of all
    /// viewers within one (rule V2).
    pub async fn record_view(&self, viewer: &str, origin: &Origin) -> Result<()> {
        let now = self.store.clock.now();
        let mut conn = self.store.db.write(Audience::Guest(&self.actor)).await?;
        let counted = fetch_optional!(
            conn,
            (i64,),
            VIEW,
            self.actor.org_id(),
            self.actor.client_id(),
            self.actor.invoice_id(),
            viewer,
            now,
            now - ONE_VIEW,
            MOST_VIEWS,
        )?;
        if counted.is_some() {
            activity::append_guest(&mut conn, now, ActivityKind::ViewedByLink, &self.actor, "", origin)
                .await?;
            let invoice = (self.actor.org_id(), self.actor.invoice_id());
            webhook::emit(&mut conn, now, WebhookKind::InvoiceViewed, invoice, None).await?;
        }
        conn.commit().await
    }
}
