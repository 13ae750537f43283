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

    /// The limit goes by when one asked: however late the worker comes, a flood is five mails (L3).
    async fn a_worker_that_comes_late_mails_no_more(app: TestApp) {
        World::fill(&app).await;
        for _ in 0..60 {
            app.browser().post("/portal/login", &[("email", "a1@clients.test")]).await;
        }
        app.clock.advance(TimeDelta::minutes(11));
        app.work().await;
        assert_eq!((app.smtp.count_to("a1@clients.test"), refused(&app, "over the limit").await), (5, 1));
        app.ask(&mut app.browser(), "a1@clients.test").await;
        assert_eq!(app.smtp.count_to("a1@clients.test"), 6, "these ten minutes are others");
    }

    /// What is let through, and what of the rest the log tells, is the same whether each request is answered at once or all
    /// of them an hour later (L3).
    async fn what_is_dropped_does_not_depend_on_when_the_worker_comes(app: TestApp) {
        World::fill(&app).await;
        let pauses = [0, 1, 60, 60, 60, 1, 1, 200, 217, 1, 1, 60, 120, 1, 400, 1, 1, 1, 1, 1, 1200, 1, 1, 1, 1, 1, 1];
        let mut answered = vec![];
        for (email, at_once) in [("a1@clients.test", true), ("a2@clients.test", false)] {
            for pause in pauses {
                app.clock.advance(TimeDelta::seconds(pause));
                app.browser().post("/portal/login", &[("email", email)]).await;
                if at_once {
                    app.work().await;
                }
            }
            app.clock.advance(TimeDelta::hours(1));
            app.work().await;
            let of = format!("FROM login_requests WHERE email_norm = '{email}' ORDER BY requested_at, id");
            answered.push((app.database.texts(&format!("SELECT outcome {of}")).await, refused(&app, "over the limit").await));
        }
        let [(at_once, told), (late, told_in_all)] = &answered[..] else { panic!("{answered:?}") };
        assert_eq!((late, *told_in_all), (at_once, 2 * told));
        let over = at_once.iter().filter(|outcome| *outcome == "over_limit").count();
        assert_eq!((at_once.len() - over, over, *told), (15, 12, 2), "{at_once:?}");
    }

    /// Where a worker is behind another one, so that the later request is answered first, there are five mails all the same
    /// (L3, O4).
    async fn of_requests_that_are_answered_out_of_order_five_are_mailed(app: TestApp) {
        World::fill(&app).await;
        for _ in 0..8 {
            app.browser().post("/portal/login", &[("email", "a1@clients.test")]).await;
            app.clock.advance(TimeDelta::seconds(1));
        }
        let first = app.database.texts("SELECT payload FROM jobs ORDER BY run_at LIMIT 4").await.join("', '");
        let behind = format!("UPDATE jobs SET run_at = '2026-03-01T12:02:00+00:00' WHERE payload IN ('{first}')");
        app.database.execute(&behind).await;
        app.work().await;
        assert_eq!(app.smtp.count_to("a1@clients.test"), 4);
        app.clock.advance(TimeDelta::minutes(3));
        app.work().await;
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
