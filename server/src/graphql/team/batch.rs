//! Many rows by one mutation: each is done by itself and answered by itself, in the order in which they were sent. Rows
//! carry ids of the caller's making, so that a batch that is sent again makes nothing twice.

use app::problem::{FieldProblem, Problem};
use async_graphql::{ID, InputObject, SimpleObject};

use super::{
    CHANGES_INVOICES, changes_clients, changes_invoices, changes_payments,
    client::{self, TeamClientInput, TeamFieldProblem, TeamSaved},
    contact::{self, TeamContactInput},
    draft::{self, TeamDraftInput},
    payment::{self, TeamPaymentInput},
};
use crate::{
    error::{Error, Result},
    graphql::guard::Team,
    id::ClientId,
};

/// The most rows of a batch.
pub(super) const MOST_ROWS: usize = 100;

/// A client to be added.
#[derive(Debug, InputObject)]
#[graphql(visible = "changes_clients")]
pub(in crate::graphql) struct TeamNewClientInput {
    /// The id that the client will have: a UUID of your own making. The same one again is the same client, which stays
    /// as it is.
    id: ID,
    /// What it is.
    client: TeamClientInput,
    /// The people there. Where one of them cannot be added, the client is there all the same, and the row says why.
    #[graphql(default)]
    contacts: Vec<TeamContactInput>,
}

/// A draft to be added.
#[derive(Debug, InputObject)]
#[graphql(visible = "changes_invoices")]
pub(in crate::graphql) struct TeamNewDraftInput {
    /// The id that the invoice will have: a UUID of your own making. The same one again is the same draft.
    id: ID,
    /// Whom it is for.
    client_id: ID,
    /// What is typed into it. Where the draft was there already, it is left as it is.
    draft: TeamDraftInput,
}

/// A payment to be recorded.
#[derive(Debug, InputObject)]
#[graphql(visible = "changes_payments")]
pub(in crate::graphql) struct TeamNewPaymentInput {
    /// What it is for.
    invoice_id: ID,
    /// What came.
    payment: TeamPaymentInput,
}

/// What came of a row with a draft.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "CHANGES_INVOICES", visible = "changes_invoices")]
pub(in crate::graphql) struct TeamDraftAdded {
    /// The draft's id; null where there is none.
    id: Option<ID>,
    /// Its version, to be given back with a change or to send it; null where there is none, or it was sent.
    version: Option<i32>,
    /// Where it is there, what hinders sending it so far; otherwise, what is wrong.
    problems: Vec<TeamFieldProblem>,
}

/// A batch of so many rows.
///
/// # Errors
/// [`Error::Invalid`] where there are too many.
fn bounded<T>(rows: Vec<T>) -> Result<Vec<T>> {
    if rows.len() > MOST_ROWS { Err(Error::Invalid { field: "rows" }) } else { Ok(rows) }
}

/// What is wrong with one row is an answer to that row; what is wrong with the server is one to the whole request.
fn of_row(saved: Result<TeamSaved>) -> Result<TeamSaved> {
    match saved {
        Err(Error::NotFound) => Ok(TeamSaved::refused(vec![FieldProblem::new("id", Problem::NotThere)])),
        Err(Error::Invalid { field }) => {
            Ok(TeamSaved::refused(vec![FieldProblem::new(field, Problem::Unreadable)]))
        }
        other => other,
    }
}

pub(super) async fn add_clients(team: &Team<'_>, rows: Vec<TeamNewClientInput>) -> Result<Vec<TeamSaved>> {
    let mut answers = vec![];
    for row in bounded(rows)? {
        answers.push(of_row(add_client(team, row).await)?);
    }
    Ok(answers)
}

async fn add_client(team: &Team<'_>, row: TeamNewClientInput) -> Result<TeamSaved> {
    let id: ClientId = row.id.parse().map_err(|_| Error::Invalid { field: "id" })?;
    let mut saved = client::add(team, id, &row.client).await?;
    if saved.is_saved() {
        for (at, input) in row.contacts.iter().enumerate() {
            let contact = contact::save(team, &row.id, None, None, input).await?;
            saved.add_problems(contact, at);
        }
    }
    Ok(saved)
}

pub(super) async fn add_drafts(team: &Team<'_>, rows: Vec<TeamNewDraftInput>) -> Result<Vec<TeamDraftAdded>> {
    let mut answers = vec![];
    for row in bounded(rows)? {
        let TeamNewDraftInput { id, client_id, draft } = row;
        let added = of_row(draft::add(team, &client_id, &id).await)?;
        answers.push(if added.is_saved() {
            let (version, problems) = draft::fill(team, &id, draft).await?;
            TeamDraftAdded { id: Some(id), version, problems }
        } else {
            TeamDraftAdded { id: None, version: None, problems: added.into_problems() }
        });
    }
    Ok(answers)
}

pub(super) async fn record_payments(
    team: &Team<'_>,
    rows: Vec<TeamNewPaymentInput>,
) -> Result<Vec<TeamSaved>> {
    let mut answers = vec![];
    for row in bounded(rows)? {
        answers.push(of_row(payment::record(team, &row.invoice_id, &row.payment).await)?);
    }
    Ok(answers)
}
