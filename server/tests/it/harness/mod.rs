//! What every test stands on: an application with a clock that the test holds, a database of its
//! own, a mail server, and browsers.

mod browser;
mod database;
mod dice;
mod hasty;
pub mod log;
mod process;
mod proxy;
mod smtp;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use postern::{
    clock::Clock,
    config::Config,
    http, jobs,
    state::App,
    store::{Origin, Store, testing::Walls},
};

pub use browser::{Browser, Page};
pub use database::{Database, Kind};
pub use dice::{Dice, proof, rounds};
pub use process::{Answer, Asked, PATIENCE, Process};
pub use proxy::{Line, Proxy};
pub use smtp::{Mail, Refusal, SmtpServer};

/// Where visitors of the test application believe it is.
pub const PUBLIC_URL: &str = "https://pay.example.test";

/// What signs share links.
pub const SHARE_SECRET: &str = "share-secret-share-secret-share-sec";

/// A Sunday at noon: the calendar day is the same from UTC−12 to UTC+11.
pub const START: &str = "2026-03-01T12:00:00Z";

/// Runs a test on both databases, as two tests.
macro_rules! both_databases {
    ($($(#[doc = $doc:literal])+ async fn $name:ident($app:ident: TestApp) $body:block)*) => {$(
        $(#[doc = $doc])+
        mod $name {
            #[allow(unused_imports, reason = "not every test needs everything")]
            use super::*;

            async fn test($app: $crate::harness::TestApp) $body

            #[tokio::test]
            async fn sqlite() {
                test($crate::harness::TestApp::start($crate::harness::Kind::Sqlite).await).await;
            }

            #[tokio::test]
            async fn postgres() {
                if $crate::harness::Kind::postgres_is_there() {
                    test($crate::harness::TestApp::start($crate::harness::Kind::Postgres).await).await;
                }
            }
        }
    )*};
}
pub(crate) use both_databases;

/// A running application.
pub struct TestApp {
    pub app: App,
    pub clock: Clock,
    pub database: Arc<Database>,
    pub smtp: SmtpServer,
}

impl TestApp {
    /// Starts one over an empty database.
    pub async fn start(kind: Kind) -> Self {
        Self::start_with(kind, &[]).await
    }

    /// The same with some variables set.
    pub async fn start_with(kind: Kind, variables: &[(&'static str, &str)]) -> Self {
        Self::over(Database::create(kind).await, variables).await
    }

    /// The same over this database.
    pub async fn over(database: Database, variables: &[(&'static str, &str)]) -> Self {
        let database = Arc::new(database);
        let smtp = SmtpServer::start().await;
        let clock = Clock::held_at(START.parse().unwrap());
        let app = open(&database, &smtp, clock.clone(), variables).await;
        Self { app, clock, database, smtp }
    }

    /// The same application after a restart: the same data, everything in memory gone.
    pub async fn restart_with(&mut self, variables: &[(&'static str, &str)]) {
        self.app.store.close().await;
        self.app = open(&self.database, &self.smtp, self.clock.clone(), variables).await;
    }

    /// A second node on the same database, set up as this one.
    pub async fn second_node(&self) -> Self {
        let app = App::open(self.app.config.clone(), self.clock.clone()).await.unwrap();
        Self { app, clock: self.clock.clone(), database: Arc::clone(&self.database), smtp: self.smtp.clone() }
    }

    /// The same application on another database.
    pub async fn elsewhere(&self, database: Database) -> Self {
        let mut config = self.app.config.clone();
        database.url().clone_into(&mut config.database.url);
        let app = App::open(config, self.clock.clone()).await.unwrap();
        Self { app, clock: self.clock.clone(), database: Arc::new(database), smtp: self.smtp.clone() }
    }

    /// The same application with walls of the store taken down.
    pub fn with_walls(&self, walls: Walls) -> Self {
        let store: Store = self.app.store.with_walls(walls);
        let app = App::with_store(self.app.config.clone(), self.clock.clone(), store).unwrap();
        Self { app, clock: self.clock.clone(), database: Arc::clone(&self.database), smtp: self.smtp.clone() }
    }

    /// A browser that has never been here.
    pub fn browser(&self) -> Browser {
        Browser::new(http::router(self.app.clone()))
    }

    /// Does all the work that is due.
    pub async fn work(&self) {
        jobs::work_until_idle(&self.app).await.unwrap();
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Asks for a link in this browser and gives the newest mail that came of it.
    pub async fn ask(&self, browser: &mut Browser, email: &str) -> Mail {
        browser.get("/portal/login").await;
        let answer = browser.post("/portal/login", &[("email", email)]).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        self.work().await;
        self.smtp.newest_to(email.trim())
    }

    /// A browser in which this contact has signed in by the first link of the mail.
    pub async fn signed_in(&self, email: &str) -> Browser {
        let mut browser = self.browser();
        let mail = self.ask(&mut browser, email).await;
        let entered = browser.post(&mail.links()[0], &[]).await;
        assert_eq!(entered.status, 303, "{}", entered.body);
        browser
    }

    /// A member of the team, signed in by the password that all of them have in the world.
    pub async fn member(&self, email: &str) -> Browser {
        let mut browser = self.browser();
        let form = [("email", email), ("password", crate::world::PASSWORD)];
        let entered = browser.post("/app/login", &form).await;
        assert_eq!(entered.status, 303, "{}", entered.body);
        browser
    }

    /// Runs a document in process as whoever follows a client's share link.
    pub async fn guest_graphql(&self, client: &crate::world::Client, query: &str) -> serde_json::Value {
        let path = client.share_path();
        let visit = self.app.admit_guest(path.rsplit('/').next().unwrap()).await.unwrap().unwrap();
        let caller = postern::graphql::Caller::Guest(visit);
        let request = async_graphql::Request::new(query);
        let answer = postern::graphql::execute(&self.app.schema, request, caller, Origin::default()).await;
        serde_json::to_value(&answer).unwrap()
    }

    /// Runs a document in process, as the team's pages do, for whoever is signed in to the team's side in
    /// this browser.
    pub async fn team_graphql(&self, browser: &Browser, query: &str) -> serde_json::Value {
        let mut headers = axum::http::HeaderMap::new();
        if let Some(session) = browser.cookies.get("__Host-postern_team") {
            headers.insert("cookie", format!("__Host-postern_team={session}").parse().unwrap());
        }
        let caller = match self.app.admit_member(&headers).await.unwrap() {
            Some(visit) => postern::graphql::Caller::Team(visit),
            None => postern::graphql::Caller::Nobody,
        };
        let request = async_graphql::Request::new(query);
        let answer = postern::graphql::execute(&self.app.schema, request, caller, Origin::default()).await;
        serde_json::to_value(&answer).unwrap()
    }
}

async fn open(
    database: &Database,
    smtp: &SmtpServer,
    clock: Clock,
    variables: &[(&'static str, &str)],
) -> App {
    let get = |name: &'static str| {
        if let Some((_, value)) = variables.iter().find(|(key, _)| *key == name) {
            return Some((*value).to_owned());
        }
        match name {
            "PUBLIC_URL" => Some(PUBLIC_URL.to_owned()),
            "DATABASE_URL" => Some(database.url().to_owned()),
            "PORTAL_SESSION_SECRET" => Some("portal-secret-portal-secret-portal".to_owned()),
            "TEAM_SESSION_SECRET" => Some("team-secret-team-secret-team-secret".to_owned()),
            "SHARE_LINK_SECRET" => Some(SHARE_SECRET.to_owned()),
            "SMTP_URL" => Some(smtp.url()),
            "MAIL_FROM" => Some("portal@pay.example.test".to_owned()),
            "LOGIN_REQUESTS_PER_MINUTE" => Some("10000".to_owned()),
            _ => None,
        }
    };
    App::open(Config::for_serve(&get).unwrap(), clock).await.unwrap()
}
