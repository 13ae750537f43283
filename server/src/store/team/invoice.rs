//! One invoice with its parts, as the team sees it.

use chrono::{DateTime, NaiveDate, Utc};

use super::{TeamScope, org_rows, team_rows};
use crate::{
    auth::share_link::ShareLinkRow as GuestRow,
    error::Result,
    id::{ClientId, InvoiceId, PaymentId},
    store::{
        ActivityKind, Origin,
        activity::{self, MemberActivity},
        checkout,
        db::fetch_optional,
    },
};

org_rows! {
    /// An invoice.
    TeamInvoiceRow {
        /// The client.
        client_id: ClientId,
        /// The client's name.
        client_name: String,
        /// Id.
        id: InvoiceId,
        /// The org's number; none in a draft.
        number: Option<String>,
        /// What it is for.
        title: String,
        /// The client's reference.
        reference: String,
        /// A word to the client.
        notes: String,
        /// `draft`, `open`, `paid` or `void`.
        settlement: String,
        /// Day of issue.
        issued_on: NaiveDate,
        /// Last day to pay in time.
        due_on: NaiveDate,
        /// ISO 4217.
        currency: String,
        /// The discount in millionths.
        discount_ppm: i64,
        /// What is taken off the sum of the lines.
        discount_minor: i64,
        /// Sum of the lines, the discount taken off.
        subtotal_minor: i64,
        /// Sum of the taxes.
        tax_minor: i64,
        /// Total, taxes included.
        total_minor: i64,
        /// Paid so far.
        paid_minor: i64,
        /// How often contacts have opened it.
        view_count: i64,
        /// When one first did.
        first_viewed_at: Option<DateTime<Utc>>,
        /// When one last did.
        last_viewed_at: Option<DateTime<Utc>>,
        /// Counts changes.
        version: i64,
        /// As it is typed (JSON), in a draft.
        typed: Option<String>,
        /// Whether a part of it can be paid online.
        allows_part: bool,
        /// Since when a payment is under way, which takes days.
        processing_since: Option<DateTime<Utc>>,
        /// When the last try to pay it online failed.
        failed_at: Option<DateTime<Utc>>,
    }

    /// The share link of an invoice, as far as it is stored.
    ShareLinkRow {
        /// What its token is made of.
        nonce: Vec<u8>,
        /// What its token hashes to.
        token_hash: Vec<u8>,
    }

    /// A mail about an invoice.
    InvoiceMailRow {
        /// `invoice` or `reminder`.
        kind: String,
        /// When it was written.
        created_at: DateTime<Utc>,
        /// To whom.
        contact_name: String,
        /// The contact's address now.
        contact_email: String,
    }

    /// One line of an invoice.
    TeamLineRow {
        /// What was delivered.
        description: String,
        /// Thousandths of the unit.
        quantity_milli: i64,
        /// What is counted.
        unit: String,
        /// Price of one unit.
        unit_price_minor: i64,
        /// Millionths.
        tax_rate_ppm: i64,
        /// Quantity × unit price.
        net_minor: i64,
    }

    /// The tax of one rate.
    TeamTaxRow {
        /// What the org calls it.
        label: String,
        /// Millionths.
        rate_ppm: i64,
        /// Sum of the lines at this rate.
        base_minor: i64,
        /// Tax on it.
        tax_minor: i64,
    }

    /// A payment, refund, reversal or dispute.
    TeamPaymentRow {
        /// Id.
        id: PaymentId,
        /// `payment`, `refund`, `reversal` or `dispute`.
        kind: String,
        /// `card`, `bank_transfer`, `cash` or `other`.
        method: String,
        /// Negative for all but payments.
        amount_minor: i64,
        /// Day on which the money came.
        received_on: NaiveDate,
        /// The payer's reference.
        reference: String,
        /// It was taken back by a reversal.
        is_reversed: bool,
        /// It came although nobody waited for it: more than was due, or for a void invoice.
        is_unexpected: bool,
    }
}

impl super::OrgRow for GuestRow {
    fn org(&self) -> crate::id::OrgId {
        self.org_id()
    }
}

