//! One invoice.

use async_graphql_value::{Name, Variables};
use serde::Deserialize;

use super::{InvoiceRow, Payment, portal};
use crate::{
    api::{Document, Executor},
    error::AppError,
};

/// One line of an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InvoiceLine {
    /// What was delivered; may have several lines of text.
    pub description: String,
    /// Quantity in thousandths of the unit: 1500 is 1.5.
    pub quantity_milli: i64,
    /// What is counted, such as `h`; may be empty.
    pub unit: String,
    /// Price of one unit, before tax.
    pub unit_price_minor: i64,
    /// Tax rate in millionths: `190_000` is 19 %.
    pub tax_rate_ppm: i64,
    /// Quantity × unit price, rounded once.
    pub net_minor: i64,
}

/// The tax of one rate over all its lines.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InvoiceTax {
    /// What the org calls this tax, such as `VAT`.
    pub label: String,
    /// Tax rate in millionths: `190_000` is 19 %.
    pub rate_ppm: i64,
    /// Sum of the lines at this rate.
    pub base_minor: i64,
    /// The tax on it, rounded once.
    pub tax_minor: i64,
}

/// One invoice with all that is on it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Invoice {
    /// As in a list.
    #[serde(flatten)]
    pub row: InvoiceRow,
    /// The client's own reference, such as an order number; may be empty.
    pub reference: String,
    /// A word to the client; may be empty, may have several lines.
    pub notes: String,
    /// The discount on all lines, in millionths; 0 where there is none.
    pub discount_ppm: i64,
    /// What the discount takes off the sum of the lines.
    pub discount_minor: i64,
    /// Sum of the lines, the discount taken off, before tax.
    pub subtotal_minor: i64,
    /// Sum of the taxes.
    pub tax_minor: i64,
    /// Lines in order.
    pub lines: Vec<InvoiceLine>,
    /// Taxes by rate.
    pub taxes: Vec<InvoiceTax>,
    /// Payments, newest first.
    pub payments: Vec<Payment>,
    /// Who is billed: name, then address lines.
    pub bill_to: Vec<String>,
    /// The client's tax id; may be empty.
    pub bill_to_tax_id: String,
    /// Who bills: name, then address lines.
    pub bill_from: Vec<String>,
    /// The org's tax id; may be empty.
    pub bill_from_tax_id: String,
    /// Whether a part of it can be paid online.
    pub allows_part: bool,
    /// Changes whenever what money does to it has changed.
    pub state_tag: String,
}

/// What a page shows of an invoice, whoever reads it.
macro_rules! invoice_fields {
    () => {
        "id number title status issuedOn dueOn lastPaidOn currency totalMinor paidMinor dueMinor processingSince failedAt allowsPart stateTag
            reference notes discountPpm discountMinor subtotalMinor taxMinor
            lines { description quantityMilli unit unitPriceMinor taxRatePpm netMinor }
            taxes { label ratePpm baseMinor taxMinor }
            payments { id kind method receivedOn currency amountMinor reference invoiceId invoiceNumber isReversed }
            billTo billToTaxId billFrom billFromTaxId"
    };
}
pub(in crate::api) use invoice_fields;

pub(super) const INVOICE: Document = Document {
    name: "PortalInvoice",
    source: concat!(
        "query PortalInvoice($id: ID!) { portal { invoice(id: $id) { ",
        invoice_fields!(),
        " } } }"
    ),
};

/// One invoice, or `None` where it does not exist or is not this client's to see.
pub async fn invoice(executor: &dyn Executor, id: &str) -> Result<Option<Invoice>, AppError> {
    #[derive(Deserialize)]
    struct Answer {
        invoice: Option<Invoice>,
    }
    let mut variables = Variables::default();
    variables.insert(Name::new("id"), id.into());
    portal::<Answer>(executor, INVOICE, variables).await.map(|answer| answer.invoice)
}
