//! The list of invoices.

use async_graphql_value::{ConstValue, Name};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::{Page, PageArgs, page_variables, portal};
use crate::{
    api::{Document, Executor},
    error::AppError,
    money::Currency,
};

/// How an invoice stands, derived from what was paid and from the org's calendar day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum InvoiceStatus {
    /// Sent, nothing paid, not yet due.
    Open,
    /// Something is paid, something is due, and the due day has not passed.
    PartiallyPaid,
    /// Something is due and the due day has passed.
    Overdue,
    /// Nothing is due any more.
    Paid,
    /// Cancelled; counts for nothing.
    Void,
}

/// Which invoices a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum InvoiceFilter {
    /// Sent, paid and void.
    #[default]
    All,
    /// Something is due, overdue ones included.
    Open,
    /// Something is due and the due day has passed.
    Overdue,
    /// Nothing is due any more.
    Paid,
    /// Cancelled.
    Void,
}

impl InvoiceFilter {
    /// All of them, in the order in which a page offers them.
    pub const ALL: [Self; 5] = [Self::All, Self::Open, Self::Overdue, Self::Paid, Self::Void];

    /// The value of the query parameter `status`; `None` stands for the default.
    #[must_use]
    pub const fn as_query(self) -> Option<&'static str> {
        match self {
            Self::All => None,
            Self::Open => Some("open"),
            Self::Overdue => Some("overdue"),
            Self::Paid => Some("paid"),
            Self::Void => Some("void"),
        }
    }

    /// Reads the query parameter. An unknown value is the default: a link must not break because
    /// somebody's mail program has touched it.
    #[must_use]
    pub fn from_query(value: &str) -> Self {
        Self::ALL.into_iter().find(|filter| filter.as_query() == Some(value)).unwrap_or_default()
    }

    const fn as_graphql(self) -> &'static str {
        match self {
            Self::All => "ALL",
            Self::Open => "OPEN",
            Self::Overdue => "OVERDUE",
            Self::Paid => "PAID",
            Self::Void => "VOID",
        }
    }
}

/// An invoice as a row of a list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InvoiceRow {
    /// Opaque id, for links.
    pub id: String,
    /// The org's number for it.
    pub number: String,
    /// What it is for, in a few words; may be empty.
    pub title: String,
    /// How it stands today.
    pub status: InvoiceStatus,
    /// Day of issue.
    pub issued_on: NaiveDate,
    /// Last day to pay in time.
    pub due_on: NaiveDate,
    /// The day on which the last payment came, if any came.
    pub last_paid_on: Option<NaiveDate>,
    /// ISO 4217.
    pub currency: Currency,
    /// Total, taxes included.
    pub total_minor: i64,
    /// Paid so far.
    pub paid_minor: i64,
    /// Still due; 0 when paid or void.
    pub due_minor: i64,
    /// Since when a payment is under way that takes days.
    pub processing_since: Option<DateTime<Utc>>,
    /// When the last try to pay it online failed; none once there was another.
    pub failed_at: Option<DateTime<Utc>>,
}

impl InvoiceRow {
    /// What came in beyond what there was to pay; 0 as a rule.
    #[must_use]
    pub const fn credit_minor(&self) -> i64 {
        let owed = match self.status {
            InvoiceStatus::Void => 0,
            _ => self.total_minor,
        };
        let credit = self.paid_minor - owed;
        if credit > 0 { credit } else { 0 }
    }
}

pub(super) const INVOICES: Document = Document {
    name: "PortalInvoices",
    source: "query PortalInvoices($filter: PortalInvoiceFilter!, $search: String, $first: Int, $after: String, $last: Int, $before: String) { portal {
        invoices(filter: $filter, search: $search, first: $first, after: $after, last: $last, before: $before) {
            nodes { id number title status issuedOn dueOn lastPaidOn currency totalMinor paidMinor dueMinor processingSince failedAt }
            pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        }
    } }",
};

/// One page of the invoice list.
pub async fn invoices(
    executor: &dyn Executor,
    filter: InvoiceFilter,
    search: &str,
    page: &PageArgs,
) -> Result<Page<InvoiceRow>, AppError> {
    #[derive(Deserialize)]
    struct Answer {
        invoices: Page<InvoiceRow>,
    }
    let mut variables = page_variables(page);
    variables.insert(Name::new("filter"), ConstValue::Enum(Name::new(filter.as_graphql())));
    if !search.is_empty() {
        variables.insert(Name::new("search"), search.into());
    }
    portal::<Answer>(executor, INVOICES, variables).await.map(|answer| answer.invoices)
}
