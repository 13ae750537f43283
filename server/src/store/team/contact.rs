//! The people at a client: who they are, and whether the portal lets them in.

use super::{Stale, Subject, TeamScope};
use crate::{
    error::Result,
    id::{ClientId, ContactId, OrgId},
    store::{
        ActivityKind, Origin,
        db::{execute, fetch_optional},
    },
};

/// What can be set of a contact. Texts are trimmed and checked by whoever makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactDraft {
    /// Name.
    pub name: String,
    /// Address as it was typed.
    pub email: String,
    /// In the form under which addresses are compared.
    pub email_norm: String,
    /// Whether links are sent to it.
    pub portal_access: bool,
}

/// Why a contact was not saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContactRefused {
    /// There is no such client or contact, or somebody was faster.
    Stale(Stale),
    /// Another contact of this client has the address.
    AddressTaken,
}

#[derive(sqlx::FromRow)]
struct Known {
    org_id: OrgId,
    email_norm: String,
    portal_access: bool,
}

const IS_CLIENT: &str = "SELECT org_id, '' AS email_norm, FALSE AS portal_access \
    FROM clients WHERE org_id = $1 AND id = $2 AND archived_at IS NULL";
const CONTACT: &str = "SELECT org_id, email_norm, portal_access FROM contacts \
    WHERE org_id = $1 AND client_id = $2 AND id = $3 AND archived_at IS NULL";
/// A contact that was archived keeps its row, for the log; its address is given free.
const ADD: &str = "INSERT INTO contacts (org_id, client_id, id, name, email, email_norm, portal_access, created_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (org_id, client_id, email_norm) DO NOTHING";
const CHANGE: &str = "UPDATE contacts SET name = $5, email = $6, email_norm = $7, portal_access = $8, version = version + 1 \
    WHERE org_id = $1 AND client_id = $2 AND id = $3 AND version = $4 AND archived_at IS NULL \
    AND NOT EXISTS (SELECT 1 FROM contacts o WHERE o.org_id = $1 AND o.client_id = $2 AND o.email_norm = $7 AND o.id <> $3)";
const ARCHIVE: &str = "UPDATE contacts SET archived_at = $4, portal_access = FALSE, \
    email_norm = CAST($5 AS TEXT), version = version + 1 \
    WHERE org_id = $1 AND client_id = $2 AND id = $3 AND archived_at IS NULL";
const END_SESSIONS: &str = "UPDATE portal_sessions SET ended_at = $4 \
    WHERE org_id = $1 AND client_id = $2 AND contact_id = $3 AND ended_at IS NULL AND expires_at > $4";

