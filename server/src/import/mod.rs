//! Clients and contacts from a file. Checking it says what would be made, and writes nothing; what was seen is
//! then imported as a whole or not at all. Nobody is mailed.

mod columns;
mod plan;
mod planner;
mod sheet;
#[cfg(test)]
mod tests;

use app::problem::{FieldProblem, ImportProblem, Problem};
use chrono::NaiveDate;

use self::sheet::Sheet;
use crate::{
    csv,
    error::Result,
    store::{
        Origin,
        team::{KnownClient, TeamScope},
    },
};

pub use columns::{Column, TEMPLATE};
pub use plan::{CellProblem, Outcome, Plan, PlannedRow};
pub use sheet::MOST_ROWS;

/// The longest text, in bytes.
pub const LONGEST_TEXT: usize = 1024 * 1024;

/// A file as it was typed or uploaded.
#[derive(Debug, Clone, Copy)]
pub struct TypedFile<'a> {
    /// What stands in it.
    pub text: &'a str,
    /// The currency of new clients for which it names none.
    pub currency: &'a str,
}

/// What came of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Imported {
    /// All of it is there, now or since earlier.
    Done(Plan),
    /// Nothing was written: something is wrong with it, or it is not what was seen.
    Refused(Plan),
}

/// A file that can be planned.
struct ReadFile {
    text: String,
    currency: String,
    sheet: Sheet,
}

impl ReadFile {
    fn of(typed: TypedFile<'_>) -> std::result::Result<Self, Vec<FieldProblem>> {
        let told = |problem| vec![FieldProblem::new("text", problem)];
        if typed.text.len() > LONGEST_TEXT {
            return Err(told(Problem::FileTooLarge { most_kib: LONGEST_TEXT / 1024 }));
        }
        let text = csv::normal(typed.text);
        if text.contains('\0') {
            return Err(told(ImportProblem::NotUnicode.into()));
        }
        let sheet = Sheet::read(&text).map_err(|problem| told(problem.into()))?;
        Ok(Self { text, currency: typed.currency.trim().to_ascii_uppercase(), sheet })
    }
}

impl Plan {
    fn of(file: &ReadFile, known: &[KnownClient]) -> Self {
        let mut plan = planner::plan(&file.sheet, &file.currency, known);
        plan.fingerprint = plan.is_sound().then(|| plan.fingerprint_of(&file.text, &file.currency));
        plan
    }
}

/// What would be made of a file beside these clients.
#[cfg(feature = "testing")]
pub(crate) fn plan_beside(
    typed: TypedFile<'_>,
    known: &[KnownClient],
) -> std::result::Result<Plan, Vec<FieldProblem>> {
    ReadFile::of(typed).map(|file| Plan::of(&file, known))
}

/// Says what would be made of a file. `Err`: it cannot be read as a list of clients.
pub async fn check_import(
    scope: &TeamScope<'_>,
    typed: TypedFile<'_>,
) -> Result<std::result::Result<Plan, Vec<FieldProblem>>> {
    match ReadFile::of(typed) {
        Ok(file) => Ok(Ok(Plan::of(&file, &scope.known_clients().await?))),
        Err(problems) => Ok(Err(problems)),
    }
}

/// Makes what a check has shown; `fingerprint` is that of its plan. All of it, or nothing. Sent again, it
/// finds all of it there.
pub async fn import_clients(
    scope: &TeamScope<'_>,
    typed: TypedFile<'_>,
    fingerprint: &str,
    today: NaiveDate,
    origin: &Origin,
) -> Result<std::result::Result<Imported, Vec<FieldProblem>>> {
    let file = match ReadFile::of(typed) {
        Ok(file) => file,
        Err(problems) => return Ok(Err(problems)),
    };
    let mut tx = scope.begin(today).await?;
    // Two imports of the same follow one another, and the second finds what the first has made.
    tx.hold_org().await?;
    let plan = Plan::of(&file, &tx.known_clients().await?);
    if plan.is_sound() && plan.is_done() {
        return Ok(Ok(Imported::Done(plan)));
    }
    if plan.fingerprint.as_deref() != Some(fingerprint)
        || !tx.add_imported(&plan.clients, &plan.contacts, origin).await?
    {
        return Ok(Ok(Imported::Refused(plan)));
    }
    tx.commit().await?;
    Ok(Ok(Imported::Done(plan)))
}
