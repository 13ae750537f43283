//! A sign-up is finished by whoever filled in the form and has the mailbox (rule T1): the password proves the one,
//! the link the other.

use chrono::TimeDelta;
use postern::{
    account::{Confirmed, Confirming, confirm_sign_up},
    store::Origin,
};

use super::{attempt, sign_up};
use crate::{
    harness::{Browser, Page, TestApp, both_databases},
    world::PASSWORD,
};

const EMAIL: &str = "victim@finch.test";

fn link(app: &TestApp, email: &str) -> String {
    app.smtp.newest_to(email).link("/app/sign-up/")
}

async fn confirm(browser: &mut Browser, link: &str, password: &str) -> Page {
    browser.post(link, &[("password", password)]).await
}

both_databases! {
    /// A stranger signs somebody up with a password of the stranger's. Who has the mail presses the button and gets
    /// nowhere, and no account comes of it; who signs up again gets one with a password of their own.
    async fn a_stranger_chooses_nobodys_password(app: TestApp) {
        sign_up(&app, EMAIL, "Finch").await;
        let of_the_stranger = link(&app, EMAIL);
        let mut victim = app.browser();
        let page = victim.get(&of_the_stranger).await.body;
        assert!(page.contains("name=\"password\"") && page.contains("href=\"/app/sign-up\""), "{page}");
        for typed in ["", "a password of my own"] {
            let refused = confirm(&mut victim, &of_the_stranger, typed).await;
            assert_eq!(refused.status, 422, "{typed:?}");
            assert!(refused.body.contains("not the password that was chosen when signing up"), "{}", refused.body);
            assert!(refused.body.contains("Finch") && refused.body.contains("href=\"/app/sign-up\""), "{}", refused.body);
            assert!(!refused.body.contains("my own") && !refused.headers.contains_key("set-cookie"), "{}", refused.whole());
        }
        assert_eq!(victim.post(&of_the_stranger, &[]).await.status, 422);
        assert_eq!(app.database.number("SELECT COUNT(*) FROM persons").await, 0);
        assert_eq!(attempt(&mut app.browser(), EMAIL, PASSWORD).await, 422);

        let form = [("name", "Vic"), ("orgName", "Finch"), ("email", EMAIL), ("password", "a password of my own")];
        assert_eq!(victim.post("/app/sign-up", &form).await.status, 303);
        app.work().await;
        let entered = confirm(&mut victim, &link(&app, EMAIL), "a password of my own").await;
        assert_eq!((entered.status, entered.header("location")), (303, "/app"), "{}", entered.body);
        assert_eq!(attempt(&mut app.browser(), EMAIL, PASSWORD).await, 422, "the stranger's opens nothing");
        assert_eq!(attempt(&mut app.browser(), EMAIL, "a password of my own").await, 303);
    }

    /// A wrong password leaves the link good. Ten attempts in a quarter of an hour, as at the sign-in, over all
    /// nodes; the attempts at one link are none at another, nor at the sign-in.
    async fn the_link_of_a_sign_up_is_no_oracle(app: TestApp) {
        let mut app = app;
        app.restart_with(&[("SIGN_UP", "open")]).await;
        sign_up(&app, EMAIL, "Finch").await;
        let one = link(&app, EMAIL);
        sign_up(&app, EMAIL, "Finch").await;
        let other = link(&app, EMAIL);
        let second = app.second_node().await;
        for _ in 0..5 {
            assert_eq!(confirm(&mut app.browser(), &one, "not the password").await.status, 422);
            assert_eq!(confirm(&mut second.browser(), &one, "not the password").await.status, 422);
        }
        for node in [&app, &second] {
            let many = confirm(&mut node.browser(), &one, PASSWORD).await;
            assert!(many.status == 422 && many.body.contains("many attempts"), "{}", many.body);
        }
        app.clock.advance(TimeDelta::minutes(15));
        assert_eq!(confirm(&mut app.browser(), &one, "not the password").await.status, 422);
        assert_eq!(app.browser().get(&one).await.status, 200, "the link is still good");
        for _ in 0..9 {
            confirm(&mut app.browser(), &one, "not the password").await;
        }
        assert_eq!(confirm(&mut app.browser(), &one, PASSWORD).await.status, 422);
        assert_eq!(confirm(&mut app.browser(), &other, PASSWORD).await.status, 303);
        assert_eq!(attempt(&mut app.browser(), EMAIL, PASSWORD).await, 303);
    }

    /// With `SIGN_UP=first`, of links that are confirmed at the same moment, on two nodes, one makes an org. All of
    /// them were past the first look for one: what counts is asked where the org is written.
    async fn of_many_who_confirm_at_once_one_makes_the_first_org(app: TestApp) {
        let addresses = ["a@x.test", "b@x.test", "c@x.test", "d@x.test"];
        let mut tokens = vec![];
        for email in addresses {
            sign_up(&app, email, "Finch").await;
            tokens.push(link(&app, email).rsplit('/').next().unwrap().to_owned());
        }
        let second = app.second_node().await;
        let origin = Origin::default();
        let confirming = Confirming { password: PASSWORD, is_for_the_first: true, origin: &origin };
        let nodes = [&app, &second, &app, &second];
        let all = tokens.iter().zip(nodes).map(|(token, node)| {
            confirm_sign_up(&node.app.store, &node.app.passwords, token, &confirming)
        });
        let all: Vec<Confirmed> = futures_util::future::join_all(all).await.into_iter().map(Result::unwrap).collect();
        let entered = all.iter().filter(|one| matches!(one, Confirmed::Entered(_))).count();
        let closed = all.iter().filter(|one| matches!(one, Confirmed::Closed)).count();
        assert_eq!((entered, closed), (1, 3));
        assert_eq!(app.database.number("SELECT COUNT(*) FROM orgs").await, 1);
        assert_eq!(app.database.number("SELECT COUNT(*) FROM persons").await, 1, "nobody is made for nothing");
        assert_eq!(app.database.number("SELECT COUNT(*) FROM team_tokens WHERE used_at IS NOT NULL").await, 1);
    }

    /// The same through the pages: the others are told that the door is closed.
    async fn of_two_who_open_the_first_org_at_once_one_is_told_that_it_is_there(app: TestApp) {
        for email in ["a@x.test", "b@x.test"] {
            sign_up(&app, email, "Finch").await;
        }
        let (one, two) = (link(&app, "a@x.test"), link(&app, "b@x.test"));
        let (mut first, mut second) = (app.browser(), app.browser());
        let (one, two) = tokio::join!(confirm(&mut first, &one, PASSWORD), confirm(&mut second, &two, PASSWORD));
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 403], "{} {}", one.body, two.body);
        assert_eq!(app.database.number("SELECT COUNT(*) FROM orgs").await, 1);
    }
}
