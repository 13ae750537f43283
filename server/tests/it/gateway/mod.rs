//! `POST /graphql`: programs with tokens of the team's.

mod bulk;
mod cop;
mod documents;
mod explorer;
mod http;
mod idempotency;
mod lists;
mod nesting;
mod quota;
mod scopes;
mod tokens;

use axum::{body::Body, http::Method};
use serde_json::{Value, json};

use crate::harness::{Browser, Page, TestApp};

/// All that a token can be allowed.
pub const EVERYTHING: [&str; 5] =
    ["CLIENTS_WRITE", "INVOICES_WRITE", "PAYMENTS_WRITE", "ACTIVITY_READ", "SETTINGS_WRITE"];

/// A program with a token.
pub struct Program {
    pub http: Browser,
    pub token: String,
    /// Headers besides those that every request has.
    pub headers: Vec<(&'static str, String)>,
}

impl Program {
    /// One whose token the owner of an org has made.
    pub async fn of_owner(app: &TestApp, org: &str, scopes: &[&str]) -> Self {
        let owner = app.member(&format!("owner@{org}.test")).await;
        Self::of(app, &owner, scopes).await
    }

    /// One whose token whoever is signed in in this browser has made.
    pub async fn of(app: &TestApp, member: &Browser, scopes: &[&str]) -> Self {
        Self::with_input(app, member, &format!("scopes: [{}]", scopes.join(" "))).await
    }

    /// The same with all of the input but its name.
    pub async fn with_input(app: &TestApp, member: &Browser, input: &str) -> Self {
        let document = format!(
            "mutation {{ teamAddToken(input: {{ name: \"Test\", {input} }}) {{ token problems {{ code }} }} }}"
        );
        let made = app.team_graphql(member, &document).await;
        let token = made["data"]["teamAddToken"]["token"].as_str();
        Self::with_token(app, token.unwrap_or_else(|| panic!("{made}")))
    }

    /// One with this token.
    pub fn with_token(app: &TestApp, token: &str) -> Self {
        Self { http: app.browser(), token: token.to_owned(), headers: vec![] }
    }

    /// Runs a document.
    pub async fn graphql(&mut self, query: &str) -> Value {
        let page = self.send(&json!({ "query": query })).await;
        serde_json::from_str(&page.body).unwrap_or_else(|_| panic!("{}", page.body))
    }

    /// Sends a body.
    pub async fn send(&mut self, body: &Value) -> Page {
        let bearer = format!("Bearer {}", self.token);
        let mut headers = vec![("authorization", bearer.as_str()), ("content-type", "application/json")];
        headers.extend(self.headers.iter().map(|(name, value)| (*name, value.as_str())));
        self.http.request(Method::POST, "/graphql", &headers, Body::from(body.to_string())).await
    }
}

/// The code of the first error.
pub fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or("none")
}
