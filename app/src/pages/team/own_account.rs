//! One's own account: name, address, password, and where one is signed in. It belongs to the person and to
//! no organisation.

use chrono::{DateTime, Utc};
use leptos::{either::Either, prelude::*};
use serde::Deserialize;

use super::account::PASSWORD_HINT;
use crate::{
    components::{Chip, FormProblem, TextField, Tone},
    format::Formats,
    layout::{Desk, DeskFrame, DeskTab, Scripts},
    problem::Problems,
    routes,
};

/// One session of whoever is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnSession {
    /// Id.
    pub id: String,
    /// The session that asks.
    pub current: bool,
    /// The browser in a few words; may be empty.
    pub browser: String,
    /// The network address, shortened; may be empty.
    pub ip_short: String,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the hour.
    pub last_used_at: DateTime<Utc>,
}

/// What the page knows beside its frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnAccount {
    /// The sessions under way.
    pub sessions: Vec<OwnSession>,
    /// What was done just now: a word of the page's own address.
    pub done: String,
}

/// What is typed into the forms of the page; each sends its own part.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct AccountForm {
    /// The person's name.
    pub name: String,
    /// A new address.
    pub email: String,
    /// The password, to prove who asks for the new address.
    pub password: String,
    /// The password that is to be replaced.
    pub current_password: String,
    /// What it is to be replaced by.
    pub new_password: String,
}

/// The account.
#[component]
pub fn AccountPage(
    /// What every page of the team knows.
    frame: DeskFrame,
    account: OwnAccount,
    /// What was typed before.
    form: AccountForm,
    /// What was wrong with it.
    problems: Problems,
) -> impl IntoView {
    let OwnAccount { sessions, done } = account;
    let said = done_words(&done).map(|words| {
        view! {
            <p class="notice good" role="status">
                {words}
            </p>
        }
    });
    let leave = leave(&frame.brand.org_name);
    let sessions = list(sessions, &frame.formats);
    let (email, org_problem) = (frame.person_email.clone(), problems.of("member"));
    view! {
        <Desk frame title="Your account".to_owned() tab=DeskTab::Account scripts=Scripts::Desk>
            <header class="work-head">
                <h1>"Your account"</h1>
                <a class="button" href=routes::APP_SWITCH>
                    "Your organisations"
                </a>
            </header>
            {said}
            <FormProblem message=org_problem/>
            {name_form(form.name, &problems)}
            {email_form(email, form.email, &problems)}
            {password_form(&problems)}
            {sessions}
            {leave}
        </Desk>
    }
}

fn done_words(done: &str) -> Option<&'static str> {
    Some(match done {
        "name" => "Saved. Your colleagues see it from now on.",
        "email" => {
            "Look into the mail of the new address. If it can be used, the link there works once, for one hour; until then, nothing changes."
        }
        "email-changed" => "Your address is changed. You sign in with it from now on.",
        "password" => "Your password is changed. You are signed out everywhere else.",
        "session" => "That browser is signed out.",
        "sessions" => "You are signed out everywhere else.",
        _ => return None,
    })
}

fn name_form(name: String, problems: &Problems) -> impl IntoView + use<> {
    view! {
        <form class="form block narrow" method="post" action=routes::APP_ACCOUNT_NAME>
            <h2>"Your name"</h2>
            <TextField name="name" label="Name" value=name problem=problems.of("name") autocomplete="name"/>
            <div class="acts">
                <button class="button">"Save the name"</button>
            </div>
        </form>
    }
}

fn email_form(own: String, typed: String, problems: &Problems) -> impl IntoView + use<> {
    view! {
        <form class="form block narrow" method="post" action=routes::APP_ACCOUNT_EMAIL>
            <h2>"Your address"</h2>
            <p>"You sign in with " <bdi>{own}</bdi> "."</p>
            <TextField
                name="email"
                label="New e-mail address"
                kind="email"
                value=typed
                problem=problems.of("email")
                autocomplete="email"
                maxlength=254
                hint="We send a link there, and a word to the old address."
            />
            <TextField
                name="password"
                label="Your password"
                kind="password"
                value=String::new()
                problem=problems.of("password")
                autocomplete="current-password"
                maxlength=256
            />
            <div class="acts">
                <button class="button">"Send me the link"</button>
            </div>
        </form>
    }
}

fn password_form(problems: &Problems) -> impl IntoView + use<> {
    view! {
        <form class="form block narrow" method="post" action=routes::APP_ACCOUNT_PASSWORD>
            <h2>"Your password"</h2>
            <TextField
                name="currentPassword"
                label="Current password"
                kind="password"
                value=String::new()
                problem=problems.of("currentPassword")
                autocomplete="current-password"
                maxlength=256
            />
            <TextField
                name="newPassword"
                label="New password"
                kind="password"
                value=String::new()
                problem=problems.of("newPassword")
                hint=PASSWORD_HINT
                autocomplete="new-password"
                maxlength=256
            />
            <p class="small quiet">"All your other browsers are signed out."</p>
            <div class="acts">
                <button class="button">"Change the password"</button>
            </div>
        </form>
    }
}

fn list(sessions: Vec<OwnSession>, formats: &Formats) -> impl IntoView + use<> {
    let has_others = sessions.iter().any(|session| !session.current);
    let rows = sessions.into_iter().map(|session| row(session, formats)).collect_view();
    let all = has_others.then(|| {
        view! {
            <form method="post" action=routes::APP_ACCOUNT_END_OTHERS>
                <button class="button small">"Sign out everywhere else"</button>
            </form>
        }
    });
    view! {
        <section class="block narrow" aria-labelledby="sessions">
            <header>
                <h2 id="sessions">"Where you are signed in"</h2>
                {all}
            </header>
            <ul class="people" role="list">
                {rows}
            </ul>
        </section>
    }
}

fn row(session: OwnSession, formats: &Formats) -> impl IntoView + use<> {
    let OwnSession { id, current, browser, ip_short, created_at, last_used_at } = session;
    let browser = if browser.is_empty() { "Unknown browser".to_owned() } else { browser };
    let began = formats.date_time(created_at);
    let from = if ip_short.is_empty() { String::new() } else { format!(" from {ip_short}") };
    let detail = format!("Since {began}{from}, last used {}", formats.date_time(last_used_at));
    let act = if current {
        Either::Left(view! { <Chip tone=Tone::Good text="This one"/> })
    } else {
        let which = format!(" the session of {browser} since {began}");
        Either::Right(view! {
            <form method="post" action=routes::APP_ACCOUNT_END_SESSION data-at-once="gone">
                <input type="hidden" name="session" value=id/>
                <button class="button small">
                    "End" <span class="visually-hidden">{which}</span>
                </button>
            </form>
        })
    };
    view! {
        <li>
            <div class="who">
                <span class="number">{browser}</span>
                <p class="small quiet">{detail}</p>
            </div>
            <div class="acts">{act}</div>
        </li>
    }
}

/// Leaving an organisation is taken back by nobody but its admins, so it is asked for by opening it first.
fn leave(org_name: &str) -> impl IntoView + use<> {
    let org_name = org_name.to_owned();
    view! {
        <details class="block narrow quiet-block">
            <summary>"Leave " <bdi>{org_name.clone()}</bdi></summary>
            <p class="small quiet">
                "You lose access at once. Your account and your other organisations stay, and what you did stays in the log. To come back, somebody must invite you."
            </p>
            <form method="post" action=routes::APP_ACCOUNT_LEAVE>
                <button class="button small">
                    <span>"Leave " <bdi>{org_name}</bdi></span>
                </button>
            </form>
        </details>
    }
}
