//! An invitation is worth no more than whoever sent it may do (rule T1a): nobody comes back by one of their own.

use super::{JOIN, MEMBERS, id_of, invite, invited, joined, log, member_id, remove, set_role};
use crate::{
    harness::{Browser, Page, TestApp, both_databases},
    world::{PASSWORD, World},
};

/// How somebody ceases to be one who may invite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Removed,
    Leaves,
    Demoted,
}

impl Way {
    async fn go(self, owner: &mut Browser, admin: &mut Browser, id: &str) {
        let done = match self {
            Self::Removed => remove(owner, id).await,
            Self::Leaves => admin.post("/app/account/leave", &[]).await,
            Self::Demoted => set_role(owner, id, "member").await,
        };
        assert_eq!(done.status, 303, "{self:?}: {}", done.body);
    }
}

/// What whoever opens a link sees, and whoever joins by it.
async fn tried(app: &TestApp, link: &str) -> [Page; 2] {
    let looked = app.browser().get(link).await;
    [looked, app.browser().post(link, &[("name", "Second"), ("password", PASSWORD)]).await]
}

async fn revoked_by_hand(app: &TestApp, owner: &mut Browser) -> String {
    let link = invited(app, owner, "nobody@x.test", "member").await;
    let id = id_of(app, owner, "invitations", "nobody@x.test").await;
    assert_eq!(owner.post(&format!("/app/settings/invitations/{id}/revoke"), &[]).await.status, 303);
    link
}

both_databases! {
    /// Who is removed, leaves or is made a member takes their own invitations along, each logged as if it was taken
    /// back by hand; the link says what such a one says. Those of others stand.
    async fn whoever_may_invite_no_more_takes_their_invitations_along(app: TestApp) {
        World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        app.database.execute("UPDATE orgs SET plan = 'agency'").await;
        let by_hand = revoked_by_hand(&app, &mut owner).await;
        let [looked, posted] = tried(&app, &by_hand).await.map(|page| page.whole());
        for way in [Way::Removed, Way::Leaves, Way::Demoted] {
            let named = format!("{way:?}").to_lowercase();
            let [own, second, third, other] = ["own", "second", "third", "other"].map(|name| format!("{name}-{named}@x.test"));
            let mut admin = joined(&app, &mut owner, &own, "admin").await;
            let links = [invited(&app, &mut admin, &second, "admin").await, invited(&app, &mut admin, &third, "member").await];
            let of_the_owner = invited(&app, &mut owner, &other, "admin").await;
            assert_eq!(app.browser().get(&links[0]).await.status, 200);
            let (id, before) = (member_id(&app, &owner, &own).await, log(&app).await.len());
            way.go(&mut owner, &mut admin, &id).await;
            for link in &links {
                let [look, post] = tried(&app, link).await;
                assert_eq!((look.whole(), post.whole()), (looked.clone(), posted.clone()), "{way:?}");
            }
            let first = if way == Way::Demoted { format!("member.role_changed {own}: member") } else { format!("member.removed {own}") };
            let revoked = [&second, &third].map(|email| format!("member.invitation_revoked {email}"));
            assert_eq!(log(&app).await[before..], [first, revoked[0].clone(), revoked[1].clone()]);
            let page = owner.get(MEMBERS).await.body;
            assert!(!page.contains(&second) && !page.contains(&third) && page.contains(&other), "{page}");
            assert_eq!(app.browser().post(&of_the_owner, &[("name", "Other"), ("password", PASSWORD)]).await.status, 303);
            assert_eq!(invite(&mut owner, &second, "member").await.status, 303, "it stands in nobody's way");
        }
        assert_eq!(app.database.number("SELECT COUNT(*) FROM persons WHERE name = 'Second'").await, 0);
    }

    /// An owner who is made an admin may invite as before, and an admin who is made an owner as well.
    async fn whoever_may_still_invite_keeps_their_invitations(app: TestApp) {
        World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let mut ada = joined(&app, &mut owner, "ada@alder.test", "admin").await;
        let link = invited(&app, &mut ada, "new@alder.test", "admin").await;
        let id = member_id(&app, &owner, "ada@alder.test").await;
        for role in ["owner", "admin"] {
            assert_eq!(set_role(&mut owner, &id, role).await.status, 303);
            assert_eq!(app.browser().get(&link).await.status, 200, "{role}");
        }
        assert_eq!(app.browser().post(&link, &[("name", "New"), ("password", PASSWORD)]).await.status, 303);
    }

    /// The wall behind: an invitation that was not revoked, as an earlier version left it, is worth nothing either,
    /// whoever looks, joins or is mailed. Sent again by a colleague, it is the colleague's.
    async fn accepting_asks_whether_whoever_invited_still_may(app: TestApp) {
        World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let mut ada = joined(&app, &mut owner, "ada@alder.test", "admin").await;
        let by_hand = revoked_by_hand(&app, &mut owner).await;
        let [looked, posted] = tried(&app, &by_hand).await.map(|page| page.whole());
        let link = invited(&app, &mut ada, "second@x.test", "admin").await;
        assert_eq!(invite(&mut ada, "unsent@x.test", "admin").await.status, 303);
        let ada_is = async |what: &str| {
            let sql = format!("UPDATE members SET {what} WHERE person_id = (SELECT id FROM persons WHERE email = 'ada@alder.test')");
            app.database.execute(&sql).await;
        };
        for gone in ["removed_at = '2026-03-01 00:00:00+00:00'", "removed_at = NULL, role = 'member'"] {
            ada_is(gone).await;
            let [look, post] = tried(&app, &link).await;
            assert_eq!((look.whole(), post.whole()), (looked.clone(), posted.clone()), "{gone}");
            let mut invited = app.browser();
            assert_eq!(invited.post(&link, &[("name", "Second"), ("password", PASSWORD)]).await.status, 404, "{gone}");
        }
        app.work().await;
        assert_eq!(app.smtp.count_to("unsent@x.test"), 0);
        assert_eq!(app.database.number("SELECT COUNT(*) FROM persons WHERE name = 'Second'").await, 0);
        let id = id_of(&app, &owner, "invitations", "second@x.test").await;
        assert_eq!(owner.post(&format!("/app/settings/invitations/{id}/send"), &[]).await.status, 303);
        app.work().await;
        let mail = app.smtp.newest_to("second@x.test");
        assert!(mail.text.contains("Owner of alder invites you"), "{}", mail.text);
        assert_eq!(app.browser().post(&mail.link(JOIN), &[("name", "Second"), ("password", PASSWORD)]).await.status, 303);
    }
}
