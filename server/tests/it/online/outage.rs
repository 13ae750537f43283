//! Stripe is down, slow, or refuses: invoices can be seen, the button says what is the matter, and nothing is lost
//! (rules M3, M3a).

use std::time::Duration;

use postern::{jobs::work_until_idle_in, store::system::Lane};
use stripe_double::{Misbehaviour, Rule};

use crate::{
    harness::{Database, proof},
    online::{CARD, in_both_shops},
};

/// Says a figure of one database.
fn shown(what: &str, database: &Database, figure: &str) {
    proof(&format!("{what} ({:?})", database.kind), figure);
}

in_both_shops! {
    /// Each way of failing is told, and the next press goes on where it was: one page, made once.
    async fn the_button_says_what_is_the_matter(shop: Shop) {
        let mut contact = shop.app.signed_in("a1@clients.test").await;
        let ways = [
            (Misbehaviour::Refuse(500), true),
            (Misbehaviour::DropConnectionBefore, true),
            (Misbehaviour::DropConnectionAfter, true),
            (Misbehaviour::RateLimited, true),
            // It was opened, and Stripe says it failed: it is found.
            (Misbehaviour::FailAfterSuccess(500), false),
            (Misbehaviour::AnswerLost(502), false),
        ];
        let (count, told) = (ways.len(), ways.iter().filter(|(_, is_told)| *is_told).count());
        for (what, is_told) in ways {
            let invoice = shop.another_invoice().await;
            let path = format!("/portal/invoices/{invoice}");
            shop.stripe.misbehave(Rule::once("POST", "/v1/checkout/sessions", what));
            if is_told {
                let answer = contact.post(&format!("{path}/pay"), &[]).await;
                assert_eq!(answer.header("location"), format!("{path}?pay=no-answer"), "{what:?}");
                let page = contact.get(answer.header("location")).await.body;
                assert!(page.contains("does not answer at the moment") && page.contains("€119.00") && page.contains(">Pay <"), "{what:?}: {page}");
            }
            let session = shop.press(&mut contact, &path).await;
            let payable = shop.stripe.payable_sessions(&shop.account);
            assert_eq!(payable.len(), 1, "{what:?}");
            assert_eq!(payable[0].id, session, "{what:?}");
            shop.stripe.pay(&session, CARD).unwrap();
            shop.deliver().await;
            assert_eq!(shop.stands(invoice).await, "paid 11900", "{what:?}");
        }
        shown(
            "Stripe fails when somebody presses Pay: told, and the next press goes on where it was",
            &shop.app.database,
            &format!("{count} ways to fail, {told} of them told at the button, one page of Stripe's each, each paid once"),
        );
    }

    /// A webhook that cannot be looked at now is looked at later.
    async fn what_cannot_be_looked_at_now_is_looked_at_later(shop: Shop) {
        let mut contact = shop.app.signed_in("a1@clients.test").await;
        let session = shop.press(&mut contact, &format!("/portal/invoices/{}", shop.world.a1.open)).await;
        shop.stripe.pay(&session, CARD).unwrap();
        shop.stripe.misbehave(Rule { method: "GET".to_owned(), path: "/v1/".to_owned(), ..Rule::always(Misbehaviour::Refuse(503)) });
        shop.deliver().await;
        assert_eq!(shop.stands(shop.world.a1.open).await, "open 0");
        shop.stripe.behave();
        shop.app.clock.advance(chrono::TimeDelta::minutes(2));
        shop.app.work().await;
        assert_eq!(shop.stands(shop.world.a1.open).await, "paid 11900");
        shown(
            "What Stripe told, and cannot be looked at because Stripe answers 503, is looked at later",
            &shop.app.database,
            "open while Stripe answers 503, paid two minutes after it is back",
        );
    }

    /// An amount that Stripe does not take is told as such, and the org's own details still hold.
    async fn too_little_is_told(shop: Shop) {
        let invoice = shop.another_invoice().await;
        let id = shop.app.database.uuid(invoice);
        shop.app.database.execute(&format!("UPDATE invoices SET subtotal_minor = 30, tax_minor = 0, total_minor = 30 WHERE id = {id}")).await;
        let mut contact = shop.app.signed_in("a1@clients.test").await;
        let path = format!("/portal/invoices/{invoice}");
        let answer = contact.post(&format!("{path}/pay"), &[]).await;
        assert_eq!(answer.header("location"), format!("{path}?pay=too-small"));
        let page = contact.get(answer.header("location")).await.body;
        assert!(page.contains("too small to be paid online") && page.contains("Transfer to alder"), "{page}");
        shown("An amount that Stripe does not take is told, with how to pay otherwise", &shop.app.database, "an invoice of 0.30 EUR");
    }
}

