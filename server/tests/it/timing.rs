//! How long the login takes to answer tells nothing about an address (rule L2): over TCP, with the worker at work, four
//! classes of address, held against each other by two t-tests, of all samples and of what belongs together.
//!
//! What the worker does for one request may hold up the next one, and does more for an address that it knows. So in each
//! round every class is asked for once after every class, in a random order: what comes before is the same for all. How
//! much the next one is held up is told as well.
//!
//! `TEST_ROUNDS` says how many of each; with 10,000 the trimmed means are held against each other as well, which only an
//! optimised build on a quiet machine can keep, and the same samples with 30 µs more for one class must not pass.

use std::{net::SocketAddr, time::Instant};

use chrono::TimeDelta;
use postern::{http, jobs, serve};
use sqlx::{PgConnection, SqliteConnection};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
    sync::watch,
};

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
/// Beyond it, one says that two samples differ (<https://eprint.iacr.org/2015/207>, section 3).
const T_LIMIT: f64 = 4.5;
/// How far the means of the middle nine tenths may be from each other, in microseconds.
const MEAN_LIMIT: f64 = 15.0;
/// What must be found in the long form, in microseconds.
const CONTROL: f64 = 30.0;

/// The microseconds of one round: of each class after each class.
type Round = [[f64; 4]; 4];

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

/// Mean, variance and number.
fn moments(sample: &[f64]) -> (f64, f64, f64) {
    let n = f64::from(u32::try_from(sample.len()).unwrap());
    let mean = sample.iter().sum::<f64>() / n;
    let variance = sample.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (mean, variance, n)
}

/// Welch's t: how many standard errors the means are apart.
fn welch(a: &[f64], b: &[f64]) -> f64 {
    let ((mean_a, variance_a, n_a), (mean_b, variance_b, n_b)) = (moments(a), moments(b));
    (mean_a - mean_b).abs() / (variance_a / n_a + variance_b / n_b).sqrt()
}

/// The t of what two have in pairs: how many standard errors the mean of the differences is from nothing.
fn paired(a: &[f64], b: &[f64]) -> f64 {
    let differences: Vec<f64> = a.iter().zip(b).map(|(a, b)| a - b).collect();
    let (mean, variance, n) = moments(&differences);
    mean.abs() / (variance / n).sqrt()
}

/// The mean of a sample without its lowest and highest twentieth.
fn trimmed_mean(sample: &[f64]) -> f64 {
    let mut sorted = sample.to_vec();
    sorted.sort_by(f64::total_cmp);
    let cut = sorted.len() / 20;
    moments(&sorted[cut..sorted.len() - cut]).0
}

/// The largest differences of any two classes.
#[derive(Debug, Default)]
struct Widest {
    welch: f64,
    paired: f64,
    apart: f64,
}

/// How far the classes are apart; or which two of them somebody could tell from each other.
fn judge(rounds: &[Round]) -> Result<Widest, String> {
    // Of the whole samples: without their ends they would seem to vary less than they do.
    let samples: Vec<Vec<f64>> =
        (0..4).map(|class| rounds.iter().flat_map(|round| round[class]).collect()).collect();
    let of_rounds: Vec<Vec<f64>> =
        (0..4).map(|class| rounds.iter().map(|round| moments(&round[class]).0).collect()).collect();
    let mut widest = Widest::default();
    for a in 0..4 {
        for b in a + 1..4 {
            let welch = welch(&samples[a], &samples[b]);
            let paired = paired(&of_rounds[a], &of_rounds[b]);
            let apart = (trimmed_mean(&samples[a]) - trimmed_mean(&samples[b])).abs();
            widest.welch = widest.welch.max(welch);
            widest.paired = widest.paired.max(paired);
            widest.apart = widest.apart.max(apart);
            if welch.max(paired) >= T_LIMIT || samples[a].len() >= LONG && apart >= MEAN_LIMIT {
                let (a, b) = (CLASSES[a].0, CLASSES[b].0);
                return Err(format!(
                    "{a} and {b} differ: Welch's t {welch:.2}, of pairs {paired:.2}, {apart:.1} µs apart"
                ));
            }
        }
    }
    Ok(widest)
}

/// The same rounds with one class slower by so many microseconds.
fn slower(rounds: &[Round], class: usize, by: f64) -> Vec<Round> {
    let mut rounds = rounds.to_vec();
    rounds.iter_mut().flat_map(|round| &mut round[class]).for_each(|micros| *micros += by);
    rounds
}

/// How much longer a request takes after one for a known address than after the others.
fn held_up(rounds: &[Round]) -> f64 {
    let after = |is: fn(usize) -> bool| -> Vec<f64> {
        let of_class =
            |class: [f64; 4]| (0..4).filter(move |before| is(*before)).map(move |before| class[before]);
        rounds.iter().flatten().copied().flat_map(of_class).collect()
    };
    trimmed_mean(&after(|before| before == KNOWN)) - trimmed_mean(&after(|before| before != KNOWN))
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

/// Samples as a machine has them: most near to each other, some far out, and all of a round slower or quicker by up to
/// `drift`.
fn samples(wanted: usize, noise: f64, drift: f64, seed: u64) -> Vec<Round> {
    let mut dice = Dice::new(seed);
    let mut share = |of: f64| of * f64::from(u32::try_from(dice.below(1_000_000)).unwrap()) / 1e6;
    let one = |share: &mut dyn FnMut(f64) -> f64| {
        let far_out = if share(1.0) < 0.02 { share(10.0 * noise) } else { 0.0 };
        1_000.0 + share(noise) + share(noise) + far_out
    };
    (0..wanted / 4)
        .map(|_| {
            let of_round = share(drift);
            [(); 4].map(|()| [(); 4].map(|()| one(&mut share) + of_round))
        })
        .collect()
}

#[test]
fn a_class_that_is_slower_is_told_from_the_others() {
    for seed in 1..=10 {
        let long = samples(LONG, 300.0, 200.0, seed);
        judge(&long).unwrap();
        for (class, (called, _)) in CLASSES.iter().enumerate() {
            let told = judge(&slower(&long, class, CONTROL)).unwrap_err();
            assert!(told.contains(called), "{told}");
            judge(&slower(&long, class, -CONTROL)).unwrap_err();
        }
        // So few show no less than they can.
        let short = samples(300, 300.0, 200.0, seed);
        judge(&short).unwrap();
        judge(&slower(&short, KNOWN, 200.0)).unwrap_err();
    }
}

#[test]
fn each_of_both_statistics_finds_what_the_other_does_not() {
    // Rounds differ much from each other, and within each one class is slower.
    let drifting = slower(&samples(300, 100.0, 20_000.0, 1), 1, 80.0);
    let flat = |class: usize| -> Vec<f64> { drifting.iter().flat_map(|round| round[class]).collect() };
    assert!(welch(&flat(0), &flat(1)) < 1.0);
    assert!(judge(&drifting).unwrap_err().starts_with("known and unknown differ"));
    // What is slow in one class is quick in the other of the same round: the pairs vary more than the classes.
    let a: Vec<f64> = (0..300).map(|at| if at % 2 == 0 { 0.0 } else { 100.0 }).collect();
    let b: Vec<f64> = a.iter().map(|a| 120.0 - a).collect();
    assert!(welch(&a, &b) > T_LIMIT && paired(&a, &b) < T_LIMIT, "{} {}", welch(&a, &b), paired(&a, &b));
}
