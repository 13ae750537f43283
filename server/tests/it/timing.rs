//! How long the login takes to answer tells nothing about an address (rule L2): over TCP, with the worker at work, four
//! classes of address in a random order, held against each other by Welch's t-test.
//!
//! `TEST_ROUNDS` says how many of each; with 10,000 the trimmed means are held against each other as well, which only an
//! optimised build on a quiet machine can keep.

use std::{net::SocketAddr, time::Instant};

use postern::{http, jobs, serve};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
    sync::watch,
};

use crate::{
    harness::{Dice, Kind, PUBLIC_URL, TestApp, proof, rounds},
    world::World,
};

const CLASSES: [(&str, &str); 4] = [
    ("known", "a1@clients.test"),
    ("unknown", "nobody@clients.test"),
    ("access off", "a2@clients.test"),
    ("plan without portal", "b1@clients.test"),
];
const USUAL: u32 = 300;
const WARM_UP: u32 = 50;
/// Beyond it, one says that two samples differ (<https://eprint.iacr.org/2015/207>, section 3).
const T_LIMIT: f64 = 4.5;
/// How far the means of the middle nine tenths may be from each other, in microseconds.
const MEAN_LIMIT: f64 = 15.0;

/// Connections from different addresses: each may ask as often as the limit for one address allows.
async fn connections(server: SocketAddr) -> Vec<TcpStream> {
    let mut connections = vec![];
    for last in 2..=20_u8 {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::from(([127, 0, 0, last], 0))).unwrap();
        let stream = socket.connect(server).await.unwrap();
        stream.set_nodelay(true).unwrap();
        connections.push(stream);
    }
    connections
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

/// The sample without its lowest and highest twentieth.
fn trimmed(sample: &[f64]) -> Vec<f64> {
    let mut sorted = sample.to_vec();
    sorted.sort_by(f64::total_cmp);
    let cut = sorted.len() / 20;
    sorted[cut..sorted.len() - cut].to_vec()
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

    let wanted = rounds().unwrap_or(USUAL);
    let mut connections = connections(address).await;
    let mut samples: [Vec<f64>; 4] = Default::default();
    let mut dice = Dice::new(11);
    for round in 0..wanted + WARM_UP {
        let at = usize::try_from(round).unwrap() % connections.len();
        let mut order = [0, 1, 2, 3];
        for place in (1..order.len()).rev() {
            order.swap(place, usize::try_from(dice.below(place as u64 + 1)).unwrap());
        }
        for class in order {
            let micros = ask(&mut connections[at], CLASSES[class].1).await;
            if round >= WARM_UP {
                samples[class].push(micros);
            }
        }
    }
    stop.send(true).unwrap();
    worker.await.unwrap();
    server.abort();

    let (mut widest_t, mut widest_mean) = (0.0_f64, 0.0_f64);
    for a in 0..4 {
        for b in a + 1..4 {
            // Of the whole samples: without their ends they would seem to vary less than they do.
            let t = welch(&samples[a], &samples[b]);
            let apart = (moments(&trimmed(&samples[a])).0 - moments(&trimmed(&samples[b])).0).abs();
            (widest_t, widest_mean) = (widest_t.max(t), widest_mean.max(apart));
            assert!(t < T_LIMIT, "{name}: {} and {} differ: t = {t:.2}", CLASSES[a].0, CLASSES[b].0);
            assert!(
                wanted < 10_000 || apart < MEAN_LIMIT,
                "{name}: {} and {} are {apart:.1} µs apart",
                CLASSES[a].0,
                CLASSES[b].0
            );
        }
    }
    let mean = moments(&trimmed(&samples[0])).0;
    proof(
        &format!("How long the login takes tells nothing about an address, {name}"),
        &format!(
            "{wanted} of each of four classes, mean {mean:.0} µs: largest Welch's t {widest_t:.2}, trimmed means at most {widest_mean:.1} µs apart"
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
