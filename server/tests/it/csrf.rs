//! No write from elsewhere (rule S5): every form and every script's route, as somebody who is signed in on both sides,
//! with every combination of what a browser may say about where a request is from.

use axum::{body::Body, http::Method};
use postern::http::ROUTES;

use crate::{
    harness::{Kind, PUBLIC_URL, TestApp, proof},
    isolation::filled,
    world::World,
};

/// They read no cookie, so there is nothing to ride on: a token, a signature.
const WITHOUT_COOKIES: [&str; 2] = ["/graphql", "/stripe/webhook"];

const CONTENT_TYPES: [Option<&str>; 6] = [
    None,
    Some("application/x-www-form-urlencoded"),
    Some("application/json"),
    Some("text/plain"),
    Some("multipart/form-data; boundary=x"),
    Some("application/x-www-form-urlencoded; charset=utf-7"),
];
const SITES: [Option<&str>; 6] =
    [None, Some("same-origin"), Some("same-site"), Some("cross-site"), Some("none"), Some("")];
const ORIGINS: [Option<&str>; 8] = [
    None,
    Some(PUBLIC_URL),
    Some("null"),
    Some(""),
    Some("https://evil.test"),
    Some("https://pay.example.test.evil.test"),
    Some("http://pay.example.test"),
    Some("https://pay.example.test:8443"),
];

fn is_ours(site: Option<&str>, origin: Option<&str>) -> bool {
    let site_is_ours = matches!(site, None | Some("same-origin"));
    let origin_is_ours = origin.is_none() || origin == Some(PUBLIC_URL);
    site_is_ours && origin_is_ours && (site.is_some() || origin.is_some())
}

#[tokio::test]
async fn nothing_is_written_from_elsewhere_whatever_a_browser_says() {
    let app = TestApp::start(Kind::Sqlite).await;
    let world = World::fill(&app).await;
    let mut browser = app.signed_in(&world.a1.email()).await;
    browser.cookies.extend(app.member("owner@alder.test").await.cookies);
    assert!(browser.cookies.len() >= 2, "signed in on both sides");
    // SQLite counts what others have committed; only a commit moves it.
    let mut watch = app.database.sqlite().await;
    let mut commits =
        async || -> i64 { sqlx::query_scalar("PRAGMA data_version").fetch_one(&mut watch).await.unwrap() };
    let before = commits().await;
    let mut refused = 0;
    for (_, route) in
        ROUTES.iter().filter(|(method, route)| *method == "POST" && !WITHOUT_COOKIES.contains(route))
    {
        let path = filled(route, &world.a1, "").remove(0);
        for content_type in CONTENT_TYPES {
            for site in SITES {
                for origin in ORIGINS.into_iter().filter(|origin| !is_ours(site, *origin)) {
                    let given =
                        [("content-type", content_type), ("sec-fetch-site", site), ("origin", origin)];
                    let headers: Vec<(&str, &str)> =
                        given.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
                    let body = Body::from("name=x&email=x%40y.test&id=x&version=1&access=off");
                    let page = browser.request(Method::POST, &path, &headers, body).await;
                    assert_eq!(page.status, 403, "{path} {headers:?}: {}", page.body);
                    refused += 1;
                }
            }
        }
    }
    assert_eq!(commits().await, before, "something was written");
    assert!(refused > 15_000, "{refused}");
    proof(
        "No write from elsewhere: routes × content types × Sec-Fetch-Site × Origin",
        &format!("{refused} requests, all refused, no commit"),
    );
    // The positive control: from our own page the same is no longer refused for where it is from, and writes.
    assert_eq!(
        browser
            .post("/app/clients/new", &[("name", "x"), ("currency", "EUR"), ("locale", "en")])
            .await
            .status,
        303
    );
    assert_ne!(commits().await, before);
}
