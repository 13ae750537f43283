//! Documents that are trusted and run by their hash.

use serde_json::{Value, json};

use super::{EVERYTHING, Program, code};
use crate::{harness::both_databases, world::World};

const SOURCE: &str = "query Who { team { viewer { email } } }";

async fn trust(program: &mut Program, source: &str) -> Value {
    let mutation =
        "mutation T($source: String!) { teamTrustDocument(source: $source) { id problems { field code } } }";
    let page = program.send(&json!({ "query": mutation, "variables": { "source": source } })).await;
    serde_json::from_str::<Value>(&page.body).unwrap()["data"]["teamTrustDocument"].take()
}

async fn run(program: &mut Program, id: &str) -> Value {
    let page = program.send(&json!({ "documentId": id })).await;
    serde_json::from_str(&page.body).unwrap()
}

both_databases! {
    /// It is run by its hash, by those of the org alone, until it is taken away.
    async fn a_trusted_document_is_run_by_its_hash(app: TestApp) {
        World::found_orgs(&app).await;
        let mut program = Program::of_owner(&app, "alder", &EVERYTHING).await;
        let saved = trust(&mut program, SOURCE).await;
        let id = saved["id"].as_str().unwrap().to_owned();
        assert!(id.starts_with("sha256:") && id.len() == 71, "{saved}");
        assert_eq!(trust(&mut program, SOURCE).await["id"], id.as_str(), "the same again is the same");
        assert_eq!(run(&mut program, &id).await["data"]["team"]["viewer"]["email"], "owner@alder.test");
        let mut other = Program::of_owner(&app, "birch", &EVERYTHING).await;
        let foreign = run(&mut other, &id).await;
        let none = run(&mut other, &format!("sha256:{}", "0".repeat(64))).await;
        assert_eq!((code(&foreign), code(&none), &foreign["errors"][0]["message"]), ("NOT_FOUND", "NOT_FOUND", &none["errors"][0]["message"]));
        let removed = program.graphql(&format!("mutation {{ teamDistrustDocument(id: \"{id}\") }}")).await;
        assert_eq!(removed["data"]["teamDistrustDocument"], true, "{removed}");
        assert_eq!(code(&run(&mut program, &id).await), "NOT_FOUND");
    }

    /// A token that is held to trusted documents runs nothing else.
    async fn a_token_can_be_held_to_trusted_documents(app: TestApp) {
        World::found_orgs(&app).await;
        let mut program = Program::of_owner(&app, "alder", &EVERYTHING).await;
        let id = trust(&mut program, SOURCE).await["id"].as_str().unwrap().to_owned();
        let owner = app.member("owner@alder.test").await;
        let mut held = Program::with_input(&app, &owner, "scopes: [SETTINGS_WRITE], documentsOnly: true").await;
        assert_eq!(code(&held.graphql(SOURCE).await), "FORBIDDEN");
        assert_eq!(run(&mut held, &id).await["data"]["team"]["viewer"]["email"], "owner@alder.test");
        let both = held.send(&json!({ "documentId": id, "query": SOURCE })).await;
        assert_eq!(both.status, 400, "{}", both.body);
        assert_eq!(trust(&mut held, "query X { team { org { name } } }").await, Value::Null, "it trusts nothing by itself");
    }

    /// What is no document, has no name, or is too large is told.
    async fn what_is_no_document_is_not_trusted(app: TestApp) {
        World::found_orgs(&app).await;
        let mut program = Program::of_owner(&app, "alder", &EVERYTHING).await;
        let long = format!("query Long {{ __typename }} # {}", "x".repeat(16 * 1024));
        for (source, problem) in [("", "NO_DOCUMENT"), ("{ __typename }", "NO_DOCUMENT"), ("query {", "NO_DOCUMENT"), (long.as_str(), "TOO_LONG")] {
            let refused = trust(&mut program, source).await;
            assert_eq!((&refused["id"], &refused["problems"][0]["code"]), (&Value::Null, &json!(problem)), "{source}");
        }
    }
}
