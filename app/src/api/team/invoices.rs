//! Invoices and their payments.

use async_graphql_value::{ConstValue, Name};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::{Change, Saved, SavedAnswer, object, run, team, variables};
use crate::{
    api::{
        Document, Executor,
        portal::{Page, PageArgs, PaymentKind, PaymentMethod, page_variables},
    },
    error::AppError,
    money::{Currency, TypedLine},
};

/// Which invoices a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvoiceFilter {
    /// All, drafts as well.
    All,
    /// Not sent yet.
    Draft,
    /// Something is due.
    Open,
    /// Something is due and the due day has passed.
    Overdue,
    /// Nothing is due any more.
    Paid,
    /// Cancelled.
    Void,
}

impl InvoiceFilter {
    /// All of them, in the order of the tabs.
    pub const ALL: [Self; 6] = [Self::All, Self::Draft, Self::Open, Self::Overdue, Self::Paid, Self::Void];

    /// The word in the address; none for all.
    #[must_use]
    pub const fn as_query(self) -> Option<&'static str> {
        match self {
            Self::All => None,
            Self::Draft => Some("draft"),
            Self::Open => Some("open"),
            Self::Overdue => Some("overdue"),
            Self::Paid => Some("paid"),
            Self::Void => Some("void"),
        }
    }

    /// Reads the word; what is not known is all.
    #[must_use]
    pub fn from_query(word: &str) -> Self {
        Self::ALL.into_iter().find(|filter| filter.as_query() == Some(word)).unwrap_or(Self::All)
    }
}

/// How an invoice stands today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum InvoiceStatus {
    /// Not sent yet.
    Draft,
    /// Nothing is paid, and the due day has not passed.
    Open,
    /// A part is paid, and the due day has not passed.
    PartiallyPaid,
    /// Something is due, and the due day has passed.
    Overdue,
    /// Nothing is due any more.
    Paid,
    /// Cancelled.
    Void,
}

/// An invoice in a list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InvoiceSummary {
    /// Id.
    pub id: String,
    /// The org's number; none in a draft.
    pub number: Option<String>,
    /// What it is for.
    pub title: String,
    /// The client's id.
    pub client_id: String,
    /// The client's name.
    pub client_name: String,
    /// How it stands today.
    pub status: InvoiceStatus,
    /// Day of issue.
    pub issued_on: NaiveDate,
    /// Last day to pay in time.
    pub due_on: NaiveDate,
    /// ISO 4217.
    pub currency: Currency,
    /// Total, taxes included.
    pub total_minor: i64,
    /// Still to be paid.
    pub due_minor: i64,
    /// How often contacts have opened it.
    pub view_count: i64,
}

/// An invoice.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Invoice {
    /// What lists show of it.
    #[serde(flatten)]
    pub summary: InvoiceSummary,
    /// The client's reference.
    pub reference: String,
    /// A word to the client.
    pub notes: String,
    /// The discount on all lines, in millionths.
    pub discount_ppm: i64,
    /// What the discount takes off the sum of the lines.
    pub discount_minor: i64,
    /// Sum of the lines, the discount taken off.
    pub subtotal_minor: i64,
    /// Paid so far.
    pub paid_minor: i64,
    /// Whether a part of it can be paid online.
    pub allows_part: bool,
    /// Since when a payment is under way that takes days.
    pub processing_since: Option<DateTime<Utc>>,
    /// When the last try to pay it online failed; none once there was another.
    pub failed_at: Option<DateTime<Utc>>,
    /// Changes whenever what money does to it has changed.
    pub state_tag: String,
    /// When somebody first opened it.
    pub first_viewed_at: Option<DateTime<Utc>>,
    /// When somebody last opened it.
    pub last_viewed_at: Option<DateTime<Utc>>,
    /// Counts changes.
    pub version: i32,
    /// What is typed, in a draft.
    pub draft: Option<Draft>,
    /// The public link to it.
    pub share_url: Option<String>,
    /// The mails about it, newest first.
    pub mails: Vec<InvoiceMail>,
    /// The lines in order.
    pub lines: Vec<InvoiceLine>,
    /// The taxes, highest rate first.
    pub taxes: Vec<InvoiceTax>,
    /// Payments, refunds and corrections, newest first.
    pub payments: Vec<Payment>,
}

