//! The disk is full, or fails: what cannot be kept is refused by status and in words, what can be read is read, nothing is
//! damaged, and when the trouble is over, writes go on in the same process.

use std::{
    cell::RefCell,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use sqlx::Executor as _;
use tokio::time::{sleep, timeout};

use super::{
    Scene,
    server::Server,
    small_disk::{can_mount, fill, free},
    stage::{Kept, Seen, Stage, Trouble},
    tracer::{Tracer, tool},
};
use crate::harness::{Database, Kind, PATIENCE, Process, TestApp, proof};

/// Mounts a file system of 12 MB in `$0` that nobody else sees, puts the database there, and becomes the process. Needs no
/// more than a kernel that lets users have namespaces.
const SMALL_DISK: &str =
    "mount -t tmpfs -o size=12m tmpfs \"$0\" && cp \"$1\" \"$0/postern.db\" && shift && exec \"$@\"";
/// The same with the log on the disk that will be full.
const SMALL_DISK_WITH_LOG: &str = "mount -t tmpfs -o size=12m tmpfs \"$0\" && cp \"$1\" \"$0/postern.db\" && shift && exec \"$@\" >\"$0/log\" 2>&1";
/// A file that would be too long is an error and no signal.
const IGNORES_LIMIT: &str = "trap '' XFSZ; exec \"$@\"";

async fn full(script: &'static str) -> Option<String> {
    if !can_mount("-rm", "a full disk of SQLite") {
        return None;
    }
    let scene = Scene::set(Kind::Sqlite).await;
    scene.app.app.store.close().await;
    let seed = scene.app.database.url().trim_start_matches("sqlite://").to_owned();
    let folder = std::env::temp_dir().join(format!("postern_disk_{}_{}", std::process::id(), script.len()));
    std::fs::create_dir_all(&folder).unwrap();
    let place = folder.display().to_string();
    let launcher = ["unshare", "-rm", "sh", "-c", script, &place, &seed];
    let smtp = scene.app.smtp.url();
    let process = Process::under(&launcher, &format!("sqlite://{place}/postern.db"), &[("SMTP_URL", &smtp)]);
    process.serve().await;
    let disk = std::path::PathBuf::from(format!("/proc/{}/root{place}", process.id()));
    let stage = Stage::new(&scene, process, Seen::File(disk.join("postern.db"))).await;
    let has_own_log = script == SMALL_DISK;
    let trouble = Trouble {
        what: "the disk is full",
        log: has_own_log.then_some("database or disk is full"),
        reads_go_on: true,
        begin: async || fill(&disk),
        end: async || free(&disk),
    };
    let figure = stage.endure(trouble).await;
    stage.process.kill();
    let _ = std::fs::remove_dir(&folder);
    Some(figure)
}

/// No room for another byte.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_told_and_nothing_is_damaged() {
    if let Some(figure) = full(SMALL_DISK).await {
        proof("A full disk (SQLite): told by 503, read on, nothing damaged, no restart", &figure);
    }
}

/// The log is on the same disk: what cannot be logged is no reason to stop.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_cannot_be_written_stops_nobody() {
    if let Some(figure) = full(SMALL_DISK_WITH_LOG).await {
        proof("The same with the log on the full disk", &figure);
    }
}

/// Files may not grow any more (`EFBIG`), as under a quota.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_may_not_grow_is_told_and_nothing_is_damaged() {
    let scene = Scene::set(Kind::Sqlite).await;
    let smtp = scene.app.smtp.url();
    let launcher = ["sh", "-c", IGNORES_LIMIT, "sh"];
    let process = Process::under(&launcher, scene.app.database.url(), &[("SMTP_URL", &smtp)]);
    process.serve().await;
    let file = scene.app.database.url().trim_start_matches("sqlite://").to_owned();
    let process_id = process.id().to_string();
    let limit = async |bytes: &str| {
        tool("prlimit", &["--pid", &process_id, &format!("--fsize={bytes}:unlimited")]);
    };
    let stage = Stage::new(&scene, process, Seen::File(file.clone().into())).await;
    let trouble = Trouble {
        what: "files may not grow (EFBIG)",
        log: Some("disk I/O error"),
        reads_go_on: true,
        begin: async || {
            // Neither of the two: a log that has become the database's is written anew from its beginning.
            let lengths =
                ["", "-wal"].map(|ending| std::fs::metadata(format!("{file}{ending}")).unwrap().len());
            limit(&lengths.into_iter().min().unwrap().to_string()).await;
        },
        end: async || limit("unlimited").await,
    };
    let figure = stage.endure(trouble).await;
    proof("Files that may not grow (SQLite): told by 503, read on, nothing damaged, no restart", &figure);
}

