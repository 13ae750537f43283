//! Drafts: what is typed, and what hinders sending it.

use app::{
    format::Formats,
    money::{Currency, TypedLine},
    problem::{FieldProblem, Problem},
};
use async_graphql::{InputObject, SimpleObject};

use super::{
    SEES_INVOICES,
    client::{TeamFieldProblem, TeamSaved},
    sees_invoices,
};
use crate::{
    billing,
    draft::{Reading, TypedInvoice},
    error::{Error, Result},
    graphql::guard::Team,
    id::{ClientId, InvoiceId},
    store::team::{Stale, read_typed},
};

/// A draft as it is typed.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "SEES_INVOICES", visible = "sees_invoices")]
pub(super) struct TeamDraft {
    /// Day of issue; empty: the day on which it is sent.
    issued_on: String,
    /// Last day to pay in time; empty: so many days later as the org has settled.
    due_on: String,
    /// Discount on all lines, in percent; may be empty.
    discount: String,
    /// The lines.
    lines: Vec<TeamDraftLine>,
}

/// A line of a draft as it is typed.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "SEES_INVOICES", visible = "sees_invoices")]
pub(super) struct TeamDraftLine {
    /// What was delivered.
    description: String,
    /// How much of it; empty: 1.
    quantity: String,
    /// What is counted.
    unit: String,
    /// Price of one unit, before tax.
    unit_price: String,
    /// Rate in percent; empty: 0.
    tax_rate: String,
}

/// What can be typed into a draft.
#[derive(Debug, InputObject)]
#[graphql(visible = "sees_invoices")]
pub(in crate::graphql) struct TeamDraftInput {
    /// What it is for, at most 200 characters.
    #[graphql(default)]
    title: String,
    /// The client's reference, at most 200 characters.
    #[graphql(default)]
    reference: String,
    /// A word to the client, at most 4,000 characters.
    #[graphql(default)]
    notes: String,
    /// Day of issue, such as `2026-11-03`; empty: the day on which it is sent.
    #[graphql(default)]
    issued_on: String,
    /// Last day to pay in time; empty: so many days later as the org has settled.
    #[graphql(default)]
    due_on: String,
    /// Discount on all lines in percent, such as `10`; empty: none.
    #[graphql(default)]
    discount: String,
    /// The lines, at most 500. Blank ones are left out.
    #[graphql(default)]
    lines: Vec<TeamDraftLineInput>,
}

/// What can be typed into a line.
#[derive(Debug, InputObject)]
#[graphql(visible = "sees_invoices")]
pub(in crate::graphql) struct TeamDraftLineInput {
    /// What was delivered, at most 1,000 characters.
    #[graphql(default)]
    description: String,
    /// How much of it, such as `1.5`; empty: 1. Where three digits follow a single point or comma, the org's
    /// locale decides what is meant.
    #[graphql(default)]
    quantity: String,
    /// What is counted, such as `h`.
    #[graphql(default)]
    unit: String,
    /// Price of one unit in the invoice's currency, such as `1,250.00`; negative with a minus in front.
    #[graphql(default)]
    unit_price: String,
    /// Tax rate in percent, such as `19`; empty: 0.
    #[graphql(default)]
    tax_rate: String,
}

/// What came of saving a draft.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "SEES_INVOICES", visible = "sees_invoices")]
pub(in crate::graphql) struct TeamDraftSaved {
    /// The new version; null where nothing was saved.
    version: Option<i32>,
    /// Where it was saved, what hinders sending it so far; otherwise, what is wrong.
    problems: Vec<TeamFieldProblem>,
}

impl TeamDraft {
    /// Reads what is stored.
    pub(super) fn of(typed: &str) -> Self {
        let typed = read_typed(typed);
        let line = |line: TypedLine| TeamDraftLine {
            description: line.description,
            quantity: line.quantity,
            unit: line.unit,
            unit_price: line.unit_price,
            tax_rate: line.tax_rate,
        };
        Self {
            issued_on: typed.issued_on,
            due_on: typed.due_on,
            discount: typed.discount,
            lines: typed.lines.into_iter().map(line).collect(),
        }
    }
}

