//! The pages before somebody of the team is signed in. Forms keep what was typed, but never a password.

use leptos::prelude::*;
use serde::Deserialize;

use crate::{
    components::{FormProblem, TextField},
    layout::{Assets, Letter, Scripts},
    problem::Problems,
    routes,
};

/// What is typed to sign in.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SignInForm {
    /// Address.
    pub email: String,
    /// Password.
    pub password: String,
    /// The page that was wanted.
    pub next: String,
}

/// What is typed to sign up.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct SignUpForm {
    /// The person's name.
    pub name: String,
    /// The org's name.
    pub org_name: String,
    /// Address.
    pub email: String,
    /// Password.
    pub password: String,
}

/// What is typed where a password was forgotten.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ForgotForm {
    /// Address.
    pub email: String,
}

pub(super) const PASSWORD_HINT: &str =
    "At least 12 characters. A few words in a row are easy to remember and hard to guess.";

/// Address and password.
#[component]
pub fn SignInPage(
    assets: &'static Assets,
    /// What was typed before.
    form: SignInForm,
    /// What was wrong with it.
    problems: Problems,
    /// Whether anybody may sign up.
    can_sign_up: bool,
) -> impl IntoView {
    let SignInForm { email, next, .. } = form;
    view! {
        <Letter brand=None assets title="Sign in".to_owned()>
            <div>
                <h1>"Welcome back"</h1>
                <p class="lead quiet">"Sign in to your organisation’s books."</p>
            </div>
            <form class="form" method="post" action=routes::APP_LOGIN>
                <FormProblem message=problems.of("")/>
                {(!next.is_empty()).then(|| view! { <input type="hidden" name="next" value=next/> })}
                <TextField
                    name="email"
                    label="E-mail address"
                    kind="email"
                    value=email
                    problem=problems.of("email")
                    autocomplete="username"
                    maxlength=254
                />
                <TextField
                    name="password"
                    label="Password"
                    kind="password"
                    value=String::new()
                    problem=problems.of("password")
                    autocomplete="current-password"
                    maxlength=256
                />
                <button class="button primary">"Sign in"</button>
            </form>
            <p class="small quiet ways">
                <a href=routes::APP_FORGOT>"I forgot my password"</a>
                {can_sign_up.then(|| view! { <a href=routes::APP_SIGN_UP>"Set up a new organisation"</a> })}
                <a href=routes::PORTAL_LOGIN>"I am here to see an invoice"</a>
            </p>
        </Letter>
    }
}

/// A person and an org.
#[component]
pub fn SignUpPage(
    assets: &'static Assets,
    /// What was typed before.
    form: SignUpForm,
    /// What was wrong with it.
    problems: Problems,
) -> impl IntoView {
    let SignUpForm { name, org_name, email, .. } = form;
    view! {
        <Letter brand=None assets title="Set up your organisation".to_owned()>
            <div>
                <h1>"Set up your organisation"</h1>
                <p class="lead quiet">
                    "Clients, invoices and share links cost nothing. We send you one mail, to know that the address is yours."
                </p>
            </div>
            <form class="form" method="post" action=routes::APP_SIGN_UP>
                <TextField name="name" label="Your name" value=name problem=problems.of("name") autocomplete="name"/>
                <TextField
                    name="orgName"
                    label="Your organisation"
                    value=org_name
                    problem=problems.of("orgName")
                    hint="As your clients know it. You can change it later."
                    autocomplete="organization"
                />
                <TextField
                    name="email"
                    label="E-mail address"
                    kind="email"
                    value=email
                    problem=problems.of("email")
                    autocomplete="username"
                    maxlength=254
                />
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
                <button class="button primary">"Send me the link"</button>
            </form>
            <p class="small quiet ways">
                <a href=routes::APP_LOGIN>"I have an account"</a>
            </p>
        </Letter>
    }
}

/// Nobody may sign up here.
#[component]
pub fn SignUpClosedPage(assets: &'static Assets) -> impl IntoView {
    view! {
        <Letter brand=None assets title="No new organisations".to_owned()>
            <div>
                <h1>"No new organisations here"</h1>
                <p class="lead quiet">
                    "Whoever runs this server has switched sign-up off. Ask them, or ask a colleague to invite you."
                </p>
            </div>
            <p class="small quiet ways">
                <a href=routes::APP_LOGIN>"I have an account"</a>
            </p>
        </Letter>
    }
}

/// Why a mail was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailSentReason {
    /// Somebody signed up.
    SignUp,
    /// Somebody forgot a password.
    Forgot,
}

