//! Portal home in one field, so that it costs one visit to the store.

use async_graphql::SimpleObject;

use super::{PortalOnly, balance::PortalBalance, invoice::PortalInvoiceSummary, visible_to_portal};
use crate::{
    error::{Error, Result},
    graphql::guard::Portal,
    store::page::MAX_PAGE_SIZE,
};

/// What is owed, what to pay next, and what was settled last.
#[derive(Debug, SimpleObject)]
#[graphql(serial, guard = "PortalOnly", visible = "visible_to_portal")]
pub(super) struct PortalOverview {
    /// What is owed, one entry for each currency in which an invoice is open; the client's own
    /// currency first.
    balances: Vec<PortalBalance>,
    /// The open invoices that are due first, soonest due first.
    open: Vec<PortalInvoiceSummary>,
    /// There are more open invoices than these.
    has_more_open: bool,
    /// The paid and void invoices that were issued last, newest first.
    settled: Vec<PortalInvoiceSummary>,
    /// Changes whenever anything of the above that money can change has changed.
    state_tag: String,
}

pub(super) async fn resolve(portal: &Portal<'_>, open: i32, settled: i32) -> Result<PortalOverview> {
    let open = length(open, "openFirst")?;
    let settled = length(settled, "settledFirst")?;
    let overview = portal.scope.overview(portal.today, open, settled).await?;
    let summary = |row| PortalInvoiceSummary::new(row, portal.today);
    Ok(PortalOverview {
        state_tag: overview.state_tag(),
        balances: PortalBalance::in_order(overview.balances, portal.visit),
        open: overview.open.into_iter().map(summary).collect(),
        has_more_open: overview.has_more_open,
        settled: overview.settled.into_iter().map(summary).collect(),
    })
}

/// The longer one of the two lists, as far as there can be one.
pub(super) fn length_of(open: i32, settled: i32) -> usize {
    usize::try_from(open.max(settled)).unwrap_or(0)
}

fn length(asked: i32, field: &'static str) -> Result<i64> {
    let length = i64::from(asked);
    if (1..=MAX_PAGE_SIZE).contains(&length) { Ok(length) } else { Err(Error::Invalid { field }) }
}
