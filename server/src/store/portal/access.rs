//! The client's own access log, and the contact's own sessions (rule S4a).

use super::{PortalScope, rows};
use crate::{
    error::Result,
    id::SessionId,
    store::{
        activity::{ActivityKind, Origin},
        db::execute,
        page::{Cursor, Page, PageRequest},
        row::{AccessRow, SessionRow},
    },
};

macro_rules! log {
    ($rest:literal) => {
        concat!(
            "SELECT activity.org_id, activity.client_id, activity.id, activity.at, activity.kind, activity.actor_name, \
             activity.browser, activity.ip_short, activity.invoice_id, invoices.number AS invoice_number \
             FROM activity \
             LEFT JOIN invoices ON invoices.org_id = activity.org_id AND invoices.client_id = activity.client_id \
             AND invoices.id = activity.invoice_id AND invoices.status <> 'draft' \
             WHERE activity.org_id = $1 AND activity.client_id = $2 AND activity.client_visible AND ",
            $rest
        )
    };
}

const FORWARD: &str = log!("activity.id < $3 ORDER BY activity.id DESC LIMIT $4");
const BACKWARD: &str = log!("activity.id > $3 ORDER BY activity.id LIMIT $4");

const SESSIONS: &str = "SELECT org_id, client_id, id, created_at, expires_at, browser, ip_short FROM portal_sessions \
    WHERE org_id = $1 AND client_id = $2 AND contact_id = $3 AND ended_at IS NULL AND expires_at > $4 \
    ORDER BY id DESC LIMIT 50";

const END_ONE: &str = "UPDATE portal_sessions SET ended_at = $5 \
    WHERE org_id = $1 AND client_id = $2 AND contact_id = $3 AND id = $4 AND ended_at IS NULL AND expires_at > $5";

const END_ALL: &str = "UPDATE portal_sessions SET ended_at = $4 \
    WHERE org_id = $1 AND client_id = $2 AND contact_id = $3 AND ended_at IS NULL AND expires_at > $4";

const END_OTHERS: &str = "UPDATE portal_sessions SET ended_at = $4 \
    WHERE org_id = $1 AND client_id = $2 AND contact_id = $3 AND ended_at IS NULL AND expires_at > $4 AND id <> $5";

impl PortalScope<'_> {
    /// One page of the access log, newest first.
    pub async fn access_log(&self, page: &PageRequest) -> Result<Page<AccessRow>> {
        let Cursor { id, .. } = page.from(Cursor::DESCENDING);
        let rows = if page.is_backward() {
            rows!(self, AccessRow, BACKWARD, id, page.limit())
        } else {
            rows!(self, AccessRow, FORWARD, id, page.limit())
        };
        rows.map(|rows| page.page(rows))
    }

    /// The contact's sessions under way, newest first.
    pub async fn sessions(&self) -> Result<Vec<SessionRow>> {
        rows!(self, SessionRow, SESSIONS, self.actor.contact_id(), self.store.clock.now())
    }

    /// Ends one session of this contact; `false` where there is none such.
    pub async fn end_session(&self, id: SessionId, origin: &Origin) -> Result<bool> {
        let now = self.store.clock.now();
        let mut conn = self.write().await?;
        let ended = execute!(
            conn,
            self.store.scoped(END_ONE),
            self.actor.org_id(),
            self.actor.client_id(),
            self.actor.contact_id(),
            id,
            now,
        )?;
        if ended > 0 {
            let own = id == self.actor.session_id();
            let kind = if own { ActivityKind::SignedOut } else { ActivityKind::SessionEnded };
            self.log(&mut conn, kind, None, "", origin).await?;
        }
        conn.commit().await?;
        Ok(ended > 0)
    }

    /// Ends the contact's sessions everywhere, this one too unless it is kept; gives their number.
    pub async fn end_sessions(&self, keep_current: bool, origin: &Origin) -> Result<u64> {
        let now = self.store.clock.now();
        let (org, client, contact) = (self.actor.org_id(), self.actor.client_id(), self.actor.contact_id());
        let mut conn = self.write().await?;
        let (ended, kind) = if keep_current {
            let sql = self.store.scoped(END_OTHERS);
            let ended = execute!(conn, sql, org, client, contact, now, self.actor.session_id())?;
            (ended, ActivityKind::SessionEnded)
        } else {
            (execute!(conn, self.store.scoped(END_ALL), org, client, contact, now)?, ActivityKind::SignedOut)
        };
        if ended > 0 {
            self.log(&mut conn, kind, None, "everywhere", origin).await?;
        }
        conn.commit().await?;
        Ok(ended)
    }
}

#[cfg(feature = "testing")]
pub(super) fn planned_statements() -> Vec<(String, &'static str)> {
    [("access log forward", FORWARD), ("access log backward", BACKWARD), ("sessions", SESSIONS)]
        .map(|(name, sql)| (name.to_owned(), sql))
        .to_vec()
}
