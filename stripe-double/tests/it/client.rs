//! A platform, as small as it can be: sends forms, reads JSON, takes webhooks.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use axum::{Router, body::Body, extract::Request, http::StatusCode, routing::post};
use hyper::{HeaderMap, client::conn::http1};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use stripe_double::{Options, StripeDouble};
use tokio::net::{TcpListener, TcpStream};

/// When every test begins.
pub(crate) const START: i64 = 1_800_000_000;

/// A double whose clock a test moves, and an account that may take charges.
pub(crate) struct World {
    pub(crate) double: StripeDouble,
    pub(crate) account: String,
    pub(crate) clock: Arc<AtomicI64>,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    pub(crate) json: Value,
}

impl Answer {
    pub(crate) fn code(&self) -> &str {
        self.json["error"]["code"].as_str().unwrap_or_default()
    }

    pub(crate) fn id(&self) -> String {
        assert_eq!(self.status, 200, "{}", self.text);
        self.json["id"].as_str().unwrap().to_owned()
    }
}

/// What is sent.
pub(crate) struct Ask<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) headers: Vec<(&'a str, &'a str)>,
    pub(crate) body: String,
}

impl World {
    pub(crate) async fn new() -> Self {
        let clock = Arc::new(AtomicI64::new(START));
        let hands = clock.clone();
        let double = StripeDouble::start(Options {
            clock: Arc::new(move || hands.load(Ordering::SeqCst)),
            webhook_retries: vec![Duration::from_millis(20); 3],
            ..Options::default()
        })
        .await
        .unwrap();
        let mut world = Self { double, account: String::new(), clock };
        world.account =
            world.platform("POST", "/v1/accounts", "type=standard&country=DE&email=a@b.example").await.id();
        world.double.enable_account(&world.account).unwrap();
        world
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::SeqCst);
    }

    /// A request of the platform for itself.
    pub(crate) async fn platform(&self, method: &str, path: &str, body: &str) -> Answer {
        let headers = vec![("authorization", "Bearer sk_test_double")];
        send(self.double.address(), Ask { method, path, headers, body: body.into() }).await.unwrap()
    }

    /// A request for the account.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.keyed("GET", path, None, "").await.unwrap()
    }

    pub(crate) async fn post(&self, path: &str, body: &str) -> Answer {
        self.keyed("POST", path, None, body).await.unwrap()
    }

    /// A request for the account, with an idempotency key; `None` where it was not answered.
    pub(crate) async fn keyed(
        &self,
        method: &str,
        path: &str,
        key: Option<&str>,
        body: &str,
    ) -> Option<Answer> {
        let mut headers =
            vec![("authorization", "Bearer sk_test_double"), ("stripe-account", &*self.account)];
        headers.extend(key.map(|key| ("idempotency-key", key)));
        send(self.double.address(), Ask { method, path, headers, body: body.into() }).await
    }

    pub(crate) async fn session(&self) -> String {
        self.post("/v1/checkout/sessions", &session_form()).await.id()
    }
}

/// What a session needs: 100.00 EUR.
pub(crate) fn session_form() -> String {
    "mode=payment&line_items[0][quantity]=1&line_items[0][price_data][currency]=eur\
     &line_items[0][price_data][unit_amount]=10000&line_items[0][price_data][product_data][name]=Invoice+7\
     &success_url=https://postern.example/done?s={CHECKOUT_SESSION_ID}&cancel_url=https://postern.example/back\
     &metadata[invoice]=7&payment_intent_data[metadata][invoice]=7"
        .to_owned()
}

/// Sends one request on a connection of its own; `None` where the connection ends without an answer.
pub(crate) async fn send(to: SocketAddr, ask: Ask<'_>) -> Option<Answer> {
    let stream = TcpStream::connect(to).await.unwrap();
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
    let connection = tokio::spawn(connection);
    let mut request =
        hyper::Request::builder().method(ask.method).uri(ask.path).header("host", to.to_string());
    if !ask.headers.iter().any(|(name, _)| *name == "content-type") {
        request = request.header("content-type", "application/x-www-form-urlencoded");
    }
    for (name, value) in ask.headers {
        request = request.header(name, value);
    }
    let answer = sender.send_request(request.body(Body::from(ask.body)).unwrap()).await.ok()?;
    let (parts, body) = answer.into_parts();
    let bytes = axum::body::to_bytes(Body::new(body), usize::MAX).await.ok()?;
    connection.abort();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let json = serde_json::from_str(&text).unwrap_or_default();
    Some(Answer { status: parts.status.as_u16(), headers: parts.headers, text, json })
}

/// Webhooks that came: the signature and the body of each.
pub(crate) type Inbox = Arc<Mutex<Vec<(String, Value)>>>;

/// Takes webhooks; the first `failing` of them are answered with 500.
pub(crate) async fn inbox(failing: usize) -> (String, Inbox) {
    let inbox = Inbox::default();
    let (kept, failing) = (inbox.clone(), Arc::new(Mutex::new(failing)));
    let take = move |request: Request| async move {
        let signature = request.headers()["stripe-signature"].to_str().unwrap().to_owned();
        let body = axum::body::to_bytes(request.into_body(), usize::MAX).await.unwrap();
        let mut failing = failing.lock().unwrap();
        if *failing > 0 {
            *failing -= 1;
            return StatusCode::INTERNAL_SERVER_ERROR;
        }
        kept.lock().unwrap().push((signature, serde_json::from_slice(&body).unwrap()));
        StatusCode::OK
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/webhooks/stripe", listener.local_addr().unwrap());
    let router = Router::new().route("/webhooks/stripe", post(take));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, inbox)
}
