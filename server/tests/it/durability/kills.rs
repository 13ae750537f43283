//! A process is killed at any moment while several write, and starts again: what was acknowledged is there, what was not is
//! there once after it was sent again, books and numbers are whole, and every mail arrives (rules M8, O3).

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use tokio::time::{sleep, timeout};

use super::{
    Scene,
    server::Server,
    writer::{Acknowledged, Writer},
};
use crate::{
    billing::{figures_that_do_not_add_up, invoices_that_do_not_add_up},
    harness::{Database, Dice, Kind, PATIENCE, Process, TestApp, proof, rounds},
};

/// How many times it is killed, on each database.
const KILLS: u32 = 8;
/// How many write at the same time.
const WRITERS: u64 = 4;
/// How many mails a process sends at once: more cannot be in its hands when it is killed.
const MAILS_AT_ONCE: usize = 4;

/// Who is killed.
enum Victim {
    Process,
    /// In turn: the process, its database server, both.
    AndServer(Server),
}

impl Victim {
    fn kill(&self, process: &Process, round: u32) {
        let Self::AndServer(server) = self else { return process.kill() };
        let turn = round % 3;
        if turn != 1 {
            process.kill();
        }
        if turn != 0 {
            server.crash();
            server.start();
        }
    }
}

async fn killed_under_load(scene: Scene, victim: Victim) {
    let kills = rounds().unwrap_or(KILLS);
    let database = &scene.app.database;
    scene.app.app.store.close().await;
    let process = scene.process(database.url());
    process.serve().await;
    let stop = Arc::new(AtomicBool::new(false));
    let again = Arc::new(AtomicU32::new(0));
    let writers: Vec<_> = (0..WRITERS)
        .map(|number| {
            let writer = Writer::new(&scene, process.clone(), number, Arc::clone(&again));
            tokio::spawn(writer.write_until(Arc::clone(&stop)))
        })
        .collect();
    let mut dice = Dice::new(77);
    for round in 0..kills {
        sleep(Duration::from_millis(50 + dice.below(700))).await;
        victim.kill(&process, round);
        process.serve().await;
        release(database).await;
    }
    stop.store(true, Ordering::Relaxed);
    let mut acknowledged = Acknowledged::default();
    while !writers.iter().all(tokio::task::JoinHandle::is_finished) {
        sleep(Duration::from_millis(50)).await;
        release(database).await;
    }
    for writer in writers {
        acknowledged.append(writer.await.unwrap());
    }
    deliver_the_rest(database, &process).await;
    assert_eq!(process.faults(), "", "no fault of ours");
    process.kill();
    acknowledged.check(database).await;
    check_books(&scene.app).await;
    check_whole(database).await;
    let repeated = check_mails(&scene, &acknowledged, kills).await;
    let what = match (database.kind, &victim) {
        (Kind::Sqlite, _) => "SQLite: the process killed",
        (Kind::Postgres, Victim::Process) => "PostgreSQL: the process killed",
        (Kind::Postgres, Victim::AndServer(_)) => {
            "PostgreSQL: the process and the server killed in turn, synchronous_commit = off in its configuration"
        }
    };
    proof(
        &format!("{what} under load: nothing acknowledged is lost, nothing is there twice"),
        &format!(
            "{kills} kills, {} writes acknowledged, {} sent again, {} invoices without a gap, {} mails, {repeated} of them repeated once",
            acknowledged.count(),
            again.load(Ordering::Relaxed),
            acknowledged.sent.len(),
            scene.app.smtp.mails().len() - repeated,
        ),
    );
}

/// Who was killed with a key in hand keeps it for a minute, each life takes a share of the token's minute, and only so many
/// mails go to one address a day: here nobody waits for any of it.
async fn release(database: &Database) {
    // Mails are counted for the org first and then for each address. Whoever takes those rows in another order locks out one
    // who counts, and is locked out: so the whole table, or nothing.
    let lock = if database.kind == Kind::Postgres { "LOCK TABLE attempts; " } else { "" };
    for release in [
        "UPDATE idempotency_keys SET claimed_until = created_at WHERE answer IS NULL AND claimed_until > created_at",
        "UPDATE api_tokens SET window_taken = 0",
        &format!("{lock}DELETE FROM attempts"),
    ] {
        database.execute(release).await;
    }
}

/// What a killed worker held is left alone for a minute or two; here nobody waits for it.
async fn deliver_the_rest(database: &Database, process: &Process) {
    let due = "UPDATE jobs SET run_at = '2026-01-01 00:00:00+00:00' WHERE attempts > 0; \
        UPDATE outbox SET run_at = '2026-01-01 00:00:00+00:00' WHERE sent_at IS NULL AND failed_at IS NULL AND attempts > 0";
    let left = "SELECT (SELECT COUNT(*) FROM jobs WHERE kind = 'login_request') + (SELECT COUNT(*) FROM outbox WHERE sent_at IS NULL)";
    // What is under way now is not to be taken from who does it.
    sleep(Duration::from_secs(1)).await;
    let rest = async {
        let mut before = i64::MAX;
        loop {
            let now = database.number(left).await;
            if now == 0 {
                return;
            }
            if now == before {
                database.execute(due).await;
            }
            before = now;
            sleep(Duration::from_secs(2)).await;
        }
    };
    assert!(timeout(4 * PATIENCE, rest).await.is_ok(), "all is delivered in the end: {}", process.log());
}

