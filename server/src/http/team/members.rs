//! The people of the team and the invitations to it (rules T1a, T1b). For admins and owners.

use app::{
    api::team::{self as api, InviteForm, Role, Saved},
    error::AppError,
    pages::team::MembersPage,
    problem::Problems,
    routes,
};
use axum::{
    Form,
    extract::{Path, RawQuery, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use leptos::prelude::*;
use serde::Deserialize;

use super::{form_again, not_found, refuse, visit::Member};
use crate::state::App;

/// What the choice of a role sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct RoleForm {
    role: String,
}

/// The members and the invitations.
pub(in crate::http) async fn show(
    State(app): State<App>,
    member: Member,
    RawQuery(query): RawQuery,
) -> Response {
    let sent = query.as_deref() == Some("sent");
    page(&app, &member, InviteForm::default(), Problems::default(), sent).await
}

/// Invites somebody.
pub(in crate::http) async fn invite(
    State(app): State<App>,
    member: Member,
    Form(form): Form<InviteForm>,
) -> Response {
    // A form of ours sends one of the two; nobody is made an owner by invitation.
    let role = if form.role == Role::Admin.as_form_value() { Role::Admin } else { Role::Member };
    let done = api::invite(&member.executor(&app), &form.email, role).await;
    mailed(&app, &member, form, done).await
}

/// Sends an invitation again.
pub(in crate::http) async fn send(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
) -> Response {
    let done = api::send_invitation(&member.executor(&app), &id).await;
    mailed(&app, &member, InviteForm::default(), done).await
}

async fn mailed(app: &App, member: &Member, form: InviteForm, done: Result<Saved, AppError>) -> Response {
    match done {
        Ok(Saved::Saved(_)) => {
            app.bell.ring();
            Redirect::to(&format!("{}?sent", routes::APP_MEMBERS)).into_response()
        }
        Ok(Saved::Refused(problems)) => page(app, member, form, problems, false).await,
        Err(error) => refuse(member, &error),
    }
}

/// Takes an invitation back.
pub(in crate::http) async fn revoke(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
) -> Response {
    match api::revoke_invitation(&member.executor(&app), &id).await {
        Ok(true) => Redirect::to(routes::APP_MEMBERS).into_response(),
        Ok(false) => refuse(&member, &not_found()),
        Err(error) => refuse(&member, &error),
    }
}

/// Lets a member do something else.
pub(in crate::http) async fn set_role(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
    Form(form): Form<RoleForm>,
) -> Response {
    let Some(role) = Role::from_form_value(&form.role) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let done = api::set_member_role(&member.executor(&app), &id, role).await;
    changed(&app, &member, done).await
}

/// Removes a member.
pub(in crate::http) async fn remove(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
) -> Response {
    let done = api::remove_member(&member.executor(&app), &id).await;
    changed(&app, &member, done).await
}

async fn changed(app: &App, member: &Member, done: Result<Saved, AppError>) -> Response {
    match done {
        Ok(Saved::Saved(_)) => Redirect::to(routes::APP_MEMBERS).into_response(),
        Ok(Saved::Refused(problems)) => page(app, member, InviteForm::default(), problems, false).await,
        Err(error) => refuse(member, &error),
    }
}

async fn page(app: &App, member: &Member, form: InviteForm, problems: Problems, sent: bool) -> Response {
    let people = match api::people(&member.executor(app)).await {
        Ok(people) => people,
        Err(error) => return refuse(member, &error),
    };
    let frame = member.frame(app);
    form_again(problems, move |problems| view! { <MembersPage frame people form problems sent/> })
}
