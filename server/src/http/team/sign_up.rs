//! Signing up (rule T1): a form, a mail, and a page that asks for the password once more. No answer tells whether an
//! address has an account.

use app::{
    pages::team::{MailSentReason, SignUpClosedPage, SignUpConfirmPage, SignUpForm, SignUpPage},
    problem::Problems,
    routes,
};
use axum::{
    Form,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse as _, Redirect, Response},
};
use leptos::prelude::*;

use super::{
    account::{PasswordForm, Sent, dead, enter, mail_sent},
    form_again,
};
use crate::{
    account::{Confirmed, Confirming, NewAccount, confirm_sign_up, find_sign_up, request_sign_up},
    config::SignUp,
    error::Result,
    http::{client::Client, login::explained, nonce::render},
    site,
    state::App,
};

/// The form for a new org.
pub(in crate::http) async fn form(State(app): State<App>) -> Result<Response> {
    if !may_sign_up(&app).await? {
        return Ok(closed());
    }
    Ok(again(SignUpForm::default(), Problems::default()))
}

/// Asks for a new org.
pub(in crate::http) async fn request(
    State(app): State<App>,
    client: Client,
    headers: HeaderMap,
    form: Sent<SignUpForm>,
) -> Result<Response> {
    client.within(&app.flood_limit)?;
    if !may_sign_up(&app).await? {
        return Ok(closed());
    }
    let Form(form) = match form {
        Ok(form) => form,
        Err(rejection) => return Ok(rejection.into_response()),
    };
    let account = NewAccount {
        name: form.name.clone(),
        org_name: form.org_name.clone(),
        email: form.email.clone(),
        password: form.password.clone(),
        locale: browser_locale(&headers),
    };
    let problems =
        request_sign_up(&app.store, &app.passwords, &app.config.team_secrets, &account, &client.origin)
            .await?;
    if problems.is_empty() {
        app.bell.ring();
        return Ok(Redirect::to(routes::APP_SIGN_UP_SENT).into_response());
    }
    Ok(again(form, problems.into()))
}

fn again(form: SignUpForm, problems: Problems) -> Response {
    let assets = site::assets();
    form_again(problems, move |problems| view! { <SignUpPage assets form problems/> })
}

pub(super) fn closed() -> Response {
    let assets = site::assets();
    explained(StatusCode::FORBIDDEN, render(move || view! { <SignUpClosedPage assets/> }))
}

/// Whether a stranger may make an org here, as the operator has decided.
pub(super) async fn may_sign_up(app: &App) -> Result<bool> {
    match app.config.sign_up {
        SignUp::Open => Ok(true),
        SignUp::Closed => Ok(false),
        SignUp::First => app.store.system().has_no_org().await,
    }
}

/// The answer to every sign-up.
pub(in crate::http) async fn sent() -> Html<String> {
    mail_sent(MailSentReason::SignUp)
}

/// Shows what the link of a sign-up does.
pub(in crate::http) async fn link(
    State(app): State<App>,
    client: Client,
    Path(token): Path<String>,
) -> Result<Response> {
    Ok(match find_sign_up(&app.store, &token).await? {
        Some(found) => confirm_again(&token, found.org_name, Problems::default()),
        None => dead(&client),
    })
}

const REFUSED: &str = "This is not the password that was chosen when signing up.";
const TOO_MANY: &str =
    "There were many attempts with this link. Wait a quarter of an hour, or sign up again.";

/// Makes the org and signs in.
pub(in crate::http) async fn confirm(
    State(app): State<App>,
    client: Client,
    headers: HeaderMap,
    Path(token): Path<String>,
    form: Sent<PasswordForm>,
) -> Result<Response> {
    client.within(&app.flood_limit)?;
    let Form(form) = match form {
        Ok(form) => form,
        Err(rejection) => return Ok(rejection.into_response()),
    };
    let Some(found) = find_sign_up(&app.store, &token).await? else { return Ok(dead(&client)) };
    // Asked again of a link that is good: there may have been no org yet when it was mailed.
    if !may_sign_up(&app).await? {
        return Ok(closed());
    }
    let confirming = Confirming {
        password: &form.password,
        is_for_the_first: app.config.sign_up == SignUp::First,
        origin: &client.origin,
    };
    match confirm_sign_up(&app.store, &app.passwords, &token, &confirming).await? {
        Confirmed::Entered(entered) => enter(&app, (&client, &headers), &entered, None).await,
        Confirmed::Refused => Ok(confirm_again(&token, found.org_name, Problems::about_all(REFUSED))),
        Confirmed::TooMany => Ok(confirm_again(&token, found.org_name, Problems::about_all(TOO_MANY))),
        Confirmed::Closed => Ok(closed()),
        Confirmed::Dead => Ok(dead(&client)),
    }
}

fn confirm_again(token: &str, org_name: String, problems: Problems) -> Response {
    let (assets, action) = (site::assets(), routes::app_sign_up_link(token));
    form_again(problems, move |problems| view! { <SignUpConfirmPage assets org_name problems action/> })
}

/// The first language that the browser asks for, if it is one.
pub(super) fn browser_locale(headers: &HeaderMap) -> String {
    headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .and_then(|languages| languages.split([',', ';']).next())
        .map(str::trim)
        .filter(|tag| app::format::is_locale(tag))
        .unwrap_or("en-GB")
        .to_owned()
}
