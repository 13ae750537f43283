//! The client's own access log, and the contact's sessions.

use async_graphql_value::{Name, Variables};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::{Page, PageArgs, page_variables, portal};
use crate::{
    api::{Document, Executor, run},
    error::AppError,
};

/// What happened, in the client's own access log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AccessKind {
    /// A link was asked for and mailed.
    LinkRequested,
    /// A link was asked for and not mailed.
    LinkRefused,
    /// Somebody signed in.
    SignedIn,
    /// Somebody signed out.
    SignedOut,
    /// A session was ended from another one.
    SessionEnded,
    /// An invoice was opened.
    InvoiceViewed,
    /// An invoice was taken as a file.
    InvoiceDownloaded,
    /// The receipt for a payment on an invoice was taken as a file.
    ReceiptDownloaded,
    /// A statement of account was taken as a file.
    StatementDownloaded,
    /// A payment was made in the portal.
    Paid,
}

/// One row of the client's access log.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccessEntry {
    /// Opaque id.
    pub id: String,
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub kind: AccessKind,
    /// Which of the client's contacts.
    pub contact_name: String,
    /// The browser in a few words, such as `Firefox on Linux`; may be empty.
    pub browser: String,
    /// The network address, shortened; may be empty.
    pub ip_short: String,
    /// The invoice it is about.
    pub invoice_id: Option<String>,
    /// That invoice's number.
    pub invoice_number: Option<String>,
}

/// One session of the contact who asks.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// Opaque id.
    pub id: String,
    /// The session that asks.
    pub current: bool,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it ends by itself.
    pub expires_at: DateTime<Utc>,
    /// The browser in a few words; may be empty.
    pub browser: String,
    /// The network address it was opened from, shortened; may be empty.
    pub ip_short: String,
}

/// The page "who has seen this".
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Access {
    /// The contact's own sessions under way, newest first.
    pub sessions: Vec<Session>,
    /// What the client's contacts did, newest first.
    pub access_log: Page<AccessEntry>,
}

pub(super) const ACCESS: Document = Document {
    name: "PortalAccess",
    source: "query PortalAccess($first: Int, $after: String, $last: Int, $before: String) { portal {
        sessions { id current createdAt expiresAt browser ipShort }
        accessLog(first: $first, after: $after, last: $last, before: $before) {
            nodes { id at kind contactName browser ipShort invoiceId invoiceNumber }
            pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        }
    } }",
};

/// Sessions and one page of the access log.
pub async fn access(executor: &dyn Executor, page: &PageArgs) -> Result<Access, AppError> {
    portal(executor, ACCESS, page_variables(page)).await
}

pub(super) const END_SESSION: Document = Document {
    name: "PortalEndSession",
    source: "mutation PortalEndSession($id: ID!) { portalEndSession(id: $id) }",
};

/// Ends one session of this contact. `false`: there is no such session, or it is not this contact's.
pub async fn end_session(executor: &dyn Executor, id: &str) -> Result<bool, AppError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Answer {
        portal_end_session: bool,
    }
    let mut variables = Variables::default();
    variables.insert(Name::new("id"), id.into());
    run::<Answer>(executor, END_SESSION, variables).await.map(|answer| answer.portal_end_session)
}

pub(super) const END_SESSIONS: Document = Document {
    name: "PortalEndSessions",
    source: "mutation PortalEndSessions($keepCurrent: Boolean!) { portalEndSessions(keepCurrent: $keepCurrent) }",
};

/// Ends the contact's sessions everywhere and says how many there were.
pub async fn end_sessions(executor: &dyn Executor, keep_current: bool) -> Result<i64, AppError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Answer {
        portal_end_sessions: i64,
    }
    let mut variables = Variables::default();
    variables.insert(Name::new("keepCurrent"), keep_current.into());
    run::<Answer>(executor, END_SESSIONS, variables).await.map(|answer| answer.portal_end_sessions)
}
