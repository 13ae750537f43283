//! The list of clients, by name, a page at a time, each with what it owes: one statement.

use chrono::NaiveDate;

use super::{TeamScope, org_rows, team_rows};
use crate::{
    error::Result,
    id::ClientId,
    store::{
        page::{Page, TextCursor, TextPageRequest},
        search::like_pattern,
    },
};

/// Which clients a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientShelf {
    /// Those one works with.
    Active,
    /// Those that were put away.
    Archived,
}

org_rows! {
    /// A client in a list, once for each currency in which it owes something, or once.
    ClientListRow {
        /// Id.
        id: ClientId,
        /// What the list is ordered by.
        search_text: String,
        /// Name.
        name: String,
        /// ISO 4217.
        currency: String,
        /// Contacts that are not archived.
        contact_count: i64,
        /// Those of them with portal access.
        portal_count: i64,
        /// ISO 4217, of what follows; none where nothing is open.
        balance_currency: Option<String>,
        /// Sum of what is due.
        outstanding_minor: Option<i64>,
        /// Number of open invoices.
        open_count: Option<i64>,
        /// The part whose due day has passed.
        overdue_minor: Option<i64>,
    }
}

/// A client in a list with what it owes in each currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedClient {
    /// The client itself.
    pub row: ClientListRow,
    /// Currency, outstanding, open invoices, overdue.
    pub balances: Vec<(String, i64, i64, i64)>,
}

/// `$2`, `$3`: the cursor. `$4`: limit. `$5`: the org's calendar day. `$6`: a search.
macro_rules! list {
    ($shelf:literal, $beyond:literal, $order:literal, $search:literal) => {
        concat!(
            "SELECT p.org_id, p.id, p.search_text, p.name, p.currency, p.contact_count, p.portal_count, \
            b.currency AS balance_currency, b.outstanding_minor, b.open_count, \
            CAST(b.overdue_minor + COALESCE((SELECT SUM(i.total_minor - i.paid_minor) FROM invoices i \
                WHERE i.org_id = b.org_id AND i.client_id = b.client_id AND i.currency = b.currency \
                AND i.settlement = 'open' AND i.due_on >= b.overdue_before AND i.due_on < $5), 0) AS BIGINT) AS overdue_minor \
            FROM (SELECT c.org_id, c.id, c.search_text, c.name, c.currency, \
                (SELECT COUNT(*) FROM contacts t WHERE t.org_id = c.org_id AND t.client_id = c.id AND t.archived_at IS NULL) AS contact_count, \
                (SELECT COUNT(*) FROM contacts t WHERE t.org_id = c.org_id AND t.client_id = c.id AND t.archived_at IS NULL AND t.portal_access) AS portal_count \
                FROM clients c WHERE c.org_id = $1 AND c.archived_at ",
            $shelf,
            $search,
            " AND (c.search_text, c.id) ",
            $beyond,
            " ($2, $3) ORDER BY c.search_text",
            $order,
            ", c.id",
            $order,
            " LIMIT $4) p \
            LEFT JOIN client_balances b ON b.org_id = p.org_id AND b.client_id = p.id AND b.open_count > 0"
        )
    };
}

/// A search finds the client's name and tax id, and its contacts' names and addresses.
macro_rules! both_ways {
    ($shelf:literal) => {
        [
            list!($shelf, ">", "", ""),
            list!($shelf, "<", " DESC", ""),
            list!(
                $shelf,
                ">",
                "",
                r" AND (c.search_text LIKE $6 ESCAPE '\' OR EXISTS (SELECT 1 FROM contacts t WHERE t.org_id = c.org_id AND t.client_id = c.id AND t.archived_at IS NULL AND (t.email_norm LIKE $6 ESCAPE '\' OR lower(t.name) LIKE $6 ESCAPE '\')))"
            ),
            list!(
                $shelf,
                "<",
                " DESC",
                r" AND (c.search_text LIKE $6 ESCAPE '\' OR EXISTS (SELECT 1 FROM contacts t WHERE t.org_id = c.org_id AND t.client_id = c.id AND t.archived_at IS NULL AND (t.email_norm LIKE $6 ESCAPE '\' OR lower(t.name) LIKE $6 ESCAPE '\')))"
            ),
        ]
    };
}

/// Forward, backward, and each of them with a search.
const ACTIVE: [&str; 4] = both_ways!("IS NULL");
const ARCHIVED: [&str; 4] = both_ways!("IS NOT NULL");

impl TeamScope<'_> {
    /// One page of the list. `today` is the org's calendar day; `search` is what was typed.
    pub async fn clients(
        &self,
        on_shelf: ClientShelf,
        search: &str,
        today: NaiveDate,
        page: &TextPageRequest,
    ) -> Result<Page<ListedClient>> {
        let [forward, backward, forward_search, backward_search] = match on_shelf {
            ClientShelf::Active => ACTIVE,
            ClientShelf::Archived => ARCHIVED,
        };
        let TextCursor { text, id } = page.from();
        let limit = page.limit();
        let rows = match (like_pattern(search), page.is_backward()) {
            (None, false) => team_rows!(self, ClientListRow, forward, text.as_str(), id, limit, today),
            (None, true) => team_rows!(self, ClientListRow, backward, text.as_str(), id, limit, today),
            (Some(like), false) => {
                team_rows!(
                    self,
                    ClientListRow,
                    forward_search,
                    text.as_str(),
                    id,
                    limit,
                    today,
                    like.as_str()
                )
            }
            (Some(like), true) => {
                team_rows!(
                    self,
                    ClientListRow,
                    backward_search,
                    text.as_str(),
                    id,
                    limit,
                    today,
                    like.as_str()
                )
            }
        }?;
        Ok(page.page(fold(rows, page.is_backward())))
    }
}

/// Brings the rows of one client together, in the order of the list: SQL promises none after a join.
fn fold(mut rows: Vec<ClientListRow>, backward: bool) -> Vec<ListedClient> {
    rows.sort_by(|a, b| {
        let order = (&a.search_text, a.id.uuid()).cmp(&(&b.search_text, b.id.uuid()));
        let order = if backward { order.reverse() } else { order };
        order.then_with(|| a.balance_currency.cmp(&b.balance_currency))
    });
    let mut clients: Vec<ListedClient> = vec![];
    for row in rows {
        let balance = row.balance_currency.clone().map(|currency| {
            (
                currency,
                row.outstanding_minor.unwrap_or_default(),
                row.open_count.unwrap_or_default(),
                row.overdue_minor.unwrap_or_default(),
            )
        });
        match clients.last_mut() {
            Some(last) if last.row.id == row.id => last.balances.extend(balance),
            _ => clients.push(ListedClient { balances: balance.into_iter().collect(), row }),
        }
    }
    clients
}

#[cfg(feature = "testing")]
pub(super) fn planned_statements() -> Vec<(String, &'static str)> {
    [("active", ACTIVE), ("archived", ARCHIVED)]
        .into_iter()
        .flat_map(|(shelf, statements)| {
            ["forward", "backward", "forward search", "backward search"]
                .into_iter()
                .zip(statements)
                .map(move |(way, sql)| (format!("clients {shelf} {way}"), sql))
        })
        .collect()
}
