//! The walk: every route and every document, as everybody, with everybody's ids.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    asker::{Asker, Side, askers},
    documents::{self, Document, Documents},
    report::{Finding, Report, Tally},
    visitor::{Answer, Endpoint},
    world::{Client, Org, Place, World},
};
use crate::{error::Result, http, state::App};

/// Forms that name something by an id that is not in their path.
const NAMED_IN_THE_FORM: [(&str, &str); 5] = [
    ("/app/invoices/new", "client"),
    ("/app/switch", "org"),
    ("/app/account/sessions/end", "session"),
    ("/portal/sessions/end", "session"),
    ("/portal/pay", "invoice"),
];

/// Nobody has it.
const UNKNOWN: &str = "01900000-0000-7000-8000-00000000dead";
/// What is made is to have it.
const NEW: &str = "01900000-0000-7000-8000-00000000beef";

/// Asks for everything, as everybody, in a world over this application, and says what was seen.
///
/// # Errors
/// Where the database is away, or the world cannot be made.
pub async fn walk(app: &App) -> Result<Report> {
    let mut world = World::found(app, 2, 2).await?;
    let documents = Documents::of_the_schema()?;
    let mut report = Report::of(http::ROUTES.len(), documents.there.len());
    let mut askers: Vec<(Asker, Tally, bool)> =
        askers(app, &world).into_iter().map(|asker| (asker, Tally::default(), true)).collect();
    let mut typed = vec![BTreeSet::new(); world.orgs.len()];
    // Everybody reads before anybody writes, so that nobody finds what another has made of an id.
    for act in [Act::Reads, Act::Writes] {
        for (asker, tally, unchanged) in &mut askers {
            let before = state_of_others(asker, &mut world).await?;
            let mut nothing = BTreeSet::new();
            let typed = asker.place.map_or(&mut nothing, |place| &mut typed[place.org]);
            let mut walk = Walk { world: &world, asker, act, unknown: BTreeMap::new(), typed, tally };
            walk.routes().await?;
            walk.documents(&documents.all).await?;
            *unchanged &= before == state_of_others(asker, &mut world).await?;
        }
    }
    for (asker, tally, unchanged) in askers {
        report.add(&asker.label, asker.place.is_some(), tally, unchanged);
    }
    Ok(report)
}

/// What somebody does on a walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Reads,
    Writes,
}

/// What everybody has whom this asker cannot change anything of, as their own programs and owners see it.
async fn state_of_others(asker: &Asker, world: &mut World) -> Result<Vec<String>> {
    const OWN: &str = "{ team { org { name email address version plan } tokens { id name isLive } documents { id }
        people { members { id name email role } invitations { id email role } } webhooks { id url events state }
        clients(first: 50) { nodes { id name address version archivedAt contacts { id name email portalAccess version } } }
        payments(first: 50) { nodes { id kind amountMinor reference isReversed } } } }";
    const INVOICES: &str =
        "{ team { invoices(first: 50) { nodes { id number title status totalMinor dueMinor version
        allowsPart shareUrl notes lines { description } mails { contactName } } } } }";
    let mut states = vec![];
    for (at, org) in world.orgs.iter_mut().enumerate() {
        if asker.owns(Place { org: at, client: None }) {
            continue;
        }
        for document in [OWN, INVOICES] {
            states.push(org.owner.data(Endpoint::Team, document).await?.to_string());
        }
        for client in &mut org.clients {
            states.push(client.contact.get("/portal").await?.without(&[]).2);
        }
    }
    Ok(states)
}

struct Walk<'a> {
    world: &'a World,
    asker: &'a mut Asker,
    act: Act,
    /// What each request with holes was answered with an id that nobody has.
    unknown: BTreeMap<String, (u16, String, String)>,
    /// Ids that somebody of the asker's org has sent to make something by: a thing of their own may have them since, for an id
    /// counts within its org.
    typed: &'a mut BTreeSet<String>,
    tally: &'a mut Tally,
}

