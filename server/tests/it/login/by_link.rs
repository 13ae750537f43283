//! The link in the mail (rules L4, L5, L7): it leads in once, for a quarter of an hour, while address and access are as
//! they were, and looking at it costs nothing.

use chrono::TimeDelta;

use super::post_at_once;
use crate::{harness::both_databases, world::World};

both_databases! {
    /// The whole way: address, mail, link, portal.
    async fn a_contact_logs_in_by_the_link_in_the_mail(app: TestApp) {
        let world = World::fill(&app).await;
        let mut browser = app.browser();
        let mail = app.ask(&mut browser, "A1@Clients.test ").await;
        assert!(mail.text.contains("Alder Works"), "{}", mail.text);
        let shown = browser.get(&mail.links()[0]).await;
        assert_eq!(shown.status, 200);
        assert!(shown.body.contains("CANARY-a1 client"));
        let entered = browser.post(&mail.links()[0], &[]).await;
        assert_eq!((entered.status, entered.header("location")), (303, "/portal"));
        let cookie = entered.headers.get_all("set-cookie").iter().next().unwrap().to_str().unwrap();
        assert!(cookie.starts_with("__Host-postern_portal="), "{cookie}");
        assert!(cookie.ends_with("; Path=/; Max-Age=604800; HttpOnly; SameSite=Lax; Secure"), "{cookie}");
        let home = browser.get("/portal").await;
        assert_eq!(home.status, 200);
        assert!(home.body.contains(&world.a1.canary()));
    }

    /// A link works once; so does one of two that race.
    async fn of_fifty_clicks_at_once_exactly_one_makes_a_session(app: TestApp) {
        World::fill(&app).await;
        let mail = app.ask(&mut app.browser(), "a1@clients.test").await;
        let link = mail.links()[0].clone();
        let statuses = post_at_once((0..50).map(|_| app.browser()), &link, &[]).await;
        assert_eq!(statuses[0], 303, "{statuses:?}");
        assert!(statuses[1..].iter().all(|status| *status == 404), "{statuses:?}");
        assert_eq!(app.database.number("SELECT COUNT(*) FROM portal_sessions").await, 1);
    }

    /// Scanners and previews fetch links; that must cost nothing (L5).
    async fn a_thousand_gets_of_a_link_consume_nothing(app: TestApp) {
        World::fill(&app).await;
        let mail = app.ask(&mut app.browser(), "a1@clients.test").await;
        let mut scanner = app.browser();
        for _ in 0..1_000 {
            assert_eq!(scanner.get(&mail.links()[0]).await.status, 200);
        }
        assert_eq!(scanner.cookies.len(), 0, "a scanner gets no cookie");
        assert_eq!(app.browser().post(&mail.links()[0], &[]).await.status, 303);
    }

    /// Only the browser that asked is let in without a question (L5).
    async fn only_the_browser_that_asked_goes_in_at_once(app: TestApp) {
        World::fill(&app).await;
        let mut asked = app.browser();
        let mail = app.ask(&mut asked, "a1@clients.test").await;
        let mut other = app.browser();
        other.get("/portal/login").await;
        assert!(asked.get(&mail.links()[0]).await.body.contains("data-at-once"));
        let page = other.get(&mail.links()[0]).await;
        assert!(!page.body.contains("data-at-once"), "a browser that did not ask must press the button itself");
        assert!(page.body.contains("<form"));
    }

    /// A link lives 15 minutes and not a second longer (L4).
    async fn a_link_lives_for_fifteen_minutes(app: TestApp) {
        World::fill(&app).await;
        let mail = app.ask(&mut app.browser(), "a1@clients.test").await;
        app.clock.advance(TimeDelta::seconds(15 * 60 - 1));
        assert_eq!(app.browser().get(&mail.links()[0]).await.status, 200);
        app.clock.advance(TimeDelta::seconds(1));
        assert_eq!(app.browser().get(&mail.links()[0]).await.status, 404);
        assert_eq!(app.browser().post(&mail.links()[0], &[]).await.status, 404);
    }

    /// Used, expired, unknown and mistyped links are told alike (L7).
    async fn every_dead_link_gets_the_same_page(app: TestApp) {
        World::fill(&app).await;
        let mail = app.ask(&mut app.browser(), "a1@clients.test").await;
        let used = mail.links()[0].clone();
        app.browser().post(&used, &[]).await;
        let mut pages = vec![];
        for path in [
            used.as_str(), &used[..used.len() - 1], &format!("{used}A"), "/portal/link/x", "/portal/link/%00",
            "/portal/link/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        ] {
            pages.push(app.browser().get(path).await.whole());
            pages.push(app.browser().post(path, &[]).await.whole());
        }
        assert!(pages[0].contains("name=\"email\""), "the page has the form: {}", pages[0]);
        for page in &pages {
            assert_eq!(page, &pages[0]);
        }
    }

    /// A newer link leaves an older one alone; logging in closes the others (L4).
    async fn an_older_link_stays_good_until_somebody_logs_in(app: TestApp) {
        World::fill(&app).await;
        let mut browser = app.browser();
        let links: Vec<String> = [
            app.ask(&mut browser, "a1@clients.test").await.links(),
            app.ask(&mut browser, "a1@clients.test").await.links(),
            app.ask(&mut browser, "a1@clients.test").await.links(),
        ]
        .concat();
        assert_eq!(browser.post(&links[0], &[]).await.status, 303);
        for link in &links {
            assert_eq!(app.browser().post(link, &[]).await.status, 404, "closed by the login");
        }
    }

    /// A link dies with the address it was sent to, and with the access (L4).
    async fn a_link_is_dead_when_address_or_access_has_changed(app: TestApp) {
        World::fill(&app).await;
        for change in [
            "UPDATE contacts SET email_norm = 'new@clients.test' WHERE email_norm = 'a1@clients.test'",
            "UPDATE contacts SET portal_access = FALSE WHERE email_norm = 'a2@clients.test'",
            "UPDATE orgs SET plan = 'free' WHERE slug = 'birch'",
        ] {
            let address = if change.contains("a1") { "a1" } else if change.contains("a2") { "a2" } else { "b1" };
            let mail = app.ask(&mut app.browser(), &format!("{address}@clients.test")).await;
            app.database.execute(change).await;
            assert_eq!(app.browser().get(&mail.links()[0]).await.status, 404, "{change}");
            assert_eq!(app.browser().post(&mail.links()[0], &[]).await.status, 404, "{change}");
        }
        assert_eq!(app.database.number("SELECT COUNT(*) FROM portal_sessions").await, 0);
    }
}
