//! Invoices as a client sees them. Drafts are not among them, in no way.

use async_graphql::{Enum, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};

use super::{PortalOnly, ReaderOnly, payment::PortalPayment, visible_to_portal, visible_to_reader};
use crate::{
    error::{Error, Result},
    graphql::{
        guard::{Guest, Portal},
        page::PageInfo,
        scalar::{Date, Int64, MinorUnits},
    },
    id::InvoiceId,
    store::{
        page::{Cursor, PageRequest},
        portal::{InvoiceFilter, InvoiceParts},
        row::{InvoiceRow, LineRow, TaxRow},
    },
};

/// How an invoice stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(visible = "visible_to_reader")]
pub(in crate::graphql) enum PortalInvoiceStatus {
    /// Nothing is paid, and the due day has not passed.
    Open,
    /// Something is paid, something is due, and the due day has not passed.
    PartiallyPaid,
    /// Something is due, and the due day has passed by the org's calendar.
    Overdue,
    /// Nothing is due any more.
    Paid,
    /// Cancelled; counts for nothing.
    Void,
}

/// Which invoices a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(visible = "visible_to_portal")]
pub(super) enum PortalInvoiceFilter {
    /// Sent, paid and void ones.
    All,
    /// Something is due, overdue ones included.
    Open,
    /// Something is due, and the due day has passed.
    Overdue,
    /// Nothing is due any more.
    Paid,
    /// Cancelled.
    Void,
    /// Paid and void ones.
    Settled,
}

/// An invoice as lists show it.
#[derive(Debug, SimpleObject)]
#[graphql(serial, guard = "ReaderOnly", visible = "visible_to_reader")]
pub(in crate::graphql) struct PortalInvoiceSummary {
    /// Opaque id.
    id: String,
    /// The org's number.
    number: String,
    /// What it is for, in a few words; may be empty.
    title: String,
    /// How it stands today.
    status: PortalInvoiceStatus,
    /// Day of issue.
    issued_on: Date,
    /// Last day to pay in time.
    due_on: Date,
    /// Day of the last payment.
    last_paid_on: Option<Date>,
    /// ISO 4217 code.
    currency: String,
    /// Total, taxes included.
    total_minor: MinorUnits,
    /// Paid so far.
    paid_minor: MinorUnits,
    /// Still due; 0 when paid or void.
    due_minor: MinorUnits,
    /// Whether a part of it can be paid online.
    allows_part: bool,
    /// Since when a payment is under way that takes days; there is no need to pay again.
    processing_since: Option<DateTime<Utc>>,
    /// When the last try to pay it online failed: nothing was taken. Null once there was another.
    failed_at: Option<DateTime<Utc>>,
    /// Changes whenever anything of the above that money can change has changed.
    state_tag: String,
}

/// An invoice with all that is on it.
#[derive(Debug, SimpleObject)]
#[graphql(serial, guard = "ReaderOnly", visible = "visible_to_reader")]
pub(in crate::graphql) struct PortalInvoice {
    #[graphql(flatten)]
    summary: PortalInvoiceSummary,
    /// The client's own reference, such as an order number; may be empty.
    reference: String,
    /// A word to the client; may be empty.
    notes: String,
    /// The discount on all lines, in millionths; 0 where there is none.
    discount_ppm: Int64,
    /// What the discount takes off the sum of the lines.
    discount_minor: MinorUnits,
    /// Sum of the lines, the discount taken off, before tax.
    subtotal_minor: MinorUnits,
    /// Sum of the taxes.
    tax_minor: MinorUnits,
    /// Lines in order.
    lines: Vec<PortalInvoiceLine>,
    /// Taxes, one entry a rate.
    taxes: Vec<PortalInvoiceTax>,
    /// Payments, newest first.
    payments: Vec<PortalPayment>,
    /// Who is billed: name, then address lines.
    bill_to: Vec<String>,
    /// The client's tax id; may be empty.
    bill_to_tax_id: String,
    /// Who bills: name, then address lines.
    bill_from: Vec<String>,
    /// The org's tax id; may be empty.
    bill_from_tax_id: String,
}

