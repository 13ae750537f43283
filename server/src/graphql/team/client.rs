//! Clients as the team sees them.

use std::{collections::HashMap, sync::Arc};

use app::problem::{FieldProblem, Problem};
use async_graphql::{ComplexObject, Context, Enum, ID, InputObject, Result as GraphqlResult, SimpleObject};
use chrono::{DateTime, Utc};

use super::{
    SEES_CLIENTS, TeamOnly,
    contact::{self, TeamContact},
    invoice::unread,
    node::{self, Node},
    sees_clients, visible_to_team,
};
use crate::{
    directory::ClientFields,
    error::{Error, Result},
    graphql::{
        guard::{AskTeam as _, Team},
        look::Look,
        new_ids::NewIds,
        page::connection,
        scalar::MinorUnits,
        to_graphql,
    },
    id::ClientId,
    store::{
        page::{TextCursor, TextPageRequest},
        team::{ClientBalanceRow, ClientDraft, ClientRow, ClientShelf, ListedClient, Stale},
    },
};

/// Which clients a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(visible = "sees_clients")]
pub(super) enum TeamClientShelf {
    /// Those one works with.
    Active,
    /// Those that were put away.
    Archived,
}

/// What a client owes in one currency.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "SEES_CLIENTS", visible = "sees_clients")]
pub(super) struct TeamClientBalance {
    /// ISO 4217 code.
    currency: String,
    /// Sum of what is due on open invoices.
    outstanding_minor: MinorUnits,
    /// Number of open invoices.
    open_count: i32,
    /// The part whose due day has passed.
    overdue_minor: MinorUnits,
}

/// A client.
#[derive(Debug, SimpleObject)]
#[graphql(complex, guard = "SEES_CLIENTS", visible = "sees_clients")]
pub(in crate::graphql) struct TeamClient {
    /// Id: a UUID.
    pub(in crate::graphql) id: ID,
    /// Name.
    name: String,
    /// ISO 4217 code of the client's own currency.
    currency: String,
    #[graphql(skip)]
    key: ClientId,
    /// What the list is ordered by.
    #[graphql(skip)]
    search_text: String,
    #[graphql(skip)]
    whole: Option<ClientRow>,
    #[graphql(skip)]
    counts: Option<(i32, i32)>,
    #[graphql(skip)]
    balances: Vec<TeamClientBalance>,
    #[graphql(skip)]
    contacts: Vec<TeamContact>,
}

/// The fields that stand in the whole row alone.
const WHOLE: [&str; 5] = ["locale", "address", "taxId", "version", "archivedAt"];
const COUNTS: [&str; 2] = ["contactCount", "portalContactCount"];

#[ComplexObject(guard = "SEES_CLIENTS")]
impl TeamClient {
    /// BCP 47 tag; null where dates and money are written as the org writes them.
    async fn locale(&self) -> GraphqlResult<Option<&str>> {
        Ok(self.whole()?.locale.as_deref())
    }

    /// Lines of the billing address.
    async fn address(&self) -> GraphqlResult<&str> {
        Ok(&self.whole()?.address)
    }

    /// Tax id; may be empty.
    async fn tax_id(&self) -> GraphqlResult<&str> {
        Ok(&self.whole()?.tax_id)
    }

    /// Counts changes: to be given back with a change, so that a stale one is noticed.
    async fn version(&self) -> GraphqlResult<i32> {
        Ok(i32::try_from(self.whole()?.version).unwrap_or(i32::MAX))
    }

    /// Since when it is put away; null where it is not.
    async fn archived_at(&self) -> GraphqlResult<Option<DateTime<Utc>>> {
        Ok(self.whole()?.archived_at)
    }

    /// Number of contacts.
    async fn contact_count(&self) -> GraphqlResult<i32> {
        self.counts.map(|(all, _)| all).ok_or_else(|| unread("contactCount"))
    }

    /// Number of contacts that the portal lets in.
    async fn portal_contact_count(&self) -> GraphqlResult<i32> {
        self.counts.map(|(_, portal)| portal).ok_or_else(|| unread("portalContactCount"))
    }

    /// What it owes, one entry for each currency in which an invoice is open.
    async fn balances(&self) -> &[TeamClientBalance] {
        &self.balances
    }

    /// The people there, in the order in which they were added.
    async fn contacts(&self) -> &[TeamContact] {
        &self.contacts
    }
}

impl TeamClient {
    fn whole(&self) -> GraphqlResult<&ClientRow> {
        self.whole.as_ref().ok_or_else(|| unread("a field of a client"))
    }
}

connection!(TeamClientConnection, TeamClientEdge, TeamClient, "clients", "SEES_CLIENTS", "sees_clients");

/// What can be set of a client.
#[derive(Debug, InputObject)]
#[graphql(visible = "sees_clients")]
pub(in crate::graphql) struct TeamClientInput {
    /// Name, at most 120 characters.
    name: String,
    /// ISO 4217 code of the client's own currency.
    currency: String,
    /// BCP 47 tag such as `de-AT`; null or empty for the org's.
    locale: Option<String>,
    /// Lines of the billing address, at most 600 characters.
    #[graphql(default)]
    address: String,
    /// Tax id, at most 60 characters.
    #[graphql(default)]
    tax_id: String,
}

