//! Everything that opens a door, each in use once, for the tests that look where it must not stand.

use crate::{
    gateway::{EVERYTHING, Program},
    harness::{Browser, TestApp},
    members::joined,
    webhooks::{LOCAL, add},
    world::{PASSWORD, World},
};

/// A password that is set by a mailed link.
pub const NEW_PASSWORD: &str = "three small lindens";
/// The address of somebody who signs up.
pub const NEWCOMER: &str = "mara@finch.test";

/// A secret and what it is called.
pub type Secret = (&'static str, String);

fn last(path: &str) -> String {
    path.rsplit('/').next().unwrap().to_owned()
}

/// The token within a cookie, which is signed besides.
fn token_of(browser: &Browser, cookie: &str) -> String {
    browser.cookies[cookie].split('.').next().unwrap().to_owned()
}

/// Fills the world, lets contacts, members and programs come in by every way there is, and gives the secrets by which
/// they did, used ones and such as still open something.
///
/// Boxed: much happens in it, and all of that would lie on the stack.
pub async fn in_use(app: &mut TestApp) -> Vec<Secret> {
    Box::pin(used(app)).await
}

async fn used(app: &mut TestApp) -> Vec<Secret> {
    app.restart_with(&[LOCAL[0], LOCAL[1], ("SIGN_UP", "open")]).await;
    let world = World::fill(app).await;
    let mut secrets = vec![("password", PASSWORD.to_owned()), ("new password", NEW_PASSWORD.to_owned())];

    let mut contact = app.browser();
    let mail = app.ask(&mut contact, "a1@clients.test").await;
    secrets.push(("pending cookie", token_of(&contact, "__Host-postern_pending")));
    contact.get(&mail.links()[0]).await;
    assert_eq!(contact.post(&mail.links()[0], &[]).await.status, 303);
    secrets.extend([("magic link", last(&mail.links()[0])), ("code", mail.code())]);
    secrets.push(("portal session", token_of(&contact, "__Host-postern_portal")));
    let open = app.ask(&mut app.browser(), "a2@clients.test").await;
    secrets.extend([("magic link", last(&open.links()[0])), ("code", open.code())]);

    let mut owner = app.member("owner@alder.test").await;
    secrets.push(("team session", token_of(&owner, "__Host-postern_team")));
    secrets.push(("device cookie", owner.cookies["__Host-postern_device"].clone()));
    joined(app, &mut owner, "ada@alder.test", "member").await;
    secrets.push(("invitation", last(&app.smtp.newest_to("ada@alder.test").link("/app/join/"))));
    owner.post("/app/settings/members", &[("email", "ben@alder.test"), ("role", "member")]).await;
    owner.post("/app/account/email", &[("email", "new@alder.test"), ("password", PASSWORD)]).await;
    let account = [("name", "Mara"), ("orgName", "Finch"), ("email", NEWCOMER), ("password", PASSWORD)];
    app.browser().post("/app/sign-up", &account).await;
    let mut birch = app.browser();
    birch.post("/app/forgot", &[("email", "owner@birch.test")]).await;
    app.work().await;
    for (name, email, path) in [
        ("invitation", "ben@alder.test", "/app/join/"),
        ("change of address", "new@alder.test", "/app/account/email/"),
        ("sign-up", NEWCOMER, "/app/sign-up/"),
        ("reset", "owner@birch.test", "/app/reset/"),
    ] {
        let link = app.smtp.newest_to(email).link(path);
        assert_eq!(app.browser().get(&link).await.status, 200, "{name}");
        secrets.push((name, last(&link)));
        if name == "reset" {
            assert_eq!(birch.post(&link, &[("password", NEW_PASSWORD)]).await.status, 303);
        }
    }
    secrets.push(("team session", token_of(&birch, "__Host-postern_team")));

    let share = world.a1.share_path();
    assert_eq!(app.browser().get(&share).await.status, 200);
    secrets.push(("share link", last(&share)));
    let mut program = Program::of(app, &owner, &EVERYTHING).await;
    add(&mut program, "http://127.0.0.1:9/hook", "[INVOICE_PAID]").await;
    let signing =
        program.graphql("{ team { webhooks { secret } } }").await["data"]["team"]["webhooks"].clone();
    let mut signing = signing.as_array().unwrap().iter().filter_map(|one| one["secret"].as_str());
    secrets.push(("webhook secret", signing.find(|secret| secret.starts_with("whsec_")).unwrap().to_owned()));
    secrets.push(("API token", program.token));
    secrets
}
