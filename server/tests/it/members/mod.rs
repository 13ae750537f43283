//! The people of a team (rules T1a, T1b, B1): invitations, roles, places of the plan, and leaving.

mod inviters;
mod inviting;
mod joining;
mod other_orgs;
mod places;
mod roles;

use crate::{
    harness::{Browser, Page, TestApp},
    world::PASSWORD,
};

const MEMBERS: &str = "/app/settings/members";
const JOIN: &str = "/app/join/";
/// How many people alder has.
const COUNT: &str = "SELECT COUNT(*) FROM members m JOIN orgs o ON o.id = m.org_id WHERE o.slug = 'alder' AND m.removed_at IS NULL";

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

async fn log(app: &TestApp) -> Vec<String> {
    app.database
        .texts("SELECT kind || ' ' || detail FROM activity WHERE kind LIKE 'member.%' ORDER BY id")
        .await
}
