//! PostgreSQL goes away, in each way that there is, and comes back: whoever asks meanwhile is told so within two
//! seconds, and nothing has to be started again.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tokio::{
    sync::watch,
    time::{sleep, timeout},
};

use super::Scene;
use crate::harness::{Answer, Asked, Kind, Line, PATIENCE, Process, Proxy, proof, rounds};

/// For how many seconds it is away.
const AWAY: u32 = 3;
/// How many come at once while it is away.
const CROWD: usize = 300;
/// How long somebody may wait to be told, and how long after its return all is as before: by rule, and where the machine has
/// the other tests to do as well.
const WITHIN: [(Duration, Duration); 2] =
    [(Duration::from_secs(10), Duration::from_secs(30)), (Duration::from_secs(2), Duration::from_secs(5))];

/// One request of each kind, with the status that it has when all is well.
async fn asked(scene: &Scene, process: &Process) -> Vec<(Asked, u16)> {
    let cookie = process.member("owner@alder.test").await;
    let link = scene.world.a1.share_path();
    vec![
        (Asked::get("/readyz"), 200),
        (Asked::get("/app/invoices").with_cookie(&cookie), 200),
        (Asked::get("/app/clients").with_cookie(&cookie), 200),
        (Asked::get(&link), 200),
        (Asked::get("/export/invoices.csv").with_token(&scene.token), 200),
        (Asked::graphql(&scene.token, None, "{ team { invoices { nodes { id } } } }"), 200),
        (Asked::form("/portal/login", &[("email", "a1@clients.test")]), 303),
        (
            Asked::form("/app/login", &[("email", "nobody@alder.test"), ("password", "wrong horse battery")]),
            422,
        ),
    ]
}

/// What somebody met who asked: when, for how long, and what was said.
struct Met {
    path: String,
    began: Instant,
    took: Duration,
    answer: Answer,
    usual: u16,
}

/// Asks one thing after the other until told to stop.
async fn ask_on(
    process: Process,
    asked: Vec<(Asked, u16)>,
    from: usize,
    stop: watch::Receiver<bool>,
) -> Vec<Met> {
    let mut met = vec![];
    for at in from.. {
        if *stop.borrow() {
            break;
        }
        let (request, usual) = &asked[at % asked.len()];
        let began = Instant::now();
        let answer = process.send(request).await.expect("an answer, whatever it says");
        met.push(Met { path: request.path.clone(), began, took: began.elapsed(), answer, usual: *usual });
        sleep(Duration::from_millis(20)).await;
    }
    met
}

/// Every request, once each: whether all are as they are when all is well.
async fn all_is_well(process: &Process, asked: &[(Asked, u16)]) -> bool {
    for (request, usual) in asked {
        match process.send(request).await {
            Ok(answer) if answer.status == *usual => {}
            _ => return false,
        }
    }
    true
}

