//! Invoices as the team sees them. What lists show stands in one row; everything else is read for all invoices of an
//! answer together, as far as the document asks for it.

mod list;
mod load;
mod on_paper;
mod parts;

use std::sync::Arc;

use async_graphql::{ComplexObject, Enum, ID, Result as GraphqlResult, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};

pub use self::on_paper::OnPaper;
use self::on_paper::{HAS_LINK, SEES_WHAT_WAS_PAID};
pub(super) use self::{
    list::{TeamInvoiceConnection, TeamInvoiceFilterInput, TeamInvoiceOrderInput, list},
    load::{by_id, by_ids, distinct, of_rows},
    parts::{TeamInvoiceLine, TeamInvoiceMail, TeamInvoiceTax},
};
use super::{
    SEES_CLIENTS, SEES_INVOICES,
    client::{TeamClient, TeamSaved},
    draft::TeamDraft,
    payment::{TeamPayment, refuse},
    sees_clients, sees_invoices, sees_payments,
};
use crate::{
    billing,
    error::{Error, Result},
    graphql::{
        guard::Team,
        scalar::{Date, Int64, MinorUnits},
        to_graphql,
    },
    id::{ClientId, InvoiceId},
    store::{
        row::state_tag,
        team::{TeamInvoiceRow, TeamInvoiceSummaryRow},
    },
};

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

/// An invoice.
#[derive(Debug, SimpleObject)]
#[graphql(complex, guard = "SEES_INVOICES", visible = "sees_invoices")]
pub(in crate::graphql) struct TeamInvoice {
    /// Id: a UUID.
    pub(in crate::graphql) id: ID,
    /// The org's number; null in a draft.
    number: Option<String>,
    /// What it is for; may be empty.
    title: String,
    /// The client's id.
    client_id: ID,
    /// The client's name.
    client_name: String,
    /// How it stands today, by the org's calendar.
    status: TeamInvoiceStatus,
    /// Day of issue; in a draft, the day that it would have if it were sent today.
    issued_on: Date,
    /// Last day to pay in time.
    due_on: Date,
    /// ISO 4217 code.
    currency: String,
    /// Total, taxes included.
    total_minor: MinorUnits,
    /// Paid so far.
    paid_minor: MinorUnits,
    /// Still to be paid; 0 in a draft, when paid and when void.
    due_minor: MinorUnits,
    /// How often contacts have opened it; the same one within an hour counts once.
    view_count: i32,
    #[graphql(skip)]
    key: (ClientId, InvoiceId),
    #[graphql(skip)]
    whole: Option<Box<TeamInvoiceRow>>,
    #[graphql(skip)]
    parts: Parts,
}

/// What was read of an invoice besides its row; none of what the document does not ask for.
#[derive(Debug, Default)]
struct Parts {
    client: Option<Arc<TeamClient>>,
    share_url: Option<String>,
    mails: Vec<TeamInvoiceMail>,
    lines: Vec<TeamInvoiceLine>,
    taxes: Vec<TeamInvoiceTax>,
    payments: Vec<TeamPayment>,
}

/// The fields that stand in the whole row alone.
const WHOLE: [&str; 16] = [
    "reference",
    "notes",
    "discountPpm",
    "discountMinor",
    "subtotalMinor",
    "taxMinor",
    "allowsPart",
    "processingSince",
    "failedAt",
    "stateTag",
    "firstViewedAt",
    "lastViewedAt",
    "createdAt",
    "sentAt",
    "voidedAt",
    "version",
];

#[ComplexObject(guard = "SEES_INVOICES")]
impl TeamInvoice {
    /// Who is billed, as the client stands now; what is on the invoice itself was kept when it was sent.
    #[graphql(guard = "SEES_CLIENTS", visible = "sees_clients")]
    async fn client(&self) -> GraphqlResult<&TeamClient> {
        self.parts.client.as_deref().ok_or_else(|| unread("client"))
    }

    /// The client's reference, such as an order number; may be empty.
    async fn reference(&self) -> GraphqlResult<&str> {
        Ok(&self.whole()?.reference)
    }

    /// A word to the client; may be empty.
    async fn notes(&self) -> GraphqlResult<&str> {
        Ok(&self.whole()?.notes)
    }

    /// The discount on all lines, in millionths; 0 where there is none.
    async fn discount_ppm(&self) -> GraphqlResult<Int64> {
        Ok(Int64(self.whole()?.discount_ppm))
    }

    /// What the discount takes off the sum of the lines.
    async fn discount_minor(&self) -> GraphqlResult<MinorUnits> {
        Ok(MinorUnits(self.whole()?.discount_minor))
    }

