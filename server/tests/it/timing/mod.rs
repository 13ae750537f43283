//! How long the login takes to answer tells nothing about an address (rule L2): over TCP, with the worker at work, four
//! classes of address, held against each other by two t-tests, of all samples and of what belongs together.
//!
//! What the worker does for one request may hold up the next one, and does more for an address that it knows. So in each
//! round every class is asked for once after every class, in a random order: what comes before is the same for all. How
//! much the next one is held up is told as well.
//!
//! `TEST_ROUNDS` says how many of each; with 10,000 the trimmed means are held against each other as well, which only an
//! optimised build on a quiet machine can keep, and the same samples with 30 µs more for one class must not pass.

mod statistics;

use std::{net::SocketAddr, time::Instant};

use chrono::TimeDelta;
use postern::{http, jobs, serve};
use sqlx::{PgConnection, SqliteConnection};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
    sync::watch,
};

use self::statistics::{Round, held_up, judge, slower, trimmed_mean};
use crate::{
    harness::{Dice, Kind, PATIENCE, PUBLIC_URL, TestApp, proof, rounds},
    world::World,
};

const CLASSES: [(&str, &str); 4] = [
    ("known", "a1@clients.test"),
    ("unknown", "nobody@clients.test"),
    ("access off", "a2@clients.test"),
    ("plan without portal", "b1@clients.test"),
];
const KNOWN: usize = 0;
const USUAL: u32 = 300;
const LONG: usize = 10_000;
/// Rounds that are not measured.
const WARM_UP: u32 = 12;
/// More than five requests for one address within ten minutes would not be looked at (rule L3), and there may be five in a
/// round.
const PAUSE: TimeDelta = TimeDelta::minutes(11);
/// What must be found in the long form, in microseconds.
const CONTROL: f64 = 30.0;

/// A connection of its own for each round, for one that is idle for long is closed; in turn from different addresses, each of
/// which may ask as often as the limit for one address allows.
async fn connect(server: SocketAddr, round: u32) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    let last = u8::try_from(2 + round % 19).unwrap();
    socket.bind(SocketAddr::from(([127, 0, 0, last], 0))).unwrap();
    let stream = socket.connect(server).await.unwrap();
    stream.set_nodelay(true).unwrap();
    stream
}

/// Asks for a link, and gives the microseconds until all of the answer was there.
async fn ask(stream: &mut TcpStream, email: &str) -> f64 {
    let body = format!("email={}&next=", email.replace('@', "%40"));
    let request = format!(
        "POST /portal/login HTTP/1.1\r\nHost: pay.example.test\r\nOrigin: {PUBLIC_URL}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let began = Instant::now();
    stream.write_all(request.as_bytes()).await.unwrap();
    let (mut answer, mut part) = (vec![], [0; 8192]);
    loop {
        let read = stream.read(&mut part).await.unwrap();
        assert!(read > 0, "the connection ended");
        answer.extend_from_slice(&part[..read]);
        if answer.windows(4).any(|end| end == b"\r\n\r\n") {
            break;
        }
    }
    let micros = began.elapsed().as_secs_f64() * 1e6;
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.starts_with("HTTP/1.1 303") && answer.contains("content-length: 0\r\n"), "{answer}");
    micros
}

/// Every class once after every class, in a random order. The first comes after none.
fn order(dice: &mut Dice) -> Vec<usize> {
    let mut following = [[0, 1, 2, 3]; 4].map(Vec::from);
    for classes in &mut following {
        for place in (1..classes.len()).rev() {
            classes.swap(place, usize::try_from(dice.below(place as u64 + 1)).unwrap());
        }
    }
    // Where there is no way on, all ways from there have been gone, and what is left begins further back (Hierholzer).
    let mut way = vec![usize::try_from(dice.below(4)).unwrap()];
    let mut order = vec![];
    while let Some(class) = way.last() {
        match following[*class].pop() {
            Some(next) => way.push(next),
            None => order.extend(way.pop()),
        }
    }
    order
}

/// Looks whether the worker has anything to do.
enum Onlooker {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Onlooker {
    async fn of(app: &TestApp) -> Self {
        match app.database.kind {
            Kind::Sqlite => Self::Sqlite(app.database.sqlite().await),
            Kind::Postgres => Self::Postgres(app.database.postgres().await),
        }
    }

