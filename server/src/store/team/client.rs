//! One client: what stands on its page, and its changes.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{
    Stale, Subject, TeamScope,
    invoice::sorted_by_key,
    keyed::{Keyed, keyed_rows},
    org_rows, team_rows,
};
use crate::{
    error::Result,
    id::{ClientId, ContactId},
    store::{
        ActivityKind, Origin,
        client_text::client_search_text,
        db::{execute, fetch_optional},
    },
};

org_rows! {
    /// A client.
    ClientRow {
        /// Id.
        id: ClientId,
        /// Name.
        name: String,
        /// ISO 4217.
        currency: String,
        /// BCP 47 tag; none where it is the org's.
        locale: Option<String>,
        /// Lines of text.
        address: String,
        /// Tax id.
        tax_id: String,
        /// Counts changes.
        version: i64,
        /// Since when it is put away.
        archived_at: Option<DateTime<Utc>>,
    }

    /// What a client owes in one currency.
    ClientBalanceRow {
        /// The client.
        client_id: ClientId,
        /// ISO 4217.
        currency: String,
        /// Sum of what is due.
        outstanding_minor: i64,
        /// Number of open invoices.
        open_count: i64,
        /// The part whose due day has passed.
        overdue_minor: i64,
    }

    /// A person at a client.
    ContactRow {
        /// The client.
        client_id: ClientId,
        /// Id.
        id: ContactId,
        /// Name.
        name: String,
        /// Address.
        email: String,
        /// Whether links are sent to it.
        portal_access: bool,
        /// When somebody last signed in by it.
        last_login_at: Option<DateTime<Utc>>,
        /// Sessions under way.
        session_count: i64,
        /// Counts changes.
        version: i64,
    }
}

/// What can be set of a client. Texts are trimmed and checked by whoever makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientDraft {
    /// Name.
    pub name: String,
    /// ISO 4217.
    pub currency: String,
    /// BCP 47 tag; none: the org's.
    pub locale: Option<String>,
    /// Lines of text.
    pub address: String,
    /// Tax id.
    pub tax_id: String,
}

const CLIENT: &str = "SELECT org_id, id, name, currency, locale, address, tax_id, version, archived_at \
    FROM clients WHERE org_id = $1 AND id = $2";
static CLIENTS: Keyed = Keyed::new(
    "WITH k(id) AS (VALUES {keys}) \
    SELECT c.org_id, c.id, c.name, c.currency, c.locale, c.address, c.tax_id, c.version, c.archived_at \
    FROM k CROSS JOIN clients c \
    WHERE c.org_id = $1 AND c.id = k.id",
    1,
    1,
);
/// `$2`: the org's calendar day.
static BALANCES: Keyed = Keyed::new(
    "WITH k(id) AS (VALUES {keys}) \
    SELECT b.org_id, b.client_id, b.currency, b.outstanding_minor, b.open_count, \
    CAST(b.overdue_minor + COALESCE((SELECT SUM(i.total_minor - i.paid_minor) FROM invoices i \
        WHERE i.org_id = b.org_id AND i.client_id = b.client_id AND i.currency = b.currency \
        AND i.settlement = 'open' AND i.due_on >= b.overdue_before AND i.due_on < $2), 0) AS BIGINT) AS overdue_minor \
    FROM k CROSS JOIN client_balances b \
    WHERE b.org_id = $1 AND b.client_id = k.id AND b.open_count > 0",
    1,
    2,
);
/// `$2`: now.
static CONTACTS: Keyed = Keyed::new(
    "WITH k(id) AS (VALUES {keys}) \
    SELECT t.org_id, t.client_id, t.id, t.name, t.email, t.portal_access, t.last_login_at, t.version, \
    (SELECT COUNT(*) FROM portal_sessions s WHERE s.org_id = t.org_id AND s.client_id = t.client_id \
        AND s.contact_id = t.id AND s.ended_at IS NULL AND s.expires_at > $2) AS session_count \
    FROM k CROSS JOIN contacts t \
    WHERE t.org_id = $1 AND t.client_id = k.id AND t.archived_at IS NULL",
    1,
    2,
);
const ADD: &str = "INSERT INTO clients (org_id, id, name, currency, locale, address, tax_id, search_text, created_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (org_id, id) DO NOTHING";
const CHANGE: &str = "UPDATE clients SET name = $4, currency = $5, locale = $6, address = $7, tax_id = $8, \
    search_text = $9, version = version + 1 WHERE org_id = $1 AND id = $2 AND version = $3";
const ARCHIVE: &str = "UPDATE clients SET archived_at = $3, version = version + 1 \
    WHERE org_id = $1 AND id = $2 AND archived_at IS NULL";
const RESTORE: &str = "UPDATE clients SET archived_at = NULL, version = version + 1 \
    WHERE org_id = $1 AND id = $2 AND archived_at IS NOT NULL";

