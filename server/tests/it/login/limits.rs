//! The limits of asking for links (rule L3): for an address over all networks and nodes, for a network, and in the log.

use chrono::TimeDelta;
use postern::http;

use super::{refused, share_an_address};
use crate::{
    harness::{Browser, Kind, TestApp, both_databases},
    world::World,
};

both_databases! {
    /// Five mails in ten minutes, whatever the network, across a restart (L3).
    async fn an_address_gets_five_mails_in_ten_minutes(app: TestApp) {
        World::fill(&app).await;
        let mut app = app;
        for round in 0..12 {
            if round == 6 {
                app.restart_with(&[]).await;
            }
            let mut browser = app.browser();
            browser.headers.insert("x-forwarded-for", format!("203.0.113.{round}").parse().unwrap());
            assert_eq!(browser.post("/portal/login", &[("email", "a1@clients.test")]).await.status, 303);
            app.work().await;
        }
        assert_eq!(app.smtp.count_to("a1@clients.test"), 5);
        app.clock.advance(TimeDelta::minutes(10));
        app.ask(&mut app.browser(), "a1@clients.test").await;
        assert_eq!(app.smtp.count_to("a1@clients.test"), 6);
    }

    /// Two workers that count at the same moment do not both count four (L3, O4).
    async fn two_nodes_share_the_limit(app: TestApp) {
        World::fill(&app).await;
        let other = app.second_node().await;
        for _ in 0..10 {
            app.browser().post("/portal/login", &[("email", "a1@clients.test")]).await;
        }
        let (one, two) = tokio::join!(
            postern::jobs::work_until_idle(&app.app),
            postern::jobs::work_until_idle(&other.app)
        );
        one.unwrap();
        two.unwrap();
        assert_eq!(app.smtp.count_to("a1@clients.test"), 5);
    }

    /// A flood does not kill a link that was sent before it.
    async fn a_flood_does_not_kill_a_link_that_was_sent(app: TestApp) {
        World::fill(&app).await;
        let mail = app.ask(&mut app.browser(), "a1@clients.test").await;
        for _ in 0..20 {
            app.browser().post("/portal/login", &[("email", "a1@clients.test")]).await;
        }
        app.work().await;
        assert_eq!(app.browser().post(&mail.links()[0], &[]).await.status, 303);
    }

    /// Two ways of writing an address are two mails of one request, and do not count as two (L3, L6).
    async fn five_requests_for_two_mailboxes_are_five_requests(app: TestApp) {
        World::fill(&app).await;
        share_an_address(&app).await;
        app.database.execute("UPDATE contacts SET email = 'SHARED@clients.test' WHERE name LIKE 'CANARY-a1%'").await;
        for number in 1..=7 {
            app.browser().post("/portal/login", &[("email", "shared@clients.test")]).await;
            app.work().await;
            for mailbox in ["SHARED@clients.test", "shared@clients.test"] {
                let mails = app.smtp.mails().into_iter().filter(|mail| mail.recipients == [mailbox]).count();
                assert_eq!(mails, number.min(5), "{mailbox}, request {number}");
            }
        }
    }

    /// The log is never emptied: of what is over the limit it has the first, for each page on which it was asked (L3).
    async fn a_flood_is_one_row_of_the_log(app: TestApp) {
        World::fill(&app).await;
        let floods = [("/portal/login", 25, 1), ("/portal/alder/login", 20, 2), ("/portal/login", 20, 2)];
        for (page, requests, rows) in floods {
            for _ in 0..requests {
                app.browser().post(page, &[("email", "a1@clients.test")]).await;
            }
            app.work().await;
            assert_eq!(refused(&app, "over the limit").await, rows, "{page}");
        }
        app.clock.advance(TimeDelta::minutes(10));
        for _ in 0..7 {
            app.browser().post("/portal/login", &[("email", "a1@clients.test")]).await;
        }
        app.work().await;
        assert_eq!(refused(&app, "over the limit").await, 3, "the next flood");
        assert_eq!(app.smtp.count_to("a1@clients.test"), 10);
    }
}

/// The per-address limit of the network answers with a 429 that says nothing about addresses (L3).
#[tokio::test]
async fn a_flood_from_one_network_is_slowed_down() {
    let app = TestApp::start_with(Kind::Sqlite, &[("LOGIN_REQUESTS_PER_MINUTE", "3")]).await;
    World::fill(&app).await;
    let mut browser = Browser::new(http::router(app.app.clone()));
    let mut answers = vec![];
    for email in [
        "a1@clients.test",
        "nobody@clients.test",
        "a1@clients.test",
        "nobody@clients.test",
        "a1@clients.test",
    ] {
        answers.push(browser.post("/portal/login", &[("email", email)]).await);
    }
    assert_eq!(answers.iter().map(|answer| answer.status).collect::<Vec<_>>(), [303, 303, 303, 429, 429]);
    assert_eq!(answers[3].header("retry-after"), "60");
    assert_eq!(answers[3].whole(), answers[4].whole());
}
