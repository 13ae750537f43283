//! What is taken away is gone at the next request, whichever it is: a page, a document or a form (rules S2, S4, T1a,
//! T1b, T1d, T2, B2). Sessions are those from before.

use crate::{
    gateway::{EVERYTHING, Program, code},
    harness::{Browser, TestApp, both_databases},
    members::{joined, member_id, set_role},
    world::{PASSWORD, World},
};

const SETTINGS: [(&str, &str); 6] = [
    ("name", "Changed"),
    ("accent", "#B00020"),
    ("invoicePrefix", "X-"),
    ("locale", "de-AT"),
    ("timeZone", "Europe/Vienna"),
    ("version", "1"),
];
const CLIENT: [(&str, &str); 2] = [("name", "One more"), ("currency", "EUR")];
const SAVE_CLIENT: &str =
    "mutation { teamSaveClient(input: { name: \"One more\", currency: \"EUR\" }) { id problems { code } } }";
const CLIENTS: &str = "SELECT COUNT(*) FROM clients WHERE name = 'One more'";

/// Nothing that this browser asks of the team's side is done any more.
async fn assert_is_out(app: &TestApp, browser: &mut Browser) {
    assert_eq!(browser.get("/app/clients").await.header("location"), "/app/login?next=%2Fapp%2Fclients");
    assert_eq!(browser.post("/app/clients/new", &CLIENT).await.header("location"), "/app/login");
    let answer = app.team_graphql(browser, SAVE_CLIENT).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "SIGNED_OUT", "{answer}");
    assert_eq!(app.database.number(CLIENTS).await, 0);
}