/// One line of an invoice.
#[derive(Debug, SimpleObject)]
#[graphql(serial, guard = "ReaderOnly", visible = "visible_to_reader")]
pub(in crate::graphql) struct PortalInvoiceLine {
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
#[graphql(serial, guard = "ReaderOnly", visible = "visible_to_reader")]
pub(in crate::graphql) struct PortalInvoiceTax {
    /// What the org calls this tax.
    label: String,
    /// Tax rate in millionths: 190000 is 19 %.
    rate_ppm: Int64,
    /// Sum of the lines at this rate.
    base_minor: MinorUnits,
    /// The tax on it, rounded half away from zero.
    tax_minor: MinorUnits,
}

/// One page of a list of invoices.
#[derive(Debug, SimpleObject)]
#[graphql(serial, guard = "PortalOnly", visible = "visible_to_portal")]
pub(super) struct PortalInvoicePage {
    /// The invoices in order.
    nodes: Vec<PortalInvoiceSummary>,
    /// Where the page lies.
    page_info: PageInfo,
}

/// The longest text that is searched for, in characters.
const LONGEST_SEARCH: usize = 100;

pub(super) async fn list(
    portal: &Portal<'_>,
    filter: PortalInvoiceFilter,
    search: &str,
    request: &PageRequest,
) -> Result<PortalInvoicePage> {
    if search.chars().count() > LONGEST_SEARCH {
        return Err(Error::Invalid { field: "search" });
    }
    let by_due_day = matches!(filter, PortalInvoiceFilter::Open | PortalInvoiceFilter::Overdue);
    let page = portal.scope.invoices(filter.into(), search, portal.today, request).await?;
    let page_info = PageInfo::new(&page, |row| {
        let day = if by_due_day { row.due_on } else { row.issued_on };
        Cursor { day, id: row.id.uuid() }.to_text()
    });
    let nodes = page.rows.into_iter().map(|row| PortalInvoiceSummary::new(row, portal.today)).collect();
    Ok(PortalInvoicePage { nodes, page_info })
}

pub(super) async fn by_id(portal: &Portal<'_>, id: &str) -> Result<Option<PortalInvoice>> {
    // An id that is none is not found, as any other that is not there (rule I5).
    let Ok(id) = id.parse::<InvoiceId>() else { return Ok(None) };
    let Some(row) = portal.scope.invoice(id).await? else { return Ok(None) };
    let parts = portal.scope.invoice_parts(id).await?;
    Ok(parts.map(|parts| PortalInvoice::new(row, parts, portal.today)))
}

/// The one invoice that a share link leads to.
pub(in crate::graphql) async fn of_guest(guest: &Guest<'_>) -> Result<Option<PortalInvoice>> {
    let Some(row) = guest.scope.invoice().await? else { return Ok(None) };
    let parts = guest.scope.invoice_parts().await?;
    Ok(parts.map(|parts| PortalInvoice::new(row, parts, guest.today)))
}

/// Rule of the status, in the order in which they win: void, paid, overdue, partially paid, open.
fn status(row: &InvoiceRow, today: NaiveDate) -> PortalInvoiceStatus {
    match row.settlement.as_str() {
        "void" => PortalInvoiceStatus::Void,
        "paid" => PortalInvoiceStatus::Paid,
        _ if row.due_on < today => PortalInvoiceStatus::Overdue,
        _ if row.paid_minor > 0 => PortalInvoiceStatus::PartiallyPaid,
        _ => PortalInvoiceStatus::Open,
    }
}

impl PortalInvoiceSummary {
    pub(super) fn new(row: InvoiceRow, today: NaiveDate) -> Self {
        let status = status(&row, today);
        let due = match status {
            PortalInvoiceStatus::Paid | PortalInvoiceStatus::Void => 0,
            _ => row.total_minor - row.paid_minor,
        };
        Self {
            state_tag: row.state_tag(),
            allows_part: row.allows_part,
            processing_since: row.processing_since,
            failed_at: row.failed_at,
            id: row.id.to_string(),
            number: row.number,
            title: row.title,
            status,
            issued_on: Date(row.issued_on),
            due_on: Date(row.due_on),
            last_paid_on: row.last_paid_on.map(Date),
            currency: row.currency,
            total_minor: MinorUnits(row.total_minor),
            paid_minor: MinorUnits(row.paid_minor),
            due_minor: MinorUnits(due),
        }
    }
}

impl PortalInvoice {
    fn new(row: InvoiceRow, parts: InvoiceParts, today: NaiveDate) -> Self {
        let InvoiceParts { detail, lines, taxes, payments } = parts;
        Self {
            summary: PortalInvoiceSummary::new(row, today),
            reference: detail.reference,
            notes: detail.notes,
            discount_ppm: Int64(detail.discount_ppm),
            discount_minor: MinorUnits(detail.discount_minor),
            subtotal_minor: MinorUnits(detail.subtotal_minor),
            tax_minor: MinorUnits(detail.tax_minor),
            lines: lines.into_iter().map(PortalInvoiceLine::from).collect(),
            taxes: taxes.into_iter().map(PortalInvoiceTax::from).collect(),
            payments: payments.into_iter().map(PortalPayment::from).collect(),
            bill_to: party(detail.client_name, &detail.client_address),
            bill_to_tax_id: detail.client_tax_id,
            bill_from: party(detail.org_name, &detail.org_address),
            bill_from_tax_id: detail.org_tax_id,
        }
    }
}

/// A name and the lines of an address that say something.
pub(in crate::graphql) fn party(name: String, address: &str) -> Vec<String> {
    let lines = address.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned);
    std::iter::once(name).chain(lines).collect()
}

impl From<LineRow> for PortalInvoiceLine {
    fn from(row: LineRow) -> Self {
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

impl From<TaxRow> for PortalInvoiceTax {
    fn from(row: TaxRow) -> Self {
        Self {
            label: row.label,
            rate_ppm: Int64(row.rate_ppm),
            base_minor: MinorUnits(row.base_minor),
            tax_minor: MinorUnits(row.tax_minor),
        }
    }
}

impl From<PortalInvoiceFilter> for InvoiceFilter {
    fn from(filter: PortalInvoiceFilter) -> Self {
        match filter {
            PortalInvoiceFilter::All => Self::All,
            PortalInvoiceFilter::Open => Self::Open,
            PortalInvoiceFilter::Overdue => Self::Overdue,
            PortalInvoiceFilter::Paid => Self::Paid,
            PortalInvoiceFilter::Void => Self::Void,
            PortalInvoiceFilter::Settled => Self::Settled,
        }
    }
}
