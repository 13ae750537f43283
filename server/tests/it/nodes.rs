//! Several processes on one PostgreSQL share everything (rule O4). What each of them shares on SQLite is one process.
//! Limits are shared in `login/limits.rs` and `gateway/quota.rs`, outgoing webhooks in `webhooks/delivery.rs`.

use axum::{body::Body, http::Method};
use postern::{clock::Clock, config::DatabaseConfig, jobs, store::Store};

use crate::{
    harness::{Database, Kind, TestApp},
    online::{CARD, SECRET, Shop},
    world::World,
};

/// Two processes on one database.
async fn two() -> Option<(TestApp, TestApp)> {
    if !Kind::postgres_is_there() {
        return None;
    }
    let here = TestApp::start(Kind::Postgres).await;
    World::fill(&here).await;
    let there = here.second_node().await;
    Some((here, there))
}

#[tokio::test]
async fn five_processes_that_start_together_migrate_once() {
    if !Kind::postgres_is_there() {
        return;
    }
    let database = Database::empty_postgres().await;
    let open = || {
        let config = DatabaseConfig::of(database.url().to_owned());
        async move { Store::open(&config, Clock::system()).await }
    };
    let stores = tokio::join!(open(), open(), open(), open(), open());
    for store in [stores.0, stores.1, stores.2, stores.3, stores.4] {
        let store = store.unwrap();
        store.ping().await.unwrap();
        store.close().await;
    }
    let applied = database.number("SELECT COUNT(*) FROM _sqlx_migrations WHERE success").await;
    let distinct = database.number("SELECT COUNT(DISTINCT version) FROM _sqlx_migrations").await;
    assert!(applied == distinct && applied > 20, "{applied} of {distinct}");
}

#[tokio::test]
async fn a_session_is_one_of_all_processes_and_ends_on_all() {
    let Some((here, there)) = two().await else { return };
    for (mut browser, page, sign_out) in [
        (here.signed_in("a1@clients.test").await, "/portal", "/portal/sign-out"),
        (here.member("owner@alder.test").await, "/app", "/app/sign-out"),
    ] {
        let mut other = there.browser();
        other.cookies.clone_from(&browser.cookies);
        assert_eq!(other.get(page).await.status, 200, "{page}");
        assert_eq!(browser.post(sign_out, &[]).await.status, 303);
        assert_eq!(other.get(page).await.status, 303, "{page}");
    }
}

#[tokio::test]
async fn a_job_and_a_mail_are_done_by_one_process() {
    let Some((here, there)) = two().await else { return };
    for name in ["a1", "a2", "b1", "b2"] {
        for _ in 0..5 {
            let mut browser = here.browser();
            browser.get("/portal/login").await;
            browser.post("/portal/login", &[("email", &format!("{name}@clients.test"))]).await;
        }
    }
    let worked = tokio::join!(
        jobs::work_until_idle(&here.app),
        jobs::work_until_idle(&there.app),
        jobs::work_until_idle(&here.app),
        jobs::work_until_idle(&there.app),
    );
    for done in [worked.0, worked.1, worked.2, worked.3] {
        done.unwrap();
    }
    let mails = here.smtp.mails();
    let ids: std::collections::BTreeSet<String> =
        mails.iter().map(|mail| mail.header("Message-ID")).collect();
    assert_eq!((mails.len(), ids.len()), (20, 20));
    assert_eq!(here.database.number("SELECT COUNT(*) FROM jobs").await, 0);
}

#[tokio::test]
async fn an_invoice_takes_one_number_whichever_process_sends_it() {
    let Some((here, there)) = two().await else { return };
    let owner = here.member("owner@alder.test").await;
    let world = ["a1", "a2"];
    let drafts = here.database.texts("SELECT CAST(id AS TEXT) FROM invoices WHERE status = 'draft' AND search_text LIKE '%a_%' ORDER BY id").await;
    assert!(drafts.len() >= world.len());
    for app in [&here, &there] {
        for id in &drafts {
            let document = format!(
                "mutation {{ teamSendInvoice(id: \"{id}\", version: 1, input: {{ contactIds: [] }}) {{ id problems {{ code }} }} }}"
            );
            app.team_graphql(&owner, &document).await;
        }
    }
    let numbers =
        here.database.texts("SELECT number FROM invoices WHERE number LIKE 'alder-%' ORDER BY number").await;
    assert_eq!(numbers, ["alder-100", "alder-101"]);
}

/// Stripe tells both processes of the same payment at the same time, and both work: it is booked once, and each of the
/// two who are told of it gets one mail.
#[tokio::test]
async fn what_stripe_tells_two_processes_is_booked_once() {
    if !Kind::postgres_is_there() {
        return;
    }
    let shop = Shop::open(Kind::Postgres).await;
    let there = shop.app.second_node().await;
    let mut contact = shop.app.signed_in("a1@clients.test").await;
    let session = shop.press(&mut contact, &format!("/portal/invoices/{}", shop.world.a1.open)).await;
    shop.stripe.pay(&session, CARD).unwrap();
    let events = shop.stripe.events();
    assert!(!events.is_empty());
    for event in &events {
        let signed = shop.stripe.signed(&event.id, &[SECRET.to_owned()], shop.app.now().timestamp()).unwrap();
        let headers = [("content-type", "application/json"), ("stripe-signature", signed.signature.as_str())];
        let (mut one, mut other) = (shop.app.browser(), there.browser());
        let told = tokio::join!(
            one.request(Method::POST, "/stripe/webhook", &headers, Body::from(signed.body.clone())),
            other.request(Method::POST, "/stripe/webhook", &headers, Body::from(signed.body.clone())),
        );
        assert_eq!((told.0.status, told.1.status), (200, 200));
    }
    let worked = tokio::join!(
        jobs::work_until_idle(&shop.app.app),
        jobs::work_until_idle(&there.app),
        jobs::work_until_idle(&there.app),
    );
    for done in [worked.0, worked.1, worked.2] {
        done.unwrap();
    }
    assert_eq!(shop.stands(shop.world.a1.open).await, "paid 11900");
    let database = &shop.app.database;
    assert_eq!(database.number("SELECT COUNT(*) FROM payments WHERE stripe_id IS NOT NULL").await, 1);
    assert_eq!(
        database.number("SELECT COUNT(*) FROM stripe_events").await,
        i64::try_from(events.len()).unwrap()
    );
    let mails =
        database.texts("SELECT recipient FROM outbox WHERE kind LIKE 'payment%' ORDER BY recipient").await;
    assert_eq!(mails, ["a1@clients.test", "hello@alder.test"]);
}
