//! Online payment against a double of Stripe over real HTTP (rules M2 to M7, P6, B1).

mod bad_events;
mod burst;
mod connecting;
mod crash;
mod outage;
mod payers;
mod paying;
mod permutations;
mod races;
mod reopened;
mod reversals;
mod standing;
mod sweep;

use std::sync::{Arc, OnceLock};

use axum::{body::Body, http::Method};
use postern::clock::Clock;
use stripe_double::{Method as PaidBy, Options, SignedEvent, StripeDouble, WebhookTarget};
use uuid::Uuid;

use crate::{
    harness::{Browser, Kind, Page, TestApp},
    world::World,
};

/// What the double signs with.
pub const SECRET: &str = "whsec_of_the_tests";

/// An application whose first org is connected to an account that can take payments.
pub struct Shop {
    pub app: TestApp,
    pub stripe: StripeDouble,
    pub world: World,
    pub account: String,
}

impl Shop {
    /// Both orgs, the first of them connected. Webhooks wait until a test delivers them.
    pub async fn open(kind: Kind) -> Self {
        let hands: Arc<OnceLock<Clock>> = Arc::default();
        let clock = {
            let hands = Arc::clone(&hands);
            Arc::new(move || hands.get().map_or(0, |clock| clock.now().timestamp()))
        };
        let webhook =
            WebhookTarget { url: "http://127.0.0.1:9/".to_owned(), secrets: vec![SECRET.to_owned()] };
        let stripe = StripeDouble::start(Options { clock, webhook: Some(webhook), ..Options::default() })
            .await
            .unwrap();
        let url = stripe.url();
        let variables = [
            ("STRIPE_SECRET_KEY", "sk_test_double"),
            ("STRIPE_WEBHOOK_SECRET", SECRET),
            ("STRIPE_API_URL", url.as_str()),
        ];
        let app = TestApp::start_with(kind, &variables).await;
        assert!(hands.set(app.clock.clone()).is_ok());
        stripe.hold_webhooks();
        let world = World::fill(&app).await;
        // Nothing was ever paid online here, and nobody was connected.
        app.database
            .execute(
                "DELETE FROM checkout_invoices; DELETE FROM checkouts; DELETE FROM stripe_accounts; UPDATE orgs SET plan = 'studio'",
            )
            .await;
        let account = connect(&app, &stripe, "owner@alder.test").await;
        Self { app, stripe, world, account }
    }

    /// Presses `Pay` on an invoice; gives the id of the session that it leads to.
    pub async fn press(&self, browser: &mut Browser, path: &str) -> String {
        let answer = browser.post(&format!("{path}/pay"), &[]).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        session_of(&answer)
    }

    /// Delivers what Stripe has told since, and does the work that comes of it.
    pub async fn deliver(&self) {
        self.receive().await;
        self.app.work().await;
    }

    /// Delivers what Stripe has told since.
    pub async fn receive(&self) {
        for event in self.stripe.take_held() {
            assert_eq!(self.tell(&event).await.status, 200, "{}", event.type_);
        }
    }

    /// Delivers one event.
    pub async fn tell(&self, event: &SignedEvent) -> Page {
        self.send(&event.body, &event.signature).await
    }

    /// Delivers a body with a signature.
    pub async fn send(&self, body: &[u8], signature: &str) -> Page {
        let headers = [("content-type", "application/json"), ("stripe-signature", signature)];
        let body = Body::from(body.to_vec());
        self.app.browser().request(Method::POST, "/stripe/webhook", &headers, body).await
    }

    /// Everything that money has done, in a text that two ways to it can be compared by.
    pub async fn books(&self) -> Vec<String> {
        let database = &self.app.database;
        let mut books = vec![];
        for statement in [
            "SELECT 'payment ' || p.kind || ' ' || i.number || ' ' || CAST(p.amount_minor AS TEXT) || ' ' || CAST(p.received_on AS TEXT) || ' ' || \
             COALESCE(p.flag, '') || ' ' || CAST(COUNT(*) AS TEXT) FROM payments p JOIN invoices i ON i.id = p.invoice_id WHERE p.stripe_id IS NOT NULL \
             GROUP BY p.kind, i.number, p.amount_minor, p.received_on, p.flag, p.stripe_id",
            "SELECT 'invoice ' || number || ' ' || settlement || ' ' || CAST(paid_minor AS TEXT) FROM invoices WHERE number IS NOT NULL",
            "SELECT 'balance ' || c.name || ' ' || b.currency || ' ' || CAST(b.outstanding_minor AS TEXT) || ' ' || CAST(b.open_count AS TEXT) \
             FROM client_balances b JOIN clients c ON c.id = b.client_id",
            "SELECT 'month ' || currency || ' ' || CAST(month AS TEXT) || ' ' || CAST(paid_minor AS TEXT) || ' ' || CAST(payment_count AS TEXT) FROM org_paid_months",
            "SELECT 'checkout ' || state || ' ' || CAST(amount_minor AS TEXT) FROM checkouts",
            "SELECT 'log ' || kind || ' ' || CAST(COUNT(*) AS TEXT) FROM activity WHERE kind LIKE 'payment.%' OR kind = 'portal.paid' GROUP BY kind",
            "SELECT 'mail ' || kind || ' ' || recipient || ' ' || CAST(COUNT(*) AS TEXT) FROM outbox WHERE kind LIKE 'payment%' GROUP BY kind, recipient",
        ] {
            let mut rows = database.texts(statement).await;
            rows.sort();
            books.extend(rows);
        }
        books
    }

