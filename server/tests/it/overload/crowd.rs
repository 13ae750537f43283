//! Thousands of connections that say nothing, or a byte a second, and come again as soon as they are closed: nobody else
//! is kept out.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinSet,
    time::{sleep, timeout},
};

use super::{Answer, MOST_MEMORY, PATIENCE, Process, name, quantile};
use crate::{
    harness::{TestApp, both_databases, proof, rounds},
    world::World,
};

/// Seconds, on each database.
const USUAL: u32 = 2;
/// Connections in the usual form, and in the long one.
const CONNECTIONS: [usize; 2] = [1_000, 10_000];
/// Of these, so many send a body that does not come to an end: far more than are worked on at once.
const BODIES: usize = 600;
/// How long those whose connection was closed stay away.
const PAUSE: Duration = Duration::from_secs(5);
/// Nobody waits for longer.
const MOST_PATIENCE: Duration = Duration::from_secs(2);

/// How it goes for those who keep connections.
#[derive(Default)]
struct Held {
    come: AtomicUsize,
    cut_bodies: AtomicUsize,
    longest_body: AtomicUsize,
    is_over: AtomicBool,
}

/// Keeps a connection, in one of four ways, and comes again when it is closed, after a pause.
async fn hold(process: Arc<Process>, held: Arc<Held>, number: usize, pause: Duration) {
    while !held.is_over.load(Ordering::Relaxed) {
        let Ok(mut stream) = process.connect().await else {
            sleep(Duration::from_millis(100)).await;
            continue;
        };
        held.come.fetch_add(1, Ordering::Relaxed);
        let began = Instant::now();
        let _ = match number {
            0..BODIES => {
                let beginning = process.head("POST", "/portal/login")
                    + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\n";
                drip(&mut stream, &beginning, "a", &held).await
            }
            _ if number.is_multiple_of(3) => {
                drip(&mut stream, &process.head("GET", "/portal/login"), "X", &held).await
            }
            _ if number % 3 == 1 => {
                let request = process.head("GET", "/healthz") + "\r\n";
                drip(&mut stream, &request, "", &held).await
            }
            _ => drip(&mut stream, "", "", &held).await,
        };
        if number < BODIES && !held.is_over.load(Ordering::Relaxed) {
            let took = usize::try_from(began.elapsed().as_millis()).unwrap();
            held.cut_bodies.fetch_add(1, Ordering::Relaxed);
            held.longest_body.fetch_max(took, Ordering::Relaxed);
        }
        // Those who send bodies come again at once, so that there are always many of them.
        sleep(if number < BODIES { Duration::ZERO } else { pause }).await;
    }
}

/// Sends the beginning and then a piece each second, until the other side closes or it is over.
async fn drip(stream: &mut TcpStream, beginning: &str, piece: &str, held: &Held) -> std::io::Result<()> {
    stream.write_all(beginning.as_bytes()).await?;
    let mut answer = [0; 4096];
    let mut quiet = 0;
    while !held.is_over.load(Ordering::Relaxed) {
        match timeout(Duration::from_millis(250), stream.read(&mut answer)).await {
            Ok(Ok(0) | Err(_)) => return Ok(()),
            Ok(Ok(_)) => {}
            Err(_) => quiet += 1,
        }
        if quiet % 4 == 3 {
            stream.write_all(piece.as_bytes()).await?;
        }
    }
    Ok(())
}

