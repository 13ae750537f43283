//! Brackets within brackets. The parser goes down its stack for each, and a stack that overflows ends the whole process: so
//! each of these must be refused before it is parsed, whoever sends it.

use super::{EVERYTHING, Program, code};
use crate::{
    harness::{Kind, TestApp},
    world::World,
};

/// Documents that are small, and deep; some hide it from a count that reads otherwise than the parser does.
fn deep() -> [String; 6] {
    let lists = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
    [
        format!("{{ a(b: {}1{}) }}", "[".repeat(900), "]".repeat(900)),
        format!("query ($a: {}Int{}) {{ a }}", "[".repeat(900), "]".repeat(900)),
        format!("{{ a(b: [\"\"\" \\\"\"\" \"\"\" {lists}]) }}"),
        format!("{{ a(b: [\"\"\" x\" {lists}]) }}"),
        format!("{{ a(b: [ # \r {lists}]) }}"),
        format!("{{ a(b: {}", "{a:".repeat(5_000)),
    ]
}

/// An invoice with payments, their invoice with its payments, and so on: each turn multiplies the answer by their number.
#[tokio::test]
async fn no_document_goes_in_circles_through_payments() {
    let app = TestApp::start(Kind::Sqlite).await;
    let world = World::fill(&app).await;
    let mut program = Program::of_owner(&app, "alder", &EVERYTHING).await;
    let circle = |turns: usize| {
        let within = "payments { invoice { ".repeat(turns);
        format!(
            "{{ team {{ invoice(id: \"{}\") {{ {within} id {} }} }} }}",
            world.a1.paid,
            " } }".repeat(turns)
        )
    };
    for turns in [1, 2, 4] {
        let answer = program.graphql(&circle(turns)).await;
        assert!(answer.get("data").is_none() && code(&answer) == "INVALID", "{answer}");
    }
    let straight =
        format!("{{ team {{ invoice(id: \"{}\") {{ payments {{ id amountMinor }} }} }} }}", world.a1.paid);
    let answer = program.graphql(&straight).await;
    assert!(answer["data"]["team"]["invoice"]["payments"][0]["id"].is_string(), "{answer}");
}

#[tokio::test]
async fn no_document_takes_the_process_with_it() {
    let app = TestApp::start(Kind::Sqlite).await;
    World::found_orgs(&app).await;
    let mut program = Program::of_owner(&app, "alder", &EVERYTHING).await;
    let mut stranger = app.browser();
    for document in deep() {
        let answer = program.graphql(&document).await;
        assert!(answer.get("data").is_none() && code(&answer) == "INVALID", "{answer}");
        let answer = stranger.graphql(&document).await;
        assert!(answer.get("data").is_none() && code(&answer) == "INVALID", "{answer}");
        let input = serde_json::to_string(&document).unwrap();
        let trust = format!("mutation {{ teamTrustDocument(source: {input}) {{ id problems {{ code }} }} }}");
        let owner = app.member("owner@alder.test").await;
        let answer = app.team_graphql(&owner, &trust).await;
        assert!(answer["data"]["teamTrustDocument"]["id"].is_null(), "{answer}");
    }
    assert_eq!(stranger.get("/healthz").await.status, 200);
}