    /// One more invoice like the open one, of the same client.
    pub async fn another_invoice(&self) -> Uuid {
        self.another_invoice_in("EUR", 11_900).await
    }

    /// The same in a currency, over that many of its minor units.
    pub async fn another_invoice_in(&self, currency: &str, total: i64) -> Uuid {
        let database = &self.app.database;
        let count = database.number("SELECT COUNT(*) FROM invoices").await;
        let new = Uuid::from_u128(0x0190_0000_0000_7000_9000_0000_0000_0000 + u128::try_from(count).unwrap());
        let (of, id) = (database.uuid(self.world.a1.open), database.uuid(new));
        let columns = "org_id, client_id, status, title, reference, notes, issued_on, due_on, \
            search_text, version, created_at, sent_at, client_name, client_address, client_tax_id, org_name, org_address, org_tax_id";
        let balance = "outstanding_minor, open_count, overdue_minor, overdue_count, overdue_before";
        let more = format!(
            "DO UPDATE SET outstanding_minor = B.outstanding_minor + {total}, open_count = B.open_count + 1"
        );
        let (of_client, of_org) = (more.replace('B', "client_balances"), more.replace('B', "org_balances"));
        database
            .execute(&format!(
                "INSERT INTO invoices (id, number, paid_minor, currency, subtotal_minor, tax_minor, total_minor, {columns}) \
                 SELECT {id}, 'MORE-{count}', 0, '{currency}', {total}, 0, {total}, {columns} FROM invoices WHERE id = {of};\
                 INSERT INTO client_balances (org_id, client_id, currency, {balance}) \
                 SELECT org_id, client_id, '{currency}', {total}, 1, 0, 0, due_on FROM invoices WHERE id = {id} \
                 ON CONFLICT (org_id, client_id, currency) {of_client};\
                 INSERT INTO org_balances (org_id, currency, {balance}) \
                 SELECT org_id, '{currency}', {total}, 1, 0, 0, due_on FROM invoices WHERE id = {id} \
                 ON CONFLICT (org_id, currency) {of_org}"
            ))
            .await;
        new
    }

    /// The kinds of alerts there are, each with how often it was raised.
    pub async fn alerts(&self) -> Vec<String> {
        let statement = "SELECT kind || ' ' || CAST(times AS TEXT) FROM alerts ORDER BY kind, subject";
        self.app.database.texts(statement).await
    }

    /// What of an invoice is paid, and how it stands.
    pub async fn stands(&self, invoice: Uuid) -> String {
        let invoice = self.app.database.uuid(invoice);
        let statement = format!(
            "SELECT settlement || ' ' || CAST(paid_minor AS TEXT) FROM invoices WHERE id = {invoice}"
        );
        self.app.database.texts(&statement).await.remove(0)
    }
}

/// Connects the org of this owner to an account that can take payments.
pub async fn connect(app: &TestApp, stripe: &StripeDouble, owner: &str) -> String {
    let mut owner = app.member(owner).await;
    let answer = owner.post("/app/settings/stripe/connect", &[]).await;
    assert!(
        answer.header("location").starts_with(&stripe.url()),
        "{} {}",
        answer.status,
        answer.header("location")
    );
    let account = stripe.accounts().pop().unwrap().id;
    stripe.enable_account(&account).unwrap();
    let page = owner.get("/app/settings/stripe?back").await;
    assert!(page.body.contains("Takes payments"), "{}", page.body);
    drop(stripe.take_held());
    account
}

/// The session that a redirect leads to.
pub fn session_of(answer: &Page) -> String {
    let location = answer.header("location");
    let id = location.rsplit('/').next().unwrap_or_default().to_owned();
    assert!(id.starts_with("cs_"), "{} {location} {}", answer.status, answer.body);
    id
}

/// As [`crate::harness::both_databases`], with a shop.
macro_rules! in_both_shops {
    ($($(#[doc = $doc:literal])+ async fn $name:ident($shop:ident: Shop) $body:block)*) => {$(
        $(#[doc = $doc])+
        mod $name {
            #[allow(unused_imports, reason = "not every test needs everything")]
            use super::*;

            async fn test($shop: $crate::online::Shop) $body

            #[tokio::test]
            async fn sqlite() {
                test($crate::online::Shop::open($crate::harness::Kind::Sqlite).await).await;
            }

            #[tokio::test]
            async fn postgres() {
                if $crate::harness::Kind::postgres_is_there() {
                    test($crate::online::Shop::open($crate::harness::Kind::Postgres).await).await;
                }
            }
        }
    )*};
}
pub(crate) use in_both_shops;

/// By card.
pub const CARD: PaidBy = PaidBy::Card;
