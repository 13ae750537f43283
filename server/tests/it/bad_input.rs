//! What strangers send: each thing gets its clear, neutral answer.

use axum::{body::Body, http::Method};
use postern::http::ROUTES;

use crate::{
    harness::{Kind, PUBLIC_URL, TestApp, both_databases, proof},
    isolation::filled,
    world::World,
};

both_databases! {
    /// Parameters that nobody knows, and values that mean nothing, do no harm.
    async fn unknown_parameters_are_ignored(app: TestApp) {
        World::fill(&app).await;
        let mut browser = app.signed_in("a1@clients.test").await;
        for path in [
            "/portal?utm_source=mail&x[]=1", "/portal/invoices?status=nonsense", "/portal/invoices?status=open&status=paid",
            "/portal/invoices?q=%FF%FE", "/portal/invoices?q=%00", "/portal/payments?first=100000", "/portal/access?%",
        ] {
            let page = browser.get(path).await;
            assert_eq!(page.status, 200, "{path}: {}", page.body);
        }
        let long = "x".repeat(5_000);
        assert_eq!(browser.get(&format!("/portal/invoices?q={long}")).await.status, 200);
        let hostile = browser.get("/portal/invoices?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").await.body;
        assert!(!hostile.contains("<script>alert"), "{hostile}");
        assert!(hostile.contains("&lt;script&gt;"));
    }

    /// The wrong method, the wrong type, the wrong path: a page that says so.
    async fn what_is_not_taken_is_told(app: TestApp) {
        World::fill(&app).await;
        let mut browser = app.browser();
        let origin = [("origin", PUBLIC_URL), ("sec-fetch-site", "same-origin")];
        for (method, path, content_type, status) in [
            (Method::GET, "/portal/sign-out", "", 405),
            (Method::POST, "/portal", "", 405),
            (Method::PUT, "/portal/login", "", 405),
            (Method::DELETE, "/portal/invoices", "", 405),
            (Method::POST, "/portal/login", "application/json", 415),
            (Method::POST, "/portal/login", "text/plain", 415),
            (Method::GET, "/nowhere", "", 404),
            (Method::GET, "/portal/nowhere", "", 404),
            (Method::GET, "/app/nowhere", "", 404),
            (Method::GET, "/app/sign-out", "", 405),
            (Method::POST, "/app/clients/new", "", 303),
            (Method::POST, "/app/login", "application/json", 415),
            (Method::GET, "/dev/mail", "", 404),
            (Method::GET, "/brand/theme/nonsense.css", "", 404),
            (Method::GET, "/brand/alder/0000", "", 404),
        ] {
            let headers = [&origin[..], &[("content-type", content_type)]].concat();
            let page = browser.request(method.clone(), path, &headers, Body::from("{}")).await;
            assert_eq!(page.status, status, "{method} {path}");
            let is_page = page.body.starts_with("<!DOCTYPE html>") || status == 303;
            assert!(is_page, "{method} {path}: {}", page.body);
        }
    }

    /// A form that is no form, and fields that are not there.
    async fn broken_forms_are_refused(app: TestApp) {
        World::fill(&app).await;
        let mut browser = app.browser();
        let headers = [("origin", PUBLIC_URL), ("content-type", "application/x-www-form-urlencoded")];
        for (body, status) in [("", 422), ("email=", 422), ("email=%FF", 422), ("mail=a1%40clients.test", 422), ("email=a&email=b", 422)] {
            let page = browser.request(Method::POST, "/portal/login", &headers, Body::from(body)).await;
            assert_eq!(page.status, status, "{body}");
        }
        for code in ["", "x", "AAAA-AAAA-AAAA", "😀😀😀😀-😀😀😀😀", "    "] {
            assert_eq!(browser.post("/portal/login/code", &[("code", code)]).await.status, 422, "{code}");
        }
        assert_eq!(app.database.number("SELECT COUNT(*) FROM login_requests").await, 0);
    }

    /// The database goes away: the page says so, the process lives, and it is ready again after.
    async fn a_database_that_is_away_is_told(app: TestApp) {
        World::fill(&app).await;
        let mut browser = app.signed_in("a1@clients.test").await;
        assert_eq!(browser.get("/readyz").await.status, 200);
        app.app.store.close().await;
        for path in ["/portal", "/portal/invoices"] {
            let page = browser.get(path).await;
            assert_eq!((page.status, page.header("retry-after")), (503, "5"), "{path}");
            assert!(page.body.contains("Not reachable at the moment"), "{}", page.body);
        }
        let asked = browser.post("/portal/login", &[("email", "a1@clients.test")]).await;
        assert_eq!(asked.status, 503, "no neutral answer for a request that was not written down");
        let answer = browser.graphql_page("{ portal { sessions { id } } }").await;
        assert_eq!(answer.status, 503);
        assert!(answer.body.contains("UNAVAILABLE") && !answer.body.to_lowercase().contains("pool"), "{}", answer.body);
        assert_eq!(browser.get("/healthz").await.status, 200);
        assert_eq!(browser.get("/readyz").await.status, 503);
    }
}

