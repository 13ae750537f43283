//! One invoice with its parts, as the team sees it.

use std::cmp::Reverse;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{
    TeamPaymentSummaryRow as TeamPaymentRow, TeamScope,
    keyed::{Keyed, keyed_rows},
    org_rows,
    payments::keyed_payments,
    team_rows,
};
use crate::{
    auth::share_link::ShareLinkRow as GuestRow,
    error::Result,
    id::{ClientId, InvoiceId, InvoiceMailId},
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
        /// When it was begun.
        created_at: DateTime<Utc>,
        /// When it was sent.
        sent_at: Option<DateTime<Utc>>,
        /// When it was cancelled.
        voided_at: Option<DateTime<Utc>>,
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
        /// The invoice.
        invoice_id: InvoiceId,
        /// What its token is made of.
        nonce: Vec<u8>,
        /// What its token hashes to.
        token_hash: Vec<u8>,
    }

    /// A mail about an invoice.
    InvoiceMailRow {
        /// Id.
        id: InvoiceMailId,
        /// The invoice.
        invoice_id: InvoiceId,
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
        /// The invoice.
        invoice_id: InvoiceId,
        /// Its place on the invoice.
        position: i64,
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
        /// The invoice.
        invoice_id: InvoiceId,
        /// What the org calls it.
        label: String,
        /// Millionths.
        rate_ppm: i64,
        /// Sum of the lines at this rate.
        base_minor: i64,
        /// Tax on it.
        tax_minor: i64,
    }
}

impl super::OrgRow for GuestRow {
    fn org(&self) -> crate::id::OrgId {
        self.org_id()
    }
}

/// All of an invoice that stands in its own row, and how often it was viewed.
macro_rules! whole_invoice {
    ($before:literal, $from:literal) => {
        concat!(
            $before,
            "SELECT i.org_id, i.client_id, c.name AS client_name, i.id, i.number, i.title, i.reference, i.notes, \
            i.settlement, i.issued_on, i.due_on, i.currency, i.discount_ppm, i.discount_minor, i.subtotal_minor, i.tax_minor, i.total_minor, i.paid_minor, \
            i.version, i.typed, i.allows_part, i.created_at, i.sent_at, i.voided_at, ",
            checkout::last_checkout_since!("processing", "i"),
            " AS processing_since, ",
            checkout::last_checkout_since!("failed", "i"),
            " AS failed_at, \
            CAST(COALESCE((SELECT SUM(v.views) FROM invoice_views v WHERE v.org_id = i.org_id \
                AND v.client_id = i.client_id AND v.invoice_id = i.id), 0) AS BIGINT) AS view_count, \
            (SELECT MIN(v.first_viewed_at) FROM invoice_views v WHERE v.org_id = i.org_id \
                AND v.client_id = i.client_id AND v.invoice_id = i.id) AS first_viewed_at, \
            (SELECT MAX(v.last_viewed_at) FROM invoice_views v WHERE v.org_id = i.org_id \
                AND v.client_id = i.client_id AND v.invoice_id = i.id) AS last_viewed_at ",
            $from
        )
    };
}

const INVOICE: &str = whole_invoice!(
    "",
    "FROM invoices i JOIN clients c ON c.org_id = i.org_id AND c.id = i.client_id WHERE i.org_id = $1 AND i.id = $2"
);
static INVOICES: Keyed = Keyed::new(
    whole_invoice!(
        "WITH k(id) AS (VALUES {keys}) ",
        "FROM k CROSS JOIN invoices i \
        JOIN clients c ON c.org_id = i.org_id AND c.id = i.client_id \
        WHERE i.org_id = $1 AND i.id = k.id"
    ),
    1,
    1,
);
static LINES: Keyed = Keyed::new(
    "WITH k(client_id, id) AS (VALUES {keys}) \
    SELECT l.org_id, l.invoice_id, l.position, l.description, l.quantity_milli, l.unit, l.unit_price_minor, l.tax_rate_ppm, \
    l.net_minor FROM k CROSS JOIN invoice_lines l \
    WHERE l.org_id = $1 AND l.client_id = k.client_id AND l.invoice_id = k.id",
    2,
    1,
);
static TAXES: Keyed = Keyed::new(
    "WITH k(client_id, id) AS (VALUES {keys}) \
    SELECT t.org_id, t.invoice_id, t.label, t.rate_ppm, t.base_minor, t.tax_minor \
    FROM k CROSS JOIN invoice_taxes t \
    WHERE t.org_id = $1 AND t.client_id = k.client_id AND t.invoice_id = k.id",
    2,
    1,
);
static PAYMENTS: Keyed =
    Keyed::new(keyed_payments!("client_id, id", "p.client_id = k.client_id AND p.invoice_id = k.id"), 2, 1);
static SHARE_LINKS: Keyed = Keyed::new(
    "WITH k(client_id, id) AS (VALUES {keys}) \
    SELECT s.org_id, s.invoice_id, s.nonce, s.token_hash FROM k CROSS JOIN share_links s \
    WHERE s.org_id = $1 AND s.client_id = k.client_id AND s.invoice_id = k.id AND s.revoked_at IS NULL",
    2,
    1,
);
static MAILS: Keyed = Keyed::new(
    "WITH k(client_id, id) AS (VALUES {keys}) \
    SELECT m.org_id, m.id, m.invoice_id, m.kind, m.created_at, t.name AS contact_name, t.email AS contact_email \
    FROM k CROSS JOIN invoice_mails m \
    JOIN contacts t ON t.org_id = m.org_id AND t.client_id = m.client_id AND t.id = m.contact_id \
    WHERE m.org_id = $1 AND m.client_id = k.client_id AND m.invoice_id = k.id",
    2,
    1,
);

