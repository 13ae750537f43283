//! The pages about the people of a team and about one's own account, and the data on them.

use leptos::prelude::*;
use postern_app::{
    api::team::{Invitation, InviteForm, Member, People, Role},
    layout::DeskFrame,
    pages::team::{
        AccountForm, AccountPage, EmailConfirmPage, Invited, JoinFullPage, JoinPage, JoinWay, MembersPage,
        NewOrgForm, NewOrgPage, OrgsPage, OwnAccount, OwnOrg, OwnSession,
    },
    problem::Problems,
    render::render,
    routes,
};

use super::{
    fixtures::{self as data, ASSETS},
    team::{frame, wrong},
};

const LONG_NAME: &str = "Bartholomew Featherstonehaugh-Cholmondeley the Younger";

fn time(text: &str) -> chrono::DateTime<chrono::Utc> {
    text.parse().unwrap_or_default()
}

pub(crate) fn people(most_members: Option<usize>) -> People {
    let member = |name: &str, role, seen: Option<&str>, is_viewer| Member {
        id: format!("member-{}", name.len()),
        name: name.to_owned(),
        email: "mara@juniperfinch.example".to_owned(),
        role,
        joined_at: time("2025-02-03T09:00:00Z"),
        last_seen_at: seen.map(time),
        is_viewer,
    };
    let invitation = |email: &str, role, is_expired| Invitation {
        id: format!("invitation-{}", email.len()),
        email: email.to_owned(),
        role,
        invited_by: "Mara Okafor".to_owned(),
        expires_at: time("2026-11-29T10:12:00Z"),
        is_expired,
    };
    People {
        most_members,
        members: vec![
            member("Mara Okafor", Role::Owner, Some("2026-11-22T08:00:00Z"), true),
            member(LONG_NAME, Role::Admin, Some("2026-11-20T15:00:00Z"), false),
            member("نورة العتيبي", Role::Member, None, false),
        ],
        invitations: vec![
            invitation("jonas@juniperfinch.example", Role::Member, false),
            invitation(
                "somebody.with.a.rather.long.address.indeed@a-domain-of-some-length.example",
                Role::Admin,
                true,
            ),
        ],
    }
}

pub(crate) fn invited() -> Invited {
    Invited {
        brand: data::brand(),
        email: "jonas@juniperfinch.example".to_owned(),
        role: Role::Member,
        invited_by: "Mara Okafor".to_owned(),
    }
}

/// File stem and HTML of every page.
pub(crate) fn all() -> Vec<(&'static str, String)> {
    [members(), joining(), orgs(), account()].concat()
}

fn members() -> Vec<(&'static str, String)> {
    let page = |frame, people, problems: Problems, sent| {
        let form = InviteForm { email: "jonas@nowhere".to_owned(), role: "admin".to_owned() };
        let form = if problems.is_empty() { InviteForm::default() } else { form };
        render(move || view! { <MembersPage frame people form problems sent/> })
    };
    let alone = |most| {
        let all = people(Some(most));
        People { members: all.members.into_iter().take(1).collect(), invitations: vec![], ..all }
    };
    let admin = DeskFrame { is_owner: false, ..frame() };
    vec![
        ("team-members", page(frame(), people(Some(5)), Problems::default(), true)),
        ("team-members-admin", page(admin, people(None), Problems::default(), false)),
        ("team-members-full", page(frame(), alone(1), Problems::default(), false)),
        ("team-members-over", page(frame(), people(Some(1)), Problems::default(), false)),
        (
            "team-members-wrong",
            page(frame(), people(Some(5)), wrong(&["email", "member", "invitation"]), false),
        ),
    ]
}

fn joining() -> Vec<(&'static str, String)> {
    let join = |way, problems| {
        let (name, action) = (LONG_NAME.to_owned(), routes::app_join("token"));
        render(move || view! { <JoinPage assets=&ASSETS invited=invited() way name problems action/> })
    };
    vec![
        ("team-join", join(JoinWay::New, Problems::default())),
        ("team-join-wrong", join(JoinWay::New, wrong(&["name", "password"]))),
        ("team-join-account", join(JoinWay::Password, wrong(&["password"]))),
        ("team-join-signed-in", join(JoinWay::SignedIn, Problems::default())),
        ("team-join-full", render(|| view! { <JoinFullPage assets=&ASSETS invited=invited()/> })),
    ]
}

fn orgs() -> Vec<(&'static str, String)> {
    let org = |slug: &str, name: &str, role| OwnOrg { slug: slug.to_owned(), name: name.to_owned(), role };
    let list = |can_make| {
        let frame = DeskFrame { has_other_orgs: true, ..frame() };
        let orgs = vec![
            org(&frame.brand.org_slug, &frame.brand.org_name, Role::Owner),
            org("linden", "Linden & Daughters", Role::Member),
            org(
                "donau",
                "Donaudampfschifffahrtsgesellschaftskapitänswitwen-Unterstützungsverein e. V.",
                Role::Admin,
            ),
        ];
        render(move || view! { <OrgsPage frame orgs can_make/> })
    };
    let new = |problems| {
        let form = NewOrgForm { name: "Linden & Daughters".to_owned() };
        render(move || view! { <NewOrgPage frame=frame() form problems/> })
    };
    vec![
        ("team-orgs", list(true)),
        ("team-orgs-closed", list(false)),
        ("team-org-new", new(Problems::default())),
        ("team-org-new-wrong", new(wrong(&["name"]))),
    ]
}

fn account() -> Vec<(&'static str, String)> {
    let session = |browser: &str, current| OwnSession {
        id: format!("session-{}", browser.len()),
        current,
        browser: browser.to_owned(),
        ip_short: if current { "203.0.113.x".to_owned() } else { String::new() },
        created_at: time("2026-11-20T10:12:00Z"),
        last_used_at: time("2026-11-22T08:00:00Z"),
    };
    let page = |done: &'static str, sessions, problems| {
        let frame = DeskFrame { has_other_orgs: true, ..frame() };
        let account = OwnAccount { sessions, done: done.to_owned() };
        let form = AccountForm {
            name: frame.person_name.clone(),
            email: "mara@nowhere".to_owned(),
            ..AccountForm::default()
        };
        render(move || view! { <AccountPage frame account form problems/> })
    };
    let several =
        vec![session("Firefox on Linux", true), session("Safari on iPhone", false), session("", false)];
    let fields = ["name", "email", "password", "currentPassword", "newPassword", "member"];
    let email = "mara@linden.example".to_owned();
    let action = routes::app_email_link("token");
    vec![
        ("team-account", page("", several.clone(), Problems::default())),
        ("team-account-alone", page("email", vec![session("Firefox on Linux", true)], Problems::default())),
        ("team-account-wrong", page("", several, wrong(&fields))),
        ("team-account-email", render(move || view! { <EmailConfirmPage assets=&ASSETS email action/> })),
    ]
}