/// A draft as it is typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Draft {
    /// Day of issue; empty: the day on which it is sent.
    pub issued_on: String,
    /// Last day to pay in time; empty: so many days later as the org has settled.
    pub due_on: String,
    /// In percent; may be empty.
    pub discount: String,
    /// The lines.
    pub lines: Vec<TypedLine>,
}

/// What a mail about an invoice is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MailKind {
    /// It was sent.
    Invoice,
    /// It is still to be paid.
    Reminder,
}

/// A mail about an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InvoiceMail {
    /// What it is for.
    pub kind: MailKind,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// The name of the contact it went to.
    pub contact_name: String,
    /// The contact's address now.
    pub contact_email: String,
}

/// One line of an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InvoiceLine {
    /// What was delivered.
    pub description: String,
    /// Thousandths of the unit.
    pub quantity_milli: i64,
    /// What is counted.
    pub unit: String,
    /// Price of one unit.
    pub unit_price_minor: i64,
    /// Quantity × unit price.
    pub net_minor: i64,
}

/// The tax of one rate.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InvoiceTax {
    /// What the org calls it.
    pub label: String,
    /// Millionths.
    pub rate_ppm: i64,
    /// Tax on the lines of this rate.
    pub tax_minor: i64,
}

/// A payment, or what takes one back.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Payment {
    /// Id.
    pub id: String,
    /// What it is.
    pub kind: PaymentKind,
    /// How the money came.
    pub method: PaymentMethod,
    /// The amount; negative for all but payments.
    pub amount_minor: i64,
    /// The day on which the money came.
    pub received_on: NaiveDate,
    /// The payer's reference.
    pub reference: String,
    /// It was taken back.
    pub is_reversed: bool,
    /// It came although nothing waited for it.
    pub is_unexpected: bool,
    /// The team can take it back.
    pub is_reversible: bool,
}

/// A payment as it stands in a form.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct PaymentForm {
    /// Made with the form, so that a form that is sent twice is one payment.
    pub id: String,
    /// The amount as it was typed.
    pub amount: String,
    /// `BANK_TRANSFER`, `CASH` or `OTHER`.
    pub method: String,
    /// When it came.
    pub received_on: String,
    /// The payer's reference.
    pub reference: String,
}

pub(super) const INVOICES: Document = Document {
    name: "TeamInvoices",
    source: "query TeamInvoices($status: TeamInvoiceStanding!, $search: String, $first: Int, $after: String, $last: Int, $before: String) {
        team { invoices(filter: { status: $status, search: $search }, first: $first, after: $after, last: $last, before: $before) {
            nodes { id number title clientId clientName status issuedOn dueOn currency totalMinor dueMinor viewCount }
            pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        } } }",
};

pub(super) const INVOICE: Document = Document {
    name: "TeamInvoice",
    source: "query TeamInvoice($id: ID!) { team { invoice(id: $id) {
        id number title clientId clientName status issuedOn dueOn currency totalMinor dueMinor viewCount
        reference notes discountPpm discountMinor subtotalMinor paidMinor allowsPart processingSince failedAt stateTag firstViewedAt lastViewedAt version shareUrl
        draft { issuedOn dueOn discount lines { description quantity unit unitPrice taxRate } }
        mails { kind at contactName contactEmail }
        lines { description quantityMilli unit unitPriceMinor netMinor }
        taxes { label ratePpm taxMinor }
        payments { id kind method amountMinor receivedOn reference isReversed isUnexpected isReversible }
    } } }",
};

