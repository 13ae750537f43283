//! A statement of account.

use async_graphql_value::{Name, Variables};
use chrono::NaiveDate;
use serde::Deserialize;

use super::{PaymentMethod, portal};
use crate::{
    api::{Document, Executor},
    error::AppError,
    money::Currency,
    period::Period,
};

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EntryKind {
    /// An invoice was issued.
    Invoice,
    /// An invoice was cancelled.
    Cancellation,
    /// Money came.
    Payment,
    /// Money went back.
    Refund,
    /// An entry made by mistake was corrected.
    Reversal,
    /// The payer's bank took money back.
    Dispute,
    /// The bank decided for whoever was paid, and the money is back.
    DisputeWon,
    /// Giving money back did not go through, and it is here again.
    RefundFailed,
}

/// What happened on one day.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatementEntry {
    /// The day.
    pub day: NaiveDate,
    /// What it is.
    pub kind: EntryKind,
    /// How a payment came.
    pub method: Option<PaymentMethod>,
    /// The invoice's id.
    pub invoice_id: String,
    /// The invoice's number.
    pub invoice_number: String,
    /// An invoice's title, a payment's reference; may be empty.
    pub note: String,
    /// Added to what is owed; negative where less is owed after it.
    pub amount_minor: i64,
    /// What is owed after it.
    pub balance_minor: i64,
}

/// All that happened in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatementSection {
    /// ISO 4217.
    pub currency: Currency,
    /// What was owed as the first day began.
    pub opening_minor: i64,
    /// In the order of time.
    pub entries: Vec<StatementEntry>,
    /// What was owed as the last day ended.
    pub closing_minor: i64,
}

/// What was billed and paid in a period.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Statement {
    /// The first day.
    pub from: NaiveDate,
    /// The last day, as of which the closing balances are.
    pub to: NaiveDate,
    /// By currency; none where it is too long.
    pub sections: Vec<StatementSection>,
    /// More happened than a statement has room for.
    pub is_too_long: bool,
    /// Who is billed: name, then address lines.
    pub bill_to: Vec<String>,
    /// The client's tax id; may be empty.
    pub bill_to_tax_id: String,
    /// Who bills: name, then address lines.
    pub bill_from: Vec<String>,
    /// The org's tax id; may be empty.
    pub bill_from_tax_id: String,
}

macro_rules! statement_fields {
    () => {
        "from to isTooLong billTo billToTaxId billFrom billFromTaxId
            sections { currency openingMinor closingMinor
                entries { day kind method invoiceId invoiceNumber note amountMinor balanceMinor } }"
    };
}
pub(in crate::api) use statement_fields;

pub(super) const STATEMENT: Document = Document {
    name: "PortalStatement",
    source: concat!(
        "query PortalStatement($from: Date!, $to: Date!) { portal { statement(from: $from, to: $to) { ",
        statement_fields!(),
        " } } }"
    ),
};

/// The days as variables.
pub(in crate::api) fn day_variables(period: Period) -> Variables {
    let mut variables = Variables::default();
    variables.insert(Name::new("from"), period.from.to_string().into());
    variables.insert(Name::new("to"), period.to.to_string().into());
    variables
}

/// The client's statement for a period that has ended by today.
pub async fn statement(executor: &dyn Executor, period: Period) -> Result<Statement, AppError> {
    #[derive(Deserialize)]
    struct Answer {
        statement: Statement,
    }
    portal::<Answer>(executor, STATEMENT, day_variables(period)).await.map(|answer| answer.statement)
}
