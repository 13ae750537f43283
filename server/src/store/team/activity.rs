//! The org's whole log, newest first, a page at a time: each filter and each combination of them by an index
//! of its own. Days are bounds of an id, for ids are in the order of time.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{TeamScope, org_rows, team_rows};
use crate::{
    error::Result,
    id::{ActivityId, ClientId, ContactId, InvoiceId, MemberId},
    random::uuid_bound,
    store::page::{Cursor, Page, PageRequest},
};

org_rows! {
    /// A row of the log. Names of clients, contacts and invoices are those of today.
    ActivityRow {
        /// Id.
        id: ActivityId,
        /// When.
        at: DateTime<Utc>,
        /// What, as [`crate::store::ActivityKind`] names it.
        kind: String,
        /// `contact`, `member`, `guest` or `system`.
        actor_kind: String,
        /// Who, as they were called then.
        actor_name: String,
        /// The member who did it.
        member_id: Option<MemberId>,
        /// The client it is about.
        client_id: Option<ClientId>,
        /// Its name.
        client_name: Option<String>,
        /// The contact who did it, or whom it is about.
        contact_id: Option<ContactId>,
        /// Their name.
        contact_name: Option<String>,
        /// The invoice it is about.
        invoice_id: Option<InvoiceId>,
        /// Its number; none in a draft.
        invoice_number: Option<String>,
        /// A word more.
        detail: String,
        /// The browser in a few words.
        browser: String,
        /// The network address, shortened.
        ip_short: String,
    }

    /// Somebody whom the log can be filtered by.
    PersonRow {
        /// Id of the member or of the contact.
        id: Uuid,
        /// Name.
        name: String,
        /// A contact of the client that was asked about, or a member.
        is_contact: bool,
    }
}

/// Who did something, or whom it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActivityPerson {
    /// A member of the team.
    Member(MemberId),
    /// A contact of a client.
    Contact(ContactId),
}

/// What a row is about, as its kind tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActivityTopic {
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

impl ActivityTopic {
    /// The word in the column `topic`, which the database derives from the kind.
    const fn as_str(self) -> &'static str {
        match self {
            Self::SignIns => "sign_ins",
            Self::Invoices => "invoices",
            Self::Payments => "payments",
            Self::Clients => "clients",
            Self::Settings => "settings",
            Self::Security => "security",
        }
    }
}

/// Which rows of the log are wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ActivityFilter {
    /// About this client.
    pub client: Option<ClientId>,
    /// By this person, or about them.
    pub person: Option<ActivityPerson>,
    /// About this.
    pub topic: Option<ActivityTopic>,
    /// At this time or later.
    pub since: Option<DateTime<Utc>>,
    /// Before this time.
    pub until: Option<DateTime<Utc>>,
}

/// Names are looked up for the rows of the page alone: a join would let the planner read whole tables first.
macro_rules! named {
    ($($from:tt)*) => {
        concat!(
            "SELECT a.org_id, a.id, a.at, a.kind, a.actor_kind, a.actor_name, a.member_id, a.client_id, \
            (SELECT c.name FROM clients c WHERE c.org_id = a.org_id AND c.id = a.client_id) AS client_name, \
            a.contact_id, (SELECT t.name FROM contacts t WHERE t.org_id = a.org_id AND t.client_id = a.client_id \
                AND t.id = a.contact_id) AS contact_name, \
            a.invoice_id, (SELECT i.number FROM invoices i WHERE i.org_id = a.org_id AND i.client_id = a.client_id \
                AND i.id = a.invoice_id) AS invoice_number, a.detail, a.browser, a.ip_short FROM ",
            $($from)*
        )
    };
}

macro_rules! log {
    ($($rest:tt)*) => {
        named!("activity a WHERE a.org_id = $1 AND a.id > $2 AND a.id < $3", $($rest)*)
    };
}

