//! Inviting (rule T1a): it tells nothing about accounts, what cannot be sent comes back, and what was sent
//! is sent again or revoked.

use chrono::TimeDelta;

use super::{JOIN, MEMBERS, id_of, invite, invited, log};
use crate::{harness::both_databases, world::World};

both_databases! {
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
}
