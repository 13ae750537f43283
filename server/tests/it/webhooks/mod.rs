//! Outgoing webhooks (rule G3), told to a real server that misbehaves as it is told to.

mod delivery;
mod setting_up;
mod side_by_side;
mod switched_off;
mod told_in_the_log;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::any,
};
use chrono::TimeDelta;
use postern::webhook::{SigningSecret, signature};
use serde_json::Value;
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{sleep, timeout},
};

use crate::{
    gateway::{EVERYTHING, Program},
    harness::{PATIENCE, TestApp},
    world::World,
};

/// Webhooks may lead to this machine, and nobody waits long.
pub const LOCAL: [(&str, &str); 2] = [("WEBHOOK_TARGETS", "any"), ("WEBHOOK_TIMEOUT", "1s")];

/// The same, and a receiver that hangs does so for as long as the test wants.
pub const PATIENT: [(&str, &str); 2] = [("WEBHOOK_TARGETS", "any"), ("WEBHOOK_TIMEOUT", "60s")];

/// How a receiver answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Well,
    Status(u16),
    /// Not before it is released.
    Slow,
    Redirecting,
    /// Well, but for what this invoice is about.
    NotThis(uuid::Uuid),
}

/// A message that came.
#[derive(Debug, Clone)]
pub struct Received {
    pub id: String,
    pub timestamp: i64,
    pub signature: String,
    pub text: String,
    /// Whether it was taken.
    pub taken: bool,
}

impl Received {
    pub fn body(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    pub fn kind(&self) -> String {
        self.body()["type"].as_str().unwrap().to_owned()
    }

    pub fn invoice(&self) -> String {
        self.body()["data"]["invoice"]["id"].as_str().unwrap_or_default().to_owned()
    }
}

#[derive(Clone)]
struct Inbox {
    mood: Arc<Mutex<Mood>>,
    released: watch::Sender<bool>,
    received: Arc<Mutex<Vec<Received>>>,
}

/// A receiver on a port of its own.
pub struct Receiver {
    pub port: u16,
    inbox: Inbox,
    serving: Option<JoinHandle<()>>,
}

impl Receiver {
    /// One that is there and well.
    pub async fn start() -> Self {
        let inbox = Inbox {
            mood: Arc::new(Mutex::new(Mood::Well)),
            released: watch::Sender::new(false),
            received: Arc::default(),
        };
        let mut receiver = Self { port: 0, inbox, serving: None };
        receiver.up().await;
        receiver
    }

    /// Comes back on its port.
    pub async fn up(&mut self) {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", self.port)).await.unwrap();
        self.port = listener.local_addr().unwrap().port();
        let router = Router::new().fallback(any(receive)).with_state(self.inbox.clone());
        self.serving = Some(tokio::spawn(async move { axum::serve(listener, router).await.unwrap() }));
    }

    /// Is not there any more.
    pub async fn down(&mut self) {
        if let Some(serving) = self.serving.take() {
            serving.abort();
            let _ = serving.await;
        }
    }

    pub fn feel(&self, mood: Mood) {
        *self.inbox.mood.lock().unwrap() = mood;
    }

    /// Whoever was slow answers now.
    pub fn release(&self) {
        let _ = self.inbox.released.send_replace(true);
    }

    /// Waits until so many messages have come.
    pub async fn has_received(&self, count: usize) {
        let received = async {
            while self.received().len() < count {
                sleep(Duration::from_millis(20)).await;
            }
        };
        let came = timeout(PATIENCE, received).await;
        assert!(came.is_ok(), "{} of {count} have come", self.received().len());
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/hook", self.port)
    }

    /// All that came, in the order in which it did.
    pub fn received(&self) -> Vec<Received> {
        self.inbox.received.lock().unwrap().clone()
    }

    /// What of it was taken.
    pub fn taken(&self) -> Vec<Received> {
        self.received().into_iter().filter(|received| received.taken).collect()
    }
}

async fn receive(State(inbox): State<Inbox>, headers: HeaderMap, body: Bytes) -> Response {
    let header =
        |name: &str| headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
    let mood = *inbox.mood.lock().unwrap();
    let mut received = Received {
        id: header("webhook-id"),
        timestamp: header("webhook-timestamp").parse().unwrap_or_default(),
        signature: header("webhook-signature"),
        text: String::from_utf8(body.to_vec()).unwrap(),
        taken: false,
    };
    let answer = match mood {
        Mood::NotThis(invoice) if received.invoice() == invoice.to_string() => {
            (StatusCode::INTERNAL_SERVER_ERROR, "not this one").into_response()
        }
        Mood::Well | Mood::NotThis(_) => {
            received.taken = true;
            (StatusCode::OK, "thank you").into_response()
        }
        Mood::Status(status) => (StatusCode::from_u16(status).unwrap(), "no").into_response(),
        Mood::Redirecting => (StatusCode::FOUND, [(header::LOCATION, "/elsewhere")], "").into_response(),
        Mood::Slow => {
            inbox.received.lock().unwrap().push(received);
            let _ = inbox.released.subscribe().wait_for(|is_released| *is_released).await;
            return StatusCode::OK.into_response();
        }
    };
    inbox.received.lock().unwrap().push(received);
    answer
}

/// An org with a webhook that is told of everything.
pub struct Told {
    pub world: World,
    pub receiver: Receiver,
    pub program: Program,
    /// The webhook's id.
    pub id: String,
    pub secret: String,
}

const ALL_EVENTS: &str = "[INVOICE_SENT, INVOICE_VIEWED, INVOICE_PAID, INVOICE_VOIDED, PAYMENT_RECEIVED, PAYMENT_REFUNDED, \
    PAYMENT_REFUND_FAILED, PAYMENT_DISPUTED, PAYMENT_DISPUTE_WON, PAYMENT_REVERSED]";

impl Told {
    /// The org `alder`.
    pub async fn start(app: &mut TestApp) -> Self {
        Self::start_with(app, &LOCAL).await
    }