impl From<TeamDraftInput> for TypedInvoice {
    fn from(input: TeamDraftInput) -> Self {
        let line = |line: TeamDraftLineInput| TypedLine {
            description: line.description,
            quantity: line.quantity,
            unit: line.unit,
            unit_price: line.unit_price,
            tax_rate: line.tax_rate,
        };
        Self {
            title: input.title,
            reference: input.reference,
            notes: input.notes,
            issued_on: input.issued_on,
            due_on: input.due_on,
            discount: input.discount,
            lines: input.lines.into_iter().map(line).collect(),
        }
    }
}

/// By what this org reads what is typed, today.
pub(super) fn reading(team: &Team<'_>) -> impl Fn(Currency, i64) -> Reading + Send + use<> {
    let decimal_sign = Formats::new(&team.visit.locale, team.visit.time_zone.name()).decimal_sign();
    let today = team.today;
    move |currency, payment_days| Reading { currency, decimal_sign, today, payment_days }
}

pub(super) async fn add(team: &Team<'_>, client: &str, id: &str) -> Result<TeamSaved> {
    let client: ClientId = client.parse().map_err(|_| Error::NotFound)?;
    let id: InvoiceId = id.parse().map_err(|_| Error::Invalid { field: "id" })?;
    billing::add_draft(&team.scope, client, id, reading(team), team.origin).await?;
    Ok(TeamSaved::saved(id))
}

pub(super) async fn save(
    team: &Team<'_>,
    id: &str,
    version: i32,
    input: TeamDraftInput,
) -> Result<TeamDraftSaved> {
    let id: InvoiceId = id.parse().map_err(|_| Error::NotFound)?;
    let told = |problems| TeamDraftSaved { version: None, problems: TeamFieldProblem::all(problems) };
    let typed = match TypedInvoice::from(input).check() {
        Ok(typed) => typed,
        Err(problems) => return Ok(told(problems)),
    };
    match billing::save_draft(&team.scope, id, version.into(), &typed, reading(team)).await? {
        Ok(saved) => Ok(TeamDraftSaved {
            version: Some(i32::try_from(saved.version).unwrap_or(i32::MAX)),
            problems: TeamFieldProblem::all(saved.hinders),
        }),
        Err(Stale::NotFound) => Err(Error::NotFound),
        Err(Stale::Changed) => Ok(told(vec![FieldProblem::new("version", Problem::Changed)])),
    }
}

/// Fills a draft that was just begun; gives its version and what hinders sending it. One that was there before is left
/// as it is.
pub(super) async fn fill(
    team: &Team<'_>,
    id: &str,
    input: TeamDraftInput,
) -> Result<(Option<i32>, Vec<TeamFieldProblem>)> {
    let begun = 1;
    match save(team, id, begun, input).await {
        Ok(TeamDraftSaved { version: Some(version), problems }) => Ok((Some(version), problems)),
        Ok(TeamDraftSaved { version: None, problems }) => {
            let invoice: InvoiceId = id.parse().map_err(|_| Error::NotFound)?;
            let version = team.scope.draft(invoice).await?.map(|draft| draft.version);
            let version = version.and_then(|version| i32::try_from(version).ok());
            // What was there before has another version, which is no fault of the row.
            let is_there = version.is_some_and(|version| version > begun);
            Ok((version, if is_there { vec![] } else { problems }))
        }
        // It was sent meanwhile, and is no draft any more.
        Err(Error::NotFound) => Ok((None, vec![])),
        Err(error) => Err(error),
    }
}

pub(super) async fn delete(team: &Team<'_>, id: &str) -> Result<bool> {
    match id.parse() {
        Ok(id) => team.scope.delete_draft(id, team.origin).await,
        Err(_) => Ok(false),
    }
}

pub(super) async fn duplicate(team: &Team<'_>, id: &str, new_id: &str) -> Result<TeamSaved> {
    let id: InvoiceId = id.parse().map_err(|_| Error::NotFound)?;
    let new_id: InvoiceId = new_id.parse().map_err(|_| Error::Invalid { field: "newId" })?;
    billing::duplicate_invoice(&team.scope, id, new_id, reading(team), team.origin).await?;
    Ok(TeamSaved::saved(new_id))
}
