//! Four times as many requests as can be answered, for a minute, whatever comes back: what is accepted is answered soon,
//! the rest is told to come again, memory stays where it is, and afterwards it is as if nothing had been.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use http_body_util::{BodyExt as _, Full};
use hyper::{Method, Request, body::Bytes};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use tokio::{
    task::JoinSet,
    time::{MissedTickBehavior, interval, timeout},
};

use super::{MOST_MEMORY, PATIENCE, Process, name, portal_cookie, quantile};
use crate::{
    harness::{Dice, Kind, TestApp, proof, rounds},
    world::World,
};

/// Seconds, on each database.
const USUAL: u32 = 3;
/// How many times what can be answered.
const TIMES: u32 = 4;
/// What even a slow machine can answer in a second.
const FEWEST: u32 = 100;
/// What is accepted waits for a second at most, and is then worked on beside some dozens of others, which takes its
/// time where nothing is optimised.
const MOST_PATIENCE: Duration = Duration::from_secs(if cfg!(debug_assertions) { 8 } else { 3 });

/// What came of a request, and when it should have been sent.
#[derive(Debug, Clone, Copy)]
struct Outcome {
    at: Duration,
    took: Duration,
    status: u16,
    /// Whoever is to come again is told so, and when.
    is_told: bool,
}

/// Everybody who comes.
#[derive(Clone)]
struct Crowd {
    client: Client<HttpConnector, Full<Bytes>>,
    origin: String,
    cookie: String,
    invoice: String,
}

impl Crowd {
    /// A page for anybody, pages and GraphQL of one who is signed in, a document, requests for links, which are limited,
    /// and passwords, which are slow.
    fn request(&self, dice: &mut Dice) -> Request<Full<Bytes>> {
        const FORM: &str = "application/x-www-form-urlencoded";
        let (method, path, media, body) = match dice.below(100) {
            0..40 => (Method::GET, "/portal/login".to_owned(), "", String::new()),
            40..65 => (Method::GET, "/portal".to_owned(), "", String::new()),
            65..90 => {
                let body =
                    r#"{"query":"{ portal { invoices(first: 5) { nodes { id number } } } }"}"#.to_owned();
                (Method::POST, "/portal/graphql".to_owned(), "application/json", body)
            }
            90..92 => (Method::GET, format!("/portal/invoices/{}/pdf", self.invoice), "", String::new()),
            92..97 => (Method::POST, "/portal/login".to_owned(), FORM, "email=a1%40clients.test".to_owned()),
            _ => {
                let body = format!("email=n{}%40nobody.test&password=correct+horse", dice.below(1_000_000));
                (Method::POST, "/app/login".to_owned(), FORM, body)
            }
        };
        // Everybody who tries a password comes from elsewhere, so that they are looked at.
        let from = format!("10.{}.{}.{}", dice.below(256), dice.below(256), dice.below(256));
        let from = if path == "/app/login" { from } else { "192.0.2.1".to_owned() };
        Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.origin))
            .header("origin", &self.origin)
            .header("cookie", &self.cookie)
            .header("content-type", media)
            .header("x-forwarded-for", from)
            .body(Full::new(Bytes::from(body)))
            .unwrap()
    }

    /// Sends one; `None` where no answer came.
    async fn send(&self, request: Request<Full<Bytes>>, began: Instant, due: Instant) -> Option<Outcome> {
        let is_program = request.uri().path() == "/portal/graphql";
        let sent = async {
            let response = self.client.request(request).await.ok()?;
            let status = response.status().as_u16();
            let says_when = response.headers().contains_key("retry-after");
            let body = response.into_body().collect().await.ok()?.to_bytes();
            let took = due.elapsed();
            let words = if is_program { r#""code":"UNAVAILABLE""# } else { "<h1>Very busy just now</h1>" };
            let says_what = status == 503 && String::from_utf8_lossy(&body).contains(words);
            Some(Outcome { at: due - began, took, status, is_told: says_when && says_what })
        };
        timeout(PATIENCE, sent).await.ok().flatten()
    }

    /// What can be answered in a second by asking for no more than is answered.
    async fn capacity(&self) -> u32 {
        let began = Instant::now();
        let mut asking = JoinSet::new();
        for seed in 0..32 {
            let crowd = self.clone();
            asking.spawn(async move {
                let (mut dice, mut answered) = (Dice::new(seed), 0_u32);
                while began.elapsed() < Duration::from_secs(1) {
                    let outcome = crowd.send(crowd.request(&mut dice), began, Instant::now()).await.unwrap();
                    answered += u32::from(outcome.status != 503);
                }
                answered
            });
        }
        asking.join_all().await.into_iter().sum()
    }

    /// So many a second for so many seconds, whatever comes back.
    async fn flood(&self, rate: u32, seconds: u32) -> Vec<Option<Outcome>> {
        const TICK: Duration = Duration::from_millis(5);
        let outcomes: Arc<Mutex<Vec<Option<Outcome>>>> = Arc::default();
        let mut dice = Dice::new(4);
        let mut under_way = JoinSet::new();
        let began = Instant::now();
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
        let (all, mut sent) = (rate * seconds, 0);
        while sent < all {
            ticks.tick().await;
            let due = u32::try_from(began.elapsed().as_millis() * u128::from(rate) / 1000).unwrap();
            while sent < due.min(all) {
                // Each is late by what the machine was late in sending it.
                let at = began + Duration::from_secs_f64(f64::from(sent) / f64::from(rate));
                let (crowd, outcomes, request) =
                    (self.clone(), Arc::clone(&outcomes), self.request(&mut dice));
                under_way.spawn(async move {
                    let outcome = crowd.send(request, began, at).await;
                    outcomes.lock().unwrap().push(outcome);
                });
                sent += 1;
            }
            while under_way.try_join_next().is_some() {}
        }
        under_way.join_all().await;
        std::mem::take(&mut *outcomes.lock().unwrap())
    }
}

