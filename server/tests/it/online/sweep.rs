//! A webhook that never comes is missed by nobody (rule M6).

use chrono::TimeDelta;
use stripe_double::Method;

use crate::online::{CARD, in_both_shops};

in_both_shops! {
    /// Two hundred payments of which Stripe tells nothing: each is found, and booked once.
    async fn two_hundred_payments_that_nobody_told_of_are_found(shop: Shop) {
        shop.stripe.drop_webhooks(true);
        let mut contact = shop.app.signed_in("a1@clients.test").await;
        let mut intents = vec![];
        for n in 0..200 {
            let invoice = shop.another_invoice().await;
            let session = shop.press(&mut contact, &format!("/portal/invoices/{invoice}")).await;
            let by = if n % 10 == 0 { Method::Debit } else { CARD };
            intents.push((shop.stripe.pay(&session, by).unwrap(), by));
        }
        shop.app.work().await;
        let booked = "SELECT COUNT(*) FROM payments WHERE stripe_id IS NOT NULL";
        assert_eq!(shop.app.database.number(booked).await, 0, "it is left to the webhook for a while");
        shop.app.clock.advance(TimeDelta::minutes(5));
        shop.app.work().await;
        assert_eq!(shop.app.database.number(booked).await, 180);
        for (intent, by) in &intents {
            if matches!(by, Method::Debit) {
                shop.stripe.settle(intent).unwrap();
            }
        }
        shop.app.clock.advance(TimeDelta::hours(7));
        shop.app.work().await;
        assert_eq!(shop.app.database.number(booked).await, 200);
        assert_eq!(shop.app.database.number("SELECT COUNT(DISTINCT stripe_id) FROM payments WHERE stripe_id IS NOT NULL").await, 200);
        assert_eq!(shop.app.database.number("SELECT COUNT(*) FROM checkouts WHERE state <> 'paid'").await, 0);
        for days in [30, 100, 300] {
            shop.app.clock.advance(TimeDelta::days(days));
            shop.app.work().await;
        }
        let asked = shop.stripe.requests().len();
        shop.app.clock.advance(TimeDelta::days(3_000));
        shop.app.work().await;
        assert_eq!(shop.stripe.requests().len(), asked, "what is done is not asked about for ever");
    }

    /// What is given back or disputed weeks later is found as well, though nobody told of it.
    async fn what_happens_later_is_found(shop: Shop) {
        let mut contact = shop.app.signed_in("a1@clients.test").await;
        let session = shop.press(&mut contact, &format!("/portal/invoices/{}", shop.world.a1.open)).await;
        let intent = shop.stripe.pay(&session, CARD).unwrap();
        shop.deliver().await;
        assert_eq!(shop.stands(shop.world.a1.open).await, "paid 11900");
        shop.stripe.drop_webhooks(true);
        shop.stripe.refund(&intent, Some(1_900)).unwrap();
        shop.app.clock.advance(TimeDelta::hours(25));
        shop.app.work().await;
        assert_eq!(shop.stands(shop.world.a1.open).await, "open 10000", "the next day");
        shop.stripe.open_dispute(&intent).unwrap();
        shop.app.clock.advance(TimeDelta::days(60));
        shop.app.work().await;
        assert_eq!(shop.stands(shop.world.a1.open).await, "open 0", "and two months later");
    }

    /// Where Stripe has what was not asked for, the next look is a day later, and each is one word to the operator.
    async fn what_cannot_be_settled_is_not_asked_about_all_the_time(shop: Shop) {
        let mut contact = shop.app.signed_in("a1@clients.test").await;
        shop.press(&mut contact, &format!("/portal/invoices/{}", shop.world.a1.open)).await;
        shop.app.database.execute("UPDATE checkouts SET amount_minor = amount_minor + 1").await;
        shop.stripe.drop_webhooks(true);
        shop.app.clock.advance(TimeDelta::minutes(11));
        shop.app.work().await;
        let asked = shop.stripe.requests().len();
        for _ in 0..60 {
            shop.app.clock.advance(TimeDelta::minutes(2));
            shop.app.work().await;
        }
        assert_eq!(shop.stripe.requests().len(), asked);
        assert_eq!(shop.app.database.number("SELECT COUNT(*) FROM alerts").await, 1);
        shop.app.clock.advance(TimeDelta::days(1));
        shop.app.work().await;
        assert!(shop.stripe.requests().len() > asked);
        assert_eq!(shop.app.database.number("SELECT COUNT(*) FROM alerts WHERE times = 1").await, 2, "one a day");
    }

    /// A page that nobody paid ends by itself, and the invoice can be paid anew.
    async fn a_page_that_nobody_paid_ends(shop: Shop) {
        let mut contact = shop.app.signed_in("a1@clients.test").await;
        let path = format!("/portal/invoices/{}", shop.world.a1.open);
        let session = shop.press(&mut contact, &path).await;
        shop.stripe.drop_webhooks(true);
        shop.app.clock.advance(TimeDelta::hours(3));
        shop.app.work().await;
        assert_eq!(shop.app.database.texts("SELECT state FROM checkouts").await, ["expired"]);
        assert_ne!(shop.press(&mut contact, &path).await, session);
    }
}
