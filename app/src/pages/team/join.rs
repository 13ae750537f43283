//! Where links in mails to people of a team lead: an invitation, and a new address. Opening one does
//! nothing: mail scanners open links too.

use leptos::{either::EitherOf3, prelude::*};

use super::{account::PASSWORD_HINT, members::role_words};
use crate::{
    api::team::Role,
    components::{FormProblem, TextField},
    layout::{Assets, Brand, Letter, Scripts},
    problem::Problems,
    routes,
};

/// What an invitation says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invited {
    /// Whose team.
    pub brand: Brand,
    /// The address that is invited.
    pub email: String,
    /// What they will be.
    pub role: Role,
    /// The name of whoever sent it.
    pub invited_by: String,
}

/// How somebody shows that they are who is invited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JoinWay {
    /// They are signed in to the account already.
    SignedIn,
    /// The address has an account: by its password.
    Password,
    /// The address has none: name and password for a new one.
    New,
}

/// Where an invitation leads.
#[component]
pub fn JoinPage(
    assets: &'static Assets,
    invited: Invited,
    way: JoinWay,
    /// The name that was typed before.
    name: String,
    /// What was wrong with what was typed.
    problems: Problems,
    /// Where the form is sent to.
    action: String,
) -> impl IntoView {
    let Invited { brand, email, role, invited_by } = invited;
    let org_name = brand.org_name.clone();
    let title = format!("Join {org_name}");
    let forgot = (way == JoinWay::Password).then(|| {
        view! {
            <p class="small quiet ways">
                <a href=routes::APP_FORGOT>"I forgot my password"</a>
            </p>
        }
    });
    let fields = match way {
        JoinWay::SignedIn => EitherOf3::A(()),
        JoinWay::Password => EitherOf3::B(view! {
            <p>"This address has an account. Its password lets you in."</p>
            <TextField
                name="password"
                label="Password"
                kind="password"
                value=String::new()
                problem=problems.of("password")
                autocomplete="current-password"
                maxlength=256
            />
        }),
        JoinWay::New => EitherOf3::C(view! {
            <TextField name="name" label="Your name" value=name problem=problems.of("name") autocomplete="name"/>
            <TextField
                name="password"
                label="Password"
                kind="password"
                value=String::new()
                problem=problems.of("password")
                hint=PASSWORD_HINT
                autocomplete="new-password"
                maxlength=256
            />
        }),
    };
    view! {
        <Letter brand=Some(brand) assets title=title scripts=Scripts::Continue>
            <div>
                <h1>"Join " <bdi>{org_name.clone()}</bdi></h1>
                <p class="lead quiet">
                    <bdi>{invited_by}</bdi> " invites you to the team, with the role “" {role_words(role)} "”, as "
                    <bdi>{email}</bdi> "."
                </p>
            </div>
            <form id="continue" class="form" method="post" action=action>
                <FormProblem message=problems.of("")/>
                {fields}
                <button class="button primary">
                    <span>"Join " <bdi>{org_name}</bdi></span>
                </button>
            </form>
            {forgot}
            <p class="small quiet">"If you do not expect this, close the page, and nothing happens."</p>
        </Letter>
    }
}

/// The plan has no place left for whoever is invited.
#[component]
pub fn JoinFullPage(assets: &'static Assets, invited: Invited) -> impl IntoView {
    let Invited { brand, invited_by, .. } = invited;
    let org_name = brand.org_name.clone();
    view! {
        <Letter brand=Some(brand) assets title="No place left".to_owned()>
            <div>
                <h1>"No place left"</h1>
                <p class="lead quiet">
                    "All places of the plan that " <bdi>{org_name}</bdi>
                    " has are taken. Ask " <bdi>{invited_by}</bdi>
                    " to make room. Your link goes on working until it expires."
                </p>
            </div>
        </Letter>
    }
}

/// Where the link leads that proves a new address.
#[component]
pub fn EmailConfirmPage(
    assets: &'static Assets,
    /// The new address.
    email: String,
    /// Where the button leads.
    action: String,
) -> impl IntoView {
    view! {
        <Letter brand=None assets title="Your new address".to_owned() scripts=Scripts::Continue>
            <div>
                <h1>"Your new address"</h1>
                <p class="lead quiet">
                    "From now on you sign in with " <bdi>{email}</bdi> ", and mails for you go there."
                </p>
            </div>
            <form id="continue" class="form" method="post" action=action>
                <button class="button primary">"Use this address"</button>
            </form>
            <p class="small quiet">"If you did not ask for this, close this page, and nothing happens."</p>
        </Letter>
    }
}
