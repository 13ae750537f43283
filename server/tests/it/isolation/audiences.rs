//! Each audience gets its own half, each role what it may, and nobody gets nothing (rules I4, T1).

use postern::http::ROUTES;

use super::{
    TEAM_LISTS, TEAM_ORG_MUTATIONS, TEAM_PEOPLE_MUTATIONS, about_to_pay, ask, assert_nothing_of,
    documents::EVERYTHING, filled, team_mutations,
};
use crate::{harness::both_databases, world::World};

both_databases! {
    /// A contact gets nothing of the team's half, a member nothing of the portal's, nobody nothing.
    async fn each_audience_is_refused_the_others_half(app: TestApp) {
        let world = World::fill(&app).await;
        let mut contact = app.signed_in("a1@clients.test").await;
        let member = app.member("owner@alder.test").await;
        let nobody = app.browser();
        let mutations = team_mutations(&world.a1);
        let of_the_org = [&TEAM_ORG_MUTATIONS[..], &TEAM_PEOPLE_MUTATIONS].concat();
        let of_the_org: Vec<String> = of_the_org.into_iter().map(str::to_owned).collect();
        for document in [TEAM_LISTS.to_owned()].iter().chain(&mutations).chain(&of_the_org) {
            let answer = contact.graphql(document).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{document}: {answer}");
            let answer = app.team_graphql(&nobody, document).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "SIGNED_OUT", "{document}: {answer}");
        }
        for document in [EVERYTHING, "mutation { portalEndSessions(keepCurrent: false) }"] {
            let answer = app.team_graphql(&member, document).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{document}: {answer}");
        }
    }

    /// What a role may not do is refused, and absent from its introspection (T1, I4).
    async fn a_role_may_do_what_it_may(app: TestApp) {
        World::fill(&app).await;
        let [save_org, set_plan, set_logo, remove_logo, ..] = TEAM_ORG_MUTATIONS;
        for (role, may_save, may_set_plan) in [("member", false, false), ("admin", true, false), ("owner", true, true)] {
            app.database.execute(&format!("UPDATE members SET role = '{role}'; UPDATE orgs SET version = 1, plan = 'studio'")).await;
            let mut browser = app.member("owner@alder.test").await;
            let fields = app.team_graphql(&browser, "{ __schema { mutationType { fields { name } } } }").await.to_string();
            assert_eq!((fields.contains("teamSaveOrg"), fields.contains("teamSetPlan")), (may_save, may_set_plan), "{role}");
            assert!(fields.contains("teamSaveClient"), "{role}");
            for (document, may) in [(save_org, may_save), (set_logo, may_save), (remove_logo, may_save), (set_plan, may_set_plan)] {
                let answer = app.team_graphql(&browser, document).await;
                assert_eq!(answer["errors"].is_null(), may, "{role} {document}: {answer}");
            }
            assert_eq!(browser.get("/app/settings").await.status, if may_save { 200 } else { 403 }, "{role}");
            assert_eq!(browser.get("/app/clients").await.body.contains("/app/settings"), may_save, "{role}");
            let [invite, send, revoke, set_role, remove, leave] = TEAM_PEOPLE_MUTATIONS;
            for document in ["{ team { people { mostMembers } } }", "{ team { stripe { accountId } } }", invite, send, revoke, set_role, remove] {
                let answer = app.team_graphql(&browser, document).await;
                let forbidden = answer["errors"][0]["extensions"]["code"] == "FORBIDDEN";
                assert_eq!(forbidden, !may_save, "{role} {document}: {answer}");
                let name = document.split(['(', ' ']).find(|word| word.starts_with("team") && word.len() > 4);
                assert!(name.is_none_or(|name| fields.contains(name) == may_save), "{role} {document}");
            }
            assert!(fields.contains("teamLeave") && !leave.is_empty(), "{role}");
            assert_eq!(browser.get("/app/settings/members").await.status, if may_save { 200 } else { 403 }, "{role}");
            assert_eq!(browser.get("/app/settings/stripe").await.status, if may_save { 200 } else { 403 }, "{role}");
            for path in ["/app/settings/stripe/connect", "/app/settings/stripe/disconnect"] {
                assert_eq!(browser.post(path, &[]).await.status, if may_set_plan { 303 } else { 403 }, "{role} {path}");
            }
            let plan = browser.post("/app/settings/plan", &[("plan", "agency")]).await.status;
            assert_eq!(plan, if may_set_plan { 303 } else { 403 }, "{role}");
        }
        // A role that is taken away counts at the next request.
        let mut browser = app.member("owner@alder.test").await;
        app.database.execute("UPDATE members SET role = 'member'").await;
        assert_eq!(browser.get("/app/settings").await.status, 403);
    }

    /// Every route as nobody.
    async fn nobody_sees_nothing(app: TestApp) {
        let mut app = app;
        let world = about_to_pay(&mut app).await;
        for target in world.clients() {
            // A share link is there to be followed by anybody; what it shows is looked at in `share_link.rs`.
            for (method, route) in ROUTES.iter().filter(|(_, route)| !route.starts_with("/i/")) {
                for path in filled(route, target, "") {
                    let page = ask(&mut app.browser(), method, &path, &[("session", &target.id.to_string()), ("email", "x@y.test")]).await;
                    assert_nothing_of(&world.clients(), &page, &format!("{method} {path} as nobody"));
                }
            }
        }
    }

    /// What an actor may not see is absent from its introspection (I4).
    async fn introspection_shows_each_audience_its_half(app: TestApp) {
        World::fill(&app).await;
        let types = "{ __schema { types { name } queryType { fields { name } } } }";
        let nobody = app.browser().graphql(types).await.to_string();
        assert!(!nobody.contains("Portal") && !nobody.contains("portal"), "{nobody}");
        let contact = app.signed_in("a1@clients.test").await.graphql(types).await.to_string();
        assert!(contact.contains("PortalInvoice") && !contact.contains("Team") && !contact.contains("team"), "{contact}");
        let member = app.team_graphql(&app.member("owner@alder.test").await, types).await.to_string();
        assert!(member.contains("TeamClient") && !member.contains("Portal") && !member.contains("\"portal"), "{member}");
        assert!(!nobody.contains("Team") && !nobody.contains("team"), "{nobody}");
    }

    /// Nobody gets a code and no data from any root field.
    async fn every_root_field_needs_an_actor(app: TestApp) {
        World::fill(&app).await;
        for document in [EVERYTHING, "mutation { portalEndSessions(keepCurrent: false) }", "mutation { portalEndSession(id: \"x\") }"] {
            let answer = app.browser().graphql(document).await;
            assert!(answer["data"].is_null(), "{answer}");
            assert!(answer["errors"][0]["extensions"]["code"].is_string(), "{answer}");
        }
    }
}