impl TeamScope<'_> {
    /// Adds a contact to a client.
    pub async fn add_contact(
        &self,
        client: ClientId,
        draft: &ContactDraft,
        origin: &Origin,
    ) -> Result<Result<ContactId, ContactRefused>> {
        let mut conn = self.write().await?;
        let (org, now) = (self.actor.org_id(), self.store.clock.now());
        if fetch_optional!(conn, Known, IS_CLIENT, org, client)?.is_none_or(|known| known.org_id != org) {
            return Ok(Err(ContactRefused::Stale(Stale::NotFound)));
        }
        let id = ContactId::new(now);
        let added = execute!(
            conn,
            ADD,
            org,
            client,
            id,
            draft.name.as_str(),
            draft.email.as_str(),
            draft.email_norm.as_str(),
            draft.portal_access,
            now,
        )?;
        if added == 0 {
            return Ok(Err(ContactRefused::AddressTaken));
        }
        let about = Subject { client: Some(client), contact: Some(id) };
        self.log(&mut conn, ActivityKind::ContactAdded, about, "", origin).await?;
        if draft.portal_access {
            self.log(&mut conn, ActivityKind::PortalAccessOn, about, "", origin).await?;
        }
        conn.commit().await?;
        Ok(Ok(id))
    }

    /// Changes a contact, if nobody has changed it since it was read. Links that are open stay good only
    /// while the address is still theirs (rule L4), and so do sessions: another address is another person.
    pub async fn change_contact(
        &self,
        (client, id): (ClientId, ContactId),
        version: i64,
        draft: &ContactDraft,
        origin: &Origin,
    ) -> Result<Result<(), ContactRefused>> {
        let mut conn = self.write().await?;
        let (org, now) = (self.actor.org_id(), self.store.clock.now());
        let Some(before) = fetch_optional!(conn, Known, CONTACT, org, client, id)? else {
            return Ok(Err(ContactRefused::Stale(Stale::NotFound)));
        };
        let changed = execute!(
            conn,
            CHANGE,
            org,
            client,
            id,
            version,
            draft.name.as_str(),
            draft.email.as_str(),
            draft.email_norm.as_str(),
            draft.portal_access,
        )?;
        if changed == 0 {
            let taken = fetch_optional!(conn, Known, TAKEN, org, client, id, draft.email_norm.as_str())?;
            return Ok(Err(match taken {
                Some(_) => ContactRefused::AddressTaken,
                None => ContactRefused::Stale(Stale::Changed),
            }));
        }
        let about = Subject { client: Some(client), contact: Some(id) };
        self.log(&mut conn, ActivityKind::ContactChanged, about, "", origin).await?;
        if before.portal_access != draft.portal_access {
            let kind = access_kind(draft.portal_access);
            self.log(&mut conn, kind, about, "", origin).await?;
        }
        // After the change: a login by the old address has begun its session by now, or finds another one.
        if before.email_norm != draft.email_norm && execute!(conn, END_SESSIONS, org, client, id, now)? > 0 {
            self.log(&mut conn, ActivityKind::ContactSessionsEnded, about, "", origin).await?;
        }
        conn.commit().await?;
        Ok(Ok(()))
    }

    /// Switches a contact's portal access (rule S4): off stops new links, and sessions run out by
    /// themselves. `false`: there is none such. Switching to what it is already changes nothing.
    pub async fn set_portal_access(
        &self,
        (client, id): (ClientId, ContactId),
        on: bool,
        origin: &Origin,
    ) -> Result<bool> {
        let mut conn = self.write().await?;
        let org = self.actor.org_id();
        let Some(before) = fetch_optional!(conn, Known, CONTACT, org, client, id)? else { return Ok(false) };
        if before.portal_access != on {
            execute!(conn, SET_ACCESS, org, client, id, on)?;
            let about = Subject { client: Some(client), contact: Some(id) };
            self.log(&mut conn, access_kind(on), about, "", origin).await?;
            conn.commit().await?;
        }
        Ok(true)
    }

    /// Ends the sessions of a contact at once; gives how many there were (rule S4).
    pub async fn end_contact_sessions(
        &self,
        (client, id): (ClientId, ContactId),
        origin: &Origin,
    ) -> Result<Option<u64>> {
        let mut conn = self.write().await?;
        let (org, now) = (self.actor.org_id(), self.store.clock.now());
        if fetch_optional!(conn, Known, CONTACT, org, client, id)?.is_none() {
            return Ok(None);
        }
        let ended = execute!(conn, END_SESSIONS, org, client, id, now)?;
        if ended > 0 {
            let about = Subject { client: Some(client), contact: Some(id) };
            self.log(&mut conn, ActivityKind::ContactSessionsEnded, about, "", origin).await?;
            conn.commit().await?;
        }
        Ok(Some(ended))
    }

    /// Removes a contact: no link, no session, and the address is free for another. Its row stays, because
    /// the log points at it. `false`: there is none such.
    pub async fn archive_contact(
        &self,
        (client, id): (ClientId, ContactId),
        origin: &Origin,
    ) -> Result<bool> {
        let mut conn = self.write().await?;
        let (org, now) = (self.actor.org_id(), self.store.clock.now());
        // No address has a space in it, so this is nobody's.
        let freed = format!("removed {id}");
        if execute!(conn, ARCHIVE, org, client, id, now, freed.as_str())? == 0 {
            return Ok(false);
        }
        execute!(conn, END_SESSIONS, org, client, id, now)?;
        let about = Subject { client: Some(client), contact: Some(id) };
        self.log(&mut conn, ActivityKind::ContactRemoved, about, "", origin).await?;
        conn.commit().await?;
        Ok(true)
    }
}

const TAKEN: &str = "SELECT org_id, email_norm, portal_access FROM contacts \
    WHERE org_id = $1 AND client_id = $2 AND id <> $3 AND email_norm = $4";
const SET_ACCESS: &str = "UPDATE contacts SET portal_access = $4, version = version + 1 \
    WHERE org_id = $1 AND client_id = $2 AND id = $3";

const fn access_kind(on: bool) -> ActivityKind {
    if on { ActivityKind::PortalAccessOn } else { ActivityKind::PortalAccessOff }
}
