//! What row-level security goes by is set for one transaction and gone with it, however that ends (rule I3): answered,
//! dropped half-way because somebody went away, ended by PostgreSQL's limits of time, or in a panic. Two connections serve
//! six at a time.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use axum::http::HeaderMap;
use futures_util::future::join_all;
use postern::{
    auth::session::Admission,
    store::testing::{Holder, TimeLimit},
};

use crate::{
    harness::{Browser, Dice, Kind, TestApp, proof, rounds},
    world::{Client, World},
};

const USUAL: u32 = 402;
/// So many ask at a time …
const AT_ONCE: u32 = 6;
/// … over so many connections.
const CONNECTIONS: usize = 2;

/// Somebody with a page to ask for, on which one text stands and others do not.
#[derive(Clone)]
struct Visitor {
    browser: Browser,
    path: String,
    canary: String,
    of_others: Vec<String>,
}

/// Everybody who asks for pages, with all that they ask for.
async fn visitors(app: &TestApp, world: &World) -> Vec<Visitor> {
    let mut visitors = vec![];
    for client in world.clients() {
        let canary = client.canary();
        let of_others: Vec<String> = world.others(client).map(Client::canary).collect();
        let own = app.signed_in(&client.email()).await;
        let invoice = format!("/portal/invoices/{}", client.open);
        for path in ["/portal", "/portal/payments", &invoice] {
            let (browser, canary, of_others) = (own.clone(), canary.clone(), of_others.clone());
            visitors.push(Visitor { browser, path: path.to_owned(), canary, of_others });
        }
        let (browser, path) = (app.browser(), client.share_path());
        visitors.push(Visitor { browser, path, canary: canary.clone(), of_others });
        let browser = app.member(&format!("owner@{}.test", client.org_slug)).await;
        let foreign = world.clients().into_iter().filter(|other| other.org_slug != client.org_slug);
        let of_others = foreign.map(Client::canary).collect();
        visitors.push(Visitor { browser, path: "/app/invoices".to_owned(), canary, of_others });
    }
    visitors
}

/// One of each kind for whom a transaction can be open, at two orgs.
async fn holders(app: &TestApp, world: &World) -> Vec<(&'static str, Holder)> {
    let mut holders = vec![("system", Holder::System)];
    for client in [&world.a1, &world.b1] {
        let headers: HeaderMap = app.signed_in(&client.email()).await.cookie_header();
        let Some(Admission::Open(contact)) = app.app.admit(&headers).await.unwrap() else {
            panic!("no session")
        };
        holders.push(("contact", Holder::Contact(contact.actor)));
        let headers = app.member(&format!("owner@{}.test", client.org_slug)).await.cookie_header();
        holders.push(("team", Holder::Member(app.app.admit_member(&headers).await.unwrap().unwrap().actor)));
        let path = client.share_path();
        let guest = app.app.admit_guest(path.rsplit('/').next().unwrap()).await.unwrap().unwrap();
        holders.push(("guest", Holder::Guest(guest.actor)));
    }
    holders
}

