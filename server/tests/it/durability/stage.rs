//! A process over a SQLite file, whose disk gets into trouble and out of it.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::Value;
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::time::{sleep, timeout};

use super::{Scene, tracer::tool};
use crate::harness::{Asked, PATIENCE, Process, SmtpServer};

/// How many writes it takes at most until one meets the trouble: there may be room left in the log of the database.
const WRITES: u32 = 3_000;
/// How long after the trouble all is as before.
const BACK_WITHIN: Duration = Duration::from_secs(30);

/// What can go wrong with a disk.
pub struct Trouble<B, E> {
    pub what: &'static str,
    /// What the log says of it, if it can.
    pub log: Option<&'static str>,
    pub reads_go_on: bool,
    /// Whether the database takes it for damage as long as it lasts, which is a fault and none that passes.
    pub seems_damaged: bool,
    pub begin: B,
    pub end: E,
}

/// The process and who asks it.
#[derive(Clone)]
pub struct Stage {
    pub process: Process,
    token: String,
    cookie: String,
    link: String,
    smtp: SmtpServer,
    /// The database as it is seen from here.
    file: PathBuf,
    count: Arc<AtomicU32>,
    seems_damaged: Arc<AtomicBool>,
}

impl Stage {
    pub async fn new(scene: &Scene, process: Process, file: PathBuf) -> Self {
        let cookie = process.member("owner@alder.test").await;
        Self {
            process,
            token: scene.token.clone(),
            cookie,
            link: scene.world.a1.share_path(),
            smtp: scene.app.smtp.clone(),
            file,
            count: Arc::default(),
            seems_damaged: Arc::default(),
        }
    }

    /// Adds a client, under its name as the key; otherwise what was said in the place of it.
    pub async fn add(&self, name: &str) -> Result<(), String> {
        let document = format!(
            "mutation {{ teamSaveClient(input: {{ name: \"{name}\", currency: \"EUR\" }}) {{ id problems {{ code }} }} }}"
        );
        let request = Asked::graphql(&self.token, Some(name), &document);
        let answer = self.process.send(&request).await.map_err(|error| error.to_string())?;
        let said: Value = serde_json::from_str(&answer.body).map_err(|_| answer.body.clone())?;
        if answer.status == 200 && said["data"]["teamSaveClient"]["id"].is_string() {
            return Ok(());
        }
        let code = said["errors"][0]["extensions"]["code"].as_str().unwrap_or_default();
        let is_told = code == "UNAVAILABLE" && [200, 409, 503].contains(&answer.status);
        assert!(
            is_told || code == "INTERNAL" && self.seems_damaged.load(Ordering::Relaxed),
            "refused, and in words: {} {said} {}",
            answer.status,
            self.process.faults()
        );
        Err(said.to_string())
    }

    fn name(&self) -> String {
        format!("Disk {}", self.count.fetch_add(1, Ordering::Relaxed))
    }

