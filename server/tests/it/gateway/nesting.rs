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
