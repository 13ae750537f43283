//! Clients and contacts from a file.

use app::problem::{FieldProblem, ImportProblem};
use async_graphql::{Enum, InputObject, SimpleObject};

use super::{SEES_CLIENTS, client::TeamFieldProblem, sees_clients};
use crate::{
    error::Result,
    graphql::guard::Team,
    import::{CellProblem, Imported, Outcome, Plan, PlannedRow, TypedFile, check_import, import_clients},
};

/// A file of clients and contacts.
#[derive(Debug, InputObject)]
#[graphql(visible = "sees_clients")]
pub(in crate::graphql) struct TeamImportInput {
    /// Comma-, semicolon- or tab-separated values, at most 1 MiB and 2,000 rows. The first row says what each
    /// column is: `Client`, which is needed, `Contact`, `E-mail`, `Portal access`, `Address`, `Tax id`, `Currency`,
    /// `Language`. Rows of one client are its contacts.
    text: String,
    /// ISO 4217 code of the currency of new clients for which the file names none.
    currency: String,
}

/// What becomes of a row of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(visible = "sees_clients")]
pub(super) enum TeamImportOutcome {
    /// A client is added, and its contact if the row has one.
    NewClient,
    /// A contact is added to a client that an earlier row adds.
    ContactOfNewClient,
    /// A contact is added to a client that is there.
    ContactOfClient,
    /// All of it is there already, and stays as it is.
    Exists,
    /// Something is wrong with it.
    Wrong,
}

/// What is wrong with a row of a file.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "SEES_CLIENTS", visible = "sees_clients")]
pub(super) struct TeamImportProblem {
    /// What the file calls the column; empty where it is the whole row.
    column: String,
    /// What is wrong, for programs: such as `REQUIRED`, `MALFORMED_ADDRESS` or `SAYS_OTHERWISE`.
    code: String,
    /// What is wrong, for people.
    message: String,
}

/// A row of a file, and what becomes of it.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "SEES_CLIENTS", visible = "sees_clients")]
pub(super) struct TeamImportRow {
    /// Its number as a spreadsheet counts, from 1.
    number: i32,
    /// The client's name.
    client: String,
    /// The contact's name; empty without a contact.
    contact: String,
    /// The contact's address.
    email: String,
    /// Whether the portal will let the contact in.
    portal_access: bool,
    /// What becomes of it.
    outcome: TeamImportOutcome,
    /// What is wrong, where something is.
    problems: Vec<TeamImportProblem>,
}

/// What a file of clients and contacts comes to.
#[derive(Debug, Default, SimpleObject)]
#[graphql(guard = "SEES_CLIENTS", visible = "sees_clients")]
pub(in crate::graphql) struct TeamImport {
    /// Whether all of it is there now. False where it was only checked, or refused; nothing was written then.
    imported: bool,
    /// Stands for what would be made: given back with the same input, it imports just that. Null where something
    /// is wrong.
    fingerprint: Option<String>,
    /// How many clients are added.
    client_count: i32,
    /// How many contacts are added.
    contact_count: i32,
    /// What stands above the columns that are passed over.
    ignored_columns: Vec<String>,
    /// Every row; none where the file cannot be read.
    rows: Vec<TeamImportRow>,
    /// What is wrong with the input as a whole.
    problems: Vec<TeamFieldProblem>,
}

pub(super) async fn import(
    team: &Team<'_>,
    input: &TeamImportInput,
    fingerprint: Option<&str>,
) -> Result<TeamImport> {
    let file = TypedFile { text: &input.text, currency: &input.currency };
    let Some(fingerprint) = fingerprint else {
        return Ok(match check_import(&team.scope, file).await? {
            Ok(plan) => TeamImport::of(plan, false),
            Err(problems) => TeamImport::refused(problems),
        });
    };
    Ok(match import_clients(&team.scope, file, fingerprint, team.today, team.origin).await? {
        Ok(Imported::Done(plan)) => TeamImport::of(plan, true),
        Ok(Imported::Refused(plan)) => {
            // What is wrong with a row says enough; otherwise it is not what was seen.
            let problem = plan.is_sound().then_some(ImportProblem::ChangedSinceCheck.into());
            let told = problem.map(|problem| FieldProblem::new("fingerprint", problem));
            let problems = TeamFieldProblem::all(told.into_iter().collect());
            TeamImport { problems, ..TeamImport::of(plan, false) }
        }
        Err(problems) => TeamImport::refused(problems),
    })
}

impl TeamImport {
    fn of(plan: Plan, imported: bool) -> Self {
        Self {
            imported,
            client_count: number(plan.clients.len()),
            contact_count: number(plan.contact_count()),
            fingerprint: plan.fingerprint,
            ignored_columns: plan.ignored,
            rows: plan.rows.into_iter().map(TeamImportRow::from).collect(),
            problems: vec![],
        }
    }

    fn refused(problems: Vec<FieldProblem>) -> Self {
        Self { problems: TeamFieldProblem::all(problems), ..Self::default() }
    }
}

impl From<PlannedRow> for TeamImportRow {
    fn from(row: PlannedRow) -> Self {
        let told = |CellProblem { column, problem }: CellProblem| TeamImportProblem {
            column,
            code: problem.code().to_owned(),
            message: problem.text(),
        };
        Self {
            number: number(row.number),
            client: row.client,
            contact: row.contact,
            email: row.email,
            portal_access: row.portal_access,
            outcome: match row.outcome {
                Outcome::NewClient => TeamImportOutcome::NewClient,
                Outcome::ContactOfNewClient => TeamImportOutcome::ContactOfNewClient,
                Outcome::ContactOfClient => TeamImportOutcome::ContactOfClient,
                Outcome::Exists => TeamImportOutcome::Exists,
                Outcome::Wrong => TeamImportOutcome::Wrong,
            },
            problems: row.problems.into_iter().map(told).collect(),
        }
    }
}

fn number(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
