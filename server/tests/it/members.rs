//! The people of a team (rules T1a, T1b, B1): invitations, roles, places of the plan, and leaving.

mod inviters;

use chrono::TimeDelta;
use uuid::Uuid;

use crate::{
    harness::{Browser, Page, TestApp, both_databases},
    world::{PASSWORD, World},
};

const MEMBERS: &str = "/app/settings/members";
const JOIN: &str = "/app/join/";

/// Invites an address; gives the answer.
async fn invite(browser: &mut Browser, email: &str, role: &str) -> Page {
    browser.post(MEMBERS, &[("email", email), ("role", role)]).await
}

/// Invites an address and gives the link that was mailed.
async fn invited(app: &TestApp, browser: &mut Browser, email: &str, role: &str) -> String {
    let answer = invite(browser, email, role).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, "/app/settings/members?sent"),
        "{}",
        answer.body
    );
    app.work().await;
    app.smtp.newest_to(email).link(JOIN)
}

/// A new person of the team, signed in.
pub async fn joined(app: &TestApp, browser: &mut Browser, email: &str, role: &str) -> Browser {
    let link = invited(app, browser, email, role).await;
    let mut new = app.browser();
    let entered = new.post(&link, &[("name", email), ("password", PASSWORD)]).await;
    assert_eq!((entered.status, entered.header("location")), (303, "/app"), "{}", entered.body);
    new
}

/// A member's id.
pub async fn member_id(app: &TestApp, browser: &Browser, email: &str) -> String {
    id_of(app, browser, "members", email).await
}

async fn id_of(app: &TestApp, browser: &Browser, of: &str, email: &str) -> String {
    let answer =
        app.team_graphql(browser, &format!("{{ team {{ people {{ {of} {{ id email }} }} }} }}")).await;
    let all = answer["data"]["team"]["people"][of].as_array().unwrap_or_else(|| panic!("{answer}")).clone();
    let found = all.iter().find(|one| one["email"] == email).unwrap_or_else(|| panic!("{email}: {answer}"));
    found["id"].as_str().unwrap().to_owned()
}

pub async fn set_role(browser: &mut Browser, id: &str, role: &str) -> Page {
    browser.post(&format!("{MEMBERS}/{id}/role"), &[("role", role)]).await
}

async fn remove(browser: &mut Browser, id: &str) -> Page {
    browser.post(&format!("{MEMBERS}/{id}/remove"), &[]).await
}

async fn plan(app: &TestApp, plan: &str) {
    app.database.execute(&format!("UPDATE orgs SET plan = '{plan}'")).await;
}

async fn log(app: &TestApp) -> Vec<String> {
    app.database
        .texts("SELECT kind || ' ' || detail FROM activity WHERE kind LIKE 'member.%' ORDER BY id")
        .await
}

