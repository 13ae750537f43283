//! The payments of all clients.

use async_graphql_value::Name;
use serde::Deserialize;

use super::{Payment, team};
use crate::{
    api::{
        Document, Executor,
        portal::{Page, PageArgs, page_variables},
    },
    error::AppError,
    money::Currency,
};

/// A payment in a list, with what it was for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentSummary {
    /// The payment itself.
    #[serde(flatten)]
    pub payment: Payment,
    /// ISO 4217.
    pub currency: Currency,
    /// The client's id.
    pub client_id: String,
    /// The client's name.
    pub client_name: String,
    /// The invoice it is for.
    pub invoice_id: String,
    /// That invoice's number.
    pub invoice_number: Option<String>,
}

pub(super) const PAYMENTS: Document = Document {
    name: "TeamPayments",
    source: "query TeamPayments($search: String, $first: Int, $after: String, $last: Int, $before: String) { team {
        payments(filter: { search: $search }, first: $first, after: $after, last: $last, before: $before) {
            nodes { id kind method amountMinor receivedOn reference isReversed isUnexpected isReversible
                currency clientId clientName invoiceId invoiceNumber }
            pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        } } }",
};

/// One page of the payments, newest first.
pub async fn payments(
    executor: &dyn Executor,
    search: &str,
    page: &PageArgs,
) -> Result<Page<PaymentSummary>, AppError> {
    #[derive(Deserialize)]
    struct Answer {
        payments: Page<PaymentSummary>,
    }
    let mut variables = page_variables(page);
    variables.insert(Name::new("search"), search.into());
    team::<Answer>(executor, PAYMENTS, variables).await.map(|answer| answer.payments)
}
