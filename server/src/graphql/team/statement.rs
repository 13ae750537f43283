//! A client's statement of account.

use async_graphql::ID;
use async_graphql::{Enum, SimpleObject};
use chrono::NaiveDate;

use super::{SEES_PAYMENTS, payment::TeamPaymentMethod, sees_payments};
use crate::{
    error::Result,
    graphql::{
        guard::Team,
        portal::invoice::party,
        scalar::{Date, MinorUnits},
    },
    id::ClientId,
    statement::{Entry, EntryKind, Section, Statement, period},
};

/// What an entry of a statement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "EntryKind", visible = "sees_payments")]
pub(super) enum TeamStatementEntryKind {
    /// An invoice was issued.
    Invoice,
    /// An invoice was cancelled.
    Cancellation,
    /// Money was received.
    Payment,
    /// Money was given back.
    Refund,
    /// An entry made by mistake was corrected.
    Reversal,
    /// The payer's bank took money back.
    Dispute,
    /// The bank decided for whoever was paid, and the money is back.
    DisputeWon,
    /// Giving money back did not go through, and it is here again.
    RefundFailed,
}

/// What happened on one day.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "SEES_PAYMENTS", visible = "sees_payments")]
pub(super) struct TeamStatementEntry {
    /// The day.
    day: Date,
    /// What it is.
    kind: TeamStatementEntryKind,
    /// How a payment came; null for an invoice.
    method: Option<TeamPaymentMethod>,
    /// The invoice's id.
    invoice_id: ID,
    /// The invoice's number.
    invoice_number: String,
    /// An invoice's title, a payment's reference; may be empty.
    note: String,
    /// Added to what is owed; negative where less is owed after it.
    amount_minor: MinorUnits,
    /// What is owed after it; negative where more was paid than billed.
    balance_minor: MinorUnits,
}

/// All that happened in one currency.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "SEES_PAYMENTS", visible = "sees_payments")]
pub(super) struct TeamStatementSection {
    /// ISO 4217 code.
    currency: String,
    /// What was owed as the first day began.
    opening_minor: MinorUnits,
    /// The entries in the order of time.
    entries: Vec<TeamStatementEntry>,
    /// What was owed as the last day ended.
    closing_minor: MinorUnits,
}

/// What was billed and paid in a period.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "SEES_PAYMENTS", visible = "sees_payments")]
pub(super) struct TeamStatement {
    /// The first day.
    #[graphql(name = "from")]
    first: Date,
    /// The last day, as of which the closing balances are.
    #[graphql(name = "to")]
    last: Date,
    /// One for each currency in which something was owed or happened. None where the statement is too long.
    sections: Vec<TeamStatementSection>,
    /// There are more than 2,000 entries: a shorter period is needed.
    is_too_long: bool,
    /// Who is billed: name, then address lines.
    bill_to: Vec<String>,
    /// The client's tax id; may be empty.
    bill_to_tax_id: String,
    /// Who bills: name, then address lines.
    bill_from: Vec<String>,
    /// The org's tax id; may be empty.
    bill_from_tax_id: String,
}

pub(super) async fn resolve(
    team: &Team<'_>,
    client: &str,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Option<TeamStatement>> {
    // An id that is none is not found, as any other that is not there (rule I5).
    let Ok(client) = client.parse::<ClientId>() else { return Ok(None) };
    let zone = team.visit.time_zone;
    let period = period(from, to, team.today, zone)?;
    let Some(rows) = team.scope.statement(client, &period).await? else { return Ok(None) };
    Statement::of(&period, zone, rows).map(|statement| Some(statement.into()))
}

impl From<Statement> for TeamStatement {
    fn from(statement: Statement) -> Self {
        let Statement { first, last, parties, sections, is_too_long } = statement;
        Self {
            first: Date(first),
            last: Date(last),
            sections: sections.into_iter().map(TeamStatementSection::from).collect(),
            is_too_long,
            bill_to: party(parties.client_name, &parties.client_address),
            bill_to_tax_id: parties.client_tax_id,
            bill_from: party(parties.org_name, &parties.org_address),
            bill_from_tax_id: parties.org_tax_id,
        }
    }
}

impl From<Section> for TeamStatementSection {
    fn from(section: Section) -> Self {
        Self {
            currency: section.currency,
            opening_minor: MinorUnits(section.opening_minor),
            entries: section.entries.into_iter().map(TeamStatementEntry::from).collect(),
            closing_minor: MinorUnits(section.closing_minor),
        }
    }
}

impl From<Entry> for TeamStatementEntry {
    fn from(entry: Entry) -> Self {
        Self {
            day: Date(entry.day),
            kind: entry.kind.into(),
            method: (!entry.method.is_empty()).then(|| TeamPaymentMethod::of(&entry.method)),
            invoice_id: entry.invoice_id.into(),
            invoice_number: entry.invoice_number,
            note: entry.note,
            amount_minor: MinorUnits(entry.amount_minor),
            balance_minor: MinorUnits(entry.balance_minor),
        }
    }
}
