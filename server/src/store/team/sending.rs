//! What sending is made of: the number, the invoice as it stays, its share link, and the mails about it.

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{
    Stale,
    billing::TeamTx,
    draft::{DELETE_LINES, DELETE_TAXES, DraftRow, from_json},
};
use crate::{
    draft::{ReadyInvoice, TypedInvoice},
    error::Result,
    id::{ClientId, ContactId, InvoiceId, InvoiceMailId, ShareLinkId},
    ledger::LockedInvoice,
    store::{
        db::{execute, fetch_all, fetch_one, fetch_optional},
        invoice_text::{invoice_number, invoice_search_text},
        system::{MailKind, enqueue},
    },
};

/// A draft that this transaction holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LockedDraft {
    /// As it stands.
    pub(crate) row: DraftRow,
    /// As it is typed.
    pub(crate) typed: TypedInvoice,
}

/// What a mail about an invoice is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvoiceMailKind {
    /// It was sent.
    Invoice,
    /// It is still to be paid.
    Reminder,
}

impl InvoiceMailKind {
    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invoice => "invoice",
            Self::Reminder => "reminder",
        }
    }
}

/// A contact that mail can go to.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Recipient {
    /// Id.
    pub(crate) id: ContactId,
    /// Address.
    pub(crate) email: String,
}

#[derive(sqlx::FromRow)]
struct Taken {
    prefix: String,
    n: i64,
}

/// The row stays locked until the transaction ends; its version is the one before.
const LOCK_DRAFT: &str = "UPDATE invoices SET version = version + 1 WHERE org_id = $1 AND id = $2 \
    RETURNING org_id, client_id, id, status, version - 1 AS version, typed, currency, \
    (SELECT o.payment_days FROM orgs o WHERE o.id = invoices.org_id) AS payment_days";
/// The org's row is held until the transaction ends, so numbers follow one another without a gap (rule M8).
const TAKE_NUMBER: &str = "UPDATE orgs SET next_invoice_number = next_invoice_number + 1 WHERE id = $1 \
    RETURNING invoice_prefix AS prefix, next_invoice_number - 1 AS n";
const SAVE_SENT: &str = "UPDATE invoices SET status = 'sent', number = $4, title = $5, reference = $6, notes = $7, \
    issued_on = $8, due_on = $9, subtotal_minor = $10, tax_minor = $11, total_minor = $12, discount_ppm = $13, \
    discount_minor = $14, search_text = $15, sent_at = $16, typed = NULL, \
    client_name = (SELECT c.name FROM clients c WHERE c.org_id = $1 AND c.id = $2), \
    client_address = (SELECT c.address FROM clients c WHERE c.org_id = $1 AND c.id = $2), \
    client_tax_id = (SELECT c.tax_id FROM clients c WHERE c.org_id = $1 AND c.id = $2), \
    org_name = (SELECT o.name FROM orgs o WHERE o.id = $1), \
    org_address = (SELECT o.address FROM orgs o WHERE o.id = $1), \
    org_tax_id = (SELECT o.tax_id FROM orgs o WHERE o.id = $1) \
    WHERE org_id = $1 AND client_id = $2 AND id = $3";
const ADD_LINE: &str = "INSERT INTO invoice_lines (org_id, client_id, invoice_id, position, description, quantity_milli, unit, \
    unit_price_minor, tax_rate_ppm, net_minor) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
const ADD_TAX: &str = "INSERT INTO invoice_taxes (org_id, client_id, invoice_id, rate_ppm, label, base_minor, tax_minor) \
    VALUES ($1, $2, $3, $4, (SELECT o.tax_name FROM orgs o WHERE o.id = $1), $5, $6)";
const REVOKE_LINKS: &str = "UPDATE share_links SET revoked_at = $4 \
    WHERE org_id = $1 AND client_id = $2 AND invoice_id = $3 AND revoked_at IS NULL";
const LIVE_LINK: &str = "SELECT CAST(1 AS BIGINT) FROM share_links \
    WHERE org_id = $1 AND client_id = $2 AND invoice_id = $3 AND revoked_at IS NULL";
const ADD_LINK: &str = "INSERT INTO share_links (org_id, client_id, id, invoice_id, nonce, token_hash, created_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7)";
const RECIPIENTS: &str =
    "SELECT id, email FROM contacts WHERE org_id = $1 AND client_id = $2 AND archived_at IS NULL ORDER BY id";
const ADD_MAIL: &str = "INSERT INTO invoice_mails (org_id, client_id, id, invoice_id, contact_id, kind, message, created_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (org_id, client_id, id) DO NOTHING";

impl TeamTx {
    /// A draft of the org that nobody else changes until this transaction ends. `Err`: somebody has changed it
    /// since this version was read, or there is none. One that was sent is given out as it is.
    pub(crate) async fn lock_draft(
        &mut self,
        id: InvoiceId,
        version: i64,
    ) -> Result<Result<LockedDraft, Stale>> {
        let org = self.org();
        let Some(row) = fetch_optional!(self.conn, DraftRow, LOCK_DRAFT, org, id)? else {
            return Ok(Err(Stale::NotFound));
        };
        if row.status == "draft" && row.version != version {
            return Ok(Err(Stale::Changed));
        }
        let typed = row.typed.as_deref().map(from_json).unwrap_or_default();
        Ok(Ok(LockedDraft { row, typed }))
    }