/// The device fails (`EIO`), when it is written to, when it is asked to keep what was written, and when it is read.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_device_that_fails_is_told_and_nothing_is_damaged() {
    let scene = Scene::set(Kind::Sqlite).await;
    let process = scene.process(scene.app.database.url());
    process.serve().await;
    let file = scene.app.database.url().trim_start_matches("sqlite://").to_owned();
    let wal = format!("{file}-wal");
    let stage = Stage::new(&scene, process, Seen::File(file.clone().into())).await;
    let mut figures = vec![];
    for (what, calls, reads_go_on) in [
        ("writing fails (EIO)", "write,pwrite64,ftruncate", true),
        ("keeping what was written fails (EIO)", "fdatasync,fsync", true),
        ("all of the device fails (EIO)", "read,pread64,write,pwrite64,ftruncate,fdatasync,fsync", false),
    ] {
        let inject = format!("inject={calls}:error=EIO");
        let options = ["-e", &format!("trace={calls}"), "-e", &inject, "-P", &file, "-P", &wal];
        let Some(tracer) = Tracer::prepare(what, &[stage.process.id()], "/dev/null", &options) else {
            return;
        };
        let tracer = RefCell::new(tracer);
        let trouble = Trouble {
            what,
            log: Some("disk I/O error"),
            reads_go_on,
            begin: async || tracer.borrow_mut().attach(),
            end: async || tracer.borrow_mut().detach(),
        };
        figures.push(stage.endure(trouble).await);
    }
    proof("A device that fails (SQLite): told by 503, nothing damaged, no restart", &figures.join("; "));
}

/// There is no file descriptor left: whoever comes waits, and is answered once there is one, or once somebody idle has made room.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_file_descriptors_one_waits_and_is_answered_after() {
    let scene = Scene::set(Kind::Sqlite).await;
    let process = scene.process(scene.app.database.url());
    process.serve().await;
    let process_id = process.id();
    let file = scene.app.database.url().trim_start_matches("sqlite://").to_owned();
    let stage = Stage::new(&scene, process, Seen::File(file.into())).await;
    stage.add("Before").await.unwrap();
    // The lowest number that is free would be the next one's.
    let free =
        (0..20_000).find(|number| !Path::new(&format!("/proc/{process_id}/fd/{number}")).exists()).unwrap();
    let limit = |most: &str| {
        tool("prlimit", &["--pid", &process_id.to_string(), &format!("--nofile={most}:20000")]);
    };
    limit(&free.to_string());
    let began = Instant::now();
    let waiting = {
        let stage = stage.clone();
        tokio::spawn(async move { stage.add("While there was none").await })
    };
    let told = async {
        while !stage.process.log().contains("could not be accepted") {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, told).await.expect("the log says so");
    // Perhaps somebody idle has made room already.
    limit("20000");
    // Who was there and had said nothing yet may have made room itself, and asks again.
    let asked_again = waiting.await.unwrap().is_err();
    if asked_again {
        stage.add("While there was none").await.unwrap();
    }
    let answered_after = began.elapsed();
    stage.add("After").await.unwrap();
    let names = ["Before", "While there was none", "After"].map(String::from).to_vec();
    stage.check(&Kept { names, ..Kept::default() }).await;
    assert_eq!(stage.process.faults(), "");
    proof(
        "No file descriptor left: the log says so, whoever comes is answered once there is one, no restart",
        &format!(
            "3 writes there once each, the one without a descriptor answered {} ms after it began{}",
            answered_after.as_millis(),
            if asked_again { ", when it asked again" } else { "" }
        ),
    );
}

/// Begins so many segments of PostgreSQL's log, or as many as there is room for.
async fn begin_segments(database: &Database, most: u32) {
    let mut connection = database.postgres().await;
    for _ in 0..most {
        for statement in
            ["SELECT pg_logical_emit_message(FALSE, 'postern', 'segment')", "SELECT pg_switch_wal()"]
        {
            if connection.execute(statement).await.is_err() {
                return;
            }
        }
    }
}

/// PostgreSQL's disk is full: first where its log still has room, which is refused statement by statement, then where it
/// has none, at which PostgreSQL ends itself and is started again once there is room, as by whatever looks after services.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_of_postgres_is_told_and_nothing_is_damaged() {
    let Some(server) = Server::on_small_disk("a full disk of PostgreSQL") else { return };
    let scene = Scene::of(TestApp::over(Database::of_server(&server.url()), &[]).await).await;
    scene.app.app.store.close().await;
    let process = scene.process(&server.url());
    process.serve().await;
    let life = process.id();
    let stage = Stage::new(&scene, process, Seen::Server(Arc::clone(&scene.app.database))).await;
    let disk = server.disk();
    let database = &scene.app.database;
    // What the log has had at once, it keeps for what comes: it is written on while nothing else can be.
    begin_segments(database, 20).await;
    database.execute("CHECKPOINT").await;
    let room_in_log = Trouble {
        what: "no room for data",
        log: Some("could not extend file"),
        reads_go_on: true,
        begin: async || fill(&disk),
        end: async || free(&disk),
    };
    let first = stage.endure(room_in_log).await;
    assert!(!server.log().contains("PANIC"), "{}", server.log());
    let no_room = Trouble {
        what: "none for its log either, at which PostgreSQL ends itself",
        log: Some("the database does not answer"),
        reads_go_on: false,
        begin: async || {
            fill(&disk);
            begin_segments(database, 200).await;
            let ended = async {
                while server.is_running() {
                    sleep(Duration::from_millis(50)).await;
                }
            };
            timeout(PATIENCE, ended).await.expect("it ends itself");
        },
        end: async || {
            free(&disk);
            server.start();
        },
    };
    let second = stage.endure(no_room).await;
    assert!(server.log().contains("PANIC"), "{}", server.log());
    assert_eq!(stage.process.id(), life, "Postern was not started again");
    proof(
        "A full disk (PostgreSQL): told by 503, read on while PostgreSQL runs, nothing damaged, no restart of Postern",
        &format!("{first}; {second}"),
    );
}
