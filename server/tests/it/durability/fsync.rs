//! What is acknowledged is on the disk before: the kernel is watched while it is asked. Of PostgreSQL those processes are
//! watched that answer us; it is told that it need not wait for the disk, and does for us.

use std::{ops::Range, path::PathBuf};

use sqlx::{AssertSqlSafe, Executor as _};

use super::{
    Scene,
    server::Server,
    tracer::{Tracer, can_trace},
};
use crate::harness::{Asked, Database, Kind, Process, TestApp, proof, rounds};

/// How many writes are watched.
const WRITES: u32 = 10;
/// What only reads, after each.
const READS: u32 = 5;
/// What is watched.
const CALLS: &str = "trace=read,readv,recvfrom,recvmsg,write,writev,sendto,sendmsg,fsync,fdatasync";

/// A trace, with the sign by which the log of the database is known in it.
struct Trace {
    lines: Vec<String>,
    log: &'static str,
}

impl Trace {
    /// Takes it from the file, which goes.
    fn of(file: PathBuf, log: &'static str) -> Self {
        let text = std::fs::read_to_string(&file).unwrap();
        let _ = std::fs::remove_file(file);
        Self { lines: text.lines().map(ToOwned::to_owned).collect(), log }
    }

    /// The lines between what came and the answer: those after the one that brought `mark`, up to the one that sends
    /// `answer` on the same connection.
    fn between(&self, mark: &str, answer: &str) -> Range<usize> {
        let arrived = self.lines.iter().position(|line| line.contains(mark));
        let arrived = arrived.unwrap_or_else(|| panic!("no {mark}"));
        // A call that had to wait is written in two lines; the second has what was read, and no name of the connection.
        let connection = self.connection_of(arrived);
        let mut rest = self.lines[arrived + 1..].iter();
        let answered = rest.position(|line| line.contains(&connection) && line.contains(answer));
        let answered = answered.unwrap_or_else(|| panic!("no answer to {mark} on {connection}"));
        arrived + 1..arrived + 1 + answered
    }

    /// Who made the call that is written in a line.
    fn thread_of(&self, at: usize) -> &str {
        self.lines[at].split_whitespace().next().unwrap()
    }

    fn connection_of(&self, at: usize) -> String {
        let thread = self.thread_of(at);
        let mut until = self.lines[..=at].iter().rev();
        let begun = until.find(|line| line.starts_with(thread) && line.contains("<TCP:["));
        let line = begun.expect("the call that read it");
        let from = line.find("<TCP:[").unwrap();
        line[from..].split('>').take(2).collect::<Vec<_>>().join(">")
    }

    /// How many times the log of the database was put on the disk, by anybody whose call begins with this.
    fn syncs(&self, lines: Range<usize>, thread: &str) -> usize {
        let done = |line: &&String| {
            let begun_and_done = line.contains("sync(") && line.contains(self.log) && line.ends_with("= 0");
            // Nothing but logs is asked to be kept, so whichever ends is one.
            begun_and_done || line.contains("sync resumed>") && line.ends_with("= 0")
        };
        self.lines[lines].iter().filter(|line| line.starts_with(thread)).filter(done).count()
    }

    /// The same between what came and the answer, whoever did it: of several that write, one does it for all.
    fn syncs_before(&self, mark: &str, answer: &str) -> usize {
        self.syncs(self.between(mark, answer), "")
    }

    /// The same by the one alone that answers.
    fn own_syncs_before(&self, mark: &str, answer: &str) -> usize {
        let lines = self.between(mark, answer);
        let thread = self.thread_of(lines.start - 1);
        self.syncs(lines, thread)
    }

    /// Every write was on the disk before it was answered, and what only reads put nothing there; gives what there was.
    fn check(&self, writes: u32) -> String {
        let answer = "\"HTTP/1.1 ";
        let mut without = 0;
        for number in 0..writes {
            for mark in ["MARK", "LINK"] {
                let mark = format!("{mark}-{number}-");
                assert!(
                    self.syncs_before(&mark, answer) > 0,
                    "{mark} was answered before it was on the disk"
                );
            }
            // That it would show where nothing was put on the disk: what only reads. Of the work behind the requests some
            // goes on beside it.
            let reads = (0..READS).map(|again| format!("READ-{number}-{again}-"));
            without += reads.filter(|mark| self.syncs_before(mark, answer) == 0).count();
        }
        assert!(without > 0, "every read seemed to write as well");
        format!(
            "{} of {} writes, and {without} of {} reads without one",
            writes * 2,
            writes * 2,
            writes * READS
        )
    }
}

