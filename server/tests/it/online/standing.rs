//! How a payment stands, on every page that one comes back to (rule M3a).

use app::api::portal::{OPEN_AT_HOME, SETTLED_AT_HOME};
use chrono::TimeDelta;
use postern::auth::session::Admission;
use stripe_double::Method;

use crate::{
    harness::Browser,
    online::{CARD, in_both_shops, session_of},
};

/// What a page that waits is told.
const CHANGED: &str = "event: changed";
/// What only a page says on which something is to be found out yet.
const WAITING: &str = "it takes a moment until we know";
/// What is said of money that has arrived.
const THANKS: &str = "Paid. Thank you";

/// Presses the button for all that is open; gives the session that it leads to.
async fn press_all(contact: &mut Browser) -> String {
    session_of(&contact.post("/portal/pay", &[("currency", "EUR")]).await)
}

/// Where a page listens, if it does.
fn live(page: &str) -> Option<&str> {
    page.split("data-live=\"").nth(1)?.split('"').next()
}

fn count(page: &str, words: &str) -> usize {
    page.matches(words).count()
}

in_both_shops! {
    /// Home and the list say of each invoice what the invoice's own page says, and home learns of it without a reload.
    async fn home_and_the_list_say_how_each_payment_stands(shop: Shop) {
        let mut contact = shop.app.signed_in("a1@clients.test").await;
        assert_eq!(live(&contact.get("/portal").await.body), None, "nothing is under way");
        let session = press_all(&mut contact).await;
        let intent = shop.stripe.pay(&session, Method::Debit).unwrap();
        shop.deliver().await;
        let home = contact.get("/portal?pay=back").await.body;
        assert_eq!((count(&home, "In progress since"), count(&home, "No need to pay again")), (3, 3), "{home}");
        assert!(!home.contains("/pay\"") && !home.contains(WAITING), "{home}");
        let listens = live(&home).unwrap();
        let list = contact.get("/portal/invoices").await.body;
        assert_eq!(count(&list, "In progress since"), 3, "{list}");
        let all = contact.post("/portal/pay", &[("currency", "EUR")]).await;
        let told = contact.get(all.header("location")).await.body;
        assert!(told.contains("A payment was in progress already") && !told.contains("Nothing is due"), "{told}");
        shop.stripe.fail(&intent).unwrap();
        shop.deliver().await;
        let news = contact.get(listens).await;
        assert!(news.status == 200 && news.body.contains(CHANGED), "{} {}", news.status, news.body);
        for path in ["/portal", "/portal?pay=back"] {
            let home = contact.get(path).await.body;
            assert_eq!((count(&home, "did not go through"), count(&home, "Nothing was taken")), (3, 3), "{path}: {home}");
            assert!(home.contains("Pay all open") && count(&home, "/pay\"") == 4, "{path}: {home}");
            assert!(!home.contains("In progress") && live(&home).is_none(), "{path}: {home}");
        }
        let list = contact.get("/portal/invoices").await.body;
        assert_eq!((count(&list, "did not go through"), count(&list, "Nothing was taken")), (3, 3), "{list}");
        press_all(&mut contact).await;
        for path in ["/portal", "/portal/invoices"] {
            assert!(!contact.get(path).await.body.contains("did not go through"), "{path}: there is another try");
        }
    }

    /// Who comes back before anything is known is not asked to pay again; once it is known, the page says that.
    async fn who_comes_back_is_not_asked_to_pay_again(shop: Shop) {
        let mut contact = shop.app.signed_in("a1@clients.test").await;
        let session = press_all(&mut contact).await;
        let home = contact.get("/portal?pay=back").await.body;
        assert!(home.contains(WAITING) && !home.contains("/pay\""), "{home}");
        let listens = live(&home).unwrap();
        shop.stripe.pay(&session, CARD).unwrap();
        shop.deliver().await;
        assert!(contact.get(listens).await.body.contains(CHANGED));
        let home = contact.get("/portal?pay=back").await.body;
        assert!(home.contains("Every payment that has arrived is counted") && !home.contains(WAITING), "{home}");
        assert!(home.contains("Nothing to pay") && live(&home).is_none(), "{home}");
        let invoice = shop.another_invoice().await;
        let home = contact.get("/portal?pay=back").await.body;
        assert!(!home.contains(WAITING) && home.contains(&format!("/portal/invoices/{invoice}/pay\"")), "what was paid is known: {home}");
    }

    /// Once the bank has said no, the page that one came back to has its button again.
    async fn after_a_failure_it_can_be_paid_again(shop: Shop) {
        let mut contact = shop.app.signed_in("a1@clients.test").await;
        let paths = [format!("/portal/invoices/{}", shop.world.a1.open), shop.world.a1.share_path()];
        let session = shop.press(&mut contact, &paths[0]).await;
        for path in &paths {
            let page = contact.get(&format!("{path}?pay=back")).await.body;
            assert!(page.contains(WAITING) && !page.contains(">Pay <"), "{path}: {page}");
        }
        let intent = shop.stripe.pay(&session, Method::Debit).unwrap();
        shop.stripe.fail(&intent).unwrap();
        shop.deliver().await;
        for path in &paths {
            let page = contact.get(&format!("{path}?pay=back")).await.body;
            assert!(page.contains("did not go through") && page.contains(">Pay <"), "{path}: {page}");
        }
    }

    /// That the money has arrived is said while it is so, whatever the address of the page says.
    async fn an_address_alone_has_paid_nothing(shop: Shop) {
        let mut contact = shop.app.signed_in("a1@clients.test").await;
        let invoice = format!("/portal/invoices/{}", shop.world.a1.open);
        let paths = [format!("{invoice}?pay=paid"), format!("{}?pay=paid", shop.world.a1.share_path())];
        let void = format!("/portal/invoices/{}?pay=back", shop.world.a1.void);
        for path in paths.iter().map(String::as_str).chain(["/portal?pay=paid", "/portal?pay=in-progress", &void]) {
            let page = contact.get(path).await.body;
            assert!(!page.contains(THANKS) && !page.contains("money has arrived"), "{path}: {page}");
        }
        let home = contact.get("/portal?pay=in-progress").await.body;
        assert!(home.contains("A payment was in progress already"), "{home}");
        let session = shop.press(&mut contact, &invoice).await;
        let intent = shop.stripe.pay(&session, CARD).unwrap();
        shop.deliver().await;
        for path in &paths {
            let page = contact.get(path).await.body;
            assert!(page.contains(THANKS), "{path}: {page}");
        }
        shop.stripe.open_dispute(&intent).unwrap();
        shop.deliver().await;
        assert_eq!(shop.stands(shop.world.a1.open).await, "open 0");
        for path in paths.iter().map(String::as_str).chain(["/portal?pay=paid"]) {
            let page = contact.get(path).await.body;
            assert!(!page.contains(THANKS) && !page.contains("money has arrived"), "{path}: {page}");
        }
    }

    /// What home shows and what it listens to are the same: it is not loaded again for nothing, however much is open.
    async fn home_listens_to_what_it_shows(shop: Shop) {
        for _ in 0..OPEN_AT_HOME {
            shop.another_invoice().await;
        }
        let mut contact = shop.app.signed_in("a1@clients.test").await;
        let admission = shop.app.app.admit(&contact.cookie_header()).await.unwrap();
        let Some(Admission::Open(visit)) = admission else { panic!("not admitted") };
        let session = press_all(&mut contact).await;
        shop.stripe.pay(&session, Method::Debit).unwrap();
        shop.deliver().await;
        let home = contact.get("/portal").await.body;
        let scope = shop.app.app.store.for_actor(&visit.actor);
        let today = shop.app.now().date_naive();
        // It is the same the day after, when more is overdue: no page is loaded again for that.
        for today in [today, today + TimeDelta::days(400)] {
            let overview = scope.overview(today, OPEN_AT_HOME.into(), SETTLED_AT_HOME.into()).await.unwrap();
            assert!(overview.has_more_open);
            assert_eq!(live(&home), Some(format!("/portal/live?tag={}", overview.state_tag()).as_str()));
        }
    }
}
