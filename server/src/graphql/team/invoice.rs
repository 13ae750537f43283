//! Invoices as the team sees them.

use async_graphql::{Enum, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};

use super::{
    SEES_INVOICES, SEES_PAYMENTS,
    client::TeamSaved,
    draft::{TeamDraft, reading},
    page::TeamPageInfo,
    payment::{TeamPayment, refuse},
    sees_invoices, sees_payments,
};
use crate::{
    billing,
    error::{Error, Result},
    graphql::{
        guard::Team,
        scalar::{Date, Int64, MinorUnits},
    },
    id::InvoiceId,
    store::{
        page::{Cursor, PageRequest},
        row::state_tag,
        team::{
            InvoiceMailRow, TeamInvoiceFilter, TeamInvoiceRow, TeamInvoiceSummaryRow, TeamLineRow,
            TeamTaxRow, read_typed,
        },
    },
};

/// Which invoices a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "TeamInvoiceFilter", visible = "sees_invoices")]
pub(super) enum InvoiceFilter {
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

/// How an invoice stands today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(visible = "sees_invoices")]
pub(super) enum TeamInvoiceStatus {
    /// Not sent yet.
    Draft,
    /// Nothing is paid, and the due day has not passed.
    Open,
    /// A part is paid, and the due day has not passed.
    PartiallyPaid,
    /// Something is due, and the due day has passed.
    Overdue,
    /// Nothing is due any more.
    Paid,
    /// Cancelled.
    Void,
}

/// An invoice in a list.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "SEES_INVOICES", visible = "sees_invoices")]
pub(super) struct TeamInvoiceSummary {
    /// Id.
    id: String,
    /// The org's number; null in a draft.
    number: Option<String>,
    /// What it is for; may be empty.
    title: String,
    /// The client's id.
    client_id: String,
    /// The client's name.
    client_name: String,
    /// How it stands today.
    status: TeamInvoiceStatus,
    /// Day of issue.
    issued_on: Date,
    /// Last day to pay in time.
    due_on: Date,
    /// ISO 4217 code.
    currency: String,
    /// Total, taxes included.
    total_minor: MinorUnits,
    /// Still to be paid.
    due_minor: MinorUnits,
    /// How often contacts have opened it; the same one within an hour counts once.
    view_count: i32,
}

/// One page of a list of invoices.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "SEES_INVOICES", visible = "sees_invoices")]
pub(super) struct TeamInvoicePage {
    /// The invoices in order.
    nodes: Vec<TeamInvoiceSummary>,
    /// Where the page lies.
    page_info: TeamPageInfo,
}

/// An invoice.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "SEES_INVOICES", visible = "sees_invoices")]
pub(super) struct TeamInvoice {
    /// What lists show of it.
    summary: TeamInvoiceSummary,
    /// The client's reference; may be empty.
    reference: String,
    /// A word to the client; may be empty.
    notes: String,
    /// The discount on all lines, in millionths; 0 where there is none.
    discount_ppm: Int64,
    /// What the discount takes off the sum of the lines.
    discount_minor: MinorUnits,
    /// Sum of the lines, the discount taken off.
    subtotal_minor: MinorUnits,
    /// Sum of the taxes.
    tax_minor: MinorUnits,
    /// Paid so far.
    paid_minor: MinorUnits,
    /// Whether a part of it can be paid online.
    allows_part: bool,
    /// Since when a payment is under way that takes days.
    processing_since: Option<DateTime<Utc>>,
    /// When the last try to pay it online failed; null once there was another.
    failed_at: Option<DateTime<Utc>>,
    /// Changes whenever what money does to it has changed.
    state_tag: String,
    /// When somebody first opened it; null where nobody has.
    first_viewed_at: Option<DateTime<Utc>>,
    /// When somebody last opened it; null where nobody has.
    last_viewed_at: Option<DateTime<Utc>>,
    /// Counts changes: to be given back with a change of a draft, so that a stale one is noticed.
    version: i32,
    /// What is typed, in a draft; null otherwise.
    draft: Option<TeamDraft>,
    /// The public link to it, whole; null in a draft, in a void one, and where it is switched off.
    share_url: Option<String>,
    /// The mails about it, newest first.
    mails: Vec<TeamInvoiceMail>,
    /// The lines in order; none in a draft.
    lines: Vec<TeamInvoiceLine>,
    /// The taxes, highest rate first.
    taxes: Vec<TeamInvoiceTax>,
    /// Payments, refunds and corrections, newest first.
    #[graphql(guard = "SEES_PAYMENTS", visible = "sees_payments")]
    payments: Vec<TeamPayment>,
}

/// What a mail about an invoice is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(visible = "sees_invoices")]
pub(super) enum TeamInvoiceMailKind {
    /// It was sent.
    Invoice,
    /// It is still to be paid.
    Reminder,
}

/// A mail about an invoice.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "SEES_INVOICES", visible = "sees_invoices")]
pub(super) struct TeamInvoiceMail {
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
pub(super) struct TeamInvoiceLine {
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
pub(super) struct TeamInvoiceTax {
    /// What the org calls this tax.
    label: String,
    /// Tax rate in millionths: 190000 is 19 %.
    rate_ppm: Int64,
    /// Sum of the lines at this rate.
    base_minor: MinorUnits,
    /// The tax on it, rounded half away from zero.
    tax_minor: MinorUnits,
}

pub(super) async fn list(
    team: &Team<'_>,
    filter: InvoiceFilter,
    search: &str,
    request: &PageRequest,
) -> Result<TeamInvoicePage> {
    if search.chars().count() > 100 {
        return Err(Error::Invalid { field: "search" });
    }
    let by_due_day = matches!(filter, InvoiceFilter::Open | InvoiceFilter::Overdue);
    let page = team.scope.invoices(filter.into(), search, team.today, request).await?;
    let cursor = |row: &TeamInvoiceSummaryRow| {
        Cursor { day: if by_due_day { row.due_on } else { row.issued_on }, id: row.id.uuid() }.to_text()
    };
    let page_info = TeamPageInfo::new(&page, cursor);
    Ok(TeamInvoicePage { nodes: summaries(team, page.rows), page_info })
}

/// How invoices stand today.
pub(super) fn summaries(team: &Team<'_>, rows: Vec<TeamInvoiceSummaryRow>) -> Vec<TeamInvoiceSummary> {
    rows.into_iter().map(|row| TeamInvoiceSummary::new(row, team.today)).collect()
}

pub(super) async fn by_id(team: &Team<'_>, id: &str) -> Result<Option<TeamInvoice>> {
    // An id that is none is not found, as any other that is not there (rule I5).
    let Ok(id) = id.parse::<InvoiceId>() else { return Ok(None) };
    let Some(row) = team.scope.invoice(id).await? else { return Ok(None) };
    let parts = team.scope.invoice_parts(row.client_id, id).await?;
    let link = team.scope.share_link(row.client_id, id).await?;
    let mails = team.scope.invoice_mails(row.client_id, id).await?;
    let (issued_on, due_on) = draft_days(team, &row).await?.unwrap_or((row.issued_on, row.due_on));
    let state_tag = state_tag(&row.settlement, row.paid_minor, row.processing_since, row.failed_at);
    let summary = TeamInvoiceSummaryRow {
        org_id: row.org_id,
        client_id: row.client_id,
        client_name: row.client_name,
        id: row.id,
        number: row.number,
        title: row.title,
        settlement: row.settlement,
        issued_on,
        due_on,
        currency: row.currency,
        total_minor: row.total_minor,
        paid_minor: row.paid_minor,
        view_count: row.view_count,
    };
    Ok(Some(TeamInvoice {
        summary: TeamInvoiceSummary::new(summary, team.today),
        reference: row.reference,
        notes: row.notes,
        discount_ppm: Int64(row.discount_ppm),
        discount_minor: MinorUnits(row.discount_minor),
        subtotal_minor: MinorUnits(row.subtotal_minor),
        tax_minor: MinorUnits(row.tax_minor),
        paid_minor: MinorUnits(row.paid_minor),
        allows_part: row.allows_part,
        processing_since: row.processing_since,
        failed_at: row.failed_at,
        state_tag,
        first_viewed_at: row.first_viewed_at,
        last_viewed_at: row.last_viewed_at,
        version: i32::try_from(row.version).unwrap_or(i32::MAX),
        draft: row.typed.as_deref().map(TeamDraft::of),
        share_url: link.and_then(|link| team.links.url(&link.nonce, &link.token_hash)),
        mails: mails.into_iter().map(TeamInvoiceMail::from).collect(),
        lines: parts.lines.into_iter().map(TeamInvoiceLine::from).collect(),
        taxes: parts.taxes.into_iter().map(TeamInvoiceTax::from).collect(),
        payments: parts.payments.into_iter().map(TeamPayment::from).collect(),
    }))
}

/// The days that a draft would have if it were sent today; `None` for what is no draft, or cannot be sent.
async fn draft_days(team: &Team<'_>, row: &TeamInvoiceRow) -> Result<Option<(NaiveDate, NaiveDate)>> {
    let (Some(typed), Ok(currency)) = (&row.typed, row.currency.parse()) else { return Ok(None) };
    let Some(defaults) = team.scope.draft_defaults(row.client_id).await? else { return Ok(None) };
    Ok(Some(read_typed(typed).days(&reading(team)(currency, defaults.payment_days))))
}

/// What is open for another amount is closed at Stripe, if it does not fit any more.
pub(super) async fn allow_part(team: &Team<'_>, id: &str, allowed: bool) -> Result<bool> {
    match id.parse() {
        Ok(id) => team.scope.allow_part(id, allowed, team.origin).await,
        Err(_) => Ok(false),
    }
}

pub(super) async fn void(team: &Team<'_>, id: &str) -> Result<TeamSaved> {
    let id: InvoiceId = id.parse().map_err(|_| Error::NotFound)?;
    match billing::void_invoice(&team.scope, id, team.today, team.origin).await? {
        Ok(()) => Ok(TeamSaved::saved(id)),
        Err(refused) => refuse(refused, "invoice"),
    }
}

impl TeamInvoiceSummary {
    fn new(row: TeamInvoiceSummaryRow, today: NaiveDate) -> Self {
        let status = match row.settlement.as_str() {
            "draft" => TeamInvoiceStatus::Draft,
            "void" => TeamInvoiceStatus::Void,
            "paid" => TeamInvoiceStatus::Paid,
            _ if row.due_on < today => TeamInvoiceStatus::Overdue,
            _ if row.paid_minor > 0 => TeamInvoiceStatus::PartiallyPaid,
            _ => TeamInvoiceStatus::Open,
        };
        let due = match status {
            TeamInvoiceStatus::Paid | TeamInvoiceStatus::Void | TeamInvoiceStatus::Draft => 0,
            _ => row.total_minor - row.paid_minor,
        };
        Self {
            id: row.id.to_string(),
            number: row.number,
            title: row.title,
            client_id: row.client_id.to_string(),
            client_name: row.client_name,
            status,
            issued_on: Date(row.issued_on),
            due_on: Date(row.due_on),
            currency: row.currency,
            total_minor: MinorUnits(row.total_minor),
            due_minor: MinorUnits(due),
            view_count: i32::try_from(row.view_count).unwrap_or(i32::MAX),
        }
    }
}

impl From<InvoiceFilter> for TeamInvoiceFilter {
    fn from(filter: InvoiceFilter) -> Self {
        match filter {
            InvoiceFilter::All => Self::All,
            InvoiceFilter::Draft => Self::Draft,
            InvoiceFilter::Open => Self::Open,
            InvoiceFilter::Overdue => Self::Overdue,
            InvoiceFilter::Paid => Self::Paid,
            InvoiceFilter::Void => Self::Void,
        }
    }
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
