//! The org's log as the team reads it (rules A1, A2).

use async_graphql::{Enum, ID, InputObject, SimpleObject};
use chrono::{DateTime, Utc};

use super::{SEES_ACTIVITY, sees_activity};
use crate::{
    clock::day_begins,
    error::Result,
    graphql::{guard::Team, page::connection, scalar::Date},
    id::{ActivityId, ClientId, MemberId},
    store::{
        ActivityKind,
        page::{Cursor, FIRST_DAY, LAST_DAY, Page, PageRequest},
        team::{ActivityFilter, ActivityPerson, ActivityRow, ActivityTopic, PersonRow},
    },
    webhook::whereabouts,
};

/// Who did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(visible = "sees_activity")]
pub(super) enum TeamActorKind {
    /// A person at a client, signed in or on the way.
    Contact,
    /// A person of the team.
    Member,
    /// Somebody with the link to one invoice.
    Guest,
    /// Nobody: the operator, or time.
    System,
}

/// What a row of the log is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(visible = "sees_activity")]
pub(super) enum TeamActivityTopic {
    /// Who came and went.
    SignIns,
    /// What happened to invoices, and who opened them.
    Invoices,
    /// Money that came and went back.
    Payments,
    /// Clients and their contacts.
    Clients,
    /// The org's settings and its team.
    Settings,
    /// What was refused, and alerts.
    Security,
}

/// Which rows of the log are wanted; what is left out filters nothing.
#[derive(Debug, Default, InputObject)]
#[graphql(visible = "sees_activity")]
pub(super) struct TeamActivityFilter {
    /// About this client.
    client_id: Option<ID>,
    /// By this member.
    member_id: Option<ID>,
    /// By this contact, or about them. Not together with `memberId`.
    contact_id: Option<ID>,
    /// About this.
    topic: Option<TeamActivityTopic>,
    /// On this day of the org's calendar or later.
    from: Option<Date>,
    /// On this day of the org's calendar or before.
    to: Option<Date>,
}

/// A row of the log.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "SEES_ACTIVITY", visible = "sees_activity")]
pub(super) struct TeamActivity {
    #[graphql(skip)]
    key: ActivityId,
    /// Id: a UUID. Ids are in the order of time.
    id: ID,
    /// When.
    at: DateTime<Utc>,
    /// What happened, such as `invoice.sent`. New kinds are added as the software learns them.
    kind: String,
    /// Who did it.
    actor_kind: TeamActorKind,
    /// Their name, as it was then; may be empty.
    actor_name: String,
    /// Whether it was the member who asks.
    by_viewer: bool,
    /// The member who did it; null where it was none.
    member_id: Option<ID>,
    /// The client it is about.
    client_id: Option<ID>,
    /// That client's name today.
    client_name: Option<String>,
    /// The contact who did it, or whom it is about.
    contact_id: Option<ID>,
    /// That contact's name today.
    contact_name: Option<String>,
    /// The invoice it is about.
    invoice_id: Option<ID>,
    /// That invoice's number; null in a draft.
    invoice_number: Option<String>,
    /// A word more, such as the new plan; may be empty.
    detail: String,
    /// The browser in a few words; may be empty.
    browser: String,
    /// The network address without its last part; may be empty.
    ip_short: String,
}

connection!(
    TeamActivityConnection,
    TeamActivityEdge,
    TeamActivity,
    "rows of the log",
    "SEES_ACTIVITY",
    "sees_activity"
);

/// Somebody whom the log can be filtered by.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "SEES_ACTIVITY", visible = "sees_activity")]
pub(super) struct TeamPerson {
    /// Id of the member or of the contact.
    id: ID,
    /// Name.
    name: String,
    /// A contact of the client that was asked about, or else a member of the team.
    is_contact: bool,
}

pub(super) async fn list(
    team: &Team<'_>,
    filter: TeamActivityFilter,
    request: &PageRequest,
) -> Result<TeamActivityConnection> {
    let page = match read(team, &filter) {
        Some(filter) => team.scope.activity(&filter, request).await?,
        // An id that is none is not found, as any other that is not there (rule I5).
        None => Page { rows: vec![], has_previous: false, has_next: false },
    };
    let neighbours = (page.has_previous, page.has_next);
    Ok(TeamActivityConnection::new(neighbours, rows(team, page.rows), |row| {
        Cursor { day: FIRST_DAY, id: row.key.uuid() }.to_text()
    }))
}

