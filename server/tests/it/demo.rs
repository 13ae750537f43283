//! The demo: somebody can pay without an account at Stripe, and after a restart as well (rules M2, O1).

use std::time::Duration;

use postern::{clock::Clock, config::Config, demo::Demo, http, jobs, serve, state::App};
use stripe_double::Method;
use tokio::{sync::watch, task::JoinHandle};

use crate::{
    harness::{Browser, Database, Kind, PUBLIC_URL, Page},
    online::session_of,
};

/// A demo that is served over TCP, which is how Stripe reaches it.
struct Running {
    demo: Demo,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Running {
    async fn start(database: &Database, variables: &[(&'static str, &'static str)]) -> Self {
        let get = |name: &'static str| match name {
            "PUBLIC_URL" => Some(PUBLIC_URL.to_owned()),
            "DATABASE_URL" => Some(database.url().to_owned()),
            name => variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()),
        };
        let config = Config::for_demo(&get).unwrap();
        let listener = serve::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let demo = Demo::open(config, listener.local_addr().unwrap(), Clock::system()).await.unwrap();
        let (stop, stopped) = watch::channel(false);
        let (app, router) = (demo.app.clone(), http::router(demo.app.clone()));
        let tasks = vec![
            tokio::spawn(async move { serve::accept_until(&listener, router, std::future::pending()).await }),
            tokio::spawn(jobs::work(app, stopped)),
        ];
        Self { demo, stop, tasks }
    }

    fn app(&self) -> &App {
        &self.demo.app
    }

    fn browser(&self) -> Browser {
        Browser::new(http::router(self.app().clone()))
    }

    /// The link with which the demo's first open invoice is shared.
    async fn share_link(&self) -> String {
        let mut owner = self.browser();
        let form = [("email", "mara@juniperfinch.example"), ("password", "juniper and finch")];
        assert_eq!(owner.post("/app/login", &form).await.status, 303);
        let settings = owner.get("/app/settings/stripe").await;
        assert!(settings.body.contains("Takes payments"), "{}", settings.body);
        let list = owner.get("/app/invoices?status=open").await.body;
        let invoice = between(&list, "href=\"/app/invoices/0", "\"");
        let page = owner.get(&format!("/app/invoices/0{invoice}")).await.body;
        format!("/i/{}", between(&page, &format!("{PUBLIC_URL}/i/"), "\""))
    }

    async fn stop(self) {
        let _ = self.stop.send(true);
        for task in self.tasks {
            task.abort();
            let _ = task.await;
        }
        self.demo.app.store.close().await;
    }
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("{start} in {text}"));
    rest.split_once(end).unwrap().0
}

/// The page once it says this, which it does when Stripe has told.
async fn page_that_says(browser: &mut Browser, path: &str, words: &str) -> Page {
    for _ in 0..200 {
        let page = browser.get(path).await;
        if page.body.contains(words) {
            return page;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{path} never said: {words}");
}

async fn one_pays(kind: Kind) {
    let database = Database::create(kind).await;
    let first = Running::start(&database, &[]).await;
    let stripe = first.demo.stripe.as_ref().unwrap();
    let welcome = postern::demo::welcome(&first.demo);
    assert!(
        welcome.contains(&format!("{}/dashboard", stripe.url())) && welcome.contains("simulation"),
        "{welcome}"
    );
    let (mut guest, link) = (first.browser(), first.share_link().await);
    let page = guest.get(&link).await;
    assert!(page.body.contains(">Pay <"), "{}", page.body);
    assert!(page.header("content-security-policy").contains(&stripe.url()), "the form may lead there");
    let pressed = guest.post(&format!("{link}/pay"), &[]).await;
    assert!(pressed.header("location").starts_with(&stripe.url()), "{}", pressed.header("location"));
    // Somebody is at it while the demo ends.
    assert!(stripe.session(&session_of(&pressed)).is_some());
    first.stop().await;

    let second = Running::start(&database, &[]).await;
    let stripe = second.demo.stripe.as_ref().unwrap();
    let mut guest = second.browser();
    let session = session_of(&guest.post(&format!("{link}/pay"), &[]).await);
    stripe.pay(&session, Method::Debit).unwrap();
    page_that_says(&mut guest, &link, "Payment in progress since").await;
    let payment = stripe.payments("acct_simulation")[0].id.clone();
    stripe.settle(&payment).unwrap();
    let page = page_that_says(&mut guest, &link, "This invoice is settled").await;
    assert!(page.body.contains("Online payment"), "{}", page.body);
    second.stop().await;

    // With the operator's own key nothing is simulated, and what was is ended.
    let real = [
        ("STRIPE_SECRET_KEY", "sk_test_real"),
        ("STRIPE_WEBHOOK_SECRET", "whsec_real"),
        ("STRIPE_API_URL", "http://127.0.0.1:9"),
    ];
    let third = Running::start(&database, &real).await;
    assert!(third.demo.stripe.is_none());
    assert_eq!(
        database.number("SELECT COUNT(*) FROM stripe_accounts WHERE disconnected_at IS NULL").await,
        0,
        "nobody pays to an account that Stripe does not know"
    );
    third.stop().await;
}

mod one_pays_in_the_demo_and_in_one_that_was_started_again {
    use super::*;

    #[tokio::test]
    async fn sqlite() {
        one_pays(Kind::Sqlite).await;
    }

    #[tokio::test]
    async fn postgres() {
        if Kind::postgres_is_there() {
            one_pays(Kind::Postgres).await;
        }
    }
}
