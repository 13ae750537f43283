//! A browser, as far as a server can tell: it keeps cookies and says where its forms come from.

use std::{collections::BTreeMap, time::Duration};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, HeaderValue, Method, Request, header},
    response::Response,
};
use http_body_util::BodyExt as _;
use tokio::time::timeout;
use tower::ServiceExt as _;

use super::PUBLIC_URL;

/// A page that waits for news ends with it, and without it only after many minutes.
const LONGEST_ANSWER: Duration = Duration::from_mins(2);

/// One browser with its cookies.
#[derive(Debug, Clone)]
pub struct Browser {
    router: Router,
    pub cookies: BTreeMap<String, String>,
    /// Headers that it sends with every request.
    pub headers: HeaderMap,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Page {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
    /// The body as it came.
    pub bytes: Vec<u8>,
    /// The nonce of the answer's policy. It differs with each answer: in the headers and the text it is called `NONCE`, so
    /// that two answers can be compared.
    pub nonce: Option<String>,
}

impl Page {
    /// A header's value, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn forget_nonce(&mut self) {
        let policy = self.header("content-security-policy").to_owned();
        let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next());
        if let Some(nonce) = nonce {
            let policy = HeaderValue::from_str(&policy.replace(nonce, "NONCE")).unwrap();
            self.headers.insert(header::CONTENT_SECURITY_POLICY, policy);
            self.body = self.body.replace(nonce, "NONCE");
            self.nonce = Some(nonce.to_owned());
        }
    }

    /// Everything that somebody on the other side can tell two answers apart by.
    pub fn whole(&self) -> String {
        let mut headers: Vec<String> =
            self.headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
        headers.sort();
        format!("{}\n{}\n\n{}", self.status, headers.join("\n"), self.body)
    }
}

impl Browser {
    pub fn new(router: Router) -> Self {
        Self { router, cookies: BTreeMap::new(), headers: HeaderMap::new() }
    }

    /// Follows a link.
    pub async fn get(&mut self, path: &str) -> Page {
        self.request(Method::GET, path, &[], Body::empty()).await
    }

    /// Sends a form of one of our own pages.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("origin", PUBLIC_URL),
            ("sec-fetch-site", "same-origin"),
        ];
        self.request(Method::POST, path, &headers, Body::from(body)).await
    }

    /// Runs a GraphQL document as a script of our own pages would.
    pub async fn graphql(&mut self, query: &str) -> serde_json::Value {
        let page = self.graphql_page(query).await;
        serde_json::from_str(&page.body).unwrap()
    }

    pub async fn graphql_page(&mut self, query: &str) -> Page {
        let body = serde_json::json!({ "query": query }).to_string();
        let headers =
            [("content-type", "application/json"), ("origin", PUBLIC_URL), ("sec-fetch-site", "same-origin")];
        self.request(Method::POST, "/portal/graphql", &headers, Body::from(body)).await
    }

    /// Follows a link whose answer goes on; what was said first is gone.
    pub async fn listen(&mut self, path: &str) -> Body {
        let response = self.send(Method::GET, path, &[], Body::empty()).await;
        assert_eq!(response.status(), 200);
        let mut body = response.into_body();
        body.frame().await.unwrap().unwrap();
        body
    }

    /// Any request at all.
    pub async fn request(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> Page {
        let (parts, body) = self.send(method, path, headers, body).await.into_parts();
        let body = timeout(LONGEST_ANSWER, to_bytes(body, 32 * 1024 * 1024)).await;
        let body = body.unwrap_or_else(|_| panic!("the answer to {path} does not end")).unwrap();
        let mut page = Page {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
            bytes: body.to_vec(),
            nonce: None,
        };
        page.forget_nonce();
        page
    }

    async fn send(&mut self, method: Method, path: &str, headers: &[(&str, &str)], body: Body) -> Response {
        let path = path.strip_prefix(PUBLIC_URL).unwrap_or(path);
        let mut request = Request::new(body);
        *request.method_mut() = method;
        *request.uri_mut() = path.parse().unwrap();
        request.headers_mut().extend(self.headers.clone());
        request.headers_mut().insert(header::HOST, HeaderValue::from_static("pay.example.test"));
        for (name, value) in headers {
            request.headers_mut().insert(
                header::HeaderName::from_bytes(name.as_bytes()).unwrap(),
                HeaderValue::from_str(value).unwrap(),
            );
        }
        request.headers_mut().extend(self.cookie_header());
        let response = self.router.clone().oneshot(request).await.unwrap();
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            self.keep(cookie.to_str().unwrap());
        }
        response
    }

    /// The header in which the cookies are sent, or none without any.
    pub fn cookie_header(&self) -> HeaderMap {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let value = (!cookies.is_empty()).then(|| HeaderValue::from_str(&cookies.join("; ")).unwrap());
        value.map(|value| (header::COOKIE, value)).into_iter().collect()
    }

    fn keep(&mut self, cookie: &str) {
        let (pair, attributes) = cookie.split_once(';').unwrap();
        let (name, value) = pair.split_once('=').unwrap();
        if attributes.contains("Max-Age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}
