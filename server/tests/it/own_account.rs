//! One's own account (rules T1d, S2): name, address, password, sessions.

use chrono::TimeDelta;
use uuid::Uuid;

use crate::{
    harness::{Browser, Page, TestApp, both_databases},
    members::joined,
    world::{PASSWORD, World},
};

const ACCOUNT: &str = "/app/account";
const NEW_PASSWORD: &str = "another horse battery";

async fn change_password(browser: &mut Browser, current: &str, new: &str) -> Page {
    browser.post("/app/account/password", &[("currentPassword", current), ("newPassword", new)]).await
}

async fn change_address(browser: &mut Browser, email: &str, password: &str) -> Page {
    browser.post("/app/account/email", &[("email", email), ("password", password)]).await
}

async fn attempt(app: &TestApp, email: &str, password: &str) -> u16 {
    app.browser().post("/app/login", &[("email", email), ("password", password)]).await.status
}

/// The ids of the sessions that a page offers to end.
fn sessions_on(page: &Page) -> Vec<String> {
    let parts = page.body.split("name=\"session\" value=\"").skip(1);
    parts.map(|part| part.split('"').next().unwrap().to_owned()).collect()
}

both_databases! {
    /// A name is changed for colleagues and for the log.
    async fn a_name_is_changed(app: TestApp) {
        World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let wrong = owner.post("/app/account/name", &[("name", " ")]).await;
        assert!(wrong.status == 422 && wrong.body.contains("id=\"name-problem\""), "{}", wrong.body);
        assert_eq!(owner.post("/app/account/name", &[("name", "Åse <Berg>")]).await.header("location"), "/app/account?done=name");
        let page = owner.get("/app/account?done=name").await.body;
        assert!(page.contains("Saved.") && page.contains("Åse &lt;Berg&gt;"), "{page}");
        owner.post("/app/settings/plan", &[("plan", "agency")]).await;
        let names = app.database.texts("SELECT actor_name FROM activity WHERE kind = 'org.plan_changed'").await;
        assert_eq!(names, ["Åse <Berg>"]);
    }

    /// Another password needs the one there is, and ends all other sessions, links for a forgotten one, and
    /// a change of address that is under way.
    async fn another_password_ends_all_that_hung_on_the_old_one(app: TestApp) {
        World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let mut elsewhere = app.member("owner@alder.test").await;
        app.browser().post("/app/forgot", &[("email", "owner@alder.test")]).await;
        change_address(&mut elsewhere, "thief@evil.test", PASSWORD).await;
        app.work().await;
        let reset = app.smtp.mails().iter().find(|mail| mail.text.contains("/app/reset/")).unwrap().link("/app/reset/");
        let stolen = app.smtp.newest_to("thief@evil.test").link("/app/account/email/");
        for (current, new, field) in [
            ("not the password", NEW_PASSWORD, "currentPassword"),
            (PASSWORD, "short", "newPassword"),
            (PASSWORD, "alder works 26", "newPassword"),
            (PASSWORD, "passwordpassword", "newPassword"),
        ] {
            let page = change_password(&mut owner, current, new).await;
            assert!(page.status == 422 && page.body.contains(&format!("id=\"{field}-problem\"")), "{new}: {}", page.body);
            assert!(!page.body.contains(NEW_PASSWORD) && !page.body.contains(PASSWORD));
        }
        assert_eq!(elsewhere.get("/app/clients").await.status, 200);
        let mut copy = owner.clone();
        assert_eq!(change_password(&mut owner, PASSWORD, NEW_PASSWORD).await.header("location"), "/app/account?done=password");
        assert_eq!(owner.get("/app/clients").await.status, 200, "this one goes on");
        assert_eq!(copy.get("/app/clients").await.status, 303, "under another token");
        assert_eq!(elsewhere.get("/app/clients").await.status, 303);
        assert_eq!((app.browser().get(&reset).await.status, app.browser().get(&stolen).await.status), (404, 404));
        assert_eq!(app.browser().post(&stolen, &[]).await.status, 404);
        assert_eq!((attempt(&app, "owner@alder.test", PASSWORD).await, attempt(&app, "owner@alder.test", NEW_PASSWORD).await), (422, 303));
        let kinds = app.database.number("SELECT COUNT(*) FROM activity WHERE kind = 'team.password_changed'").await;
        assert_eq!(kinds, 1);
    }

    /// A password that is set by mail closes a change of address as well.
    async fn a_forgotten_password_closes_a_change_of_address(app: TestApp) {
        World::fill(&app).await;
        let mut thief = app.member("owner@alder.test").await;
        change_address(&mut thief, "thief@evil.test", PASSWORD).await;
        app.browser().post("/app/forgot", &[("email", "owner@alder.test")]).await;
        app.work().await;
        let reset = app.smtp.mails().iter().find(|mail| mail.text.contains("/app/reset/")).unwrap().link("/app/reset/");
        assert_eq!(app.browser().post(&reset, &[("password", "passwordpassword")]).await.status, 422);
        assert_eq!(app.browser().post(&reset, &[("password", NEW_PASSWORD)]).await.status, 303);
        let kinds = app.database.number("SELECT COUNT(*) FROM activity WHERE kind = 'team.password_changed'").await;
        assert_eq!(kinds, 1, "the log tells that the password is another one");
        let stolen = app.smtp.newest_to("thief@evil.test").link("/app/account/email/");
        assert_eq!(app.browser().post(&stolen, &[]).await.status, 404);
    }

    /// Attempts at one's own password are those of the sign-in: ten in a quarter of an hour, whatever the
    /// form.
    async fn attempts_are_counted_as_those_of_the_sign_in(app: TestApp) {
        World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        for n in 0..10 {
            let page = if n % 2 == 0 {
                change_password(&mut owner, "not the password", NEW_PASSWORD).await
            } else {
                change_address(&mut owner, "new@alder.test", "not the password").await
            };
            assert!(page.body.contains("This is not your password"), "{}", page.body);
        }
        let page = change_password(&mut owner, PASSWORD, NEW_PASSWORD).await;
        assert!(page.status == 422 && page.body.contains("many attempts"), "{}", page.body);
        app.clock.advance(TimeDelta::minutes(15));
        assert_eq!(change_password(&mut owner, PASSWORD, NEW_PASSWORD).await.status, 303);
        app.work().await;
        assert!(app.smtp.mails().is_empty());
    }

    /// The new address is proven by a link, the old one is told. Looking changes nothing, and the link works
    /// once.
    async fn an_address_is_changed_once_it_is_proven(app: TestApp) {
        World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        for (email, password, field) in [("nowhere", PASSWORD, "email"), ("Owner@Alder.test", PASSWORD, "email"), ("new@alder.test", "not it", "password")] {
            let page = change_address(&mut owner, email, password).await;
            assert!(page.status == 422 && page.body.contains(&format!("id=\"{field}-problem\"")), "{email}: {}", page.body);
            assert!(page.body.contains(&format!("value=\"{email}\"")), "{}", page.body);
        }
        assert_eq!(change_address(&mut owner, "New@alder.test", PASSWORD).await.header("location"), "/app/account?done=email");
        app.work().await;
        let notice = app.smtp.newest_to("owner@alder.test");
        assert!(notice.text.contains("New@alder.test") && notice.text.contains("/app/forgot") && !notice.text.contains("/app/account/email/"), "{}", notice.text);
        let link = app.smtp.newest_to("new@alder.test").link("/app/account/email/");
        let mut other = app.browser();
        for _ in 0..3 {
            let page = other.get(&link).await;
            assert!(page.status == 200 && page.body.contains("New@alder.test"), "{}", page.body);
        }
        assert_eq!(attempt(&app, "owner@alder.test", PASSWORD).await, 303, "until then, nothing changes");
        assert_eq!(other.post(&link, &[]).await.header("location"), "/app/account?done=email-changed");
        assert_eq!((other.get(&link).await.status, other.post(&link, &[]).await.status), (404, 404));
        assert_eq!((attempt(&app, "owner@alder.test", PASSWORD).await, attempt(&app, "new@alder.test", PASSWORD).await), (422, 303));
        assert!(owner.get("/app/account?done=email-changed").await.body.contains("Your address is changed"));
        assert_eq!(app.database.number("SELECT COUNT(*) FROM activity WHERE kind = 'team.address_changed'").await, 1);
    }

    /// The link lives for an hour, and is good for nothing else.
    async fn the_link_of_a_new_address_lives_for_an_hour(app: TestApp) {
        World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        change_address(&mut owner, "new@alder.test", PASSWORD).await;
        app.work().await;
        let link = app.smtp.newest_to("new@alder.test").link("/app/account/email/");
        let token = link.rsplit('/').next().unwrap();
        for other in ["/app/join", "/app/reset", "/app/sign-up"] {
            assert_eq!(app.browser().get(&format!("{other}/{token}")).await.status, 404, "{other}");
        }
        app.clock.advance(TimeDelta::minutes(59));
        assert_eq!(app.browser().get(&link).await.status, 200);
        app.clock.advance(TimeDelta::minutes(1));
        assert_eq!((app.browser().get(&link).await.status, app.browser().post(&link, &[]).await.status), (404, 404));
    }

    /// An address that is somebody else's gets the same answer, and nobody gets a mail.
    async fn changing_to_an_address_tells_nothing_about_it(app: TestApp) {
        World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let free = change_address(&mut owner, "nobody@birch.test", PASSWORD).await;
        app.work().await;
        assert_eq!(app.smtp.mails().len(), 2);
        let taken = change_address(&mut owner, "owner@birch.test", PASSWORD).await;
        assert_eq!(taken.whole(), free.whole());
        app.work().await;
        assert_eq!(app.smtp.mails().len(), 2, "a mail to nobody");
        for _ in 0..9 {
            assert_eq!(change_address(&mut owner, "other@birch.test", PASSWORD).await.whole(), free.whole());
        }
        app.work().await;
        assert_eq!(app.smtp.count_to("other@birch.test"), 3, "five mails in ten minutes, whoever they are for");
    }

    /// Somebody who signs up with the address first has it.
    async fn an_address_that_has_got_an_account_is_not_taken_over(app: TestApp) {
        World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        change_address(&mut owner, "new@alder.test", PASSWORD).await;
        app.work().await;
        let link = app.smtp.newest_to("new@alder.test").link("/app/account/email/");
        joined(&app, &mut owner, "new@alder.test", "member").await;
        assert_eq!(app.browser().post(&link, &[]).await.status, 404);
        assert_eq!(attempt(&app, "owner@alder.test", PASSWORD).await, 303);
    }

    /// One's own sessions are listed and ended, one or all others; somebody else's are such that do not
    /// exist (S2).
    async fn ones_own_sessions_are_seen_and_ended(app: TestApp) {
        World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let mut phone = app.member("owner@alder.test").await;
        let mut desk = app.member("owner@alder.test").await;
        let mut birch = app.member("owner@birch.test").await;
        let page = owner.get(ACCOUNT).await;
        let ids = sessions_on(&page);
        assert!(ids.len() == 2 && page.body.contains("This one") && page.body.contains("127.0.0.x"), "{}", page.body);
        let foreign = sessions_on(&{ app.member("owner@birch.test").await.get(ACCOUNT).await }).remove(0);
        let end = async |browser: &mut Browser, id: &str| browser.post("/app/account/sessions/end", &[("session", id)]).await;
        let missing = end(&mut owner, &Uuid::from_u128(7).to_string()).await;
        assert_eq!(missing.status, 404);
        assert_eq!(end(&mut owner, &foreign).await.whole(), missing.whole());
        assert_eq!(end(&mut owner, "nonsense").await.whole(), missing.whole());
        let seen_by_desk = sessions_on(&desk.get(ACCOUNT).await);
        let own = seen_by_desk.iter().find(|id| !ids.contains(id)).unwrap();
        assert_eq!(end(&mut owner, own).await.whole(), missing.whole(), "signing out is another form");
        assert_eq!(birch.get("/app/clients").await.status, 200);
        // Newest first: the desk's is the first of the two.
        assert_eq!(end(&mut owner, &ids[0]).await.header("location"), "/app/account?done=session");
        assert_eq!((desk.get("/app/clients").await.status, phone.get("/app/clients").await.status), (303, 200));
        assert_eq!(owner.post("/app/account/sessions/end-others", &[]).await.header("location"), "/app/account?done=sessions");
        assert_eq!((phone.get("/app/clients").await.status, owner.get("/app/clients").await.status), (303, 200));
        assert_eq!(birch.get("/app/clients").await.status, 200);
    }
}
