//! How many mails about invoices an org may send within a day, altogether and to one address: with
//! `SIGN_UP=open` anybody can write to whomever they name, in our name and theirs.

use chrono::TimeDelta;

use super::{InvoiceMailKind, OrgRow, TeamScope, team_rows};
use crate::{
    error::Result,
    id::{ContactId, InvoiceId, OrgId},
    store::system::attempts_key,
};

/// Mails of one org within a day.
const MOST: i64 = 1_000;
/// Of these to one address: more than anybody wants to get, and enough to send a month's invoices at once.
const MOST_TO_ONE: i64 = 50;
const WINDOW: TimeDelta = TimeDelta::days(1);

/// Where a mail about an invoice could go.
#[derive(sqlx::FromRow)]
struct AddressRow {
    org_id: OrgId,
    id: ContactId,
    email_norm: String,
}

impl OrgRow for AddressRow {
    fn org(&self) -> OrgId {
        self.org_id
    }
}

/// None of an invoice that is sent already, or of which nobody is reminded: no mail comes of it.
const ADDRESSES: &str = "SELECT c.org_id, c.id, c.email_norm FROM invoices i \
    JOIN contacts c ON c.org_id = i.org_id AND c.client_id = i.client_id AND c.archived_at IS NULL \
    WHERE i.org_id = $1 AND i.id = $2 AND i.status = $3";

impl TeamScope<'_> {
    /// Counts the mails that are about to be written; `false`: there were too many before them. They are counted
    /// before, and in a transaction of their own, so that many at once are not more than one after the other.
    pub(crate) async fn may_mail(
        &self,
        kind: InvoiceMailKind,
        invoice: InvoiceId,
        contacts: &[ContactId],
    ) -> Result<bool> {
        if contacts.is_empty() {
            return Ok(true);
        }
        let status = match kind {
            InvoiceMailKind::Invoice => "draft",
            InvoiceMailKind::Reminder => "sent",
        };
        let mut rows = team_rows!(self, AddressRow, ADDRESSES, invoice, status)?;
        rows.retain(|row| contacts.contains(&row.id));
        if rows.is_empty() {
            return Ok(true);
        }
        let org = self.actor.org_id().uuid();
        let mut tx = self.store.system().begin().await?;
        let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        let all = attempts_key(&[b"invoice mails", org.as_bytes()]);
        let mut is_allowed = tx.count_attempts(&all, WINDOW, count).await? <= MOST;
        for row in rows {
            if !is_allowed {
                break;
            }
            let key = attempts_key(&[b"invoice mail", org.as_bytes(), row.email_norm.as_bytes()]);
            is_allowed = tx.count_attempt(&key, WINDOW).await? <= MOST_TO_ONE;
        }
        tx.commit().await?;
        Ok(is_allowed)
    }
}

#[cfg(feature = "testing")]
pub(super) fn planned_statements() -> Vec<(String, &'static str)> {
    vec![("team addresses of an invoice".to_owned(), ADDRESSES)]
}
