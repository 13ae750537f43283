//! Payments as the team sees them, and those that it writes down and takes back by hand.

use app::{
    money::{Currency, parse_amount},
    problem::{FieldProblem, Problem},
};
use async_graphql::{Enum, InputObject, SimpleObject};
use chrono::NaiveDate;

use super::{SEES_PAYMENTS, client::TeamSaved, page::TeamPageInfo, sees_payments};
use crate::{
    billing,
    error::{Error, Result},
    fields::Check,
    graphql::{
        guard::Team,
        scalar::{Date, MinorUnits},
    },
    id::{InvoiceId, PaymentId},
    ledger::{BillingError, Method, NewPayment},
    store::{
        page::{Cursor, PageRequest},
        team::{TeamPaymentRow, TeamPaymentSummaryRow},
    },
};

/// What a row in the list of payments is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(visible = "sees_payments")]
pub(super) enum TeamPaymentKind {
    /// Money that came.
    Payment,
    /// Money that went back.
    Refund,
    /// An entry that was made by mistake, taken back.
    Reversal,
    /// Money that the payer's bank took back.
    Dispute,
    /// The bank decided for whoever was paid, and the money is back.
    DisputeWon,
    /// Giving money back did not go through, and it is here again.
    RefundFailed,
}

/// How money came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(visible = "sees_payments")]
pub(super) enum TeamPaymentMethod {
    /// Online, by card or bank debit.
    Card,
    /// To the org's bank account.
    BankTransfer,
    /// In coins and notes.
    Cash,
    /// In any other way.
    Other,
}

/// A payment, or what takes one back.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "SEES_PAYMENTS", visible = "sees_payments")]
pub(super) struct TeamPayment {
    /// Id.
    id: String,
    /// What it is.
    kind: TeamPaymentKind,
    /// How the money came.
    method: TeamPaymentMethod,
    /// The amount; negative for all but payments.
    amount_minor: MinorUnits,
    /// The day on which the money came.
    received_on: Date,
    /// The payer's reference; may be empty.
    reference: String,
    /// Whether it was taken back by a reversal.
    is_reversed: bool,
    /// Whether it came although nothing waited for it: more than was due, or for a void invoice.
    is_unexpected: bool,
    /// Whether the team can take it back: it was written down by hand, and has not been taken back.
    is_reversible: bool,
}

/// A payment in a list, or what takes one back.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "SEES_PAYMENTS", visible = "sees_payments")]
pub(super) struct TeamPaymentSummary {
    /// The payment itself.
    payment: TeamPayment,
    /// ISO 4217 code.
    currency: String,
    /// The client's id.
    client_id: String,
    /// The client's name.
    client_name: String,
    /// The invoice it is for.
    invoice_id: String,
    /// That invoice's number.
    invoice_number: Option<String>,
}

/// One page of a list of payments.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "SEES_PAYMENTS", visible = "sees_payments")]
pub(super) struct TeamPaymentPage {
    /// The payments, newest first.
    nodes: Vec<TeamPaymentSummary>,
    /// Where the page lies.
    page_info: TeamPageInfo,
}

/// A payment to be written down.
#[derive(Debug, InputObject)]
#[graphql(visible = "sees_payments")]
pub(in crate::graphql) struct TeamPaymentInput {
    /// A UUID of your own making: the same one again is the same payment, and is recorded once.
    id: String,
    /// The amount in the invoice's currency as people type it, such as `1,234.50`; at most what is due.
    amount: String,
    /// How it came; not `CARD`, which Stripe writes down.
    method: TeamPaymentMethod,
    /// When it came, not later than today: `2026-11-03`.
    received_on: String,
    /// The payer's reference, at most 120 characters.
    #[graphql(default)]
    reference: String,
}

pub(super) async fn list(team: &Team<'_>, search: &str, request: &PageRequest) -> Result<TeamPaymentPage> {
    if search.chars().count() > 100 {
        return Err(Error::Invalid { field: "search" });
    }
    let page = team.scope.payments(search, request).await?;
    let page_info =
        TeamPageInfo::new(&page, |row| Cursor { day: row.received_on, id: row.id.uuid() }.to_text());
    Ok(TeamPaymentPage { nodes: page.rows.into_iter().map(TeamPaymentSummary::from).collect(), page_info })
}

