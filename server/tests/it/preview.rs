//! A member of the team looks at the portal as a contact sees it: marked, read-only, written down, and no longer than
//! the member could see it anyway.

use crate::{
    harness::{Browser, both_databases},
    world::{Client, World},
};

fn path(client: &Client) -> String {
    format!("/app/clients/{}/contacts/{}/preview", client.id, client.contact)
}

async fn begin(browser: &mut Browser, client: &Client) {
    let begun = browser.post(&path(client), &[]).await;
    assert_eq!((begun.status, begun.header("location")), (303, "/portal"), "{}", begun.body);
}

both_databases! {
    /// What the contact sees, marked as a preview, in the contact's name and with nobody else's data.
    async fn a_preview_shows_what_the_contact_sees_and_says_so(app: TestApp) {
        let world = World::fill(&app).await;
        // Before somebody is let in is when one wants to look.
        app.database.execute("UPDATE contacts SET portal_access = FALSE").await;
        let mut owner = app.member("owner@alder.test").await;
        assert!(owner.get(&format!("/app/clients/{}", world.a1.id)).await.body.contains(&path(&world.a1)));
        begin(&mut owner, &world.a1).await;
        for page in ["/portal", "/portal/invoices", "/portal/payments", "/portal/statement", "/portal/access"] {
            let page = owner.get(page).await;
            assert_eq!(page.status, 200);
            assert!(page.body.contains("End the preview") && page.body.contains("CANARY-a1"), "{}", page.body);
            assert!(!page.body.contains("CANARY-a2") && !page.body.contains("/portal/sign-out"), "{}", page.body);
        }
        assert_eq!(owner.get(&format!("/portal/invoices/{}", world.a2.open)).await.status, 404);
        let log = app.database.texts("SELECT kind FROM activity WHERE kind = 'portal.previewed' AND member_id IS NOT NULL AND contact_id IS NOT NULL AND NOT client_visible").await;
        assert_eq!(log, ["portal.previewed"]);
        let ended = owner.post("/portal/preview/end", &[]).await;
        assert_eq!((ended.status, ended.header("location")), (303, format!("/app/clients/{}", world.a1.id).as_str()));
        assert_eq!(owner.get("/portal").await.status, 303);
        assert!(owner.get("/app/activity").await.body.contains("looked at the portal as"));
    }

    /// Nothing is changed by it: no view counts, no session of the contact's ends, nobody was signed in.
    async fn a_preview_changes_nothing(app: TestApp) {
        let world = World::fill(&app).await;
        let mut contact = app.signed_in("a1@clients.test").await;
        let mut owner = app.member("owner@alder.test").await;
        begin(&mut owner, &world.a1).await;
        let count = || async {
            let rows = "SELECT (SELECT COUNT(*) FROM activity) + (SELECT COUNT(*) FROM invoice_views) + (SELECT COUNT(*) FROM portal_sessions WHERE ended_at IS NULL)";
            app.database.number(rows).await
        };
        let before = count().await;
        let signed_in = app.database.texts("SELECT CAST(last_login_at AS TEXT) FROM contacts WHERE last_login_at IS NOT NULL").await;
        assert_eq!(owner.get(&format!("/portal/invoices/{}", world.a1.open)).await.status, 200);
        let receipt = format!("/portal/invoices/{}/payments/{}/pdf", world.a1.partial, world.a1.payment);
        for file in [&format!("/portal/invoices/{}/pdf", world.a1.open), &receipt, "/portal/statement.pdf", "/portal/statement.csv"] {
            assert_eq!(owner.get(file).await.status, 200, "{file}");
        }
        let sessions = contact.graphql("{ portal { sessions { id } } }").await;
        let session = sessions["data"]["portal"]["sessions"][0]["id"].as_str().unwrap();
        for path in ["/portal/sign-out", "/portal/sign-out-everywhere", "/portal/sessions/end"] {
            assert_eq!(owner.post(path, &[("session", session)]).await.status, 403, "{path}");
        }
        let answer = owner.graphql("mutation { portalEndSessions(keepCurrent: false) }").await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{answer}");
        assert_eq!(count().await, before);
        assert_eq!(app.database.texts("SELECT CAST(last_login_at AS TEXT) FROM contacts WHERE last_login_at IS NOT NULL").await, signed_in);
        assert_eq!(contact.get("/portal").await.status, 200, "the contact's own session goes on");
        assert!(!contact.get("/portal").await.body.contains("preview"));
        assert!(!contact.get("/portal/access").await.body.contains("looked at"));
    }

    /// It ends with the member's session, with the member, after half an hour, and with the client.
    async fn a_preview_ends_when_the_member_may_not_look_any_more(app: TestApp) {
        let world = World::fill(&app).await;
        for end in [
            "UPDATE team_sessions SET ended_at = '2026-03-01 00:00:00+00:00'",
            "UPDATE members SET removed_at = '2026-03-01 00:00:00+00:00'",
            "UPDATE contacts SET archived_at = '2026-03-01 00:00:00+00:00'",
            "UPDATE clients SET archived_at = '2026-03-01 00:00:00+00:00'",
        ] {
            let mut owner = app.member("owner@alder.test").await;
            begin(&mut owner, &world.a1).await;
            assert_eq!(owner.get("/portal").await.status, 200);
            app.database.execute(end).await;
            assert_eq!(owner.get("/portal").await.status, 303, "{end}");
            app.database.execute("UPDATE members SET removed_at = NULL; UPDATE contacts SET archived_at = NULL; UPDATE clients SET archived_at = NULL").await;
        }
        let mut owner = app.member("owner@alder.test").await;
        begin(&mut owner, &world.a1).await;
        app.database.execute("UPDATE orgs SET plan = 'free'").await;
        assert_eq!(owner.get("/portal").await.status, 403, "the plan has no portal");
        app.database.execute("UPDATE orgs SET plan = 'studio'").await;
        app.clock.advance(chrono::TimeDelta::minutes(31));
        assert_eq!(owner.get("/portal").await.status, 303);
        app.clock.advance(chrono::TimeDelta::days(8));
        postern::jobs::enqueue_recurring(&app.app).await.unwrap();
        app.work().await;
        assert_eq!(app.database.number("SELECT COUNT(*) FROM portal_previews").await, 0, "and is forgotten");
    }

    /// Neither another org's contact nor one that is nobody's, and the answer is the same.
    async fn only_contacts_of_ones_own_org_are_looked_at(app: TestApp) {
        let world = World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let crossed = format!("/app/clients/{}/contacts/{}/preview", world.a1.id, world.a2.contact);
        for path in [path(&world.b1), crossed, "/app/clients/x/contacts/y/preview".to_owned()] {
            let refused = owner.post(&path, &[]).await;
            assert_eq!((refused.status, refused.header("set-cookie")), (404, ""), "{path}");
        }
        assert_eq!(owner.get("/portal").await.status, 303);
        assert_eq!(app.browser().post(&path(&world.a1), &[]).await.header("location"), "/app/login");
        // Somebody who has no preview is where they were.
        let mut contact = app.signed_in("a1@clients.test").await;
        assert_eq!(contact.post("/portal/preview/end", &[]).await.header("location"), "/portal");
        assert_eq!(contact.get("/portal").await.status, 200);
    }
}
