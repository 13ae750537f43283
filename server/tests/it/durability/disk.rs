//! The disk is full, or fails: what cannot be kept is refused in words, what can be read is read, nothing is damaged, and
//! when the trouble is over, writes go on in the same process. SQLite: the disk of PostgreSQL is its server's.

use std::{fs::File, io::Write as _, path::Path, time::Duration};

use tokio::time::{sleep, timeout};

use super::{
    Scene,
    stage::{Stage, Trouble},
    tracer::{Tracer, tool},
};
use crate::harness::{Kind, PATIENCE, Process, proof};

/// Mounts a file system of 12 MB in `$0` that nobody else sees, puts the database there, and becomes the process. Needs no
/// more than a kernel that lets users have namespaces.
const SMALL_DISK: &str =
    "mount -t tmpfs -o size=12m tmpfs \"$0\" && cp \"$1\" \"$0/postern.db\" && shift && exec \"$@\"";
/// The same with the log on the disk that will be full.
const SMALL_DISK_WITH_LOG: &str = "mount -t tmpfs -o size=12m tmpfs \"$0\" && cp \"$1\" \"$0/postern.db\" && shift && exec \"$@\" >\"$0/log\" 2>&1";
/// A file that would be too long is an error and no signal.
const IGNORES_LIMIT: &str = "trap '' XFSZ; exec \"$@\"";

fn can_mount() -> bool {
    let done =
        std::process::Command::new("unshare").args(["-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).status();
    let can = done.is_ok_and(|status| status.success());
    if !can {
        eprintln!(
            "NOT SHOWN HERE: this system lets nobody mount a small disk (user namespaces are off): a full disk"
        );
    }
    can
}

/// Writes until there is no room for another byte.
fn fill(disk: &Path) {
    let mut filler = File::create(disk.join("filler")).unwrap();
    for size in [1 << 20, 4096, 1] {
        while filler.write_all(&vec![0; size]).is_ok() {}
    }
}

async fn full(script: &'static str) -> Option<String> {
    if !can_mount() {
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
    let stage = Stage::new(&scene, process, disk.join("postern.db")).await;
    let has_own_log = script == SMALL_DISK;
    let trouble = Trouble {
        what: "the disk is full",
        log: has_own_log.then_some("database or disk is full"),
        reads_go_on: true,
        seems_damaged: false,
        begin: async || fill(&disk),
        end: async || std::fs::remove_file(disk.join("filler")).unwrap(),
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
        proof("A full disk (SQLite): refused in words, read on, nothing damaged, no restart", &figure);
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
    let stage = Stage::new(&scene, process, file.clone().into()).await;
    let trouble = Trouble {
        what: "files may not grow (EFBIG)",
        log: Some("disk I/O error"),
        reads_go_on: true,
        seems_damaged: false,
        begin: async || {
            let length = std::fs::metadata(format!("{file}-wal")).unwrap().len();
            limit(&length.to_string()).await;
        },
        end: async || limit("unlimited").await,
    };
    let figure = stage.endure(trouble).await;
    proof(
        "Files that may not grow (SQLite): refused in words, read on, nothing damaged, no restart",
        &figure,
    );
}

/// The device fails (`EIO`), when it is written to, when it is asked to keep what was written, and when it is read.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_device_that_fails_is_told_and_nothing_is_damaged() {
    let scene = Scene::set(Kind::Sqlite).await;
    let process = scene.process(scene.app.database.url());
    process.serve().await;
    let file = scene.app.database.url().trim_start_matches("sqlite://").to_owned();
    let wal = format!("{file}-wal");
    let stage = Stage::new(&scene, process, file.clone().into()).await;
    let mut figures = vec![];
    for (what, calls, reads_go_on) in [
        ("writing fails (EIO)", "write,pwrite64,ftruncate", true),
        ("keeping what was written fails (EIO)", "fdatasync,fsync", true),
        ("all of the device fails (EIO)", "read,pread64,write,pwrite64,ftruncate,fdatasync,fsync", false),
    ] {
        let inject = format!("inject={calls}:error=EIO");
        let options = ["-e", &format!("trace={calls}"), "-e", &inject, "-P", &file, "-P", &wal];
        let Some(mut tracer) = Tracer::prepare(stage.process.id(), &options) else {
            eprintln!("NOT SHOWN HERE: this system lets nobody trace another process: {what}");
            return;
        };
        let tracer = std::cell::RefCell::new(&mut tracer);
        let trouble = Trouble {
            what,
            log: Some("disk I/O error"),
            reads_go_on,
            seems_damaged: !reads_go_on,
            begin: async || tracer.borrow_mut().attach(),
            end: async || tracer.borrow_mut().detach(),
        };
        figures.push(stage.endure(trouble).await);
    }
    proof("A device that fails (SQLite): refused in words, nothing damaged, no restart", &figures.join("; "));
}

/// There is no file descriptor left: whoever comes waits, and is answered once there is one, or once somebody idle has made room.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_file_descriptors_one_waits_and_is_answered_after() {
    let scene = Scene::set(Kind::Sqlite).await;
    let process = scene.process(scene.app.database.url());
    process.serve().await;
    let process_id = process.id();
    let file = scene.app.database.url().trim_start_matches("sqlite://").to_owned();
    let stage = Stage::new(&scene, process, file.into()).await;
    stage.add("Before").await.unwrap();
    // The lowest number that is free would be the next one's.
    let free =
        (0..20_000).find(|number| !Path::new(&format!("/proc/{process_id}/fd/{number}")).exists()).unwrap();
    let limit = |most: &str| {
        tool("prlimit", &["--pid", &process_id.to_string(), &format!("--nofile={most}:20000")]);
    };
    limit(&free.to_string());
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
    if waiting.await.unwrap().is_err() {
        stage.add("While there was none").await.unwrap();
    }
    stage.add("After").await.unwrap();
    stage.check(&["Before", "While there was none", "After"].map(String::from), &[]).await;
}
