//! How a request must be sent, and how it is answered: GraphQL over HTTP.

use axum::{body::Body, http::Method};
use serde_json::{Value, json};

use super::{EVERYTHING, Program, code};
use crate::{
    harness::{Kind, PUBLIC_URL, TestApp},
    world::World,
};

const QUERY: &str = r#"{"query":"{ team { viewer { email } } }"}"#;

async fn program() -> (TestApp, Program) {
    let app = TestApp::start(Kind::Sqlite).await;
    World::found_orgs(&app).await;
    let program = Program::of_owner(&app, "alder", &EVERYTHING).await;
    (app, program)
}

#[tokio::test]
async fn only_a_post_of_json_is_run() {
    let (_app, mut program) = program().await;
    let bearer = format!("Bearer {}", program.token);
    for method in [
        Method::GET,
        Method::HEAD,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
        Method::TRACE,
    ] {
        for (_, origin) in origins() {
            for content_type in CONTENT_TYPES {
                let headers = [
                    ("authorization", bearer.as_str()),
                    ("content-type", content_type.0),
                    ("origin", origin),
                ];
                let path = "/graphql?query=%7Bteam%7Bviewer%7Bemail%7D%7D%7D";
                let page = program.http.request(method.clone(), path, &headers, Body::from(QUERY)).await;
                assert_eq!(page.status, 405, "{method} {}", content_type.0);
                assert!(page.header("allow").contains("POST") && !page.body.contains("owner@"), "{method}");
            }
        }
    }
    for (_, origin) in origins() {
        for (content_type, status) in CONTENT_TYPES {
            let headers =
                [("authorization", bearer.as_str()), ("content-type", content_type), ("origin", origin)];
            let page = program.http.request(Method::POST, "/graphql", &headers, Body::from(QUERY)).await;
            assert_eq!(page.status, status, "{content_type} from {origin}");
            assert!(page.header("access-control-allow-origin").is_empty());
        }
    }
}

/// With a token there is nothing that a page from elsewhere could ride on, so it is not asked where a request is from.
fn origins() -> [(&'static str, &'static str); 4] {
    [
        ("ours", PUBLIC_URL),
        ("theirs", "https://evil.example"),
        ("none", "null"),
        ("a tool", "chrome-extension://x"),
    ]
}

const CONTENT_TYPES: [(&str, u16); 10] = [
    ("application/json", 200),
    ("application/json; charset=utf-8", 200),
    ("APPLICATION/JSON", 200),
    ("application/json; charset=utf-16", 415),
    ("application/graphql", 415),
    ("application/x-www-form-urlencoded", 415),
    ("multipart/form-data; boundary=x", 415),
    ("text/plain", 415),
    ("text/plain;application/json", 415),
    ("x", 415),
];

#[tokio::test]
async fn a_cookie_opens_nothing_and_hinders_nothing() {
    let (app, mut program) = program().await;
    let mut owner = app.member("owner@alder.test").await;
    let headers = [("content-type", "application/json"), ("origin", PUBLIC_URL)];
    let page = owner.request(Method::POST, "/graphql", &headers, Body::from(QUERY)).await;
    assert_eq!(
        (page.status, page.header("www-authenticate")),
        (401, "Bearer realm=\"postern\""),
        "{}",
        page.body
    );
    program.http.cookies.clone_from(&owner.cookies);
    assert_eq!(
        program.graphql("{ team { viewer { email } } }").await["data"]["team"]["viewer"]["email"],
        "owner@alder.test"
    );
}

#[tokio::test]
async fn an_answer_has_the_form_that_is_asked_for() {
    let (_app, mut program) = program().await;
    let graphql = "application/graphql-response+json; charset=utf-8";
    let json_type = "application/json; charset=utf-8";
    let right = json!({ "query": "{ team { viewer { email } } }" });
    let not_valid = json!({ "query": "{ team { nonsense } }" });
    let no_graphql = json!({ "query": "{" });
    let not_run = json!({ "query": "{ team { client(id: \"x\") { id } } }", "variables": [] });
    for (accept, body, status, content_type) in [
        ("", &right, 200, json_type),
        ("*/*", &right, 200, json_type),
        ("application/json", &right, 200, json_type),
        ("application/graphql-response+json", &not_valid, 400, graphql),
        ("application/json", &not_valid, 200, json_type),
        ("application/graphql-response+json", &no_graphql, 400, graphql),
        ("application/json", &no_graphql, 200, json_type),
        ("application/json", &not_run, 400, json_type),
        ("text/html", &right, 406, graphql),
    ] {
        program.headers = vec![("accept", accept.to_owned())];
        if accept.is_empty() {
            program.headers.clear();
        }
        let page = program.send(body).await;
        assert_eq!(
            (page.status, page.header("content-type")),
            (status, content_type),
            "{accept} {body}: {}",
            page.body
        );
        let answer: Value = serde_json::from_str(&page.body).unwrap();
        let is_right = body == &right && status == 200;
        assert_eq!(
            (answer.get("data").is_some(), answer.get("errors").is_some()),
            (is_right, !is_right),
            "{answer}"
        );
    }
}