impl Walk<'_> {
    /// Looks at an answer: is there anything in it that is somebody else's?
    fn look_at(&mut self, asked: &str, answer: &Answer, shared: Option<Place>) {
        self.tally.requests += 1;
        if self.act == Act::Writes {
            let sent = self.world.secrets.iter().filter(|secret| asked.contains(&secret.text));
            self.typed.extend(sent.map(|secret| secret.text.clone()));
        }
        let texts = [answer.body.as_str(), &answer.headers];
        let seen =
            self.asker.look(&self.world.secrets, &texts, asked, shared, |text| self.typed.contains(text));
        for secret in seen.foreign {
            self.tally.findings.push(Finding { asked: asked.to_owned(), saw: secret.what, of: secret.of });
        }
        if answer.status >= 500 {
            self.tally.faults.push(format!("{asked}: {}", answer.status));
        }
        self.tally.own += u64::from(seen.own);
    }

    /// Holds an answer about what is not one's own against the answer about what is not there.
    fn hold_against_unknown(&mut self, key: &str, asked: &str, ids: &[&str], answer: &Answer) {
        let got = answer.without(ids);
        if let Some(unknown) = self.unknown.get(key) {
            self.tally.compared += 1;
            if *unknown != got {
                self.tally
                    .told_apart
                    .push(format!("{asked}: {} where nothing is there: {}", got.0, unknown.0));
            }
        }
    }

    async fn routes(&mut self) -> Result<()> {
        // The demo's mailbox is for whoever tries the demo, and not there when Postern serves.
        let routes = http::ROUTES
            .iter()
            .filter(|(_, route)| !route.starts_with("/dev/") && !route.ends_with("/graphql"));
        for &(method, route) in routes {
            if (method == "GET") != (self.act == Act::Reads) {
                continue;
            }
            let named = NAMED_IN_THE_FORM.iter().find(|(path, _)| *path == route && method == "POST");
            let field = named.map(|(_, field)| *field);
            let has_hole =
                ["{id}", "{payment}", "{contact}", "{event}"].iter().any(|hole| route.contains(hole))
                    || field.is_some();
            // What a link opens is for whoever has it.
            let is_by_link = route.starts_with("/i/{token}");
            if !has_hole && !is_by_link {
                if method == "GET" || !self.asker.has_to_do_with(route) {
                    self.ask(method, &filled_plainly(route), &[], None).await?;
                }
                continue;
            }
            if has_hole && !is_by_link {
                let path = filled(route, UNKNOWN, UNKNOWN, UNKNOWN);
                let answer = self.ask(method, &path, &[(field.unwrap_or("x"), UNKNOWN)], None).await?;
                self.unknown.insert(format!("{method} {route}"), answer.without(&[UNKNOWN]));
            }
            let world = self.world;
            for (at, org) in world.orgs.iter().enumerate() {
                for (number, client) in org.clients.iter().enumerate() {
                    let place = Place { org: at, client: Some(number) };
                    self.route_at(method, route, field, (place, org, client)).await?;
                }
            }
        }
        Ok(())
    }

    async fn route_at(
        &mut self,
        method: &str,
        route: &str,
        field: Option<&str>,
        (place, org, client): (Place, &Org, &Client),
    ) -> Result<()> {
        if let Some(rest) = route.strip_prefix("/i/{token}") {
            let path = format!("{}{}", client.share_path, rest.replace("{payment}", &client.payment));
            self.ask(method, &path, &[], Some(place)).await?;
            return Ok(());
        }
        let is_own = self.asker.owns(place);
        if is_own && method != "GET" {
            return Ok(());
        }
        for id in ids_of((place, org, client), self.asker.has_to_do_with(route)) {
            let path = filled(route, id, &client.payment, &client.contact_id);
            let answer = self.ask(method, &path, &[(field.unwrap_or("x"), id)], None).await?;
            if !is_own {
                let asked = [id, &client.payment, &client.contact_id];
                self.hold_against_unknown(
                    &format!("{method} {route}"),
                    &format!("{method} {path}"),
                    &asked,
                    &answer,
                );
            }
        }
        Ok(())
    }

    async fn ask(
        &mut self,
        method: &str,
        path: &str,
        fields: &[(&str, &str)],
        shared: Option<Place>,
    ) -> Result<Answer> {
        let answer = match method {
            "GET" => self.asker.visitor.get(path).await?,
            _ => self.asker.visitor.post(path, fields).await?,
        };
        let fields: Vec<&str> = fields.iter().map(|(_, value)| *value).collect();
        self.look_at(&format!("{method} {path} {}", fields.join(" ")), &answer, shared);
        Ok(answer)
    }

    async fn documents(&mut self, all: &[Document]) -> Result<()> {
        let writes = self.act == Act::Writes;
        for document in all.iter().filter(|document| document.is_mutation == writes) {
            for &endpoint in self.asker.side.endpoints() {
                self.document(endpoint, document).await?;
            }
        }
        Ok(())
    }

    async fn document(&mut self, endpoint: Endpoint, document: &Document) -> Result<()> {
        let is_ones_own_half = match self.asker.side {
            Side::Nobody => false,
            Side::Portal => document.name.starts_with("portal"),
            Side::Team | Side::Program => document.name.starts_with("team") || document.name == "node",
        };
        if !document.takes_id() {
            // What changes something of whoever asks is theirs to change.
            if !(document.is_mutation && is_ones_own_half) {
                self.run(endpoint, &document.text).await?;
            }
            return Ok(());
        }
        let blank = filled_in(document, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN);
        let answer = self.run(endpoint, &blank).await?;
        let key = format!("{} {}", endpoint.path(), document.name);
        self.unknown.insert(key.clone(), answer.without(&[UNKNOWN]));
        let world = self.world;
        for (at, org) in world.orgs.iter().enumerate() {
            for (number, client) in org.clients.iter().enumerate() {
                let place = Place { org: at, client: Some(number) };
                let is_own = self.asker.owns(place);
                if is_own && document.is_mutation {
                    continue;
                }
                let has_hole = document.text.contains(documents::ID);
                let ids = if has_hole { ids_of((place, org, client), is_ones_own_half) } else { vec![""] };
                for id in ids {
                    let text = filled_in(document, id, &client.id, &client.contact_id, client.open());
                    let answer = self.run(endpoint, &text).await?;
                    if !is_own {
                        let mut asked = vec![UNKNOWN, client.id.as_str(), &client.contact_id, client.open()];
                        asked.extend(Some(id).filter(|id| !id.is_empty()));
                        self.hold_against_unknown(&key, &text, &asked, &answer);
                    }
                }
            }
        }
        Ok(())
    }

    async fn run(&mut self, endpoint: Endpoint, document: &str) -> Result<Answer> {
        let answer = self.asker.visitor.ask(endpoint, document).await?;
        self.look_at(document, &answer, None);
        Ok(answer)
    }
}

