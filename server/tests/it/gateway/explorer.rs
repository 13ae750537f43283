//! GraphiQL for members (rule G3): a page of the team's, whose documents run by the session of who is signed in.

use axum::{body::Body, http::Method};
use serde_json::json;

use super::{EVERYTHING, Program};
use crate::{
    harness::{Browser, Kind, PUBLIC_URL, Page, TestApp},
    world::World,
};

const WHO: &str = "{ team { viewer { email } } }";

async fn ask(browser: &mut Browser, headers: &[(&str, &str)], query: &str) -> Page {
    let body = json!({ "query": query }).to_string();
    let headers = [&[("content-type", "application/json"), ("origin", PUBLIC_URL)], headers].concat();
    browser.request(Method::POST, "/app/graphql", &headers, Body::from(body)).await
}

#[tokio::test]
async fn a_browser_at_the_address_of_the_api_is_led_to_the_explorer_and_a_program_is_not() {
    let app = TestApp::start(Kind::Sqlite).await;
    World::found_orgs(&app).await;
    for mut browser in [app.browser(), app.member("owner@alder.test").await] {
        let page = browser
            .request(Method::GET, "/graphql", &[("accept", "text/html,*/*;q=0.8")], Body::empty())
            .await;
        assert_eq!((page.status, page.header("location")), (303, "/app/graphql"));
        let page = browser.request(Method::GET, "/graphql", &[("accept", "*/*")], Body::empty()).await;
        assert_eq!((page.status, page.header("allow")), (405, "POST"));
    }
}

#[tokio::test]
async fn strangers_and_contacts_are_led_to_the_login() {
    let app = TestApp::start(Kind::Sqlite).await;
    let world = World::fill(&app).await;
    for mut browser in [app.browser(), app.signed_in(&world.clients()[0].email()).await] {
        let page = browser.get("/app/graphql").await;
        assert_eq!((page.status, page.header("location")), (303, "/app/login?next=%2Fapp%2Fgraphql"));
        let page = ask(&mut browser, &[], WHO).await;
        assert!(page.status == 401 && page.body.contains("SIGNED_OUT"), "{}", page.body);
    }
}

#[tokio::test]
async fn the_page_lets_in_its_own_style_sheets_and_no_inline_script() {
    let app = TestApp::start(Kind::Sqlite).await;
    World::found_orgs(&app).await;
    let mut member = app.member("owner@alder.test").await;
    let page = member.get("/app/graphql").await;
    let policy = page.header("content-security-policy");
    let nonce = page.nonce.clone().unwrap();
    assert!(nonce.len() == 32 && page.body.contains("nonce=\"NONCE\""), "{policy}");
    assert!(
        policy.contains("script-src 'nonce-NONCE'") && !policy.contains("style-src 'unsafe-inline'"),
        "{policy}"
    );
    let other = member.get("/app/graphql").await;
    assert_ne!(other.nonce.unwrap(), nonce, "a nonce is used once");
}

#[tokio::test]
async fn a_document_runs_as_the_member_whose_session_it_is() {
    let app = TestApp::start(Kind::Sqlite).await;
    World::found_orgs(&app).await;
    for org in ["alder", "birch"] {
        let mut member = app.member(&format!("owner@{org}.test")).await;
        let page = ask(&mut member, &[], WHO).await;
        assert!(page.status == 200 && page.body.contains(&format!("owner@{org}.test")), "{}", page.body);
        let names = ask(&mut member, &[], "{ __schema { queryType { fields { name } } } }").await;
        assert!(names.body.contains("\"team\"") && !names.body.contains("\"portal\""), "{}", names.body);
    }
}

#[tokio::test]
async fn a_token_opens_nothing_there() {
    let app = TestApp::start(Kind::Sqlite).await;
    World::found_orgs(&app).await;
    let mut program = Program::of_owner(&app, "alder", &EVERYTHING).await;
    let bearer = format!("Bearer {}", program.token);
    let page = ask(&mut program.http, &[("authorization", &bearer)], WHO).await;
    assert!(page.status == 401 && !page.body.contains("owner@"), "{}", page.body);
}

#[tokio::test]
async fn what_comes_from_elsewhere_or_is_no_json_is_not_run() {
    let app = TestApp::start(Kind::Sqlite).await;
    World::found_orgs(&app).await;
    let mut member = app.member("owner@alder.test").await;
    let body = json!({ "query": WHO }).to_string();
    for (content_type, origin, site, status) in [
        ("application/json", PUBLIC_URL, "same-origin", 200),
        ("application/json", "https://evil.example", "cross-site", 403),
        ("application/json", PUBLIC_URL, "cross-site", 403),
        ("application/json", "null", "same-origin", 403),
        ("text/plain", PUBLIC_URL, "same-origin", 415),
        ("application/x-www-form-urlencoded", PUBLIC_URL, "same-origin", 415),
    ] {
        let headers = [("content-type", content_type), ("origin", origin), ("sec-fetch-site", site)];
        let page = member.request(Method::POST, "/app/graphql", &headers, Body::from(body.clone())).await;
        assert_eq!(page.status, status, "{content_type} from {origin}, {site}");
        assert_eq!(page.body.contains("owner@alder.test"), status == 200);
    }
}

#[tokio::test]
async fn its_documents_are_bounded_as_those_of_programs_are() {
    let app = TestApp::start(Kind::Sqlite).await;
    World::found_orgs(&app).await;
    let mut member = app.member("owner@alder.test").await;
    let aliases: Vec<String> = (0..200).map(|n| format!("a{n}: __typename")).collect();
    let page = ask(&mut member, &[], &format!("{{ {} }}", aliases.join(" "))).await;
    assert!(page.body.contains("INVALID") && !page.body.contains("\"a0\""), "{}", page.body);
}
