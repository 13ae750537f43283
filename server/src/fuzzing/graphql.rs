//! Documents, as programs and strangers send them: bounded, parsed, checked against the schema, and run for nobody.

use std::{
    collections::HashSet,
    sync::{Arc, LazyLock},
};

use async_graphql::{Response, parser::parse_query};
use futures_util::FutureExt as _;
use serde_json::json;

use super::document::{Size, written_out};
use crate::{
    auth::{actor::Role, example, team_session::TeamVisit},
    graphql::{
        Caller, PosternSchema, execute,
        lexer::lex,
        limits::{Counts, MAX_ALIASES, MAX_DIRECTIVES, MAX_NESTING, MAX_TOKENS},
        schema_that_checks, schema_without_data,
    },
    http::fuzzing as http,
    store::Origin,
};

const MOST_FIELDS: usize = 10_000;
const MOST_DEPTH: usize = 12;
/// The engine follows no more spreads than that.
const MOST_SPREADS: usize = 24;

static BARE: LazyLock<PosternSchema> = LazyLock::new(schema_without_data);
static CHECKS: LazyLock<PosternSchema> = LazyLock::new(schema_that_checks);
static OWNER: LazyLock<Arc<TeamVisit>> = LazyLock::new(|| example::member(Role::Owner));

/// A JSON object is a whole body. Anything else is a document, behind it the name of an operation and variables, with a line
/// of `---` before each.
pub fn graphql(input: &[u8]) {
    if input.starts_with(b"{\"") {
        return of_body(input);
    }
    let Ok(text) = std::str::from_utf8(input) else { return };
    let mut parts = text.splitn(3, "\n---\n");
    let query = parts.next().unwrap_or_default();
    let name = parts.next().filter(|name| !name.is_empty());
    let variables: Option<serde_json::Value> = parts.next().and_then(|text| serde_json::from_str(text).ok());
    let body = json!({ "query": query, "operationName": name, "variables": variables });
    of_document(query);
    of_body(body.to_string().as_bytes());
}

/// Whatever passes the limits is within them, counted the plain way.
fn of_document(query: &str) {
    let Some(lexed) = lex(query) else { return };
    if lexed.tokens > MAX_TOKENS || lexed.nesting > MAX_NESTING {
        return;
    }
    let Ok(document) = parse_query(query) else { return };
    let size = Size::of(&document);
    assert!(
        size.tokens <= lexed.tokens,
        "{} tokens, and {} were counted: {query}",
        size.tokens,
        lexed.tokens
    );
    assert!(
        size.nesting <= lexed.nesting,
        "{} deep, and {} were counted: {query}",
        size.nesting,
        lexed.nesting
    );
    if Counts::of(&document).beyond().is_some() {
        return;
    }
    assert!(size.aliases <= MAX_ALIASES && size.directives <= MAX_DIRECTIVES, "{size:?}: {query}");
    if document.fragments.len() > MOST_SPREADS {
        return;
    }
    for (_, operation) in document.operations.iter() {
        let set = &operation.node.selection_set.node;
        if let Some((fields, depth)) = written_out(&document, set, &mut HashSet::new(), MOST_FIELDS) {
            assert!(fields <= MOST_FIELDS && depth <= MOST_DEPTH, "{fields} fields, {depth} deep: {query}");
        }
    }
}

/// A request is refused, or is run and answered: nobody learns anything but the names of types, and nothing fails in a way
/// that is a fault of ours.
fn of_body(body: &[u8]) {
    if let Ok(value) = serde_json::from_slice(body) {
        assert!(values(&value) <= http::json_values(body), "{}", String::from_utf8_lossy(body));
    }
    let run = |schema: &PosternSchema, caller| {
        let request = http::request(body)?;
        let origin = Origin { browser: String::new(), ip_short: String::new() };
        execute(schema, request, caller, origin).now_or_never()
    };
    if let Some(response) = run(&BARE, Caller::Nobody) {
        no_fault(&response);
        assert!(says_nothing(&response), "{}", response.data);
    }
    if let Some(response) = run(&CHECKS, Caller::Team(OWNER.clone())) {
        no_fault(&response);
    }
}

/// How many values there are in one, itself included.
fn values(value: &serde_json::Value) -> usize {
    match value {
        serde_json::Value::Array(elements) => 1 + elements.iter().map(values).sum::<usize>(),
        serde_json::Value::Object(members) => 1 + members.values().map(values).sum::<usize>(),
        _ => 1,
    }
}

fn no_fault(response: &Response) {
    for error in &response.errors {
        let code = error.extensions.as_ref().and_then(|values| values.get("code"));
        assert!(code != Some(&"INTERNAL".into()), "{error:?}");
        assert!(!error.message.contains("Did you mean"), "{error:?}");
    }
}

/// What nobody is told has no text of ours in it but names of the schema's own types.
fn says_nothing(response: &Response) -> bool {
    let async_graphql::Value::Object(object) = &response.data else { return true };
    object.values().all(|value| match value {
        async_graphql::Value::String(name) => name == "Query" || name == "Mutation",
        // `__schema` and `__type` tell of the part that is for nobody.
        async_graphql::Value::Object(_) => !value.to_string().contains("Team"),
        async_graphql::Value::Null => true,
        _ => false,
    })
}