both_databases! {
    /// An owner who becomes an admin and then a member: each loses what the other may, on one session, and
    /// keeps the rest.
    async fn a_role_that_is_taken_down_counts_at_the_next_change(app: TestApp) {
        World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let mut ada = joined(&app, &mut owner, "ada@alder.test", "admin").await;
        let id = member_id(&app, &owner, "ada@alder.test").await;
        let plan = async |ada: &mut Browser, plan: &str| ada.post("/app/settings/plan", &[("plan", plan)]).await.status;
        assert_eq!(set_role(&mut owner, &id, "owner").await.status, 303);
        assert_eq!(plan(&mut ada, "agency").await, 303);
        assert_eq!(set_role(&mut owner, &id, "admin").await.status, 303);
        assert_eq!(plan(&mut ada, "free").await, 403);
        let answer = app.team_graphql(&ada, "mutation { teamSetPlan(plan: FREE) }").await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{answer}");
        assert_eq!(app.database.texts("SELECT plan FROM orgs WHERE slug = 'alder'").await, ["agency"]);
        let own = member_id(&app, &owner, "owner@alder.test").await;
        assert_eq!(set_role(&mut ada, &own, "member").await.status, 403, "nor does she touch owners");

        assert_eq!(set_role(&mut owner, &id, "member").await.status, 303);
        assert_eq!(ada.post("/app/settings", &SETTINGS).await.status, 403);
        assert_eq!(ada.post("/app/settings/logo/remove", &[]).await.status, 403);
        assert_eq!(ada.post("/app/settings/members", &[("email", "x@alder.test"), ("role", "member")]).await.status, 403);
        assert_eq!(set_role(&mut ada, &id, "admin").await.status, 403, "nor back up by herself");
        for document in [
            "mutation { teamInviteMember(email: \"x@alder.test\", role: MEMBER) { id } }".to_owned(),
            format!("mutation {{ teamSetMemberRole(id: \"{id}\", role: ADMIN) {{ id }} }}"),
        ] {
            let answer = app.team_graphql(&ada, &document).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{answer}");
        }
        assert_eq!(app.database.texts("SELECT name FROM orgs WHERE slug = 'alder'").await, ["Alder Works"]);
        assert_eq!(app.database.number("SELECT COUNT(*) FROM invitations WHERE accepted_at IS NULL").await, 0);
        assert_eq!(ada.post("/app/clients/new", &CLIENT).await.status, 303, "what members may, she may");
    }

    /// A member who is removed, and one who leaves.
    async fn who_is_no_member_any_more_does_nothing_more(app: TestApp) {
        World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        for (email, leaves) in [("ada@alder.test", false), ("ben@alder.test", true)] {
            let mut browser = joined(&app, &mut owner, email, "admin").await;
            let mut elsewhere = app.member(email).await;
            let id = member_id(&app, &owner, email).await;
            let by = if leaves { elsewhere.post("/app/account/leave", &[]).await } else { owner.post(&format!("/app/settings/members/{id}/remove"), &[]).await };
            assert_eq!(by.status, 303);
            assert_is_out(&app, &mut browser).await;
            assert_is_out(&app, &mut elsewhere).await;
        }
    }

    /// Who was removed, or has left, and is invited again begins anew: neither sessions nor API tokens from before
    /// come back with the place.
    async fn what_was_taken_away_does_not_come_back(app: TestApp) {
        World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        for (email, leaves) in [("ada@alder.test", false), ("ben@alder.test", true)] {
            let mut browser = joined(&app, &mut owner, email, "admin").await;
            let mut program = Program::of(&app, &browser, &EVERYTHING).await;
            let viewer = "{ team { viewer { email } } }";
            assert_eq!(program.graphql(viewer).await["data"]["team"]["viewer"]["email"], email);
            let id = member_id(&app, &owner, email).await;
            if leaves {
                app.team_graphql(&browser, "mutation { teamLeave { id } }").await;
            } else {
                assert_eq!(owner.post(&format!("/app/settings/members/{id}/remove"), &[]).await.status, 303);
            }
            assert_eq!(code(&program.graphql(viewer).await), "SIGNED_OUT");
            let mut again = joined(&app, &mut owner, email, "admin").await;
            assert_eq!(member_id(&app, &owner, email).await, id, "the row to which the log points");
            assert_is_out(&app, &mut browser).await;
            assert_eq!(code(&program.graphql(viewer).await), "SIGNED_OUT", "{email}");
            assert_eq!(again.get("/app/clients").await.status, 200);
            assert_eq!(Program::of(&app, &again, &EVERYTHING).await.graphql(viewer).await["data"]["team"]["viewer"]["email"], email);
        }
        let revoked = app.database.number("SELECT COUNT(*) FROM activity WHERE kind = 'org.token_revoked'").await;
        assert_eq!(revoked, 2);
    }

    /// Another password, set on one's account or by mail, ends the sessions from before, but for the one that set it.
    async fn another_password_leaves_the_other_sessions_outside(app: TestApp) {
        World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let mut elsewhere = app.member("owner@alder.test").await;
        let form = [("currentPassword", PASSWORD), ("newPassword", "another horse battery")];
        assert_eq!(owner.post("/app/account/password", &form).await.status, 303);
        assert_is_out(&app, &mut elsewhere).await;
        assert_eq!(owner.get("/app/clients").await.status, 200);
        app.browser().post("/app/forgot", &[("email", "owner@alder.test")]).await;
        app.work().await;
        let link = app.smtp.newest_to("owner@alder.test").link("/app/reset/");
        let mut new = app.browser();
        assert_eq!(new.post(&link, &[("password", "yet another horse")]).await.status, 303);
        assert_is_out(&app, &mut owner).await;
    }

    /// A contact who is removed, one whose sessions are ended, and those of a client that is put away: out.
    async fn a_contact_who_is_shut_out_sees_nothing_more(app: TestApp) {
        let world = World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        for (client, act) in [(&world.a1, "end-sessions"), (&world.a1, "archive"), (&world.a2, "remove")] {
            let mut browser = app.signed_in(&client.email()).await;
            let page = format!("/app/clients/{}", client.id);
            let path = if act == "archive" { format!("{page}/archive") } else { format!("{page}/contacts/{}/{act}", client.contact) };
            assert_eq!(browser.get("/portal").await.status, 200);
            assert_eq!(owner.post(&path, &[]).await.status, 303);
            for path in ["/portal".to_owned(), format!("/portal/invoices/{}", client.open), format!("/portal/invoices/{}/pdf", client.open)] {
                let answer = browser.get(&path).await;
                assert!(answer.status == 303 && answer.header("location").starts_with("/portal/login"), "{act} {path}: {}", answer.status);
            }
            for document in ["{ portal { balances { outstandingMinor } } }", "mutation { portalEndSessions(keepCurrent: false) }"] {
                let answer = browser.graphql(document).await;
                assert_eq!(answer["errors"][0]["extensions"]["code"], "SIGNED_OUT", "{act} {document}: {answer}");
            }
        }
    }

    /// Another address is another person: the sessions of whoever had the old one are over, and the log says so.
    /// Another name ends nothing.
    async fn a_contact_with_another_address_is_somebody_else(app: TestApp) {
        let world = World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let mut before = app.signed_in("a1@clients.test").await;
        let mut neighbour = app.signed_in("a2@clients.test").await;
        let form = format!("/app/clients/{}/contacts/{}", world.a1.id, world.a1.contact);
        for (version, email, status) in [("1", "A1@clients.test", 200), ("2", "next@clients.test", 303)] {
            let fields = [("name", "Ines"), ("email", email), ("portalAccess", "on"), ("version", version)];
            assert_eq!(owner.post(&form, &fields).await.status, 303);
            assert_eq!(before.get("/portal").await.status, status, "{email}");
        }
        assert_eq!(neighbour.get("/portal").await.status, 200);
        assert_eq!(app.signed_in("next@clients.test").await.get("/portal").await.status, 200);
        let ended = app.database.number("SELECT COUNT(*) FROM activity WHERE kind = 'contact.sessions_ended'").await;
        assert_eq!(ended, 1);
    }

    /// Portal access that is switched off ends no session, and makes every link worth nothing, those that were
    /// mailed before as well (S4).
    async fn without_portal_access_no_link_leads_in(app: TestApp) {
        let world = World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let mut inside = app.signed_in("a1@clients.test").await;
        let mut browser = app.browser();
        let link = app.ask(&mut browser, "a1@clients.test").await.links()[0].clone();
        let switch = format!("/app/clients/{}/contacts/{}/access", world.a1.id, world.a1.contact);
        assert_eq!(owner.post(&switch, &[("access", "off")]).await.status, 303);
        assert_eq!(browser.post(&link, &[]).await.status, 404);
        let mails = app.smtp.mails().len();
        app.browser().post("/portal/login", &[("email", "a1@clients.test")]).await;
        app.work().await;
        assert_eq!(app.smtp.mails().len(), mails, "and none is mailed");
        assert_eq!(inside.get("/portal").await.status, 200, "a session runs out by itself");
    }

    /// Back on Free: the contacts of this org get a notice and nothing else, by every way, and share links and the
    /// team go on; but nobody more joins it. The other org's are as they were.
    async fn a_plan_that_is_taken_down_closes_the_portal_at_once(app: TestApp) {
        let world = World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let mut ada = joined(&app, &mut owner, "ada@alder.test", "member").await;
        let mut contact = app.signed_in("a1@clients.test").await;
        let mut other = app.signed_in("b1@clients.test").await;
        assert_eq!(owner.post("/app/settings/plan", &[("plan", "free")]).await.status, 303);
        for path in ["/portal".to_owned(), format!("/portal/invoices/{}", world.a1.open), format!("/portal/invoices/{}/pdf", world.a1.open)] {
            let page = contact.get(&path).await;
            assert!(page.status == 403 && !page.body.contains("CANARY"), "{path}: {}", page.body);
        }
        for document in ["{ portal { balances { outstandingMinor } } }", "mutation { portalEndSessions(keepCurrent: false) }"] {
            let answer = contact.graphql(document).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "PORTAL_DISABLED", "{document}: {answer}");
        }
        assert_eq!(app.browser().get(&world.a1.share_path()).await.status, 200);
        assert_eq!(ada.post("/app/clients/new", &CLIENT).await.status, 303, "who is a member stays one");
        let full = owner.post("/app/settings/members", &[("email", "x@alder.test"), ("role", "member")]).await;
        assert_eq!(full.status, 422);
        assert_eq!(other.get("/portal").await.status, 200);
    }
}
