//! The owner connects the org's own Stripe account (rules T3, T1b, B1, P6).

use postern::{auth::session::Plan, operator};
use stripe_double::SessionStatus;

use crate::{
    harness::both_databases,
    online::{connect, in_both_shops},
    world::World,
};

in_both_shops! {
    /// Connected, looked at, and disconnected by the owner alone; every step is in the log.
    async fn an_owner_connects_and_disconnects(shop: Shop) {
        let app = &shop.app;
        let mut browser = app.member("owner@alder.test").await;
        for (role, status) in [("admin", 200), ("member", 403)] {
            app.database.execute(&format!("UPDATE members SET role = '{role}'")).await;
            assert_eq!(browser.get("/app/settings/stripe").await.status, status, "{role}");
            for act in ["connect", "disconnect"] {
                assert_eq!(browser.post(&format!("/app/settings/stripe/{act}"), &[]).await.status, 403, "{role} {act}");
            }
        }
        app.database.execute("UPDATE members SET role = 'owner'").await;
        let mut owner = app.member("owner@alder.test").await;
        let again = owner.post("/app/settings/stripe/connect", &[]).await;
        assert!(again.header("location").starts_with(&shop.stripe.url()), "it goes on where it was");
        assert_eq!(shop.stripe.accounts().len(), 1, "and makes no second account");
        let mut contact = app.signed_in("a1@clients.test").await;
        let path = format!("/portal/invoices/{}", shop.world.a1.open);
        assert!(contact.get(&path).await.body.contains(">Pay <"), "an invoice has a button");
        assert_eq!(owner.post("/app/settings/stripe/disconnect", &[]).await.status, 303);
        let page = contact.get(&path).await.body;
        assert!(!page.contains(">Pay <") && page.contains("Transfer to alder"), "{page}");
        assert!(owner.get("/app/settings/stripe").await.body.contains("Connect Stripe"));
        let log = app.database.texts("SELECT kind || ' ' || detail FROM activity WHERE kind LIKE 'org.stripe%' ORDER BY id").await;
        assert_eq!(log.len(), 3, "{log:?}");
        assert!(log[1].ends_with("charges_enabled") && log[2].ends_with("owner"), "{log:?}");
        let other = connect(app, &shop.stripe, "owner@alder.test").await;
        assert_ne!(other, shop.account, "whoever connects again gets an account of its own");
    }

    /// Stripe may switch an account off, or be told by its owner to let us out: there is no button then (P6).
    async fn stripe_keeps_the_account_true(shop: Shop) {
        let mut contact = shop.app.signed_in("a1@clients.test").await;
        let path = format!("/portal/invoices/{}", shop.world.a1.open);
        shop.stripe.disable_account(&shop.account).unwrap();
        shop.deliver().await;
        assert!(!contact.get(&path).await.body.contains(">Pay <"), "it cannot take charges");
        shop.stripe.enable_account(&shop.account).unwrap();
        shop.deliver().await;
        assert!(contact.get(&path).await.body.contains(">Pay <"));
        shop.stripe.deauthorize(&shop.account).unwrap();
        shop.deliver().await;
        assert!(!contact.get(&path).await.body.contains(">Pay <"), "it has shut us out");
        let mut owner = shop.app.member("owner@alder.test").await;
        assert!(owner.get("/app/settings/stripe").await.body.contains("Connect Stripe"));
    }

    /// On Free nothing is paid online, in the portal and by link; who has no account shows the instructions (B1, P6).
    async fn a_free_org_has_no_button(shop: Shop) {
        let path = shop.world.a1.share_path();
        let mut contact = shop.app.signed_in("a1@clients.test").await;
        assert!(shop.app.browser().get(&path).await.body.contains(">Pay <"));
        shop.app.database.execute("UPDATE orgs SET plan = 'free'").await;
        let page = shop.app.browser().get(&path).await.body;
        assert!(!page.contains(">Pay <") && page.contains("Transfer to alder"), "{page}");
        let refused = shop.app.browser().post(&format!("{path}/pay"), &[]).await;
        assert_eq!(refused.header("location"), format!("{path}?pay=not-online"));
        for (path, form) in [(format!("/portal/invoices/{}/pay", shop.world.a1.open), [("amount", "")]), ("/portal/pay".to_owned(), [("currency", "EUR")])] {
            let refused = contact.post(&path, &form).await;
            assert!(refused.status == 403 && refused.body.contains("Alder Works"), "{path}: {} {}", refused.status, refused.body);
        }
        assert!(shop.stripe.sessions(&shop.account).is_empty());
        shop.app.database.execute("UPDATE orgs SET plan = 'studio'").await;
        let page = shop.app.signed_in("b1@clients.test").await.get(&format!("/portal/invoices/{}", shop.world.b1.open)).await.body;
        assert!(!page.contains(">Pay <") && page.contains("Transfer to birch"), "the other org is not connected");
    }

    /// Going to Free, by the owner or by the operator, closes what could still be paid at Stripe; going from one plan with
    /// online payment to another does not (B1, M2).
    async fn going_to_free_closes_what_could_be_paid(shop: Shop) {
        let path = shop.world.a1.share_path();
        let mut owner = shop.app.member("owner@alder.test").await;
        for by_owner in [true, false] {
            operator::set_plan(&shop.app.app.store, "alder", Plan::Studio).await.unwrap();
            let session = shop.press(&mut shop.app.browser(), &path).await;
            assert_eq!(owner.post("/app/settings/plan", &[("plan", "agency")]).await.status, 303);
            shop.app.work().await;
            assert_eq!(shop.stripe.session(&session).unwrap().status, SessionStatus::Open);
            if by_owner {
                assert_eq!(owner.post("/app/settings/plan", &[("plan", "free")]).await.status, 303);
            } else {
                operator::set_plan(&shop.app.app.store, "alder", Plan::Free).await.unwrap();
            }
            shop.app.work().await;
            assert_eq!(shop.stripe.session(&session).unwrap().status, SessionStatus::Expired, "by the owner: {by_owner}");
            assert!(shop.stripe.payable_sessions(&shop.account).is_empty());
        }
    }
}

