//! The life of a token (rule G1): made, shown once, used, expired, revoked, never more than its maker.

use chrono::{DateTime, Utc};
use postern::auth::secret::sha256;

use super::{EVERYTHING, Program, code};
use crate::{harness::both_databases, world::World};

const VIEWER: &str = "{ team { viewer { orgSlug email role } } }";

both_databases! {
    /// A token is shown when it is made and never again, and only its hash is at rest.
    async fn a_token_is_shown_once(app: TestApp) {
        World::found_orgs(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let form = [("name", "Shop"), ("days", "30"), ("clients", "write"), ("invoices", "read")];
        let made = owner.post("/app/settings/tokens", &form).await;
        assert_eq!(made.status, 201, "{}", made.body);
        let at = made.body.find("pst_").unwrap();
        let token = made.body[at..at + 53].to_owned();
        let page = owner.get("/app/settings/tokens").await;
        assert!(page.body.contains("Shop") && !page.body.contains("pst_"), "{}", page.body);
        assert!(page.body.contains(&token[49..]) && page.body.contains("Reads invoices; reads and changes clients and contacts."));
        let kept = app.database.texts("SELECT name || hint || scopes || last_used_from FROM api_tokens").await;
        assert_eq!(kept, [format!("Shop{}clients:write invoices:read", &token[49..])]);
        let hash = app.database.bytes(&sha256(token.as_bytes()));
        assert_eq!(app.database.number(&format!("SELECT COUNT(*) FROM api_tokens WHERE token_hash = {hash}")).await, 1);
        let mut program = Program::with_token(&app, &token);
        let answer = program.graphql(VIEWER).await;
        assert_eq!(answer["data"]["team"]["viewer"]["orgSlug"], "alder", "{answer}");
    }

    /// What is wrong comes back by field, with what was typed.
    async fn a_token_needs_a_name_and_a_scope(app: TestApp) {
        World::found_orgs(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let refused = owner.post("/app/settings/tokens", &[("name", " "), ("days", "365")]).await;
        assert_eq!(refused.status, 422);
        assert!(refused.body.contains("at least one thing") && refused.body.contains("365\" selected"), "{}", refused.body);
        assert_eq!(app.database.number("SELECT COUNT(*) FROM api_tokens").await, 0);
        let past = "mutation { teamAddToken(input: { name: \"x\", scopes: [CLIENTS_READ], expiresOn: \"2026-02-28\" }) { token problems { field code } } }";
        let answer = app.team_graphql(&owner, past).await;
        assert_eq!(answer["data"]["teamAddToken"]["problems"][0]["code"], "IN_THE_PAST", "{answer}");
    }

    /// It works to the end of its last day, by the org's calendar, and not a moment longer.
    async fn a_token_expires(app: TestApp) {
        World::found_orgs(&app).await;
        let owner = app.member("owner@alder.test").await;
        let mut program = Program::with_input(&app, &owner, "scopes: [CLIENTS_READ], expiresOn: \"2026-03-02\"").await;
        // In Berlin, 2 March ends at 23:00 UTC.
        for (at, status) in [("2026-03-02T22:59:59Z", 200), ("2026-03-02T23:00:00Z", 401)] {
            app.clock.advance(at.parse::<DateTime<Utc>>().unwrap() - app.now());
            assert_eq!(program.send(&serde_json::json!({ "query": VIEWER })).await.status, status, "{at}");
        }
    }

    /// Revoked, it opens nothing with its next request; somebody else's cannot be revoked.
    async fn a_revoked_token_opens_nothing(app: TestApp) {
        World::found_orgs(&app).await;
        let mut program = Program::of_owner(&app, "alder", &EVERYTHING).await;
        let id = app.database.texts(&format!("SELECT {} FROM api_tokens", app.database.uuid_as_text("id"))).await.remove(0);
        let mut other = app.member("owner@birch.test").await;
        let mut owner = app.member("owner@alder.test").await;
        assert_eq!(other.post(&format!("/app/settings/tokens/{id}/revoke"), &[]).await.status, 404);
        assert_eq!(program.graphql(VIEWER).await["data"]["team"]["viewer"]["role"], "OWNER");
        assert_eq!(owner.post(&format!("/app/settings/tokens/{id}/revoke"), &[]).await.status, 303);
        assert_eq!(code(&program.graphql(VIEWER).await), "SIGNED_OUT");
        assert_eq!(owner.post(&format!("/app/settings/tokens/{id}/revoke"), &[]).await.status, 404);
        let log = owner.get("/app/activity").await;
        assert!(log.body.contains("made an API token") && log.body.contains("revoked an API token"), "{}", log.body);
    }

    /// It can do no more than who made it: less when they may less, nothing when they are gone.
    async fn a_token_can_do_no_more_than_its_maker(app: TestApp) {
        World::found_orgs(&app).await;
        let mut program = Program::of_owner(&app, "alder", &EVERYTHING).await;
        let plan = "mutation { teamSetPlan(plan: AGENCY) }";
        let people = "{ team { people { members { email } } } }";
        assert_eq!(program.graphql(plan).await["data"]["teamSetPlan"], true);
        app.database.execute("UPDATE members SET role = 'admin'").await;
        assert_eq!(code(&program.graphql(plan).await), "FORBIDDEN");
        assert!(program.graphql(people).await["data"]["team"]["people"].is_object());
        app.database.execute("UPDATE members SET role = 'member'").await;
        assert_eq!(code(&program.graphql(people).await), "FORBIDDEN");
        assert_eq!(program.graphql(VIEWER).await["data"]["team"]["viewer"]["role"], "MEMBER");
        app.database.execute("UPDATE members SET removed_at = '2026-03-01 00:00:00+00:00'").await;
        assert_eq!(code(&program.graphql(VIEWER).await), "SIGNED_OUT");
    }

    /// Tokens are seen and made by admins and owners, in person: by no member, and by no token.
    async fn no_token_makes_another_one(app: TestApp) {
        World::found_orgs(&app).await;
        let mut program = Program::of_owner(&app, "alder", &EVERYTHING).await;
        let make = "mutation { teamAddToken(input: { name: \"x\", scopes: [CLIENTS_READ] }) { token } }";
        for document in [make, "mutation { teamRevokeToken(id: \"x\") }", "{ team { tokens { id } } }", "mutation { teamLeave { id } }"] {
            assert_eq!(code(&program.graphql(document).await), "FORBIDDEN", "{document}");
        }
        let mut owner = app.member("owner@alder.test").await;
        app.database.execute("UPDATE members SET role = 'member'").await;
        assert_eq!(owner.get("/app/settings/tokens").await.status, 403);
        assert_eq!(owner.post("/app/settings/tokens", &[("name", "x"), ("clients", "read")]).await.status, 403);
        assert_eq!(app.database.number("SELECT COUNT(*) FROM api_tokens").await, 1);
    }

    /// When it was last used and from where is noted, to the minute; what it did is in the log under its name.
    async fn its_use_is_noted(app: TestApp) {
        World::found_orgs(&app).await;
        let mut program = Program::of_owner(&app, "alder", &EVERYTHING).await;
        program.headers.push(("x-forwarded-for", "203.0.113.9".to_owned()));
        let add = "mutation { teamSaveClient(input: { name: \"Ada\", currency: \"EUR\" }) { id } }";
        assert!(program.graphql(add).await["data"]["teamSaveClient"]["id"].is_string());
        let mut owner = app.member("owner@alder.test").await;
        let page = owner.get("/app/settings/tokens").await;
        assert!(page.body.contains("from 203.0.113.x"), "{}", page.body);
        let log = owner.get("/app/activity").await;
        assert!(log.body.contains("API token Test") && log.body.contains("203.0.113.x"), "{}", log.body);
    }

    /// A token of another purpose opens nothing, and neither does one without its checksum (L4).
    async fn nothing_else_is_a_token(app: TestApp) {
        let world = World::fill(&app).await;
        let share = world.a1.share_path().rsplit('/').next().unwrap().to_owned();
        let owner = app.member("owner@alder.test").await;
        let session = owner.cookies["__Host-postern_team"].clone();
        let genuine = Program::of(&app, &owner, &EVERYTHING).await.token;
        for token in [share.as_str(), &session, session.split('.').next().unwrap(), &genuine[..52], &format!("{genuine}x"), ""] {
            assert_eq!(code(&Program::with_token(&app, token).graphql(VIEWER).await), "SIGNED_OUT", "{token}");
        }
        for path in ["/app/clients", "/portal"] {
            let mut browser = app.browser();
            browser.headers.insert("authorization", format!("Bearer {genuine}").parse().unwrap());
            assert_eq!(browser.get(path).await.status, 303, "a token opens no page");
        }
    }
}
