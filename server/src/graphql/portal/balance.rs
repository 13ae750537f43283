//! What the client owes.

use async_graphql::SimpleObject;

use super::{PortalOnly, visible_to_portal};
use crate::{
    auth::session::PortalVisit,
    error::Result,
    graphql::{
        guard::Portal,
        scalar::{Date, MinorUnits},
    },
    store::row::BalanceRow,
};

/// What is owed in one currency.
#[derive(Debug, SimpleObject)]
#[graphql(serial, guard = "PortalOnly", visible = "visible_to_portal")]
pub(super) struct PortalBalance {
    /// ISO 4217 code.
    currency: String,
    /// Sum of what is due on open invoices.
    outstanding_minor: MinorUnits,
    /// Number of open invoices.
    open_count: i32,
    /// The part of `outstandingMinor` whose due day has passed, by the org's calendar.
    overdue_minor: MinorUnits,
    /// Number of overdue invoices.
    overdue_count: i32,
    /// The oldest due day that has passed.
    overdue_since: Option<Date>,
}

pub(super) async fn resolve(portal: &Portal<'_>) -> Result<Vec<PortalBalance>> {
    let rows = portal.scope.balances(portal.today).await?;
    Ok(PortalBalance::in_order(rows, portal.visit))
}

impl PortalBalance {
    /// The client's own currency first, the others in alphabetical order, as they come.
    pub(super) fn in_order(mut rows: Vec<BalanceRow>, visit: &PortalVisit) -> Vec<Self> {
        let own = visit.client_currency.map(app::money::Currency::code);
        rows.sort_by_key(|row| own != Some(row.currency.as_str()));
        rows.into_iter().map(Self::from).collect()
    }
}

impl From<BalanceRow> for PortalBalance {
    fn from(row: BalanceRow) -> Self {
        Self {
            currency: row.currency,
            outstanding_minor: MinorUnits(row.outstanding_minor),
            open_count: i32::try_from(row.open_count).unwrap_or(i32::MAX),
            overdue_minor: MinorUnits(row.overdue_minor),
            overdue_count: i32::try_from(row.overdue_count).unwrap_or(i32::MAX),
            overdue_since: row.overdue_since.map(Date),
        }
    }
}
