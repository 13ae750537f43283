//! Whoever is invited joins by the link in the mail (rules T1a, L4): with a new password, their own, or a button.

use chrono::TimeDelta;

use super::{JOIN, MEMBERS, invited, log};
use crate::{
    harness::both_databases,
    world::{PASSWORD, World},
};

both_databases! {
    /// The whole way of somebody new: mail, link, name and password, in. Looking uses nothing up (L5), and
    /// the link works once.
    async fn somebody_is_invited_and_joins(app: TestApp) {
        World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let link = invited(&app, &mut owner, "New@alder.test", "admin").await;
        let mail = app.smtp.newest_to("new@alder.test");
        assert!(mail.text.contains("Owner of alder invites you to the team of Alder Works, as an admin"), "{}", mail.text);
        let mut new = app.browser();
        for _ in 0..3 {
            let page = new.get(&link).await;
            assert!(page.status == 200 && page.body.contains("Alder Works") && page.body.contains("id=\"name\""), "{}", page.body);
        }
        let wrong = new.post(&link, &[("name", "Nía <b>"), ("password", "short")]).await;
        assert!(wrong.status == 422 && wrong.body.contains("Nía &lt;b&gt;") && wrong.body.contains("id=\"password-problem\""), "{}", wrong.body);
        assert!(new.post(&link, &[("name", "Nía"), ("password", "alderworks2026")]).await.body.contains("among the first that are tried"));
        let entered = new.post(&link, &[("name", "Nía"), ("password", PASSWORD)]).await;
        assert_eq!((entered.status, entered.header("location")), (303, "/app"), "{}", entered.body);
        assert_eq!(new.get("/app/settings").await.status, 200, "an admin");
        assert_eq!(app.browser().get(&link).await.status, 404);
        assert_eq!(app.browser().post(&link, &[("name", "Eve"), ("password", PASSWORD)]).await.status, 404);
        let page = owner.get(MEMBERS).await.body;
        assert!(page.contains("Nía") && page.contains("New@alder.test") && page.contains("last seen"), "{page}");
        assert_eq!(log(&app).await, ["member.invited New@alder.test", "member.joined admin"]);
        assert_eq!(app.member("new@alder.test").await.get("/app/clients").await.status, 200, "the password is set");
    }

    /// Somebody who has an account joins by its password, and then has two orgs. Wrong passwords are
    /// counted as at the sign-in.
    async fn somebody_with_an_account_joins_by_its_password(app: TestApp) {
        World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let link = invited(&app, &mut owner, "owner@birch.test", "member").await;
        let mut guest = app.browser();
        let page = guest.get(&link).await.body;
        assert!(page.contains("has an account") && !page.contains("id=\"name\""), "{page}");
        let wrong = guest.post(&link, &[("name", "Eve"), ("password", "not the password")]).await;
        assert!(wrong.status == 422 && wrong.body.contains("This is not your password"), "{}", wrong.body);
        for _ in 0..9 {
            guest.post(&link, &[("password", "not the password")]).await;
        }
        let many = guest.post(&link, &[("password", PASSWORD)]).await;
        assert!(many.status == 422 && many.body.contains("many attempts"), "{}", many.body);
        app.clock.advance(TimeDelta::minutes(16));
        assert_eq!(guest.post(&link, &[("password", PASSWORD)]).await.header("location"), "/app");
        let page = guest.get("/app/clients").await.body;
        assert!(page.contains("Alder Works") && page.contains("/app/switch") && page.contains("CANARY-a1"), "{page}");
        assert_eq!(guest.get("/app/settings").await.status, 403, "a member there");
        assert_eq!(app.database.number("SELECT COUNT(*) FROM persons").await, 2);
    }

    /// Whoever is signed in as the person who is invited has one button. Whoever is signed in as somebody
    /// else does not.
    async fn somebody_who_is_signed_in_joins_by_a_button(app: TestApp) {
        World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let link = invited(&app, &mut owner, "owner@birch.test", "admin").await;
        let mut other = owner.clone();
        assert!(other.get(&link).await.body.contains("type=\"password\""));
        assert_eq!(other.post(&link, &[]).await.status, 422, "somebody else's session is no proof");
        let mut birch = app.member("owner@birch.test").await;
        let page = birch.get(&link).await.body;
        assert!(!page.contains("type=\"password\"") && page.contains("Join "), "{page}");
        assert_eq!(birch.post(&link, &[]).await.header("location"), "/app");
        assert!(birch.get("/app/clients").await.body.contains("Alder Works"), "the session looks there now");
        assert_eq!(birch.get(MEMBERS).await.status, 200);
    }

    /// A link of one purpose is worth nothing for another (L4), and nothing that opens a door is at rest.
    async fn the_link_of_an_invitation_is_good_for_joining_alone(app: TestApp) {
        World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let link = invited(&app, &mut owner, "owner@birch.test", "member").await;
        let token = link.strip_prefix(JOIN).unwrap();
        for other in ["/app/sign-up", "/app/reset", "/app/account/email", "/portal/link"] {
            assert_eq!(app.browser().get(&format!("{other}/{token}")).await.status, 404, "{other}");
        }
        app.browser().post("/app/forgot", &[("email", "owner@birch.test")]).await;
        app.work().await;
        let reset = app.smtp.newest_to("owner@birch.test").link("/app/reset/");
        let other = reset.strip_prefix("/app/reset/").unwrap();
        assert_eq!(app.browser().get(&format!("{JOIN}{other}")).await.status, 404);
        for dead in ["x", &token[1..]] {
            assert_eq!(app.browser().post(&format!("{JOIN}{dead}"), &[("name", "Eve"), ("password", PASSWORD)]).await.status, 404);
        }
        let stored = app.database.texts("SELECT payload || recipient FROM outbox").await.concat();
        assert!(!stored.contains(token), "{stored}");
    }
}
