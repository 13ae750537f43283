//! The org's log, and whom it can be filtered by.

use async_graphql_value::{ConstValue, Name};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::{object, team};
use crate::{
    api::{
        Document, Executor,
        portal::{Page, PageArgs, page_variables_of},
    },
    error::AppError,
};

/// Who did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ActorKind {
    /// A person at a client.
    Contact,
    /// A person of the team.
    Member,
    /// Somebody with the link to one invoice.
    Guest,
    /// Nobody: the operator, or time.
    System,
}

/// A row of the log.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Activity {
    /// When.
    pub at: DateTime<Utc>,
    /// What happened, such as `invoice.sent`.
    pub kind: String,
    /// Who did it.
    pub actor_kind: ActorKind,
    /// Their name; may be empty.
    pub actor_name: String,
    /// It was the member who asks.
    pub by_viewer: bool,
    /// The client it is about.
    pub client_id: Option<String>,
    /// That client's name.
    pub client_name: Option<String>,
    /// The contact who did it, or whom it is about.
    pub contact_id: Option<String>,
    /// That contact's name.
    pub contact_name: Option<String>,
    /// The invoice it is about.
    pub invoice_id: Option<String>,
    /// That invoice's number; none in a draft.
    pub invoice_number: Option<String>,
    /// A word more.
    pub detail: String,
    /// The browser in a few words.
    pub browser: String,
    /// The network address, shortened.
    pub ip_short: String,
}

/// Somebody whom the log can be filtered by.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Person {
    /// Id of the member or of the contact.
    pub id: String,
    /// Name.
    pub name: String,
    /// A contact, or else a member.
    pub is_contact: bool,
}

/// What rows are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
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

impl Topic {
    /// All of them, with the word in the address and what people read.
    pub const ALL: [(Self, &'static str, &'static str); 6] = [
        (Self::Invoices, "invoices", "Invoices"),
        (Self::Payments, "payments", "Payments"),
        (Self::Clients, "clients", "Clients and contacts"),
        (Self::SignIns, "sign-ins", "Sign-ins"),
        (Self::Settings, "settings", "Settings and team"),
        (Self::Security, "security", "Security"),
    ];

    /// The word in the address.
    #[must_use]
    pub fn as_query(self) -> &'static str {
        Self::ALL.into_iter().find(|(topic, ..)| *topic == self).map_or("", |(_, word, _)| word)
    }

    /// Reads the word; what is not known is none.
    #[must_use]
    pub fn from_query(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known, _)| *known == word).map(|(topic, ..)| topic)
    }
}

/// By whom something was done, or about whom it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PersonFilter {
    /// A member of the team.
    Member(String),
    /// A contact of a client.
    Contact(String),
}

impl PersonFilter {
    /// The text in the address.
    #[must_use]
    pub fn to_query(&self) -> String {
        match self {
            Self::Member(id) => format!("member.{id}"),
            Self::Contact(id) => format!("contact.{id}"),
        }
    }

    /// Reads the text; what is not known is none.
    #[must_use]
    pub fn from_query(text: &str) -> Option<Self> {
        let (kind, id) = text.split_once('.')?;
        match kind {
            "member" => Some(Self::Member(id.to_owned())),
            "contact" => Some(Self::Contact(id.to_owned())),
            _ => None,
        }
    }
}

/// Which rows of the log are shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ActivityFilter {
    /// About what.
    pub topic: Option<Topic>,
    /// By or about whom.
    pub person: Option<PersonFilter>,
    /// About which client, by id.
    pub client: Option<String>,
    /// From this day on.
    pub from: Option<NaiveDate>,
    /// Until this day, which is included.
    pub to: Option<NaiveDate>,
}

impl ActivityFilter {
    /// Nothing is filtered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What stands in the address, in the order in which it stands there.
    #[must_use]
    pub fn to_query(&self) -> Vec<(&'static str, String)> {
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string());
        [
            ("topic", self.topic.map(|topic| topic.as_query().to_owned())),
            ("person", self.person.as_ref().map(PersonFilter::to_query)),
            ("client", self.client.clone()),
            ("from", day(self.from)),
            ("to", day(self.to)),
        ]
        .into_iter()
        .filter_map(|(key, value)| Some((key, value?)))
        .collect()
    }

    fn to_value(&self) -> ConstValue {
        let or_null = |text: Option<&str>| text.map_or(ConstValue::Null, Into::into);
        let (member, contact) = match &self.person {
            Some(PersonFilter::Member(id)) => (Some(id.as_str()), None),
            Some(PersonFilter::Contact(id)) => (None, Some(id.as_str())),
            None => (None, None),
        };
        let topic = self.topic.map_or(ConstValue::Null, |topic| {
            ConstValue::Enum(Name::new(topic.as_query().replace('-', "_").to_ascii_uppercase()))
        });
        let day = |day: Option<NaiveDate>| day.map_or(ConstValue::Null, |day| day.to_string().into());
        object([
            ("clientId", or_null(self.client.as_deref())),
            ("memberId", or_null(member)),
            ("contactId", or_null(contact)),
            ("topic", topic),
            ("from", day(self.from)),
            ("to", day(self.to)),
        ])
    }
}

/// The log with what its filters offer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ActivityLog {
    /// One page of it.
    pub activity: Page<Activity>,
    /// Members, and contacts of the client that is filtered by.
    pub people: Vec<Person>,
    /// The client that is filtered by.
    pub client: Option<ClientName>,
}

/// What a client is called.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ClientName {
    /// Its name.
    pub name: String,
}

pub(super) const ACTIVITY: Document = Document {
    name: "TeamActivity",
    source: "query TeamActivity($filter: TeamActivityFilter, $client: ID!, $first: Int, $after: String, $last: Int, $before: String) { team {
        activity(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
            nodes { at kind actorKind actorName byViewer clientId clientName contactId contactName
                invoiceId invoiceNumber detail browser ipShort }
            pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }
        people: activityPeople(clientId: $client) { id name isContact }
        client(id: $client) { name }
    } }",
};

pub(super) const EXPORT: Document = Document {
    name: "TeamActivityExport",
    source: "query TeamActivityExport($filter: TeamActivityFilter, $first: Int, $after: String) { team {
        activity(filter: $filter, first: $first, after: $after) {
            nodes { at kind actorKind actorName byViewer clientId clientName contactId contactName
                invoiceId invoiceNumber detail browser ipShort }
            pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }
    } }",
};

/// One page of the log, newest first, with what its filters offer.
pub async fn activity(
    executor: &dyn Executor,
    filter: &ActivityFilter,
    page: &PageArgs,
) -> Result<ActivityLog, AppError> {
    let mut variables = page_variables_of(50, page);
    variables.insert(Name::new("filter"), filter.to_value());
    variables.insert(Name::new("client"), filter.client.as_deref().unwrap_or_default().into());
    team(executor, ACTIVITY, variables).await
}

/// The next rows of the log for a file.
pub async fn activity_export(
    executor: &dyn Executor,
    filter: &ActivityFilter,
    after: Option<String>,
) -> Result<Page<Activity>, AppError> {
    #[derive(Deserialize)]
    struct Answer {
        activity: Page<Activity>,
    }
    let mut variables = page_variables_of(100, &PageArgs { after, before: None });
    variables.insert(Name::new("filter"), filter.to_value());
    team::<Answer>(executor, EXPORT, variables).await.map(|answer| answer.activity)
}