in_both_shops! {
    /// Nobody's mail waits for Stripe: what asks it is done by a worker of its own.
    async fn no_mail_waits_for_stripe(shop: Shop) {
        let mut contact = shop.app.signed_in("a1@clients.test").await;
        let session = shop.press(&mut contact, &format!("/portal/invoices/{}", shop.world.a1.open)).await;
        shop.stripe.pay(&session, CARD).unwrap();
        shop.stripe.misbehave(Rule { method: "GET".to_owned(), path: "/v1/".to_owned(), ..Rule::always(Misbehaviour::Hang) });
        shop.receive().await;
        let waiting = "SELECT COUNT(*) FROM jobs WHERE kind = 'stripe_event' AND attempts = 0";
        let told = shop.app.database.number(waiting).await;
        assert!(told > 0);
        shop.app.clock.advance(chrono::TimeDelta::minutes(1));
        let mut another = shop.app.browser();
        another.get("/portal/login").await;
        another.post("/portal/login", &[("email", "a2@clients.test")]).await;
        for lane in [Lane::Desk, Lane::Mail] {
            assert!(work_until_idle_in(lane, &shop.app.app).await.unwrap());
        }
        assert_eq!(shop.app.smtp.newest_to("a2@clients.test").links().len(), 1);
        assert_eq!(shop.app.database.number(waiting).await, told, "none was touched");
        shop.stripe.behave();
        shop.app.work().await;
        assert_eq!(shop.stands(shop.world.a1.open).await, "paid 11900");
        shown(
            "Nobody's mail waits for Stripe",
            &shop.app.database,
            &format!("a login link is mailed while {told} of Stripe's events wait for a Stripe that hangs; then they are looked at"),
        );
    }
}

in_both_shops! {
    /// One that hangs is given up after its time limit, and meanwhile everything else goes on: pages, the team's work,
    /// money that comes by hand, logins and their mail.
    async fn nothing_hangs_longer_than_its_time_limit(shop: Shop) {
        let mut contact = shop.app.signed_in("a1@clients.test").await;
        let mut owner = shop.app.member("owner@alder.test").await;
        let path = format!("/portal/invoices/{}", shop.world.a1.open);
        shop.stripe.misbehave(Rule {
            method: "POST".to_owned(),
            path: "/v1/checkout/sessions".to_owned(),
            ..Rule::always(Misbehaviour::Hang)
        });
        let (mut waiting, began) = (contact.clone(), std::time::Instant::now());
        let pay = format!("{path}/pay");
        let press = tokio::spawn(async move { waiting.post(&pay, &[]).await });
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert_eq!(contact.get(&path).await.status, 200, "the invoice can be seen");
        assert_eq!(owner.get("/app/invoices").await.status, 200);
        let id = uuid::Uuid::from_u128(0x5e7).to_string();
        let form = [("id", id.as_str()), ("amount", "19"), ("method", "CASH"), ("receivedOn", "2026-02-28"), ("reference", "")];
        let overdue = shop.world.a1.overdue;
        assert_eq!(owner.post(&format!("/app/invoices/{overdue}/payments"), &form).await.status, 303);
        assert_eq!(shop.stands(overdue).await, "open 1900");
        let mut another = shop.app.browser();
        another.get("/portal/login").await;
        another.post("/portal/login", &[("email", "a2@clients.test")]).await;
        for lane in [Lane::Desk, Lane::Mail] {
            work_until_idle_in(lane, &shop.app.app).await.unwrap();
        }
        assert_eq!(another.post(&shop.app.smtp.newest_to("a2@clients.test").links()[0], &[]).await.status, 303);
        assert!(!press.is_finished(), "Stripe hangs all the while");
        let answer =
            tokio::time::timeout(Duration::from_secs(20), press).await.expect("it ends by itself").unwrap();
        assert_eq!(answer.header("location"), format!("{path}?pay=no-answer"));
        shown(
            "A Stripe that hangs is given up after its time limit, and all else goes on meanwhile",
            &shop.app.database,
            &format!(
                "told after {} s; meanwhile pages of both sides, a payment by hand, a login with its mail",
                began.elapsed().as_secs()
            ),
        );
    }
}
