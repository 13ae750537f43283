//! Who writes while a process is killed, and notes what was acknowledged.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use serde_json::Value;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use super::Scene;
use crate::harness::{Answer, Asked, Database, Dice, PATIENCE, Process};

/// One who writes.
pub struct Writer {
    process: Process,
    token: String,
    number: u64,
    client: Uuid,
    contact: Uuid,
    link: String,
    dice: Dice,
    /// How often something had to be sent again.
    again: Arc<AtomicU32>,
    noted: Acknowledged,
}

/// What was acknowledged.
#[derive(Debug, Default)]
pub struct Acknowledged {
    clients: BTreeSet<String>,
    pub sent: BTreeSet<Uuid>,
    payments: BTreeSet<Uuid>,
    /// Addresses that a link was asked for.
    asked: BTreeSet<String>,
}

impl Writer {
    pub fn new(scene: &Scene, process: Process, number: u64, again: Arc<AtomicU32>) -> Self {
        let client = if number.is_multiple_of(2) { &scene.world.a1 } else { &scene.world.a2 };
        Self {
            process,
            token: scene.token.clone(),
            number,
            client: client.id,
            contact: client.contact,
            link: client.share_path(),
            dice: Dice::new(500 + number),
            again,
            noted: Acknowledged::default(),
        }
    }

    /// One invoice after the other, from its draft to its payment, and what else people do.
    pub async fn write_until(mut self, stop: Arc<AtomicBool>) -> Acknowledged {
        for turn in 0.. {
            if stop.load(Ordering::Relaxed) {
                break;
            }
            let name = format!("Killed {} {turn}", self.number);
            self.save(&format!("teamSaveClient(input: {{ name: \"{name}\", currency: \"EUR\" }})"), &name)
                .await;
            self.noted.clients.insert(name.clone());
            self.ask_for_link(turn).await;
            let _ = self.process.send(&Asked::get(&self.link).with_browser()).await;
            self.bill(&name).await;
        }
        self.noted
    }

    async fn bill(&mut self, name: &str) {
        let (invoice, payment) = (self.dice.uuid(), self.dice.uuid());
        let (client, contact) = (self.client, self.contact);
        let line = "{ description: \"Work\", quantity: \"2\", unitPrice: \"50\", taxRate: \"19\" }";
        for (step, document) in [
            format!("teamAddDraft(clientId: \"{client}\", id: \"{invoice}\")"),
            format!("teamSaveDraft(id: \"{invoice}\", version: 1, input: {{ title: \"{name}\", lines: [{line}] }})"),
            format!("teamSendInvoice(id: \"{invoice}\", version: 2, input: {{ contactIds: [\"{contact}\"] }})"),
            format!(
                "teamRecordPayment(invoiceId: \"{invoice}\", input: {{ id: \"{payment}\", amount: \"19\", method: CASH, receivedOn: \"2026-03-01\" }})"
            ),
        ]
        .into_iter()
        .enumerate()
        {
            self.save(&document, &format!("{name} {step}")).await;
        }
        self.noted.sent.insert(invoice);
        self.noted.payments.insert(payment);
    }

    /// Sends a mutation under its key until it is acknowledged. What is acknowledged has no problems, the first time and
    /// after however many kills.
    async fn save(&self, document: &str, key: &str) {
        let query = format!("mutation {{ done: {document} {{ problems {{ code }} }} }}");
        let request = Asked::graphql(&self.token, Some(key), &query);
        let done = async {
            while !self.process.send(&request).await.is_ok_and(|answer| self.is_done(&answer, document)) {
                self.again.fetch_add(1, Ordering::Relaxed);
                sleep(Duration::from_millis(20)).await;
            }
        };
        assert!(timeout(4 * PATIENCE, done).await.is_ok(), "{key} is never done: {}", self.process.log());
    }

    fn is_done(&self, answer: &Answer, document: &str) -> bool {
        let said: Value = serde_json::from_str(&answer.body).unwrap_or_default();
        if answer.status == 200 && said["errors"].is_null() {
            let problems = said["data"]["done"]["problems"].as_array();
            assert!(problems.is_some_and(Vec::is_empty), "{document}: {said}");
            return true;
        }
        let code = said["errors"][0]["extensions"]["code"].as_str();
        // Each life of a process takes a share of the token's minute.
        let is_told = matches!(code, Some("UNAVAILABLE" | "TOO_MANY"));
        assert!(is_told, "{document}: {} {}", answer.body, self.process.faults());
        false
    }

    /// Whether it was written down where nobody answers, nobody knows: the next is another.
    async fn ask_for_link(&mut self, turn: u32) {
        let email = format!("killed-{}-{turn}@nobody.test", self.number);
        if let Ok(answer) = self.process.send(&Asked::form("/portal/login", &[("email", &email)])).await {
            assert!([303, 503].contains(&answer.status), "{} {}", answer.status, self.process.faults());
            if answer.status == 303 {
                self.noted.asked.insert(email);
            }
        }
    }
}

impl Acknowledged {
    pub fn append(&mut self, mut other: Self) {
        self.clients.append(&mut other.clients);
        self.sent.append(&mut other.sent);
        self.payments.append(&mut other.payments);
        self.asked.append(&mut other.asked);
    }

    /// Writes, each by a request of its own.
    pub fn count(&self) -> usize {
        self.clients.len() + 3 * self.sent.len() + self.payments.len() + self.asked.len()
    }

    /// All of it is there, once each, and nothing else of the same kind.
    pub async fn check(&self, database: &Database) {
        let clients = database.texts("SELECT name FROM clients WHERE name LIKE 'Killed %'").await;
        assert_eq!(clients.len(), self.clients.len(), "each client once");
        assert_eq!(clients.into_iter().collect::<BTreeSet<_>>(), self.clients);
        let ids = async |from: &str| -> Vec<Uuid> {
            let select = format!("SELECT {} FROM {from}", database.uuid_as_text("id"));
            database.texts(&select).await.iter().map(|id| id.parse().unwrap()).collect()
        };
        let sent =
            ids("invoices WHERE title LIKE 'Killed %' AND status = 'sent' AND paid_minor = 1900").await;
        assert_eq!(sent.into_iter().collect::<BTreeSet<_>>(), self.sent);
        let billed = database.number("SELECT COUNT(*) FROM invoices WHERE title LIKE 'Killed %'").await;
        assert_eq!(usize::try_from(billed).unwrap(), self.sent.len());
        let payments = ids("payments WHERE amount_minor = 1900").await;
        assert_eq!(payments.into_iter().collect::<BTreeSet<_>>(), self.payments);
        let asked = database
            .texts("SELECT DISTINCT email_norm FROM login_requests WHERE email_norm LIKE 'killed-%'")
            .await;
        let asked: BTreeSet<String> = asked.into_iter().collect();
        let lost: Vec<&String> = self.asked.difference(&asked).collect();
        assert_eq!(lost, Vec::<&String>::new());
    }
}