pub(super) fn rows(team: &Team<'_>, rows: Vec<ActivityRow>) -> Vec<TeamActivity> {
    let viewer = team.visit.actor.member_id();
    rows.into_iter().map(|row| TeamActivity::new(row, viewer)).collect()
}

pub(super) async fn people(team: &Team<'_>, client: Option<&ID>) -> Result<Vec<TeamPerson>> {
    let client = client.and_then(|id| id.parse::<ClientId>().ok());
    let people = team.scope.people(client).await?;
    Ok(people
        .into_iter()
        .map(|PersonRow { id, name, is_contact, .. }| TeamPerson {
            id: id.to_string().into(),
            name,
            is_contact,
        })
        .collect())
}

/// Days in the org's time zone as moments; `None` where an id is none.
fn read(team: &Team<'_>, filter: &TeamActivityFilter) -> Option<ActivityFilter> {
    let zone = team.visit.time_zone;
    let client = filter.client_id.as_ref().map(|id| id.parse()).transpose().ok()?;
    let member = filter.member_id.as_ref().map(|id| id.parse()).transpose().ok()?;
    let contact = filter.contact_id.as_ref().map(|id| id.parse()).transpose().ok()?;
    let person = member.map(ActivityPerson::Member).or(contact.map(ActivityPerson::Contact));
    let day = |day: chrono::NaiveDate| day_begins(day.clamp(FIRST_DAY, LAST_DAY), zone);
    Some(ActivityFilter {
        client,
        person,
        topic: filter.topic.map(Into::into),
        since: filter.from.map(|from| day(from.0)),
        until: filter.to.map(|to| day(to.0.succ_opt().unwrap_or(to.0))),
    })
}

impl TeamActivity {
    fn new(row: ActivityRow, viewer: MemberId) -> Self {
        let actor_kind = match row.actor_kind.as_str() {
            "contact" => TeamActorKind::Contact,
            "member" => TeamActorKind::Member,
            "guest" => TeamActorKind::Guest,
            _ => TeamActorKind::System,
        };
        // Rows that an earlier version wrote have a webhook's whole address, and a log is not rewritten.
        let detail = if is_of_webhook(&row.kind) { whereabouts(&row.detail) } else { row.detail };
        Self {
            key: row.id,
            id: row.id.to_string().into(),
            at: row.at,
            kind: row.kind,
            actor_kind,
            actor_name: row.actor_name,
            by_viewer: actor_kind == TeamActorKind::Member && row.member_id == Some(viewer),
            member_id: row.member_id.map(|id| id.to_string().into()),
            client_id: row.client_id.map(|id| id.to_string().into()),
            client_name: row.client_name,
            contact_id: row.contact_id.map(|id| id.to_string().into()),
            contact_name: row.contact_name,
            invoice_id: row.invoice_id.map(|id| id.to_string().into()),
            invoice_number: row.invoice_number,
            detail,
            browser: row.browser,
            ip_short: row.ip_short,
        }
    }
}

fn is_of_webhook(kind: &str) -> bool {
    use ActivityKind::{WebhookAdded, WebhookChanged, WebhookDisabled, WebhookEnabled, WebhookRemoved};
    let all = [WebhookAdded, WebhookChanged, WebhookDisabled, WebhookEnabled, WebhookRemoved];
    ActivityKind::parse(kind).is_some_and(|kind| all.contains(&kind))
}

impl From<TeamActivityTopic> for ActivityTopic {
    fn from(topic: TeamActivityTopic) -> Self {
        match topic {
            TeamActivityTopic::SignIns => Self::SignIns,
            TeamActivityTopic::Invoices => Self::Invoices,
            TeamActivityTopic::Payments => Self::Payments,
            TeamActivityTopic::Clients => Self::Clients,
            TeamActivityTopic::Settings => Self::Settings,
            TeamActivityTopic::Security => Self::Security,
        }
    }
}
