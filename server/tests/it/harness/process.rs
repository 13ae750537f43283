//! The real thing: `postern serve` as a process of its own, which can be killed, asked by HTTP, and put under a launcher.

use std::{
    fs::File,
    net::TcpListener,
    os::unix::process::CommandExt as _,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{sleep, timeout},
};

use super::SHARE_SECRET;

/// How long anything may take.
pub const PATIENCE: Duration = Duration::from_secs(30);

static COUNT: AtomicU32 = AtomicU32::new(0);

/// A process that serves. It ends with the last of its handles.
#[derive(Clone)]
pub struct Process {
    inner: Arc<Inner>,
    pub port: u16,
}

struct Inner {
    child: Mutex<Option<Child>>,
    launcher: Vec<String>,
    variables: Vec<(String, String)>,
    log: PathBuf,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    /// A header's value, or nothing.
    pub fn header(&self, name: &str) -> &str {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.into_iter().find_map(|(known, value)| (known == name).then_some(value)).unwrap_or_default()
    }
}

/// A request.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    pub method: &'static str,
    pub path: String,
    /// Besides those that every request of a page has.
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
}

impl Asked {
    pub fn get(path: &str) -> Self {
        Self { method: "GET", path: path.to_owned(), ..Self::default() }
    }

    /// A form of one of our own pages.
    pub fn form(path: &str, fields: &[(&str, &str)]) -> Self {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let headers = vec![("content-type", "application/x-www-form-urlencoded".to_owned())];
        Self { method: "POST", path: path.to_owned(), headers, body }
    }

    /// A program's document, with a key if it may be sent twice.
    pub fn graphql(token: &str, key: Option<&str>, query: &str) -> Self {
        let mut headers = vec![
            ("content-type", "application/json".to_owned()),
            ("authorization", format!("Bearer {token}")),
        ];
        headers.extend(key.map(|key| ("idempotency-key", key.to_owned())));
        let body = serde_json::json!({ "query": query }).to_string();
        Self { method: "POST", path: "/graphql".to_owned(), headers, body }
    }

    pub fn with_token(mut self, token: &str) -> Self {
        self.headers.push(("authorization", format!("Bearer {token}")));
        self
    }

    /// As somebody's browser, which counts as a view of an invoice.
    pub fn with_browser(mut self) -> Self {
        self.headers
            .push(("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0".to_owned()));
        self
    }

    pub fn with_cookie(mut self, cookie: &str) -> Self {
        self.headers.push(("cookie", cookie.to_owned()));
        self
    }
}

impl Process {
    /// One over this database, with these variables besides the usual ones.
    pub fn new(database: &str, variables: &[(&str, &str)]) -> Self {
        Self::under(&[], database, variables)
    }

    /// One that is started by this command, which ends in becoming it or in running it.
    pub fn under(launcher: &[&str], database: &str, variables: &[(&str, &str)]) -> Self {
        // Bound and let go: nobody else is given it soon.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let usual = [
            ("LISTEN", format!("127.0.0.1:{port}")),
            ("PUBLIC_URL", format!("http://127.0.0.1:{port}")),
            ("DATABASE_URL", database.to_owned()),
            ("PORTAL_SESSION_SECRET", "portal-secret-portal-secret-portal".to_owned()),
            ("TEAM_SESSION_SECRET", "team-secret-team-secret-team-secret".to_owned()),
            ("SHARE_LINK_SECRET", SHARE_SECRET.to_owned()),
            ("SMTP_URL", "smtp://127.0.0.1:9".to_owned()),
            ("MAIL_FROM", "portal@pay.example.test".to_owned()),
            ("LOGIN_REQUESTS_PER_MINUTE", "10000".to_owned()),
            ("API_REQUESTS_PER_MINUTE", "10000".to_owned()),
            ("LOG_FORMAT", "json".to_owned()),
        ];
        let given = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let variables =
            usual.into_iter().map(|(name, value)| (name.to_owned(), value)).chain(given).collect();
        let name = format!("postern_log_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let launcher = launcher.iter().map(|&word| word.to_owned()).collect();
        let inner =
            Inner { child: Mutex::default(), launcher, variables, log: std::env::temp_dir().join(name) };
        Self { inner: Arc::new(inner), port }
    }