#[tokio::test]
async fn what_is_no_request_is_told_with_a_code_and_nothing_internal() {
    let (_app, mut program) = program().await;
    for (body, field) in [
        ("", "body"),
        ("{", "body"),
        ("null", "body"),
        ("[]", "body"),
        (r#"[{"query":"{ team { viewer { email } } }"}]"#, "body"),
        (r#"{"query":1}"#, "body"),
        (r#"{"query":"{a}","variables":"x"}"#, "body"),
        (r#"{"query":"{a}","operationName":{}}"#, "body"),
        (r#"{"query":"{a}","extensions":[]}"#, "body"),
        ("{}", "query"),
        (r#"{"query":null}"#, "query"),
        (r#"{"query":"{a}","documentId":"x"}"#, "documentId"),
    ] {
        let bearer = format!("Bearer {}", program.token);
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let page = program.http.request(Method::POST, "/graphql", &headers, Body::from(body)).await;
        let answer: Value = serde_json::from_str(&page.body).unwrap();
        assert_eq!((page.status, code(&answer)), (400, "INVALID"), "{body}: {answer}");
        assert_eq!(answer["errors"][0]["extensions"]["field"], field, "{body}: {answer}");
        let id = answer["errors"][0]["extensions"]["requestId"].as_str().unwrap();
        assert_eq!((id.len(), page.header("x-request-id")), (16, id), "{answer}");
    }
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused_before_it_is_there() {
    let (_app, mut program) = program().await;
    let bearer = format!("Bearer {}", program.token);
    // Says what it is about to send, and sends a stream that would never end.
    let endless = futures_util::stream::repeat_with(|| Ok::<_, std::io::Error>(vec![b'x'; 64 * 1024]));
    for length in [Some("104857600"), None] {
        let mut headers = vec![("authorization", bearer.as_str()), ("content-type", "application/json")];
        headers.extend(length.map(|length| ("content-length", length)));
        let body = Body::from_stream(endless.clone());
        let page = program.http.request(Method::POST, "/graphql", &headers, body).await;
        assert_eq!(page.status, 413, "{}", page.body);
        let answer: Value = serde_json::from_str(&page.body).unwrap();
        assert_eq!(code(&answer), "INVALID", "{answer}");
    }
    // Whoever has no token does not get that far.
    let headers = [("content-type", "application/json")];
    let body = Body::from_stream(endless);
    assert_eq!(program.http.request(Method::POST, "/graphql", &headers, body).await.status, 401);
}

/// A few bytes become a hundred in memory: a body within its limit must not take a gigabyte to read.
#[tokio::test]
async fn what_comes_to_too_much_when_it_is_read_is_refused_before() {
    let (_app, mut program) = program().await;
    let answer = async |program: &mut Program, body: Value| {
        let answer: Value = serde_json::from_str(&program.send(&body).await.body).unwrap();
        answer["errors"][0]["message"].as_str().unwrap_or_default().to_owned()
    };
    let query = "query($ids: [ID!]) { team { viewer { email } } }";
    for (values, refused) in [(59_990, false), (60_000, true), (1_000_000, true)] {
        for part in ["extensions", "unknown"] {
            let body = json!({ "query": "{ team { viewer { email } } }", part: { "of": vec![0; values] } });
            assert_eq!(
                answer(&mut program, body).await.starts_with("The body comes to more"),
                refused,
                "{part}, {values}"
            );
        }
        let body = json!({ "query": query, "variables": { "ids": vec!["a"; values] } });
        assert_eq!(
            answer(&mut program, body).await.starts_with("The body comes to more"),
            refused,
            "{values}"
        );
    }
    // Commas and brackets of a text are no values.
    let text =
        json!({ "query": "{ team { viewer { email } } }", "variables": { "text": ",[{".repeat(100_000) } });
    assert_eq!(answer(&mut program, text).await, "");
    for hidden in
        ["0".repeat(4_000_000), "true".repeat(1_000_000), "truenull".to_owned() + &"0".repeat(4_000_000)]
    {
        let body = json!({ "query": format!("{{ team(a: [true{hidden}]) {{ viewer {{ email }} }} }}") });
        assert_eq!(answer(&mut program, body).await, "The document has too many tokens.");
    }
    // The parser would look through the whole rest for the end of each.
    let strings = r#""\\"""" " "#.repeat(600);
    let body = json!({ "query": format!("{{ team(a: [{strings}\n#{}\n]) {{ viewer {{ email }} }} }}", "x".repeat(4_000_000)) });
    assert_eq!(answer(&mut program, body).await, "A block string in the document has no end.");
}
