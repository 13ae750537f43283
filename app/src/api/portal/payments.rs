//! The history of payments.

use chrono::NaiveDate;
use serde::Deserialize;

use super::{Page, PageArgs, page_variables, portal};
use crate::{
    api::{Document, Executor},
    error::AppError,
    money::Currency,
};

/// How money came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PaymentMethod {
    /// Through Stripe Checkout.
    Card,
    /// Recorded by the team.
    BankTransfer,
    /// Recorded by the team.
    Cash,
    /// Recorded by the team.
    Other,
}

/// What a row of the payment history is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PaymentKind {
    /// Money received.
    Payment,
    /// Money given back.
    Refund,
    /// A correction of a row recorded by mistake.
    Reversal,
    /// Money the payer's bank took back.
    Dispute,
    /// The bank decided for whoever was paid, and the money is back.
    DisputeWon,
    /// Giving money back did not go through, and it is here again.
    RefundFailed,
}

/// One payment. `amount_minor` is negative for everything but [`PaymentKind::Payment`].
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Payment {
    /// Opaque id.
    pub id: String,
    /// What it is.
    pub kind: PaymentKind,
    /// How it came.
    pub method: PaymentMethod,
    /// The day on which the money was received.
    pub received_on: NaiveDate,
    /// ISO 4217.
    pub currency: Currency,
    /// Amount in minor units.
    pub amount_minor: i64,
    /// The payer's or the bank's reference; may be empty.
    pub reference: String,
    /// The invoice it was for.
    pub invoice_id: String,
    /// That invoice's number.
    pub invoice_number: String,
    /// It was taken back as an entry made by mistake: there is no receipt for it.
    pub is_reversed: bool,
}

impl Payment {
    /// Whether there is a receipt for it: money that came, and that was not written down by mistake.
    #[must_use]
    pub fn has_receipt(&self) -> bool {
        self.kind == PaymentKind::Payment && !self.is_reversed
    }
}

pub(super) const PAYMENTS: Document = Document {
    name: "PortalPayments",
    source: "query PortalPayments($first: Int, $after: String, $last: Int, $before: String) { portal {
        payments(first: $first, after: $after, last: $last, before: $before) {
            nodes { id kind method receivedOn currency amountMinor reference invoiceId invoiceNumber isReversed }
            pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        }
    } }",
};

/// One page of the payment history, newest first.
pub async fn payments(executor: &dyn Executor, page: &PageArgs) -> Result<Page<Payment>, AppError> {
    #[derive(Deserialize)]
    struct Answer {
        payments: Page<Payment>,
    }
    portal::<Answer>(executor, PAYMENTS, page_variables(page)).await.map(|answer| answer.payments)
}
