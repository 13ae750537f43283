//! What is acknowledged is on the disk before: the kernel is watched while it is asked. What PostgreSQL does is its own,
//! and asked of it in `away.rs`.

use std::path::PathBuf;

use super::{Scene, tracer::can_trace};
use crate::harness::{Asked, Kind, Process, proof, rounds};

/// How many writes are watched.
const WRITES: u32 = 10;
/// What only reads, after each.
const READS: u32 = 5;

/// The lines of a trace between a request and its answer: those after the one that brought `mark`, up to the one that
/// sends the answer's status on the same connection.
fn between<'a>(trace: &'a [&'a str], mark: &str) -> &'a [&'a str] {
    let arrived = trace.iter().position(|line| line.contains(mark)).unwrap_or_else(|| panic!("no {mark}"));
    // A call that had to wait is written in two lines; the second has what was read, and no name of the connection.
    let connection = connection_of(trace, arrived);
    let rest = &trace[arrived + 1..];
    let answered = rest.iter().position(|line| line.contains(&connection) && line.contains("\"HTTP/1.1 "));
    &rest[..answered.unwrap_or_else(|| panic!("no answer to {mark} on {connection}"))]
}

fn connection_of(trace: &[&str], at: usize) -> String {
    let thread = trace[at].split_whitespace().next().unwrap();
    let begun = trace[..=at].iter().rev().find(|line| line.starts_with(thread) && line.contains("<TCP:["));
    let line = begun.expect("the call that read it");
    let from = line.find("<TCP:[").unwrap();
    line[from..].split('>').take(2).collect::<Vec<_>>().join(">")
}

/// How many times the log of the database was put on the disk.
fn syncs(lines: &[&str]) -> usize {
    let done = |line: &&&str| {
        let begun_and_done = line.contains("sync(") && line.contains("-wal>") && line.ends_with("= 0");
        // Nothing but logs is asked to be kept, so whichever ends is one.
        begun_and_done || line.contains("sync resumed>") && line.ends_with("= 0")
    };
    lines.iter().filter(done).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_acknowledged_on_sqlite_was_put_on_the_disk_before() {
    if !can_trace() {
        eprintln!("NOT SHOWN HERE: this system lets nobody trace another process: fsync before the answer");
        return;
    }
    let scene = Scene::set(Kind::Sqlite).await;
    let trace = std::env::temp_dir().join(format!("postern_trace_{}", std::process::id()));
    let process = {
        let file = trace.display().to_string();
        let calls = "trace=read,readv,recvfrom,recvmsg,write,writev,sendto,sendmsg,fsync,fdatasync";
        let launcher = ["strace", "-f", "-qq", "-yy", "-s", "800", "-e", calls, "-o", file.as_str()];
        let smtp = scene.app.smtp.url();
        Process::under(&launcher, scene.app.database.url(), &[("SMTP_URL", smtp.as_str())])
    };
    process.serve().await;
    let writes = rounds().unwrap_or(WRITES);
    for number in 0..writes {
        let document = format!(
            "mutation {{ teamSaveClient(input: {{ name: \"MARK-{number}-\", currency: \"EUR\" }}) {{ id problems {{ code }} }} }}"
        );
        let answer = process.send(&Asked::graphql(&scene.token, None, &document)).await.unwrap();
        assert!(answer.status == 200 && answer.body.contains("\"id\":\""), "{}", answer.body);
        let email = format!("LINK-{number}-@clients.test");
        let answer = process.send(&Asked::form("/portal/login", &[("email", &email)])).await.unwrap();
        assert_eq!(answer.status, 303);
        for again in 0..READS {
            let read = Asked::get(&format!("/portal/login?READ-{number}-{again}-"));
            assert_eq!(process.send(&read).await.unwrap().status, 200);
        }
    }
    process.kill();
    check(trace, writes);
}

fn check(file: PathBuf, writes: u32) {
    let text = std::fs::read_to_string(&file).unwrap();
    let _ = std::fs::remove_file(file);
    let lines: Vec<&str> = text.lines().collect();
    let mut without = 0;
    for number in 0..writes {
        for mark in ["MARK", "LINK"] {
            let mark = format!("{mark}-{number}-");
            assert!(syncs(between(&lines, &mark)) > 0, "{mark} was answered before it was on the disk");
        }
        // That it would show where nothing was put on the disk: what only reads. Of the work behind the requests some goes
        // on beside it.
        let reads = (0..READS).map(|again| format!("READ-{number}-{again}-"));
        without += reads.filter(|mark| syncs(between(&lines, mark)) == 0).count();
    }
    assert!(without > 0, "every read seemed to write as well");
    proof(
        "SQLite: what is acknowledged was put on the disk before (fdatasync of the log, seen by strace)",
        &format!(
            "{} of {} writes, and {without} of {} reads without one",
            writes * 2,
            writes * 2,
            writes * READS
        ),
    );
}
