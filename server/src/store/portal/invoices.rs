//! The list of invoices: each filter in its own order, by its own index, a page at a time.

use chrono::NaiveDate;

use super::{PortalScope, rows};
use crate::{
    error::Result,
    store::{
        page::{Cursor, LAST_DAY, Page, PageRequest},
        row::InvoiceRow,
        search::like_pattern,
    },
};

/// Which invoices a list shows. No filter shows a draft (rule P2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvoiceFilter {
    /// Sent, paid and void; newest first.
    All,
    /// Something is due; soonest due first.
    Open,
    /// Something is due and the due day has passed; oldest first.
    Overdue,
    /// Nothing is due any more; newest first.
    Paid,
    /// Cancelled; newest first.
    Void,
    /// Paid and void ones; newest first.
    Settled,
}

macro_rules! columns {
    () => {
        concat!(
            "org_id, client_id, id, number, title, settlement, issued_on, due_on, last_paid_on, currency, total_minor, \
             paid_minor, allows_part, ",
            $crate::store::checkout::last_checkout_since!("processing", "invoices"),
            " AS processing_since, ",
            $crate::store::checkout::last_checkout_since!("failed", "invoices"),
            " AS failed_at"
        )
    };
}
pub(super) use columns;

/// The four texts of one list: forward and backward, without and with a search.
#[derive(Debug, Clone, Copy)]
struct ListSql {
    forward: &'static str,
    backward: &'static str,
    forward_search: &'static str,
    backward_search: &'static str,
}

/// `$3`, `$4`: the cursor. `$5`: limit.
macro_rules! list {
    ($where:expr, $forward:expr, $backward:expr, $search:expr) => {
        ListSql {
            forward: concat!(
                "SELECT ",
                columns!(),
                " FROM invoices WHERE org_id = $1 AND client_id = $2 AND ",
                $where,
                $forward,
                " LIMIT $5"
            ),
            backward: concat!(
                "SELECT ",
                columns!(),
                " FROM invoices WHERE org_id = $1 AND client_id = $2 AND ",
                $where,
                $backward,
                " LIMIT $5"
            ),
            forward_search: concat!(
                "SELECT ",
                columns!(),
                " FROM invoices WHERE org_id = $1 AND client_id = $2 AND ",
                $where,
                $search,
                $forward,
                " LIMIT $5"
            ),
            backward_search: concat!(
                "SELECT ",
                columns!(),
                " FROM invoices WHERE org_id = $1 AND client_id = $2 AND ",
                $where,
                $search,
                $backward,
                " LIMIT $5"
            ),
        }
    };
}

/// Newest first. A search stands in `$6`.
macro_rules! newest_first {
    ($where:literal) => {
        list!(
            $where,
            " AND (issued_on, id) < ($3, $4) ORDER BY issued_on DESC, id DESC",
            " AND (issued_on, id) > ($3, $4) ORDER BY issued_on, id",
            r" AND search_text LIKE $6 ESCAPE '\'"
        )
    };
}

const ALL: ListSql = newest_first!("status <> 'draft'");
const PAID: ListSql = newest_first!("settlement = 'paid'");
const VOID: ListSql = newest_first!("settlement = 'void'");
const SETTLED: ListSql = newest_first!("settlement IN ('paid', 'void')");
/// Soonest due first, up to a due day in `$6`. A search stands in `$7`.
const DUE_BEFORE: ListSql = list!(
    "settlement = 'open'",
    " AND due_on < $6 AND (due_on, id) > ($3, $4) ORDER BY due_on, id",
    " AND due_on < $6 AND (due_on, id) < ($3, $4) ORDER BY due_on DESC, id DESC",
    r" AND search_text LIKE $7 ESCAPE '\'"
);

impl PortalScope<'_> {
    /// One page of the list. `today` is the org's calendar day; `search` is what was typed, found
    /// anywhere in number, title, reference or amount, whatever its case.
    pub async fn invoices(
        &self,
        filter: InvoiceFilter,
        search: &str,
        today: NaiveDate,
        page: &PageRequest,
    ) -> Result<Page<InvoiceRow>> {
        let pattern = like_pattern(search);
        let rows = match filter {
            InvoiceFilter::All => self.newest_first(ALL, pattern, page).await,
            InvoiceFilter::Paid => self.newest_first(PAID, pattern, page).await,
            InvoiceFilter::Void => self.newest_first(VOID, pattern, page).await,
            InvoiceFilter::Settled => self.newest_first(SETTLED, pattern, page).await,
            InvoiceFilter::Open => self.due_before(LAST_DAY, pattern, page).await,
            InvoiceFilter::Overdue => self.due_before(today, pattern, page).await,
        };
        rows.map(|rows| page.page(rows))
    }

    async fn newest_first(
        &self,
        sql: ListSql,
        pattern: Option<String>,
        page: &PageRequest,
    ) -> Result<Vec<InvoiceRow>> {
        let Cursor { day, id } = page.from(Cursor::DESCENDING);
        match (pattern, page.is_backward()) {
            (None, false) => rows!(self, InvoiceRow, sql.forward, day, id, page.limit()),
            (None, true) => rows!(self, InvoiceRow, sql.backward, day, id, page.limit()),
            (Some(like), false) => {
                rows!(self, InvoiceRow, sql.forward_search, day, id, page.limit(), like.as_str())
            }
            (Some(like), true) => {
                rows!(self, InvoiceRow, sql.backward_search, day, id, page.limit(), like.as_str())
            }
        }
    }

    async fn due_before(
        &self,
        due_before: NaiveDate,
        pattern: Option<String>,
        page: &PageRequest,
    ) -> Result<Vec<InvoiceRow>> {
        let sql = DUE_BEFORE;
        let Cursor { day, id } = page.from(Cursor::ASCENDING);
        match (pattern, page.is_backward()) {
            (None, false) => rows!(self, InvoiceRow, sql.forward, day, id, page.limit(), due_before),
            (None, true) => rows!(self, InvoiceRow, sql.backward, day, id, page.limit(), due_before),
            (Some(like), false) => {
                rows!(self, InvoiceRow, sql.forward_search, day, id, page.limit(), due_before, like.as_str())
            }
            (Some(like), true) => {
                rows!(self, InvoiceRow, sql.backward_search, day, id, page.limit(), due_before, like.as_str())
            }
        }
    }
}

#[cfg(feature = "testing")]
pub(super) fn planned_statements() -> Vec<(String, &'static str)> {
    [("all", ALL), ("paid", PAID), ("void", VOID), ("settled", SETTLED), ("due", DUE_BEFORE)]
        .into_iter()
        .flat_map(|(name, sql)| {
            [
                (format!("invoices {name} forward"), sql.forward),
                (format!("invoices {name} backward"), sql.backward),
                (format!("invoices {name} forward search"), sql.forward_search),
                (format!("invoices {name} backward search"), sql.backward_search),
            ]
        })
        .collect()
}
