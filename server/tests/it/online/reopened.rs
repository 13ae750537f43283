//! What Stripe does by itself changes what is due, or where it can be paid: what somebody is about to pay follows (rules M4,
//! M5, G3).

use sqlx::{Connection as _, Row as _};
use stripe_double::Method;
use tokio::time::{sleep, timeout};

use crate::{
    harness::{Kind, PATIENCE},
    online::{CARD, Shop, connect, in_both_shops, session_of},
    world::OUTSTANDING,
};

in_both_shops! {
    /// A dispute takes money back, the client goes to pay again, and the bank decides for the org: nothing is due any more, so
    /// the page is closed.
    async fn a_dispute_that_is_won_closes_the_page(shop: Shop) {
        let mut contact = shop.app.signed_in("a1@clients.test").await;
        let path = format!("/portal/invoices/{}", shop.world.a1.open);
        let intent = shop.stripe.pay(&shop.press(&mut contact, &path).await, CARD).unwrap();
        shop.deliver().await;
        let dispute = shop.stripe.open_dispute(&intent).unwrap();
        shop.deliver().await;
        assert_eq!(shop.stands(shop.world.a1.open).await, "open 0");
        shop.press(&mut contact, &path).await;
        shop.stripe.close_dispute(&dispute, true).unwrap();
        shop.deliver().await;
        assert_eq!(shop.stands(shop.world.a1.open).await, "paid 11900");
        assert!(shop.stripe.payable_sessions(&shop.account).is_empty(), "nothing is due, and nothing can be paid");
    }

    /// A second refund makes more due than the page that is open asks for, of an invoice of which no part may be paid.
    async fn a_further_refund_closes_the_page(shop: Shop) {
        let mut contact = shop.app.signed_in("a1@clients.test").await;
        let path = format!("/portal/invoices/{}", shop.world.a1.open);
        let intent = shop.stripe.pay(&shop.press(&mut contact, &path).await, CARD).unwrap();
        shop.deliver().await;
        for amount in [5_000, 6_900] {
            shop.stripe.refund(&intent, Some(amount)).unwrap();
            shop.deliver().await;
            assert!(shop.stripe.payable_sessions(&shop.account).is_empty(), "{amount}");
            let session = shop.press(&mut contact, &path).await;
            assert_eq!(shop.stripe.payable_sessions(&shop.account).len(), 1, "{session}");
        }
    }

    /// Stripe's own dashboard takes our access away while pages are open and a bank is at one: on the account that is connected
    /// next, all of it can be paid.
    async fn what_was_open_on_an_account_that_shut_us_out_is_paid_on_the_next(shop: Shop) {
        let mut contact = shop.app.signed_in("a1@clients.test").await;
        let path = |invoice| format!("/portal/invoices/{invoice}");
        shop.press(&mut contact, &path(shop.world.a1.open)).await;
        let debit = shop.press(&mut contact, &path(shop.world.a1.overdue)).await;
        shop.stripe.pay(&debit, Method::Debit).unwrap();
        shop.deliver().await;
        shop.stripe.deauthorize(&shop.account).unwrap();
        shop.deliver().await;
        let states = "SELECT state FROM checkouts ORDER BY created_at, id";
        assert_eq!(shop.app.database.texts(states).await, ["expired", "processing"]);
        shop.app.clock.advance(chrono::TimeDelta::hours(7));
        postern::jobs::enqueue_recurring(&shop.app.app).await.unwrap();
        shop.app.work().await;
        assert_eq!(shop.app.database.texts(states).await, ["expired", "expired"]);
        let next = connect(&shop.app, &shop.stripe, "owner@alder.test").await;
        assert_ne!(next, shop.account);
        let session = session_of(&contact.post("/portal/pay", &[("currency", "EUR")]).await);
        let session = shop.stripe.session(&session).unwrap();
        assert_eq!((session.account, session.amount), (next, OUTSTANDING));
    }

    /// The org's programs are told of each, and that an invoice is paid by whatever settles it: also by more than was due, and
    /// by a dispute that was won.
    async fn programs_are_told_of_what_happens_at_stripe(shop: Shop) {
        shop.app.database.execute("UPDATE orgs SET has_webhooks = TRUE").await;
        let told = async || {
            let kinds = shop.app.database.texts("SELECT kind FROM webhook_events ORDER BY id").await;
            shop.app.database.execute("DELETE FROM webhook_attempts; DELETE FROM webhook_deliveries; DELETE FROM webhook_events").await;
            kinds
        };
        told().await;
        let mut contact = shop.app.signed_in("a1@clients.test").await;
        let path = format!("/portal/invoices/{}", shop.world.a1.open);
        let intent = shop.stripe.pay(&shop.press(&mut contact, &path).await, CARD).unwrap();
        shop.deliver().await;
        assert_eq!(told().await, ["payment.received", "invoice.paid"]);
        let refund = shop.stripe.refund(&intent, Some(900)).unwrap();
        shop.deliver().await;
        assert_eq!(told().await, ["payment.refunded"]);
        shop.stripe.fail_refund(&refund).unwrap();
        shop.deliver().await;
        assert_eq!(told().await, ["payment.refund_failed", "invoice.paid"]);
        let dispute = shop.stripe.open_dispute(&intent).unwrap();
        shop.deliver().await;
        assert_eq!(told().await, ["payment.disputed"]);
        shop.stripe.close_dispute(&dispute, true).unwrap();
        shop.deliver().await;
        assert_eq!(told().await, ["payment.dispute_won", "invoice.paid"]);

        let invoice = shop.another_invoice().await;
        let session = shop.press(&mut contact, &format!("/portal/invoices/{invoice}")).await;
        let debit = shop.stripe.pay(&session, Method::Debit).unwrap();
        shop.deliver().await;
        let id = shop.app.database.uuid(invoice);
        shop.app.database.execute(&format!("UPDATE invoices SET paid_minor = 4000 WHERE id = {id}")).await;
        shop.stripe.settle(&debit).unwrap();
        shop.deliver().await;
        assert_eq!(shop.app.database.texts("SELECT flag FROM payments WHERE flag IS NOT NULL").await, ["more_than_due"]);
        assert_eq!(told().await, ["payment.received", "invoice.paid"]);
    }
}

