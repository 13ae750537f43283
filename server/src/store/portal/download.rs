//! That a contact has taken something as a file (rules A1, S4a).

use super::PortalScope;
use crate::{
    error::Result,
    id::{ActivityId, InvoiceId},
    random::uuid_bound,
    store::{
        activity::{ActivityKind, Origin},
        db::fetch_optional,
        portal::invoice::ONE_VIEW,
    },
};

/// What can be taken as a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// An invoice.
    Invoice(InvoiceId),
    /// The receipt for a payment on this invoice.
    Receipt(InvoiceId),
    /// A statement of account, whatever its days.
    Statement,
}

impl Taken {
    const fn entry(self) -> (ActivityKind, Option<InvoiceId>) {
        match self {
            Self::Invoice(id) => (ActivityKind::InvoiceDownloaded, Some(id)),
            Self::Receipt(id) => (ActivityKind::ReceiptDownloaded, Some(id)),
            Self::Statement => (ActivityKind::StatementDownloaded, None),
        }
    }
}

/// Whether a contact has taken it already, by the ids of the log's rows, which are in the order of time.
const TAKEN: &str = "SELECT id FROM activity WHERE org_id = $1 AND client_id = $2 AND contact_id = $3 AND id > $4 \
    AND invoice_id IS NOT DISTINCT FROM $5 AND kind = $6 LIMIT 1";

impl PortalScope<'_> {
    /// Writes down that this contact has taken a file; again only after an hour, as with views (rule V2).
    pub async fn record_download(&self, taken: Taken, origin: &Origin) -> Result<()> {
        if self.actor.is_preview() {
            return Ok(());
        }
        let (kind, invoice_id) = taken.entry();
        let mut conn = self.write().await?;
        let before = fetch_optional!(
            conn,
            (ActivityId,),
            TAKEN,
            self.actor.org_id(),
            self.actor.client_id(),
            self.actor.contact_id(),
            uuid_bound(self.store.clock.now() - ONE_VIEW),
            invoice_id,
            kind.as_str(),
        )?;
        if before.is_none() {
            self.log(&mut conn, kind, invoice_id, "", origin).await?;
        }
        conn.commit().await
    }
}