/// What is wrong with one field of an input.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "TeamOnly", visible = "visible_to_team")]
pub(in crate::graphql) struct TeamFieldProblem {
    /// The field's name.
    field: String,
    /// What is wrong, for programs: such as `REQUIRED`, `TOO_LONG` or `CHANGED`.
    code: String,
    /// What is wrong, for people.
    message: String,
}

/// What came of a change: either it is saved, or it tells what is wrong.
#[derive(Debug, SimpleObject)]
#[graphql(complex, guard = "TeamOnly", visible = "visible_to_team")]
pub(in crate::graphql) struct TeamSaved {
    /// The id of what was saved; null where nothing was.
    id: Option<ID>,
    /// What is wrong, by field; empty where it was saved.
    problems: Vec<TeamFieldProblem>,
}

impl TeamFieldProblem {
    pub(super) fn all(problems: Vec<FieldProblem>) -> Vec<Self> {
        let told = |FieldProblem { field, problem }: FieldProblem| Self {
            field: field.into_owned(),
            code: problem.code().to_owned(),
            message: problem.text(),
        };
        problems.into_iter().map(told).collect()
    }
}

#[ComplexObject(guard = "TeamOnly")]
impl TeamSaved {
    /// What was saved, as it stands now: a client, a contact, an invoice or a payment, as far as the scopes go; null
    /// for anything else.
    async fn node(&self, ctx: &Context<'_>) -> GraphqlResult<Option<Node>> {
        match &self.id {
            Some(id) => {
                node::by_id(&ctx.team()?, id, &Look::at(ctx)).await.map_err(|error| to_graphql(&error))
            }
            None => Ok(None),
        }
    }
}

impl TeamSaved {
    pub(super) fn saved(id: impl ToString) -> Self {
        Self { id: Some(id.to_string().into()), problems: vec![] }
    }

    pub(super) fn refused(problems: Vec<FieldProblem>) -> Self {
        Self { id: None, problems: TeamFieldProblem::all(problems) }
    }

    /// Whether anything was saved.
    pub(super) const fn is_saved(&self) -> bool {
        self.id.is_some()
    }

    /// What is wrong, by itself.
    pub(super) fn into_problems(self) -> Vec<TeamFieldProblem> {
        self.problems
    }

    /// Adds what is wrong with a contact that came along, under its place among them.
    pub(super) fn add_problems(&mut self, contact: Self, at: usize) {
        let placed = contact.problems.into_iter().map(|problem| {
            let field = format!("contacts.{at}.{}", problem.field);
            TeamFieldProblem { field, ..problem }
        });
        self.problems.extend(placed);
    }

    /// Somebody was faster, or there is no such thing.
    pub(super) fn stale(stale: Stale) -> Result<Self> {
        match stale {
            Stale::NotFound => Err(Error::NotFound),
            Stale::Changed => Ok(Self::refused(vec![FieldProblem::new("version", Problem::Changed)])),
        }
    }
}

/// The longest text that is searched for, in characters.
const LONGEST_SEARCH: usize = 100;

pub(super) async fn list(
    team: &Team<'_>,
    shelf: TeamClientShelf,
    search: &str,
    request: &TextPageRequest,
    look: &Look<'_>,
) -> Result<TeamClientConnection> {
    if search.chars().count() > LONGEST_SEARCH {
        return Err(Error::Invalid { field: "search" });
    }
    let shelf = match shelf {
        TeamClientShelf::Active => ClientShelf::Active,
        TeamClientShelf::Archived => ClientShelf::Archived,
    };
    let page = team.scope.clients(shelf, search, team.today, request).await?;
    let neighbours = (page.has_previous, page.has_next);
    let mut clients: Vec<TeamClient> = page.rows.into_iter().map(TeamClient::from).collect();
    if look.has_any(&WHOLE) {
        let ids: Vec<ClientId> = clients.iter().map(|client| client.key).collect();
        let mut rows: HashMap<ClientId, ClientRow> =
            team.scope.clients_by_id(&ids).await?.into_iter().map(|row| (row.id, row)).collect();
        for client in &mut clients {
            client.whole = rows.remove(&client.key);
        }
    }
    if look.has("contacts") {
        add_contacts(team, &mut clients).await?;
    }
    Ok(TeamClientConnection::new(neighbours, clients, |client| {
        TextCursor { text: client.search_text.clone(), id: client.key.uuid() }.to_text()
    }))
}

pub(super) async fn by_id(team: &Team<'_>, id: &str, look: &Look<'_>) -> Result<Option<Arc<TeamClient>>> {
    // An id that is none is not found, as any other that is not there (rule I5).
    let Ok(id) = id.parse::<ClientId>() else { return Ok(None) };
    Ok(by_ids(team, &[id], look).await?.remove(&id))
}