    /// Waits until all is done that was asked for.
    async fn see_all_done(&mut self) {
        const LEFT: &str = "SELECT (SELECT COUNT(*) FROM jobs) + \
            (SELECT COUNT(*) FROM outbox WHERE sent_at IS NULL AND failed_at IS NULL)";
        let since = Instant::now();
        loop {
            let left: i64 = match self {
                Self::Sqlite(connection) => sqlx::query_scalar(LEFT).fetch_one(connection).await.unwrap(),
                Self::Postgres(connection) => sqlx::query_scalar(LEFT).fetch_one(connection).await.unwrap(),
            };
            if left == 0 {
                break;
            }
            assert!(since.elapsed() < PATIENCE, "{left} jobs and mails are left");
        }
    }
}

async fn measure(kind: Kind, name: &str) {
    let app = TestApp::start(kind).await;
    World::fill(&app).await;
    app.database
        .execute("UPDATE contacts SET portal_access = FALSE WHERE email_norm = 'a2@clients.test'")
        .await;
    app.database.execute("UPDATE orgs SET plan = 'free' WHERE slug = 'birch'").await;
    let listener = serve::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = watch::channel(false);
    let router = http::router(app.app.clone());
    let server =
        tokio::spawn(async move { serve::accept_until(&listener, router, std::future::pending()).await });
    let worker = tokio::spawn(jobs::work(app.app.clone(), stopped));

    let wanted = rounds().unwrap_or(USUAL).div_ceil(4);
    let mut onlooker = Onlooker::of(&app).await;
    let (mut measured, mut known) = (vec![], 0);
    let mut dice = Dice::new(11);
    for number in 0..wanted + WARM_UP {
        let mut stream = connect(address, number).await;
        let mut round = Round::default();
        let mut before = None;
        app.clock.advance(PAUSE);
        for class in order(&mut dice) {
            let micros = ask(&mut stream, CLASSES[class].1).await;
            known += usize::from(class == KNOWN);
            if let Some(before) = before.replace(class) {
                round[class][before] = micros;
            }
            // Nor does the clock move on while a mail is on its way: it would be taken for one that got lost.
            onlooker.see_all_done().await;
        }
        if number >= WARM_UP {
            measured.push(round);
        }
    }
    stop.send(true).unwrap();
    worker.await.unwrap();
    server.abort();
    app.work().await;

    // What was measured is what it is called: each request for the known address was answered by a mail, and none was over
    // the limit.
    assert_eq!(app.smtp.count_to(CLASSES[KNOWN].1), known, "{name}: mails to the known address");
    assert_eq!(app.smtp.mails().len(), known, "{name}: mails");
    let over =
        app.database.number("SELECT COUNT(*) FROM login_requests WHERE outcome NOT IN ('mailed', 'nobody')");
    assert_eq!(over.await, 0, "{name}: requests over the limit");

    let widest = judge(&measured).unwrap_or_else(|differ| panic!("{name}: {differ}"));
    let mut control = String::new();
    if measured.len() * 4 >= LONG {
        for (class, (called, _)) in CLASSES.iter().enumerate() {
            assert!(
                judge(&slower(&measured, class, CONTROL)).is_err(),
                "{name}: {called}, {CONTROL} µs slower"
            );
        }
        control = format!(" {CONTROL} µs more for any class are found.");
    }
    let all: Vec<f64> = measured.iter().flatten().flatten().copied().collect();
    proof(
        &format!("How long the login takes tells nothing about an address, {name}"),
        &format!(
            "{} of each of four classes, mean {:.0} µs, {known} mails for {known} requests for the known address, none for the others: \
             largest Welch's t {:.2}, of pairs {:.2}, trimmed means at most {:.1} µs apart.{control} The next request, whosever it is, \
             takes {:.0} µs more after one for a known address",
            measured.len() * 4,
            trimmed_mean(&all),
            widest.welch,
            widest.paired,
            widest.apart,
            held_up(&measured),
        ),
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn how_long_the_login_takes_tells_nothing_about_an_address_on_sqlite() {
    measure(Kind::Sqlite, "SQLite").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn how_long_the_login_takes_tells_nothing_about_an_address_on_postgresql() {
    if Kind::postgres_is_there() {
        measure(Kind::Postgres, "PostgreSQL").await;
    }
}

#[test]
fn every_class_is_asked_for_once_after_every_class() {
    let mut dice = Dice::new(3);
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..100 {
        let order = order(&mut dice);
        let mut pairs: Vec<(usize, usize)> = order.windows(2).map(|pair| (pair[0], pair[1])).collect();
        pairs.sort_unstable();
        let all: Vec<(usize, usize)> = (0..4).flat_map(|a| (0..4).map(move |b| (a, b))).collect();
        assert_eq!(pairs, all);
        // So many as are looked at within ten minutes, if it is the first as well.
        assert!(order.iter().filter(|class| **class == KNOWN).count() <= 5);
        seen.insert(order);
    }
    assert!(seen.len() > 90, "{}", seen.len());
}
