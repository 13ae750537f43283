//! A process whose database's disk gets into trouble and out of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::Value;
use tokio::time::{sleep, timeout};

use super::{Scene, kills::check_whole, tracer::tool};
use crate::harness::{Asked, Database, Kind, PATIENCE, Process, SmtpServer};

/// How many writes it takes at most until one meets the trouble: there may be room left in the log of the database.
const WRITES: u32 = 3_000;
/// How many of each kind are told of it.
const TOLD: u32 = 5;
/// How long after the trouble all is as before.
const BACK_WITHIN: Duration = Duration::from_secs(30);

/// What can go wrong with a disk.
pub struct Trouble<B, E> {
    pub what: &'static str,
    /// What the log says of it, if it can.
    pub log: Option<&'static str>,
    /// Whether what only reads is answered. Otherwise a database may take it for damage as long as it lasts, and the log
    /// says so as of a fault.
    pub reads_go_on: bool,
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
    seen: Seen,
    count: Arc<AtomicU32>,
}

/// The database as it is seen from here.
#[derive(Clone)]
pub enum Seen {
    /// A file.
    File(PathBuf),
    /// One of a server.
    Server(Arc<Database>),
}

/// Why something was not done.
#[derive(Debug, PartialEq, Eq)]
pub enum NotDone {
    /// Something is away for the moment: 503, and when to come again.
    Away,
    /// Somebody may be at it: 409.
    UnderWay,
    /// The connection broke.
    NoAnswer,
}

/// What was acknowledged.
#[derive(Default)]
pub struct Kept {
    /// Clients that are there, once each.
    pub names: Vec<String>,
    /// Clients of whom nobody was told, and of whom none may be there twice.
    pub unsure: Vec<String>,
    /// Addresses that a link was asked for.
    pub asked: Vec<String>,
}

impl Stage {
    pub async fn new(scene: &Scene, process: Process, seen: Seen) -> Self {
        let cookie = process.member("owner@alder.test").await;
        Self {
            process,
            token: scene.token.clone(),
            cookie,
            link: scene.world.a1.share_path(),
            smtp: scene.app.smtp.clone(),
            seen,
            count: Arc::default(),
        }
    }

    /// Adds a client, under its name as the key. Whoever is refused is told by the status and in words.
    pub async fn add(&self, name: &str) -> Result<(), NotDone> {
        let document = format!(
            "mutation {{ teamSaveClient(input: {{ name: \"{name}\", currency: \"EUR\" }}) {{ id problems {{ code }} }} }}"
        );
        let request = Asked::graphql(&self.token, Some(name), &document);
        let answer = self.process.send(&request).await.map_err(|_| NotDone::NoAnswer)?;
        let said: Value = serde_json::from_str(&answer.body).unwrap_or_default();
        if answer.status == 200 && said["data"]["teamSaveClient"]["id"].is_string() {
            return Ok(());
        }
        let code = said["errors"][0]["extensions"]["code"].as_str().unwrap_or_default();
        match (code, answer.status, answer.header("retry-after")) {
            ("UNAVAILABLE", 503, "5") => Err(NotDone::Away),
            ("UNAVAILABLE", 409, "1") => Err(NotDone::UnderWay),
            _ => panic!("{name}: {} {} {}", answer.head, answer.body, self.process.faults()),
        }
    }

    /// Asks for a link under an address that nobody else has; false where one is told to come again.
    async fn ask_for_link(&self, kept: &mut Kept) -> bool {
        let email = format!("{}@nobody.test", self.name().replace(' ', "-").to_lowercase());
        let form = Asked::form("/portal/login", &[("email", &email)]);
        let answer = self.process.send(&form).await.unwrap();
        match (answer.status, answer.header("retry-after")) {
            (303, _) => kept.asked.push(email),
            (503, "5") => assert!(answer.body.contains("Not reachable at the moment"), "{}", answer.body),
            _ => panic!("{email}: {} {} {}", answer.head, answer.body, self.process.faults()),
        }
        answer.status == 303
    }

    fn name(&self) -> String {
        format!("Disk {}", self.count.fetch_add(1, Ordering::Relaxed))
    }

