//! The figures of the overview. What is kept is read; nothing is summed over all invoices or payments.

use chrono::NaiveDate;

use super::{TeamScope, org_rows, team_rows};
use crate::error::Result;

org_rows! {
    /// What the org is owed in one currency, with what is overdue as of the day that was asked for.
    OrgFigureRow {
        /// ISO 4217.
        currency: String,
        /// Sum of what is due on open invoices.
        outstanding_minor: i64,
        /// Number of open invoices.
        open_count: i64,
        /// The part whose due day has passed.
        overdue_minor: i64,
        /// Number of overdue invoices.
        overdue_count: i64,
        /// The oldest due day that has passed.
        overdue_since: Option<NaiveDate>,
    }

    /// What came in one month in one currency.
    PaidMonthRow {
        /// ISO 4217.
        currency: String,
        /// The first day of the month.
        month: NaiveDate,
        /// Payments, less what went back.
        paid_minor: i64,
        /// Number of payments, less those that were mistakes.
        payment_count: i64,
    }

    /// How far a new org has come.
    BeginningRow {
        /// It has a client.
        has_client: bool,
        /// It has an invoice, if only a draft.
        has_invoice: bool,
        /// It has a logo, or its settings were changed.
        has_brand: bool,
    }
}

/// `$2`: the org's calendar day. What has become overdue since the last roll is found by its due day.
const FIGURES: &str = "SELECT b.org_id, b.currency, b.outstanding_minor, b.open_count, \
    CAST(b.overdue_minor + COALESCE((SELECT SUM(i.total_minor - i.paid_minor) FROM invoices i \
        WHERE i.org_id = b.org_id AND i.currency = b.currency AND i.settlement = 'open' \
        AND i.due_on >= b.overdue_before AND i.due_on < $2), 0) AS BIGINT) AS overdue_minor, \
    b.overdue_count + (SELECT COUNT(*) FROM invoices i \
        WHERE i.org_id = b.org_id AND i.currency = b.currency AND i.settlement = 'open' \
        AND i.due_on >= b.overdue_before AND i.due_on < $2) AS overdue_count, \
    (SELECT MIN(i.due_on) FROM invoices i WHERE i.org_id = b.org_id AND i.currency = b.currency \
        AND i.settlement = 'open' AND i.due_on < $2) AS overdue_since \
    FROM org_balances b WHERE b.org_id = $1";
/// `$2`: the first day of the first month.
const MONTHS: &str = "SELECT org_id, currency, month, paid_minor, payment_count FROM org_paid_months \
    WHERE org_id = $1 AND month >= $2";
const BEGINNING: &str = "SELECT o.id AS org_id, EXISTS (SELECT 1 FROM clients c WHERE c.org_id = o.id) AS has_client, \
    EXISTS (SELECT 1 FROM invoices i WHERE i.org_id = o.id) AS has_invoice, \
    (o.version > 1 OR EXISTS (SELECT 1 FROM brand_assets b WHERE b.org_id = o.id)) AS has_brand \
    FROM orgs o WHERE o.id = $1";

impl TeamScope<'_> {
    /// What the org is owed, by currency; `today` is its calendar day.
    pub async fn figures(&self, today: NaiveDate) -> Result<Vec<OrgFigureRow>> {
        team_rows!(self, OrgFigureRow, FIGURES, today)
    }

    /// What came in each month since this one.
    pub async fn paid_months(&self, since: NaiveDate) -> Result<Vec<PaidMonthRow>> {
        team_rows!(self, PaidMonthRow, MONTHS, since)
    }

    /// How far the org has come, if it is new.
    pub async fn beginning(&self) -> Result<Option<BeginningRow>> {
        let rows: Result<Vec<BeginningRow>> = team_rows!(self, BeginningRow, BEGINNING);
        Ok(rows?.pop())
    }
}

#[cfg(feature = "testing")]
pub(super) fn planned_statements() -> Vec<(String, &'static str)> {
    [("org figures", FIGURES), ("org paid months", MONTHS), ("org beginning", BEGINNING)]
        .map(|(name, sql)| (name.to_owned(), sql))
        .to_vec()
}
