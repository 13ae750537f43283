//! The places of a plan (rule B1): nobody joins beyond them, and a smaller plan takes nothing from anybody.

use chrono::TimeDelta;

use super::{COUNT, MEMBERS, id_of, invite, invited, joined};
use crate::{
    harness::{TestApp, both_databases},
    world::{PASSWORD, World},
};

async fn plan(app: &TestApp, plan: &str) {
    app.database.execute(&format!("UPDATE orgs SET plan = '{plan}'")).await;
}

both_databases! {
    /// Free has one place, Studio five, Agency as many as one likes. Open invitations take a place; those
    /// that are revoked or have expired do not (B1).
    async fn a_plan_has_its_places(app: TestApp) {
        World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        plan(&app, "free").await;
        let full = invite(&mut owner, "a@alder.test", "member").await;
        assert!(full.status == 422 && full.body.contains("The plan has one place"), "{}", full.body);
        plan(&app, "studio").await;
        for email in ["a@alder.test", "b@alder.test", "c@alder.test", "d@alder.test"] {
            assert_eq!(invite(&mut owner, email, "member").await.status, 303, "{email}");
        }
        let page = owner.get(MEMBERS).await.body;
        assert!(page.contains("Of 5 places, 1 is taken, and 4 more are kept for open invitations.") && !page.contains("id=\"email\""), "{page}");
        let full = invite(&mut owner, "e@alder.test", "member").await;
        assert!(full.status == 422 && full.body.contains("The plan has 5 places"), "{}", full.body);
        let id = id_of(&app, &owner, "invitations", "a@alder.test").await;
        assert_eq!(owner.post(&format!("/app/settings/invitations/{id}/revoke"), &[]).await.status, 303);
        assert_eq!(invite(&mut owner, "e@alder.test", "member").await.status, 303);
        app.clock.advance(TimeDelta::days(8));
        for email in ["a@alder.test", "b@alder.test", "f@alder.test", "g@alder.test"] {
            assert_eq!(invite(&mut owner, email, "member").await.status, 303, "{email}, for those that have expired");
        }
        let expired = id_of(&app, &owner, "invitations", "c@alder.test").await;
        let again = owner.post(&format!("/app/settings/invitations/{expired}/send"), &[]).await;
        assert!(again.status == 422 && again.body.contains("The plan has 5 places"), "an expired one has lost its place");
        plan(&app, "agency").await;
        assert_eq!(owner.post(&format!("/app/settings/invitations/{expired}/send"), &[]).await.status, 303);
        for n in 0..8 {
            assert_eq!(invite(&mut owner, &format!("n{n}@alder.test"), "member").await.status, 303);
        }
        assert!(owner.get(MEMBERS).await.body.contains("as many as you like"));
    }

    /// Of two who join for the last place one comes in; the other is told, and their link stays good.
    async fn of_two_who_join_for_the_last_place_one_comes_in(app: TestApp) {
        World::fill(&app).await;
        plan(&app, "agency").await;
        let mut owner = app.member("owner@alder.test").await;
        for email in ["a@alder.test", "b@alder.test", "c@alder.test"] {
            joined(&app, &mut owner, email, "member").await;
        }
        let first = invited(&app, &mut owner, "d@alder.test", "member").await;
        let second = invited(&app, &mut owner, "e@alder.test", "member").await;
        plan(&app, "studio").await;
        let join = async |link: String| {
            app.browser().post(&link, &[("name", "Late"), ("password", PASSWORD)]).await
        };
        let (one, two) = tokio::join!(join(first.clone()), join(second.clone()));
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409], "{} {}", one.body, two.body);
        assert_eq!(app.database.number(COUNT).await, 5);
        assert_eq!(app.database.number("SELECT COUNT(*) FROM persons").await, 6, "nobody is made for nothing");
        let (link, page) = if one.status == 409 { (first, one) } else { (second, two) };
        assert!(page.body.contains("No place left") && page.body.contains("Owner of alder"), "{}", page.body);
        plan(&app, "agency").await;
        assert_eq!(join(link).await.status, 303);
    }

    /// A smaller plan takes nothing from anybody. Nobody can be added, and the page says so.
    async fn a_smaller_plan_takes_nothing_from_anybody(app: TestApp) {
        World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let mut ada = joined(&app, &mut owner, "ada@alder.test", "member").await;
        let link = invited(&app, &mut owner, "new@alder.test", "member").await;
        plan(&app, "free").await;
        assert_eq!(ada.get("/app/clients").await.status, 200);
        assert_eq!(app.member("ada@alder.test").await.get("/app/clients").await.status, 200);
        let page = owner.get(MEMBERS).await.body;
        assert!(page.contains("keeps their access, and nothing is lost"), "{page}");
        assert_eq!(invite(&mut owner, "more@alder.test", "member").await.status, 422);
        assert_eq!(app.browser().post(&link, &[("name", "New"), ("password", PASSWORD)]).await.status, 409);
        plan(&app, "studio").await;
        assert_eq!(app.browser().post(&link, &[("name", "New"), ("password", PASSWORD)]).await.status, 303);
    }
}