impl TeamScope<'_> {
    /// A client of the org.
    pub async fn client(&self, id: ClientId) -> Result<Option<ClientRow>> {
        let rows: Result<Vec<ClientRow>> = team_rows!(self, ClientRow, CLIENT, id);
        Ok(rows?.pop())
    }

    /// Those of these clients that are the org's, in any order.
    pub async fn clients_by_id(&self, ids: &[ClientId]) -> Result<Vec<ClientRow>> {
        keyed_rows!(self, ClientRow, CLIENTS, keys(ids))
    }

    /// What clients owe: one entry for each currency in which an invoice is open. `today` is the org's day.
    pub async fn balances(&self, clients: &[ClientId], today: NaiveDate) -> Result<Vec<ClientBalanceRow>> {
        let rows: Result<Vec<ClientBalanceRow>> =
            keyed_rows!(self, ClientBalanceRow, BALANCES, keys(clients), today);
        rows.map(|rows| sorted_by_key(rows, |row| row.currency.clone()))
    }

    /// The contacts of clients, in the order in which they were added.
    pub async fn contacts(&self, clients: &[ClientId]) -> Result<Vec<ContactRow>> {
        let now = self.store.clock.now();
        let rows: Result<Vec<ContactRow>> = keyed_rows!(self, ContactRow, CONTACTS, keys(clients), now);
        rows.map(|rows| sorted_by_key(rows, |row| row.id))
    }

    /// Adds a client under a new id. The same id again is the same client, which stays as it is.
    pub async fn add_client(&self, id: ClientId, draft: &ClientDraft, origin: &Origin) -> Result<()> {
        let mut conn = self.write().await?;
        let now = self.store.clock.now();
        let added = execute!(
            conn,
            ADD,
            self.actor.org_id(),
            id,
            draft.name.as_str(),
            draft.currency.as_str(),
            draft.locale.as_deref(),
            draft.address.as_str(),
            draft.tax_id.as_str(),
            client_search_text(&draft.name, &draft.tax_id).as_str(),
            now,
        )?;
        if added == 0 {
            return Ok(());
        }
        self.log(
            &mut conn,
            ActivityKind::ClientAdded,
            Subject { client: Some(id), contact: None },
            "",
            origin,
        )
        .await?;
        conn.commit().await
    }

    /// Changes a client, if nobody has changed it since it was read.
    pub async fn change_client(
        &self,
        id: ClientId,
        version: i64,
        draft: &ClientDraft,
        origin: &Origin,
    ) -> Result<Result<(), Stale>> {
        let mut conn = self.write().await?;
        let changed = execute!(
            conn,
            CHANGE,
            self.actor.org_id(),
            id,
            version,
            draft.name.as_str(),
            draft.currency.as_str(),
            draft.locale.as_deref(),
            draft.address.as_str(),
            draft.tax_id.as_str(),
            client_search_text(&draft.name, &draft.tax_id).as_str(),
        )?;
        if changed == 0 {
            let exists = fetch_optional!(conn, ClientRow, CLIENT, self.actor.org_id(), id)?.is_some();
            return Ok(Err(if exists { Stale::Changed } else { Stale::NotFound }));
        }
        self.log(
            &mut conn,
            ActivityKind::ClientChanged,
            Subject { client: Some(id), contact: None },
            "",
            origin,
        )
        .await?;
        conn.commit().await?;
        Ok(Ok(()))
    }

    /// Puts a client away, or takes it back. `false`: there is none such, or it is so already.
    pub async fn shelve_client(&self, id: ClientId, away: bool, origin: &Origin) -> Result<bool> {
        let mut conn = self.write().await?;
        let (org, now) = (self.actor.org_id(), self.store.clock.now());
        let (changed, kind) = if away {
            (execute!(conn, ARCHIVE, org, id, now)?, ActivityKind::ClientArchived)
        } else {
            (execute!(conn, RESTORE, org, id)?, ActivityKind::ClientRestored)
        };
        if changed > 0 {
            self.log(&mut conn, kind, Subject { client: Some(id), contact: None }, "", origin).await?;
            conn.commit().await?;
        }
        Ok(changed > 0)
    }
}

fn keys(clients: &[ClientId]) -> Vec<[Uuid; 1]> {
    clients.iter().map(|id| [id.uuid()]).collect()
}

#[cfg(feature = "testing")]
pub(super) fn planned_statements() -> Vec<(String, &'static str)> {
    let mut planned = vec![("client".to_owned(), CLIENT)];
    for (name, keyed) in
        [("clients", &CLIENTS), ("client contacts", &CONTACTS), ("client balances", &BALANCES)]
    {
        planned.extend(keyed.planned(name));
    }
    planned
}
