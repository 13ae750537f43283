//! The log tells the operator what happened, and no stranger how to get in (rule O5).

use crate::{
    gateway::{EVERYTHING, Program},
    harness::{Kind, TestApp, log, proof},
    secrets::{self, NEWCOMER},
    world::World,
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

/// Whoever is not let in leaves a line: why, and from which network; neither who they said they were nor what they
/// came with.
#[tokio::test]
async fn whoever_is_not_let_in_leaves_a_line() {
    log::keep();
    let app = TestApp::start_with(Kind::Sqlite, &[("LOGIN_REQUESTS_PER_MINUTE", "30")]).await;
    let world = World::fill(&app).await;
    let owner = app.member("owner@alder.test").await;
    let mut stranger = app.browser();
    stranger.headers.insert("x-forwarded-for", "203.0.113.9".parse().unwrap());
    let not_let_in = |reason: &str| {
        let lines = log::kept();
        let line = |line: &&str| line.contains("not let in") && line.contains(reason);
        let found: Vec<String> = lines.lines().filter(line).map(str::to_owned).collect();
        for line in &found {
            assert!(line.contains("203.0.113.x") && !line.contains("203.0.113.9"), "{line}");
        }
        found.len()
    };
    let typed = "typed by a stranger";
    for n in 0..11 {
        let email = if n < 10 { "owner@birch.test" } else { "nobody@birch.test" };
        stranger.post("/app/login", &[("email", email), ("password", typed)]).await;
    }
    assert_eq!(not_let_in("wrong password"), 11, "whether there is such an account or not");
    stranger.post("/app/login", &[("email", "owner@birch.test"), ("password", typed)]).await;
    assert_eq!(not_let_in("too many attempts"), 1);
    stranger.post("/portal/login/code", &[("code", "AAAA-BBBB")]).await;
    assert_eq!(not_let_in("wrong code"), 1);
    let token = world.a1.share_path().rsplit('/').next().unwrap().to_owned();
    let doors = ["/portal/link", "/app/sign-up", "/app/reset", "/app/join", "/app/account/email"];
    for door in doors {
        assert_eq!(stranger.get(&format!("{door}/{token}")).await.status, 404);
        assert_eq!(stranger.post(&format!("{door}/{token}"), &[("password", typed)]).await.status, 404);
    }
    assert_eq!(stranger.get("/i/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").await.status, 404);
    assert_eq!(not_let_in("dead link"), 2 * doors.len() + 1);
    let mut program = Program::with_token(&app, "pst_of_nobody");
    program.headers.push(("x-forwarded-for", "203.0.113.9".to_owned()));
    program.graphql("{ team { viewer { email } } }").await;
    assert_eq!(not_let_in("no live token"), 1);
    for _ in 0..30 {
        stranger.post("/app/forgot", &[("email", "owner@birch.test")]).await;
    }
    assert!(not_let_in("over the limit of a network") > 0);
    let log = log::kept();
    for secret in [typed, token.as_str(), "AAAA-BBBB", "pst_of_nobody", "@birch.test"] {
        assert!(!log.contains(secret), "{secret} stands in the log");
    }

    // A document that may not be run is told of within an answer of status 200.
    let mut program = Program::of(&app, &owner, &EVERYTHING[..1]).await;
    let refused = program
        .send(&serde_json::json!({ "query": "{ team { viewer { email } people { members { email } } } }" }))
        .await;
    assert!(
        refused.status == 200 && refused.body.contains("FORBIDDEN"),
        "{} {}",
        refused.status,
        refused.body
    );
    let lines = log::kept();
    let line =
        |line: &&str| line.contains("refused") && line.contains("FORBIDDEN") && line.contains("/graphql");
    assert_eq!(lines.lines().filter(line).count(), 1, "{lines}");
}
