//! Contacts as the team sees them.

use std::collections::HashMap;

use app::problem::{FieldProblem, Problem};
use async_graphql::{ID, InputObject, SimpleObject};
use chrono::{DateTime, Utc};

use super::{SEES_CLIENTS, client::TeamSaved, sees_clients};
use crate::{
    directory::ContactFields,
    error::{Error, Result},
    graphql::guard::Team,
    id::{ClientId, ContactId},
    store::team::{ContactRefused, ContactRow},
};

/// A person at a client.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "SEES_CLIENTS", visible = "sees_clients")]
pub(in crate::graphql) struct TeamContact {
    /// Id: a UUID.
    pub(in crate::graphql) id: ID,
    /// The client where they are.
    client_id: ID,
    /// Name.
    name: String,
    /// E-mail address.
    email: String,
    /// Whether sign-in links are sent to the address.
    portal_access: bool,
    /// When somebody last signed in by it; null where nobody has.
    last_sign_in_at: Option<DateTime<Utc>>,
    /// Number of portal sessions under way.
    session_count: i32,
    /// Counts changes: to be given back with a change, so that a stale one is noticed.
    version: i32,
}

/// What can be set of a contact.
#[derive(Debug, InputObject)]
#[graphql(visible = "sees_clients")]
pub(in crate::graphql) struct TeamContactInput {
    /// Name, at most 120 characters.
    name: String,
    /// E-mail address; no other contact of the client has it.
    email: String,
    /// Whether sign-in links are sent to the address.
    #[graphql(default)]
    portal_access: bool,
}

impl From<ContactRow> for TeamContact {
    fn from(row: ContactRow) -> Self {
        Self {
            id: row.id.to_string().into(),
            client_id: row.client_id.to_string().into(),
            name: row.name,
            email: row.email,
            portal_access: row.portal_access,
            last_sign_in_at: row.last_login_at,
            session_count: i32::try_from(row.session_count).unwrap_or(i32::MAX),
            version: i32::try_from(row.version).unwrap_or(i32::MAX),
        }
    }
}

/// How many contacts there are, and how many of them the portal lets in.
pub(super) fn counts(contacts: &[TeamContact]) -> (i32, i32) {
    let count = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
    (count(contacts.len()), count(contacts.iter().filter(|contact| contact.portal_access).count()))
}

/// The contacts of clients, by client.
pub(super) async fn of_clients(
    team: &Team<'_>,
    clients: &[ClientId],
) -> Result<HashMap<ClientId, Vec<TeamContact>>> {
    let mut contacts: HashMap<ClientId, Vec<TeamContact>> = HashMap::new();
    for row in team.scope.contacts(clients).await? {
        contacts.entry(row.client_id).or_default().push(row.into());
    }
    Ok(contacts)
}

/// One contact of a client.
pub(super) async fn of_client(team: &Team<'_>, client: ClientId, id: &str) -> Result<Option<TeamContact>> {
    let contacts = of_clients(team, &[client]).await?.remove(&client).unwrap_or_default();
    Ok(contacts.into_iter().find(|contact| contact.id == id))
}

pub(super) async fn save(
    team: &Team<'_>,
    client: &str,
    id: Option<&str>,
    version: Option<i32>,
    input: &TeamContactInput,
) -> Result<TeamSaved> {
    let client: ClientId = client.parse().map_err(|_| Error::NotFound)?;
    let fields = ContactFields { name: &input.name, email: &input.email, portal_access: input.portal_access };
    let draft = match fields.check() {
        Ok(draft) => draft,
        Err(problems) => return Ok(TeamSaved::refused(problems)),
    };
    let saved = match id {
        None => team.scope.add_contact(client, &draft, team.origin).await?,
        Some(id) => {
            let id: ContactId = id.parse().map_err(|_| Error::NotFound)?;
            let version = version.ok_or(Error::Invalid { field: "version" })?;
            team.scope.change_contact((client, id), version.into(), &draft, team.origin).await?.map(|()| id)
        }
    };
    match saved {
        Ok(id) => Ok(TeamSaved::saved(id)),
        Err(ContactRefused::AddressTaken) => {
            Ok(TeamSaved::refused(vec![FieldProblem::new("email", Problem::AddressTaken)]))
        }
        Err(ContactRefused::Stale(stale)) => TeamSaved::stale(stale),
    }
}

pub(super) async fn set_portal_access(team: &Team<'_>, client: &str, id: &str, on: bool) -> Result<bool> {
    match keys(client, id) {
        Some(keys) => team.scope.set_portal_access(keys, on, team.origin).await,
        None => Ok(false),
    }
}

pub(super) async fn end_sessions(team: &Team<'_>, client: &str, id: &str) -> Result<Option<i32>> {
    let Some(keys) = keys(client, id) else { return Ok(None) };
    let ended = team.scope.end_contact_sessions(keys, team.origin).await?;
    Ok(ended.map(|ended| i32::try_from(ended).unwrap_or(i32::MAX)))
}

pub(super) async fn remove(team: &Team<'_>, client: &str, id: &str) -> Result<bool> {
    match keys(client, id) {
        Some(keys) => team.scope.archive_contact(keys, team.origin).await,
        None => Ok(false),
    }
}

fn keys(client: &str, id: &str) -> Option<(ClientId, ContactId)> {
    Some((client.parse().ok()?, id.parse().ok()?))
}
