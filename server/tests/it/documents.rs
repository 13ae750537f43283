//! The schema as a file, and the pages' documents against it.

use app::api::{Document, guest, portal, team};
use postern::graphql;

use crate::{
    harness::{Kind, TestApp},
    world::World,
};

/// `schema.graphql` is what the code says. To renew it: `cargo run -p postern -- schema > server/schema.graphql`.
#[test]
fn the_schema_file_is_true() {
    let file = include_str!("../../schema.graphql");
    assert_eq!(
        file.trim(),
        graphql::sdl().trim(),
        "renew it: cargo run -p postern -- schema > server/schema.graphql"
    );
}

/// Every description that a reader of the schema needs is there.
#[test]
fn every_field_of_the_schema_is_described() {
    let sdl = graphql::sdl();
    let lines: Vec<&str> = sdl.lines().collect();
    let mut bare = vec![];
    for (at, line) in lines.iter().enumerate() {
        let is_field = line.starts_with('\t')
            && !line.starts_with("\t\t")
            && line.trim_end().ends_with(|c: char| c.is_alphanumeric() || c == '!' || c == ']')
            && line.contains(':')
            && !line.starts_with("\t)")
            && !line.starts_with("\tquery:")
            && !line.starts_with("\tmutation:");
        if is_field && !lines[at - 1].trim().ends_with("\"\"\"") {
            bare.push((*line).to_owned());
        }
        // An argument without a description stands on the line of its field.
        let has_bare_argument =
            line.starts_with('\t') && line.split_once('(').is_some_and(|(_, rest)| rest.contains(": "));
        if has_bare_argument
            && !line.trim_start().starts_with('"')
            && !lines[at - 1].trim().starts_with("\"\"\"")
        {
            bare.push((*line).to_owned());
        }
    }
    assert_eq!(bare, Vec::<String>::new());
}

/// Each document fits the schema: the engine takes it.
#[tokio::test]
async fn every_document_fits_the_schema() {
    let app = TestApp::start(Kind::Sqlite).await;
    let world = World::fill(&app).await;
    let mut contact = app.signed_in("a1@clients.test").await;
    for document in portal::DOCUMENTS {
        fits(document, &contact.graphql(document.source).await);
    }
    let member = app.member("owner@alder.test").await;
    for document in team::DOCUMENTS {
        fits(document, &app.team_graphql(&member, document.source).await);
    }
    let answer = app.guest_graphql(&world.a1, guest::INVOICE.source).await;
    fits(guest::INVOICE, &answer);
    let all = portal::DOCUMENTS.iter().chain(&team::DOCUMENTS).chain(std::iter::once(&guest::INVOICE));
    let names: std::collections::BTreeSet<&str> = all.clone().map(|document| document.name).collect();
    assert_eq!(names.len(), all.count());
}

/// Without variables a document that wants some is refused for that, and for nothing else.
fn fits(document: Document, answer: &serde_json::Value) {
    for error in answer["errors"].as_array().cloned().unwrap_or_default() {
        assert!(error["message"].as_str().unwrap().contains("ariable"), "{}: {error}", document.name);
    }
}
