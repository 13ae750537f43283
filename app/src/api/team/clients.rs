//! Clients and their contacts.

use async_graphql_value::{ConstValue, Name};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::{Change, Saved, SavedAnswer, object, run, team, variables};
use crate::{
    api::{
        Document, Executor,
        portal::{Page, PageArgs},
    },
    error::AppError,
    money::Currency,
};

/// What a client owes in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClientBalance {
    /// ISO 4217.
    pub currency: Currency,
    /// Sum of what is due on open invoices.
    pub outstanding_minor: i64,
    /// Number of open invoices.
    pub open_count: i64,
    /// The part whose due day has passed.
    pub overdue_minor: i64,
}

/// A client in a list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClientSummary {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Number of contacts.
    pub contact_count: i64,
    /// Number of contacts that the portal lets in.
    pub portal_contact_count: i64,
    /// One for each currency in which something is open.
    pub balances: Vec<ClientBalance>,
}

/// A client.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Client {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// ISO 4217.
    pub currency: String,
    /// BCP 47 tag; none for the org's.
    pub locale: Option<String>,
    /// Lines of the billing address.
    pub address: String,
    /// Tax id; may be empty.
    pub tax_id: String,
    /// Counts changes.
    pub version: i32,
    /// Since when it is put away.
    pub archived_at: Option<DateTime<Utc>>,
    /// One for each currency in which something is open.
    pub balances: Vec<ClientBalance>,
    /// The people there.
    pub contacts: Vec<Contact>,
}

/// A person at a client.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Contact {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Whether sign-in links are sent to it.
    pub portal_access: bool,
    /// When somebody last signed in by it.
    pub last_sign_in_at: Option<DateTime<Utc>>,
    /// Portal sessions under way.
    pub session_count: i64,
    /// Counts changes.
    pub version: i32,
}

/// A client as it stands in a form.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ClientForm {
    /// Name.
    pub name: String,
    /// ISO 4217.
    pub currency: String,
    /// BCP 47 tag; empty for the org's.
    pub locale: String,
    /// Lines of the billing address.
    pub address: String,
    /// Tax id.
    pub tax_id: String,
    /// The version that was read.
    pub version: i32,
}

/// A contact as it stands in a form.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ContactForm {
    /// Name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// `on` where the portal lets them in.
    pub portal_access: String,
    /// The version that was read.
    pub version: i32,
}

impl From<Client> for ClientForm {
    fn from(client: Client) -> Self {
        Self {
            name: client.name,
            currency: client.currency,
            locale: client.locale.unwrap_or_default(),
            address: client.address,
            tax_id: client.tax_id,
            version: client.version,
        }
    }
}

impl From<Contact> for ContactForm {
    fn from(contact: Contact) -> Self {
        Self {
            name: contact.name,
            email: contact.email,
            portal_access: if contact.portal_access { "on".to_owned() } else { String::new() },
            version: contact.version,
        }
    }
}

pub(super) const CLIENTS: Document = Document {
    name: "TeamClients",
    source: "query TeamClients($shelf: TeamClientShelf!, $search: String, $first: Int, $after: String, $last: Int, $before: String) {
        team { clients(shelf: $shelf, search: $search, first: $first, after: $after, last: $last, before: $before) {
            nodes { id name contactCount portalContactCount
                balances { currency outstandingMinor openCount overdueMinor } }
            pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        } } }",
};

pub(super) const CLIENT: Document = Document {
    name: "TeamClient",
    source: "query TeamClient($id: ID!) { team { client(id: $id) {
        id name currency locale address taxId version archivedAt
        balances { currency outstandingMinor openCount overdueMinor }
        contacts { id name email portalAccess lastSignInAt sessionCount version }
    } } }",
};

pub(super) const SAVE_CLIENT: Document = Document {
    name: "TeamSaveClient",
    source: "mutation TeamSaveClient($id: ID, $version: Int, $input: TeamClientInput!) {
        saved: teamSaveClient(id: $id, version: $version, input: $input) { id problems { field message } } }",
};

pub(super) const ARCHIVE_CLIENT: Document = Document {
    name: "TeamArchiveClient",
    source: "mutation TeamArchiveClient($id: ID!, $archived: Boolean!) {
        done: teamArchiveClient(id: $id, archived: $archived) }",
};

pub(super) const SAVE_CONTACT: Document = Document {
    name: "TeamSaveContact",
    source: "mutation TeamSaveContact($client: ID!, $id: ID, $version: Int, $input: TeamContactInput!) {
        saved: teamSaveContact(clientId: $client, id: $id, version: $version, input: $input) {
            id problems { field message } } }",
};

