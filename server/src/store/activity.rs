//! The org's append-only log (rules A1, A2). A row is written in the same transaction as what it
//! tells of.

use chrono::{DateTime, Utc};

use super::db::{Conn, execute};
use crate::{
    error::Result,
    id::{ActivityId, ClientId, ContactId, InvoiceId, OrgId},
};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActivityKind {
    /// A link was asked for and mailed.
    LinkRequested,
    /// A link was asked for by a known contact and not mailed; the detail says why.
    LinkRefused,
    /// A contact signed in.
    SignedIn,
    /// A contact signed out.
    SignedOut,
    /// A contact ended a session from another one.
    SessionEnded,
    /// A contact opened an invoice.
    InvoiceViewed,
    /// A contact paid in the portal.
    Paid,
    /// A row of another tenant was about to leave the store, and did not.
    TenantMismatch,
}

impl ActivityKind {
    /// The word in the log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LinkRequested => "portal.link_requested",
            Self::LinkRefused => "portal.link_refused",
            Self::SignedIn => "portal.signed_in",
            Self::SignedOut => "portal.signed_out",
            Self::SessionEnded => "portal.session_ended",
            Self::InvoiceViewed => "portal.invoice_viewed",
            Self::Paid => "portal.paid",
            Self::TenantMismatch => "security.tenant_mismatch",
        }
    }

    /// Reads the word; `None` for one that this version does not know.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [
            Self::LinkRequested,
            Self::LinkRefused,
            Self::SignedIn,
            Self::SignedOut,
            Self::SessionEnded,
            Self::InvoiceViewed,
            Self::Paid,
            Self::TenantMismatch,
        ]
        .into_iter()
        .find(|kind| kind.as_str() == word)
    }

    /// Whether the client sees it in its own access log (rule S4a).
    #[must_use]
    pub const fn is_client_visible(self) -> bool {
        !matches!(self, Self::TenantMismatch)
    }
}

/// From where a request came, as far as the log keeps it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The browser in a few words, such as `Firefox on Linux`.
    pub browser: String,
    /// The network address without its last part.
    pub ip_short: String,
}

/// One row about a contact.
#[derive(Debug)]
pub(super) struct ContactActivity<'a> {
    pub(super) kind: ActivityKind,
    pub(super) org_id: OrgId,
    pub(super) client_id: ClientId,
    pub(super) contact_id: ContactId,
    pub(super) invoice_id: Option<InvoiceId>,
    pub(super) detail: &'a str,
    pub(super) origin: &'a Origin,
}

const INSERT: &str = "INSERT INTO activity \
    (org_id, id, at, kind, actor_kind, actor_name, client_visible, client_id, contact_id, invoice_id, detail, browser, ip_short) \
    VALUES ($1, $2, $3, $4, 'contact', \
    (SELECT name FROM contacts WHERE org_id = $1 AND client_id = $6 AND id = $7), $5, $6, $7, $8, $9, $10, $11)";

/// Appends a row.
pub(super) async fn append(conn: &mut Conn, now: DateTime<Utc>, row: &ContactActivity<'_>) -> Result<()> {
    execute!(
        *conn,
        INSERT,
        row.org_id,
        ActivityId::new(now),
        now,
        row.kind.as_str(),
        row.kind.is_client_visible(),
        row.client_id,
        row.contact_id,
        row.invoice_id,
        row.detail,
        row.origin.browser.as_str(),
        row.origin.ip_short.as_str(),
    )?;
    Ok(())
}
