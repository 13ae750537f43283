//! Documents that an org trusts: run by their hash, so that a program sends no text, and a token can be held to them.

use chrono::{DateTime, Utc};

use super::{Subject, TeamScope, org_rows, team_rows};
use crate::{
    auth::secret::sha256,
    error::Result,
    store::{
        ActivityKind, Origin,
        db::{execute, fetch_one, fetch_optional},
    },
};

org_rows! {
    /// A document.
    DocumentRow {
        /// SHA-256 of its text.
        sha256: Vec<u8>,
        /// The operation's name.
        name: String,
        /// The text.
        source: String,
        /// Since when it is trusted.
        created_at: DateTime<Utc>,
    }
}

/// An org trusts as many as this and no more.
pub const MOST_DOCUMENTS: i64 = 200;

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

const DOCUMENTS: &str = "SELECT org_id, sha256, name, source, created_at FROM trusted_documents \
    WHERE org_id = $1 ORDER BY name, sha256";
const DOCUMENT: &str = "SELECT org_id, sha256, name, source, created_at FROM trusted_documents \
    WHERE org_id = $1 AND sha256 = $2";
const COUNT: &str = "SELECT COUNT(*) AS count FROM trusted_documents WHERE org_id = $1";
const ADD: &str = "INSERT INTO trusted_documents (org_id, sha256, name, source, created_at) \
    VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
const REMOVE: &str = "DELETE FROM trusted_documents WHERE org_id = $1 AND sha256 = $2";

impl TeamScope<'_> {
    /// The documents that the org trusts, by name.
    pub async fn trusted_documents(&self) -> Result<Vec<DocumentRow>> {
        team_rows!(self, DocumentRow, DOCUMENTS)
    }

    /// The text of a document that hashes to this; `None` where the org trusts no such document.
    pub async fn trusted_document(&self, hash: &[u8; 32]) -> Result<Option<String>> {
        let rows: Vec<DocumentRow> = team_rows!(self, DocumentRow, DOCUMENT, &hash[..])?;
        Ok(rows.into_iter().next().map(|row| row.source))
    }

    /// Trusts a document and gives its hash; `None` where the org trusts as many as it may. The same again is the
    /// same document.
    pub async fn trust_document(
        &self,
        name: &str,
        source: &str,
        origin: &Origin,
    ) -> Result<Option<[u8; 32]>> {
        let mut conn = self.write().await?;
        let (org, now) = (self.actor.org_id(), self.store.clock.now());
        self.hold_org(&mut conn).await?;
        let hash = sha256(source.as_bytes());
        if fetch_optional!(conn, DocumentRow, DOCUMENT, org, &hash[..])?.is_some_and(|row| row.org_id == org)
        {
            return Ok(Some(hash));
        }
        if fetch_one!(conn, Count, COUNT, org)?.count >= MOST_DOCUMENTS {
            return Ok(None);
        }
        execute!(conn, ADD, org, &hash[..], name, source, now)?;
        self.log(&mut conn, ActivityKind::DocumentTrusted, Subject::default(), name, origin).await?;
        conn.commit().await?;
        Ok(Some(hash))
    }

    /// Trusts a document no more; `false` where it did not.
    pub async fn distrust_document(&self, hash: &[u8; 32], origin: &Origin) -> Result<bool> {
        let mut conn = self.write().await?;
        let org = self.actor.org_id();
        let Some(document) =
            fetch_optional!(conn, DocumentRow, DOCUMENT, org, &hash[..])?.filter(|row| row.org_id == org)
        else {
            return Ok(false);
        };
        execute!(conn, REMOVE, org, &hash[..])?;
        let kind = ActivityKind::DocumentDistrusted;
        self.log(&mut conn, kind, Subject::default(), &document.name, origin).await?;
        conn.commit().await?;
        Ok(true)
    }
}

#[cfg(feature = "testing")]
pub(super) fn planned_statements() -> Vec<(String, &'static str)> {
    vec![("team trusted documents".to_owned(), DOCUMENTS), ("team trusted document".to_owned(), DOCUMENT)]
}
