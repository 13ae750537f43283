//! The twelve checks of graphql-cop (<https://github.com/dolevf/graphql-cop>), each as what must not be found.

use axum::{body::Body, http::Method};
use serde_json::{Value, json};

use super::{EVERYTHING, Program, code};
use crate::{
    harness::{Kind, TestApp},
    world::World,
};

async fn program() -> (TestApp, Program) {
    let app = TestApp::start(Kind::Sqlite).await;
    World::found_orgs(&app).await;
    let program = Program::of_owner(&app, "alder", &EVERYTHING).await;
    (app, program)
}

async fn refused(query: String) {
    let (_app, mut program) = program().await;
    let answer = program.graphql(&query).await;
    assert!(answer.get("data").is_none() && code(&answer) == "INVALID", "{answer}");
}

#[tokio::test]
async fn alias_overloading() {
    let aliases: Vec<String> = (0..101).map(|at| format!("alias{at}: __typename")).collect();
    refused(format!("query cop {{ {} }}", aliases.join(" "))).await;
}

#[tokio::test]
async fn array_based_batches() {
    let (_app, mut program) = program().await;
    let one = json!({ "query": "query cop { __typename }" });
    let page = program.send(&Value::Array(vec![one; 10])).await;
    assert_eq!(page.status, 400, "{}", page.body);
}

#[tokio::test]
async fn directive_overloading() {
    refused(format!("query cop {{ __typename {} }}", "@aa".repeat(11))).await;
    refused(format!("query cop {{ __typename {} }}", "@include(if: true)".repeat(11))).await;
}

#[tokio::test]
async fn circular_introspection() {
    let deep = "fields { type { ".repeat(4) + "name" + &" } }".repeat(4);
    refused(format!("query cop {{ __schema {{ types {{ {deep} }} }} }}")).await;
}

#[tokio::test]
async fn field_duplication() {
    refused(format!("query cop {{ {} }}", "__typename \n ".repeat(2_001))).await;
}

#[tokio::test]
async fn field_suggestions() {
    let (_app, mut program) = program().await;
    for query in [
        "query cop { __schema { directive } }",
        "query cop { tem { viewer { email } } }",
        "query cop { team { cliens { nodes { id } } } }",
    ] {
        let answer = program.graphql(query).await.to_string();
        assert!(!answer.contains("Did you mean") && !answer.contains("did you mean"), "{answer}");
    }
}

#[tokio::test]
async fn introspection_without_a_token_and_of_what_is_not_ones_own() {
    let (app, mut program) = program().await;
    let query = "query cop { __schema { types { name fields { name } } } }";
    let nobody = Program::with_token(&app, "").graphql(query).await;
    assert!(nobody.get("data").is_none() && code(&nobody) == "SIGNED_OUT", "{nobody}");
    let own = program.graphql(query).await.to_string();
    assert!(
        own.contains("TeamInvoice") && !own.contains("PortalInvoice") && !own.contains("\"name\":\"portal\""),
        "{own}"
    );
}

#[tokio::test]
async fn get_based_queries_and_mutations() {
    let (_app, mut program) = program().await;
    program.http.headers.insert("authorization", format!("Bearer {}", program.token).parse().unwrap());
    for query in ["query%20cop%20%7B__typename%7D", "mutation%20cop%20%7B__typename%7D"] {
        let page = program.http.get(&format!("/graphql?query={query}")).await;
        assert!(page.status == 405 && !page.body.contains("__typename\":"), "{}", page.body);
    }
}

#[tokio::test]
async fn a_post_of_a_form() {
    let (_app, mut program) = program().await;
    let bearer = format!("Bearer {}", program.token);
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    let body = Body::from("query=query%20cop%20%7B__typename%7D");
    assert_eq!(program.http.request(Method::POST, "/graphql", &headers, body).await.status, 415);
}

#[tokio::test]
async fn an_explorer_for_strangers() {
    let (app, _program) = program().await;
    for path in
        ["/graphiql", "/playground", "/console", "/graphql", "/graphql/console", "/altair", "/v1/graphql"]
    {
        let mut browser = app.browser();
        browser.headers.insert("accept", "text/html".parse().unwrap());
        let page = browser.get(path).await;
        let found = ["graphiql", "GraphiQL", "Playground", "GraphQL Console"]
            .iter()
            .any(|name| page.body.contains(name));
        assert!(page.status >= 300 && !found, "{path}: {}", page.body);
    }
}

#[tokio::test]
async fn tracing_and_other_extensions() {
    let (_app, mut program) = program().await;
    let answer = program.graphql("query cop { __typename }").await;
    assert_eq!(answer, json!({ "data": { "__typename": "Query" } }));
}

#[tokio::test]
async fn errors_that_tell_of_the_inside() {
    let (_app, mut program) = program().await;
    for query in [
        "query cop {",
        "query cop { __typename @x(y: z) }",
        "{ team { invoices(first: 99999999999) { nodes { id } } } }",
        "{ team { client(id: \"' OR 1=1 --\") { id } } }",
    ] {
        let answer = program.graphql(query).await.to_string().to_lowercase();
        for inside in ["panick", "sqlx", "sqlite", ".rs:", "src/", "stack", "select "] {
            assert!(!answer.contains(inside), "{answer}");
        }
    }
}
