//! Several orgs of one person (rule T1c).

use postern::store::testing::statements;
use uuid::Uuid;

use crate::{
    harness::{Browser, TestApp, both_databases},
    members::joined,
    world::World,
};

async fn go_to(browser: &mut Browser, org: &str) -> u16 {
    browser.post("/app/switch", &[("org", org)]).await.status
}

/// The owner of birch, who is a member of alder as well.
pub async fn of_both(app: &TestApp) -> Browser {
    let mut owner = app.member("owner@alder.test").await;
    owner.post("/app/settings/members", &[("email", "owner@birch.test"), ("role", "member")]).await;
    app.work().await;
    let link = app.smtp.newest_to("owner@birch.test").link("/app/join/");
    let mut both = app.member("owner@birch.test").await;
    assert_eq!(both.post(&link, &[]).await.status, 303);
    both
}

both_databases! {
    /// A person of two orgs goes from one to the other, and sees one at a time. Who has one sees no switch.
    async fn a_person_of_two_orgs_sees_one_at_a_time(app: TestApp) {
        World::fill(&app).await;
        let alone = app.member("owner@alder.test").await.get("/app/clients").await.body;
        assert!(!alone.contains("/app/switch"), "{alone}");
        let mut both = of_both(&app).await;
        let page = both.get("/app/switch").await.body;
        assert!(page.contains("Birch &amp; Sons") && page.contains("You are here") && page.contains("value=\"birch\""), "{page}");
        for (org, own, other) in [("birch", "CANARY-b1", "CANARY-a1"), ("alder", "CANARY-a1", "CANARY-b1")] {
            assert_eq!(go_to(&mut both, org).await, 303);
            let page = both.get("/app/clients").await.body;
            assert!(page.contains(own) && !page.contains(other) && page.contains("/app/switch"), "{page}");
        }
        // Whoever signs in next finds what was open last.
        let mut later = app.member("owner@birch.test").await;
        assert!(later.get("/app/clients").await.body.contains("CANARY-a1"));
    }

    /// An org that is not one's own is one that does not exist (I5), and so is one that was left.
    async fn a_foreign_org_does_not_exist(app: TestApp) {
        World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let missing = owner.post("/app/switch", &[("org", "no-such-org")]).await;
        assert_eq!(missing.status, 404);
        for org in ["birch", "", "%", &Uuid::from_u128(7).to_string()] {
            assert_eq!(owner.post("/app/switch", &[("org", org)]).await.whole(), missing.whole(), "{org}");
        }
        assert!(owner.get("/app/clients").await.body.contains("CANARY-a1"));
        let mut both = of_both(&app).await;
        app.database.execute("UPDATE members SET removed_at = '2026-03-01 00:00:00+00:00' WHERE role = 'member'").await;
        assert_eq!(both.get("/app/clients").await.status, 303, "out of the org that the session looked at");
        let mut again = app.member("owner@birch.test").await;
        assert!(again.get("/app/clients").await.body.contains("CANARY-b1"));
        assert_eq!(go_to(&mut again, "alder").await, 404);
    }

    /// Leaving one org leads to the other.
    async fn leaving_an_org_leads_to_another(app: TestApp) {
        World::fill(&app).await;
        let mut both = of_both(&app).await;
        assert_eq!(both.post("/app/account/leave", &[]).await.header("location"), "/app");
        let page = both.get("/app/clients").await.body;
        assert!(page.contains("CANARY-b1") && !page.contains("/app/switch"), "{page}");
    }

    /// Somebody who is signed in makes one more org, if anybody may make orgs here.
    async fn one_more_org_is_made(app: TestApp) {
        let mut app = app;
        World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        assert_eq!((owner.get("/app/orgs/new").await.status, owner.post("/app/orgs/new", &[("name", "Finch")]).await.status), (403, 403));
        assert!(!owner.get("/app/switch").await.body.contains("/app/orgs/new"));
        app.restart_with(&[("SIGN_UP", "open")]).await;
        let mut owner = app.member("owner@alder.test").await;
        assert!(owner.get("/app/switch").await.body.contains("/app/orgs/new"));
        assert_eq!(owner.post("/app/orgs/new", &[("name", " ")]).await.status, 422);
        for _ in 0..5 {
            assert_eq!(owner.post("/app/orgs/new", &[("name", "Alder")]).await.header("location"), "/app");
        }
        assert_eq!(owner.post("/app/orgs/new", &[("name", "Alder")]).await.status, 429, "not by the dozen");
        assert_eq!(owner.get("/app/settings/plan").await.status, 200);
        let page = owner.get("/app/clients").await.body;
        assert!(page.contains("No clients yet") && !page.contains("CANARY"), "{page}");
        let slugs = app.database.texts("SELECT slug FROM orgs WHERE slug LIKE 'alder-%' ORDER BY slug").await;
        assert_eq!(slugs, ["alder-2", "alder-3", "alder-4", "alder-5", "alder-6"]);
        let plans = app.database.number("SELECT COUNT(*) FROM orgs WHERE plan = 'free'").await;
        assert_eq!(plans, 5, "a plan of its own");
        assert_eq!(go_to(&mut owner, "alder").await, 303);
        assert!(owner.get("/app/clients").await.body.contains("CANARY-a1"));
    }

    /// Being in several orgs costs no page a statement more.
    async fn several_orgs_cost_no_statement(app: TestApp) {
        World::fill(&app).await;
        let cost = async |browser: &mut Browser| {
            let before = statements();
            assert_eq!(browser.get("/app/clients").await.status, 200);
            statements() - before
        };
        let one = cost(&mut app.member("owner@birch.test").await).await;
        let two = cost(&mut of_both(&app).await).await;
        assert_eq!(one, two);
    }

    /// The list of people costs the same whatever their number.
    async fn the_list_of_people_costs_the_same_for_many(app: TestApp) {
        World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let cost = async |browser: &mut Browser| {
            let before = statements();
            assert_eq!(browser.get("/app/settings/members").await.status, 200);
            statements() - before
        };
        let few = cost(&mut owner).await;
        for email in ["a@alder.test", "b@alder.test", "c@alder.test"] {
            joined(&app, &mut owner, email, "member").await;
        }
        assert_eq!((few, cost(&mut owner).await), (3, 3));
    }
}
