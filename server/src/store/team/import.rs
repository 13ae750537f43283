//! What an import reads and writes: a few statements, however many rows there are.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};

use super::{ClientDraft, ContactDraft, TeamScope, billing::TeamTx, org_rows, team_rows};
use crate::{
    error::Result,
    id::{ActivityId, ClientId, ContactId, MemberId, OrgId},
    store::{
        ActivityKind, Origin,
        bulk::{Row as _, bulk_rows},
        client_text::client_search_text,
        db::{execute, fetch_all, fetch_one},
    },
};

/// A client that the org has already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownClient {
    /// Id.
    pub id: ClientId,
    /// Name.
    pub name: String,
    /// It is put away.
    pub is_archived: bool,
    /// Those of its contacts, in the form under which they are compared.
    pub addresses: HashSet<String>,
}

org_rows! {
    /// The name of a client.
    KnownNameRow {
        /// Id.
        id: ClientId,
        /// Name.
        name: String,
        /// It is put away.
        is_archived: bool,
    }

    /// The address of a contact.
    KnownAddressRow {
        /// The client.
        client_id: ClientId,
        /// In the form under which addresses are compared.
        email_norm: String,
    }
}

bulk_rows! {
    /// A client.
    "clients" NewClient {
        org_id: OrgId,
        id: ClientId,
        name: String,
        currency: String,
        locale: Option<String>,
        address: String,
        tax_id: String,
        search_text: String,
        created_at: DateTime<Utc>,
    }

    /// A contact.
    "contacts" NewContact {
        org_id: OrgId,
        client_id: ClientId,
        id: ContactId,
        name: String,
        email: String,
        email_norm: String,
        portal_access: bool,
        created_at: DateTime<Utc>,
    }

    /// A row of the log about what a member did.
    "activity" NewActivity {
        org_id: OrgId,
        id: ActivityId,
        at: DateTime<Utc>,
        kind: &'static str,
        actor_kind: &'static str,
        actor_name: String,
        client_visible: bool,
        client_id: Option<ClientId>,
        contact_id: Option<ContactId>,
        member_id: MemberId,
        detail: String,
        browser: String,
        ip_short: String,
    }
}

/// All of them: which names are the same whatever their case is known here and not to the databases, and
/// either would have to be asked for each name.
const NAMES: &str =
    "SELECT org_id, id, name, archived_at IS NOT NULL AS is_archived FROM clients WHERE org_id = $1";
const ADDRESSES: &str =
    "SELECT org_id, client_id, email_norm FROM contacts WHERE org_id = $1 AND archived_at IS NULL";
/// Changes nothing. Whoever has run it holds the org's row until the transaction ends.
const HOLD: &str = "UPDATE orgs SET plan = plan WHERE id = $1";
const WHO: &str =
    "SELECT p.name FROM members m JOIN persons p ON p.id = m.person_id WHERE m.org_id = $1 AND m.id = $2";

impl TeamScope<'_> {
    /// All clients of the org, by what an import knows them.
    pub async fn known_clients(&self) -> Result<Vec<KnownClient>> {
        let names: Result<Vec<KnownNameRow>> = team_rows!(self, KnownNameRow, NAMES);
        let addresses: Result<Vec<KnownAddressRow>> = team_rows!(self, KnownAddressRow, ADDRESSES);
        Ok(known(names?, addresses?))
    }
}

impl TeamTx {
    /// Makes the imports of an org follow one another.
    pub(crate) async fn hold_org(&mut self) -> Result<()> {
        let org = self.org();
        execute!(self.conn, HOLD, org)?;
        Ok(())
    }

    /// The same as [`TeamScope::known_clients`], within this transaction.
    pub(crate) async fn known_clients(&mut self) -> Result<Vec<KnownClient>> {
        let org = self.org();
        let names = fetch_all!(self.conn, KnownNameRow, NAMES, org)?;
        Ok(known(names, fetch_all!(self.conn, KnownAddressRow, ADDRESSES, org)?))
    }