pub(super) const SET_PORTAL_ACCESS: Document = Document {
    name: "TeamSetPortalAccess",
    source: "mutation TeamSetPortalAccess($client: ID!, $id: ID!, $on: Boolean!) {
        done: teamSetPortalAccess(clientId: $client, id: $id, on: $on) }",
};

pub(super) const END_CONTACT_SESSIONS: Document = Document {
    name: "TeamEndContactSessions",
    source: "mutation TeamEndContactSessions($client: ID!, $id: ID!) {
        done: teamEndContactSessions(clientId: $client, id: $id) }",
};

pub(super) const REMOVE_CONTACT: Document = Document {
    name: "TeamRemoveContact",
    source: "mutation TeamRemoveContact($client: ID!, $id: ID!) {
        done: teamRemoveContact(clientId: $client, id: $id) }",
};

/// One page of the list.
pub async fn clients(
    executor: &dyn Executor,
    archived: bool,
    search: &str,
    page: &PageArgs,
) -> Result<Page<ClientSummary>, AppError> {
    #[derive(Deserialize)]
    struct Answer {
        clients: Page<ClientSummary>,
    }
    let mut variables = super::super::portal::page_variables(page);
    let shelf = if archived { "ARCHIVED" } else { "ACTIVE" };
    variables.insert(Name::new("shelf"), ConstValue::Enum(Name::new(shelf)));
    variables.insert(Name::new("search"), search.into());
    team::<Answer>(executor, CLIENTS, variables).await.map(|answer| answer.clients)
}

/// One client; `None` where it does not exist or is not this org's.
pub async fn client(executor: &dyn Executor, id: &str) -> Result<Option<Client>, AppError> {
    #[derive(Deserialize)]
    struct Answer {
        client: Option<Client>,
    }
    team::<Answer>(executor, CLIENT, variables([("id", id.into())])).await.map(|answer| answer.client)
}

/// Adds a client, or changes the one with the id.
pub async fn save_client(
    executor: &dyn Executor,
    id: Option<&str>,
    form: &ClientForm,
) -> Result<Saved, AppError> {
    let input = object([
        ("name", form.name.as_str().into()),
        ("currency", form.currency.as_str().into()),
        ("locale", form.locale.as_str().into()),
        ("address", form.address.as_str().into()),
        ("taxId", form.tax_id.as_str().into()),
    ]);
    let variables = variables([
        ("id", id.map_or(ConstValue::Null, Into::into)),
        ("version", form.version.into()),
        ("input", input),
    ]);
    let change: Change<SavedAnswer> = run(executor, SAVE_CLIENT, variables).await?;
    Ok(change.done.into())
}

/// Puts a client away, or takes it back; `false` where there is none such.
pub async fn archive_client(executor: &dyn Executor, id: &str, archived: bool) -> Result<bool, AppError> {
    let variables = variables([("id", id.into()), ("archived", archived.into())]);
    run::<Change<bool>>(executor, ARCHIVE_CLIENT, variables).await.map(|change| change.done)
}

/// Adds a contact to a client, or changes the one with the id.
pub async fn save_contact(
    executor: &dyn Executor,
    client: &str,
    id: Option<&str>,
    form: &ContactForm,
) -> Result<Saved, AppError> {
    let input = object([
        ("name", form.name.as_str().into()),
        ("email", form.email.as_str().into()),
        ("portalAccess", (!form.portal_access.is_empty()).into()),
    ]);
    let variables = variables([
        ("client", client.into()),
        ("id", id.map_or(ConstValue::Null, Into::into)),
        ("version", form.version.into()),
        ("input", input),
    ]);
    let change: Change<SavedAnswer> = run(executor, SAVE_CONTACT, variables).await?;
    Ok(change.done.into())
}

/// Switches a contact's portal access; `false` where there is none such.
pub async fn set_portal_access(
    executor: &dyn Executor,
    client: &str,
    id: &str,
    on: bool,
) -> Result<bool, AppError> {
    let variables = variables([("client", client.into()), ("id", id.into()), ("on", on.into())]);
    run::<Change<bool>>(executor, SET_PORTAL_ACCESS, variables).await.map(|change| change.done)
}

/// Ends a contact's sessions; how many there were, or `None` where there is none such.
pub async fn end_contact_sessions(
    executor: &dyn Executor,
    client: &str,
    id: &str,
) -> Result<Option<i64>, AppError> {
    let variables = variables([("client", client.into()), ("id", id.into())]);
    run::<Change<Option<i64>>>(executor, END_CONTACT_SESSIONS, variables).await.map(|change| change.done)
}

/// Removes a contact; `false` where there is none such.
pub async fn remove_contact(executor: &dyn Executor, client: &str, id: &str) -> Result<bool, AppError> {
    let variables = variables([("client", client.into()), ("id", id.into())]);
    run::<Change<bool>>(executor, REMOVE_CONTACT, variables).await.map(|change| change.done)
}
