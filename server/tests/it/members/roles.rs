//! Roles (rule T1b): who touches whom, at whose next request it counts, and that an org keeps an owner.

use super::{COUNT, MEMBERS, invite, invited, joined, log, member_id, remove, set_role};
use crate::{
    harness::both_databases,
    world::{PASSWORD, World},
};

both_databases! {
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
}
