//! What portal home shows, read over one connection: the balances and the heads of two lists.

use chrono::NaiveDate;

use super::{PortalScope, balances::BALANCES, invoices::columns, own_rows};
use crate::{
    auth::secret::{hexadecimal, sha256},
    error::Result,
    store::row::{BalanceRow, InvoiceRow},
};

/// The soonest due of the open invoices and the newest of the settled ones. Each half is the head of
/// its own index; `$3` and `$4` are how many.
const HEADS: &str = concat!(
    "SELECT * FROM (SELECT ",
    columns!(),
    " FROM invoices WHERE org_id = $1 AND client_id = $2 AND settlement = 'open' \
        ORDER BY due_on, id LIMIT $3) AS open \
    UNION ALL SELECT * FROM (SELECT ",
    columns!(),
    " FROM invoices WHERE org_id = $1 AND client_id = $2 AND settlement IN ('paid', 'void') \
        ORDER BY issued_on DESC, id DESC LIMIT $4) AS settled"
);

/// What portal home shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// One for each currency in which an invoice is open.
    pub balances: Vec<BalanceRow>,
    /// The first open invoices, soonest due first.
    pub open: Vec<InvoiceRow>,
    /// There are more open ones than these.
    pub has_more_open: bool,
    /// The newest paid and void invoices, newest first.
    pub settled: Vec<InvoiceRow>,
}

impl PortalScope<'_> {
    /// Balances, at most `open` open invoices and at most `settled` settled ones; `today` is the org's
    /// calendar day.
    pub async fn overview(&self, today: NaiveDate, open: i64, settled: i64) -> Result<Overview> {
        let mut conn = self.read_together().await?;
        let balances = own_rows!(self, conn, BalanceRow, BALANCES, today)?;
        // One more than is shown, to know whether there are more.
        let rows = own_rows!(self, conn, InvoiceRow, HEADS, open + 1, settled)?;
        conn.commit().await?;
        let balances = self.recheck(balances).await?;
        let rows = self.recheck(rows).await?;
        Ok(Overview::new(balances, rows, open))
    }
}

impl Overview {
    /// Changes whenever what money does to any of it has changed.
    #[must_use]
    pub fn state_tag(&self) -> String {
        let owed = self.balances.iter().map(|balance| {
            format!("{} {} {}", balance.currency, balance.outstanding_minor, balance.open_count)
        });
        let invoices = self.open.iter().chain(&self.settled);
        let stands = invoices.map(|row| format!("{} {}", row.id, row.state_tag()));
        let seen: Vec<String> = owed.chain(stands).collect();
        hexadecimal(&sha256(seen.join(",").as_bytes())[..16])
    }

    fn new(balances: Vec<BalanceRow>, rows: Vec<InvoiceRow>, shown: i64) -> Self {
        let (mut open, mut settled): (Vec<_>, Vec<_>) =
            rows.into_iter().partition(|row| row.settlement == "open");
        // SQL promises no order of what it unites.
        open.sort_unstable_by_key(|row| (row.due_on, row.id.uuid()));
        settled.sort_unstable_by_key(|row| std::cmp::Reverse((row.issued_on, row.id.uuid())));
        let shown = usize::try_from(shown).unwrap_or_default();
        let has_more_open = open.len() > shown;
        open.truncate(shown);
        Self { balances, open, has_more_open, settled }
    }
}

#[cfg(feature = "testing")]
pub(super) fn planned_statements() -> Vec<(String, &'static str)> {
    vec![("overview heads".to_owned(), HEADS)]
}
