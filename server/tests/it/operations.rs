//! Random operations (rules I1 to I5): three orgs with three clients each, everybody asks for anything with anybody's ids and
//! cursors, and nobody is ever shown a word of somebody else's – in no body, header, mail, document, export, log or error.
//! Then again with each wall taken down alone; with two of them down that stand for each other, it is shown something.

use std::collections::BTreeSet;

use postern::{
    clock::Clock,
    config::DatabaseConfig,
    doctor::{
        self,
        asker::{Asker, askers},
        documents::{self, Document, Documents},
        visitor::Answer,
        world::{Client, Org, Place, Secret, World},
    },
    http::ROUTES,
    jobs,
    mail::Message,
    state::App,
    store::testing::{Walls, gaps},
};

use crate::{
    harness::{Database, Dice, Kind, log, proof, rounds},
    paper::text_of,
};

/// How many operations there are where nobody wants another number.
const USUAL: u32 = 1_200;
/// So many happen to a world until it is made anew: much of it is cancelled, removed and switched off by then.
const A_WORLD: u32 = 400;
/// Cursors that were handed out to somebody, and are tried by everybody.
const CURSORS: usize = 200;

/// Which wall is down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Down {
    None,
    Predicate,
    Recheck,
    RowLevelSecurity,
    Guards,
    /// Both, which on SQLite stand for each other.
    PredicateAndRecheck,
}

impl Down {
    fn walls(self) -> Walls {
        Walls {
            without_predicate: matches!(self, Self::Predicate | Self::PredicateAndRecheck),
            without_recheck: matches!(self, Self::Recheck | Self::PredicateAndRecheck),
            without_guards: self == Self::Guards,
        }
    }
}

/// What has been counted over all worlds.
#[derive(Debug, Default)]
struct Count {
    worlds: u32,
    operations: u32,
    /// Answers with something of one's own.
    own: u32,
    /// With ids of somebody else.
    foreign: u32,
    /// Mails with a word of whom they are from or for.
    mails: u32,
    /// Documents that were answered, or went with a mail.
    papers: u32,
    /// How often somebody came by a wall that is down.
    gaps: u64,
    /// Rows of others that the check of the rows held back.
    held_back: i64,
}

/// A world, those who ask, and what they have got hold of.
struct Play {
    database: Database,
    down: Down,
    /// By which the world was made, with all walls.
    whole: App,
    app: App,
    world: World,
    askers: Vec<Asker>,
    documents: Vec<Document>,
    cursors: Vec<String>,
    /// Ids by which somebody of an org has made something of their own.
    typed: Vec<BTreeSet<String>>,
    mails_seen: BTreeSet<String>,
    dice: Dice,
}

impl Play {
    async fn begin(database: Database, down: Down, seed: u64) -> Self {
        let config = doctor::config(&DatabaseConfig::of(database.url().to_owned())).unwrap();
        let clock = Clock::system();
        let whole = App::open(config.clone(), clock.clone()).await.unwrap();
        let world = World::found(&whole, 3, 3).await.unwrap();
        let app = App::with_store(config, clock, whole.store.with_walls(down.walls())).unwrap();
        if down == Down::RowLevelSecurity {
            for table in database.texts("SELECT relname::text FROM pg_class WHERE relrowsecurity").await {
                database.execute(&format!("ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")).await;
            }
        }
        let askers = askers(&app, &world);
        let documents = Documents::of_the_schema().unwrap().all;
        let typed = vec![BTreeSet::new(); world.orgs.len()];
        let (cursors, mails_seen) = (vec![], BTreeSet::new());
        let dice = Dice::new(seed);
        Self { database, down, whole, app, world, askers, documents, cursors, typed, mails_seen, dice }
    }

    /// One operation of somebody.
    async fn operate(&mut self, count: &mut Count) {
        let at = usize::try_from(self.dice.below(self.askers.len() as u64)).unwrap();
        let place = self.place();
        let is_foreign = !self.askers[at].owns(place);
        let (asked, answer, shared) = if self.dice.chance(45) {
            self.by_route(at, place).await
        } else {
            self.by_document(at, place).await
        };
        self.is_no_fault(&asked, &answer);
        count.operations += 1;
        count.foreign += u32::from(is_foreign);
        self.look_at(at, &asked, &answer, shared, count);
        self.keep_cursors(&answer);
    }

