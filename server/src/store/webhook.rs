//! What happens to an invoice is written down for webhooks in the transaction in which it happens (rule G3), as it
//! stands in that moment. Who is told of it, and how, is the work of `jobs::webhook`.

use chrono::{DateTime, NaiveDate, Utc};

use super::db::{Conn, execute};
use crate::{
    error::Result,
    id::{ClientId, InvoiceId, OrgId, PaymentId, WebhookEventId},
};

/// What a webhook can tell of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookKind {
    /// An invoice was sent.
    InvoiceSent,
    /// A contact, or whoever has its link, has opened an invoice; again only after an hour.
    InvoiceViewed,
    /// Nothing is due on an invoice any more.
    InvoicePaid,
    /// An invoice was cancelled.
    InvoiceVoided,
    /// Money came, online or written down by hand.
    PaymentReceived,
    /// Money was given back through Stripe.
    PaymentRefunded,
    /// Giving money back did not go through, and it is here again.
    PaymentRefundFailed,
    /// The payer's bank took money back.
    PaymentDisputed,
    /// The bank decided for the org, and the money is back.
    PaymentDisputeWon,
    /// A payment that was written down by mistake was taken back.
    PaymentReversed,
    /// A trial, to see that it arrives.
    Test,
}

impl WebhookKind {
    /// All of them; the last is nothing that one can ask to be told of.
    pub const ALL: [Self; 11] = [
        Self::InvoiceSent,
        Self::InvoiceViewed,
        Self::InvoicePaid,
        Self::InvoiceVoided,
        Self::PaymentReceived,
        Self::PaymentRefunded,
        Self::PaymentRefundFailed,
        Self::PaymentDisputed,
        Self::PaymentDisputeWon,
        Self::PaymentReversed,
        Self::Test,
    ];

    /// The `type` of the event, as the receiver reads it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvoiceSent => "invoice.sent",
            Self::InvoiceViewed => "invoice.viewed",
            Self::InvoicePaid => "invoice.paid",
            Self::InvoiceVoided => "invoice.voided",
            Self::PaymentReceived => "payment.received",
            Self::PaymentRefunded => "payment.refunded",
            Self::PaymentRefundFailed => "payment.refund_failed",
            Self::PaymentDisputed => "payment.disputed",
            Self::PaymentDisputeWon => "payment.dispute_won",
            Self::PaymentReversed => "payment.reversed",
            Self::Test => "webhook.test",
        }
    }

    /// Reads the word; `None` for one that this version does not know.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// What happened, as it stood in the moment in which it did. Nothing but kind and time in a trial.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct WebhookFacts {
    /// As [`WebhookKind`] names it.
    pub kind: String,
    /// When.
    pub occurred_at: DateTime<Utc>,
    /// The client.
    pub client_id: Option<ClientId>,
    /// The client's name, as it stands on the invoice.
    pub client_name: Option<String>,
    /// The invoice.
    pub invoice_id: Option<InvoiceId>,
    /// Its number.
    pub number: Option<String>,
    /// `open`, `paid` or `void`.
    pub settlement: Option<String>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// Total, taxes included.
    pub total_minor: Option<i64>,
    /// Paid so far.
    pub paid_minor: Option<i64>,
    /// Day of issue.
    pub issued_on: Option<NaiveDate>,
    /// Last day to pay in time.
    pub due_on: Option<NaiveDate>,
    /// The payment; none where it is about none.
    pub payment_id: Option<PaymentId>,
    /// Its amount; negative where less is received after it.
    pub amount_minor: Option<i64>,
    /// `card`, `bank_transfer`, `cash` or `other`.
    pub method: Option<String>,
}

/// The columns of [`WebhookFacts`], of an event `e`.
macro_rules! facts_columns {
    () => {
        "e.kind, e.occurred_at, e.client_id, e.client_name, e.invoice_id, e.number, e.settlement, e.currency, \
        e.total_minor, e.paid_minor, e.issued_on, e.due_on, e.payment_id, e.amount_minor, e.method"
    };
}
pub(super) use facts_columns;

/// The money that an event is about.
#[derive(Debug, Clone, Copy)]
pub struct Money<'a> {
    /// The row of the ledger.
    pub payment: PaymentId,
    /// Minor units; negative where less is received after it.
    pub amount_minor: i64,
    /// `card`, `bank_transfer`, `cash` or `other`.
    pub method: &'a str,
}

/// Nothing is written where nobody wants to be told.
const EMIT: &str = "INSERT INTO webhook_events (org_id, id, kind, occurred_at, client_id, invoice_id, payment_id, client_name, \
    number, settlement, currency, total_minor, paid_minor, issued_on, due_on, amount_minor, method) \
    SELECT i.org_id, $3, $4, $5, i.client_id, i.id, $6, i.client_name, i.number, i.settlement, i.currency, i.total_minor, i.paid_minor, \
    i.issued_on, i.due_on, $7, $8 \
    FROM invoices i JOIN orgs o ON o.id = i.org_id \
    WHERE i.org_id = $1 AND i.id = $2 AND o.has_webhooks";

/// Whoever is not told any more has nothing waiting. `$1`: the org, `$2`: the endpoint, `$3`: now.
pub(super) const GIVE_UP: &str = "UPDATE webhook_deliveries SET state = 'failed', ended_at = $3 \
    WHERE org_id = $1 AND endpoint_id = $2 AND state = 'waiting'";
/// Keeps the org's note of whether anybody is told. `$1`: the org.
pub(super) const HAS_WEBHOOKS: &str = "UPDATE orgs SET has_webhooks = EXISTS (SELECT 1 FROM webhook_endpoints w \
    WHERE w.org_id = orgs.id AND w.removed_at IS NULL AND w.disabled_at IS NULL) WHERE id = $1";

/// Writes down what has happened to an invoice.
pub(super) async fn emit(
    conn: &mut Conn,
    now: DateTime<Utc>,
    kind: WebhookKind,
    (org, invoice): (OrgId, InvoiceId),
    money: Option<Money<'_>>,
) -> Result<()> {
    execute!(
        *conn,
        EMIT,
        org,
        invoice,
        WebhookEventId::new(now),
        kind.as_str(),
        now,
        money.map(|money| money.payment),
        money.map(|money| money.amount_minor),
        money.map(|money| money.method),
    )?;
    Ok(())
}
