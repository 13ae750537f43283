//! What members of a team do: an act is drawn, with the answer that the model expects and what it then changes
//! there. Now and then it aims at the other org, or at nobody, or brings a stale version.

mod directory;
mod drafts;
mod payments;
mod sent;
mod team;

use chrono::NaiveDate;
use uuid::Uuid;

use super::model::Org;
use crate::harness::Dice;

/// What is done to the model, given the id that the answer names.
type Effect = Box<dyn FnOnce(&mut Org, &str)>;

/// Something that a member does.
pub struct Act {
    /// The mutation.
    pub document: String,
    /// What the answer comes to: `done`, `nothing`, the code of an error, or what is wrong with which field.
    pub expected: String,
    /// Applied where it is done.
    pub effect: Effect,
}

/// By what an act is drawn.
pub struct Draw<'a> {
    pub dice: &'a mut Dice,
    pub own: &'a Org,
    pub other: &'a Org,
    pub role: &'static str,
    pub today: NaiveDate,
    /// Counts the ids that the caller makes: they follow one another, as some callers' do.
    pub next_id: &'a mut u128,
}

/// Draws one kind of act.
type Kind = fn(&mut Draw<'_>) -> Act;

/// How often each is drawn.
const ACTS: [(u64, Kind); 21] = [
    (5, directory::add_client),
    (4, directory::change_client),
    (3, directory::shelve_client),
    (6, directory::add_contact),
    (4, directory::change_contact),
    (7, directory::switch_access),
    (3, directory::remove_contact),
    (10, drafts::add_draft),
    (22, drafts::save_draft),
    (6, drafts::delete_draft),
    (4, drafts::duplicate),
    (20, sent::send),
    (4, sent::void),
    (7, sent::remind),
    (4, sent::replace_link),
    (3, sent::revoke_link),
    (30, payments::pay),
    (9, payments::reverse),
    (3, team::save_org),
    (4, team::set_plan),
    (4, team::set_role),
];

/// Draws an act. Most of what would be refused is drawn again, so that more happens.
pub fn draw(draw: &mut Draw<'_>) -> Act {
    loop {
        let act = any(draw);
        if act.expected == "done" || draw.dice.chance(15) {
            return act;
        }
    }
}

fn any(draw: &mut Draw<'_>) -> Act {
    let mut at = draw.dice.below(ACTS.iter().map(|(weight, _)| weight).sum());
    for (weight, act) in ACTS {
        if at < weight {
            return act(draw);
        }
        at -= weight;
    }
    unreachable!("the weights are those that were summed")
}

const SAVED: &str = "{ id problems { field code } }";

fn act(document: String, expected: impl Into<String>, effect: impl FnOnce(&mut Org, &str) + 'static) -> Act {
    Act {
        document: format!("mutation {{ {document} }}"),
        expected: expected.into(),
        effect: Box::new(effect),
    }
}

impl Draw<'_> {
    /// One's own, as a rule; or the other org's, or nobody's.
    fn id(&mut self, of: impl Fn(&Org) -> Vec<String>) -> String {
        let (own, other) = (of(self.own), of(self.other));
        match self.dice.below(100) {
            0..6 if !other.is_empty() => self.dice.pick(&other).clone(),
            6.. if !own.is_empty() => self.dice.pick(&own).clone(),
            _ => self.dice.uuid().to_string(),
        }
    }

    fn client(&mut self) -> String {
        self.id(|org| org.clients.iter().map(|client| client.id.clone()).collect())
    }

    /// A contact with its client; now and then with another one.
    fn contact(&mut self) -> (String, String) {
        let id = self.id(|org| org.contacts.iter().map(|contact| contact.id.clone()).collect());
        let mut all = self.own.contacts.iter().chain(&self.other.contacts);
        let of = all.find(|contact| contact.id == id).map(|contact| contact.client.clone());
        match of {
            Some(client) if !self.dice.chance(5) => (client, id),
            _ => (self.client(), id),
        }
    }

    /// An invoice, mostly one that stands like this.
    fn invoice(&mut self, status: &str) -> String {
        let any = self.dice.chance(15);
        self.id(|org| {
            let fitting = org.invoices.iter().filter(|invoice| any || invoice.status == status);
            fitting.map(|invoice| invoice.id.clone()).collect()
        })
    }

    /// A version that was read; now and then one that is stale.
    fn version(&mut self, current: Option<i64>) -> i64 {
        current.unwrap_or(1) + if self.dice.chance(12) { *self.dice.pick(&[-1, 1]) } else { 0 }
    }

    /// An id of the caller's making; now and then one that is there already, here or in the other org.
    fn new_id(&mut self, of: impl Fn(&Org) -> Vec<String>) -> String {
        if self.dice.chance(20) {
            return self.id(of);
        }
        *self.next_id += 1;
        Uuid::from_u128(*self.next_id).to_string()
    }

    /// Contacts of a client, most of them; now and then somebody else besides.
    fn recipients(&mut self, client: Option<&str>) -> Vec<String> {
        let there = self.own.contacts.iter().filter(|contact| !contact.removed);
        let of_client = there.filter(|contact| Some(contact.client.as_str()) == client);
        let mut chosen: Vec<String> = of_client.map(|contact| contact.id.clone()).collect();
        chosen.retain(|_| self.dice.chance(70));
        if self.dice.chance(8) {
            chosen.push(self.contact().1);
        }
        chosen
    }
}

fn invoice_ids(org: &Org) -> Vec<String> {
    org.invoices.iter().map(|invoice| invoice.id.clone()).collect()
}

fn quoted(ids: &[String]) -> String {
    ids.iter().map(|id| format!("\"{id}\"")).collect::<Vec<_>>().join(", ")
}
