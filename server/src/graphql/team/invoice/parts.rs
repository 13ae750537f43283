//! What is on an invoice besides its own row.

use async_graphql::{Enum, SimpleObject};
use chrono::{DateTime, Utc};

use super::super::{SEES_INVOICES, sees_invoices};
use crate::{
    graphql::scalar::{Int64, MinorUnits},
    store::team::{InvoiceMailRow, TeamLineRow, TeamTaxRow},
};

/// What a mail about an invoice is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(visible = "sees_invoices")]
pub(in crate::graphql::team) enum TeamInvoiceMailKind {
    /// It was sent.
    Invoice,
    /// It is still to be paid.
    Reminder,
}

/// A mail about an invoice.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "SEES_INVOICES", visible = "sees_invoices")]
pub(in crate::graphql::team) struct TeamInvoiceMail {
    /// What it is for.
    kind: TeamInvoiceMailKind,
    /// When it was written.
    at: DateTime<Utc>,
    /// The name of the contact it went to.
    contact_name: String,
    /// The contact's address now.
    contact_email: String,
}

/// One line of an invoice.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "SEES_INVOICES", visible = "sees_invoices")]
pub(in crate::graphql::team) struct TeamInvoiceLine {
    /// What was delivered.
    description: String,
    /// Quantity in thousandths of the unit: 1500 is 1.5.
    quantity_milli: Int64,
    /// What is counted, such as `h`; may be empty.
    unit: String,
    /// Price of one unit, before tax.
    unit_price_minor: MinorUnits,
    /// Tax rate in millionths: 190000 is 19 %.
    tax_rate_ppm: Int64,
    /// Quantity × unit price, rounded half away from zero.
    net_minor: MinorUnits,
}

/// The tax of one rate.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "SEES_INVOICES", visible = "sees_invoices")]
pub(in crate::graphql::team) struct TeamInvoiceTax {
    /// What the org calls this tax.
    label: String,
    /// Tax rate in millionths: 190000 is 19 %.
    rate_ppm: Int64,
    /// Sum of the lines at this rate.
    base_minor: MinorUnits,
    /// The tax on it, rounded half away from zero.
    tax_minor: MinorUnits,
}

impl From<InvoiceMailRow> for TeamInvoiceMail {
    fn from(row: InvoiceMailRow) -> Self {
        let kind = match row.kind.as_str() {
            "reminder" => TeamInvoiceMailKind::Reminder,
            _ => TeamInvoiceMailKind::Invoice,
        };
        Self { kind, at: row.created_at, contact_name: row.contact_name, contact_email: row.contact_email }
    }
}

impl From<TeamLineRow> for TeamInvoiceLine {
    fn from(row: TeamLineRow) -> Self {
        Self {
            description: row.description,
            quantity_milli: Int64(row.quantity_milli),
            unit: row.unit,
            unit_price_minor: MinorUnits(row.unit_price_minor),
            tax_rate_ppm: Int64(row.tax_rate_ppm),
            net_minor: MinorUnits(row.net_minor),
        }
    }
}

impl From<TeamTaxRow> for TeamInvoiceTax {
    fn from(row: TeamTaxRow) -> Self {
        Self {
            label: row.label,
            rate_ppm: Int64(row.rate_ppm),
            base_minor: MinorUnits(row.base_minor),
            tax_minor: MinorUnits(row.tax_minor),
        }
    }
}