    /// Writes clients with their contacts, contacts of clients that are there, and the log: for each of them
    /// what it would say had it been added by hand, and one row about all of it. `false`: somebody has added
    /// one of the contacts meanwhile, and the transaction is to be left.
    pub(crate) async fn add_imported(
        &mut self,
        clients: &[(ClientDraft, Vec<ContactDraft>)],
        contacts: &[(ClientId, ContactDraft)],
        origin: &Origin,
    ) -> Result<bool> {
        let mut batch = Batch::new(self.org(), self.clock.now());
        for (client, contacts) in clients {
            let id = batch.add_client(client);
            for contact in contacts {
                batch.add_contact(id, contact);
            }
        }
        for (client, contact) in contacts {
            batch.add_contact(*client, contact);
        }
        NewClient::insert(&mut self.conn, &batch.clients, "").await?;
        let added = NewContact::insert(&mut self.conn, &batch.contacts, " ON CONFLICT DO NOTHING").await?;
        if added < batch.contacts.len() as u64 {
            return Ok(false);
        }
        let log = self.log_of(batch, origin).await?;
        NewActivity::insert(&mut self.conn, &log, "").await?;
        Ok(true)
    }

    async fn log_of(&mut self, batch: Batch, origin: &Origin) -> Result<Vec<NewActivity>> {
        let (org_id, member_id) = (self.org(), self.actor.member_id());
        let (actor_name,): (String,) = fetch_one!(self.conn, (String,), WHO, org_id, member_id)?;
        let summary = (ActivityKind::ClientsImported, None, None, batch.in_words());
        let events = batch
            .events
            .into_iter()
            .map(|(kind, client, contact)| (kind, Some(client), contact, String::new()));
        let row = |(kind, client_id, contact_id, detail): (ActivityKind, _, _, _)| NewActivity {
            org_id,
            id: ActivityId::new(batch.now),
            at: batch.now,
            kind: kind.as_str(),
            actor_kind: "member",
            actor_name: actor_name.clone(),
            client_visible: kind.is_client_visible(),
            client_id,
            contact_id,
            member_id,
            detail,
            browser: origin.browser.clone(),
            ip_short: origin.ip_short.clone(),
        };
        // What sums it up comes last, and so stands first where the log is read.
        Ok(events.chain(std::iter::once(summary)).map(row).collect())
    }
}

fn known(names: Vec<KnownNameRow>, addresses: Vec<KnownAddressRow>) -> Vec<KnownClient> {
    let mut by_client: HashMap<ClientId, HashSet<String>> = HashMap::new();
    for KnownAddressRow { client_id, email_norm, .. } in addresses {
        by_client.entry(client_id).or_default().insert(email_norm);
    }
    let client = |KnownNameRow { id, name, is_archived, .. }| KnownClient {
        id,
        name,
        is_archived,
        addresses: by_client.remove(&id).unwrap_or_default(),
    };
    names.into_iter().map(client).collect()
}

/// What is to be written.
struct Batch {
    org_id: OrgId,
    now: DateTime<Utc>,
    clients: Vec<NewClient>,
    contacts: Vec<NewContact>,
    events: Vec<(ActivityKind, ClientId, Option<ContactId>)>,
}

impl Batch {
    const fn new(org_id: OrgId, now: DateTime<Utc>) -> Self {
        Self { org_id, now, clients: vec![], contacts: vec![], events: vec![] }
    }

    fn add_client(&mut self, draft: &ClientDraft) -> ClientId {
        let id = ClientId::new(self.now);
        self.clients.push(NewClient {
            org_id: self.org_id,
            id,
            name: draft.name.clone(),
            currency: draft.currency.clone(),
            locale: draft.locale.clone(),
            address: draft.address.clone(),
            tax_id: draft.tax_id.clone(),
            search_text: client_search_text(&draft.name, &draft.tax_id),
            created_at: self.now,
        });
        self.events.push((ActivityKind::ClientAdded, id, None));
        id
    }

    fn add_contact(&mut self, client_id: ClientId, draft: &ContactDraft) {
        let id = ContactId::new(self.now);
        self.contacts.push(NewContact {
            org_id: self.org_id,
            client_id,
            id,
            name: draft.name.clone(),
            email: draft.email.clone(),
            email_norm: draft.email_norm.clone(),
            portal_access: draft.portal_access,
            created_at: self.now,
        });
        self.events.push((ActivityKind::ContactAdded, client_id, Some(id)));
        if draft.portal_access {
            self.events.push((ActivityKind::PortalAccessOn, client_id, Some(id)));
        }
    }

    fn in_words(&self) -> String {
        let count = |count: usize, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
        format!("{}, {}", count(self.clients.len(), "client"), count(self.contacts.len(), "contact"))
    }
}