/// What is on an invoice besides its own row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceParts {
    /// In order.
    pub lines: Vec<TeamLineRow>,
    /// Highest rate first.
    pub taxes: Vec<TeamTaxRow>,
    /// Newest first.
    pub payments: Vec<TeamPaymentRow>,
}

const INVOICE: &str = concat!(
    "SELECT i.org_id, i.client_id, c.name AS client_name, i.id, i.number, i.title, i.reference, i.notes, \
    i.settlement, i.issued_on, i.due_on, i.currency, i.discount_ppm, i.discount_minor, i.subtotal_minor, i.tax_minor, i.total_minor, i.paid_minor, \
    i.version, i.typed, i.allows_part, ",
    checkout::last_checkout_since!("processing", "i"),
    " AS processing_since, ",
    checkout::last_checkout_since!("failed", "i"),
    " AS failed_at, \
    CAST(COALESCE((SELECT SUM(v.views) FROM invoice_views v WHERE v.org_id = i.org_id \
        AND v.client_id = i.client_id AND v.invoice_id = i.id), 0) AS BIGINT) AS view_count, \
    (SELECT MIN(v.first_viewed_at) FROM invoice_views v WHERE v.org_id = i.org_id \
        AND v.client_id = i.client_id AND v.invoice_id = i.id) AS first_viewed_at, \
    (SELECT MAX(v.last_viewed_at) FROM invoice_views v WHERE v.org_id = i.org_id \
        AND v.client_id = i.client_id AND v.invoice_id = i.id) AS last_viewed_at \
    FROM invoices i JOIN clients c ON c.org_id = i.org_id AND c.id = i.client_id \
    WHERE i.org_id = $1 AND i.id = $2"
);
const LINES: &str = "SELECT org_id, description, quantity_milli, unit, unit_price_minor, tax_rate_ppm, net_minor \
    FROM invoice_lines WHERE org_id = $1 AND client_id = $2 AND invoice_id = $3 ORDER BY position";
const TAXES: &str = "SELECT org_id, label, rate_ppm, base_minor, tax_minor \
    FROM invoice_taxes WHERE org_id = $1 AND client_id = $2 AND invoice_id = $3 ORDER BY rate_ppm DESC";
const PAYMENTS: &str = "SELECT p.org_id, p.id, p.kind, p.method, p.amount_minor, p.received_on, p.reference, \
    EXISTS (SELECT 1 FROM payments r WHERE r.org_id = p.org_id AND r.client_id = p.client_id \
        AND r.reverses_id = p.id AND r.kind = 'reversal') AS is_reversed, p.flag IS NOT NULL AS is_unexpected \
    FROM payments p WHERE p.org_id = $1 AND p.client_id = $2 AND p.invoice_id = $3 \
    ORDER BY p.received_on DESC, p.id DESC";

/// What whoever has the link would see; not of a draft.
const GUEST: &str = "SELECT i.org_id, i.client_id, i.id AS invoice_id, \
    o.slug AS org_slug, o.name AS org_name, o.email AS org_email, o.accent, \
    (SELECT a.sha256 FROM brand_assets a WHERE a.org_id = i.org_id AND a.kind = 'logo') AS logo_sha256, \
    COALESCE(c.locale, o.locale) AS locale, o.time_zone, o.payment_instructions, o.plan, FALSE AS takes_payments \
    FROM invoices i \
    JOIN orgs o ON o.id = i.org_id \
    JOIN clients c ON c.org_id = i.org_id AND c.id = i.client_id \
    WHERE i.org_id = $1 AND i.id = $2 AND i.status <> 'draft'";
const SHARE_LINK: &str = "SELECT org_id, nonce, token_hash FROM share_links \
    WHERE org_id = $1 AND client_id = $2 AND invoice_id = $3 AND revoked_at IS NULL";