    /// From before the trouble until after it; says what happened.
    pub async fn endure<B: AsyncFnOnce(), E: AsyncFnOnce()>(&self, trouble: Trouble<B, E>) -> String {
        let Trouble { what, log, reads_go_on, begin, end } = trouble;
        let mut kept = Kept { names: vec![self.name()], ..Kept::default() };
        self.add(&kept.names[0]).await.expect("all is well");
        assert!(self.ask_for_link(&mut kept).await, "all is well");
        begin().await;
        let refused = self.refused(what, &mut kept).await;
        let forms = self.refused_forms(what, &mut kept).await;
        let pages = self.look_around(what, reads_go_on).await;
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
                    kept.names.push(name);
                    break;
                }
                sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(BACK_WITHIN, back)
            .await
            .unwrap_or_else(|_| panic!("{what}: no write: {}", self.process.log()));
        let back_after = came.elapsed();
        let programs = refused.len();
        for name in refused {
            // The same again is done now, but where the key could not be given back: it is held for a minute.
            match self.add(&name).await {
                Ok(()) => kept.names.push(name),
                Err(why) => {
                    assert_eq!(why, NotDone::UnderWay, "{what}");
                    kept.unsure.push(name);
                }
            }
        }
        assert!(self.ask_for_link(&mut kept).await, "{what}: all is well again");
        self.mail_goes_out(what, before).await;
        self.check(&kept).await;
        let faults = self.process.faults();
        let is_damage = |fault: &str| !reads_go_on && fault.contains("the database seems to be damaged");
        assert!(faults.lines().all(is_damage), "{what}: no fault of ours: {faults}");
        format!(
            "{what}: {programs} writes and {forms} forms told by 503, {pages} pages read meanwhile, writes again {} ms after, \
             {} writes there once each, {} forms there",
            back_after.as_millis(),
            kept.names.len(),
            kept.asked.len()
        )
    }

    /// Writes until some programs were told of the trouble; gives what they would have written.
    async fn refused(&self, what: &str, kept: &mut Kept) -> Vec<String> {
        let mut refused = vec![];
        for _ in 0..WRITES {
            let name = self.name();
            match self.add(&name).await {
                Ok(()) => kept.names.push(name),
                Err(why) => {
                    assert_eq!(why, NotDone::Away, "{what}");
                    refused.push(name);
                }
            }
            if refused.len() == TOLD as usize {
                return refused;
            }
        }
        panic!("{what}: only {} writes were refused", refused.len());
    }

    /// Sends forms until some were told of it; gives how many.
    async fn refused_forms(&self, what: &str, kept: &mut Kept) -> u32 {
        let mut refused = 0;
        for _ in 0..WRITES {
            refused += u32::from(!self.ask_for_link(kept).await);
            if refused == TOLD {
                return refused;
            }
        }
        panic!("{what}: only {refused} forms were refused");
    }

    /// While the trouble lasts: pages show, or say what is the matter; the process lives. Gives how many show.
    async fn look_around(&self, what: &str, reads_go_on: bool) -> usize {
        let mut read = 0;
        for _ in 0..TOLD {
            for page in [Asked::get("/app/invoices").with_cookie(&self.cookie), Asked::get(&self.link)] {
                let answer = self.process.send(&page).await.unwrap();
                let is_told = !reads_go_on && answer.status == 503 && answer.header("retry-after") == "5";
                assert!(
                    answer.status == 200 || is_told,
                    "{what}: {} {} {}",
                    page.path,
                    answer.head,
                    self.process.faults()
                );
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
    async fn seen(&self) -> Arc<Database> {
        let file = match &self.seen {
            Seen::File(file) => file,
            Seen::Server(database) => return Arc::clone(database),
        };
        let process = self.process.id().to_string();
        let copy = Database::create(Kind::Sqlite).await;
        let to = copy.url().trim_start_matches("sqlite://");
        tool("kill", &["-STOP", &process]);
        for suffix in ["", "-wal"] {
            std::fs::copy(format!("{}{suffix}", file.display()), format!("{to}{suffix}")).unwrap();
        }
        tool("kill", &["-CONT", &process]);
        Arc::new(copy)
    }

    /// Nothing is damaged, and what was acknowledged is there.
    pub async fn check(&self, kept: &Kept) {
        let database = self.seen().await;
        check_whole(&database).await;
        let mut there = BTreeMap::<String, u32>::new();
        for name in database.texts("SELECT name FROM clients").await {
            *there.entry(name).or_default() += 1;
        }
        for (names, may_be) in [(&kept.names, &[1][..]), (&kept.unsure, &[0, 1])] {
            for name in names {
                let count = there.get(name).copied().unwrap_or_default();
                assert!(may_be.contains(&count), "{name} is there {count} times");
            }
        }
        let asked = database.texts("SELECT email_norm FROM login_requests").await;
        let asked: BTreeSet<String> = asked.into_iter().collect();
        let lost: Vec<&String> = kept.asked.iter().filter(|email| !asked.contains(*email)).collect();
        assert_eq!(lost, Vec::<&String>::new());
    }
}