    /// From before the trouble until after it; says what happened.
    pub async fn endure<B: AsyncFnOnce(), E: AsyncFnOnce()>(&self, trouble: Trouble<B, E>) -> String {
        let Trouble { what, log, reads_go_on, seems_damaged, begin, end } = trouble;
        self.seems_damaged.store(seems_damaged, Ordering::Relaxed);
        let (mut kept, mut refused) = (vec![self.name()], vec![]);
        self.add(&kept[0]).await.expect("all is well");
        begin().await;
        for _ in 0..WRITES {
            let name = self.name();
            match self.add(&name).await {
                Ok(()) => kept.push(name),
                Err(_) => refused.push(name),
            }
            if refused.len() >= 5 {
                break;
            }
        }
        assert!(!refused.is_empty(), "{what}: nothing was refused");
        let reads = self.ask_around(what, reads_go_on).await;
        if let Some(says) = log {
            assert!(
                self.process.log().contains(says),
                "{what}: the log does not say: {}",
                self.process.log()
            );
        }
        let before = self.smtp.mails().len();
        end().await;
        let came = Instant::now();
        let back = async {
            loop {
                let name = self.name();
                if self.add(&name).await.is_ok() {
                    kept.push(name);
                    break;
                }
                sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(BACK_WITHIN, back)
            .await
            .unwrap_or_else(|_| panic!("{what}: no write: {}", self.process.log()));
        let back_after = came.elapsed();
        let told = refused.len();
        let mut unsure = vec![];
        for name in refused {
            // The same again is done now, but where the key could not be given back: it is held for a minute.
            match self.add(&name).await {
                Ok(()) => kept.push(name),
                Err(said) => {
                    assert!(said.contains("under way"), "{what}: {said}");
                    unsure.push(name);
                }
            }
        }
        self.mail_goes_out(what, before).await;
        self.check(&kept, &unsure).await;
        if !seems_damaged {
            assert_eq!(self.process.faults(), "", "{what}: no fault of ours");
        }
        format!(
            "{what}: {told} refused, {reads} pages read meanwhile, writes again {} ms after, {} writes there once each",
            back_after.as_millis(),
            kept.len()
        )
    }

    /// While the trouble lasts: forms say what is the matter, pages show, the process lives.
    async fn ask_around(&self, what: &str, reads_go_on: bool) -> usize {
        let mut read = 0;
        for _ in 0..5 {
            let form = Asked::form("/portal/login", &[("email", "nobody@clients.test")]);
            let answer = self.process.send(&form).await.unwrap();
            assert!([303, 503].contains(&answer.status), "{what}: {} {}", answer.status, answer.body);
            if answer.status == 503 {
                assert!(answer.body.contains("Not reachable at the moment"), "{}", answer.body);
                assert_eq!(answer.header("retry-after"), "5");
            }
            for page in [Asked::get("/app/invoices").with_cookie(&self.cookie), Asked::get(&self.link)] {
                let answer = self.process.send(&page).await.unwrap();
                let may_be = if reads_go_on { &[200][..] } else { &[200, 500, 503][..] };
                assert!(may_be.contains(&answer.status), "{what}: {} {}", page.path, answer.status);
                read += usize::from(answer.status == 200);
            }
            assert_eq!(self.process.send(&Asked::get("/healthz")).await.unwrap().status, 200, "{what}");
        }
        read
    }

    /// The worker is as well as before: somebody who asks for a link is mailed one.
    async fn mail_goes_out(&self, what: &str, before: usize) {
        let form = Asked::form("/portal/login", &[("email", "a2@clients.test")]);
        assert_eq!(self.process.send(&form).await.unwrap().status, 303, "{what}");
        let mailed = async {
            while self.smtp.mails().len() <= before {
                sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(PATIENCE, mailed).await.unwrap_or_else(|_| panic!("{what}: no mail: {}", self.process.log()));
    }

    /// The database as it stands on the disk in this moment: while the process is held, its files are copied.
    async fn copied(&self) -> (SqliteConnection, Scratch) {
        let process = self.process.id().to_string();
        let copy = Scratch::new();
        tool("kill", &["-STOP", &process]);
        for suffix in ["", "-wal"] {
            let from = format!("{}{suffix}", self.file.display());
            std::fs::copy(from, format!("{}{suffix}", copy.0.display())).unwrap();
        }
        tool("kill", &["-CONT", &process]);
        (SqliteConnectOptions::new().filename(&copy.0).connect().await.unwrap(), copy)
    }

    /// Nothing is damaged; these clients are there once each, and of those none more than once.
    pub async fn check(&self, names: &[String], unsure: &[String]) {
        let (mut connection, _copy) = self.copied().await;
        let whole: String =
            sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut connection).await.unwrap();
        assert_eq!(whole, "ok");
        let loose = sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut connection).await.unwrap();
        assert_eq!(loose.len(), 0);
        for (names, most) in [(names, 1..=1), (unsure, 0..=1)] {
            for name in names {
                let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM clients WHERE name = ?")
                    .bind(name)
                    .fetch_one(&mut connection)
                    .await
                    .unwrap();
                assert!(most.contains(&count), "{name} is there {count} times");
            }
        }
        connection.close().await.unwrap();
    }
}

/// A file that goes away.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("postern_stage_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        Self(std::env::temp_dir().join(name))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        for suffix in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{suffix}", self.0.display()));
        }
    }
}