/// PostgreSQL was restarted: every connection that lay idle is dead, and nobody notices.
#[tokio::test]
async fn connections_that_the_database_has_closed_are_replaced_unnoticed() {
    if !Kind::postgres_is_there() {
        return;
    }
    let app = TestApp::start(Kind::Postgres).await;
    World::fill(&app).await;
    let browser = app.signed_in("a1@clients.test").await;
    let pages = (0..8).map(|_| {
        let mut browser = browser.clone();
        async move { browser.get("/portal").await.status }
    });
    assert_eq!(futures_util::future::join_all(pages).await, [200; 8]);
    for path in ["/portal", "/readyz"] {
        app.database
            .execute(
                "SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity \
                 WHERE datname = current_database() AND pid <> pg_backend_pid()",
            )
            .await;
        assert_eq!(browser.clone().get(path).await.status, 200, "{path}");
    }
}

/// A database that is down at start is refused with a reason and without its password.
#[tokio::test]
async fn a_database_that_is_down_at_start_is_told() {
    let url = "postgres://postern:hunter2@127.0.0.1:1/postern".to_owned();
    let config = postern::config::DatabaseConfig::of(url);
    let error = postern::store::Store::open(&config, postern::clock::Clock::system()).await.unwrap_err();
    assert!(matches!(error, postern::error::Error::Unavailable(_)), "{error}");
    assert!(!error.to_string().contains("hunter2"));
}

/// Every answer carries the headers that keep a browser out of trouble.
#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let app = TestApp::start(Kind::Sqlite).await;
    World::fill(&app).await;
    let mut browser = app.signed_in("a1@clients.test").await;
    for path in
        ["/portal", "/portal/login", "/nowhere", "/healthz", "/brand/theme/1f5f4a.css", "/portal/graphql"]
    {
        let page = browser.get(path).await;
        let policy = if page.header("content-type").starts_with("text/html") {
            "default-src 'none'; script-src 'nonce-NONCE' 'wasm-unsafe-eval'; style-src 'nonce-NONCE'; "
        } else {
            "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'"
        };
        for (name, part) in [
            ("content-security-policy", policy),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("strict-transport-security", "max-age=63072000"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert!(page.header(name).contains(part), "{path} {name}: {}", page.header(name));
        }
        let cache =
            if path.starts_with("/brand") { "public, max-age=31536000, immutable" } else { "no-store" };
        assert_eq!(page.header("cache-control"), cache, "{path}");
    }
}

/// Word by word: what is let in, and by what is left out what is not.
const PAGE: &str = "default-src 'none'; script-src 'nonce-NONCE' 'wasm-unsafe-eval'; style-src 'nonce-NONCE'; img-src 'self' data:; \
    connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";
/// What is no page does nothing.
const FILE: &str = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'";

/// Every route answers with the whole policy, to nobody and to whoever is signed in on both sides; but the explorer's
/// page, which has its own. What is text says in which character set.
#[tokio::test]
async fn every_route_answers_with_the_whole_policy() {
    let app = TestApp::start(Kind::Sqlite).await;
    let world = World::fill(&app).await;
    let mut both = app.signed_in(&world.a1.email()).await;
    both.cookies.extend(app.member("owner@alder.test").await.cookies);
    let (mut answers, mut texts, mut streams) = (0, 0, 0);
    for who in [app.browser(), both] {
        for (method, route) in ROUTES {
            for path in filled(route, &world.a1, "") {
                let mut browser = who.clone();
                let page =
                    if *method == "GET" { browser.get(&path).await } else { browser.post(&path, &[]).await };
                let policy = page.header("content-security-policy");
                if *route == "/app/graphql" && page.status == 200 {
                    for part in [
                        "default-src 'none'; script-src 'nonce-NONCE' 'wasm-unsafe-eval'; ",
                        "base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
                    ] {
                        assert!(policy.contains(part), "{policy}");
                    }
                } else {
                    let is_page = page.header("content-type").starts_with("text/html");
                    assert_eq!(policy, if is_page { PAGE } else { FILE }, "{method} {path}");
                }
                let content_type = page.header("content-type");
                if content_type.starts_with("text/") || content_type.contains("xml") {
                    assert!(content_type.contains("; charset=utf-8"), "{method} {path}: {content_type}");
                    texts += 1;
                }
                streams += usize::from(content_type.starts_with("text/event-stream"));
                answers += 1;
            }
        }
    }
    assert!(streams > 0 && texts > 100, "{streams} {texts} {answers}");
    let icon = icon_of(&app.browser().get("/portal/login").await.body);
    assert_eq!(app.browser().get(&icon).await.header("content-type"), "image/svg+xml; charset=utf-8");
    proof("answers of all routes that carry the whole policy", &answers.to_string());
}

fn icon_of(page: &str) -> String {
    let at = page.find("rel=\"icon\"").unwrap();
    let tag = &page[page[..at].rfind('<').unwrap()..];
    tag.split("href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}
