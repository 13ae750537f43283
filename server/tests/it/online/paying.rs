//! Paying: from the button to the books and the receipts (rules M2, M3, M3a, M3b, M4, M5, M6a, M7).

use postern::{
    auth::session::Admission,
    checkout::Part,
    error::Error,
    id::{CheckoutId, InvoiceId},
    store::{Origin, pay::NewCheckout, testing::Walls},
};
use stripe_double::Method;
use uuid::Uuid;

use crate::{
    harness::Kind,
    online::{CARD, SECRET, connect, in_both_shops, session_of},
    statements::many_invoices,
    world::OUTSTANDING,
};

/// What the check of the rows has held back, by the kinds of rows.
const HELD_BACK: &str = "SELECT detail FROM activity WHERE kind = 'security.tenant_mismatch' ORDER BY detail";

in_both_shops! {
    /// A contact pays: the invoice is paid, the balance follows, both histories have it, and both are told (M3, M7).
    async fn a_contact_pays_an_invoice(shop: Shop) {
        let mut contact = shop.app.signed_in("a1@clients.test").await;
        let path = format!("/portal/invoices/{}", shop.world.a1.open);
        let session = shop.press(&mut contact, &path).await;
        let opened = shop.stripe.session(&session).unwrap();
        assert_eq!((opened.amount, opened.currency.as_str(), opened.account.as_str()), (11_900, "eur", shop.account.as_str()));
        assert_eq!(shop.press(&mut contact, &path).await, session, "the same page while the same is due");
        shop.stripe.pay(&session, CARD).unwrap();
        shop.deliver().await;
        assert_eq!(shop.stands(shop.world.a1.open).await, "paid 11900");
        let page = contact.get(&path).await.body;
        assert!(page.contains("Online payment") && !page.contains(">Pay <"), "{page}");
        assert!(contact.get("/portal/payments").await.body.contains("CANARY-a1-0"));
        let mut owner = shop.app.member("owner@alder.test").await;
        assert!(owner.get("/app/payments").await.body.contains("Online payment"));
        let log = owner.get("/app/activity").await.body;
        assert!(log.contains("CANARY-a1 contact") && log.contains(" paid "), "{log}");
        let receipt = shop.app.smtp.newest_to("a1@clients.test");
        assert!(receipt.text.contains("€119.00") && receipt.text.contains("CANARY-a1-0"), "{}", receipt.text);
        assert_eq!(receipt.header("subject"), "Receipt from Alder Works: €119.00");
        let notice = shop.app.smtp.newest_to("hello@alder.test");
        assert!(notice.text.contains("CANARY-a1 client") && notice.text.contains("€119.00"), "{}", notice.text);
        let balance = shop.app.database.number("SELECT outstanding_minor FROM client_balances WHERE outstanding_minor > 0 ORDER BY client_id LIMIT 1").await;
        assert_eq!(balance, OUTSTANDING - 11_900);
        let books = shop.books().await;
        for event in shop.stripe.events() {
            let signed = shop.stripe.signed(&event.id, &[SECRET.to_owned()], shop.app.now().timestamp()).unwrap();
            assert_eq!(shop.tell(&signed).await.status, 200);
        }
        shop.app.work().await;
        assert_eq!(shop.books().await, books, "told again, nothing is booked again");
    }

    /// By a link its invoice can be paid and nothing else of the client, whichever is named (V1, I3).
    async fn by_a_link_its_invoice_alone_can_be_paid(shop: Shop) {
        let link = shop.world.a1.share_path();
        let visit = shop.app.app.admit_guest(link.trim_start_matches("/i/")).await.unwrap().unwrap();
        let origin = Origin::default();
        let guest = shop.app.app.store.for_guest(&visit.actor).pay(&origin);
        let [own, other] = [shop.world.a1.open, shop.world.a1.overdue].map(InvoiceId::from_uuid);
        let mut contact = shop.app.signed_in("a1@clients.test").await;
        for invoice in [own, other] {
            shop.press(&mut contact, &format!("/portal/invoices/{invoice}")).await;
        }
        assert_eq!(guest.open_invoices("EUR", 10).await.unwrap(), [own]);
        assert_eq!(guest.payable(&[own]).await.unwrap().map(|rows| rows.len()), Some(1));
        assert_eq!(guest.payable(&[own, other]).await.unwrap(), None);
        let live = guest.live_checkouts(&[own, other]).await.unwrap();
        assert!(matches!(&live[..], [(_, parts)] if parts.iter().all(|part| part.invoice_id == own)), "{live:?}");
        let checkout = NewCheckout {
            id: CheckoutId::from_uuid(Uuid::from_u128(1)),
            account_id: shop.account.parse().unwrap(),
            currency: "EUR".to_owned(),
            parts: vec![Part { invoice_id: other, amount_minor: 100 }],
            request: String::new(),
            expires_at: shop.app.now(),
        };
        assert!(matches!(guest.begin_checkout(&checkout).await, Err(Error::NotFound)));
    }

    /// What is under way is found once, whether it is for one of the invoices or for several of them (M3b).
    async fn what_is_under_way_is_found_once(shop: Shop) {
        let mut contact = shop.app.signed_in("a1@clients.test").await;
        let admission = shop.app.app.admit(&contact.cookie_header()).await.unwrap();
        let Some(Admission::Open(visit)) = admission else { panic!("not admitted") };
        let origin = Origin::default();
        let scope = shop.app.app.store.for_actor(&visit.actor).pay(&origin).unwrap();
        let invoices = [shop.world.a1.open, shop.world.a1.overdue].map(InvoiceId::from_uuid);
        for invoice in invoices {
            shop.press(&mut contact, &format!("/portal/invoices/{invoice}")).await;
        }
        assert_eq!(scope.live_checkouts(&invoices).await.unwrap().len(), 2, "one each");
        session_of(&contact.post("/portal/pay", &[("currency", "EUR")]).await);
        assert_eq!(scope.live_checkouts(&invoices).await.unwrap().len(), 1, "one for all");
    }

    /// Where the statement finds another client's invoice, it is held back: nothing of it is told, and nothing is begun (I2).
    async fn without_the_predicate_nothing_of_others_is_paid(shop: Shop) {
        if shop.app.database.kind == Kind::Postgres {
            // Row-level security would keep the foreign rows from ever getting there.
            shop.app.database.execute("ALTER TABLE invoices DISABLE ROW LEVEL SECURITY").await;
        }
        let own = shop.app.signed_in("a1@clients.test").await;
        let open = shop.app.with_walls(Walls { without_predicate: true, ..Walls::default() });
        let mut contact = open.browser();
        contact.cookies = own.cookies;
        let pay = |invoice: Uuid| format!("/portal/invoices/{invoice}/pay");
        // No amount: the invoice is found, and said not to be payable with it.
        let nonsense = [("amount", "nonsense")];
        assert_eq!(contact.post(&pay(shop.world.a1.open), &nonsense).await.status, 303, "one's own");
        for other in [&shop.world.a2, &shop.world.b1] {
            assert_eq!(contact.post(&pay(other.open), &nonsense).await.status, 500);
            assert_eq!(contact.post(&pay(other.open), &[]).await.status, 500);
        }
        assert_eq!(contact.post("/portal/pay", &[("currency", "EUR")]).await.status, 500);
        assert_eq!(shop.app.database.number("SELECT COUNT(*) FROM checkouts").await, 0);
        let payable = "postern::store::pay::PayableRow";
        assert_eq!(shop.app.database.texts(HELD_BACK).await, ["postern::store::pay::OpenRow", payable, payable, payable, payable]);
    }

    /// Where the statement finds another org's account, nobody is paid (I2).
    async fn without_the_predicate_nobody_else_is_paid(shop: Shop) {
        connect(&shop.app, &shop.stripe, "owner@birch.test").await;
        if shop.app.database.kind == Kind::Postgres {
            for table in ["orgs", "stripe_accounts"] {
                shop.app.database.execute(&format!("ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")).await;
            }
        }
        let mut own = shop.app.signed_in("a1@clients.test").await;
        let open = shop.app.with_walls(Walls { without_predicate: true, ..Walls::default() });
        let mut contact = open.browser();
        contact.cookies = own.cookies.clone();
        let path = format!("/portal/invoices/{}", shop.world.a1.open);
        assert_eq!(contact.post(&format!("{path}/pay"), &[]).await.status, 500);
        assert_eq!(open.browser().post(&format!("{}/pay", shop.world.a1.share_path()), &[]).await.status, 500);
        assert_eq!(shop.app.database.number("SELECT COUNT(*) FROM checkouts").await, 0);
        assert_eq!(shop.app.database.texts(HELD_BACK).await, ["postern::store::pay::PayeeRow"; 2]);
        let session = shop.press(&mut own, &path).await;
        assert_eq!(shop.stripe.session(&session).unwrap().account, shop.account, "the walls stand: one's own org is paid");
    }

    /// Whoever comes back finds out at once: the lookup is faster than the webhook, which then finds it done (M3).
    async fn coming_back_is_as_good_as_a_webhook(shop: Shop) {
        let mut guest = shop.app.browser();
        let path = shop.world.a1.share_path();
        let session = shop.press(&mut guest, &path).await;
        let (_, id) = shop.stripe.session(&session).unwrap().metadata.into_iter().find(|(key, _)| key == "postern_checkout").unwrap();
        shop.stripe.pay(&session, CARD).unwrap();
        let back = guest.get(&format!("/pay/{id}")).await;
        assert_eq!((back.status, back.header("location")), (303, format!("{path}?pay=paid").as_str()));
        let page = guest.get(back.header("location")).await.body;
        assert!(page.contains("Paid. Thank you"), "{page}");
        let stranger = shop.app.browser().get(&format!("/pay/{id}")).await;
        assert!(stranger.status == 200 && stranger.body.contains("Thank you") && !stranger.body.contains("CANARY"), "{}", stranger.body);
        let books = shop.books().await;
        assert!(books.iter().any(|row| row.starts_with("payment payment CANARY-a1-0 11900")), "{books:?}");
        shop.deliver().await;
        assert_eq!(shop.books().await, books);
        assert_eq!(shop.app.browser().get("/pay/01900000-0000-7000-8000-000000000000").await.status, 404);
    }

    /// A bank debit takes days: the page says since when, nobody can pay twice, and it ends one way or the other (M3a).
    async fn a_bank_debit_takes_days(shop: Shop) {
        // A voucher, or a bank that asks for two small amounts first, is paid elsewhere after the page: it takes days as well.
        for (invoice, by, succeeds) in [
            (shop.world.a1.open, Method::Debit, true),
            (shop.another_invoice().await, Method::Voucher, true),
            (shop.world.a1.overdue, Method::Debit, false),
            (shop.another_invoice().await, Method::Voucher, false),
        ] {
            let mut contact = shop.app.signed_in("a1@clients.test").await;
            let path = format!("/portal/invoices/{invoice}");
            let session = shop.press(&mut contact, &path).await;
            let intent = shop.stripe.pay(&session, by).unwrap();
            shop.deliver().await;
            let page = contact.get(&path).await.body;
            assert!(page.contains("Payment in progress since") && page.contains("no need to pay again") && !page.contains(">Pay <"), "{page}");
            let again = contact.post(&format!("{path}/pay"), &[]).await;
            assert_eq!(again.header("location"), format!("{path}?pay=in-progress"));
            if succeeds {
                shop.stripe.settle(&intent).unwrap();
                shop.deliver().await;
                assert_eq!(shop.stands(invoice).await, "paid 11900");
            } else {
                shop.stripe.fail(&intent).unwrap();
                shop.deliver().await;
                let page = contact.get(&path).await.body;
                assert!(page.contains("did not go through") && page.contains("Nothing was taken") && page.contains(">Pay <"), "{page}");
                assert_eq!(shop.stands(invoice).await, "open 0");
                let next = shop.press(&mut contact, &path).await;
                assert_ne!(next, session);
                assert!(!contact.get(&path).await.body.contains("did not go through"), "there is another try");
            }
        }
    }

    /// One button pays all that is open in a currency, allocated to each invoice exactly (M3b).
    async fn everything_is_paid_at_once(shop: Shop) {
        let mut contact = shop.app.signed_in("a1@clients.test").await;
        assert!(contact.get("/portal").await.body.contains("Pay all open, €396.50"));
        let answer = contact.post("/portal/pay", &[("currency", "EUR")]).await;
        let session = session_of(&answer);
        let opened = shop.stripe.session(&session).unwrap();
        assert_eq!((opened.amount, opened.items.len()), (OUTSTANDING, 3));
        let single = contact.post(&format!("/portal/invoices/{}/pay", shop.world.a1.open), &[]).await;
        let single = session_of(&single);
        assert_ne!(single, session, "one of them alone is another page");
        assert_eq!(shop.stripe.payable_sessions(&shop.account).len(), 1, "and the first can be paid no more");
        let session = session_of(&contact.post("/portal/pay", &[("currency", "EUR")]).await);
        shop.stripe.pay(&session, CARD).unwrap();
        shop.deliver().await;
        for (invoice, stands) in [(shop.world.a1.open, "paid 11900"), (shop.world.a1.overdue, "paid 23800"), (shop.world.a1.partial, "paid 5950")] {
            assert_eq!(shop.stands(invoice).await, stands);
        }
        assert!(contact.get("/portal").await.body.contains("Nothing to pay"));
        assert_eq!(contact.post("/portal/pay", &[("currency", "EUR")]).await.header("location"), "/portal?pay=nothing-due");
        assert_eq!(contact.post("/portal/pay", &[("currency", "nonsense")]).await.status, 404);
    }

    /// Where more is open than a page at Stripe has lines, the button says how many it takes, and takes those.
    async fn more_than_a_page_takes_is_paid_in_turns(shop: Shop) {
        many_invoices(&shop.app, &shop.world, 120).await;
        for (balances, id) in [("client_balances", shop.world.a1.id), ("org_balances", shop.world.a1.org)] {
            let of = if balances == "org_balances" { "org_id" } else { "client_id" };
            let id = shop.app.database.uuid(id);
            shop.app.database.execute(&format!("UPDATE {balances} SET open_count = open_count + 120, outstanding_minor = outstanding_minor + 12000, overdue_count = overdue_count + 120, overdue_minor = overdue_minor + 12000 WHERE {of} = {id} AND currency = 'EUR'")).await;
        }
        let mut contact = shop.app.signed_in("a1@clients.test").await;
        let home = contact.get("/portal").await.body;
        assert!(home.contains("Pay the 100 that are due first") && !home.contains("Pay all open"), "{home}");
        let session = session_of(&contact.post("/portal/pay", &[("currency", "EUR")]).await);
        assert_eq!(shop.stripe.session(&session).unwrap().items.len(), 100);
        shop.stripe.pay(&session, CARD).unwrap();
        shop.deliver().await;
        assert_eq!(shop.app.database.number("SELECT COUNT(*) FROM payments WHERE stripe_id IS NOT NULL AND kind = 'payment'").await, 100);
        let rest = session_of(&contact.post("/portal/pay", &[("currency", "EUR")]).await);
        assert_eq!(shop.stripe.session(&rest).unwrap().items.len(), 23, "and then the rest");
    }

    /// A part is paid where the team lets it, and never more than is due (M6a).
    async fn a_part_is_paid_where_it_may_be(shop: Shop) {
        let mut contact = shop.app.signed_in("a1@clients.test").await;
        let path = format!("/portal/invoices/{}", shop.world.a1.open);
        let pay = format!("{path}/pay");
        assert_eq!(contact.post(&pay, &[("amount", "50")]).await.header("location"), format!("{path}?pay=no-part"));
        let mut owner = shop.app.member("owner@alder.test").await;
        let part = format!("/app/invoices/{}/part", shop.world.a1.open);
        assert_eq!(owner.post(&part, &[("allowed", "on")]).await.status, 303);
        assert!(contact.get(&path).await.body.contains("Pay a part of it"));
        for wrong in ["119.01", "0", "-5", "much"] {
            let answer = contact.post(&pay, &[("amount", wrong)]).await;
            assert_eq!(answer.header("location"), format!("{path}?pay=bad-amount&amount={wrong}"));
            let page = contact.get(answer.header("location")).await.body;
            let field = page.split("<details open class=\"pay-part\"").nth(1).and_then(|rest| rest.split("</details>").next()).unwrap_or_else(|| panic!("{page}"));
            assert!(field.contains(&format!("value=\"{wrong}\"")) && field.contains("aria-invalid=\"true\"") && field.contains("no amount that can be paid"), "{field}");
        }
        let hostile = "\"><b>".to_owned() + &"9".repeat(5_000);
        let answer = contact.post(&pay, &[("amount", &hostile)]).await;
        assert!(answer.header("location").len() < 200, "{}", answer.header("location"));
        let page = contact.get(answer.header("location")).await.body;
        assert!(page.contains("&quot;&gt;&lt;b&gt;9") && !page.contains("\"><b>9"), "{page}");
        let session = session_of(&contact.post(&pay, &[("amount", "50")]).await);
        assert_eq!(shop.stripe.session(&session).unwrap().amount, 5_000);
        shop.stripe.pay(&session, CARD).unwrap();
        shop.deliver().await;
        assert_eq!(shop.stands(shop.world.a1.open).await, "open 5000");
        let session = shop.press(&mut contact, &path).await;
        assert_eq!(shop.stripe.session(&session).unwrap().amount, 6_900, "the rest");
        assert_eq!(contact.post(&format!("{path}?x"), &[]).await.status, 405);
    }

    /// A payment by hand, a cancellation and a disconnect close what could be paid by the old amount (M4).
    async fn what_is_due_no_more_cannot_be_paid(shop: Shop) {
        let mut contact = shop.app.signed_in("a1@clients.test").await;
        let mut owner = shop.app.member("owner@alder.test").await;
        let path = format!("/portal/invoices/{}", shop.world.a1.open);
        let desk = format!("/app/invoices/{}", shop.world.a1.open);
        let first = shop.press(&mut contact, &path).await;
        let form = [("id", "01900000-0000-7000-b000-000000000001"), ("amount", "19"), ("method", "CASH"), ("receivedOn", "2026-03-01"), ("reference", "")];
        assert_eq!(owner.post(&format!("{desk}/payments"), &form).await.status, 303);
        shop.app.work().await;
        assert!(shop.stripe.payable_sessions(&shop.account).is_empty());
        let second = shop.press(&mut contact, &path).await;
        assert_ne!(first, second);
        assert_eq!(shop.stripe.session(&second).unwrap().amount, 10_000);
        let overdue = format!("/portal/invoices/{}", shop.world.a1.overdue);
        shop.press(&mut contact, &overdue).await;
        assert_eq!(owner.post(&format!("/app/invoices/{}/void", shop.world.a1.overdue), &[]).await.status, 303);
        shop.app.work().await;
        assert_eq!(shop.stripe.payable_sessions(&shop.account).len(), 1);
        assert_eq!(owner.post("/app/settings/stripe/disconnect", &[]).await.status, 303);
        shop.app.work().await;
        assert!(shop.stripe.payable_sessions(&shop.account).is_empty());
    }

    /// Money that comes although nothing is due is kept, flagged, told of, and shown as credit (M4).
    async fn money_that_nobody_waits_for_is_kept(shop: Shop) {
        let mut contact = shop.app.signed_in("a1@clients.test").await;
        let mut owner = shop.app.member("owner@alder.test").await;
        let path = format!("/portal/invoices/{}", shop.world.a1.open);
        let session = shop.press(&mut contact, &path).await;
        let desk = format!("/app/invoices/{}", shop.world.a1.open);
        let form = [("id", "01900000-0000-7000-b000-000000000002"), ("amount", "119"), ("method", "CASH"), ("receivedOn", "2026-03-01"), ("reference", "")];
        // The payer is faster than the worker that would close the page.
        assert_eq!(owner.post(&format!("{desk}/payments"), &form).await.status, 303);
        shop.stripe.pay(&session, CARD).unwrap();
        shop.deliver().await;
        assert_eq!(shop.stands(shop.world.a1.open).await, "paid 23800");
        let books = shop.books().await;
        assert!(books.iter().any(|row| row.contains("11900") && row.contains("more_than_due")), "{books:?}");
        assert!(books.contains(&"log payment.unexpected 1".to_owned()), "{books:?}");
        for page in [owner.get(&desk).await.body, contact.get(&path).await.body] {
            assert!(page.contains("€119.00") && page.contains("Credit"), "{page}");
        }
        assert!(shop.app.smtp.newest_to("hello@alder.test").text.contains("More came than was due"));
    }
}
