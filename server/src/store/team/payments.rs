//! The payments of all clients, newest first, a page at a time, each with what it was for.

use chrono::NaiveDate;

use super::{TeamScope, org_rows, team_rows};
use crate::{
    error::Result,
    id::{ClientId, InvoiceId, PaymentId},
    store::{
        page::{Cursor, Page, PageRequest},
        search::like_pattern,
    },
};

org_rows! {
    /// A payment, refund, reversal or dispute in a list.
    TeamPaymentSummaryRow {
        /// Id.
        id: PaymentId,
        /// The client.
        client_id: ClientId,
        /// The client's name.
        client_name: String,
        /// The invoice it is for.
        invoice_id: InvoiceId,
        /// That invoice's number.
        invoice_number: Option<String>,
        /// `payment`, `refund`, `reversal` or `dispute`.
        kind: String,
        /// `card`, `bank_transfer`, `cash` or `other`.
        method: String,
        /// ISO 4217.
        currency: String,
        /// Negative for all but payments.
        amount_minor: i64,
        /// Day on which the money came.
        received_on: NaiveDate,
        /// The payer's reference.
        reference: String,
        /// It was taken back by a reversal.
        is_reversed: bool,
        /// It came although nobody waited for it: more than was due, or for a void invoice.
        is_unexpected: bool,
    }
}

/// `$2`, `$3`: the cursor. `$4`: limit. `$5`: a search, found in the reference, the invoice's number or the
/// client's name.
macro_rules! list {
    ($beyond:literal, $order:literal, $search:literal) => {
        concat!(
            "SELECT p.org_id, p.id, p.client_id, \
            (SELECT c.name FROM clients c WHERE c.org_id = p.org_id AND c.id = p.client_id) AS client_name, \
            p.invoice_id, (SELECT i.number FROM invoices i WHERE i.org_id = p.org_id AND i.client_id = p.client_id \
                AND i.id = p.invoice_id) AS invoice_number, \
            p.kind, p.method, p.currency, p.amount_minor, p.received_on, p.reference, \
            EXISTS (SELECT 1 FROM payments r WHERE r.org_id = p.org_id AND r.client_id = p.client_id \
                AND r.reverses_id = p.id AND r.kind = 'reversal') AS is_reversed, p.flag IS NOT NULL AS is_unexpected \
            FROM payments p WHERE p.org_id = $1 AND (p.received_on, p.id) ",
            $beyond,
            " ($2, $3)",
            $search,
            " ORDER BY p.received_on",
            $order,
            ", p.id",
            $order,
            " LIMIT $4"
        )
    };
}

macro_rules! both_ways {
    ($search:literal) => {
        [list!("<", " DESC", $search), list!(">", "", $search)]
    };
}

/// Forward and backward.
const ALL: [&str; 2] = both_ways!("");
const FOUND: [&str; 2] = both_ways!(
    r" AND (lower(p.reference) LIKE $5 ESCAPE '\' OR EXISTS (SELECT 1 FROM invoices i WHERE i.org_id = p.org_id AND i.client_id = p.client_id AND i.id = p.invoice_id AND lower(i.number) LIKE $5 ESCAPE '\') OR EXISTS (SELECT 1 FROM clients c WHERE c.org_id = p.org_id AND c.id = p.client_id AND c.search_text LIKE $5 ESCAPE '\'))"
);

impl TeamScope<'_> {
    /// One page of the payments; `search` is what was typed.
    pub async fn payments(&self, search: &str, page: &PageRequest) -> Result<Page<TeamPaymentSummaryRow>> {
        let Cursor { day, id } = page.from(Cursor::LAST);
        let limit = page.limit();
        let way = usize::from(page.is_backward());
        let rows = match like_pattern(search) {
            None => team_rows!(self, TeamPaymentSummaryRow, ALL[way], day, id, limit),
            Some(like) => {
                team_rows!(self, TeamPaymentSummaryRow, FOUND[way], day, id, limit, like.as_str())
            }
        };
        rows.map(|rows| page.page(rows))
    }
}

#[cfg(feature = "testing")]
pub(super) fn planned_statements() -> Vec<(String, &'static str)> {
    [("", ALL), (" search", FOUND)]
        .into_iter()
        .flat_map(|(search, [forward, backward])| {
            [
                (format!("team payments forward{search}"), forward),
                (format!("team payments backward{search}"), backward),
            ]
        })
        .collect()
}