/// `$2`, `$3`: the ids between which the page lies. `$4`: limit. What is filtered by stands after.
macro_rules! both_ways {
    ($($where:tt)*) => {
        [log!($($where)*, " ORDER BY a.id DESC LIMIT $4"), log!($($where)*, " ORDER BY a.id LIMIT $4")]
    };
}

/// Forward and backward, for each combination of what can be filtered by.
const ALL: [&str; 2] = both_ways!("");
const CLIENT: [&str; 2] = both_ways!(" AND a.client_id = $5");
const MEMBER: [&str; 2] = both_ways!(" AND a.member_id = $5");
const CONTACT: [&str; 2] = both_ways!(" AND a.contact_id = $5");
const CLIENT_MEMBER: [&str; 2] = both_ways!(" AND a.client_id = $5 AND a.member_id = $6");
const CLIENT_CONTACT: [&str; 2] = both_ways!(" AND a.client_id = $5 AND a.contact_id = $6");
const TOPIC: [&str; 2] = both_ways!(" AND a.topic = $5");
const CLIENT_TOPIC: [&str; 2] = both_ways!(" AND a.client_id = $5 AND a.topic = $6");
const MEMBER_TOPIC: [&str; 2] = both_ways!(" AND a.member_id = $5 AND a.topic = $6");
const CONTACT_TOPIC: [&str; 2] = both_ways!(" AND a.contact_id = $5 AND a.topic = $6");
const CLIENT_MEMBER_TOPIC: [&str; 2] =
    both_ways!(" AND a.client_id = $5 AND a.member_id = $6 AND a.topic = $7");
const CLIENT_CONTACT_TOPIC: [&str; 2] =
    both_ways!(" AND a.client_id = $5 AND a.contact_id = $6 AND a.topic = $7");

/// Somebody has opened an invoice, signed in or by its link: of the last `$2` times, each person and invoice once,
/// and of those the newest `$3`.
const VIEWS: &str = named!(
    "(SELECT * FROM (SELECT v.*, ROW_NUMBER() OVER \
        (PARTITION BY v.invoice_id, v.contact_id, v.actor_name ORDER BY v.id DESC) AS nth \
        FROM (SELECT * FROM activity a WHERE a.org_id = $1 \
            AND a.kind IN ('portal.invoice_viewed', 'invoice.viewed_by_link', 'share.viewed') \
            ORDER BY a.id DESC LIMIT $2) v) d WHERE d.nth = 1 ORDER BY d.id DESC LIMIT $3) a ORDER BY a.id DESC"
);

/// `$2`: the client whose contacts are listed. Those who have left or were removed are in the log as well.
const PEOPLE: &str = "SELECT m.org_id, m.id, p.name, FALSE AS is_contact FROM members m JOIN persons p ON p.id = m.person_id \
    WHERE m.org_id = $1 UNION ALL SELECT t.org_id, t.id, t.name, TRUE AS is_contact FROM contacts t \
    WHERE t.org_id = $1 AND t.client_id = $2 LIMIT 500";

impl ActivityFilter {
    fn statements(&self) -> [&'static str; 2] {
        use ActivityPerson::{Contact, Member};
        match (self.client, self.person, self.topic) {
            (None, None, None) => ALL,
            (Some(_), None, None) => CLIENT,
            (None, Some(Member(_)), None) => MEMBER,
            (None, Some(Contact(_)), None) => CONTACT,
            (Some(_), Some(Member(_)), None) => CLIENT_MEMBER,
            (Some(_), Some(Contact(_)), None) => CLIENT_CONTACT,
            (None, None, Some(_)) => TOPIC,
            (Some(_), None, Some(_)) => CLIENT_TOPIC,
            (None, Some(Member(_)), Some(_)) => MEMBER_TOPIC,
            (None, Some(Contact(_)), Some(_)) => CONTACT_TOPIC,
            (Some(_), Some(Member(_)), Some(_)) => CLIENT_MEMBER_TOPIC,
            (Some(_), Some(Contact(_)), Some(_)) => CLIENT_CONTACT_TOPIC,
        }
    }

