//! The client's access log and the contact's sessions.

use async_graphql::{Enum, SimpleObject};
use chrono::{DateTime, Utc};

use super::{PortalOnly, visible_to_portal};
use crate::{
    error::Result,
    graphql::{guard::Portal, page::PageInfo},
    id::SessionId,
    store::{
        ActivityKind,
        page::{Cursor, FIRST_DAY, PageRequest},
        row::{AccessRow, SessionRow},
    },
};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(visible = "visible_to_portal")]
pub(super) enum PortalAccessKind {
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

/// An entry of the access log.
#[derive(Debug, SimpleObject)]
#[graphql(serial, guard = "PortalOnly", visible = "visible_to_portal")]
pub(super) struct PortalAccessEntry {
    /// Opaque id.
    id: String,
    /// When.
    at: DateTime<Utc>,
    /// What.
    kind: PortalAccessKind,
    /// Which of the client's contacts.
    contact_name: String,
    /// The browser in a few words; may be empty.
    browser: String,
    /// The network address without its last part; may be empty.
    ip_short: String,
    /// The invoice it is about.
    invoice_id: Option<String>,
    /// That invoice's number.
    invoice_number: Option<String>,
}

/// One page of the access log.
#[derive(Debug, SimpleObject)]
#[graphql(serial, guard = "PortalOnly", visible = "visible_to_portal")]
pub(super) struct PortalAccessPage {
    /// The entries in order.
    nodes: Vec<PortalAccessEntry>,
    /// Where the page lies.
    page_info: PageInfo,
}

/// A session under way.
#[derive(Debug, SimpleObject)]
#[graphql(serial, guard = "PortalOnly", visible = "visible_to_portal")]
pub(super) struct PortalSession {
    /// Opaque id.
    id: String,
    /// Whether it is the session that asks.
    current: bool,
    /// When it began.
    created_at: DateTime<Utc>,
    /// When it ends by itself.
    expires_at: DateTime<Utc>,
    /// The browser in a few words; may be empty.
    browser: String,
    /// The network address without its last part; may be empty.
    ip_short: String,
}

pub(super) async fn log(portal: &Portal<'_>, request: &PageRequest) -> Result<PortalAccessPage> {
    let page = portal.scope.access_log(request).await?;
    let page_info = PageInfo::new(&page, |row| Cursor { day: FIRST_DAY, id: row.id.uuid() }.to_text());
    let nodes = page.rows.into_iter().filter_map(PortalAccessEntry::new).collect();
    Ok(PortalAccessPage { nodes, page_info })
}

pub(super) async fn sessions(portal: &Portal<'_>) -> Result<Vec<PortalSession>> {
    let current = portal.visit.actor.session_id();
    let rows = portal.scope.sessions().await?;
    Ok(rows.into_iter().map(|row| PortalSession::new(row, current)).collect())
}

pub(in crate::graphql) async fn end_session(portal: &Portal<'_>, id: &str) -> Result<bool> {
    match id.parse::<SessionId>() {
        Ok(id) => portal.scope.end_session(id, portal.origin).await,
        Err(_) => Ok(false),
    }
}

pub(in crate::graphql) async fn end_sessions(portal: &Portal<'_>, keep_current: bool) -> Result<i32> {
    let ended = portal.scope.end_sessions(keep_current, portal.origin).await?;
    Ok(i32::try_from(ended).unwrap_or(i32::MAX))
}

impl PortalAccessEntry {
    /// `None` for a kind that this version does not know: a newer one has written it.
    fn new(row: AccessRow) -> Option<Self> {
        let kind = match ActivityKind::parse(&row.kind)? {
            ActivityKind::LinkRequested => PortalAccessKind::LinkRequested,
            ActivityKind::LinkRefused => PortalAccessKind::LinkRefused,
            ActivityKind::SignedIn => PortalAccessKind::SignedIn,
            ActivityKind::SignedOut => PortalAccessKind::SignedOut,
            ActivityKind::SessionEnded => PortalAccessKind::SessionEnded,
            ActivityKind::InvoiceDownloaded => PortalAccessKind::InvoiceDownloaded,
            ActivityKind::ReceiptDownloaded => PortalAccessKind::ReceiptDownloaded,
            ActivityKind::StatementDownloaded => PortalAccessKind::StatementDownloaded,
            ActivityKind::InvoiceViewed => PortalAccessKind::InvoiceViewed,
            ActivityKind::Paid => PortalAccessKind::Paid,
            // Not the client's to see; the statement leaves them out already.
            _ => return None,
        };
        Some(Self {
            id: row.id.to_string(),
            at: row.at,
            kind,
            contact_name: row.actor_name,
            browser: row.browser,
            ip_short: row.ip_short,
            invoice_id: row.invoice_id.map(|id| id.to_string()),
            invoice_number: row.invoice_number,
        })
    }
}

impl PortalSession {
    fn new(row: SessionRow, current: SessionId) -> Self {
        Self {
            id: row.id.to_string(),
            current: row.id == current,
            created_at: row.created_at,
            expires_at: row.expires_at,
            browser: row.browser,
            ip_short: row.ip_short,
        }
    }
}
