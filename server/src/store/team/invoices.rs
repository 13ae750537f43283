//! The team's list of invoices over all clients: each filter in its own order, by its own index, a page at
//! a time.

use chrono::NaiveDate;

use super::{TeamScope, org_rows, team_rows};
use crate::{
    error::Result,
    id::{ClientId, InvoiceId},
    store::{
        page::{Cursor, LAST_DAY, Page, PageRequest},
        search::like_pattern,
    },
};

/// Which invoices a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TeamInvoiceFilter {
    /// All, drafts as well; newest first.
    All,
    /// Not sent yet; newest first.
    Draft,
    /// Something is due; soonest due first.
    Open,
    /// Something is due and the due day has passed; oldest first.
    Overdue,
    /// Nothing is due any more; newest first.
    Paid,
    /// Cancelled; newest first.
    Void,
}

org_rows! {
    /// An invoice in a list.
    TeamInvoiceSummaryRow {
        /// The client.
        client_id: ClientId,
        /// The client's name.
        client_name: String,
        /// Id.
        id: InvoiceId,
        /// The org's number; none in a draft.
        number: Option<String>,
        /// What it is for.
        title: String,
        /// `draft`, `open`, `paid` or `void`.
        settlement: String,
        /// Day of issue.
        issued_on: NaiveDate,
        /// Last day to pay in time.
        due_on: NaiveDate,
        /// ISO 4217.
        currency: String,
        /// Total, taxes included.
        total_minor: i64,
        /// Paid so far.
        paid_minor: i64,
        /// How often contacts have opened it.
        view_count: i64,
    }
}

/// `$2`, `$3`: the cursor. `$4`: limit. `$5`: the last due day, where the list goes by it. The search stands
/// in the parameter after.
macro_rules! list {
    ($where:literal, $beyond:literal, $order:literal, $search:literal) => {
        concat!(
            "SELECT i.org_id, i.client_id, c.name AS client_name, i.id, i.number, i.title, i.settlement, i.issued_on, \
            i.due_on, i.currency, i.total_minor, i.paid_minor, \
            CAST(COALESCE((SELECT SUM(v.views) FROM invoice_views v WHERE v.org_id = i.org_id \
                AND v.client_id = i.client_id AND v.invoice_id = i.id), 0) AS BIGINT) AS view_count \
            FROM invoices i JOIN clients c ON c.org_id = i.org_id AND c.id = i.client_id \
            WHERE i.org_id = $1 ",
            $where,
            $search,
            $beyond,
            $order,
            " LIMIT $4"
        )
    };
}

macro_rules! newest_first {
    ($where:literal) => {
        [
            list!($where, " AND (i.issued_on, i.id) < ($2, $3)", " ORDER BY i.issued_on DESC, i.id DESC", ""),
            list!($where, " AND (i.issued_on, i.id) > ($2, $3)", " ORDER BY i.issued_on, i.id", ""),
            list!(
                $where,
                " AND (i.issued_on, i.id) < ($2, $3)",
                " ORDER BY i.issued_on DESC, i.id DESC",
                r" AND (i.search_text LIKE $5 ESCAPE '\' OR c.search_text LIKE $5 ESCAPE '\')"
            ),
            list!(
                $where,
                " AND (i.issued_on, i.id) > ($2, $3)",
                " ORDER BY i.issued_on, i.id",
                r" AND (i.search_text LIKE $5 ESCAPE '\' OR c.search_text LIKE $5 ESCAPE '\')"
            ),
        ]
    };
}

/// Forward, backward, and each of them with a search.
const ALL: [&str; 4] = newest_first!("");
const DRAFT: [&str; 4] = newest_first!("AND i.settlement = 'draft'");
const PAID: [&str; 4] = newest_first!("AND i.settlement = 'paid'");
const VOID: [&str; 4] = newest_first!("AND i.settlement = 'void'");
const DUE: [&str; 4] = [
    list!(
        "AND i.settlement = 'open' AND i.due_on < $5",
        " AND (i.due_on, i.id) > ($2, $3)",
        " ORDER BY i.due_on, i.id",
        ""
    ),
    list!(
        "AND i.settlement = 'open' AND i.due_on < $5",
        " AND (i.due_on, i.id) < ($2, $3)",
        " ORDER BY i.due_on DESC, i.id DESC",
        ""
    ),
    list!(
        "AND i.settlement = 'open' AND i.due_on < $5",
        " AND (i.due_on, i.id) > ($2, $3)",
        " ORDER BY i.due_on, i.id",
        r" AND (i.search_text LIKE $6 ESCAPE '\' OR c.search_text LIKE $6 ESCAPE '\')"
    ),
    list!(
        "AND i.settlement = 'open' AND i.due_on < $5",
        " AND (i.due_on, i.id) < ($2, $3)",
        " ORDER BY i.due_on DESC, i.id DESC",
        r" AND (i.search_text LIKE $6 ESCAPE '\' OR c.search_text LIKE $6 ESCAPE '\')"
    ),
];

impl TeamScope<'_> {
    /// One page of the list. `today` is the org's calendar day; `search` is what was typed, found in
    /// number, title, reference, amount or client.
    pub async fn invoices(
        &self,
        filter: TeamInvoiceFilter,
        search: &str,
        today: NaiveDate,
        page: &PageRequest,
    ) -> Result<Page<TeamInvoiceSummaryRow>> {
        let (sql, due_before) = match filter {
            TeamInvoiceFilter::All => (ALL, None),
            TeamInvoiceFilter::Draft => (DRAFT, None),
            TeamInvoiceFilter::Paid => (PAID, None),
            TeamInvoiceFilter::Void => (VOID, None),
            TeamInvoiceFilter::Open => (DUE, Some(LAST_DAY)),
            TeamInvoiceFilter::Overdue => (DUE, Some(today)),
        };
        let beginning = if due_before.is_some() { Cursor::FIRST } else { Cursor::LAST };
        let Cursor { day, id } = page.from(beginning);
        let [forward, backward, forward_search, backward_search] = sql;
        let (plain, searching) =
            if page.is_backward() { (backward, backward_search) } else { (forward, forward_search) };
        let limit = page.limit();
        let rows = match (due_before, like_pattern(search)) {
            (None, None) => team_rows!(self, TeamInvoiceSummaryRow, plain, day, id, limit),
            (None, Some(like)) => {
                team_rows!(self, TeamInvoiceSummaryRow, searching, day, id, limit, like.as_str())
            }
            (Some(due), None) => team_rows!(self, TeamInvoiceSummaryRow, plain, day, id, limit, due),
            (Some(due), Some(like)) => {
                team_rows!(self, TeamInvoiceSummaryRow, searching, day, id, limit, due, like.as_str())
            }
        };
        rows.map(|rows| page.page(rows))
    }
}

#[cfg(feature = "testing")]
pub(super) fn planned_statements() -> Vec<(String, &'static str)> {
    [("all", ALL), ("draft", DRAFT), ("paid", PAID), ("void", VOID), ("due", DUE)]
        .into_iter()
        .flat_map(|(filter, statements)| {
            ["forward", "backward", "forward search", "backward search"]
                .into_iter()
                .zip(statements)
                .map(move |(way, sql)| (format!("team invoices {filter} {way}"), sql))
        })
        .collect()
}