/// The newest are what one wants to know; an invoice that was mailed more often is rare.
const MAILS: &str = "SELECT m.org_id, m.kind, m.created_at, t.name AS contact_name, t.email AS contact_email \
    FROM invoice_mails m JOIN contacts t ON t.org_id = m.org_id AND t.client_id = m.client_id AND t.id = m.contact_id \
    WHERE m.org_id = $1 AND m.client_id = $2 AND m.invoice_id = $3 ORDER BY m.id DESC LIMIT 20";

const ALLOW_PART: &str = "UPDATE invoices SET allows_part = $3, version = version + 1 \
    WHERE org_id = $1 AND id = $2 AND status = 'sent' AND allows_part <> $3 RETURNING client_id";

impl TeamScope<'_> {
    /// Lets a part of an invoice be paid online, or not; `false` where there is none such, or it is so already.
    pub async fn allow_part(&self, id: InvoiceId, allowed: bool, origin: &Origin) -> Result<bool> {
        let mut conn = self.write().await?;
        let (org, now) = (self.actor.org_id(), self.store.clock.now());
        let changed: Option<(ClientId,)> = fetch_optional!(conn, (ClientId,), ALLOW_PART, org, id, allowed)?;
        let Some((client,)) = changed else { return Ok(false) };
        checkout::enqueue_review(&mut conn, now, org, client, id).await?;
        let row = MemberActivity {
            kind: ActivityKind::PartAllowed,
            org_id: org,
            member_id: self.actor.member_id(),
            client_id: Some(client),
            contact_id: None,
            invoice_id: Some(id),
            detail: if allowed { "on" } else { "off" },
            origin,
        };
        activity::append_member(&mut conn, now, &row).await?;
        conn.commit().await?;
        Ok(true)
    }

    /// One invoice; `None` where there is none or where it is not this org's.
    pub async fn invoice(&self, id: InvoiceId) -> Result<Option<TeamInvoiceRow>> {
        let rows: Result<Vec<TeamInvoiceRow>> = team_rows!(self, TeamInvoiceRow, INVOICE, id);
        Ok(rows?.pop())
    }

    /// What else is on an invoice.
    pub async fn invoice_parts(&self, client: ClientId, id: InvoiceId) -> Result<InvoiceParts> {
        let lines: Result<Vec<TeamLineRow>> = team_rows!(self, TeamLineRow, LINES, client, id);
        let taxes: Result<Vec<TeamTaxRow>> = team_rows!(self, TeamTaxRow, TAXES, client, id);
        let payments: Result<Vec<TeamPaymentRow>> = team_rows!(self, TeamPaymentRow, PAYMENTS, client, id);
        Ok(InvoiceParts { lines: lines?, taxes: taxes?, payments: payments? })
    }

    /// The share link of an invoice that was sent; `None` where it has none.
    pub async fn share_link(&self, client: ClientId, id: InvoiceId) -> Result<Option<ShareLinkRow>> {
        let rows: Result<Vec<ShareLinkRow>> = team_rows!(self, ShareLinkRow, SHARE_LINK, client, id);
        Ok(rows?.pop())
    }

    /// An invoice of the org as whoever has its link would see it: for its PDF. `None` for a draft.
    pub async fn as_guest(&self, id: InvoiceId) -> Result<Option<GuestRow>> {
        let rows: Result<Vec<GuestRow>> = team_rows!(self, GuestRow, GUEST, id);
        Ok(rows?.pop())
    }

    /// The mails about an invoice, newest first.
    pub async fn invoice_mails(&self, client: ClientId, id: InvoiceId) -> Result<Vec<InvoiceMailRow>> {
        team_rows!(self, InvoiceMailRow, MAILS, client, id)
    }
}

#[cfg(feature = "testing")]
pub(super) fn planned_statements() -> Vec<(String, &'static str)> {
    [
        ("team invoice", INVOICE),
        ("team invoice lines", LINES),
        ("team invoice taxes", TAXES),
        ("team invoice payments", PAYMENTS),
        ("team invoice as guest", GUEST),
        ("team invoice share link", SHARE_LINK),
        ("team invoice mails", MAILS),
    ]
    .map(|(name, sql)| (name.to_owned(), sql))
    .to_vec()
}