async fn goes_away(scene: &Scene, line: Line, cut: bool) -> String {
    let proxy = Proxy::to(super::postgres_address()).await;
    let process = scene.process(&super::through(scene.app.database.url(), &proxy));
    process.serve().await;
    let asked = asked(scene, &process).await;
    assert!(all_is_well(&process, &asked).await, "{}", process.log());
    let (told_within, back_within) = WITHIN[usize::from(rounds().is_some())];
    let (stop, stopped) = watch::channel(false);
    // Six people go on asking, before, during and after; what was under way when it went is answered, too.
    let people: Vec<_> = (0..6)
        .map(|person| tokio::spawn(ask_on(process.clone(), asked.clone(), person, stopped.clone())))
        .collect();
    sleep(Duration::from_millis(500)).await;

    let went = Instant::now();
    proxy.set(line);
    if cut {
        proxy.cut();
    }
    let length = Duration::from_secs(rounds().unwrap_or(AWAY).into());
    sleep(Duration::from_millis(100)).await;
    // More than are worked on at once, so that some of them wait in line before they wait for the database.
    let crowd = (0..CROWD).map(|at| {
        let (process, asked) = (process.clone(), asked[at % 2].0.clone());
        async move {
            let began = Instant::now();
            (process.send(&asked).await.unwrap().status, began.elapsed())
        }
    });
    let crowd = join_all(crowd).await;
    assert!(crowd.iter().all(|(status, took)| *status == 503 && *took < told_within), "{line:?}: {crowd:?}");
    while went.elapsed() < length {
        let began = Instant::now();
        let health = process.send(&Asked::get("/healthz")).await.unwrap();
        assert!(health.status == 200 && began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
        assert_eq!(process.send(&Asked::get("/readyz")).await.unwrap().status, 503);
        sleep(Duration::from_millis(200)).await;
    }

    let came = Instant::now();
    proxy.set(Line::Passes);
    let back = async {
        while !all_is_well(&process, &asked).await {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, back).await.unwrap_or_else(|_| panic!("it comes back: {}", process.log()));
    let back_after = came.elapsed();
    assert!(back_after < back_within, "{line:?}: back after {back_after:?}");
    // The worker goes on as well: what is asked for now is mailed.
    let mails = scene.app.smtp.count_to("b2@clients.test");
    process.send(&Asked::form("/portal/login", &[("email", "b2@clients.test")])).await.unwrap();
    let mailed = async {
        while scene.app.smtp.count_to("b2@clients.test") <= mails {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(back_within, mailed).await.expect("the worker works again");
    stop.send(true).unwrap();

    let (mut told, mut slowest) = (0, Duration::ZERO);
    for person in people {
        for met in person.await.unwrap() {
            let (status, took) = (met.answer.status, met.took);
            assert!(took < told_within, "{line:?}: {} took {took:?}, {status}", met.path);
            let began_while_away = met.began > went + Duration::from_millis(50) && met.began + took < came;
            if began_while_away {
                assert_eq!(status, 503, "{line:?}: {}: {}", met.path, met.answer.body);
            }
            assert!(status == 503 || status == met.usual, "{line:?}: {} {status}", met.path);
            if status == 503 {
                told += 1;
                slowest = slowest.max(took);
                assert_eq!(met.answer.header("retry-after"), "5", "{}", met.path);
                let words = ["Not reachable at the moment", "UNAVAILABLE", "the database does not answer"];
                assert!(words.iter().any(|words| met.answer.body.contains(words)), "{}", met.answer.body);
            }
        }
    }
    assert!(told > 10, "{told}");
    format!(
        "{told} requests told, the slowest after {} ms; all well {} ms after its return",
        slowest.as_millis(),
        back_after.as_millis()
    )
}

/// Nobody listens; whoever connects hears nothing; and that again, while what stood is closed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_goes_away_is_told_in_time_and_nothing_is_started_again() {
    if !Kind::postgres_is_there() {
        return;
    }
    let scene = Scene::set(Kind::Postgres).await;
    let mut figures = vec![];
    for (what, line, cut) in [
        ("it refuses", Line::Refuses, false),
        ("it falls silent", Line::Hangs, false),
        ("it closes what stood, and is silent", Line::Hangs, true),
    ] {
        figures.push(format!("{what}: {}", goes_away(&scene, line, cut).await));
    }
    proof(
        &format!(
            "PostgreSQL away for {} s: 503 within 2 s, alive but not ready, all well within 5 s of its return, no restart",
            rounds().unwrap_or(AWAY)
        ),
        &figures.join("; "),
    );
}

/// A statement that is slow is not one that nobody answers: it may take its time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_statement_that_waits_for_another_is_not_given_up() {
    if !Kind::postgres_is_there() {
        return;
    }
    let scene = Scene::set(Kind::Postgres).await;
    let process = scene.process(scene.app.database.url());
    process.serve().await;
    let mut other = scene.app.database.postgres().await;
    sqlx::raw_sql("BEGIN; LOCK TABLE clients IN ACCESS EXCLUSIVE MODE").execute(&mut other).await.unwrap();
    let request = Asked::graphql(&scene.token, None, "{ team { clients { nodes { id } } } }");
    let began = Instant::now();
    let slow = tokio::spawn({
        let process = process.clone();
        async move { process.send(&request).await.unwrap() }
    });
    sleep(Duration::from_secs(3)).await;
    sqlx::raw_sql("COMMIT").execute(&mut other).await.unwrap();
    let answer = slow.await.unwrap();
    assert!(answer.status == 200 && !answer.body.contains("errors"), "{}", answer.body);
    let took = began.elapsed();
    assert!(took > Duration::from_secs(3));
    proof(
        "A statement that waits for another's lock is not taken for a PostgreSQL that is away",
        &format!("held up for 3 s, answered 200 after {} ms", took.as_millis()),
    );
}

/// What is acknowledged is on the disk, also where the server was told that it need not be.
#[tokio::test]
async fn a_commit_waits_for_the_disk_whatever_the_server_was_told() {
    if !Kind::postgres_is_there() {
        return;
    }
    let scene = Scene::set(Kind::Postgres).await;
    let name = scene.app.database.url().rsplit('/').next().unwrap().to_owned();
    let settings = [("off", "on"), ("local", "local"), ("remote_apply", "remote_apply")];
    for (told, holds) in settings {
        scene.app.database.execute(&format!("ALTER DATABASE {name} SET synchronous_commit = '{told}'")).await;
        let node = scene.app.second_node().await;
        let session = node.app.store.session_setting("synchronous_commit").await.unwrap();
        assert_eq!(session, holds, "{told}");
        node.app.store.close().await;
    }
    let figures = settings.map(|(told, holds)| format!("told {told}: {holds}"));
    proof("A commit waits for PostgreSQL's disk, whatever the server was told", &figures.join("; "));
}