async fn a_flood(kind: Kind) {
    let app = TestApp::start(kind).await;
    let world = World::fill(&app).await;
    let cookie = portal_cookie(&app, &world.a1.email()).await;
    let _ = postern::serve::raise_descriptor_limit();
    let process = Process::start(&app).await;
    app.app.store.close().await;
    let crowd = Crowd {
        client: Client::builder(TokioExecutor::new()).pool_max_idle_per_host(usize::MAX).build_http(),
        origin: format!("http://127.0.0.1:{}", process.port),
        cookie,
        invoice: world.a1.open.to_string(),
    };
    let seconds = rounds().unwrap_or(USUAL);
    let rate = crowd.capacity().await.max(FEWEST) * TIMES;
    let outcomes = crowd.flood(rate, seconds).await;

    let lost = outcomes.iter().filter(|outcome| outcome.is_none()).count();
    assert_eq!(lost, 0, "of {} everybody gets an answer", outcomes.len());
    let outcomes: Vec<Outcome> = outcomes.into_iter().flatten().collect();
    let mut by_status = BTreeMap::<u16, usize>::new();
    for outcome in &outcomes {
        *by_status.entry(outcome.status).or_default() += 1;
    }
    let expected = [200, 303, 422, 429, 503];
    assert!(by_status.keys().all(|status| expected.contains(status)), "{by_status:?}");
    let is_refused = |outcome: &&Outcome| outcome.status == 503;
    assert!(outcomes.iter().filter(is_refused).all(|outcome| outcome.is_told), "to come again, and when");
    let refused = outcomes.iter().filter(is_refused).count();
    assert!(refused > 0, "more than could be taken: {by_status:?}");

    let accepted: Vec<&Outcome> = outcomes.iter().filter(|outcome| outcome.status != 503).collect();
    let mut took: Vec<Duration> = accepted.iter().map(|outcome| outcome.took).collect();
    took.sort();
    let (middle, most) = (quantile(&took, 500), quantile(&took, 990));
    assert!(most < MOST_PATIENCE, "half within {middle:?}, 99 of 100 within {most:?}");
    let third = Duration::from_secs(seconds.into()) / 3;
    let at_first = accepted.iter().filter(|outcome| outcome.at < third).count();
    let at_last = accepted.iter().filter(|outcome| outcome.at >= 2 * third).count();
    // A few seconds on a machine that does other things as well tell little of how it goes on.
    let is_short = rounds().is_none();
    assert!(
        at_last > 0 && (is_short || at_last * 2 >= at_first),
        "no less is answered as it goes on: {at_first}, then {at_last}"
    );
    let memory = process.peak_memory();
    assert!(memory < MOST_MEMORY, "{memory} MiB");

    for _ in 0..20 {
        let answer = process.get("/portal/login").await.unwrap();
        assert!(answer.status == 200 && answer.took < Duration::from_secs(1), "well again: {answer:?}");
    }
    assert_eq!(process.get("/readyz").await.unwrap().status, 200);
    proof(
        &format!("{TIMES} times more requests than can be answered, on {}", name(kind)),
        &format!(
            "{seconds} s of {rate} requests a second: {} accepted, half within {} ms, 99 of 100 within {} ms; {refused} told by 503 to come again, \
             nobody without an answer; {memory} MiB of memory at most; well again at once",
            accepted.len(),
            middle.as_millis(),
            most.as_millis(),
        ),
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_is_answered_as_far_as_it_can_be_on_sqlite() {
    a_flood(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_is_answered_as_far_as_it_can_be_on_postgres() {
    if Kind::postgres_is_there() {
        a_flood(Kind::Postgres).await;
    }
}