both_databases! {
    /// Without Stripe the page says so, and a webhook is not there at all.
    async fn a_server_without_stripe_says_so(app: TestApp) {
        World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let page = owner.get("/app/settings/stripe").await.body;
        assert!(page.contains("has not set Stripe up"), "{page}");
        assert_eq!(owner.post("/app/settings/stripe/connect", &[]).await.status, 303);
        assert_eq!(app.browser().post("/stripe/webhook", &[]).await.status, 404);
    }
}

/// A key without a webhook secret, or what is none of either, is refused at start by the variable's name.
#[test]
fn half_a_configuration_is_refused() {
    use postern::config::Config;
    let start = |stripe: &[(&'static str, &'static str)]| {
        let get = |name: &'static str| {
            stripe.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        };
        Config::for_demo(&get).map(|config| config.stripe.is_some()).map_err(|error| error.name)
    };
    let (key, secret) = (("STRIPE_SECRET_KEY", "sk_test_1"), ("STRIPE_WEBHOOK_SECRET", "whsec_1,whsec_2"));
    assert_eq!(start(&[]), Ok(false));
    assert_eq!(start(&[key, secret]), Ok(true));
    assert_eq!(start(&[key]), Err("STRIPE_WEBHOOK_SECRET"));
    assert_eq!(start(&[secret]), Err("STRIPE_SECRET_KEY"));
    assert_eq!(start(&[("STRIPE_SECRET_KEY", "pk_test_1"), secret]), Err("STRIPE_SECRET_KEY"));
    assert_eq!(start(&[key, ("STRIPE_WEBHOOK_SECRET", "secret")]), Err("STRIPE_WEBHOOK_SECRET"));
    assert_eq!(start(&[key, secret, ("STRIPE_API_URL", "nonsense")]), Err("STRIPE_API_URL"));
}
