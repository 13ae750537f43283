//! More than can be taken (rule O7): a flood of requests, a crowd of connections that say nothing, and an end in the
//! middle of it. A real process, real sockets, real signals.

mod crowd;
mod ending;
mod flood;

use std::{
    fmt::Write as _,
    io::ErrorKind,
    net::TcpListener,
    process::{Child, Command, ExitStatus, Stdio},
    sync::Mutex,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{sleep, timeout},
};

use crate::harness::{Kind, SHARE_SECRET, TestApp};

/// What a small machine has to give, in MiB. The code itself, of which all that was run counts, is twice as large
/// where it is not optimised.
const MOST_MEMORY: u64 = if cfg!(debug_assertions) { 300 } else { 150 };
/// How long anything may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// The application's name and database, in a process of its own.
struct Process {
    child: Mutex<Child>,
    port: u16,
}

impl Process {
    /// Serves, on the database of this application.
    async fn start(app: &TestApp) -> Self {
        Self::start_with(app, &[], None).await
    }

    /// With other variables, and so many descriptors.
    async fn start_with(app: &TestApp, variables: &[(&str, &str)], descriptors: Option<u32>) -> Self {
        // Bound and let go: nobody else is given it soon.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let program = env!("CARGO_BIN_EXE_postern");
        let mut command = match descriptors {
            None => Command::new(program),
            Some(most) => {
                let mut shell = Command::new("sh");
                shell.args(["-c", &format!("ulimit -n {most} && exec \"$0\" \"$@\""), program]);
                shell
            }
        };
        command.arg("serve").stdout(Stdio::null()).stderr(Stdio::null()).envs([
            ("LISTEN", format!("127.0.0.1:{port}")),
            ("PUBLIC_URL", format!("http://127.0.0.1:{port}")),
            ("DATABASE_URL", app.database.url().to_owned()),
            ("PORTAL_SESSION_SECRET", "portal-secret-portal-secret-portal".to_owned()),
            ("TEAM_SESSION_SECRET", "team-secret-team-secret-team-secret".to_owned()),
            ("SHARE_LINK_SECRET", SHARE_SECRET.to_owned()),
            ("SMTP_URL", app.smtp.url()),
            ("MAIL_FROM", "portal@pay.example.test".to_owned()),
        ]);
        command.envs(variables.iter().copied());
        let process = Self { child: Mutex::new(command.spawn().unwrap()), port };
        let up = async {
            while !matches!(process.get("/readyz").await, Ok(answer) if answer.status == 200) {
                sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(PATIENCE, up).await.expect("it starts");
        process
    }

    fn pid(&self) -> u32 {
        self.child.lock().unwrap().id()
    }

    /// The most memory that it has had so far, in MiB.
    fn peak_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        peak.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
    }

    /// How many descriptors it has open.
    fn descriptors(&self) -> usize {
        std::fs::read_dir(format!("/proc/{}/fd", self.pid())).unwrap().count()
    }

    /// SIGTERM.
    fn terminate(&self) {
        let pid = Pid::from_raw(i32::try_from(self.pid()).unwrap()).unwrap();
        kill_process(pid, Signal::TERM).unwrap();
    }

    /// Waits until it has ended.
    async fn ended(&self) -> ExitStatus {
        let ended = async {
            loop {
                if let Some(status) = self.child.lock().unwrap().try_wait().unwrap() {
                    return status;
                }
                sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(PATIENCE, ended).await.expect("it ends")
    }

    async fn connect(&self) -> std::io::Result<TcpStream> {
        TcpStream::connect(("127.0.0.1", self.port)).await
    }

    /// The head of a request, without its last line.
    fn head(&self, method: &str, path: &str) -> String {
        let host = format!("127.0.0.1:{}", self.port);
        format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n")
    }

    /// Asks on a connection of its own.
    async fn get(&self, path: &str) -> std::io::Result<Answer> {
        self.ask("GET", path, None).await
    }

    /// Sends a form, its body after its head, as browsers do.
    async fn post(&self, path: &str, body: &str) -> std::io::Result<Answer> {
        self.ask("POST", path, Some(body)).await
    }

    async fn ask(&self, method: &str, path: &str, body: Option<&str>) -> std::io::Result<Answer> {
        let began = Instant::now();
        let asked = async {
            let mut stream = self.connect().await?;
            let mut head = self.head(method, path) + "Connection: close\r\n";
            if let Some(body) = body {
                head += "Content-Type: application/x-www-form-urlencoded\r\n";
                let _ = write!(head, "Content-Length: {}\r\n", body.len());
            }
            stream.write_all((head + "\r\n").as_bytes()).await?;
            if let Some(body) = body {
                tokio::task::yield_now().await;
                stream.write_all(body.as_bytes()).await?;
            }
            Answer::read(&mut stream).await
        };
        let answer =
            timeout(PATIENCE, asked).await.map_err(|_| std::io::Error::from(ErrorKind::TimedOut))??;
        Ok(Answer { took: began.elapsed(), ..answer })
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let mut child = self.child.lock().unwrap();
        let _ = child.kill();
        let _ = child.wait();
    }
}

/// What came back.
#[derive(Debug)]
struct Answer {
    status: u16,
    text: String,
    took: Duration,
}

impl Answer {
    /// All that comes until the other side closes.
    async fn read(stream: &mut TcpStream) -> std::io::Result<Self> {
        let mut bytes = vec![];
        stream.read_to_end(&mut bytes).await?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let status = text.split(' ').nth(1).and_then(|status| status.parse().ok());
        Ok(Self { status: status.ok_or(ErrorKind::UnexpectedEof)?, text, took: Duration::ZERO })
    }
}

/// The names of the databases, as figures say them.
const fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Sqlite => "SQLite",
        Kind::Postgres => "PostgreSQL",
    }
}

/// A session of a contact that is good for the process as well, whose time is the machine's.
async fn portal_cookie(app: &TestApp, email: &str) -> String {
    let browser = app.signed_in(email).await;
    app.database.execute("UPDATE portal_sessions SET expires_at = '2099-01-01 00:00:00+00:00'").await;
    format!("postern_portal={}", browser.cookies["__Host-postern_portal"])
}

/// The value below which so many in a thousand are.
fn quantile(sorted: &[Duration], per_mille: usize) -> Duration {
    sorted
        .get((sorted.len() * per_mille / 1000).min(sorted.len().saturating_sub(1)))
        .copied()
        .unwrap_or_default()
}
