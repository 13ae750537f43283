//! A PostgreSQL of one test's own, which can be stopped at once, and have a disk that gets full. It keeps its writes as any
//! server does, but for `synchronous_commit`, which would let it lose the last ones.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use super::small_disk::SmallDisk;

/// In MB: what a new server takes, its log, and somewhat more.
const SIZE: u32 = 120;
/// With a log of small segments, sixteen of which it keeps for what comes.
const SMALL_LOG: &str = " -c min_wal_size=16MB -c max_wal_size=64MB";

/// The server.
pub struct Server {
    folder: PathBuf,
    /// Where its data is: in the folder, or on a disk of its own.
    disk: Option<SmallDisk>,
    bin: PathBuf,
    port: u16,
}

impl Server {
    /// `None` where there is no PostgreSQL to start; then it says what is not shown.
    pub fn new(what: &str) -> Option<Self> {
        Self::with(what, false)
    }

    /// The same on a small disk.
    pub fn on_small_disk(what: &str) -> Option<Self> {
        Self::with(what, true)
    }

    fn with(what: &str, has_disk: bool) -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../bin/postgres-folder");
        let found = Command::new(script).output().ok().filter(|output| output.status.success());
        let Some(found) = found else {
            eprintln!("NOT SHOWN HERE: bin/postgres-folder finds no PostgreSQL of its own: {what}");
            return None;
        };
        let bin = PathBuf::from(String::from_utf8(found.stdout).unwrap().trim());
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("postern_server_{}_{number}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        if is_root() {
            // PostgreSQL refuses to run as root.
            super::tracer::tool("chown", &["postgres", &folder.display().to_string()]);
        }
        let disk = if has_disk {
            let mounted_at = folder.join("disk");
            std::fs::create_dir_all(&mounted_at).unwrap();
            Some(SmallDisk::for_postgres(&mounted_at, SIZE, what)?)
        } else {
            None
        };
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let server = Self { folder, disk, bin, port };
        // In MB: small ones where there is little room.
        let segments = if has_disk { "--wal-segsize=1" } else { "--wal-segsize=16" };
        let usual = ["--username=postern", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"];
        server.run("initdb", &[&usual[..], &[segments]].concat());
        server.start();
        Some(server)
    }

    pub fn url(&self) -> String {
        format!("postgres://postern@127.0.0.1:{}/postgres", self.port)
    }

    /// The disk that it has to itself.
    pub fn disk(&self) -> PathBuf {
        self.disk.as_ref().expect("it has one").folder()
    }

    /// The number of the process that all others are children of.
    pub fn id(&self) -> u32 {
        let pid = std::fs::read_to_string(self.data().join("postmaster.pid")).unwrap();
        pid.lines().next().unwrap().parse().unwrap()
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(self.folder.join("log")).unwrap_or_default()).into_owned()
    }

    pub fn start(&self) {
        let settings = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories={} -c synchronous_commit=off -c max_connections=60{}",
            self.port,
            self.folder.display(),
            if self.disk.is_some() { SMALL_LOG } else { "" }
        );
        let log = format!("--log={}", self.folder.join("log").display());
        self.run("pg_ctl", &[&log, &format!("--options={settings}"), "--wait", "--silent", "start"]);
    }

    /// Whether it runs: it ends itself where it cannot write its log.
    pub fn is_running(&self) -> bool {
        self.try_run("pg_ctl", &["status"])
    }

    /// As if its machine's power had failed, but for what the kernel holds.
    pub fn crash(&self) {
        self.run("pg_ctl", &["--mode=immediate", "--wait", "--silent", "stop"]);
    }

    fn data(&self) -> PathBuf {
        self.disk.as_ref().map_or_else(|| self.folder.clone(), SmallDisk::folder).join("data")
    }

    fn run(&self, name: &str, arguments: &[&str]) {
        assert!(self.try_run(name, arguments), "{name} {arguments:?}: {}", self.log());
    }

    fn try_run(&self, name: &str, arguments: &[&str]) -> bool {
        let program = self.bin.join(name).display().to_string();
        let data = format!("--pgdata={}", self.data().display());
        let mut words: Vec<&str> = if is_root() { vec!["runuser", "-u", "postgres", "--"] } else { vec![] };
        words.extend([program.as_str(), data.as_str()]);
        words.extend(arguments);
        let mut command = Command::new(words[0]);
        // In a folder that its user may enter.
        command.args(&words[1..]).current_dir("/");
        // Its output would be held open by the server.
        let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
        status.is_ok_and(|status| status.success())
    }
}

/// Whether PostgreSQL has to run as somebody else.
pub fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    String::from_utf8_lossy(&id.stdout).trim() == "0"
}

impl Drop for Server {
    fn drop(&mut self) {
        self.try_run("pg_ctl", &["--mode=immediate", "--wait", "--silent", "stop"]);
        drop(self.disk.take());
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
