//! Checkouts as rows, and what every scope does with them in the same way.

use chrono::{DateTime, Utc};

use super::{
    db::{Conn, execute},
    row::TenantRow,
    system::JobKind,
};
use crate::{
    checkout::{CheckoutState, Part},
    error::{Error, Result},
    id::{CheckoutId, ClientId, ContactId, InvoiceId, JobId, OrgId},
    stripe::{AccountId, IntentId, SessionId},
};

/// A checkout as it stands in the database.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct CheckoutRow {
    /// The tenant.
    pub org_id: OrgId,
    /// The client.
    pub client_id: ClientId,
    /// Id.
    pub id: CheckoutId,
    /// On which account.
    pub account_id: AccountId,
    /// Who was led to it last; none where it was by a share link.
    pub contact_id: Option<ContactId>,
    /// From which browser.
    pub browser: String,
    /// From which network.
    pub ip_short: String,
    /// ISO 4217.
    pub currency: String,
    /// Minor units.
    pub amount_minor: i64,
    /// As [`CheckoutState`] names it.
    pub state: String,
    /// Stripe's id, once it is known.
    pub session_id: Option<SessionId>,
    /// Where it is paid.
    pub url: Option<String>,
    /// Its payment, once one is begun.
    pub payment_intent_id: Option<IntentId>,
    /// What Stripe was asked (JSON).
    pub request: String,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// Until when it can be paid.
    pub expires_at: DateTime<Utc>,
}

impl CheckoutRow {
    /// How it stands.
    pub(crate) fn state(&self) -> Result<CheckoutState> {
        CheckoutState::parse(&self.state)
            .ok_or_else(|| Error::bug(format!("a checkout in the unknown state {}", self.state)))
    }
}

/// The columns of a [`CheckoutRow`] of the table `c`.
macro_rules! checkout_columns {
    () => {
        "c.org_id, c.client_id, c.id, c.account_id, c.contact_id, c.browser, c.ip_short, c.currency, c.amount_minor, c.state, c.session_id, \
         c.url, c.payment_intent_id, c.request, c.created_at, c.expires_at"
    };
}
/// The same out of an `UPDATE`, in which SQLite knows no other name of the table.
macro_rules! returned_columns {
    () => {
        "org_id, client_id, id, account_id, contact_id, browser, ip_short, currency, amount_minor, state, session_id, url, \
         payment_intent_id, request, created_at, expires_at"
    };
}
/// Since when the last checkout of an invoice is in a state; null where it is in another. The second word is the name
/// by which the statement knows the table `invoices`.
macro_rules! last_checkout_since {
    ($state:literal, $invoice:literal) => {
        concat!(
            "(SELECT CASE WHEN k.state = '",
            $state,
            "' THEN k.since END FROM checkout_invoices p JOIN checkouts k ON k.org_id = p.org_id \
              AND k.client_id = p.client_id AND k.id = p.checkout_id WHERE p.org_id = ",
            $invoice,
            ".org_id AND p.client_id = ",
            $invoice,
            ".client_id AND p.invoice_id = ",
            $invoice,
            ".id ORDER BY p.checkout_id DESC LIMIT 1)"
        )
    };
}
pub(super) use {checkout_columns, last_checkout_since, returned_columns};

impl TenantRow for CheckoutRow {
    fn tenant(&self) -> (OrgId, ClientId) {
        (self.org_id, self.client_id)
    }
}

/// A part as it stands in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct PartRow {
    org_id: OrgId,
    client_id: ClientId,
    pub(super) invoice_id: InvoiceId,
    pub(super) amount_minor: i64,
}

impl TenantRow for PartRow {
    fn tenant(&self) -> (OrgId, ClientId) {
        (self.org_id, self.client_id)
    }
}

impl From<PartRow> for Part {
    fn from(row: PartRow) -> Self {
        Self { invoice_id: row.invoice_id, amount_minor: row.amount_minor }
    }
}

pub(super) const PARTS: &str = "SELECT org_id, client_id, invoice_id, amount_minor FROM checkout_invoices \
    WHERE org_id = $1 AND client_id = $2 AND checkout_id = $3 ORDER BY position";

/// Without a key: whoever writes it may not read the queue, so it could not be seen to wait already. To look twice
/// does no harm.
const ENQUEUE: &str =
    "INSERT INTO jobs (id, kind, dedupe_key, payload, run_at, attempts) VALUES ($1, $2, NULL, $3, $4, 0)";
/// What was never connected has nothing that could be open.
const ENQUEUE_WHERE_CONNECTED: &str = "INSERT INTO jobs (id, kind, dedupe_key, payload, run_at, attempts) \
    SELECT $1, $2, NULL, $3, $4, 0 WHERE EXISTS (SELECT 1 FROM stripe_accounts WHERE org_id = $5)";

/// Writes down that what is due on an invoice has changed. It is looked at once this transaction has ended: only then
/// nobody can begin a payment by the old amount any more.
pub(super) async fn enqueue_review(
    conn: &mut Conn,
    now: DateTime<Utc>,
    org: OrgId,
    client: ClientId,
    invoice: InvoiceId,
) -> Result<()> {
    let payload = format!("{org} {client} {invoice}");
    enqueue_where_connected(conn, now, org, JobKind::ReviewCheckouts, &payload).await
}

/// Writes a job down in the transaction of whoever causes it.
pub(super) async fn enqueue(conn: &mut Conn, now: DateTime<Utc>, kind: JobKind, payload: &str) -> Result<()> {
    execute!(*conn, ENQUEUE, JobId::new(now), kind.as_str(), payload, now)?;
    Ok(())
}

/// Writes down that an org takes no payments online any more, in the transaction by which that is so. What could still
/// be paid at Stripe is closed.
pub(super) async fn enqueue_closing(conn: &mut Conn, now: DateTime<Utc>, org: OrgId) -> Result<()> {
    enqueue_where_connected(conn, now, org, JobKind::CloseCheckouts, &org.to_string()).await
}

async fn enqueue_where_connected(
    conn: &mut Conn,
    now: DateTime<Utc>,
    org: OrgId,
    kind: JobKind,
    payload: &str,
) -> Result<()> {
    execute!(*conn, ENQUEUE_WHERE_CONNECTED, JobId::new(now), kind.as_str(), payload, now, org)?;
    Ok(())
}
