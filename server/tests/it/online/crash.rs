//! The process is killed before, during and after its calls to Stripe: nothing is made twice, nothing is lost, and the
//! books balance (rules M3, M4, M6). A real process, real signals, real HTTP.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use stripe_double::{Method, Moment, Options, StripeDouble, WebhookTarget};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{sleep, timeout},
};
use uuid::Uuid;

use crate::{
    harness::{Dice, Kind, PATIENCE, Process, proof},
    online::{SECRET, Shop},
};

/// On each database.
const ROUNDS: usize = 100;
/// A payment takes fewer calls than this.
const CALLS: u64 = 5;
/// Kills the process at one of its next calls, before it is carried out, while it is, or after.
fn kill_at(stripe: &StripeDouble, process: &Process, dice: &mut Dice, kills: &Arc<AtomicUsize>) {
    let call = usize::try_from(dice.below(CALLS)).unwrap();
    let moment = if dice.chance(50) { Moment::Before } else { Moment::After };
    let calls = AtomicUsize::new(0);
    let (process, kills) = (process.clone(), Arc::clone(kills));
    stripe.on_request(Arc::new(move |_, now| {
        if now != moment {
            return;
        }
        if calls.fetch_add(1, Ordering::SeqCst) == call {
            process.kill();
            kills.fetch_add(1, Ordering::SeqCst);
        }
    }));
}

