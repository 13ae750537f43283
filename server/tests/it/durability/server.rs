//! A PostgreSQL of one test's own, which can be stopped at once. It keeps its writes as any server does, but for
//! `synchronous_commit`, which would let it lose the last ones.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

/// The server.
pub struct Server {
    folder: PathBuf,
    bin: PathBuf,
    port: u16,
}

impl Server {
    /// `None` where there is no PostgreSQL to start.
    pub fn new() -> Option<Self> {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../bin/postgres-folder");
        let found = Command::new(script).output().ok().filter(|output| output.status.success())?;
        let bin = PathBuf::from(String::from_utf8(found.stdout).unwrap().trim());
        let folder = std::env::temp_dir().join(format!("postern_server_{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let server = Self { folder, bin, port };
        if is_root() {
            // PostgreSQL refuses to run as root.
            super::tracer::tool("chown", &["postgres", &server.folder.display().to_string()]);
        }
        server.run("initdb", &["--username=postern", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]);
        server.start();
        Some(server)
    }

    pub fn url(&self) -> String {
        format!("postgres://postern@127.0.0.1:{}/postgres", self.port)
    }

    pub fn start(&self) {
        let settings = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories={} -c synchronous_commit=off -c max_connections=60",
            self.port,
            self.folder.display()
        );
        let log = format!("--log={}", self.folder.join("log").display());
        self.run("pg_ctl", &[&log, &format!("--options={settings}"), "--wait", "--silent", "start"]);
    }

    /// As if its machine's power had failed, but for what the kernel holds.
    pub fn crash(&self) {
        self.run("pg_ctl", &["--mode=immediate", "--wait", "--silent", "stop"]);
    }

    fn run(&self, name: &str, arguments: &[&str]) {
        assert!(self.try_run(name, arguments), "{name} {arguments:?}");
    }

    fn try_run(&self, name: &str, arguments: &[&str]) -> bool {
        let program = self.bin.join(name).display().to_string();
        let data = format!("--pgdata={}", self.folder.join("data").display());
        let mut words: Vec<&str> = if is_root() { vec!["runuser", "-u", "postgres", "--"] } else { vec![] };
        words.extend([program.as_str(), data.as_str()]);
        words.extend(arguments);
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).current_dir(&self.folder);
        // Its output would be held open by the server.
        let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
        status.is_ok_and(|status| status.success())
    }
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    String::from_utf8_lossy(&id.stdout).trim() == "0"
}

impl Drop for Server {
    fn drop(&mut self) {
        self.try_run("pg_ctl", &["--mode=immediate", "--wait", "--silent", "stop"]);
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