    /// Serves, if it does not.
    pub async fn serve(&self) {
        let is_running = {
            let mut child = self.inner.child.lock().unwrap();
            let is_running = matches!(child.as_mut().map(Child::try_wait), Some(Ok(None)));
            if !is_running {
                *child = Some(self.inner.command().spawn().unwrap());
            }
            is_running
        };
        if is_running {
            return;
        }
        let up = async {
            while !matches!(self.ask("GET", "/readyz").await, Ok((200, _))) {
                sleep(Duration::from_millis(10)).await;
            }
        };
        assert!(timeout(PATIENCE, up).await.is_ok(), "it does not start: {}", self.log());
    }

    /// SIGKILL.
    pub fn kill(&self) {
        self.inner.kill();
    }

    /// Its number, which a launcher that becomes it keeps.
    pub fn id(&self) -> u32 {
        self.inner.child.lock().unwrap().as_ref().expect("it was started").id()
    }

    /// What it has logged, over all its lives.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(&self.inner.log).unwrap_or_default()).into_owned()
    }

    /// The lines of the log that tell of a fault of ours, or of a panic.
    pub fn faults(&self) -> String {
        let log = self.log();
        // The driver says as an error what is none of ours: that a connection could not be opened.
        let faults = log.lines().filter(|line| line.contains("\"ERROR\"") || line.contains("panicked"));
        let faults = faults.filter(|line| !line.contains("\"target\":\"sqlx_core"));
        faults.collect::<Vec<_>>().join("\n")
    }

    /// Status and `Location`; an error where the connection breaks.
    pub async fn ask(&self, method: &'static str, path: &str) -> std::io::Result<(u16, String)> {
        let mut asked = Asked::form(path, &[]);
        asked.method = method;
        let answer = self.send(&asked).await?;
        let location = answer.header("location").to_owned();
        Ok((answer.status, location))
    }

    /// Sends a request; an error where the connection breaks or nobody answers.
    pub async fn send(&self, asked: &Asked) -> std::io::Result<Answer> {
        let host = format!("127.0.0.1:{}", self.port);
        let origin =
            if asked.path == "/graphql" { String::new() } else { format!("Origin: http://{host}\r\n") };
        let headers: Vec<String> =
            asked.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let request = format!(
            "{} {} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{origin}{}Content-Length: {}\r\n\r\n{}",
            asked.method,
            asked.path,
            headers.concat(),
            asked.body.len(),
            asked.body
        );
        let exchange = async {
            let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
            stream.write_all(request.as_bytes()).await?;
            let mut answer = vec![];
            stream.read_to_end(&mut answer).await?;
            std::io::Result::Ok(String::from_utf8_lossy(&answer).into_owned())
        };
        let answer = timeout(PATIENCE, exchange).await.map_err(|_| std::io::ErrorKind::TimedOut)??;
        let (head, body) = answer.split_once("\r\n\r\n").ok_or(std::io::ErrorKind::UnexpectedEof)?;
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        if length.is_some_and(|length| length.parse() != Ok(body.len()) && body.is_ascii()) {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.ok_or(std::io::ErrorKind::UnexpectedEof)?;
        Ok(Answer { status, head: head.to_owned(), body: body.to_owned() })
    }

    /// The cookie of a member who has signed in.
    pub async fn member(&self, email: &str) -> String {
        let form = Asked::form("/app/login", &[("email", email), ("password", crate::world::PASSWORD)]);
        let answer = self.send(&form).await.unwrap();
        assert_eq!(answer.status, 303, "{}", answer.body);
        let session = answer.head.lines().find_map(|line| line.strip_prefix("set-cookie: postern_team="));
        let session = session.expect("a session").split(';').next().unwrap_or_default();
        format!("postern_team={session}")
    }
}

impl Inner {
    fn command(&self) -> Command {
        let postern = env!("CARGO_BIN_EXE_postern");
        let mut words = self.launcher.iter().map(String::as_str).chain([postern, "serve"]);
        let mut command = Command::new(words.next().unwrap());
        let log = File::options().create(true).append(true).open(&self.log).unwrap();
        let errors = log.try_clone().unwrap();
        let variables = self.variables.iter().map(|(name, value)| (name, value));
        command.args(words).stdin(Stdio::null()).stdout(log).stderr(errors).envs(variables);
        // A launcher that goes on beside what it started is killed with it.
        if !self.launcher.is_empty() {
            command.process_group(0);
        }
        command
    }

    fn kill(&self) {
        if let Some(child) = self.child.lock().unwrap().as_mut() {
            if !self.launcher.is_empty() && matches!(child.try_wait(), Ok(None)) {
                let group = format!("-{}", child.id());
                let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
            }
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.kill();
        let _ = std::fs::remove_file(&self.log);
    }
}