async fn check_books(app: &TestApp) {
    assert_eq!(figures_that_do_not_add_up(app).await, 0);
    assert_eq!(invoices_that_do_not_add_up(app).await, 0);
    let unbalanced = "SELECT COUNT(*) FROM client_balances b WHERE outstanding_minor <> (SELECT COALESCE(SUM(i.total_minor - i.paid_minor), 0) \
        FROM invoices i WHERE i.org_id = b.org_id AND i.client_id = b.client_id AND i.currency = b.currency AND i.settlement = 'open')";
    assert_eq!(app.database.number(unbalanced).await, 0);
}

/// Nothing is damaged, and whatever names something else finds it.
pub async fn check_whole(database: &Database) {
    match database.kind {
        Kind::Sqlite => {
            assert_eq!(database.texts("PRAGMA integrity_check").await, ["ok"]);
            assert_eq!(database.texts("SELECT \"table\" FROM pragma_foreign_key_check").await, [""; 0]);
        }
        Kind::Postgres => {
            // Every foreign key is looked at again, row by row.
            let keys = "SELECT format('ALTER TABLE %s VALIDATE CONSTRAINT %I', conrelid::regclass, conname) FROM pg_constraint WHERE contype = 'f'";
            let validate = database.texts(keys).await;
            assert!(validate.len() > 10);
            database.execute("UPDATE pg_constraint SET convalidated = FALSE WHERE contype = 'f'").await;
            database.execute(&validate.join(";")).await;
            assert_eq!(database.number("SELECT COUNT(*) FROM pg_constraint WHERE NOT convalidated").await, 0);
        }
    }
}

/// Every invoice was mailed, and who was told of nothing twice but what was in a killed worker's hands. Gives how many were
/// repeated.
async fn check_mails(scene: &Scene, acknowledged: &Acknowledged, kills: u32) -> usize {
    let database = &scene.app.database;
    let mut copies = BTreeMap::<String, usize>::new();
    for mail in scene.app.smtp.mails() {
        *copies.entry(mail.header("Message-ID")).or_default() += 1;
    }
    let sent = format!(
        "SELECT {} || ' ' || CAST(attempts AS TEXT) FROM outbox WHERE sent_at IS NOT NULL",
        database.uuid_as_text("id")
    );
    let mut repeated = 0;
    for row in database.texts(&sent).await {
        let (id, attempts) = row.split_once(' ').unwrap();
        let arrived = copies.remove(&format!("<{id}@pay.example.test>")).unwrap_or_default();
        assert!((1..=2).contains(&arrived), "{id} arrived {arrived} times, {attempts} attempts");
        assert!(arrived == 1 || attempts != "1", "{id} was repeated, and nobody died over it");
        repeated += usize::from(arrived == 2);
    }
    assert_eq!(copies, BTreeMap::new(), "mails that nobody wrote down");
    assert!(repeated <= kills as usize * MAILS_AT_ONCE, "{repeated}");
    let mails = database.number("SELECT COUNT(*) FROM outbox WHERE kind = 'invoice'").await;
    assert_eq!(
        usize::try_from(mails).unwrap(),
        acknowledged.sent.len(),
        "one for each invoice that was sent"
    );
    assert_eq!(database.number("SELECT COUNT(*) FROM outbox WHERE failed_at IS NOT NULL").await, 0);
    let numbers =
        database.texts("SELECT number FROM invoices WHERE number LIKE 'alder-%' ORDER BY number").await;
    let wanted: BTreeSet<String> =
        (0..acknowledged.sent.len()).map(|at| format!("alder-{}", 100 + at)).collect();
    assert_eq!(numbers.into_iter().collect::<BTreeSet<_>>(), wanted, "no gap");
    repeated
}

/// On SQLite.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_process_loses_nothing_that_it_acknowledged_on_sqlite() {
    killed_under_load(Scene::set(Kind::Sqlite).await, Victim::Process).await;
}

/// On PostgreSQL.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_process_loses_nothing_that_it_acknowledged_on_postgres() {
    if Kind::postgres_is_there() {
        killed_under_load(Scene::set(Kind::Postgres).await, Victim::Process).await;
    }
}

/// And where PostgreSQL itself is stopped at once, with a configuration that would lose the last moments.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_database_server_loses_nothing_that_was_acknowledged() {
    if !Kind::postgres_is_there() {
        return;
    }
    let Some(server) = Server::new("a database server that is killed") else { return };
    let app = TestApp::over(Database::of_server(&server.url()), &[]).await;
    killed_under_load(Scene::of(app).await, Victim::AndServer(server)).await;
}
