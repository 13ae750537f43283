//! The payments of all clients, newest first, a page at a time, each with what it was for.

use std::{collections::HashMap, sync::LazyLock};

use chrono::NaiveDate;
use uuid::Uuid;

use super::{
    TeamScope,
    keyed::{Keyed, keyed_rows},
    org_rows,
};
use crate::{
    error::Result,
    id::{ClientId, InvoiceId, PaymentId},
    store::{
        db::fetch_listed,
        page::{Cursor, FIRST_DAY, LAST_DAY, Page, PageRequest},
        search::like_pattern,
        sql_text::SqlText,
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

/// Which payments a list shows; what is left out filters nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TeamPaymentFilter<'a> {
    /// Of this client.
    pub client: Option<ClientId>,
    /// `card`, `bank_transfer`, `cash` or `other`.
    pub method: Option<&'a str>,
    /// Received on this day or later.
    pub received_from: Option<NaiveDate>,
    /// Received on this day or earlier.
    pub received_to: Option<NaiveDate>,
    /// Text to be found in the reference, the invoice's number or the client's name; empty for all.
    pub search: &'a str,
}

/// What of a filter changes the text of the statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "each is a part of the text that is there or not")]
struct Shape {
    is_backward: bool,
    of_client: bool,
    by_method: bool,
    is_search: bool,
}

impl Shape {
    fn all() -> impl Iterator<Item = Self> {
        (0..16).map(|bits| Self {
            is_backward: bits & 1 != 0,
            of_client: bits & 2 != 0,
            by_method: bits & 4 != 0,
            is_search: bits & 8 != 0,
        })
    }

    /// `$2`, `$3`: the cursor. `$4`: limit. `$5`, `$6`: the days. What else there is stands after: the client, the
    /// method, the search.
    fn text(self) -> String {
        let (beyond, direction) = if self.is_backward { (">", "") } else { ("<", " DESC") };
        SqlText::new(
            "SELECT p.org_id, p.id, p.client_id, \
            (SELECT c.name FROM clients c WHERE c.org_id = p.org_id AND c.id = p.client_id) AS client_name, \
            p.invoice_id, (SELECT i.number FROM invoices i WHERE i.org_id = p.org_id AND i.client_id = p.client_id \
                AND i.id = p.invoice_id) AS invoice_number, \
            p.kind, p.method, p.currency, p.amount_minor, p.received_on, p.reference, \
            EXISTS (SELECT 1 FROM payments r WHERE r.org_id = p.org_id AND r.client_id = p.client_id \
                AND r.reverses_id = p.id AND r.kind = 'reversal') AS is_reversed, p.flag IS NOT NULL AS is_unexpected \
            FROM payments p WHERE p.org_id = $1",
            6,
        )
        .with(self.of_client, " AND p.client_id = $?")
        .with(self.by_method, " AND p.method = $?")
        .with(
            self.is_search,
            r" AND (lower(p.reference) LIKE $? ESCAPE '\' OR EXISTS (SELECT 1 FROM invoices i WHERE i.org_id = p.org_id AND i.client_id = p.client_id AND i.id = p.invoice_id AND lower(i.number) LIKE $? ESCAPE '\') OR EXISTS (SELECT 1 FROM clients c WHERE c.org_id = p.org_id AND c.id = p.client_id AND c.search_text LIKE $? ESCAPE '\'))",
        )
        .end(&format!(
            " AND p.received_on >= $5 AND p.received_on <= $6 AND (p.received_on, p.id) {beyond} ($2, $3) \
            ORDER BY p.received_on{direction}, p.id{direction} LIMIT $4"
        ))
    }
}

static TEXTS: LazyLock<HashMap<Shape, String>> =
    LazyLock::new(|| Shape::all().map(|shape| (shape, shape.text())).collect());

/// Payments that are found by keys of these columns.
macro_rules! keyed_payments {
    ($key:literal, $is_found:literal) => {
        concat!(
            "WITH k(",
            $key,
            ") AS (VALUES {keys}) \
            SELECT p.org_id, p.id, p.client_id, c.name AS client_name, p.invoice_id, i.number AS invoice_number, \
            p.kind, p.method, p.currency, p.amount_minor, p.received_on, p.reference, \
            EXISTS (SELECT 1 FROM payments r WHERE r.org_id = p.org_id AND r.client_id = p.client_id \
                AND r.reverses_id = p.id AND r.kind = 'reversal') AS is_reversed, p.flag IS NOT NULL AS is_unexpected \
            FROM k CROSS JOIN payments p \
            JOIN clients c ON c.org_id = p.org_id AND c.id = p.client_id \
            JOIN invoices i ON i.org_id = p.org_id AND i.client_id = p.client_id AND i.id = p.invoice_id \
            WHERE p.org_id = $1 AND ",
            $is_found
        )
    };
}
pub(super) use keyed_payments;

/// One payment by its id.
static PAYMENTS: Keyed = Keyed::new(keyed_payments!("id", "p.id = k.id"), 1, 1);

impl TeamScope<'_> {
    /// One page of the payments, newest first.
    pub async fn payments(
        &self,
        filter: &TeamPaymentFilter<'_>,
        page: &PageRequest,
    ) -> Result<Page<TeamPaymentSummaryRow>> {
        let search = like_pattern(filter.search);
        let shape = Shape {
            is_backward: page.is_backward(),
            of_client: filter.client.is_some(),
            by_method: filter.method.is_some(),
            is_search: search.is_some(),
        };
        let Cursor { day, id } = page.from(Cursor::DESCENDING);
        let from = filter.received_from.unwrap_or(FIRST_DAY);
        let to = filter.received_to.unwrap_or(LAST_DAY);
        let sql = TEXTS.get(&shape).map_or("", String::as_str);
        let mut conn = self.read().await?;
        let rows = fetch_listed!(
            conn,
            TeamPaymentSummaryRow,
            self.store.scoped_to_org(sql),
            [self.actor.org_id(), day, id, page.limit(), from, to],
            [filter.client, filter.method, search.as_deref()]
        )?;
        conn.commit().await?;
        Ok(page.page(self.recheck(rows).await?))
    }

    /// Those of these payments that are the org's, in any order.
    pub async fn payments_by_id(&self, ids: &[PaymentId]) -> Result<Vec<TeamPaymentSummaryRow>> {
        let keys: Vec<[Uuid; 1]> = ids.iter().map(|id| [id.uuid()]).collect();
        keyed_rows!(self, TeamPaymentSummaryRow, PAYMENTS, keys)
    }
}

#[cfg(feature = "testing")]
pub(super) fn planned_statements() -> Vec<(String, &'static str)> {
    let lists = Shape::all().map(|shape| {
        let name = format!(
            "team payments{}{}{}{}",
            if shape.is_backward { " backward" } else { " forward" },
            if shape.of_client { " of a client" } else { "" },
            if shape.by_method { " by method" } else { "" },
            if shape.is_search { " search" } else { "" },
        );
        (name, TEXTS.get(&shape).map_or("", String::as_str))
    });
    lists.chain(PAYMENTS.planned("payments")).collect()
}