/// Waits until everybody has come for the first time.
async fn all_here(held: &Held, connections: usize) {
    let all = async {
        while held.come.load(Ordering::Relaxed) < connections {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, all).await.expect("they come");
}

async fn a_crowd(app: TestApp) {
    World::fill(&app).await;
    let descriptors = postern::serve::raise_descriptor_limit();
    let wanted = CONNECTIONS[usize::from(rounds().is_some())];
    let connections = wanted.min(usize::try_from(descriptors).unwrap_or(wanted).saturating_sub(1_000));
    let process = Arc::new(Process::start(&app).await);
    let held = Arc::new(Held::default());
    let mut crowd = JoinSet::new();
    for number in 0..connections {
        crowd.spawn(hold(Arc::clone(&process), Arc::clone(&held), number, PAUSE));
    }
    all_here(&held, connections).await;

    let began = Instant::now();
    let seconds = Duration::from_secs(rounds().unwrap_or(USUAL).into());
    let (mut took, mut open, mut refused) = (vec![], 0, 0);
    while began.elapsed() < seconds || held.cut_bodies.load(Ordering::Relaxed) < BODIES {
        let asked: [Answer; 3] = [
            process.get("/portal/login").await.unwrap(),
            process.post("/portal/login", "email=a1%40clients.test").await.unwrap(),
            process.get("/readyz").await.unwrap(),
        ];
        for (answer, expected) in asked.iter().zip([&[200][..], &[303, 429], &[200]]) {
            // When hundreds come again in one moment, that is a flood for a moment.
            let is_refused = answer.status == 503 && answer.text.contains("\r\nretry-after: ");
            assert!(is_refused || expected.contains(&answer.status), "{answer:?}");
            refused += usize::from(is_refused);
        }
        took.extend(asked.iter().map(|answer| answer.took));
        open = open.max(process.descriptors());
        sleep(Duration::from_millis(50)).await;
        assert!(began.elapsed() < seconds + PATIENCE, "those who send bodies are cut off");
    }
    assert!(refused * 20 <= took.len(), "{refused} of {} were told to come again", took.len());
    took.sort();
    let (most, middle) = (quantile(&took, 1000), quantile(&took, 500));
    assert!(most < MOST_PATIENCE, "half within {middle:?}, all within {most:?}");
    let memory = process.peak_memory();
    assert!(memory < MOST_MEMORY, "{memory} MiB");
    let longest_body = held.longest_body.load(Ordering::Relaxed);
    assert!(longest_body < 20_000, "a body that drips is cut off before long: {longest_body} ms");
    held.is_over.store(true, Ordering::Relaxed);
    crowd.shutdown().await;
    let kind = app.database.kind;
    proof(
        &format!("Idle connections, half-sent heads and bodies keep nobody out, on {}", name(kind)),
        &format!(
            "{connections} connections that come again some seconds after they are closed, a third silent, a third idle after an answer, a third a byte a second, {BODIES} of \
             them in a body; {open} descriptors open at once; {} requests of others meanwhile, {refused} of them told to come again, half within {} ms, all within {} ms; bodies cut off \
             after {} s at most; {memory} MiB of memory at most",
            took.len(),
            middle.as_millis(),
            most.as_millis(),
            longest_body.div_ceil(1000),
        ),
    );
}

/// More connections than there are descriptors: the oldest idle ones make room.
async fn few_descriptors(app: TestApp) {
    let process = Arc::new(Process::start_with(&app, &[("DATABASE_CONNECTIONS", "4")], Some(300)).await);
    let held = Arc::new(Held::default());
    let mut crowd = JoinSet::new();
    for number in 0..600 {
        crowd.spawn(hold(Arc::clone(&process), Arc::clone(&held), BODIES + number, PAUSE));
    }
    all_here(&held, 600).await;
    for _ in 0..20 {
        let answer = process.get("/portal/login").await.unwrap();
        assert!(answer.status == 200 && answer.took < MOST_PATIENCE, "{answer:?}");
        assert!(process.descriptors() < 300, "some are left");
        sleep(Duration::from_millis(50)).await;
    }
    crowd.shutdown().await;
}

both_databases! {
    /// Connections that say nothing, heads and bodies that drip.
    async fn a_crowd_keeps_nobody_out(app: TestApp) {
        a_crowd(app).await;
    }

    /// Twice as many connections as there are descriptors.
    async fn descriptors_never_run_out(app: TestApp) {
        few_descriptors(app).await;
    }
}
