//! Clients as the team sees them.

use app::problem::{FieldProblem, Problem};
use async_graphql::{Enum, InputObject, SimpleObject};
use chrono::{DateTime, Utc};

use super::{
    SEES_CLIENTS, TeamOnly, contact::TeamContact, page::TeamPageInfo, sees_clients, visible_to_team,
};
use crate::{
    directory::ClientFields,
    error::{Error, Result},
    graphql::{guard::Team, new_ids::NewIds, scalar::MinorUnits},
    id::ClientId,
    store::{
        page::{TextCursor, TextPageRequest},
        team::{ClientBalanceRow, ClientRow, ClientShelf, ListedClient, Stale},
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

/// A client in a list.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "SEES_CLIENTS", visible = "sees_clients")]
pub(super) struct TeamClientSummary {
    /// Id.
    id: String,
    /// Name.
    name: String,
    /// ISO 4217 code of the client's own currency.
    currency: String,
    /// Number of contacts.
    contact_count: i32,
    /// Number of contacts that the portal lets in.
    portal_contact_count: i32,
    /// What it owes, one entry for each currency in which an invoice is open.
    balances: Vec<TeamClientBalance>,
}

/// One page of a list of clients.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "SEES_CLIENTS", visible = "sees_clients")]
pub(super) struct TeamClientPage {
    /// The clients in order.
    nodes: Vec<TeamClientSummary>,
    /// Where the page lies.
    page_info: TeamPageInfo,
}

/// A client.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "SEES_CLIENTS", visible = "sees_clients")]
pub(super) struct TeamClient {
    /// Id.
    id: String,
    /// Name.
    name: String,
    /// ISO 4217 code of the client's own currency.
    currency: String,
    /// BCP 47 tag; null where dates and money are written as the org writes them.
    locale: Option<String>,
    /// Lines of the billing address.
    address: String,
    /// Tax id; may be empty.
    tax_id: String,
    /// Counts changes: to be given back with a change, so that a stale one is noticed.
    version: i32,
    /// Since when it is put away; null where it is not.
    archived_at: Option<DateTime<Utc>>,
    /// What it owes, one entry for each currency in which an invoice is open.
    balances: Vec<TeamClientBalance>,
    /// The people there, in the order in which they were added.
    contacts: Vec<TeamContact>,
}

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
#[graphql(guard = "TeamOnly", visible = "visible_to_team")]
pub(in crate::graphql) struct TeamSaved {
    /// The id of what was saved; null where nothing was.
    id: Option<String>,
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

impl TeamSaved {
    pub(super) fn saved(id: impl ToString) -> Self {
        Self { id: Some(id.to_string()), problems: vec![] }
    }

    pub(super) fn refused(problems: Vec<FieldProblem>) -> Self {
        Self { id: None, problems: TeamFieldProblem::all(problems) }
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
) -> Result<TeamClientPage> {
    if search.chars().count() > LONGEST_SEARCH {
        return Err(Error::Invalid { field: "search" });
    }
    let shelf = match shelf {
        TeamClientShelf::Active => ClientShelf::Active,
        TeamClientShelf::Archived => ClientShelf::Archived,
    };
    let page = team.scope.clients(shelf, search, team.today, request).await?;
    let cursor = |client: &ListedClient| {
        TextCursor { text: client.row.search_text.clone(), id: client.row.id.uuid() }.to_text()
    };
    let page_info = TeamPageInfo::new(&page, cursor);
    Ok(TeamClientPage { nodes: page.rows.into_iter().map(TeamClientSummary::from).collect(), page_info })
}

pub(super) async fn by_id(team: &Team<'_>, id: &str) -> Result<Option<TeamClient>> {
    // An id that is none is not found, as any other that is not there (rule I5).
    let Ok(id) = id.parse::<ClientId>() else { return Ok(None) };
    let Some(row) = team.scope.client(id).await? else { return Ok(None) };
    let contacts = team.scope.contacts(id).await?;
    let balances = team.scope.client_balances(id, team.today).await?;
    let ClientRow { id, name, currency, locale, address, tax_id, version, archived_at, org_id: _ } = row;
    Ok(Some(TeamClient {
        id: id.to_string(),
        name,
        currency,
        locale,
        address,
        tax_id,
        version: i32::try_from(version).unwrap_or(i32::MAX),
        archived_at,
        balances: balances.into_iter().map(TeamClientBalance::from).collect(),
        contacts: contacts.into_iter().map(TeamContact::from).collect(),
    }))
}

pub(super) async fn save(
    team: &Team<'_>,
    id: Option<&str>,
    version: Option<i32>,
    input: &TeamClientInput,
    new: &NewIds,
) -> Result<TeamSaved> {
    let fields = ClientFields {
        name: &input.name,
        currency: &input.currency,
        locale: input.locale.as_deref().unwrap_or_default(),
        address: &input.address,
        tax_id: &input.tax_id,
    };
    let draft = match fields.check() {
        Ok(draft) => draft,
        Err(problems) => return Ok(TeamSaved::refused(problems)),
    };
    let Some(id) = id else {
        let id = ClientId::from_uuid(new.id(team.now));
        team.scope.add_client(id, &draft, team.origin).await?;
        return Ok(TeamSaved::saved(id));
    };
    let id: ClientId = id.parse().map_err(|_| Error::NotFound)?;
    let version = version.ok_or(Error::Invalid { field: "version" })?;
    match team.scope.change_client(id, version.into(), &draft, team.origin).await? {
        Ok(()) => Ok(TeamSaved::saved(id)),
        Err(stale) => TeamSaved::stale(stale),
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

impl From<ListedClient> for TeamClientSummary {
    fn from(client: ListedClient) -> Self {
        let count = |count: i64| i32::try_from(count).unwrap_or(i32::MAX);
        let ListedClient { row, balances } = client;
        Self {
            id: row.id.to_string(),
            name: row.name,
            currency: row.currency,
            contact_count: count(row.contact_count),
            portal_contact_count: count(row.portal_count),
            balances: balances
                .into_iter()
                .map(|(currency, outstanding, open, overdue)| TeamClientBalance {
                    currency,
                    outstanding_minor: MinorUnits(outstanding),
                    open_count: count(open),
                    overdue_minor: MinorUnits(overdue),
                })
                .collect(),
        }
    }
}
