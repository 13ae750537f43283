//! Portal home.

use async_graphql_value::{Name, Variables};
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
    /// Changes whenever what money does to any of it has changed.
    pub state_tag: String,
}

/// How many open invoices home shows.
pub const OPEN_AT_HOME: i32 = 12;
/// How many settled ones.
pub const SETTLED_AT_HOME: i32 = 8;

pub(super) const HOME: Document = Document {
    name: "PortalHome",
    source: "query PortalHome($open: Int!, $settled: Int!) { portal { overview(openFirst: $open, settledFirst: $settled) {
        balances { currency outstandingMinor openCount overdueMinor overdueCount overdueSince }
        open { id number title status issuedOn dueOn lastPaidOn currency totalMinor paidMinor dueMinor processingSince failedAt }
        hasMoreOpen
        settled { id number title status issuedOn dueOn lastPaidOn currency totalMinor paidMinor dueMinor processingSince failedAt }
        stateTag
    } } }",
};

/// Portal home: two statements, whatever the number of invoices.
pub async fn home(executor: &dyn Executor) -> Result<Home, AppError> {
    #[derive(Deserialize)]
    struct Answer {
        overview: Home,
    }
    let mut variables = Variables::default();
    variables.insert(Name::new("open"), OPEN_AT_HOME.into());
    variables.insert(Name::new("settled"), SETTLED_AT_HOME.into());
    portal::<Answer>(executor, HOME, variables).await.map(|answer| answer.overview)
}