    /// Sum of the lines, the discount taken off, before tax.
    async fn subtotal_minor(&self) -> GraphqlResult<MinorUnits> {
        Ok(MinorUnits(self.whole()?.subtotal_minor))
    }

    /// Sum of the taxes.
    async fn tax_minor(&self) -> GraphqlResult<MinorUnits> {
        Ok(MinorUnits(self.whole()?.tax_minor))
    }

    /// Whether a part of it can be paid online.
    async fn allows_part(&self) -> GraphqlResult<bool> {
        Ok(self.whole()?.allows_part)
    }

    /// Since when a payment is under way that takes days; null where none is.
    async fn processing_since(&self) -> GraphqlResult<Option<DateTime<Utc>>> {
        Ok(self.whole()?.processing_since)
    }

    /// When the last try to pay it online failed; null once there was another.
    async fn failed_at(&self) -> GraphqlResult<Option<DateTime<Utc>>> {
        Ok(self.whole()?.failed_at)
    }

    /// Changes whenever what money does to it has changed: to be compared, and nothing else.
    async fn state_tag(&self) -> GraphqlResult<String> {
        let row = self.whole()?;
        Ok(state_tag(&row.settlement, row.paid_minor, row.processing_since, row.failed_at))
    }

    /// When somebody first opened it; null where nobody has.
    async fn first_viewed_at(&self) -> GraphqlResult<Option<DateTime<Utc>>> {
        Ok(self.whole()?.first_viewed_at)
    }

    /// When somebody last opened it; null where nobody has.
    async fn last_viewed_at(&self) -> GraphqlResult<Option<DateTime<Utc>>> {
        Ok(self.whole()?.last_viewed_at)
    }

    /// When it was begun.
    async fn created_at(&self) -> GraphqlResult<DateTime<Utc>> {
        Ok(self.whole()?.created_at)
    }

    /// When it was sent; null in a draft.
    async fn sent_at(&self) -> GraphqlResult<Option<DateTime<Utc>>> {
        Ok(self.whole()?.sent_at)
    }

    /// When it was cancelled; null where it was not.
    async fn voided_at(&self) -> GraphqlResult<Option<DateTime<Utc>>> {
        Ok(self.whole()?.voided_at)
    }

    /// Counts changes: to be given back with a change of a draft, so that a stale one is noticed.
    async fn version(&self) -> GraphqlResult<i32> {
        Ok(i32::try_from(self.whole()?.version).unwrap_or(i32::MAX))
    }

    /// What is typed, in a draft; null otherwise.
    async fn draft(&self) -> GraphqlResult<Option<TeamDraft>> {
        Ok(self.whole()?.typed.as_deref().map(TeamDraft::of))
    }

    /// The public link to it, whole; null in a draft, in a void one, and where it is switched off. Whoever has it sees
    /// the invoice, so it takes the scope to change invoices.
    #[graphql(guard = "HAS_LINK", visible = "super::changes_invoices")]
    async fn share_url(&self) -> Option<&str> {
        self.parts.share_url.as_deref()
    }

    /// The mails about it, newest first.
    async fn mails(&self) -> &[TeamInvoiceMail] {
        &self.parts.mails
    }

    /// The lines in order; none in a draft.
    async fn lines(&self) -> &[TeamInvoiceLine] {
        &self.parts.lines
    }

    /// The taxes, one entry a rate, highest rate first; none in a draft.
    async fn taxes(&self) -> &[TeamInvoiceTax] {
        &self.parts.taxes
    }

    /// Payments, refunds and corrections, newest first.
    #[graphql(guard = "SEES_WHAT_WAS_PAID", visible = "sees_payments")]
    async fn payments(&self) -> &[TeamPayment] {
        &self.parts.payments
    }
}

/// What a document asks for and was not read: the look ahead has missed it, which is a fault of ours.
pub(super) fn unread(field: &str) -> async_graphql::Error {
    to_graphql(&Error::bug(format!("{field} was asked for and not read")))
}

impl TeamInvoice {
    fn whole(&self) -> GraphqlResult<&TeamInvoiceRow> {
        self.whole.as_deref().ok_or_else(|| unread("a field of an invoice"))
    }

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
            id: row.id.to_string().into(),
            number: row.number,
            title: row.title,
            client_id: row.client_id.to_string().into(),
            client_name: row.client_name,
            status,
            issued_on: Date(row.issued_on),
            due_on: Date(row.due_on),
            currency: row.currency,
            total_minor: MinorUnits(row.total_minor),
            paid_minor: MinorUnits(row.paid_minor),
            due_minor: MinorUnits(due),
            view_count: i32::try_from(row.view_count).unwrap_or(i32::MAX),
            key: (row.client_id, row.id),
            whole: None,
            parts: Parts::default(),
        }
    }
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
