//! The overview: figures, what needs somebody, and what happened lately.

use async_graphql_value::Variables;
use chrono::NaiveDate;
use serde::Deserialize;

use super::{Activity, InvoiceSummary, team};
use crate::{
    api::{Document, Executor},
    error::AppError,
    money::Currency,
};

/// What the org is owed and has been paid in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Figures {
    /// ISO 4217.
    pub currency: Currency,
    /// Sum of what is due.
    pub outstanding_minor: i64,
    /// Number of open invoices.
    pub open_count: i64,
    /// The part whose due day has passed.
    pub overdue_minor: i64,
    /// Number of overdue invoices.
    pub overdue_count: i64,
    /// The oldest due day that has passed.
    pub overdue_since: Option<NaiveDate>,
    /// What came in each of the last twelve months; the current one last.
    pub paid_months: Vec<PaidMonth>,
}

/// What came in one month.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaidMonth {
    /// The first day of the month.
    pub month: NaiveDate,
    /// Payments, less what went back.
    pub paid_minor: i64,
}

/// What a member sees first.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Overview {
    /// By currency, the one with most payments first.
    pub figures: Vec<Figures>,
    /// Overdue for longest.
    pub overdue: Vec<InvoiceSummary>,
    /// The newest drafts.
    pub drafts: Vec<InvoiceSummary>,
    /// Who has last opened an invoice.
    pub views: Vec<Activity>,
    /// What happened lately.
    pub lately: Vec<Activity>,
    /// There is a client.
    pub has_client: bool,
    /// There is an invoice, if only a draft.
    pub has_invoice: bool,
    /// There is a logo, or the settings were changed.
    pub has_brand: bool,
}

pub(super) const OVERVIEW: Document = Document {
    name: "TeamOverview",
    source: "query TeamOverview { team { overview {
        figures { currency outstandingMinor openCount overdueMinor overdueCount overdueSince
            paidMonths { month paidMinor } }
        overdue { id number title clientId clientName status issuedOn dueOn currency totalMinor dueMinor viewCount }
        drafts { id number title clientId clientName status issuedOn dueOn currency totalMinor dueMinor viewCount }
        views { at kind actorKind actorName byViewer clientId clientName contactId contactName
            invoiceId invoiceNumber detail browser ipShort }
        lately { at kind actorKind actorName byViewer clientId clientName contactId contactName
            invoiceId invoiceNumber detail browser ipShort }
        hasClient hasInvoice hasBrand
    } } }",
};

/// The overview.
pub async fn overview(executor: &dyn Executor) -> Result<Overview, AppError> {
    #[derive(Deserialize)]
    struct Answer {
        overview: Overview,
    }
    team::<Answer>(executor, OVERVIEW, Variables::default()).await.map(|answer| answer.overview)
}