async fn one_round(
    shop: &Shop,
    process: &Process,
    (invoice, link): &(Uuid, String),
    dice: &mut Dice,
    kills: &Arc<AtomicUsize>,
) {
    process.serve().await;
    kill_at(&shop.stripe, process, dice, kills);
    let pressed = async {
        loop {
            if let Ok((303, location)) = process.ask("POST", &format!("{link}/pay")).await
                && let Some((_, session)) = location.rsplit_once("/cs_")
            {
                return format!("cs_{session}");
            }
            process.serve().await;
        }
    };
    let session = timeout(PATIENCE, pressed).await.expect("somebody gets through in the end");
    let checkout = shop.stripe.session(&session).unwrap().metadata["postern_checkout"].clone();
    shop.stripe.pay(&session, Method::Card).unwrap();
    let paid = async {
        while !shop.stands(*invoice).await.starts_with("paid") {
            process.serve().await;
            // The payer comes back, and perhaps again.
            let _ = process.ask("GET", &format!("/pay/{checkout}")).await;
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, paid).await.expect("it is booked in the end");
    shop.stripe.forget_hook();
}

async fn killed_at_every_call(kind: Kind) {
    let mut shop = Shop::open(kind).await;
    // From here on time is the machine's, for both sides.
    let mut invoices = vec![];
    for _ in 0..ROUNDS {
        let invoice = shop.another_invoice().await;
        let mut owner = shop.app.member("owner@alder.test").await;
        assert_eq!(owner.post(&format!("/app/invoices/{invoice}/link"), &[]).await.status, 303);
        let page = owner.get(&format!("/app/invoices/{invoice}")).await.body;
        let at = page.find("/i/").unwrap();
        invoices.push((invoice, page[at..].split('"').next().unwrap().to_owned()));
    }
    shop.app.app.store.close().await;
    let options = Options { webhook_retries: vec![Duration::from_millis(200); 200], ..Options::default() };
    shop.stripe = StripeDouble::start(options).await.unwrap();
    shop.account = reconnected(&shop).await;
    let stripe = shop.stripe.url();
    let variables = [
        ("STRIPE_SECRET_KEY", "sk_test_double"),
        ("STRIPE_WEBHOOK_SECRET", SECRET),
        ("STRIPE_API_URL", stripe.as_str()),
    ];
    let process = Process::new(shop.app.database.url(), &variables);
    let url = format!("http://127.0.0.1:{}/stripe/webhook", process.port);
    shop.stripe.set_webhook(Some(WebhookTarget { url, secrets: vec![SECRET.to_owned()] }));
    let (mut dice, kills) = (Dice::new(9), Arc::default());
    for round in &invoices {
        one_round(&shop, &process, round, &mut dice, &kills).await;
    }
    process.serve().await;
    assert!(shop.stripe.quiet_within(PATIENCE).await, "all is told");
    // What a killed worker held is left alone for a minute; here nobody waits for it.
    shop.app.database.execute("UPDATE jobs SET run_at = '2026-01-01 00:00:00+00:00'").await;
    let done = async {
        while shop.app.database.number("SELECT COUNT(*) FROM jobs WHERE kind = 'stripe_event'").await > 0 {
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(PATIENCE, done).await.expect("all that was told is looked at");
    process.kill();
    let sessions = check(&shop).await;
    let kills = kills.load(Ordering::SeqCst);
    assert!(kills > ROUNDS / 2, "{kills}");
    proof(
        &format!("A process killed at its calls to Stripe makes nothing twice and loses nothing ({kind:?})"),
        &format!(
            "{ROUNDS} payments, {kills} kills at a call, before it was carried out or after; {sessions} pages of Stripe's, one for each \
             checkout; each payment booked and told once, the books balance"
        ),
    );
}

/// The double was started anew, with an account of its own.
async fn reconnected(shop: &Shop) -> String {
    let created: serde_json::Value = {
        let address = shop.stripe.url();
        let address = address.trim_start_matches("http://").to_owned();
        let mut stream = TcpStream::connect(&address).await.unwrap();
        let body = "type=standard";
        let request = format!(
            "POST /v1/accounts HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer sk_test_double\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
    };
    let account = created["id"].as_str().unwrap().to_owned();
    shop.stripe.enable_account(&account).unwrap();
    let statement = format!("UPDATE stripe_accounts SET account_id = '{account}', charges_enabled = TRUE");
    shop.app.database.execute(&statement).await;
    account
}

/// Gives how many pages of Stripe's there were.
async fn check(shop: &Shop) -> usize {
    let database = &shop.app.database;
    let mut of_checkout = BTreeMap::<String, usize>::new();
    for session in shop.stripe.sessions(&shop.account) {
        *of_checkout.entry(session.metadata["postern_checkout"].clone()).or_default() += 1;
    }
    assert!(of_checkout.values().all(|count| *count == 1), "one session for each checkout: {of_checkout:?}");
    assert!(shop.stripe.payable_sessions(&shop.account).is_empty(), "nothing can be paid any more");
    let known = database.number("SELECT COUNT(*) FROM checkouts WHERE session_id IS NOT NULL").await;
    assert_eq!(of_checkout.len(), usize::try_from(known).unwrap(), "and each is known");
    let rounds = i64::try_from(ROUNDS).unwrap();
    assert_eq!(shop.stripe.payments(&shop.account).len(), ROUNDS, "paid once each");
    let booked =
        "SELECT COUNT(*) FROM payments WHERE stripe_id IS NOT NULL AND flag IS NULL AND amount_minor = 11900";
    assert_eq!(database.number(booked).await, rounds);
    assert_eq!(database.number("SELECT COUNT(*) FROM payments WHERE stripe_id IS NOT NULL").await, rounds);
    assert_eq!(
        database.number("SELECT COUNT(*) FROM outbox WHERE kind = 'payment_notice'").await,
        rounds,
        "each is told once"
    );
    let unbalanced = "SELECT COUNT(*) FROM client_balances b WHERE outstanding_minor <> (SELECT COALESCE(SUM(i.total_minor - i.paid_minor), 0) \
        FROM invoices i WHERE i.org_id = b.org_id AND i.client_id = b.client_id AND i.currency = b.currency AND i.settlement = 'open')";
    assert_eq!(database.number(unbalanced).await, 0);
    let unsummed = "SELECT COUNT(*) FROM invoices i WHERE i.number IS NOT NULL AND paid_minor <> (SELECT COALESCE(SUM(p.amount_minor), 0) \
        FROM payments p WHERE p.invoice_id = i.id) AND i.number LIKE 'MORE-%'";
    assert_eq!(database.number(unsummed).await, 0);
    // An answer to a webhook that got lost makes Stripe tell again; that is all there is to say.
    let alerts = shop.alerts().await;
    assert!(alerts.iter().all(|alert| alert.starts_with("stripe.repeated")), "{alerts:?}");
    of_checkout.len()
}

/// A hundred payments, during each of which the process is killed at a call, on SQLite.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_is_killed_makes_nothing_twice_and_loses_nothing_on_sqlite() {
    killed_at_every_call(Kind::Sqlite).await;
}

/// And on PostgreSQL.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_is_killed_makes_nothing_twice_and_loses_nothing_on_postgres() {
    if Kind::postgres_is_there() {
        killed_at_every_call(Kind::Postgres).await;
    }
}
