//! The log tells the operator what happened, and no stranger how to get in (rule O5).

use crate::{
    harness::{Kind, TestApp, log},
    world::World,
};

#[tokio::test]
async fn neither_tokens_nor_addresses_stand_in_the_log() {
    log::keep();
    let app = TestApp::start(Kind::Sqlite).await;
    World::fill(&app).await;
    let mut browser = app.browser();
    let mail = app.ask(&mut browser, "a1@clients.test").await;
    browser.get(&mail.links()[0]).await;
    browser.post(&mail.links()[0], &[]).await;
    browser.get("/portal/invoices?q=secret-words").await;
    app.smtp.refuse_with(Some("550 a2@clients.test is unknown here"));
    app.browser().post("/portal/login", &[("email", "a2@clients.test")]).await;
    app.work().await;
    app.app.store.close().await;
    browser.get("/portal").await;

    let log = log::kept();
    for there in ["/portal/link/{token}", "mail sent", "mail given up", "a…@clients.test", "unavailable"] {
        assert!(log.contains(there), "{there} is missing in {log}");
    }
    let token = mail.links()[0].rsplit('/').next().unwrap().to_owned();
    let session = browser.cookies["__Host-postern_portal"].clone();
    let code = mail.code();
    for secret in [&token, &code, &session, "a1@clients.test", "a2@clients.test", "secret-words", "CANARY"] {
        assert!(!log.contains(secret), "{secret} stands in the log");
    }
}