/// Writes by a program and by a form, and reads, each with a mark by which the trace knows it.
async fn write_and_read(process: &Process, token: &str, writes: u32) {
    for number in 0..writes {
        let document = format!(
            "mutation {{ teamSaveClient(input: {{ name: \"MARK-{number}-\", currency: \"EUR\" }}) {{ id problems {{ code }} }} }}"
        );
        let answer = process.send(&Asked::graphql(token, None, &document)).await.unwrap();
        assert!(answer.status == 200 && answer.body.contains("\"id\":\""), "{}", answer.body);
        let email = format!("LINK-{number}-@clients.test");
        let answer = process.send(&Asked::form("/portal/login", &[("email", &email)])).await.unwrap();
        assert_eq!(answer.status, 303);
        for again in 0..READS {
            let read = Asked::get(&format!("/portal/login?READ-{number}-{again}-"));
            assert_eq!(process.send(&read).await.unwrap().status, 200);
        }
    }
}

fn file_for_trace(of: &str) -> PathBuf {
    std::env::temp_dir().join(format!("postern_trace_{of}_{}", std::process::id()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_acknowledged_on_sqlite_was_put_on_the_disk_before() {
    if !can_trace("fsync before the answer, on SQLite") {
        return;
    }
    let scene = Scene::set(Kind::Sqlite).await;
    let trace = file_for_trace("sqlite");
    let process = {
        let file = trace.display().to_string();
        let launcher = ["strace", "-f", "-qq", "-yy", "-s", "800", "-e", CALLS, "-o", file.as_str()];
        let smtp = scene.app.smtp.url();
        Process::under(&launcher, scene.app.database.url(), &[("SMTP_URL", smtp.as_str())])
    };
    process.serve().await;
    let writes = rounds().unwrap_or(WRITES);
    write_and_read(&process, &scene.token, writes).await;
    process.kill();
    let figure = Trace::of(trace, "-wal>").check(writes);
    proof(
        "SQLite: what is acknowledged was put on the disk before (fdatasync of the log, seen by strace)",
        &figure,
    );
}

/// The server would answer before (`synchronous_commit = off`), and does where it is not told otherwise.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_acknowledged_on_postgres_was_put_on_the_disk_before() {
    let what = "fsync before the answer, on PostgreSQL";
    let Some(server) = Server::new(what) else { return };
    let scene = Scene::of(TestApp::over(Database::of_server(&server.url()), &[]).await).await;
    scene.app.app.store.close().await;
    let database = &scene.app.database;
    let process = scene.process(&server.url());
    process.serve().await;
    let mut other = database.postgres().await;
    // Those that answer somebody. Whoever puts the log on the disk from time to time is not watched.
    let answering = "SELECT CAST(pid AS TEXT) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()";
    let mut watched: Vec<u32> =
        database.texts(answering).await.iter().map(|process| process.parse().unwrap()).collect();
    watched.extend([process.id(), server.id()]);
    let trace = file_for_trace("postgres");
    let options = ["-yy", "-s", "800", "-e", CALLS];
    let Some(mut tracer) = Tracer::prepare(what, &watched, &trace.display().to_string(), &options) else {
        return;
    };
    tracer.attach();
    let writes = rounds().unwrap_or(WRITES);
    write_and_read(&process, &scene.token, writes).await;
    for number in 0..writes {
        let write = format!("UPDATE orgs SET name = name /* OTHER-{number}- */");
        assert!(other.execute(AssertSqlSafe(write)).await.unwrap().rows_affected() > 0);
    }
    tracer.detach();
    let trace = Trace::of(trace, "/pg_wal/");
    let figure = trace.check(writes);
    for number in 0..writes {
        let mark = format!("OTHER-{number}-");
        assert_eq!(trace.own_syncs_before(&mark, "sendto("), 0, "{mark} is as the server would have it");
    }
    proof(
        "PostgreSQL with synchronous_commit = off in its configuration: what is acknowledged was put on the disk before \
         (fdatasync of its log, seen by strace)",
        &format!("{figure}; {writes} of {writes} writes of another's connection without one"),
    );
}