    /// Takes the org's next number.
    pub(crate) async fn take_number(&mut self) -> Result<String> {
        let org = self.org();
        let taken = fetch_one!(self.conn, Taken, TAKE_NUMBER, org)?;
        Ok(invoice_number(&taken.prefix, taken.n))
    }

    /// Writes the invoice as it stays.
    pub(crate) async fn save_sent(
        &mut self,
        invoice: &LockedInvoice,
        number: &str,
        currency: app::money::Currency,
        ready: &ReadyInvoice,
    ) -> Result<()> {
        let (org, client, id, now) = (self.org(), invoice.client_id, invoice.id, self.clock.now());
        let totals = &ready.totals;
        execute!(
            self.conn,
            SAVE_SENT,
            org,
            client,
            id,
            number,
            ready.title.as_str(),
            ready.reference.as_str(),
            ready.notes.as_str(),
            ready.issued_on,
            ready.due_on,
            totals.subtotal_minor,
            totals.tax_minor,
            totals.total_minor,
            ready.discount_ppm,
            totals.discount_minor,
            invoice_search_text(Some(number), &ready.title, &ready.reference, totals.total_minor, currency)
                .as_str(),
            now,
        )?;
        execute!(self.conn, DELETE_LINES, org, client, id)?;
        execute!(self.conn, DELETE_TAXES, org, client, id)?;
        for (position, line) in (1_i64..).zip(&ready.lines) {
            execute!(
                self.conn,
                ADD_LINE,
                org,
                client,
                id,
                position,
                line.description.as_str(),
                line.line.quantity_milli,
                line.unit.as_str(),
                line.line.unit_price_minor,
                line.line.tax_rate_ppm,
                line.net_minor,
            )?;
        }
        // Without any tax there is nothing to be said of one.
        for tax in totals.taxes.iter().filter(|tax| tax.rate_ppm != 0 || totals.taxes.len() > 1) {
            execute!(self.conn, ADD_TAX, org, client, id, tax.rate_ppm, tax.base_minor, tax.tax_minor)?;
        }
        Ok(())
    }

    /// Ends the invoice's share link, if it has one; `false` where it has none.
    pub(crate) async fn revoke_share_link(&mut self, invoice: &LockedInvoice) -> Result<bool> {
        let (org, now) = (self.org(), self.clock.now());
        Ok(execute!(self.conn, REVOKE_LINKS, org, invoice.client_id, invoice.id, now)? > 0)
    }

    /// Whether a share link leads to the invoice.
    pub(crate) async fn has_share_link(&mut self, invoice: &LockedInvoice) -> Result<bool> {
        let org = self.org();
        let found: Option<(i64,)> =
            fetch_optional!(self.conn, (i64,), LIVE_LINK, org, invoice.client_id, invoice.id)?;
        Ok(found.is_some())
    }

    /// Gives the invoice a share link. One that it has must be ended before.
    pub(crate) async fn add_share_link(
        &mut self,
        invoice: &LockedInvoice,
        nonce: &[u8; 32],
        token_hash: &[u8; 32],
    ) -> Result<()> {
        let (org, now) = (self.org(), self.clock.now());
        let id = ShareLinkId::new(now);
        execute!(
            self.conn,
            ADD_LINK,
            org,
            invoice.client_id,
            id,
            invoice.id,
            &nonce[..],
            &token_hash[..],
            now
        )?;
        Ok(())
    }

    /// The contacts that mail about a client's invoices can go to.
    pub(crate) async fn recipients(&mut self, client: ClientId) -> Result<Vec<Recipient>> {
        let org = self.org();
        fetch_all!(self.conn, Recipient, RECIPIENTS, org, client)
    }

    /// Writes a mail about the invoice into the outbox. The same act again, to the same contact, is the same
    /// mail: `false`.
    pub(crate) async fn enqueue_invoice_mail(
        &mut self,
        (kind, act): (InvoiceMailKind, Uuid),
        invoice: &LockedInvoice,
        to: &Recipient,
        message: &str,
    ) -> Result<bool> {
        let (org, now) = (self.org(), self.clock.now());
        let id = mail_id((kind, act), invoice, to);
        let added = execute!(
            self.conn,
            ADD_MAIL,
            org,
            invoice.client_id,
            id,
            invoice.id,
            to.id,
            kind.as_str(),
            message,
            now
        )?;
        if added > 0 {
            enqueue(&mut self.conn, now, MailKind::Invoice, &to.email, &id.to_string()).await?;
        }
        Ok(added > 0)
    }
}

/// The id of a mail follows from the act that causes it, and from nothing else that has the act's id: callers make
/// these themselves, and may take the invoice's for that of a reminder, or ids that follow one another. The
/// contact's id is of our making and in one org alone, so no two orgs have one mail.
fn mail_id((kind, act): (InvoiceMailKind, Uuid), invoice: &LockedInvoice, to: &Recipient) -> InvoiceMailId {
    let mut hash = Sha256::new();
    hash.update(kind.as_str());
    for id in [act, invoice.id.uuid(), to.id.uuid()] {
        hash.update(id.as_bytes());
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    // Mails are listed by their ids: the time that the act's tells comes first.
    bytes[..6].copy_from_slice(&act.as_bytes()[..6]);
    InvoiceMailId::from_uuid(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}
