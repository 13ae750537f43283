//! Clients and contacts from a file: what would be made of it, and making it.

use async_graphql_value::ConstValue;
use serde::Deserialize;

use super::{Change, object, run, variables};
use crate::{
    api::{Document, Executor},
    error::AppError,
    problem::Problems,
};

/// A file as it stands in a form.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportForm {
    /// What stands in it.
    pub text: String,
    /// The currency of new clients for which it names none.
    pub currency: String,
}

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ImportOutcome {
    /// A client is added, and its contact if the row has one.
    NewClient,
    /// A contact is added to a client that an earlier row adds.
    ContactOfNewClient,
    /// A contact is added to a client that is there.
    ContactOfClient,
    /// All of it is there already.
    Exists,
    /// Something is wrong with it.
    Wrong,
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CellProblem {
    /// What the file calls the column; empty where it is the whole row.
    pub column: String,
    /// The sentence.
    pub message: String,
}

/// A row, and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportRow {
    /// Its number as a spreadsheet counts.
    pub number: i64,
    /// The client's name.
    pub client: String,
    /// The contact's name; empty without a contact.
    pub contact: String,
    /// The contact's address.
    pub email: String,
    /// Whether the portal will let the contact in.
    pub portal_access: bool,
    /// What becomes of it.
    pub outcome: ImportOutcome,
    /// What is wrong, where something is.
    pub problems: Vec<CellProblem>,
}

/// What a file comes to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Import {
    /// Whether all of it is there now.
    pub imported: bool,
    /// What is given back to import just this; none where something is wrong.
    pub fingerprint: Option<String>,
    /// How many clients are added.
    pub client_count: i64,
    /// How many contacts are added.
    pub contact_count: i64,
    /// What stands above the columns that are passed over.
    pub ignored_columns: Vec<String>,
    /// Every row; none where the file cannot be read.
    pub rows: Vec<ImportRow>,
    /// What is wrong with the file as a whole.
    pub problems: Problems,
}

pub(super) const IMPORT: Document = Document {
    name: "TeamImportClients",
    source: "mutation TeamImportClients($input: TeamImportInput!, $fingerprint: String) {
        done: teamImportClients(input: $input, fingerprint: $fingerprint) {
            imported fingerprint clientCount contactCount ignoredColumns
            rows { number client contact email portalAccess outcome problems { column message } }
            problems { field message } } }",
};

/// Says what would be made of a file; with the fingerprint of what was said, makes it.
pub async fn import_clients(
    executor: &dyn Executor,
    form: &ImportForm,
    fingerprint: Option<&str>,
) -> Result<Import, AppError> {
    let input = object([("text", form.text.as_str().into()), ("currency", form.currency.as_str().into())]);
    let variables =
        variables([("input", input), ("fingerprint", fingerprint.map_or(ConstValue::Null, Into::into))]);
    run::<Change<Import>>(executor, IMPORT, variables).await.map(|change| change.done)
}
