//! The one neutral answer (rule L1).

use postern::store::testing::statements;

use crate::{harness::both_databases, world::World};

both_databases! {
    /// Known, unknown, access off, plan without portal, over the limit: the same bytes.
    async fn the_five_cases_get_the_same_bytes(app: TestApp) {
        World::fill(&app).await;
        app.database.execute("UPDATE contacts SET portal_access = FALSE WHERE email_norm = 'a2@clients.test'").await;
        app.database.execute("UPDATE orgs SET plan = 'free' WHERE slug = 'birch'").await;
        for _ in 0..6 {
            app.browser().post("/portal/login", &[("email", "over@clients.test")]).await;
        }
        app.work().await;
        let mut answers = vec![];
        for email in ["a1@clients.test", "unknown@clients.test", "a2@clients.test", "b1@clients.test", "over@clients.test"] {
            let mut browser = app.browser();
            browser.get("/portal/login").await;
            let answer = browser.post("/portal/login", &[("email", email)]).await;
            let page = browser.get(answer.header("location")).await;
            answers.push((email, answer.whole(), page.whole()));
            app.work().await;
        }
        for (email, answer, page) in &answers {
            assert_eq!((answer, page), (&answers[0].1, &answers[0].2), "{email}");
        }
        assert_eq!(app.smtp.mails().len(), 1, "only the first of them gets a mail");
    }

    /// The handler runs the same statements for everybody, none of which asks for more than it writes (L2).
    async fn the_handler_asks_the_database_nothing_about_the_address(app: TestApp) {
        World::fill(&app).await;
        let mut counts = vec![];
        for email in ["a1@clients.test", "unknown@clients.test"] {
            app.database.execute("DELETE FROM jobs").await;
            let mut browser = app.browser();
            browser.get("/portal/login").await;
            let before = statements();
            browser.post("/portal/login", &[("email", email)]).await;
            let run = statements() - before;
            // What was written down is the address as typed and nothing that was looked up.
            let written = app.database.texts("SELECT kind FROM jobs").await;
            let outcomes = app.database.number("SELECT COUNT(*) FROM login_requests WHERE outcome IS NOT NULL").await;
            counts.push((written, outcomes, run));
        }
        assert_eq!(counts[0], counts[1]);
        assert_eq!(counts[0], (vec!["login_request".to_owned()], 0, 2), "the request, and the job for it");
    }

    /// A malformed address is the one visible error, and what was typed stays (L1, O6).
    async fn a_malformed_address_is_told_and_kept(app: TestApp) {
        World::fill(&app).await;
        let page = app.browser().post("/portal/login", &[("email", "ines at home"), ("next", "/portal/payments")]).await;
        assert_eq!(page.status, 422);
        assert!(page.body.contains("value=\"ines at home\""), "{}", page.body);
        assert!(page.body.contains("value=\"/portal/payments\""));
        assert!(page.body.contains("does not look like an e-mail address"));
        assert_eq!(app.database.number("SELECT COUNT(*) FROM login_requests").await, 0);
    }
}
