//! Documents that an org trusts, and runs by their hash.

use app::problem::{FieldProblem, Problem};
use async_graphql::{
    ID, SimpleObject,
    parser::{parse_query, types::ExecutableDocument},
};
use chrono::{DateTime, Utc};

use super::{SEES_SETTINGS, client::TeamSaved, sees_settings};
use crate::{
    auth::secret::hexadecimal,
    error::Result,
    graphql::{
        guard::Team,
        limits::{Counts, beyond_parsing},
    },
    store::team::{DocumentRow, MOST_DOCUMENTS},
};

/// The longest document, in bytes.
const LONGEST: usize = 16 * 1024;

/// A document that programs run by its hash.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "SEES_SETTINGS", visible = "sees_settings")]
pub(super) struct TeamDocument {
    /// What is sent as `documentId`: `sha256:` and the SHA-256 of the text in hexadecimal digits.
    id: ID,
    /// The name of its operation, or the names.
    name: String,
    /// The text.
    source: String,
    /// Since when it is trusted.
    created_at: DateTime<Utc>,
}

/// The form in which a document is named.
const PREFIX: &str = "sha256:";

fn to_id(hash: &[u8]) -> String {
    format!("{PREFIX}{}", hexadecimal(hash))
}

/// Reads the name of a document; `None` for what is none.
pub(crate) fn parse_id(id: &str) -> Option<[u8; 32]> {
    let digits = id.strip_prefix(PREFIX).filter(|digits| digits.len() == 64 && digits.is_ascii())?;
    let mut hash = [0; 32];
    for (byte, at) in hash.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(digits.get(at..at + 2)?, 16).ok()?;
    }
    // One form and no other: `+f` is a number to `from_str_radix`, and upper case would be a second name.
    (to_id(&hash) == id).then_some(hash)
}

pub(super) async fn list(team: &Team<'_>) -> Result<Vec<TeamDocument>> {
    Ok(team.scope.trusted_documents().await?.into_iter().map(TeamDocument::from).collect())
}

pub(super) async fn trust(team: &Team<'_>, source: &str) -> Result<TeamSaved> {
    let refused = |problem| Ok(TeamSaved::refused(vec![FieldProblem::new("source", problem)]));
    if source.len() > LONGEST || beyond_parsing(source).is_some() {
        return refused(Problem::TooLong { most: LONGEST });
    }
    let Some(document) = parse_query(source).ok().filter(|document| Counts::of(document).beyond().is_none())
    else {
        return refused(Problem::NoDocument);
    };
    let Some(name) = name(&document) else { return refused(Problem::NoDocument) };
    match team.scope.trust_document(&name, source, team.origin).await? {
        Some(hash) => Ok(TeamSaved::saved(to_id(&hash))),
        None => refused(Problem::TooMany { most: usize::try_from(MOST_DOCUMENTS).unwrap_or(usize::MAX) }),
    }
}

/// The names of its operations; `None` where one has none.
fn name(document: &ExecutableDocument) -> Option<String> {
    let names: Option<Vec<&str>> =
        document.operations.iter().map(|(name, _)| name.map(async_graphql::Name::as_str)).collect();
    names.map(|names| names.join(", "))
}

pub(super) async fn distrust(team: &Team<'_>, id: &str) -> Result<bool> {
    match parse_id(id) {
        Some(hash) => team.scope.distrust_document(&hash, team.origin).await,
        None => Ok(false),
    }
}

impl From<DocumentRow> for TeamDocument {
    fn from(row: DocumentRow) -> Self {
        Self { id: to_id(&row.sha256).into(), name: row.name, source: row.source, created_at: row.created_at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_has_one_name_and_no_other() {
        let id = to_id(&[0xaf; 32]);
        assert_eq!(parse_id(&id), Some([0xaf; 32]));
        for other in
            ["", "sha256:", &id[7..], &id.to_uppercase(), &id.replacen("af", "+f", 1), &format!("{id}0")]
        {
            assert_eq!(parse_id(other), None, "{other}");
        }
    }
}
