//! Payments as a client sees them.

use async_graphql::{Enum, SimpleObject};

use super::{PortalOnly, ReaderOnly, visible_to_portal, visible_to_reader};
use crate::{
    error::Result,
    graphql::{
        guard::Portal,
        page::PageInfo,
        scalar::{Date, MinorUnits},
    },
    store::{
        page::{Cursor, PageRequest},
        row::PaymentRow,
    },
};

/// How money came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(visible = "visible_to_reader")]
pub(in crate::graphql) enum PortalPaymentMethod {
    /// Paid online.
    Card,
    /// Recorded by the org.
    BankTransfer,
    /// Recorded by the org.
    Cash,
    /// Recorded by the org.
    Other,
}

/// What an entry of the history is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(visible = "visible_to_reader")]
pub(in crate::graphql) enum PortalPaymentKind {
    /// Money received.
    Payment,
    /// Money given back.
    Refund,
    /// A correction of an entry made by mistake.
    Reversal,
    /// Money that the payer's bank has taken back.
    Dispute,
    /// The bank decided for whoever was paid, and the money is back.
    DisputeWon,
    /// Giving money back did not go through, and it is here again.
    RefundFailed,
}

/// An entry of the payment history.
#[derive(Debug, SimpleObject)]
#[graphql(serial, guard = "ReaderOnly", visible = "visible_to_reader")]
pub(in crate::graphql) struct PortalPayment {
    /// Opaque id.
    id: String,
    /// What it is.
    kind: PortalPaymentKind,
    /// How it came.
    method: PortalPaymentMethod,
    /// The day on which the money was received.
    received_on: Date,
    /// ISO 4217 code.
    currency: String,
    /// The amount; negative for all but payments.
    amount_minor: MinorUnits,
    /// The payer's reference; may be empty.
    reference: String,
    /// The invoice it was for.
    invoice_id: String,
    /// That invoice's number.
    invoice_number: String,
    /// Whether it was taken back by a reversal, as an entry made by mistake. There is no receipt for it then.
    is_reversed: bool,
}

/// One page of the payment history.
#[derive(Debug, SimpleObject)]
#[graphql(serial, guard = "PortalOnly", visible = "visible_to_portal")]
pub(super) struct PortalPaymentPage {
    /// The entries in order.
    nodes: Vec<PortalPayment>,
    /// Where the page lies.
    page_info: PageInfo,
}

pub(super) async fn list(portal: &Portal<'_>, request: &PageRequest) -> Result<PortalPaymentPage> {
    let page = portal.scope.payments(request).await?;
    let page_info = PageInfo::new(&page, |row| Cursor { day: row.received_on, id: row.id.uuid() }.to_text());
    let nodes = page.rows.into_iter().map(PortalPayment::from).collect();
    Ok(PortalPaymentPage { nodes, page_info })
}

impl PortalPaymentMethod {
    /// The method as the store names it; the database's CHECKs allow no other words.
    pub(super) fn of(word: &str) -> Self {
        match word {
            "card" => Self::Card,
            "bank_transfer" => Self::BankTransfer,
            "cash" => Self::Cash,
            _ => Self::Other,
        }
    }
}

impl From<PaymentRow> for PortalPayment {
    fn from(row: PaymentRow) -> Self {
        Self {
            id: row.id.to_string(),
            // The database's CHECKs allow no other words.
            kind: match row.kind.as_str() {
                "refund" => PortalPaymentKind::Refund,
                "reversal" => PortalPaymentKind::Reversal,
                "dispute" => PortalPaymentKind::Dispute,
                "dispute_won" => PortalPaymentKind::DisputeWon,
                "refund_failed" => PortalPaymentKind::RefundFailed,
                _ => PortalPaymentKind::Payment,
            },
            method: PortalPaymentMethod::of(&row.method),
            received_on: Date(row.received_on),
            currency: row.currency,
            amount_minor: MinorUnits(row.amount_minor),
            reference: row.reference,
            invoice_id: row.invoice_id.to_string(),
            invoice_number: row.invoice_number,
            is_reversed: row.is_reversed,
        }
    }
}
