//! What the client owes, by currency: one statement whatever the number of invoices.

use chrono::NaiveDate;

use super::{PortalScope, rows};
use crate::{error::Result, store::row::BalanceRow};

/// The balance is maintained; only the invoices that have become overdue since it was last rolled
/// forward are added here, found by their due day in an index.
pub(super) const BALANCES: &str = "SELECT org_id, client_id, currency, outstanding_minor, open_count, \
    CAST(overdue_minor + COALESCE((SELECT SUM(i.total_minor - i.paid_minor) FROM invoices i \
        WHERE i.org_id = client_balances.org_id AND i.client_id = client_balances.client_id \
        AND i.currency = client_balances.currency AND i.settlement = 'open' \
        AND i.due_on >= client_balances.overdue_before AND i.due_on < $3), 0) AS BIGINT) AS overdue_minor, \
    CAST(overdue_count + (SELECT COUNT(*) FROM invoices i \
        WHERE i.org_id = client_balances.org_id AND i.client_id = client_balances.client_id \
        AND i.currency = client_balances.currency AND i.settlement = 'open' \
        AND i.due_on >= client_balances.overdue_before AND i.due_on < $3) AS BIGINT) AS overdue_count, \
    (SELECT MIN(i.due_on) FROM invoices i \
        WHERE i.org_id = client_balances.org_id AND i.client_id = client_balances.client_id \
        AND i.currency = client_balances.currency AND i.settlement = 'open' AND i.due_on < $3) AS overdue_since \
    FROM client_balances WHERE org_id = $1 AND client_id = $2 AND open_count > 0 ORDER BY currency";

impl PortalScope<'_> {
    /// What is owed in each currency in which an invoice is open; `today` is the org's calendar day.
    pub async fn balances(&self, today: NaiveDate) -> Result<Vec<BalanceRow>> {
        rows!(self, BalanceRow, BALANCES, today)
    }
}

#[cfg(feature = "testing")]
pub(super) fn planned_statements() -> Vec<(String, &'static str)> {
    vec![("balances".to_owned(), BALANCES)]
}
