//! Signing in and out, and a forgotten password (rule T1). No answer tells whether an address has an account.

use app::{
    pages::team::{
        DeadTeamLinkPage, ForgotForm, ForgotPage, MailSentPage, MailSentReason, ResetPage, SignInForm,
        SignInPage,
    },
    problem::Problems,
    routes,
};
use axum::{
    Form,
    extract::{Path, Query, State, rejection::FormRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse as _, Redirect, Response},
};
use leptos::prelude::*;
use serde::Deserialize;

use super::{
    form_again,
    sign_up::may_sign_up,
    visit::{Member, safe_next},
};
use crate::{
    account::{
        Credentials, Device, Entered, LIFETIME_SECONDS, Reset, SignIn, find_reset, request_reset,
        reset_password, sign_in as check_password,
    },
    auth::{
        cookie::{self, CookieName},
        session::{self, Side},
        team_session,
        token::Token,
    },
    error::Result,
    http::{client::Client, login::explained, nonce::render},
    log,
    login::Address,
    site,
    state::App,
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct NextQuery {
    next: String,
}

/// A password, as it is sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct PasswordForm {
    pub(super) password: String,
}

pub(super) type Sent<T> = Result<Form<T>, FormRejection>;

/// The password form.
pub(in crate::http) async fn sign_in_form(
    State(app): State<App>,
    Query(query): Query<NextQuery>,
) -> Result<Response> {
    let form = SignInForm { next: query.next, ..SignInForm::default() };
    sign_in_again(&app, form, Problems::default()).await
}

/// Signs in.
pub(in crate::http) async fn sign_in(
    State(app): State<App>,
    client: Client,
    headers: HeaderMap,
    form: Sent<SignInForm>,
) -> Result<Response> {
    client.within(&app.flood_limit)?;
    let Form(form) = match form {
        Ok(form) => form,
        Err(rejection) => return Ok(rejection.into_response()),
    };
    let Ok(address) = Address::parse(&form.email) else {
        return sign_in_again(&app, form, Problems::about_all(REFUSED)).await;
    };
    let credentials = Credentials {
        address: &address,
        password: &form.password,
        device: device(&app, &headers),
        origin: &client.origin,
    };
    match check_password(&app.store, &app.passwords, &credentials).await? {
        SignIn::Entered(entered) => enter(&app, (&client, &headers), &entered, safe_next(&form.next)).await,
        SignIn::Refused => sign_in_again(&app, form, Problems::about_all(REFUSED)).await,
        SignIn::TooMany => sign_in_again(&app, form, Problems::about_all(TOO_MANY)).await,
    }
}

/// The browser, if it has signed in to some account before.
pub(super) fn device(app: &App, headers: &HeaderMap) -> Option<Device> {
    let name = CookieName::Device.as_str(app.config.public_url.is_https());
    cookie::read(headers, name).and_then(|cookie| Device::verify(&app.config.team_secrets, &cookie))
}

const REFUSED: &str = "Address and password do not fit together. Check both, or set a new password by mail.";
const TOO_MANY: &str =
    "There were many attempts at this address. Wait a quarter of an hour, or set a new password by mail now.";

async fn sign_in_again(app: &App, form: SignInForm, problems: Problems) -> Result<Response> {
    let (assets, can_sign_up) = (site::assets(), may_sign_up(app).await?);
    let form = SignInForm {
        next: safe_next(&form.next).unwrap_or_default().to_owned(),
        // No longer than an address can be: what is shown again must not be a flood.
        email: form.email.chars().take(254).collect(),
        password: String::new(),
    };
    Ok(form_again(problems, move |problems| view! { <SignInPage assets form problems can_sign_up/> }))
}

/// The form for a forgotten password.
pub(in crate::http) async fn forgot_form() -> Response {
    forgot_again(ForgotForm::default(), Problems::default())
}

/// Asks for a link for a new password.
pub(in crate::http) async fn forgot(
    State(app): State<App>,
    client: Client,
    form: Sent<ForgotForm>,
) -> Result<Response> {
    client.within(&app.flood_limit)?;
    let Form(form) = match form {
        Ok(form) => form,
        Err(rejection) => return Ok(rejection.into_response()),
    };
    let problems = request_reset(&app.store, &app.config.team_secrets, &form.email, &client.origin).await?;
    if problems.is_empty() {
        app.bell.ring();
        return Ok(Redirect::to(routes::APP_FORGOT_SENT).into_response());
    }
    Ok(forgot_again(form, problems.into()))
}