/// What whoever has the link would see; not of a draft.
const GUEST: &str = "SELECT i.org_id, i.client_id, i.id AS invoice_id, \
    o.slug AS org_slug, o.name AS org_name, o.email AS org_email, o.accent, \
    (SELECT a.sha256 FROM brand_assets a WHERE a.org_id = i.org_id AND a.kind = 'logo') AS logo_sha256, \
    COALESCE(c.locale, o.locale) AS locale, o.time_zone, o.payment_instructions, o.plan, FALSE AS takes_payments \
    FROM invoices i \
    JOIN orgs o ON o.id = i.org_id \
    JOIN clients c ON c.org_id = i.org_id AND c.id = i.client_id \
    WHERE i.org_id = $1 AND i.id = $2 AND i.status <> 'draft'";
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
            client_id: Some(client),
            invoice_id: Some(id),
            detail: if allowed { "on" } else { "off" },
            ..MemberActivity::by(&self.actor, ActivityKind::PartAllowed, origin)
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

    /// Those of these invoices that are the org's, in any order.
    pub async fn invoices_by_id(&self, ids: &[InvoiceId]) -> Result<Vec<TeamInvoiceRow>> {
        let keys: Vec<[Uuid; 1]> = ids.iter().map(|id| [id.uuid()]).collect();
        keyed_rows!(self, TeamInvoiceRow, INVOICES, keys)
    }

    /// The lines of invoices, each in its order.
    pub async fn invoice_lines(&self, invoices: &[InvoiceKey]) -> Result<Vec<TeamLineRow>> {
        let rows: Result<Vec<TeamLineRow>> = keyed_rows!(self, TeamLineRow, LINES, keys(invoices));
        rows.map(|rows| sorted_by_key(rows, |line| line.position))
    }

    /// The taxes of invoices, highest rate first.
    pub async fn invoice_taxes(&self, invoices: &[InvoiceKey]) -> Result<Vec<TeamTaxRow>> {
        let rows: Result<Vec<TeamTaxRow>> = keyed_rows!(self, TeamTaxRow, TAXES, keys(invoices));
        rows.map(|rows| sorted_by_key(rows, |tax| Reverse(tax.rate_ppm)))
    }

    /// The payments for invoices, newest first.
    pub async fn invoice_payments(&self, invoices: &[InvoiceKey]) -> Result<Vec<TeamPaymentRow>> {
        let rows: Result<Vec<TeamPaymentRow>> = keyed_rows!(self, TeamPaymentRow, PAYMENTS, keys(invoices));
        rows.map(|rows| sorted_by_key(rows, |payment| Reverse((payment.received_on, payment.id))))
    }

    /// The share links of invoices that were sent, as far as they have one.
    pub async fn share_links(&self, invoices: &[InvoiceKey]) -> Result<Vec<ShareLinkRow>> {
        keyed_rows!(self, ShareLinkRow, SHARE_LINKS, keys(invoices))
    }

    /// The mails about invoices, newest first.
    pub async fn invoice_mails(&self, invoices: &[InvoiceKey]) -> Result<Vec<InvoiceMailRow>> {
        let rows: Result<Vec<InvoiceMailRow>> = keyed_rows!(self, InvoiceMailRow, MAILS, keys(invoices));
        rows.map(|rows| sorted_by_key(rows, |mail| Reverse(mail.id)))
    }

    /// An invoice of the org as whoever has its link would see it: for its PDF. `None` for a draft.
    pub async fn as_guest(&self, id: InvoiceId) -> Result<Option<GuestRow>> {
        let rows: Result<Vec<GuestRow>> = team_rows!(self, GuestRow, GUEST, id);
        Ok(rows?.pop())
    }
}

/// An invoice by its client and its id, which is how its parts are kept.
pub type InvoiceKey = (ClientId, InvoiceId);

fn keys(invoices: &[InvoiceKey]) -> Vec<[Uuid; 2]> {
    invoices.iter().map(|(client, id)| [client.uuid(), id.uuid()]).collect()
}

/// SQL would sort all of them for the sake of a few.
pub(super) fn sorted_by_key<T, K: Ord>(mut rows: Vec<T>, key: impl Fn(&T) -> K) -> Vec<T> {
    rows.sort_by_key(key);
    rows
}

#[cfg(feature = "testing")]
pub(super) fn planned_statements() -> Vec<(String, &'static str)> {
    let single = [("team invoice", INVOICE), ("team invoice as guest", GUEST)];
    let keyed = [
        ("invoices", &INVOICES),
        ("invoice lines", &LINES),
        ("invoice taxes", &TAXES),
        ("invoice payments", &PAYMENTS),
        ("invoice share links", &SHARE_LINKS),
        ("invoice mails", &MAILS),
    ];
    single
        .into_iter()
        .map(|(name, sql)| (name.to_owned(), sql))
        .chain(keyed.into_iter().flat_map(|(name, keyed)| keyed.planned(name)))
        .collect()
}
