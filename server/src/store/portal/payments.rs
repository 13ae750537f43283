//! The history of payments.

use super::{PortalScope, rows};
use crate::{
    error::Result,
    store::{
        page::{Cursor, Page, PageRequest},
        row::PaymentRow,
    },
};

macro_rules! payments {
    ($rest:literal) => {
        concat!(
            "SELECT payments.org_id, payments.client_id, payments.id, payments.invoice_id, invoices.number AS invoice_number, \
             payments.kind, payments.method, payments.currency, payments.amount_minor, payments.received_on, payments.reference, \
             EXISTS (SELECT 1 FROM payments r WHERE r.org_id = payments.org_id AND r.client_id = payments.client_id \
             AND r.reverses_id = payments.id AND r.kind = 'reversal') AS is_reversed \
             FROM payments \
             JOIN invoices ON invoices.org_id = payments.org_id AND invoices.client_id = payments.client_id \
             AND invoices.id = payments.invoice_id AND invoices.status <> 'draft' \
             WHERE payments.org_id = $1 AND payments.client_id = $2 AND ",
            $rest
        )
    };
}

const FORWARD: &str = payments!(
    "(payments.received_on, payments.id) < ($3, $4) ORDER BY payments.received_on DESC, payments.id DESC LIMIT $5"
);
const BACKWARD: &str = payments!(
    "(payments.received_on, payments.id) > ($3, $4) ORDER BY payments.received_on, payments.id LIMIT $5"
);
/// The payments of one invoice in `$3`, newest first.
pub(in crate::store) const OF_INVOICE: &str =
    payments!("payments.invoice_id = $3 ORDER BY payments.received_on DESC, payments.id DESC");

impl PortalScope<'_> {
    /// One page of the history, newest first.
    pub async fn payments(&self, page: &PageRequest) -> Result<Page<PaymentRow>> {
        let Cursor { day, id } = page.from(Cursor::DESCENDING);
        let rows = if page.is_backward() {
            rows!(self, PaymentRow, BACKWARD, day, id, page.limit())
        } else {
            rows!(self, PaymentRow, FORWARD, day, id, page.limit())
        };
        rows.map(|rows| page.page(rows))
    }
}

#[cfg(feature = "testing")]
pub(super) fn planned_statements() -> Vec<(String, &'static str)> {
    [("payments forward", FORWARD), ("payments backward", BACKWARD), ("payments of invoice", OF_INVOICE)]
        .map(|(name, sql)| (name.to_owned(), sql))
        .to_vec()
}