/// What somebody does with a connection.
enum Plan {
    /// Asks for a page, and waits for it so long at most.
    Visit(Visitor, Option<Duration>),
    TimeOut(&'static str, Holder, TimeLimit),
    Panic(&'static str, Holder),
}

/// How it ended, and for whom, and whether all connections were in somebody's hands just then.
type End = (&'static str, &'static str, bool);

impl Plan {
    fn throw(dice: &mut Dice, visitors: &[Visitor], holders: &[(&'static str, Holder)]) -> Self {
        let (who, holder) = *dice.pick(holders);
        match dice.below(20) {
            0 | 1 => Self::Panic(who, holder),
            2 => Self::TimeOut(who, holder, TimeLimit::Statement),
            3 => Self::TimeOut(who, holder, TimeLimit::Lock),
            4..=11 => {
                let patience = Duration::from_micros(dice.below(20_000));
                Self::Visit(dice.pick(visitors).clone(), Some(patience))
            }
            _ => Self::Visit(dice.pick(visitors).clone(), None),
        }
    }

    async fn follow(self, app: &TestApp) -> End {
        let (how, who) = match self {
            Self::Visit(visitor, patience) => (visit(visitor, patience).await, ""),
            Self::TimeOut(who, holder, limit) => {
                let told = app.app.store.time_out_within(holder, limit).await.unwrap_err().to_string();
                let (how, words) = match limit {
                    TimeLimit::Statement => ("statement_timeout", "due to statement timeout"),
                    TimeLimit::Lock => ("lock_timeout", "due to lock timeout"),
                };
                assert!(told.contains(words), "{told}");
                (how, who)
            }
            Self::Panic(who, holder) => {
                let store = app.app.store.clone();
                let panic = tokio::spawn(async move { store.panic_within(holder).await }).await;
                assert!(panic.unwrap_err().is_panic());
                ("panic", who)
            }
        };
        (how, who, app.app.store.connections_in_use() == CONNECTIONS)
    }
}

/// Asks for a page. Whether somebody would have waited longer or not, what comes is theirs.
async fn visit(
    Visitor { mut browser, path, canary, of_others }: Visitor,
    patience: Option<Duration>,
) -> &'static str {
    let asked = browser.get(&path);
    let page = match patience {
        None => asked.await,
        Some(patience) => match tokio::time::timeout(patience, asked).await {
            Ok(page) => page,
            Err(_) => return "dropped",
        },
    };
    assert!(page.status == 200 && page.body.contains(&canary), "{path}: {} {}", page.status, page.body);
    assert!(!of_others.iter().any(|other| page.body.contains(other)), "{path} shows another's");
    "answered"
}

#[tokio::test]
async fn no_setting_survives_on_a_connection() {
    if !Kind::postgres_is_there() {
        return;
    }
    let app =
        TestApp::start_with(Kind::Postgres, &[("DATABASE_CONNECTIONS", &CONNECTIONS.to_string())]).await;
    let world = World::fill(&app).await;
    let visitors = visitors(&app, &world).await;
    let holders = holders(&app, &world).await;
    let mut in_the_way = app.database.postgres().await;
    let lock = sqlx::query("SELECT pg_advisory_lock($1)").bind(TimeLimit::LOCK);
    lock.execute(&mut in_the_way).await.unwrap();

    let wanted = rounds().unwrap_or(USUAL);
    let mut dice = Dice::new(7);
    let (mut done, mut contended) = (0, 0);
    let mut ends: BTreeMap<&str, BTreeMap<&str, u32>> = BTreeMap::new();
    while done < wanted {
        let plans: Vec<Plan> =
            (0..AT_ONCE.min(wanted - done)).map(|_| Plan::throw(&mut dice, &visitors, &holders)).collect();
        done += u32::try_from(plans.len()).unwrap();
        for (how, who, is_contended) in join_all(plans.into_iter().map(|plan| plan.follow(&app))).await {
            *ends.entry(how).or_default().entry(who).or_default() += 1;
            contended += u32::from(is_contended);
        }
        assert_eq!(app.app.store.leftover_settings().await.unwrap(), Vec::<String>::new());
    }

    let count = |how: &str| ends.get(how).map_or(0, |of| of.values().sum::<u32>());
    for (how, least) in
        [("answered", 4), ("dropped", 20), ("statement_timeout", 40), ("lock_timeout", 40), ("panic", 20)]
    {
        assert!(count(how) > wanted / least, "{how}: {}", count(how));
    }
    let everybody: BTreeSet<&str> = holders.iter().map(|(who, _)| *who).collect();
    for how in ["statement_timeout", "lock_timeout", "panic"] {
        assert_eq!(ends[how].keys().copied().collect::<BTreeSet<_>>(), everybody, "{how}");
    }
    assert!(contended > wanted / 4, "both connections were in use {contended} times");
    let of = |how: &str| {
        let of: Vec<String> = ends[how].iter().map(|(who, times)| format!("{who} {times}")).collect();
        format!("{} ({})", count(how), of.join(", "))
    };
    proof(
        "No setting of row-level security survives on a pooled connection",
        &format!(
            "{done} times, {AT_ONCE} at once over {CONNECTIONS} connections, both in use at the end of {contended}: {} answered, \
             {} dropped before that, ended by statement_timeout {}, by lock_timeout {}, panicked {}; no setting left, no foreign row",
            count("answered"),
            count("dropped"),
            of("statement_timeout"),
            of("lock_timeout"),
            of("panic"),
        ),
    );
}

/// What is left on a connection would be found.
#[tokio::test]
async fn a_setting_that_survives_is_found() {
    if !Kind::postgres_is_there() {
        return;
    }
    let app = TestApp::start(Kind::Postgres).await;
    for name in ["audience", "org_id", "client_id", "contact_id", "invoice_id"] {
        let set = |to: &str| {
            format!(
                "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET app.{name} TO {to}', CURRENT_DATABASE()); END $$"
            )
        };
        app.database.execute(&set("left")).await;
        let late = app.second_node().await;
        let left = late.app.store.leftover_settings().await.unwrap();
        assert!(!left.is_empty() && left.iter().all(|setting| setting == "left"), "{name}: {left:?}");
        app.database.execute(&set("DEFAULT")).await;
    }
}
