//! What somebody asks for: any route or document, with anybody's ids and cursors.

use postern::{
    doctor::{
        documents,
        visitor::Answer,
        world::{Org, Place},
    },
    http::ROUTES,
};

use super::Play;

/// Cursors that were handed out to somebody, and are tried by everybody.
const CURSORS: usize = 200;

impl Play {
    pub(super) fn place(&mut self) -> Place {
        let org = usize::try_from(self.dice.below(3)).unwrap();
        Place { org, client: Some(usize::try_from(self.dice.below(3)).unwrap()) }
    }

    fn org(&self, place: Place) -> &Org {
        &self.world.orgs[place.org]
    }

    /// Any id of this place, or of its org.
    fn id(&mut self, place: Place) -> String {
        let org = self.org(place);
        let mut ids: Vec<String> =
            org.clients[place.client.unwrap()].ids().into_iter().map(str::to_owned).collect();
        ids.extend(org.own_ids.iter().cloned());
        self.dice.pick(&ids).clone()
    }

    pub(super) async fn by_route(&mut self, at: usize, place: Place) -> (String, Answer, Option<Place>) {
        let (method, route) = loop {
            let &(method, route) = self.dice.pick(ROUTES);
            if !route.starts_with("/dev/") && !route.ends_with("/graphql") {
                break (method, route);
            }
        };
        let client = &self.org(place).clients[place.client.unwrap()];
        let (payment, contact, share) =
            (client.payment.clone(), client.contact_id.clone(), client.share_path.clone());
        let id = self.id(place);
        let mut path = route
            .replace("{id}", &id)
            .replace("{payment}", &payment)
            .replace("{contact}", &contact)
            .replace("{event}", &id)
            .replace("{checkout}", &id)
            .replace("{org}", &self.org(place).slug)
            .replace("{act}", ["test", "off", "send-failed"][usize::try_from(self.dice.below(3)).unwrap()])
            .replace(
                "{file}",
                ["invoices.csv", "payments.ndjson", "activity.csv"]
                    [usize::try_from(self.dice.below(3)).unwrap()],
            )
            .replace("{logo}", "x")
            .replace("{name}", "x");
        let shared = route.starts_with("/i/{token}").then_some(place);
        if shared.is_some() {
            path = path.replace("/i/{token}", &share);
        }
        path = path.replace("{token}", share.rsplit('/').next().unwrap());
        if method == "GET" && self.dice.chance(50) {
            path = format!("{path}?{}", self.query(place));
        }
        let visitor = &mut self.askers[at].visitor;
        let fields = ["client", "session", "org", "invoice", "contact", "id"].map(|name| (name, id.as_str()));
        let rest =
            [("version", "1"), ("role", "member"), ("email", "x@y.test"), ("name", "x"), ("access", "off")];
        let answer = if method == "GET" {
            visitor.get(&path).await
        } else {
            visitor.post(&path, &[&fields[..], &rest].concat()).await
        };
        (format!("{method} {path} {id}"), answer.unwrap(), shared)
    }

    /// Something to search, filter and leaf by: a part of somebody's word, which finds what it is in, or a cursor of theirs.
    fn query(&mut self, place: Place) -> String {
        let word = self.org(place).clients[place.client.unwrap()].word.clone();
        let part = &word[1..word.len() - 1];
        match self.dice.below(5) {
            0 => format!("q={part}"),
            1 => format!("after={}", self.cursor()),
            2 => format!("before={}", self.cursor()),
            3 => "status=overdue".to_owned(),
            _ => format!("client={}", self.id(place)),
        }
    }

    fn cursor(&mut self) -> String {
        if self.cursors.is_empty() { "x".to_owned() } else { self.dice.pick(&self.cursors).clone() }
    }

    pub(super) async fn by_document(&mut self, at: usize, place: Place) -> (String, Answer, Option<Place>) {
        let endpoints = self.askers[at].side.endpoints();
        let endpoint = *self.dice.pick(endpoints);
        let mut text = self.document(place);
        // Two things side by side, of which one may be somebody else's.
        if self.dice.chance(25) {
            let elsewhere = self.place();
            let other = self.document(elsewhere);
            let root = text.split('{').nth(1).unwrap_or_default().to_owned();
            if text.starts_with('{')
                && other.starts_with('{')
                && other.split('{').nth(1) == Some(&root)
                && !root.contains('(')
            {
                let inner = |text: &str| {
                    let (_, inner) = text.split_once('{').unwrap().1.split_once('{').unwrap();
                    inner.trim_end().trim_end_matches('}').trim_end().trim_end_matches('}').trim().to_owned()
                };
                text = format!("{{{root}{{ a: {} b: {} }} }}", inner(&text), inner(&other));
            }
        }
        let answer = self.askers[at].visitor.ask(endpoint, &text).await.unwrap();
        let is_done = !answer.body.contains("\"errors\":[") && !answer.body.contains("\"problems\":[{");
        if text.starts_with("mutation")
            && is_done
            && let Some(place) = self.askers[at].place
        {
            let typed = self.world.secrets.iter().filter(|secret| text.contains(&secret.text));
            self.typed[place.org].extend(typed.map(|secret| secret.text.clone()));
        }
        (text, answer, None)
    }

    fn document(&mut self, place: Place) -> String {
        let document = self.dice.pick(&self.documents).clone();
        let id = self.id(place);
        let new = self.dice.uuid().to_string();
        let client = &self.org(place).clients[place.client.unwrap()];
        let mut text = document
            .text
            .replace(documents::ID, &id)
            .replace(documents::CLIENT, &client.id)
            .replace(documents::CONTACT, &client.contact_id)
            .replace(documents::INVOICE, client.open())
            .replace(documents::NEW, &new);
        // Whom a team writes to that is nobody's contact: it says whose address they would make it.
        text = text.replace(documents::SOMEBODY, &somebody(place.org, place.client.unwrap()));
        if let Some((before, after)) = text.clone().split_once("(first: 1") {
            let first = 1 + self.dice.below(5);
            let more =
                if self.dice.chance(40) { format!(", after: \"{}\"", self.cursor()) } else { String::new() };
            text = format!("{before}(first: {first}{more}{after}");
        }
        text
    }

    pub(super) fn keep_cursors(&mut self, answer: &Answer) {
        let found = answer.body.split("ursor\":\"").skip(1).filter_map(|rest| rest.split('"').next());
        let in_links = answer.body.split("after=").skip(1).filter_map(|rest| rest.split(['"', '&']).next());
        for cursor in found.chain(in_links).take(3) {
            if self.cursors.len() == CURSORS {
                let at = usize::try_from(self.dice.below(CURSORS as u64)).unwrap();
                self.cursors.swap_remove(at);
            }
            self.cursors.push(cursor.to_owned());
        }
    }
}

/// Whom a team writes to that is nobody's contact.
pub(super) fn somebody(org: usize, client: usize) -> String {
    format!("somebody-{org}-{client}@example.org")
}