fn forgot_again(form: ForgotForm, problems: Problems) -> Response {
    let assets = site::assets();
    form_again(problems, move |problems| view! { <ForgotPage assets form problems/> })
}

/// The answer to whoever asks for a new password.
pub(in crate::http) async fn forgot_sent() -> Html<String> {
    mail_sent(MailSentReason::Forgot)
}

pub(super) fn mail_sent(reason: MailSentReason) -> Html<String> {
    let assets = site::assets();
    Html(render(move || view! { <MailSentPage assets reason/> }))
}

/// The form behind the link for a new password.
pub(in crate::http) async fn reset_form(
    State(app): State<App>,
    client: Client,
    Path(token): Path<String>,
) -> Result<Response> {
    Ok(match find_reset(&app.store, &token).await? {
        Some(_) => reset_again(&token, Problems::default()),
        None => dead(&client),
    })
}

/// Sets a new password and signs in.
pub(in crate::http) async fn reset(
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
    match reset_password(&app.store, &app.passwords, &token, &form.password, &client.origin).await? {
        Reset::Entered(entered) => enter(&app, (&client, &headers), &entered, None).await,
        Reset::Problems(problems) => Ok(reset_again(&token, problems.into())),
        Reset::Dead => Ok(dead(&client)),
    }
}

fn reset_again(token: &str, problems: Problems) -> Response {
    let (assets, action) = (site::assets(), routes::app_reset_link(token));
    form_again(problems, move |problems| view! { <ResetPage assets action problems/> })
}

pub(super) fn dead(client: &Client) -> Response {
    log::refused("dead link", &client.origin);
    let assets = site::assets();
    explained(StatusCode::NOT_FOUND, render(move || view! { <DeadTeamLinkPage assets/> }))
}

/// Ends the session of this browser. Whoever has none is signed out already.
pub(in crate::http) async fn sign_out(
    State(app): State<App>,
    member: Result<Member, Response>,
) -> Result<Response> {
    if let Ok(member) = member {
        let actor = member.visit.actor;
        let who = (actor.org_id(), actor.member_id());
        app.store.system().end_team_session(actor.session_id()?, who, &member.client.origin).await?;
    }
    Ok(signed_out(&app))
}

/// Out: the cookie is taken away, and what the explorer has kept in the browser of what was typed there.
pub(super) fn signed_out(app: &App) -> Response {
    let mut response = Redirect::to(routes::APP_LOGIN).into_response();
    let https = app.config.public_url.is_https();
    let headers = response.headers_mut();
    headers.append(header::SET_COOKIE, cookie::set(CookieName::Team, "", 0, https));
    headers.insert("clear-site-data", HeaderValue::from_static("\"storage\""));
    response
}

/// In, with a fresh session; and this browser is known from now on. The session that it had has ended.
pub(super) async fn enter(
    app: &App,
    (client, headers): (&Client, &HeaderMap),
    entered: &Entered,
    next: Option<&str>,
) -> Result<Response> {
    if let Some(before) = app.team_token(headers) {
        app.store.system().replace_team_session(&before.hash(), &client.origin).await?;
    }
    let https = app.config.public_url.is_https();
    let mut response = Redirect::to(next.unwrap_or(routes::APP)).into_response();
    let headers = response.headers_mut();
    headers.append(header::SET_COOKIE, session_cookie(app, entered.token));
    let device = entered.device.sign(&app.config.team_secrets);
    headers.append(header::SET_COOKIE, cookie::set(CookieName::Device, &device, LIFETIME_SECONDS, https));
    Ok(response)
}

/// What the browser keeps of a session.
pub(super) fn session_cookie(app: &App, token: Token) -> HeaderValue {
    let session = session::sign(&app.config.team_secrets, Side::Team, token);
    let lifetime = u64::try_from(team_session::LONGEST.num_seconds()).unwrap_or_default();
    cookie::set(CookieName::Team, &session, lifetime, app.config.public_url.is_https())
}
