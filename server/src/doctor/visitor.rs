//! Somebody who asks, in process: a browser with its cookies, or a program with its token.

use std::collections::BTreeMap;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, HeaderName, HeaderValue, Method, Request, header},
};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::{
    error::{Error, Result},
    http,
    state::App,
};

/// More than any answer has.
const MOST_BYTES: usize = 32 * 1024 * 1024;

/// Which GraphQL endpoint somebody uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Endpoint {
    /// Scripts of the portal's pages.
    Portal,
    /// Scripts of the team's pages.
    Team,
    /// Programs.
    Programs,
}

impl Endpoint {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Portal, Self::Team, Self::Programs];

    /// Its path.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Portal => app::routes::PORTAL_GRAPHQL,
            Self::Team => app::routes::APP_GRAPHQL,
            Self::Programs => app::routes::GRAPHQL,
        }
    }
}

/// Somebody who asks.
#[derive(Clone)]
pub struct Visitor {
    router: Router,
    origin: String,
    cookies: BTreeMap<String, String>,
    bearer: Option<String>,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// `Location`, where it leads somewhere.
    pub location: String,
    /// All headers, one a line.
    pub headers: String,
    /// `Content-Type`.
    pub content_type: String,
    /// The body as it came.
    pub bytes: Vec<u8>,
    /// The body as text.
    pub body: String,
}

impl Answer {
    /// What somebody on the other side can tell two answers apart by, whatever they asked for.
    #[must_use]
    pub fn without(&self, asked: &[&str]) -> (u16, String, String) {
        let blank = |text: &str| asked.iter().fold(text.to_owned(), |text, id| text.replace(id, "ID"));
        (self.status, blank(&self.location), blank(&self.body_as_always()))
    }
}

/// Marks the id that each answer to a program has, under which the log knows it.
const REQUEST_ID: &str = "\"requestId\":\"";

impl Answer {
    /// The body without what is another with each answer: the policy's nonce, and the request's id.
    fn body_as_always(&self) -> String {
        let mut body = self.body.clone();
        let nonce = self.headers.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next());
        if let Some(nonce) = nonce.filter(|nonce| !nonce.is_empty()) {
            body = body.replace(nonce, "NONCE");
        }
        match body.split_once(REQUEST_ID) {
            Some((before, after)) => {
                format!("{before}{}", after.split_once('"').map_or(after, |(_, rest)| rest))
            }
            None => body,
        }
    }
}

impl Visitor {
    /// Somebody who has never been here.
    #[must_use]
    pub fn new(app: &App) -> Self {
        let origin = app.config.public_url.link("").trim_end_matches('/').to_owned();
        Self { router: http::router(app.clone()), origin, cookies: BTreeMap::new(), bearer: None }
    }

    /// A program with this token.
    #[must_use]
    pub fn with_token(app: &App, token: &str) -> Self {
        Self { bearer: Some(format!("Bearer {token}")), ..Self::new(app) }
    }

    /// The same somebody, who asks another build of the application over the same database.
    #[must_use]
    pub fn through(&self, app: &App) -> Self {
        Self { router: http::router(app.clone()), ..self.clone() }
    }

    /// Follows a link.
    ///
    /// # Errors
    /// Where the path is none.
    pub async fn get(&mut self, path: &str) -> Result<Answer> {
        self.request(Method::GET, path, "", Body::empty()).await
    }

    /// Sends a form of our own pages.
    ///
    /// # Errors
    /// Where the path is none.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Result<Answer> {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.request(Method::POST, path, "application/x-www-form-urlencoded", Body::from(body)).await
    }

    /// Sends a document.
    ///
    /// # Errors
    /// As the others.
    pub async fn ask(&mut self, endpoint: Endpoint, document: &str) -> Result<Answer> {
        let body = json!({ "query": document }).to_string();
        self.request(Method::POST, endpoint.path(), "application/json", Body::from(body)).await
    }

    /// Sends a document that must go well, and gives its data.
    ///
    /// # Errors
    /// [`Error::Bug`] with the answer where it does not.
    pub async fn data(&mut self, endpoint: Endpoint, document: &str) -> Result<Value> {
        let answer = self.ask(endpoint, document).await?;
        let mut value: Value = serde_json::from_str(&answer.body).map_err(Error::bug)?;
        if value.get("errors").is_some() {
            return Err(Error::bug(format!("{document}: {}", answer.body)));
        }
        Ok(value["data"].take())
    }

    async fn request(&mut self, method: Method, path: &str, kind: &str, body: Body) -> Result<Answer> {
        let path = path.strip_prefix(&self.origin).unwrap_or(path);
        let host = self.origin.split("://").nth(1).unwrap_or_default();
        let mut request = Request::builder().method(method.clone()).uri(path).header(header::HOST, host);
        if method != Method::GET {
            request = request
                .header(header::CONTENT_TYPE, kind)
                .header(header::ORIGIN, &self.origin)
                .header(HeaderName::from_static("sec-fetch-site"), "same-origin");
        }
        if let Some(bearer) = &self.bearer {
            request = request.header(header::AUTHORIZATION, bearer);
        }
        if !self.cookies.is_empty() {
            let cookies: Vec<String> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        let request = request.body(body).map_err(Error::bug)?;
        let answered = self.router.clone().oneshot(request).await;
        let (parts, body) = answered.map_err(Error::bug)?.into_parts();
        self.keep_cookies(&parts.headers);
        let bytes = to_bytes(body, MOST_BYTES).await.map_err(Error::bug)?.to_vec();
        let text = |name| parts.headers.get(name).map_or("", written).to_owned();
        let lines: Vec<String> =
            parts.headers.iter().map(|(name, value)| format!("{name}: {}", written(value))).collect();
        Ok(Answer {
            status: parts.status.as_u16(),
            location: text(header::LOCATION),
            content_type: text(header::CONTENT_TYPE),
            headers: lines.join("\n"),
            body: String::from_utf8_lossy(&bytes).into_owned(),
            bytes,
        })
    }

    fn keep_cookies(&mut self, headers: &HeaderMap) {
        for cookie in headers.get_all(header::SET_COOKIE) {
            let (pair, attributes) = written(cookie).split_once(';').unwrap_or_default();
            let Some((name, value)) = pair.split_once('=') else { continue };
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

fn written(value: &HeaderValue) -> &str {
    value.to_str().unwrap_or_default()
}
