//! Payments as the team sees them, and those that it writes down and takes back by hand.

use std::{collections::HashMap, sync::Arc};

use app::{
    money::{Currency, parse_amount},
    problem::{FieldProblem, Problem},
};
use async_graphql::{ComplexObject, Enum, ID, InputObject, Result as GraphqlResult, SimpleObject};

use super::{
    SEES_CLIENTS, SEES_INVOICES, SEES_PAYMENTS,
    client::{self, TeamClient, TeamSaved},
    invoice::{self, TeamInvoice, unread},
    sees_clients, sees_invoices, sees_payments,
};
use crate::{
    billing,
    error::{Error, Result},
    fields::{Check, read_day},
    graphql::{
        guard::Team,
        look::Look,
        page::connection,
        scalar::{Date, MinorUnits},
    },
    id::{ClientId, InvoiceId, PaymentId},
    ledger::{BillingError, Method, NewPayment},
    store::{
        page::{Cursor, PageRequest},
        team::{self as store, TeamPaymentSummaryRow},
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
#[graphql(complex, guard = "SEES_PAYMENTS", visible = "sees_payments")]
pub(in crate::graphql) struct TeamPayment {
    /// Id: a UUID.
    pub(in crate::graphql) id: ID,
    /// What it is.
    kind: TeamPaymentKind,
    /// How the money came.
    method: TeamPaymentMethod,
    /// The amount; negative where less is received after it.
    amount_minor: MinorUnits,
    /// ISO 4217 code.
    currency: String,
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
    /// The client's id.
    client_id: ID,
    /// The client's name.
    client_name: String,
    /// The invoice it is for.
    invoice_id: ID,
    /// That invoice's number.
    invoice_number: Option<String>,
    #[graphql(skip)]
    key: (ClientId, InvoiceId, PaymentId),
    #[graphql(skip)]
    of_client: Option<Arc<TeamClient>>,
    #[graphql(skip)]
    for_invoice: Option<Arc<TeamInvoice>>,
}

#[ComplexObject(guard = "SEES_PAYMENTS")]
impl TeamPayment {
    /// Who paid, as the client stands now.
    #[graphql(guard = "SEES_CLIENTS", visible = "sees_clients")]
    async fn client(&self) -> GraphqlResult<&TeamClient> {
        self.of_client.as_deref().ok_or_else(|| unread("client"))
    }

    /// What it is for.
    #[graphql(guard = "SEES_INVOICES", visible = "sees_invoices")]
    async fn invoice(&self) -> GraphqlResult<&TeamInvoice> {
        self.for_invoice.as_deref().ok_or_else(|| unread("invoice"))
    }
}

connection!(
    TeamPaymentConnection,
    TeamPaymentEdge,
    TeamPayment,
    "payments",
    "SEES_PAYMENTS",
    "sees_payments"
);

/// Which payments are wanted; what is left out filters nothing.
#[derive(Debug, Default, InputObject)]
#[graphql(visible = "sees_payments")]
pub(super) struct TeamPaymentFilter {
    /// Of this client.
    client_id: Option<ID>,
    /// That came in this way.
    method: Option<TeamPaymentMethod>,
    /// Received on this day or later.
    received_from: Option<Date>,
    /// Received on this day or earlier.
    received_to: Option<Date>,
    /// Text to be found in the reference, the invoice's number or the client's name; at most 100 characters.
    search: Option<String>,
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
    /// When it came, in 1990 at the earliest and not later than today: `2026-11-03`.
    received_on: String,
    /// The payer's reference, at most 120 characters.
    #[graphql(default)]
    reference: String,
}

pub(super) async fn list(
    team: &Team<'_>,
    filter: &TeamPaymentFilter,
    request: &PageRequest,
    look: &Look<'_>,
) -> Result<TeamPaymentConnection> {
    let search = filter.search.as_deref().unwrap_or_default();
    if search.chars().count() > 100 {
        return Err(Error::Invalid { field: "search" });
    }
    let client = filter.client_id.as_ref().map(|id| id.parse()).transpose();
    let wanted = store::TeamPaymentFilter {
        client: client.map_err(|_| Error::Invalid { field: "clientId" })?,
        method: filter.method.map(TeamPaymentMethod::as_str),
        received_from: filter.received_from.map(|day| day.0),
        received_to: filter.received_to.map(|day| day.0),
        search,
    };
    let page = team.scope.payments(&wanted, request).await?;
    let neighbours = (page.has_previous, page.has_next);
    let payments = of_rows(team, page.rows, look).await?;
    Ok(TeamPaymentConnection::new(neighbours, payments, |payment| {
        Cursor { day: payment.received_on.0, id: payment.key.2.uuid() }.to_text()
    }))
}

/// One payment; `None` where there is none such.
pub(super) async fn by_id(team: &Team<'_>, id: &str, look: &Look<'_>) -> Result<Option<TeamPayment>> {
    let Ok(id) = id.parse::<PaymentId>() else { return Ok(None) };
    let rows = team.scope.payments_by_id(&[id]).await?;
    Ok(of_rows(team, rows, look).await?.pop())
}

/// Payments with as much of what they are about as is asked for.
pub(super) async fn of_rows(
    team: &Team<'_>,
    rows: Vec<TeamPaymentSummaryRow>,
    look: &Look<'_>,
) -> Result<Vec<TeamPayment>> {
    let mut payments: Vec<TeamPayment> = rows.into_iter().map(TeamPayment::from).collect();
    if look.has("client") {
        let ids = invoice::distinct(payments.iter().map(|payment| payment.key.0));
        let clients = client::by_ids(team, &ids, &look.field("client")).await?;
        for payment in &mut payments {
            payment.of_client = clients.get(&payment.key.0).cloned();
        }
    }
    if look.has("invoice") {
        let ids = invoice::distinct(payments.iter().map(|payment| payment.key.1));
        let invoices = invoice::by_ids(team, &ids, &look.field("invoice")).await?;
        let invoices: HashMap<InvoiceId, Arc<TeamInvoice>> =
            invoices.into_iter().map(|(id, invoice)| (id, Arc::new(invoice))).collect();
        for payment in &mut payments {
            payment.for_invoice = invoices.get(&payment.key.1).cloned();
        }
    }
    Ok(payments)
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
    let received_on = read_day(&input.received_on);
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
    /// The word in the store.
    const fn as_str(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::BankTransfer => "bank_transfer",
            Self::Cash => "cash",
            Self::Other => "other",
        }
    }

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

impl TeamPayment {
    /// Which invoice it is for.
    pub(super) const fn invoice_key(&self) -> InvoiceId {
        self.key.1
    }
}

impl From<TeamPaymentSummaryRow> for TeamPayment {
    fn from(row: TeamPaymentSummaryRow) -> Self {
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
            id: row.id.to_string().into(),
            kind,
            method,
            amount_minor: MinorUnits(row.amount_minor),
            currency: row.currency,
            received_on: Date(row.received_on),
            reference: row.reference,
            is_reversed: row.is_reversed,
            is_unexpected: row.is_unexpected,
            is_reversible: kind == TeamPaymentKind::Payment
                && method != TeamPaymentMethod::Card
                && !row.is_reversed,
            client_id: row.client_id.to_string().into(),
            client_name: row.client_name,
            invoice_id: row.invoice_id.to_string().into(),
            invoice_number: row.invoice_number,
            key: (row.client_id, row.invoice_id, row.id),
            of_client: None,
            for_invoice: None,
        }
    }
}