    /// Nothing that anybody asks is a fault of ours; but without the predicate on SQLite, the check of the rows stops an answer.
    fn is_no_fault(&self, asked: &str, answer: &Answer) {
        let is_stopped = matches!(self.down, Down::Predicate | Down::PredicateAndRecheck)
            && self.database.kind == Kind::Sqlite;
        let is_fault = answer.status >= 500 || answer.body.contains("\"code\":\"INTERNAL\"");
        assert!(is_stopped || !is_fault, "{asked}: {} {}", answer.status, answer.body);
    }

    fn place(&mut self) -> Place {
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

    async fn by_route(&mut self, at: usize, place: Place) -> (String, Answer, Option<Place>) {
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

    async fn by_document(&mut self, at: usize, place: Place) -> (String, Answer, Option<Place>) {
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

    fn look_at(&mut self, at: usize, asked: &str, answer: &Answer, shared: Option<Place>, count: &mut Count) {
        let text = if answer.content_type.starts_with("application/pdf") {
            count.papers += 1;
            text_of(&answer.bytes)
        } else {
            answer.body.clone()
        };
        let who = &self.askers[at];
        let typed = who.place.map(|place| &self.typed[place.org]);
        let is_typed = |text: &str| typed.is_some_and(|typed| typed.contains(text));
        let seen = who.look(&self.world.secrets, &[&text, &answer.headers], asked, shared, is_typed);
        if let Some(secret) = seen.foreign.first() {
            panic!("{} of {:?} was shown to {}, by {asked}: {text}", secret.what, secret.of, who.label);
        }
        count.own += u32::from(seen.own);
    }

    fn keep_cursors(&mut self, answer: &Answer) {
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

    /// What has been mailed went to whom it is for, with its document; and no word of anybody is in the log.
    async fn look_at_mails_and_log(&mut self, count: &mut Count) {
        jobs::work_until_idle(&self.app).await.unwrap();
        let mails = [&self.whole, &self.app].map(|app| app.mailbox().unwrap().all());
        for Message { id, to, from_name, subject, text, html, attachment, .. } in
            mails.into_iter().flatten().map(|mail| mail.message)
        {
            if !self.mails_seen.insert(id) {
                continue;
            }
            let paper = attachment
                .filter(|file| file.content_type == "application/pdf")
                .map(|file| text_of(&file.bytes));
            count.papers += u32::from(paper.is_some());
            let whole = [from_name, subject.clone(), text, html, paper.unwrap_or_default()].join(" ");
            let mut from = BTreeSet::new();
            for secret in self.world.secrets.iter().filter(|secret| whole.contains(&secret.text)) {
                assert!(
                    self.may_be_mailed(secret, &to, &subject),
                    "{} of {:?} was mailed to {to}: {subject}",
                    secret.what,
                    secret.of
                );
                from.insert(secret.of.org);
            }
            assert!(from.len() <= 1, "words of several organisations in one mail to {to}: {subject}");
            count.mails += u32::from(!from.is_empty());
        }
        let logged = log::take();
        assert!(logged.lines().count() > 100, "what happens is logged: {logged}");
        let is_word = |secret: &&Secret| secret.what.contains("word") || secret.what == "a token";
        for secret in self.world.secrets.iter().filter(is_word) {
            assert!(!logged.contains(&secret.text), "{} is in the log", secret.what);
        }
    }

    /// Whether it may be in a mail of this subject to this address.
    fn may_be_mailed(&self, secret: &Secret, to: &str, subject: &str) -> bool {
        let Place { org: at, client: of } = secret.of;
        let org = &self.world.orgs[at];
        let is_of_the_team = to == format!("owner@{}.test", org.slug) || to.starts_with(&org.word);
        // Anybody may be invited; by whom is seen by whose words there are.
        let is_invited = subject.starts_with("Join ") && of.is_none();
        let writes_to = |(client, one): (usize, &Client)| to == one.email || to == somebody(at, client);
        let is_of_the_client =
            org.clients.iter().enumerate().filter(|&one| writes_to(one)).any(|(client, _)| {
                // A draft that is sent is an invoice.
                let was_a_draft = of == Some(client) && secret.what.contains("draft");
                secret.is_for(Place { org: at, client: Some(client) }) || was_a_draft
            });
        is_of_the_team || is_invited || is_of_the_client
    }

    /// Counts what is to be seen of the wall that is down.
    async fn end(self, count: &mut Count) {
        let held_back = "SELECT COUNT(*) FROM activity WHERE kind = 'security.tenant_mismatch'";
        count.held_back += self.database.number(held_back).await;
        if self.down == Down::RowLevelSecurity {
            let standing = self.database.number("SELECT COUNT(*) FROM pg_class WHERE relrowsecurity").await;
            assert_eq!(standing, 0);
        }
        self.app.store.close().await;
    }
}

/// Whom a team writes to that is nobody's contact.
fn somebody(org: usize, client: usize) -> String {
    format!("somebody-{org}-{client}@example.org")
}

async fn play(kind: Kind, down: Down) {
    if kind == Kind::Postgres && !Kind::postgres_is_there() {
        return;
    }
    log::keep();
    let wanted = rounds().unwrap_or(USUAL);
    let mut count = Count::default();
    let mut seed = 1;
    while count.operations < wanted {
        let database = Database::create(kind).await;
        let mut play = Play::begin(database, down, seed).await;
        let before = gaps();
        for _ in 0..A_WORLD.min(wanted - count.operations) {
            play.operate(&mut count).await;
        }
        play.look_at_mails_and_log(&mut count).await;
        count.gaps += gaps() - before;
        play.end(&mut count).await;
        count.worlds += 1;
        seed += 1;
    }
    let Count { worlds, operations, own, foreign, mails, papers, gaps, held_back } = count;
    // Without the predicate, whoever lists anything on SQLite is stopped by the check of the rows.
    let is_stopped = down == Down::Predicate && kind == Kind::Sqlite;
    assert!(own > operations / if is_stopped { 100 } else { 20 }, "the positive control: {count:?}");
    assert!(foreign > operations / 2 && mails > worlds * 20 && papers > worlds * 10, "{count:?}");
    let is_ours = matches!(down, Down::Predicate | Down::Recheck | Down::Guards);
    assert_eq!(gaps > u64::from(operations / 20), is_ours, "the wall is down: {count:?}");
    assert_eq!(held_back > i64::from(operations / 100), is_stopped, "what the next wall stops: {count:?}");
    proof(
        &format!("random operations of three organisations × three clients, {kind:?}, wall down: {down:?}"),
        &format!(
            "{operations} operations, {foreign} of them with others' ids; {own} showed one's own, {mails} mails with one's own, {papers} documents, {gaps} times by where the wall is down, {held_back} rows held back; nothing of others"
        ),
    );
}

macro_rules! plays {
    ($($name:ident($kind:ident, $down:ident);)*) => {$(
        #[tokio::test]
        async fn $name() {
            play(Kind::$kind, Down::$down).await;
        }
    )*};
}

/// What looks would see it: with predicate and check of the rows both down, SQLite shows what is others'.
#[tokio::test]
#[should_panic(expected = "was shown to")]
async fn with_both_down_it_would_be_seen() {
    play(Kind::Sqlite, Down::PredicateAndRecheck).await;
}

plays! {
    nobody_is_shown_anothers_word_on_sqlite(Sqlite, None);
    nobody_is_shown_anothers_word_on_postgres(Postgres, None);
    nor_without_the_predicate_on_sqlite(Sqlite, Predicate);
    nor_without_the_predicate_on_postgres(Postgres, Predicate);
    nor_without_the_recheck_on_sqlite(Sqlite, Recheck);
    nor_without_the_recheck_on_postgres(Postgres, Recheck);
    nor_without_row_level_security(Postgres, RowLevelSecurity);
    nor_without_the_guards_on_sqlite(Sqlite, Guards);
    nor_without_the_guards_on_postgres(Postgres, Guards);
}