fn filled(route: &str, id: &str, payment: &str, contact: &str) -> String {
    filled_plainly(
        &route
            .replace("{id}", id)
            .replace("{payment}", payment)
            .replace("{contact}", contact)
            .replace("{event}", id),
    )
}

/// What is no id is filled with what is no secret.
fn filled_plainly(route: &str) -> String {
    let file = if route.contains("/export/") { "invoices.ndjson" } else { "1f5f4a.css" };
    route
        .replace("{org}", "org-1")
        .replace("{token}", "x")
        .replace("{file}", file)
        .replace("{logo}", "x")
        .replace("{name}", "x")
        .replace("{act}", "remove")
        .replace("{checkout}", UNKNOWN)
}

fn filled_in(document: &Document, id: &str, client: &str, contact: &str, invoice: &str) -> String {
    document
        .text
        .replace(documents::ID, id)
        .replace(documents::CLIENT, client)
        .replace(documents::CONTACT, contact)
        .replace(documents::INVOICE, invoice)
        .replace(documents::NEW, NEW)
}

/// What is tried in the place of an id: everything of a client, and with the first also what is the org's own. Whoever has
/// nothing to do there at all is refused before anything is looked up, so one of them will do.
fn ids_of<'b>((place, org, client): (Place, &'b Org, &'b Client), has_to_do_there: bool) -> Vec<&'b str> {
    let mut ids = client.ids();
    if place.client == Some(0) {
        ids.extend(org.own_ids.iter().map(String::as_str));
    }
    if !has_to_do_there {
        ids.truncate(1);
    }
    ids
}