pub(super) const ALLOW_PART: Document = Document {
    name: "TeamAllowPart",
    source: "mutation TeamAllowPart($id: ID!, $allowed: Boolean!) {
        done: teamAllowPart(id: $id, allowed: $allowed) }",
};

/// Whether a part of an invoice can be paid online.
pub async fn allow_part(executor: &dyn Executor, id: &str, allowed: bool) -> Result<bool, AppError> {
    let variables = variables([("id", id.into()), ("allowed", allowed.into())]);
    run::<Change<bool>>(executor, ALLOW_PART, variables).await.map(|change| change.done)
}

pub(super) const RECORD_PAYMENT: Document = Document {
    name: "TeamRecordPayment",
    source: "mutation TeamRecordPayment($invoice: ID!, $input: TeamPaymentInput!) {
        saved: teamRecordPayment(invoiceId: $invoice, input: $input) { id problems { field message } } }",
};

pub(super) const REVERSE_PAYMENT: Document = Document {
    name: "TeamReversePayment",
    source: "mutation TeamReversePayment($id: ID!) {
        saved: teamReversePayment(id: $id) { id problems { field message } } }",
};

pub(super) const VOID_INVOICE: Document = Document {
    name: "TeamVoidInvoice",
    source: "mutation TeamVoidInvoice($id: ID!) { saved: teamVoidInvoice(id: $id) { id problems { field message } } }",
};

/// One page of the list.
pub async fn invoices(
    executor: &dyn Executor,
    filter: InvoiceFilter,
    search: &str,
    page: &PageArgs,
) -> Result<Page<InvoiceSummary>, AppError> {
    #[derive(Deserialize)]
    struct Answer {
        invoices: Page<InvoiceSummary>,
    }
    let mut variables = page_variables(page);
    let word = filter.as_query().unwrap_or("all").to_ascii_uppercase();
    variables.insert(Name::new("status"), ConstValue::Enum(Name::new(word)));
    variables.insert(Name::new("search"), search.into());
    team::<Answer>(executor, INVOICES, variables).await.map(|answer| answer.invoices)
}

/// One invoice; `None` where it does not exist or is not this org's.
pub async fn invoice(executor: &dyn Executor, id: &str) -> Result<Option<Invoice>, AppError> {
    #[derive(Deserialize)]
    struct Answer {
        invoice: Option<Invoice>,
    }
    team::<Answer>(executor, INVOICE, variables([("id", id.into())])).await.map(|answer| answer.invoice)
}

/// Records a payment.
pub async fn record_payment(
    executor: &dyn Executor,
    invoice: &str,
    form: &PaymentForm,
) -> Result<Saved, AppError> {
    let method = match form.method.as_str() {
        known @ ("CASH" | "OTHER" | "CARD") => known,
        _ => "BANK_TRANSFER",
    };
    let input = object([
        ("id", form.id.as_str().into()),
        ("amount", form.amount.as_str().into()),
        ("method", ConstValue::Enum(Name::new(method))),
        ("receivedOn", form.received_on.as_str().into()),
        ("reference", form.reference.as_str().into()),
    ]);
    let variables = variables([("invoice", invoice.into()), ("input", input)]);
    saved(executor, RECORD_PAYMENT, variables).await
}

/// Takes a payment back; `Saved` names the invoice.
pub async fn reverse_payment(executor: &dyn Executor, id: &str) -> Result<Saved, AppError> {
    saved(executor, REVERSE_PAYMENT, variables([("id", id.into())])).await
}

/// Cancels an invoice.
pub async fn void_invoice(executor: &dyn Executor, id: &str) -> Result<Saved, AppError> {
    saved(executor, VOID_INVOICE, variables([("id", id.into())])).await
}

async fn saved(
    executor: &dyn Executor,
    document: Document,
    variables: async_graphql_value::Variables,
) -> Result<Saved, AppError> {
    let change: Change<SavedAnswer> = run(executor, document, variables).await?;
    Ok(change.done.into())
}
