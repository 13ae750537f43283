//! Whatever the order in which Stripe tells of one payment, and however often: one state (rule M3, M5).

use std::collections::BTreeMap;

use stripe_double::{Method, Misbehaviour, Rule, SignedEvent};
use uuid::Uuid;

use crate::{
    harness::Dice,
    online::{CARD, Shop, in_both_shops},
};

/// What happens at Stripe to one payment.
#[derive(Debug, Clone, Copy)]
enum Story {
    PaidByCard,
    PaidAndRefunded,
    PaidDisputedAndLost,
    RefundedThenDisputedAndWon,
    DebitThatArrives,
    DebitThatFails,
}

const STORIES: [Story; 6] = [
    Story::PaidByCard,
    Story::PaidAndRefunded,
    Story::PaidDisputedAndLost,
    Story::RefundedThenDisputedAndWon,
    Story::DebitThatArrives,
    Story::DebitThatFails,
];

impl Story {
    fn happen(self, shop: &Shop, session: &str) {
        let stripe = &shop.stripe;
        let by =
            if matches!(self, Self::DebitThatArrives | Self::DebitThatFails) { Method::Debit } else { CARD };
        let intent = stripe.pay(session, by).unwrap();
        match self {
            Self::PaidByCard => {}
            Self::PaidAndRefunded => drop(stripe.refund(&intent, None).unwrap()),
            Self::PaidDisputedAndLost => {
                let dispute = stripe.open_dispute(&intent).unwrap();
                stripe.close_dispute(&dispute, false).unwrap();
            }
            Self::RefundedThenDisputedAndWon => {
                stripe.refund(&intent, Some(900)).unwrap();
                let dispute = stripe.open_dispute(&intent).unwrap();
                stripe.close_dispute(&dispute, true).unwrap();
            }
            Self::DebitThatArrives => stripe.settle(&intent).unwrap(),
            Self::DebitThatFails => stripe.fail(&intent).unwrap(),
        }
    }
}

/// All orders of these; of more than there is time for, as many as `most`, drawn.
fn orders(events: &[SignedEvent], most: usize, dice: &mut Dice) -> Vec<Vec<SignedEvent>> {
    let mut all: Vec<Vec<SignedEvent>> = vec![vec![]];
    for event in events {
        let mut longer = vec![];
        for order in &all {
            for at in 0..=order.len() {
                let mut next = order.clone();
                next.insert(at, event.clone());
                longer.push(next);
            }
        }
        while longer.len() > most {
            let any = dice.below(u64::try_from(longer.len()).unwrap());
            longer.swap_remove(usize::try_from(any).unwrap());
        }
        all = longer;
    }
    all
}

/// All that money has done to one invoice, with nothing of its own in it that another one would not have.
async fn books_of(shop: &Shop, invoice: Uuid) -> Vec<String> {
    let id = shop.app.database.uuid(invoice);
    let mut books = vec![];
    for statement in [
        format!(
            "SELECT kind || ' ' || CAST(amount_minor AS TEXT) || ' ' || CAST(received_on AS TEXT) || ' ' || COALESCE(flag, '') || \
                 CASE WHEN reverses_id IS NULL THEN '' ELSE ' reverses' END FROM payments WHERE invoice_id = {id}"
        ),
        format!(
            "SELECT settlement || ' ' || CAST(paid_minor AS TEXT) || ' ' || COALESCE(CAST(last_paid_on AS TEXT), '') FROM invoices WHERE id = {id}"
        ),
        format!(
            "SELECT k.state || ' ' || CAST(p.amount_minor AS TEXT) FROM checkouts k JOIN checkout_invoices p ON p.checkout_id = k.id WHERE p.invoice_id = {id}"
        ),
        format!(
            "SELECT kind || ' ' || actor_kind || ' ' || CAST(COUNT(*) AS TEXT) FROM activity WHERE invoice_id = {id} \
                 AND kind <> 'payment.begun' GROUP BY kind, actor_kind"
        ),
        format!(
            "SELECT o.kind || ' ' || o.recipient FROM outbox o JOIN checkout_invoices p ON o.payload = {} WHERE p.invoice_id = {id}",
            shop.app.database.uuid_as_text("p.checkout_id")
        ),
    ] {
        let mut rows = shop.app.database.texts(&statement).await;
        rows.sort();
        books.extend(rows);
    }
    books
}

async fn every_order_ends_alike(shop: Shop) {
    let mut contact = shop.app.signed_in("a1@clients.test").await;
    for (seed, story) in (1..).zip(STORIES) {
        let mut dice = Dice::new(seed);
        let mut ends = BTreeMap::<Vec<String>, Vec<String>>::new();
        let (mut told, mut all) = (0, usize::MAX);
        while told < all.min(MOST) {
            let invoice = shop.another_invoice().await;
            let session = shop.press(&mut contact, &format!("/portal/invoices/{invoice}")).await;
            story.happen(&shop, &session);
            let events = shop.stripe.take_held();
            let mut orders = orders(&events, MOST, &mut Dice::new(seed));
            all = orders.len();
            let order = orders.swap_remove(told);
            told += 1;
            for event in &order {
                for _ in 0..=dice.below(2) {
                    assert_eq!(shop.tell(event).await.status, 200);
                }
                shop.app.work().await;
            }
            let last = order.last().unwrap();
            assert_eq!(shop.tell(last).await.status, 200, "told again");
            shop.app.work().await;
            let order = order.into_iter().map(|event| event.type_).collect();
            ends.insert(books_of(&shop, invoice).await, order);
        }
        assert_eq!(ends.len(), 1, "{story:?}, {told} orders: {ends:#?}");
    }
    let books = shop.books().await;
    assert!(books.iter().all(|row| !row.starts_with("payment") || row.ends_with(" 1")), "{books:#?}");
}

/// Four events have 24 orders, and more are drawn from.
const MOST: usize = 24;

in_both_shops! {
    /// Every order of the events of a payment that has four, and two dozen of those that have more, each told once or
    /// twice, ends in one state.
    async fn every_order_of_events_ends_in_one_state(shop: Shop) {
        every_order_ends_alike(shop).await;
    }

    /// What happened is told while it happens: before our own answer has come, a refund before its payment.
    async fn what_is_told_early_is_booked_all_the_same(shop: Shop) {
        let mut contact = shop.app.signed_in("a1@clients.test").await;
        let path = format!("/portal/invoices/{}", shop.world.a1.open);
        // Stripe has opened the page, and its answer got lost: we know of no session.
        shop.stripe.misbehave(Rule::once("POST", "/v1/checkout/sessions", Misbehaviour::DropConnectionAfter));
        let refused = contact.post(&format!("{path}/pay"), &[]).await;
        assert_eq!(refused.header("location"), format!("{path}?pay=no-answer"));
        let session = shop.stripe.payable_sessions(&shop.account).pop().unwrap().id;
        let intent = shop.stripe.pay(&session, CARD).unwrap();
        shop.stripe.refund(&intent, Some(1_900)).unwrap();
        let mut events = shop.stripe.take_held();
        events.reverse();
        for event in &events {
            assert_eq!(shop.tell(event).await.status, 200);
            shop.app.work().await;
        }
        assert_eq!(shop.stands(shop.world.a1.open).await, "open 10000");
        assert_eq!(shop.alerts().await, Vec::<String>::new());
    }
}
