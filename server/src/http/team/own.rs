//! One's own account (rules T1d, S2): name, address, password, sessions, and leaving an org. It belongs to
//! the person, so it is no part of the schema, which is an org's.

use app::{
    api::team::{self as api, Saved},
    pages::team::{AccountForm, AccountPage, EmailConfirmPage, OwnAccount, OwnSession},
    problem::Problems,
    routes,
};
use axum::{
    Form,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, header},
    response::{Html, IntoResponse as _, Redirect, Response},
};
use leptos::prelude::*;
use serde::Deserialize;

use super::{
    account::{dead, device, session_cookie, signed_out},
    form_again, not_found, refuse,
    visit::Member,
};
use crate::{
    account::{
        Change, Own, change_password, confirm_email_change, end_other_sessions, end_session as end_one,
        find_email_change, own_sessions, rename, request_email_change, switch_after_leaving,
    },
    error::Result,
    http::client::Client,
    http::nonce::render,
    site,
    state::App,
};

/// Which session is to end.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct SessionForm {
    session: String,
}

/// The account.
pub(in crate::http) async fn show(
    State(app): State<App>,
    member: Member,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let done = query.as_deref().and_then(|query| query.strip_prefix("done=")).unwrap_or_default();
    page(&app, &member, fresh(&member), Problems::default(), done).await
}

/// Another name.
pub(in crate::http) async fn set_name(
    State(app): State<App>,
    member: Member,
    Form(form): Form<AccountForm>,
) -> Result<Response> {
    let change = rename(&app.store, &member.visit.actor, &form.name).await?;
    answer(&app, &member, form, change, "name").await
}

/// Another password.
pub(in crate::http) async fn set_password(
    State(app): State<App>,
    member: Member,
    headers: HeaderMap,
    Form(form): Form<AccountForm>,
) -> Result<Response> {
    member.client.within(&app.flood_limit)?;
    let own = own(&app, &member, &headers);
    let change =
        change_password(&app.store, &app.passwords, own, &form.current_password, &form.new_password).await?;
    let form = AccountForm { name: member.visit.person_name.clone(), ..form };
    answer(&app, &member, form, change, "password").await
}

/// Another address, to be proven by a link. The answer is the same whether it can be had or not.
pub(in crate::http) async fn set_email(
    State(app): State<App>,
    member: Member,
    headers: HeaderMap,
    Form(form): Form<AccountForm>,
) -> Result<Response> {
    member.client.within(&app.flood_limit)?;
    let own = own(&app, &member, &headers);
    let secrets = &app.config.team_secrets;
    let change =
        request_email_change(&app.store, &app.passwords, secrets, own, &form.email, &form.password).await?;
    app.bell.ring();
    let form = AccountForm { name: member.visit.person_name.clone(), ..form };
    answer(&app, &member, form, change, "email").await
}

/// Shows what the link of a new address does.
pub(in crate::http) async fn email_link(
    State(app): State<App>,
    client: Client,
    Path(token): Path<String>,
) -> Result<Response> {
    let Some(found) = find_email_change(&app.store, &token).await? else { return Ok(dead(&client)) };
    let (assets, action, email) = (site::assets(), routes::app_email_link(&token), found.email);
    Ok(Html(render(move || view! { <EmailConfirmPage assets email action/> })).into_response())
}

/// Changes the address. Whoever is not signed in here signs in with it.
pub(in crate::http) async fn confirm_email(
    State(app): State<App>,
    client: Client,
    Path(token): Path<String>,
) -> Result<Response> {
    client.within(&app.flood_limit)?;
    Ok(if confirm_email_change(&app.store, &token, &client.origin).await? {
        done("email-changed")
    } else {
        dead(&client)
    })
}

/// Ends one other session.
pub(in crate::http) async fn end_session(
    State(app): State<App>,
    member: Member,
    Form(form): Form<SessionForm>,
) -> Result<Response> {
    let ended = end_one(&app.store, &member.visit.actor, &form.session, &member.client.origin).await?;
    Ok(if ended { done("session") } else { refuse(&member, &not_found()) })
}

/// Ends all other sessions.
pub(in crate::http) async fn end_others(State(app): State<App>, member: Member) -> Result<Response> {
    end_other_sessions(&app.store, &member.visit.actor, &member.client.origin).await?;
    Ok(done("sessions"))
}

/// Leaves the org, for another of the person's if there is one.
pub(in crate::http) async fn leave(State(app): State<App>, member: Member) -> Result<Response> {
    match api::leave(&member.executor(&app)).await {
        Ok(Saved::Saved(_)) => {
            let actor = &member.visit.actor;
            let stays = switch_after_leaving(&app.store, actor, &member.client.origin).await?;
            Ok(if stays { Redirect::to(routes::APP).into_response() } else { signed_out(&app) })
        }
        Ok(Saved::Refused(problems)) => page(&app, &member, fresh(&member), problems, "").await,
        Err(error) => Ok(refuse(&member, &error)),
    }
}

fn own<'a>(app: &App, member: &'a Member, headers: &HeaderMap) -> Own<'a> {
    Own { visit: &member.visit, device: device(app, headers), origin: &member.client.origin }
}

fn fresh(member: &Member) -> AccountForm {
    AccountForm { name: member.visit.person_name.clone(), ..AccountForm::default() }
}

fn done(what: &str) -> Response {
    Redirect::to(&format!("{}?done={what}", routes::APP_ACCOUNT)).into_response()
}

async fn answer(
    app: &App,
    member: &Member,
    form: AccountForm,
    change: Change,
    what: &str,
) -> Result<Response> {
    match change {
        Change::Made => Ok(done(what)),
        Change::Renewed(token) => {
            let mut response = done(what);
            response.headers_mut().append(header::SET_COOKIE, session_cookie(app, token));
            Ok(response)
        }
        Change::Problems(problems) => page(app, member, form, problems.into(), "").await,
    }
}

async fn page(
    app: &App,
    member: &Member,
    form: AccountForm,
    problems: Problems,
    done: &str,
) -> Result<Response> {
    let current = member.visit.actor.session_id()?;
    let sessions = own_sessions(&app.store, &member.visit.actor).await?;
    let sessions = sessions.into_iter().map(|row| OwnSession {
        current: row.id == current,
        id: row.id.to_string(),
        browser: row.browser,
        ip_short: row.ip_short,
        created_at: row.created_at,
        last_used_at: row.last_used_at,
    });
    let account = OwnAccount { sessions: sessions.collect(), done: done.to_owned() };
    let frame = member.frame(app);
    Ok(form_again(problems, move |problems| view! { <AccountPage frame account form problems/> }))
}
