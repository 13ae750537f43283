//! Who has paid: the same page is given to whoever presses `Pay`, and what is paid there is theirs who were led there last
//! (rules A1, M4, M7, S4a, T2).

use axum::http::{HeaderValue, header};
use stripe_double::Method;

use crate::{
    harness::Browser,
    online::{CARD, in_both_shops, session_of},
    world::{Client, OUTSTANDING},
};

/// Payments in the log, oldest first: how, by whom, and from where.
const LOG: &str = "SELECT kind || CASE WHEN contact_id IS NULL THEN '' ELSE ' by ' || actor_name END || ' from ' || browser \
    FROM activity WHERE kind IN ('portal.paid', 'payment.paid_by_link') ORDER BY id";

/// A browser with a name that the log keeps.
fn firefox(mut browser: Browser) -> Browser {
    let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    browser.headers.insert(header::USER_AGENT, HeaderValue::from_static(agent));
    browser
}

fn invoice(client: &Client) -> String {
    format!("/portal/invoices/{}", client.open)
}

in_both_shops! {
    /// Somebody with the link goes to pay and leaves; the contact pays on the same page. It is the contact's payment, in the
    /// client's own access log, and the receipt is the contact's. And the other way round.
    async fn whoever_was_led_to_the_page_last_has_paid(shop: Shop) {
        let mut contact = firefox(shop.app.signed_in("a1@clients.test").await);
        let mut guest = firefox(shop.app.browser());
        let (path, link) = (invoice(&shop.world.a1), shop.world.a1.share_path());
        let session = shop.press(&mut guest, &link).await;
        assert_eq!(shop.press(&mut contact, &path).await, session);
        assert!(shop.stripe.session(&session).unwrap().customer_email.is_none(), "the page names nobody");
        shop.stripe.pay(&session, CARD).unwrap();
        shop.deliver().await;
        let own = contact.graphql("{ portal { accessLog(first: 3) { nodes { kind } } } }").await.to_string();
        assert!(own.contains("PAID"), "{own}");
        assert!(shop.app.smtp.newest_to("a1@clients.test").header("subject").starts_with("Receipt"));
        let receipts = shop.app.smtp.count_to("a1@clients.test");

        let intent = shop.stripe.session(&session).unwrap().payment_intent.unwrap();
        shop.stripe.refund(&intent, None).unwrap();
        shop.deliver().await;
        let again = shop.press(&mut contact, &path).await;
        assert_eq!(shop.press(&mut guest, &link).await, again);
        shop.stripe.pay(&again, CARD).unwrap();
        shop.deliver().await;
        let log = shop.app.database.texts(LOG).await;
        assert_eq!(log, ["portal.paid by CANARY-a1 contact from Firefox on Linux", "payment.paid_by_link from Firefox on Linux"]);
        assert_eq!(shop.app.smtp.count_to("a1@clients.test"), receipts, "nobody is sent another's receipt");
    }

    /// A stranger with the link gets a receipt at the address that was typed on Stripe's page, with the link that they came by.
    async fn a_guest_gets_a_receipt_at_the_address_that_was_typed(shop: Shop) {
        let link = shop.world.a1.share_path();
        let session = shop.press(&mut shop.app.browser(), &link).await;
        shop.stripe.type_email(&session, "bookkeeper@elsewhere.test").unwrap();
        shop.stripe.pay(&session, CARD).unwrap();
        shop.deliver().await;
        let receipt = shop.app.smtp.newest_to("bookkeeper@elsewhere.test");
        assert!(receipt.text.contains("€119.00") && receipt.text.contains(&link), "{}", receipt.text);
        assert!(!receipt.text.contains("/portal"), "{}", receipt.text);
    }

    /// A member who looks through a contact's eyes leads nobody anywhere, and closes nothing that somebody is about to pay.
    async fn a_preview_pays_nothing(shop: Shop) {
        let mut contact = shop.app.signed_in("a1@clients.test").await;
        let session = shop.press(&mut contact, &invoice(&shop.world.a1)).await;
        let before = shop.app.database.texts("SELECT state || request FROM checkouts").await;
        let mut owner = shop.app.member("owner@alder.test").await;
        let preview = format!("/app/clients/{}/contacts/{}/preview", shop.world.a1.id, shop.world.a1.contact);
        assert_eq!(owner.post(&preview, &[]).await.status, 303);
        for (path, form) in [
            (format!("{}/pay", invoice(&shop.world.a1)), vec![]),
            (format!("{}/pay", invoice(&shop.world.a1)), vec![("amount", "1")]),
            (format!("/portal/invoices/{}/pay", shop.world.a1.overdue), vec![]),
            ("/portal/pay".to_owned(), vec![("currency", "EUR")]),
        ] {
            let answer = owner.post(&path, &form).await;
            assert_eq!((answer.status, answer.header("location")), (403, ""), "{path}");
        }
        shop.deliver().await;
        assert_eq!(shop.app.database.texts("SELECT state || request FROM checkouts").await, before);
        assert_eq!(shop.stripe.payable_sessions(&shop.account).len(), 1);
        shop.stripe.pay(&session, CARD).unwrap();
        shop.deliver().await;
        assert_eq!(shop.stands(shop.world.a1.open).await, "paid 11900");
    }

    /// One of all that is open has just been paid, and nobody has told yet: the rest can be paid (M3b).
    async fn what_was_just_paid_elsewhere_does_not_stop_the_rest(shop: Shop) {
        let mut contact = shop.app.signed_in("a1@clients.test").await;
        for by in [CARD, Method::Debit] {
            let one = shop.another_invoice().await;
            let elsewhere = shop.press(&mut contact, &format!("/portal/invoices/{one}")).await;
            shop.stripe.pay(&elsewhere, by).unwrap();
            let rest = session_of(&contact.post("/portal/pay", &[("currency", "EUR")]).await);
            assert_ne!(rest, elsewhere);
            assert_eq!(shop.stripe.session(&rest).unwrap().amount, OUTSTANDING, "{by:?}: all but what was paid elsewhere");
        }
    }

    /// Yen have no decimals and dinars three; crowns and shillings have none, and Stripe counts them in hundredths. Each is
    /// asked for and booked as it is, and what is open in another currency stays out of it (M1, M3, M3b).
    async fn each_currency_is_paid_in_its_own_units(shop: Shop) {
        let mut contact = shop.app.signed_in("a1@clients.test").await;
        for (currency, total, at_stripe) in [("JPY", 11_900, 11_900), ("KWD", 11_900, 11_900), ("ISK", 119, 11_900), ("UGX", 119, 11_900)] {
            let invoices = [shop.another_invoice_in(currency, total).await, shop.another_invoice_in(currency, total).await];
            let session = session_of(&contact.post("/portal/pay", &[("currency", currency)]).await);
            let opened = shop.stripe.session(&session).unwrap();
            assert_eq!((opened.amount, opened.currency), (2 * at_stripe, currency.to_lowercase()));
            let intent = shop.stripe.pay(&session, CARD).unwrap();
            shop.deliver().await;
            for invoice in invoices {
                assert_eq!(shop.stands(invoice).await, format!("paid {total}"), "{currency}");
            }
            shop.stripe.refund(&intent, Some(at_stripe)).unwrap();
            shop.deliver().await;
            let back = format!("SELECT currency || ' ' || kind FROM payments WHERE currency = '{currency}' AND amount_minor = -{total}");
            assert_eq!(shop.app.database.texts(&back).await, [format!("{currency} refund")]);
        }
        let session = session_of(&contact.post("/portal/pay", &[("currency", "EUR")]).await);
        assert_eq!(shop.stripe.session(&session).unwrap().amount, OUTSTANDING);
        assert!(shop.alerts().await.is_empty(), "{:?}", shop.alerts().await);
    }

    /// An org that says no address of its own is told at its owner's (M7).
    async fn an_org_without_an_address_is_told_at_its_owners(shop: Shop) {
        shop.app.database.execute("UPDATE orgs SET email = ''").await;
        let session = shop.press(&mut shop.app.browser(), &shop.world.a1.share_path()).await;
        shop.stripe.pay(&session, CARD).unwrap();
        shop.deliver().await;
        let notice = shop.app.smtp.newest_to("owner@alder.test");
        assert!(notice.text.contains("CANARY-a1 client") && notice.text.contains("€119.00"), "{}", notice.text);
    }
}