/// Whoever books several invoices at once holds all of them before the org's balance, as whoever changes one by hand does:
/// neither waits for whoever waits for them.
#[tokio::test]
async fn booking_several_invoices_waits_for_no_one_who_waits_for_it() {
    if !Kind::postgres_is_there() {
        return;
    }
    let shop = Shop::open(Kind::Postgres).await;
    let mut contact = shop.app.signed_in("a1@clients.test").await;
    let session = session_of(&contact.post("/portal/pay", &[("currency", "EUR")]).await);
    shop.stripe.pay(&session, CARD).unwrap();
    let mut by_hand = shop.app.database.postgres().await;
    let mut by_hand = by_hand.begin().await.unwrap();
    // The last of them, by the order in which they are held.
    sqlx::raw_sql("UPDATE invoices SET version = version WHERE id = (SELECT invoice_id FROM checkout_invoices ORDER BY invoice_id DESC LIMIT 1)")
        .execute(&mut *by_hand).await.unwrap();
    let booking = async {
        shop.receive().await;
        shop.app.work().await;
    };
    let change = async {
        let waits = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        let somebody_waits = async {
            while sqlx::query(waits).fetch_one(&mut *by_hand).await.unwrap().get::<i64, _>(0) == 0 {
                sleep(std::time::Duration::from_millis(5)).await;
            }
        };
        timeout(PATIENCE, somebody_waits).await.unwrap();
        sqlx::raw_sql(
            "SET LOCAL lock_timeout = '2s'; UPDATE org_balances SET outstanding_minor = outstanding_minor",
        )
        .execute(&mut *by_hand)
        .await
        .expect("the org's balance is held by nobody");
        by_hand.commit().await.unwrap();
    };
    tokio::join!(booking, change);
    assert_eq!(shop.stands(shop.world.a1.open).await, "paid 11900");
}