/// The one answer to whoever asks for a mail.
#[component]
pub fn MailSentPage(assets: &'static Assets, reason: MailSentReason) -> impl IntoView {
    let (sentence, again) = match reason {
        MailSentReason::SignUp => {
            ("The link in it opens your organisation. It works once, for one hour.", routes::APP_SIGN_UP)
        }
        MailSentReason::Forgot => (
            "If the address has an account, the link in the mail sets a new password. It works once, for one hour.",
            routes::APP_FORGOT,
        ),
    };
    view! {
        <Letter brand=None assets title="Look into your mail".to_owned()>
            <div>
                <h1>"Look into your mail"</h1>
                <p class="lead quiet">{sentence}</p>
            </div>
            <p class="small quiet">
                "At most five mails are sent in ten minutes. Nothing arrives? Look in the spam folder, or "
                <a href=again>"try again"</a> "."
            </p>
        </Letter>
    }
}

/// Where the link of a sign-up leads. Opening it does nothing: mail scanners open links too. The link proves the
/// address and the password who filled in the form: only who is both goes on.
#[component]
pub fn SignUpConfirmPage(
    assets: &'static Assets,
    /// The org that is about to be made.
    org_name: String,
    /// What was wrong with the password that was typed.
    problems: Problems,
    /// Where the form is sent to.
    action: String,
) -> impl IntoView {
    view! {
        <Letter brand=None assets title="One step more".to_owned() scripts=Scripts::Continue>
            <div>
                <h1>"One step more"</h1>
                <p class="lead quiet">
                    "This opens the books of " <bdi>{org_name}</bdi>
                    ". Type the password that you chose when you signed up."
                </p>
            </div>
            <form id="continue" class="form" method="post" action=action>
                <FormProblem message=problems.of("")/>
                <TextField
                    name="password"
                    label="Password"
                    kind="password"
                    value=String::new()
                    problem=problems.of("password")
                    autocomplete="current-password"
                    maxlength=256
                />
                <button class="button primary">"Open my organisation"</button>
            </form>
            <p class="small quiet">
                "Is it forgotten, or was it not you who signed up? "
                <a href=routes::APP_SIGN_UP>"Sign up again"</a>
                " with a password of your own, and take the link of the newer mail. If you want no organisation here, close this page, and nothing happens."
            </p>
        </Letter>
    }
}

/// A link that no longer works, whatever the reason.
#[component]
pub fn DeadTeamLinkPage(assets: &'static Assets) -> impl IntoView {
    view! {
        <Letter brand=None assets title="This link no longer works".to_owned()>
            <div>
                <h1>"This link no longer works"</h1>
                <p class="lead quiet">
                    "Links in mails work once and for a short time. Perhaps it was used already, or it was not copied whole."
                </p>
            </div>
            <p class="small quiet ways">
                <a href=routes::APP_LOGIN>"Sign in"</a>
                <a href=routes::APP_FORGOT>"Set a new password"</a>
            </p>
        </Letter>
    }
}

/// An address, to get a link for a new password.
#[component]
pub fn ForgotPage(
    assets: &'static Assets,
    /// What was typed before.
    form: ForgotForm,
    /// What was wrong with it.
    problems: Problems,
) -> impl IntoView {
    view! {
        <Letter brand=None assets title="A new password".to_owned()>
            <div>
                <h1>"A new password"</h1>
                <p class="lead quiet">"Type your address. If it has an account, we send it a link."</p>
            </div>
            <form class="form" method="post" action=routes::APP_FORGOT>
                <TextField
                    name="email"
                    label="E-mail address"
                    kind="email"
                    value=form.email
                    problem=problems.of("email")
                    autocomplete="username"
                    maxlength=254
                />
                <button class="button primary">"Send me the link"</button>
            </form>
            <p class="small quiet ways">
                <a href=routes::APP_LOGIN>"Back to signing in"</a>
            </p>
        </Letter>
    }
}

/// The new password.
#[component]
pub fn ResetPage(
    assets: &'static Assets,
    /// Where the form is sent to.
    action: String,
    /// What was wrong with what was typed.
    problems: Problems,
) -> impl IntoView {
    view! {
        <Letter brand=None assets title="A new password".to_owned()>
            <div>
                <h1>"A new password"</h1>
                <p class="lead quiet">"Whoever is signed in to your account elsewhere will be signed out."</p>
            </div>
            <form class="form" method="post" action=action>
                <TextField
                    name="password"
                    label="New password"
                    kind="password"
                    value=String::new()
                    problem=problems.of("password")
                    hint=PASSWORD_HINT
                    autocomplete="new-password"
                    maxlength=256
                />
                <button class="button primary">"Set it and sign in"</button>
            </form>
        </Letter>
    }
}
