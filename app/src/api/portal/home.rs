//! Portal home.

use async_graphql_value::Variables;
use chrono::NaiveDate;
use serde::Deserialize;

use super::{InvoiceRow, portal};
use crate::{
    api::{Document, Executor},
    error::AppError,
    money::Currency,
};

/// What is owed in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Balance {
    /// ISO 4217.
    pub currency: Currency,
    /// Sum of what is due on open invoices.
    pub outstanding_minor: i64,
    /// Number of open invoices.
    pub open_count: i64,
    /// The part of `outstanding_minor` whose due day has passed.
    pub overdue_minor: i64,
    /// Number of overdue invoices.
    pub overdue_count: i64,
    /// The oldest due day among the overdue ones.
    pub overdue_since: Option<NaiveDate>,
}

/// Portal home.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Home {
    /// One for each currency in which something is open, the client's own currency first.
    pub balances: Vec<Balance>,
    /// Open invoices, soonest due first; only the first few.
    pub open: Vec<InvoiceRow>,
    /// There are more open ones.
    pub has_more_open: bool,
    /// Paid and void ones, newest first; only the first few.
    pub settled: Vec<InvoiceRow>,
}

pub(super) const HOME: Document = Document {
    name: "PortalHome",
    source: "query PortalHome { portal { overview(openFirst: 12, settledFirst: 8) {
        balances { currency outstandingMinor openCount overdueMinor overdueCount overdueSince }
        open { id number title status issuedOn dueOn lastPaidOn currency totalMinor paidMinor dueMinor processingSince }
        hasMoreOpen
        settled { id number title status issuedOn dueOn lastPaidOn currency totalMinor paidMinor dueMinor processingSince }
    } } }",
};

/// Portal home: two statements, whatever the number of invoices.
pub async fn home(executor: &dyn Executor) -> Result<Home, AppError> {
    #[derive(Deserialize)]
    struct Answer {
        overview: Home,
    }
    portal::<Answer>(executor, HOME, Variables::default()).await.map(|answer| answer.overview)
}