/// Those of these clients that are there, with as much of them as is asked for.
pub(super) async fn by_ids(
    team: &Team<'_>,
    ids: &[ClientId],
    look: &Look<'_>,
) -> Result<HashMap<ClientId, Arc<TeamClient>>> {
    let rows = team.scope.clients_by_id(ids).await?;
    let mut clients: Vec<TeamClient> = rows.into_iter().map(TeamClient::from).collect();
    if look.has("contacts") || look.has_any(&COUNTS) {
        add_contacts(team, &mut clients).await?;
        for client in &mut clients {
            client.counts = Some(contact::counts(&client.contacts));
        }
    }
    if look.has("balances") {
        let mut owed: HashMap<ClientId, Vec<TeamClientBalance>> = HashMap::new();
        for row in team.scope.balances(ids, team.today).await? {
            owed.entry(row.client_id).or_default().push(row.into());
        }
        for client in &mut clients {
            client.balances = owed.remove(&client.key).unwrap_or_default();
        }
    }
    Ok(clients.into_iter().map(|client| (client.key, Arc::new(client))).collect())
}

async fn add_contacts(team: &Team<'_>, clients: &mut [TeamClient]) -> Result<()> {
    let ids: Vec<ClientId> = clients.iter().map(|client| client.key).collect();
    let mut contacts = contact::of_clients(team, &ids).await?;
    for client in clients {
        client.contacts = contacts.remove(&client.key).unwrap_or_default();
    }
    Ok(())
}

pub(super) async fn save(
    team: &Team<'_>,
    id: Option<&str>,
    version: Option<i32>,
    input: &TeamClientInput,
    new: &NewIds,
) -> Result<TeamSaved> {
    let Some(id) = id else { return add(team, ClientId::from_uuid(new.id(team.now)), input).await };
    let draft = match input.check() {
        Ok(draft) => draft,
        Err(problems) => return Ok(TeamSaved::refused(problems)),
    };
    let id: ClientId = id.parse().map_err(|_| Error::NotFound)?;
    let version = version.ok_or(Error::Invalid { field: "version" })?;
    match team.scope.change_client(id, version.into(), &draft, team.origin).await? {
        Ok(()) => Ok(TeamSaved::saved(id)),
        Err(stale) => TeamSaved::stale(stale),
    }
}

/// Adds a client under a new id. The same id again is the same client.
pub(super) async fn add(team: &Team<'_>, id: ClientId, input: &TeamClientInput) -> Result<TeamSaved> {
    match input.check() {
        Ok(draft) => {
            team.scope.add_client(id, &draft, team.origin).await?;
            Ok(TeamSaved::saved(id))
        }
        Err(problems) => Ok(TeamSaved::refused(problems)),
    }
}

impl TeamClientInput {
    fn check(&self) -> std::result::Result<ClientDraft, Vec<FieldProblem>> {
        let fields = ClientFields {
            name: &self.name,
            currency: &self.currency,
            locale: self.locale.as_deref().unwrap_or_default(),
            address: &self.address,
            tax_id: &self.tax_id,
        };
        fields.check()
    }
}

pub(super) async fn shelve(team: &Team<'_>, id: &str, archived: bool) -> Result<bool> {
    match id.parse() {
        Ok(id) => team.scope.shelve_client(id, archived, team.origin).await,
        Err(_) => Ok(false),
    }
}

impl From<ClientBalanceRow> for TeamClientBalance {
    fn from(row: ClientBalanceRow) -> Self {
        Self {
            currency: row.currency,
            outstanding_minor: MinorUnits(row.outstanding_minor),
            open_count: i32::try_from(row.open_count).unwrap_or(i32::MAX),
            overdue_minor: MinorUnits(row.overdue_minor),
        }
    }
}

impl From<ClientRow> for TeamClient {
    fn from(row: ClientRow) -> Self {
        Self {
            id: row.id.to_string().into(),
            name: row.name.clone(),
            currency: row.currency.clone(),
            key: row.id,
            search_text: String::new(),
            whole: Some(row),
            counts: None,
            balances: vec![],
            contacts: vec![],
        }
    }
}

impl From<ListedClient> for TeamClient {
    fn from(client: ListedClient) -> Self {
        let count = |count: i64| i32::try_from(count).unwrap_or(i32::MAX);
        let ListedClient { row, balances } = client;
        Self {
            id: row.id.to_string().into(),
            name: row.name,
            currency: row.currency,
            key: row.id,
            search_text: row.search_text,
            whole: None,
            counts: Some((count(row.contact_count), count(row.portal_count))),
            balances: balances
                .into_iter()
                .map(|(currency, outstanding, open, overdue)| TeamClientBalance {
                    currency,
                    outstanding_minor: MinorUnits(outstanding),
                    open_count: count(open),
                    overdue_minor: MinorUnits(overdue),
                })
                .collect(),
            contacts: vec![],
        }
    }
}
