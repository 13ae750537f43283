//! The page that was wanted is where the login leads (rule L8), where it is one of ours.

use crate::{harness::both_databases, world::World};

both_databases! {
    /// After the login one stands where one wanted to be (L8).
    async fn the_page_that_was_wanted_is_reached(app: TestApp) {
        let world = World::fill(&app).await;
        let wanted = format!("/portal/invoices/{}", world.a1.open);
        let mut browser = app.browser();
        let sent_away = browser.get(&wanted).await;
        let login = sent_away.header("location").to_owned();
        assert_eq!(login, format!("/portal/login?next={}", wanted.replace('/', "%2F")));
        let form = browser.get(&login).await.body;
        assert!(form.contains(&format!("value=\"{wanted}\"")), "{form}");
        browser.post("/portal/login", &[("email", "a1@clients.test"), ("next", &wanted)]).await;
        app.work().await;
        let mail = app.smtp.newest_to("a1@clients.test");
        assert_eq!(browser.post(&mail.links()[0], &[]).await.header("location"), wanted);
    }

    /// A stranger's path leads home.
    async fn a_path_from_elsewhere_leads_home(app: TestApp) {
        World::fill(&app).await;
        let mut browser = app.browser();
        browser.get("/portal/login").await;
        browser.post("/portal/login", &[("email", "a1@clients.test"), ("next", "//evil.test/portal/invoices")]).await;
        app.work().await;
        let mail = app.smtp.newest_to("a1@clients.test");
        assert_eq!(browser.post(&mail.links()[0], &[]).await.header("location"), "/portal");
    }
}