const COUNT: &str = "SELECT COUNT(*) FROM members m JOIN orgs o ON o.id = m.org_id WHERE o.slug = 'alder' AND m.removed_at IS NULL";

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

    /// Inviting tells nobody whether an address has an account, neither by the answer nor by the page nor
    /// by the mail.
    async fn inviting_tells_nothing_about_accounts(app: TestApp) {
        World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let mut seen = vec![];
        for email in ["owner@birch.test", "nobody@birch.tes"] {
            let answer = invite(&mut owner, email, "member").await.whole();
            app.work().await;
            let mail = app.smtp.newest_to(email);
            let link = mail.link(JOIN);
            let page = owner.get(MEMBERS).await.body.replace(&id_of(&app, &owner, "invitations", email).await, "ID");
            seen.push((answer, mail.text.replace(&link, "LINK"), page.replace(email, "EMAIL")));
            let id = id_of(&app, &owner, "invitations", email).await;
            owner.post(&format!("/app/settings/invitations/{id}/revoke"), &[]).await;
        }
        assert_eq!(seen[0], seen[1]);
    }

    /// A malformed address, a member and somebody who is invited already are told, and what was typed is
    /// still there.
    async fn an_invitation_that_cannot_be_sent_comes_back(app: TestApp) {
        World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        invite(&mut owner, "new@alder.test", "member").await;
        for (email, sentence) in [
            ("nowhere", "does not look like an e-mail address"),
            ("Owner@alder.test", "a member already"),
            ("NEW@alder.test", "an open invitation"),
        ] {
            let page = invite(&mut owner, email, "admin").await;
            assert!(page.status == 422 && page.body.contains(sentence), "{email}: {}", page.body);
            assert!(page.body.contains(&format!("value=\"{email}\"")), "{}", page.body);
        }
        let answer = app.team_graphql(&owner, "mutation { teamInviteMember(email: \"x@y.test\", role: OWNER) { id } }").await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "INVALID", "{answer}");
        assert_eq!(log(&app).await.len(), 1);
    }

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

    /// An invitation is sent again with a new link; the one before is dead, and so is one that was revoked
    /// or has expired. No address is flooded.
    async fn an_invitation_is_sent_again_or_revoked(app: TestApp) {
        World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let first = invited(&app, &mut owner, "new@alder.test", "member").await;
        let id = id_of(&app, &owner, "invitations", "new@alder.test").await;
        let (send, revoke) = (format!("/app/settings/invitations/{id}/send"), format!("/app/settings/invitations/{id}/revoke"));
        app.clock.advance(TimeDelta::days(6));
        assert_eq!(owner.post(&send, &[]).await.header("location"), "/app/settings/members?sent");
        app.work().await;
        let second = app.smtp.newest_to("new@alder.test").link(JOIN);
        assert_eq!((app.browser().get(&first).await.status, app.browser().get(&second).await.status), (404, 200));
        app.clock.advance(TimeDelta::days(6));
        assert_eq!(app.browser().get(&second).await.status, 200);
        app.clock.advance(TimeDelta::days(1));
        assert_eq!(app.browser().get(&second).await.status, 404, "seven days");
        assert!(owner.get(MEMBERS).await.body.contains("expired"));
        for _ in 0..5 {
            assert_eq!(owner.post(&send, &[]).await.status, 303);
        }
        let many = owner.post(&send, &[]).await;
        assert!(many.status == 422 && many.body.contains("Several mails went to this address"), "{}", many.body);
        app.work().await;
        let newest = app.smtp.newest_to("new@alder.test").link(JOIN);
        assert_eq!(owner.post(&revoke, &[]).await.status, 303);
        assert_eq!(app.browser().get(&newest).await.status, 404);
        assert_eq!(owner.post(&revoke, &[]).await.status, 404, "revoked already");
        assert_eq!(owner.post(&send, &[]).await.status, 404);
        assert_eq!(log(&app).await.last().unwrap(), "member.invitation_revoked new@alder.test");
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

    /// A role that is changed and a member who is removed: true at their next request. Somebody who comes
    /// back gets their old row.
    async fn what_is_changed_of_a_member_counts_at_the_next_request(app: TestApp) {
        World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let mut ada = joined(&app, &mut owner, "ada@alder.test", "admin").await;
        let id = member_id(&app, &owner, "ada@alder.test").await;
        assert_eq!(ada.get(MEMBERS).await.status, 200);
        assert_eq!(set_role(&mut owner, &id, "member").await.header("location"), MEMBERS);
        assert_eq!(ada.get(MEMBERS).await.status, 403);
        assert_eq!(invite(&mut ada, "x@alder.test", "member").await.status, 403);
        assert_eq!(set_role(&mut owner, &id, "emperor").await.status, 400);
        assert_eq!(remove(&mut owner, &id).await.header("location"), MEMBERS);
        assert_eq!(ada.get("/app/clients").await.header("location"), "/app/login?next=%2Fapp%2Fclients");
        let answer = app.team_graphql(&ada, "{ team { viewer { name } } }").await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "SIGNED_OUT", "{answer}");
        assert_eq!(remove(&mut owner, &id).await.status, 404, "removed already");
        assert!(!owner.get(MEMBERS).await.body.contains("ada@alder.test"));
        let link = invited(&app, &mut owner, "ada@alder.test", "member").await;
        assert_eq!(app.browser().post(&link, &[("password", PASSWORD)]).await.status, 303);
        assert_eq!(member_id(&app, &owner, "ada@alder.test").await, id, "the old row");
        assert_eq!(
            log(&app).await[2..],
            ["member.role_changed ada@alder.test: member", "member.removed ada@alder.test", "member.invited ada@alder.test", "member.joined member"]
        );
    }

    /// Admins invite, and change and remove members and admins. Owners are for owners, and members touch
    /// nobody.
    async fn each_role_touches_whom_it_may(app: TestApp) {
        World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let mut admin = joined(&app, &mut owner, "admin@alder.test", "admin").await;
        let mut member = joined(&app, &mut admin, "member@alder.test", "member").await;
        let id = async |email: &str| member_id(&app, &owner, email).await;
        let (of_owner, of_admin, of_member) = (id("owner@alder.test").await, id("admin@alder.test").await, id("member@alder.test").await);
        for target in [&of_owner, &of_admin, &of_member] {
            for answer in [set_role(&mut member, target, "admin").await, remove(&mut member, target).await] {
                assert_eq!(answer.status, 403);
            }
        }
        assert_eq!((member.get(MEMBERS).await.status, invite(&mut member, "x@y.test", "member").await.status), (403, 403));
        assert_eq!(set_role(&mut admin, &of_owner, "member").await.status, 403);
        assert_eq!(remove(&mut admin, &of_owner).await.status, 403);
        assert_eq!(set_role(&mut admin, &of_member, "owner").await.status, 403);
        assert_eq!(set_role(&mut admin, &of_admin, "owner").await.status, 403);
        let page = admin.get(MEMBERS).await.body;
        assert!(!page.contains("value=\"owner\"") && !page.contains(&of_owner), "{page}");
        assert_eq!(set_role(&mut admin, &of_member, "admin").await.status, 303);
        assert_eq!(set_role(&mut owner, &of_admin, "owner").await.status, 303);
        assert_eq!(set_role(&mut admin, &of_owner, "admin").await.status, 303, "an owner now");
        assert_eq!(remove(&mut admin, &of_owner).await.status, 303);
        assert_eq!(owner.get("/app/clients").await.status, 303);
    }

    /// An org keeps an owner: the last one can neither be demoted nor removed nor leave.
    async fn the_last_owner_stays(app: TestApp) {
        World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let mut ada = joined(&app, &mut owner, "ada@alder.test", "admin").await;
        let own = member_id(&app, &owner, "owner@alder.test").await;
        for answer in [set_role(&mut owner, &own, "admin").await, remove(&mut owner, &own).await, owner.post("/app/account/leave", &[]).await] {
            assert!(answer.status == 422 && answer.body.contains("this is the only one"), "{}", answer.body);
        }
        let id = member_id(&app, &owner, "ada@alder.test").await;
        assert_eq!(set_role(&mut owner, &id, "owner").await.status, 303);
        assert_eq!(owner.post("/app/account/leave", &[]).await.header("location"), "/app/login");
        assert_eq!(owner.get("/app/clients").await.status, 303, "left");
        let answer = ada.post("/app/account/leave", &[]).await;
        assert!(answer.status == 422 && answer.body.contains("this is the only one"), "{}", answer.body);
        assert_eq!(log(&app).await.last().unwrap(), "member.removed Owner of alder");
    }

    /// Two owners who demote each other at once: one of them stays one.
    async fn two_owners_who_demote_each_other_leave_one(app: TestApp) {
        World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let mut ada = joined(&app, &mut owner, "ada@alder.test", "admin").await;
        let (own, other) = (member_id(&app, &owner, "owner@alder.test").await, member_id(&app, &owner, "ada@alder.test").await);
        assert_eq!(set_role(&mut owner, &other, "owner").await.status, 303);
        for act in ["member", "leave"] {
            app.database.execute("UPDATE members SET role = 'owner', removed_at = NULL").await;
            let (one, two) = if act == "leave" {
                tokio::join!(owner.post("/app/account/leave", &[]), ada.post("/app/account/leave", &[]))
            } else {
                tokio::join!(set_role(&mut owner, &other, act), set_role(&mut ada, &own, act))
            };
            let done = [&one, &two].iter().filter(|page| page.status == 303).count();
            assert_eq!(done, 1, "{act}: {} {}", one.status, two.status);
            let owners = app.database.number(&format!("{COUNT} AND m.role = 'owner'")).await;
            assert_eq!(owners, 1, "{act}");
        }
    }

    /// People and invitations of another org are such that do not exist, byte for byte (I5).
    async fn another_orgs_people_do_not_exist(app: TestApp) {
        World::fill(&app).await;
        let mut alder = app.member("owner@alder.test").await;
        joined(&app, &mut alder, "ada@alder.test", "member").await;
        let link = invited(&app, &mut alder, "new@alder.test", "member").await;
        let member = member_id(&app, &alder, "ada@alder.test").await;
        let invitation = id_of(&app, &alder, "invitations", "new@alder.test").await;
        let mut birch = app.member("owner@birch.test").await;
        let none = Uuid::from_u128(7).to_string();
        for path in [format!("{MEMBERS}/ID/role"), format!("{MEMBERS}/ID/remove"), "/app/settings/invitations/ID/send".to_owned(), "/app/settings/invitations/ID/revoke".to_owned()] {
            let real = if path.contains("invitations") { &invitation } else { &member };
            let answer = async |browser: &mut Browser, id: &str| {
                browser.post(&path.replace("ID", id), &[("role", "admin")]).await
            };
            let missing = answer(&mut birch, &none).await;
            assert_eq!(missing.status, 404, "{path}");
            assert_eq!(answer(&mut birch, real).await.whole(), missing.whole(), "{path}");
            assert_eq!(answer(&mut birch, "nonsense").await.whole(), missing.whole(), "{path}");
        }
        let page = birch.get(MEMBERS).await.body;
        assert!(!page.contains("alder.test") && page.contains("owner@birch.test"), "{page}");
        assert_eq!(app.browser().get(&link).await.status, 200, "still good");
        assert_eq!(app.database.number(COUNT).await, 2);
    }
}