pub(super) async fn record(team: &Team<'_>, invoice: &str, input: &TeamPaymentInput) -> Result<TeamSaved> {
    let invoice_id: InvoiceId = invoice.parse().map_err(|_| Error::NotFound)?;
    let id: PaymentId = input.id.parse().map_err(|_| Error::Invalid { field: "id" })?;
    let invoice = team.scope.invoice(invoice_id).await?.ok_or(Error::NotFound)?;
    let mut check = Check::default();
    let currency: Option<Currency> = invoice.currency.parse().ok();
    let amount = currency.and_then(|currency| parse_amount(&input.amount, currency));
    if amount.is_none() {
        check.refuse("amount", Problem::NoAmount);
    }
    let received_on = input.received_on.trim().parse::<NaiveDate>().ok();
    match received_on {
        None => check.refuse("receivedOn", Problem::NoDay),
        Some(day) if day > team.today => check.refuse("receivedOn", Problem::InTheFuture),
        Some(_) => {}
    }
    let method = Method::try_from(input.method);
    if method.is_err() {
        check.refuse("method", Problem::Required);
    }
    let reference = check.line("reference", &input.reference, 120);
    let (Some(amount_minor), Some(received_on), Ok(method), true) =
        (amount, received_on, method, check.is_clean())
    else {
        return Ok(TeamSaved::refused(check.into_problems()));
    };
    let payment = NewPayment { id, invoice_id, amount_minor, method, received_on, reference };
    match billing::record_payment(&team.scope, &payment, team.today, team.origin).await? {
        Ok(()) => Ok(TeamSaved::saved(id)),
        Err(refused) => refuse(refused, "amount"),
    }
}

pub(super) async fn reverse(team: &Team<'_>, id: &str) -> Result<TeamSaved> {
    let id: PaymentId = id.parse().map_err(|_| Error::NotFound)?;
    match billing::reverse_payment(&team.scope, id, team.today, team.origin).await? {
        Ok(invoice) => Ok(TeamSaved::saved(invoice)),
        Err(refused) => refuse(refused, "payment"),
    }
}

/// What the rules say, told at a field.
pub(super) fn refuse(refused: BillingError, field: &'static str) -> Result<TeamSaved> {
    let problem = match refused {
        BillingError::NotFound => return Err(Error::NotFound),
        BillingError::Void => Problem::IsVoid,
        BillingError::MoreThanDue { .. } => Problem::MoreThanDue,
        BillingError::NotReversible => Problem::NotReversible,
        BillingError::Paid => Problem::IsPaid,
        BillingError::IdTaken => return Err(Error::Invalid { field: "id" }),
    };
    Ok(TeamSaved::refused(vec![FieldProblem::new(field, problem)]))
}

impl TryFrom<TeamPaymentMethod> for Method {
    type Error = ();

    fn try_from(method: TeamPaymentMethod) -> std::result::Result<Self, ()> {
        match method {
            TeamPaymentMethod::BankTransfer => Ok(Self::BankTransfer),
            TeamPaymentMethod::Cash => Ok(Self::Cash),
            TeamPaymentMethod::Other => Ok(Self::Other),
            TeamPaymentMethod::Card => Err(()),
        }
    }
}

impl TeamPaymentMethod {
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

impl From<TeamPaymentSummaryRow> for TeamPaymentSummary {
    fn from(row: TeamPaymentSummaryRow) -> Self {
        let payment = TeamPaymentRow {
            org_id: row.org_id,
            id: row.id,
            kind: row.kind,
            method: row.method,
            amount_minor: row.amount_minor,
            received_on: row.received_on,
            reference: row.reference,
            is_reversed: row.is_reversed,
            is_unexpected: row.is_unexpected,
        };
        Self {
            payment: payment.into(),
            currency: row.currency,
            client_id: row.client_id.to_string(),
            client_name: row.client_name,
            invoice_id: row.invoice_id.to_string(),
            invoice_number: row.invoice_number,
        }
    }
}

impl From<TeamPaymentRow> for TeamPayment {
    fn from(row: TeamPaymentRow) -> Self {
        let kind = match row.kind.as_str() {
            "refund" => TeamPaymentKind::Refund,
            "reversal" => TeamPaymentKind::Reversal,
            "dispute" => TeamPaymentKind::Dispute,
            "dispute_won" => TeamPaymentKind::DisputeWon,
            "refund_failed" => TeamPaymentKind::RefundFailed,
            _ => TeamPaymentKind::Payment,
        };
        let method = TeamPaymentMethod::of(&row.method);
        Self {
            id: row.id.to_string(),
            kind,
            method,
            amount_minor: MinorUnits(row.amount_minor),
            received_on: Date(row.received_on),
            reference: row.reference,
            is_reversed: row.is_reversed,
            is_unexpected: row.is_unexpected,
            is_reversible: kind == TeamPaymentKind::Payment
                && method != TeamPaymentMethod::Card
                && !row.is_reversed,
        }
    }
}
