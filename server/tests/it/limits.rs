//! What a document may cost, and how it must be sent.

use axum::{body::Body, http::Method};
use postern::http::ROUTES;

use crate::{
    harness::{Kind, PUBLIC_URL, TestApp},
    world::World,
};

async fn app() -> TestApp {
    let app = TestApp::start(Kind::Sqlite).await;
    World::fill(&app).await;
    app
}

#[tokio::test]
async fn documents_beyond_a_limit_are_refused_with_a_code() {
    let app = app().await;
    let mut browser = app.signed_in("a1@clients.test").await;
    let aliases =
        (0..31).map(|n| format!("a{n}: portal {{ sessions {{ id }} }}")).collect::<Vec<_>>().join(" ");
    let tokens = "id ".repeat(2_100);
    let deep = format!(
        "{}{}",
        "{ __schema { types ".to_owned() + &"{ fields { type ".repeat(12),
        "{ name } ".to_owned() + &"} } ".repeat(12) + "} }"
    );
    let directives: String = (0..11).map(|_| " @include(if: true)").collect();
    for (name, document) in [
        ("aliases", format!("{{ {aliases} }}")),
        ("tokens", format!("{{ portal {{ sessions {{ {tokens} }} }} }}")),
        ("depth", deep),
        ("directives", format!("{{ portal {directives} {{ sessions {{ id }} }} }}")),
        ("complexity", "{ portal { a: invoices(first: 100) { nodes { id number title status issuedOn dueOn currency totalMinor paidMinor dueMinor } } b: invoices(first: 100) { nodes { id number title status issuedOn dueOn currency totalMinor paidMinor dueMinor } } c: invoices(first: 100) { nodes { id number title status issuedOn dueOn currency totalMinor paidMinor dueMinor } } d: invoices(first: 100) { nodes { id number title status issuedOn dueOn currency totalMinor paidMinor dueMinor } } e: invoices(first: 100) { nodes { id number title status issuedOn dueOn currency totalMinor paidMinor dueMinor } } } }".to_owned()),
        ("recursion", format!("{{ portal {}{} }}", "{ a ".repeat(200), "}".repeat(200))),
        ("no document", "nonsense {".to_owned()),
        ("an unknown field", "{ portal { secrets } }".to_owned()),
        ("a fragment cycle", "{ portal { ...a } } fragment a on Portal { ...b } fragment b on Portal { ...a }".to_owned()),
    ] {
        let answer = browser.graphql(&document).await;
        assert!(answer["data"].is_null(), "{name}: {answer}");
        assert_eq!(answer["errors"][0]["extensions"]["code"], "INVALID", "{name}: {answer}");
        assert!(!answer.to_string().contains("Did you mean"), "{name}: {answer}");
    }
}

#[tokio::test]
async fn only_json_by_post_is_run() {
    let app = app().await;
    let mut browser = app.signed_in("a1@clients.test").await;
    let document = r#"{"query":"mutation { portalEndSessions(keepCurrent: false) }"}"#;
    let origin = [("origin", PUBLIC_URL), ("sec-fetch-site", "same-origin")];
    assert_eq!(browser.get("/portal/graphql?query=%7Bportal%7Bsessions%7Bid%7D%7D%7D").await.status, 405);
    for content_type in
        ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/graphql", ""]
    {
        let headers = [&origin[..], &[("content-type", content_type)]].concat();
        let answer = browser.request(Method::POST, "/portal/graphql", &headers, Body::from(document)).await;
        assert_eq!(answer.status, 415, "{content_type}");
    }
    let headers = [&origin[..], &[("content-type", "application/json; charset=utf-8")]].concat();
    for body in ["", "[]", "{}", "null", "{\"query\":1}", "[{\"query\":\"{ portal { sessions { id } } }\"}]"]
    {
        let answer = browser.request(Method::POST, "/portal/graphql", &headers, Body::from(body)).await;
        assert_eq!(answer.status, 400, "{body}: {}", answer.body);
        assert!(answer.body.contains("INVALID"), "{body}");
    }
    assert_eq!(browser.get("/portal").await.status, 200, "nothing was run");
}

#[tokio::test]
async fn a_body_of_ten_megabytes_is_refused_on_every_route() {
    let app = app().await;
    let mut browser = app.signed_in("a1@clients.test").await;
    let mut refused = 0;
    for (_, route) in ROUTES.iter().filter(|(method, _)| *method == "POST") {
        let path = route.replace("{org}", "alder").replace(['{', '}'], "");
        let mut headers = vec![("content-type", "application/x-www-form-urlencoded"), ("origin", PUBLIC_URL)];
        if path.ends_with("graphql") {
            headers[0].1 = "application/json";
        }
        headers.push(("content-length", "10485760"));
        let body = format!("email={}", "x".repeat(10 * 1024 * 1024 - 6));
        let answer = browser.request(Method::POST, &path, &headers, Body::from(body)).await;
        assert_eq!(answer.status, 413, "{path}");
        refused += 1;
    }
    assert!(refused > 70, "{refused}");
    // Without the length known beforehand, the same where somebody reads.
    for (path, content_type) in [
        ("/portal/login", "application/x-www-form-urlencoded"),
        ("/portal/alder/login", "application/x-www-form-urlencoded"),
        ("/portal/login/code", "application/x-www-form-urlencoded"),
        ("/portal/sessions/end", "application/x-www-form-urlencoded"),
        ("/portal/graphql", "application/json"),
    ] {
        let headers = [("content-type", content_type), ("origin", PUBLIC_URL)];
        let answer = browser.request(Method::POST, path, &headers, Body::from_stream(chunks())).await;
        assert_eq!(answer.status, 413, "{path}, streamed");
    }
}

/// A megabyte in pieces whose sum nobody announces.
fn chunks() -> impl futures_util::Stream<Item = Result<hyper::body::Bytes, std::convert::Infallible>> {
    futures_util::stream::iter((0..64).map(|_| Ok(hyper::body::Bytes::from(vec![b'x'; 16 * 1024]))))
}
