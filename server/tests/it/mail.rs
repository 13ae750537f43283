//! Mail: what is in it, and that none is lost (rules L6, L9, O3).

use std::time::Duration;

use chrono::TimeDelta;
use postern::jobs;
use tokio::{
    sync::watch,
    time::{sleep, timeout},
};

use crate::{
    harness::{PATIENCE, both_databases},
    world::World,
};

both_databases! {
    /// The mail says whose portal, who asked, when, for how long, and what if it was not you (L9).
    async fn the_mail_says_all_that_it_must(app: TestApp) {
        World::fill(&app).await;
        let mut browser = app.browser();
        browser.headers.insert("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".parse().unwrap());
        browser.headers.insert("x-forwarded-for", "203.0.113.9".parse().unwrap());
        let mail = app.ask(&mut browser, "a1@clients.test").await;
        for part in [&mail.text, &mail.html] {
            for word in ["Alder Works", "CANARY-a1 client", "Firefox on Linux", "203.0.113.x", "1 Mar 2026", "13:00", "Berlin", "15 minutes", "If that was not you"] {
                assert!(part.contains(word), "{word} is missing in {part}");
            }
        }
        assert!(mail.header("From").contains("Alder Works"), "{}", mail.header("From"));
        assert_eq!(mail.header("Reply-To"), "hello@alder.test");
        assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
        assert!(!mail.raw.contains("Postern"), "the org's brand, not ours (P3)");
    }

    /// A mail that the server refuses for now is sent later (O3).
    async fn a_mail_refused_for_now_is_sent_later(app: TestApp) {
        World::fill(&app).await;
        app.smtp.refuse_with(Some("451 try again"));
        app.browser().post("/portal/login", &[("email", "a1@clients.test")]).await;
        app.work().await;
        assert_eq!(app.smtp.mails().len(), 0);
        app.smtp.refuse_with(None);
        app.work().await;
        assert_eq!(app.smtp.mails().len(), 0, "not at once");
        app.clock.advance(TimeDelta::seconds(3));
        app.work().await;
        assert_eq!(app.smtp.count_to("a1@clients.test"), 1);
        let mail = app.smtp.newest_to("a1@clients.test");
        assert_eq!(app.browser().post(&mail.links()[0], &[]).await.status, 303);
    }

    /// A mail refused for good stays in the outbox with the reason, and is not tried again.
    async fn a_mail_refused_for_good_is_given_up(app: TestApp) {
        World::fill(&app).await;
        app.smtp.refuse_with(Some("550 no such user"));
        app.browser().post("/portal/login", &[("email", "a1@clients.test")]).await;
        app.work().await;
        app.smtp.refuse_with(None);
        app.clock.advance(TimeDelta::minutes(5));
        app.work().await;
        assert_eq!(app.smtp.mails().len(), 0);
        let errors = app.database.texts("SELECT last_error FROM outbox WHERE failed_at IS NOT NULL").await;
        assert!(errors[0].contains("no such user"), "{errors:?}");
    }

    /// A worker that dies with a mail in its hands does not lose it; it is sent once.
    async fn a_mail_survives_the_death_of_its_worker(app: TestApp) {
        World::fill(&app).await;
        app.smtp.refuse_with(Some("451 try again"));
        app.browser().post("/portal/login", &[("email", "a1@clients.test")]).await;
        app.work().await;
        // As a worker leaves it that was killed between claiming and sending.
        app.database.execute("UPDATE outbox SET run_at = '2026-03-01 12:02:00+00:00'").await;
        app.smtp.refuse_with(None);
        app.clock.advance(TimeDelta::minutes(3));
        app.work().await;
        app.work().await;
        assert_eq!(app.smtp.count_to("a1@clients.test"), 1);
    }

    /// Two workers send each mail once (O4).
    async fn two_nodes_send_each_mail_once(app: TestApp) {
        World::fill(&app).await;
        let other = app.second_node().await;
        for client in ["a1", "a2", "b1", "b2"] {
            app.browser().post("/portal/login", &[("email", &format!("{client}@clients.test"))]).await;
        }
        let (one, two) = tokio::join!(postern::jobs::work_until_idle(&app.app), postern::jobs::work_until_idle(&other.app));
        one.unwrap();
        two.unwrap();
        assert_eq!(app.smtp.mails().len(), 4);
    }

    /// A link that would arrive dead is not sent at all.
    async fn a_mail_that_would_come_too_late_is_not_sent(app: TestApp) {
        World::fill(&app).await;
        app.smtp.refuse_with(Some("451 try again"));
        app.browser().post("/portal/login", &[("email", "a1@clients.test")]).await;
        app.work().await;
        app.smtp.refuse_with(None);
        app.clock.advance(TimeDelta::minutes(20));
        app.work().await;
        assert_eq!(app.smtp.mails().len(), 0);
    }

    /// Names with line breaks and markup stay names.
    async fn a_hostile_name_writes_no_header_and_no_markup(app: TestApp) {
        World::fill(&app).await;
        app.database.execute("UPDATE orgs SET name = 'Evil\r\nBcc: x@evil.test <b>\"' WHERE slug = 'alder'").await;
        app.database.execute("UPDATE clients SET name = '<script>alert(1)</script>' WHERE name LIKE 'CANARY-a1%'").await;
        let mail = app.ask(&mut app.browser(), "a1@clients.test").await;
        assert_eq!(mail.header("Bcc"), "");
        assert!(!mail.html.contains("<script>") && !mail.html.contains("<b>"));
    }

    /// A worker that is told to end sees to what is on its way, and takes nothing else up (O5).
    async fn whoever_is_told_to_stop_takes_up_no_other_mail(app: TestApp) {
        World::fill(&app).await;
        app.smtp.hold(true);
        for email in ["a1@clients.test", "a2@clients.test", "b1@clients.test", "b2@clients.test"] {
            app.browser().post("/portal/login", &[("email", email)]).await;
        }
        for email in ["owner@alder.test", "owner@birch.test"] {
            app.browser().post("/app/forgot", &[("email", email)]).await;
        }
        let (stop, stopped) = watch::channel(false);
        let worker = tokio::spawn(jobs::work(app.app.clone(), stopped));
        let waiting = "SELECT COUNT(*) FROM outbox WHERE sent_at IS NULL";
        let begun = async {
            while app.smtp.mails().len() < 4 || app.database.number(waiting).await < 6 {
                sleep(Duration::from_millis(10)).await;
            }
        };
        timeout(PATIENCE, begun).await.expect("four are on their way");
        stop.send(true).unwrap();
        app.smtp.hold(false);
        timeout(PATIENCE, worker).await.expect("it ends").unwrap();
        assert_eq!((app.smtp.mails().len(), app.database.number(waiting).await), (4, 2));
        app.work().await;
        assert_eq!(app.smtp.mails().len(), 6);
    }
}
