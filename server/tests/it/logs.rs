//! The log tells the operator what happened, and no stranger how to get in (rule O5).

use crate::{
    harness::{Kind, TestApp, log, proof},
    secrets::{self, NEWCOMER},
};

#[tokio::test]
async fn neither_tokens_nor_addresses_stand_in_the_log() {
    log::keep();
    let mut app = TestApp::start(Kind::Sqlite).await;
    let secrets = secrets::in_use(&mut app).await;
    let mut browser = app.signed_in("b1@clients.test").await;
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
    for (name, secret) in &secrets {
        assert!(!log.contains(secret), "{name} {secret} stands in the log");
    }
    for text in [
        "a1@clients.test",
        "a2@clients.test",
        "owner@alder.test",
        "owner@birch.test",
        "ada@alder.test",
        "ben@alder.test",
        "new@alder.test",
        NEWCOMER,
        "secret-words",
        "CANARY",
    ] {
        assert!(!log.contains(text), "{text} stands in the log");
    }
    proof("secrets in use that do not stand in the log, down to debug", &secrets.len().to_string());
}
