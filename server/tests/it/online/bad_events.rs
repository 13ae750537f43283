//! What somebody else says, or says wrongly, changes nothing about money, and somebody is told (rule M3).

use stripe_double::{Tamper, sign};

use crate::online::{CARD, SECRET, Shop, connect, in_both_shops};

/// A payment of an invoice at Stripe of which nothing is told yet.
async fn paid(shop: &Shop, tamper: Option<Tamper>) -> Vec<stripe_double::SignedEvent> {
    let mut guest = shop.app.browser();
    let session = shop.press(&mut guest, &shop.world.a1.share_path()).await;
    shop.stripe.pay(&session, CARD).unwrap();
    if let Some(tamper) = tamper {
        shop.stripe.tamper(&session, &tamper).unwrap();
    }
    shop.stripe.take_held()
}

fn completed(events: &[stripe_double::SignedEvent]) -> &stripe_double::SignedEvent {
    events.iter().find(|event| event.type_ == "checkout.session.completed").unwrap()
}

in_both_shops! {
    /// Not signed, signed by somebody else, signed long ago: refused, and one row for the operator each.
    async fn only_what_stripe_signed_lately_is_heard(shop: Shop) {
        let events = paid(&shop, None).await;
        let event = completed(&events);
        let before = shop.books().await;
        let now = shop.app.now().timestamp();
        for signature in ["", &sign(&event.body, "whsec_foreign", now), &sign(&event.body, SECRET, now - 301), &sign(&event.body, SECRET, now + 301)] {
            assert_eq!(shop.send(&event.body, signature).await.status, 400, "{signature}");
        }
        let other = String::from_utf8(event.body.clone()).unwrap().replace("paid", "nope");
        assert_eq!(shop.send(other.as_bytes(), &event.signature).await.status, 400, "another body");
        shop.app.work().await;
        assert_eq!(shop.books().await, before);
        assert_eq!(shop.alerts().await, ["stripe.signature_missing 1", "stripe.signature_old 2", "stripe.signature_wrong 2"]);
        assert_eq!(shop.app.database.number("SELECT COUNT(*) FROM stripe_events").await, 0);
    }

    /// Two secrets hold while one replaces the other.
    async fn a_secret_is_replaced_without_a_gap(shop: Shop) {
        let mut shop = shop;
        let events = paid(&shop, None).await;
        let url = shop.stripe.url();
        let both = format!("whsec_new,{SECRET}");
        let variables = [("STRIPE_SECRET_KEY", "sk_test_double"), ("STRIPE_WEBHOOK_SECRET", both.as_str()), ("STRIPE_API_URL", url.as_str())];
        shop.app.restart_with(&variables).await;
        let now = shop.app.now().timestamp();
        for (secret, event) in ["whsec_new", SECRET].into_iter().zip(&events) {
            assert_eq!(shop.send(&event.body, &sign(&event.body, secret, now)).await.status, 200, "{secret}");
        }
    }

    /// The other mode, an account that is nobody's, and what cannot be read: taken, and not believed.
    async fn what_is_not_for_us_is_not_believed(shop: Shop) {
        let events = paid(&shop, None).await;
        let event = completed(&events);
        let before = shop.books().await;
        let text = String::from_utf8(event.body.clone()).unwrap();
        let live = text.replace("\"livemode\":false", "\"livemode\":true");
        assert_ne!(live, text);
        let foreign = text.replace(&shop.account, "acct_1Foreign").replacen(&event.id, "evt_1Foreign", 1);
        let now = shop.app.now().timestamp();
        for body in [live, foreign, "nonsense".to_owned(), "{\"id\":\"no\",\"type\":\"x\"}".to_owned()] {
            assert_eq!(shop.send(body.as_bytes(), &sign(body.as_bytes(), SECRET, now)).await.status, 200, "{body}");
        }
        shop.app.work().await;
        assert_eq!(shop.books().await, before);
        let alerts = shop.alerts().await;
        assert_eq!(alerts, ["stripe.foreign_account 1", "stripe.livemode 1", "stripe.unreadable_event 2"]);
    }

    /// One unit off is not what was asked for: nothing is booked, and one row says so.
    async fn what_was_paid_has_to_be_what_was_asked_for(shop: Shop) {
        let events = paid(&shop, Some(Tamper { amount: Some(11_901), ..Tamper::default() })).await;
        let before = shop.books().await;
        assert_eq!(shop.tell(completed(&events)).await.status, 200);
        shop.app.work().await;
        assert_eq!(shop.books().await, before);
        assert_eq!(shop.alerts().await, ["stripe.amount 1"]);
    }

    /// Nor is another currency.
    async fn another_currency_is_not_booked(shop: Shop) {
        let events = paid(&shop, Some(Tamper { currency: Some("usd".to_owned()), ..Tamper::default() })).await;
        let before = shop.books().await;
        assert_eq!(shop.tell(completed(&events)).await.status, 200);
        shop.app.work().await;
        assert_eq!(shop.books().await, before);
        assert_eq!(shop.alerts().await, ["stripe.currency 1"]);
    }

    /// An event of another org's account that names a checkout of ours, and a payment that carries the name of one that
    /// is not there: neither is booked.
    async fn another_accounts_event_books_nothing(shop: Shop) {
        let mut guest = shop.app.browser();
        let session = shop.press(&mut guest, &shop.world.a1.share_path()).await;
        let metadata = shop.stripe.session(&session).unwrap().metadata;
        let other = connect(&shop.app, &shop.stripe, "owner@birch.test").await;
        shop.stripe.create_foreign_payment(&other, 11_900, "eur", metadata.clone()).unwrap();
        let mut unknown = metadata;
        unknown.insert("postern_checkout".to_owned(), "01900000-0000-7000-8000-000000000000".to_owned());
        shop.stripe.create_foreign_payment(&shop.account, 11_900, "eur", unknown).unwrap();
        shop.stripe.create_foreign_payment(&shop.account, 5_000, "eur", std::collections::BTreeMap::default()).unwrap();
        let before = shop.books().await;
        shop.deliver().await;
        assert_eq!(shop.books().await, before);
        let alerts = shop.alerts().await;
        assert!(alerts.iter().any(|alert| alert.starts_with("stripe.metadata")) && alerts.iter().any(|alert| alert.starts_with("stripe.unknown_checkout")), "{alerts:?}");
        let outcomes = shop.app.database.texts("SELECT outcome FROM stripe_events").await;
        assert!(outcomes.contains(&"not ours".to_owned()), "the org's own business is its own: {outcomes:?}");
    }

    /// The same event again is taken, does nothing, and is counted for the operator.
    async fn an_event_that_is_told_again_does_nothing(shop: Shop) {
        let events = paid(&shop, None).await;
        shop.tell(completed(&events)).await;
        shop.app.work().await;
        let books = shop.books().await;
        for _ in 0..3 {
            assert_eq!(shop.tell(completed(&events)).await.status, 200);
        }
        shop.app.work().await;
        assert_eq!(shop.books().await, books);
        assert_eq!(shop.alerts().await, ["stripe.repeated 3"]);
    }

    /// Types and versions that we do not know are kept, not refused.
    async fn what_we_do_not_know_is_kept(shop: Shop) {
        let body = format!("{{\"id\":\"evt_1New\",\"object\":\"event\",\"type\":\"payment_hologram.shown\",\"api_version\":\"2031-01-01.zebra\",\"account\":\"{}\",\"livemode\":false,\"data\":{{\"object\":[1]}}}}", shop.account);
        let signature = sign(body.as_bytes(), SECRET, shop.app.now().timestamp());
        assert_eq!(shop.send(body.as_bytes(), &signature).await.status, 200);
        shop.app.work().await;
        assert_eq!(shop.app.database.texts("SELECT outcome FROM stripe_events").await, ["of no interest"]);
    }
}