    /// The same with these variables set.
    pub async fn start_with(app: &mut TestApp, variables: &[(&'static str, &str)]) -> Self {
        let world = World::fill(app).await;
        app.restart_with(variables).await;
        let receiver = Receiver::start().await;
        let mut program = Program::of_owner(app, "alder", &EVERYTHING).await;
        let id = add(&mut program, &receiver.url(), ALL_EVENTS).await;
        let mut told = Self { world, receiver, program, id, secret: String::new() };
        let webhook = told.webhook().await;
        webhook["secret"].as_str().unwrap().clone_into(&mut told.secret);
        told
    }

    /// How the webhook stands.
    pub async fn webhook(&mut self) -> Value {
        let answer = self.program.graphql("{ team { webhooks { id secret state failingSince } } }").await;
        let webhooks = answer["data"]["team"]["webhooks"].as_array().unwrap_or_else(|| panic!("{answer}"));
        webhooks.iter().find(|webhook| webhook["id"] == self.id.as_str()).cloned().unwrap_or_default()
    }

    /// Records a payment.
    pub async fn pay(&mut self, invoice: uuid::Uuid, amount: &str) {
        pay(&mut self.program, invoice, amount).await;
    }

    /// Cancels an invoice.
    pub async fn void(&mut self, invoice: uuid::Uuid) {
        let answer = self
            .program
            .graphql(&format!("mutation {{ teamVoidInvoice(id: \"{invoice}\") {{ id }} }}"))
            .await;
        assert!(answer["data"]["teamVoidInvoice"]["id"].is_string(), "{answer}");
    }

    /// The deliveries as the log has them, newest first.
    pub async fn log(&mut self) -> Vec<Value> {
        let id = &self.id;
        let answer = self.program.graphql(&format!(
            "{{ team {{ webhookDeliveries(webhookId: \"{id}\", first: 100) {{ nodes {{ eventId event state nextAt payload attempts {{ at status answer millis }} }} }} }} }}"
        )).await;
        answer["data"]["team"]["webhookDeliveries"]["nodes"]
            .as_array()
            .unwrap_or_else(|| panic!("{answer}"))
            .clone()
    }

    /// Whether a message is signed as the webhook's secret signs it.
    pub fn is_signed(&self, received: &Received) -> bool {
        use base64::{Engine as _, engine::general_purpose::STANDARD};
        let key = STANDARD.decode(self.secret.strip_prefix("whsec_").unwrap()).unwrap();
        let secret = SigningSecret::new(key.try_into().unwrap());
        received.signature == signature(secret, &received.id, received.timestamp, &received.text)
    }
}

/// Adds a webhook and gives its id.
pub async fn add(program: &mut Program, url: &str, events: &str) -> String {
    let document = format!(
        "mutation {{ teamSaveWebhook(input: {{ url: \"{url}\", events: {events} }}) {{ id problems {{ field code }} }} }}"
    );
    let answer = program.graphql(&document).await;
    answer["data"]["teamSaveWebhook"]["id"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

/// Records a payment.
pub async fn pay(program: &mut Program, invoice: uuid::Uuid, amount: &str) {
    let id = uuid::Uuid::now_v7();
    let answer = program.graphql(&format!(
        "mutation {{ teamRecordPayment(invoiceId: \"{invoice}\", input: {{ id: \"{id}\", amount: \"{amount}\", method: CASH, receivedOn: \"2026-03-01\" }}) {{ id problems {{ code }} }} }}"
    )).await;
    assert!(answer["data"]["teamRecordPayment"]["id"].is_string(), "{answer}");
}

/// Lets time pass and does what is due, until so much has passed.
pub async fn pass(app: &TestApp, hours: i64) {
    for _ in 0..hours * 2 {
        app.clock.advance(TimeDelta::minutes(30));
        app.work().await;
    }
}
