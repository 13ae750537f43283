//! The page that was wanted is where the login leads (rule L8), where it is one of ours.

use chrono::TimeDelta;
use postern::http::ROUTES;

use crate::{harness::both_databases, world::World};

/// What the portal shows to whoever is not signed in.
const OPEN: [&str; 6] = [
    "/portal/login",
    "/portal/login/sent",
    "/portal/{org}/login",
    "/portal/{org}/login/sent",
    "/portal/link/{token}",
    "/portal/signed-out",
];

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

    /// So it is with everything there is to be seen, and whatever stands behind the question mark (L8).
    async fn every_page_of_the_portal_is_reached_after_the_login(app: TestApp) {
        let world = World::fill(&app).await;
        let (invoice, payment) = (world.a1.partial.to_string(), world.a1.payment.to_string());
        // What a page hears of changes by is none itself.
        let is_wanted = |route: &str| route.starts_with("/portal/") && !route.ends_with("/live") && !OPEN.contains(&route);
        let mut reached = vec![];
        for (_, route) in ROUTES.iter().filter(|(method, route)| *method == "GET" && is_wanted(route)) {
            let path = route.replace("{id}", &invoice).replace("{payment}", &payment);
            let wanted = format!("{path}?from=2026-02-01&to=2026-02-28");
            let mut browser = app.browser();
            let login = browser.get(&wanted).await.header("location").to_owned();
            assert!(login.starts_with("/portal/login?next="), "{route}: {login}");
            let form = browser.get(&login).await.body;
            assert!(form.contains(&format!("value=\"{}\"", wanted.replace('&', "&amp;"))), "{route}: {form}");
            browser.post("/portal/login", &[("email", "a1@clients.test"), ("next", &wanted)]).await;
            app.work().await;
            let mail = app.smtp.newest_to("a1@clients.test");
            assert_eq!(browser.post(&mail.links()[0], &[]).await.header("location"), wanted, "{route}");
            assert_eq!(browser.get(&wanted).await.status, 200, "{route}");
            reached.push(*route);
            // So many links are mailed to an address, and no more before some time has passed.
            app.clock.advance(TimeDelta::hours(1));
        }
        assert!(reached.contains(&"/portal/statement") && reached.len() >= 9, "{reached:?}");
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
