//! The walks miss nothing: every route is listed, every field is asked for, and every type has a guard (rule I4).

use std::collections::BTreeSet;

use postern::{graphql, http::ROUTES};
use uuid::Uuid;

use super::{
    TEAM_LISTS, TEAM_ORG_MUTATIONS, TEAM_PEOPLE_MUTATIONS, TEAM_TOKEN_MUTATIONS, TEAM_TOKENS,
    TEAM_WEBHOOK_MUTATIONS,
    documents::{EVERYTHING, GUEST, TEAM_WEBHOOKS, invoice_document},
    team_client_document, team_invoice_document, team_mutations, team_node_document,
};
use crate::world::Client;

/// The list of the application is the router's.
#[test]
fn the_list_of_routes_is_complete() {
    let source = include_str!("../../../src/http/mod.rs");
    let (portal, rest) = source.split_once("fn team_routes(").unwrap();
    let (team, rest) = rest.split_once("pub fn router(").unwrap();
    let mut there = BTreeSet::new();
    for (part, prefix) in [(portal, "/portal"), (team, "/app"), (rest, "")] {
        for (at, _) in part.match_indices(".route(\"") {
            let (path, handlers) = part[at + 8..].split_once("\", ").unwrap();
            let handlers = handlers.split_once('\n').unwrap().0;
            let path = format!("{prefix}{path}");
            let path = if path.len() > 1 { path.trim_end_matches('/').to_owned() } else { path };
            for method in ["get", "post", "put", "delete", "patch"] {
                if handlers.contains(&format!("{method}(")) {
                    there.insert((method.to_uppercase(), path.clone()));
                }
            }
        }
    }
    let listed: BTreeSet<(String, String)> =
        ROUTES.iter().map(|(method, path)| ((*method).to_owned(), (*path).to_owned())).collect();
    assert_eq!(there, listed);
}

/// The documents of the walks ask for every field of the schema: a new field must be added to them.
#[test]
fn the_walk_covers_every_field_of_the_schema() {
    let client = Client::new("a1", 0xa, "alder", 1);
    let walked = [
        EVERYTHING,
        &invoice_document(Uuid::nil()),
        GUEST,
        "portalEndSession portalEndSessions ",
        TEAM_LISTS,
        &team_client_document(Uuid::nil()),
        &team_node_document(Uuid::nil()),
        &team_invoice_document(Uuid::nil()),
        &team_mutations(&client).concat(),
        &TEAM_ORG_MUTATIONS.concat(),
        &TEAM_PEOPLE_MUTATIONS.concat(),
        TEAM_TOKENS,
        &TEAM_TOKEN_MUTATIONS.concat(),
        TEAM_WEBHOOKS,
        &TEAM_WEBHOOK_MUTATIONS.concat(),
    ]
    .concat();
    let words: BTreeSet<&str> = walked
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .collect();
    let mut missing = vec![];
    let mut inside = false;
    for line in graphql::sdl().lines() {
        if line.starts_with("type ") {
            inside = true;
        } else if line.starts_with('}') {
            inside = false;
        } else if inside && line.starts_with('\t') && !line.starts_with("\t\t") {
            // The text of a description stands as a field does, on a line of its own.
            let field = line.trim().split(['(', ':']).next().unwrap_or_default().to_owned();
            if !field.is_empty()
                && field.chars().all(|c| c.is_ascii_alphanumeric())
                && field.starts_with(|c: char| c.is_ascii_lowercase())
                && !words.contains(field.as_str())
                && !line.contains('"')
            {
                missing.push(field);
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}

/// Every type of the schema names its audience (I4).
#[test]
fn every_type_of_the_schema_has_a_guard() {
    let graphql = concat!(env!("CARGO_MANIFEST_DIR"), "/src/graphql");
    let mut files = vec![(format!("{graphql}/root.rs"), ""), (format!("{graphql}/guest.rs"), "GuestOnly")];
    for (folder, guard) in [("portal", "PortalOnly"), ("team", "TeamOnly"), ("team/invoice", "TeamOnly")] {
        for entry in std::fs::read_dir(format!("{graphql}/{folder}")).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                files.push((path.display().to_string(), guard));
            }
        }
    }
    assert!(files.len() > 10);
    for (file, guard) in files {
        let source = std::fs::read_to_string(&file).unwrap();
        let guards = match guard {
            "" => vec!["guard = \"".to_owned()],
            "PortalOnly" => vec!["guard = \"PortalOnly\"".to_owned(), "guard = \"ReaderOnly\"".to_owned()],
            // Those of the team name what they need; all of these guards are for members alone.
            guard => [guard, "SEES_", "CHANGES_", "OWNS", "HANDS_OUT", "IN_PERSON", "ADMIN_IN_PERSON"]
                .map(|guard| format!("guard = \"{guard}"))
                .to_vec(),
        };
        let has_guard = |line: &str| guards.iter().any(|guard| line.contains(guard.as_str()));
        let lines: Vec<&str> = source.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let next = lines.get(at + 1).copied().unwrap_or_default();
            if line.contains("SimpleObject)]") {
                assert!(has_guard(next) && next.contains("visible ="), "{file}:{}", at + 2);
            }
            // The fields of a type that are computed have a guard of their own.
            if line.starts_with("#[ComplexObject") {
                assert!(has_guard(line), "{file}:{}", at + 1);
            }
            if line.starts_with("connection!(") {
                let guarded = lines[at..at + 8]
                    .iter()
                    .any(|line| line.contains("\"SEES_") || line.contains("\"HANDS_OUT\""));
                assert!(guarded, "{file}:{}", at + 1);
            }
            if line.contains("Enum)]") || line.contains("InputObject)]") {
                assert!(next.contains("visible ="), "{file}:{}", at + 2);
            }
            // The roots of all audiences have a guard on each field.
            if *line == "#[Object]" {
                let body: Vec<&str> =
                    lines[at + 1..].iter().copied().take_while(|line| *line != "}").collect();
                let fields = body.iter().filter(|line| line.trim_start().starts_with("async fn")).count();
                let guards = body.iter().filter(|line| has_guard(line) && line.contains("visible =")).count();
                assert!(fields > 0 && fields == guards, "{file}:{}", at + 1);
            } else if line.starts_with("#[Object") {
                assert!(has_guard(line) && line.contains("visible ="), "{file}:{}", at + 1);
            }
        }
    }
}
