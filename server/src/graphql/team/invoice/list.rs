//! Lists of invoices: which, in which order.

use async_graphql::{Enum, ID, InputObject};

use super::{
    super::{SEES_INVOICES, sees_invoices},
    TeamInvoice, of_rows,
};
use crate::{
    error::{Error, Result},
    graphql::{guard::Team, look::Look, page::connection, scalar::Date},
    store::{
        page::{Cursor, PageRequest},
        team::{TeamInvoiceFilter, TeamInvoiceOrder, TeamInvoiceStanding},
    },
};

/// How the invoices of a list stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Enum)]
#[graphql(name = "TeamInvoiceStanding", visible = "sees_invoices")]
pub(in crate::graphql::team) enum StandingInput {
    /// All, drafts as well.
    #[default]
    All,
    /// Not sent yet.
    Draft,
    /// Something is due, overdue ones included.
    Open,
    /// Something is due and the due day has passed.
    Overdue,
    /// Nothing is due any more.
    Paid,
    /// Cancelled.
    Void,
}

/// In which order a list of invoices comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "TeamInvoiceOrder", visible = "sees_invoices")]
pub(in crate::graphql::team) enum TeamInvoiceOrderInput {
    /// By the day of issue, the latest first.
    IssuedLatest,
    /// By the day of issue, the earliest first.
    IssuedEarliest,
    /// By the due day, the latest first.
    DueLatest,
    /// By the due day, the earliest first.
    DueEarliest,
}

/// Which invoices are wanted; what is left out filters nothing.
#[derive(Debug, Default, InputObject)]
#[graphql(name = "TeamInvoiceFilter", visible = "sees_invoices")]
pub(in crate::graphql::team) struct TeamInvoiceFilterInput {
    /// How they stand today, by the org's calendar.
    #[graphql(default)]
    status: StandingInput,
    /// Of this client.
    client_id: Option<ID>,
    /// With exactly this number.
    number: Option<String>,
    /// Issued on this day or later.
    issued_from: Option<Date>,
    /// Issued on this day or earlier.
    issued_to: Option<Date>,
    /// Due on this day or later.
    due_from: Option<Date>,
    /// Due on this day or earlier.
    due_to: Option<Date>,
    /// Text to be found in number, title, reference, amount or client; at most 100 characters.
    search: Option<String>,
}

connection!(
    TeamInvoiceConnection,
    TeamInvoiceEdge,
    TeamInvoice,
    "invoices",
    "SEES_INVOICES",
    "sees_invoices"
);

pub(in crate::graphql::team) async fn list(
    team: &Team<'_>,
    filter: &TeamInvoiceFilterInput,
    order: Option<TeamInvoiceOrderInput>,
    request: &PageRequest,
    look: &Look<'_>,
) -> Result<TeamInvoiceConnection> {
    let filter = filter.read()?;
    let order = order.map_or_else(|| TeamInvoiceOrder::usual(filter.standing), TeamInvoiceOrder::from);
    let page = team.scope.invoices(&filter, order, team.today, request).await?;
    let neighbours = (page.has_previous, page.has_next);
    let nodes = of_rows(team, page.rows, look).await?;
    Ok(TeamInvoiceConnection::new(neighbours, nodes, |invoice| {
        let day = if order.is_by_due_day() { invoice.due_on } else { invoice.issued_on };
        Cursor { day: day.0, id: invoice.key.1.uuid() }.to_text()
    }))
}

impl TeamInvoiceFilterInput {
    fn read(&self) -> Result<TeamInvoiceFilter<'_>> {
        let search = self.search.as_deref().unwrap_or_default();
        if search.chars().count() > 100 {
            return Err(Error::Invalid { field: "search" });
        }
        let client = self.client_id.as_ref().map(|id| id.parse()).transpose();
        Ok(TeamInvoiceFilter {
            standing: self.status.into(),
            client: client.map_err(|_| Error::Invalid { field: "clientId" })?,
            number: self.number.as_deref(),
            issued_from: self.issued_from.map(|day| day.0),
            issued_to: self.issued_to.map(|day| day.0),
            due_from: self.due_from.map(|day| day.0),
            due_to: self.due_to.map(|day| day.0),
            search,
        })
    }
}

impl From<StandingInput> for TeamInvoiceStanding {
    fn from(standing: StandingInput) -> Self {
        match standing {
            StandingInput::All => Self::All,
            StandingInput::Draft => Self::Draft,
            StandingInput::Open => Self::Open,
            StandingInput::Overdue => Self::Overdue,
            StandingInput::Paid => Self::Paid,
            StandingInput::Void => Self::Void,
        }
    }
}

impl From<TeamInvoiceOrderInput> for TeamInvoiceOrder {
    fn from(order: TeamInvoiceOrderInput) -> Self {
        match order {
            TeamInvoiceOrderInput::IssuedLatest => Self::IssuedLatest,
            TeamInvoiceOrderInput::IssuedEarliest => Self::IssuedEarliest,
            TeamInvoiceOrderInput::DueLatest => Self::DueLatest,
            TeamInvoiceOrderInput::DueEarliest => Self::DueEarliest,
        }
    }
}
