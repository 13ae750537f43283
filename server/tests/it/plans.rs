//! What an org's plan opens and closes (rules B1, B2).

use crate::{harness::both_databases, world::World};

const FREE: &str = "UPDATE orgs SET plan = 'free' WHERE slug = 'alder'";

both_databases! {
    /// Back on Free, a session under way sees a notice with the org's name and no data, everywhere.
    async fn a_session_under_way_sees_a_notice_when_the_plan_is_free(app: TestApp) {
        let world = World::fill(&app).await;
        let mut browser = app.signed_in("a1@clients.test").await;
        app.database.execute(FREE).await;
        let invoice = format!("/portal/invoices/{}", world.a1.open);
        let beside = ["live", "pdf"].map(|act| format!("{invoice}/{act}"));
        let lists = ["/portal", "/portal/live", "/portal/invoices", "/portal/payments", "/portal/statement", "/portal/statement.pdf", "/portal/statement.csv", "/portal/access"];
        for path in lists.into_iter().chain([invoice.as_str()]).chain(beside.iter().map(String::as_str)) {
            let page = browser.get(path).await;
            assert_eq!(page.status, 403, "{path}");
            assert!(page.body.contains("Alder Works"), "{path}");
            assert!(!page.body.contains(&world.a1.canary()), "{path}");
        }
        let answer = browser.graphql("{ portal { balances { outstandingMinor } } }").await;
        assert!(answer["data"].is_null());
        assert_eq!(answer["errors"][0]["extensions"]["code"], "PORTAL_DISABLED", "{answer}");
        assert_eq!(app.signed_in("b1@clients.test").await.get("/portal").await.status, 200, "the other org goes on");
    }

    /// Going up again restores the sessions that have not run out.
    async fn going_up_again_restores_the_session(app: TestApp) {
        World::fill(&app).await;
        let mut browser = app.signed_in("a1@clients.test").await;
        app.database.execute(FREE).await;
        assert_eq!(browser.get("/portal").await.status, 403);
        app.database.execute("UPDATE orgs SET plan = 'agency' WHERE slug = 'alder'").await;
        assert_eq!(browser.get("/portal").await.status, 200);
    }

    /// On Free nobody gets a link.
    async fn nobody_gets_a_link_on_free(app: TestApp) {
        World::fill(&app).await;
        app.database.execute(FREE).await;
        app.browser().post("/portal/login", &[("email", "a1@clients.test")]).await;
        app.work().await;
        assert_eq!(app.smtp.mails().len(), 0);
    }
}