    /// The ids that are bound, in the order in which the statement has them.
    fn ids(&self) -> [Option<Uuid>; 2] {
        let person = self.person.map(|person| match person {
            ActivityPerson::Member(id) => id.uuid(),
            ActivityPerson::Contact(id) => id.uuid(),
        });
        match self.client {
            Some(client) => [Some(client.uuid()), person],
            None => [person, None],
        }
    }
}

impl TeamScope<'_> {
    /// One page of the log, newest first.
    pub async fn activity(&self, filter: &ActivityFilter, page: &PageRequest) -> Result<Page<ActivityRow>> {
        let Cursor { id, .. } = page.from(Cursor::DESCENDING);
        let [forward, backward] = filter.statements();
        let since = filter.since.map_or(Uuid::nil(), uuid_bound);
        let until = filter.until.map_or(Uuid::max(), uuid_bound);
        let (sql, from, to) = if page.is_backward() {
            (backward, since.max(id), until)
        } else {
            (forward, since, until.min(id))
        };
        let limit = page.limit();
        let topic = filter.topic.map(ActivityTopic::as_str);
        let rows = match (filter.ids(), topic) {
            ([Some(a), Some(b)], Some(topic)) => {
                team_rows!(self, ActivityRow, sql, from, to, limit, a, b, topic)
            }
            ([Some(a), Some(b)], None) => team_rows!(self, ActivityRow, sql, from, to, limit, a, b),
            ([Some(a), None], Some(topic)) => team_rows!(self, ActivityRow, sql, from, to, limit, a, topic),
            ([Some(a), None], None) => team_rows!(self, ActivityRow, sql, from, to, limit, a),
            ([None, _], Some(topic)) => team_rows!(self, ActivityRow, sql, from, to, limit, topic),
            ([None, _], None) => team_rows!(self, ActivityRow, sql, from, to, limit),
        };
        rows.map(|rows| page.page(rows))
    }

    /// Who has last opened an invoice: each person and invoice once, at most `count` of them among the last
    /// `looked_at` times.
    pub async fn last_views(&self, count: i64, looked_at: i64) -> Result<Vec<ActivityRow>> {
        team_rows!(self, ActivityRow, VIEWS, looked_at, count)
    }

    /// Whom the log can be filtered by: the members, and the contacts of a client.
    pub async fn people(&self, client: Option<ClientId>) -> Result<Vec<PersonRow>> {
        let rows: Result<Vec<PersonRow>> = team_rows!(self, PersonRow, PEOPLE, client);
        let mut people = rows?;
        people.sort_by_cached_key(|person| (person.is_contact, person.name.to_lowercase()));
        Ok(people)
    }
}

#[cfg(feature = "testing")]
pub(super) fn planned_statements() -> Vec<(String, &'static str)> {
    let log = [
        ("all", ALL),
        ("client", CLIENT),
        ("member", MEMBER),
        ("contact", CONTACT),
        ("client member", CLIENT_MEMBER),
        ("client contact", CLIENT_CONTACT),
        ("topic", TOPIC),
        ("client topic", CLIENT_TOPIC),
        ("member topic", MEMBER_TOPIC),
        ("contact topic", CONTACT_TOPIC),
        ("client member topic", CLIENT_MEMBER_TOPIC),
        ("client contact topic", CLIENT_CONTACT_TOPIC),
    ];
    log.into_iter()
        .flat_map(|(filter, ways)| {
            ["forward", "backward"]
                .into_iter()
                .zip(ways)
                .map(move |(way, sql)| (format!("activity {filter} {way}"), sql))
        })
        .chain([("activity views".to_owned(), VIEWS), ("activity people".to_owned(), PEOPLE)])
        .collect()
}
