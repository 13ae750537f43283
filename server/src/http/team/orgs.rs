//! Several orgs of one person (rule T1c): which they are, going from one to another, and one more.

use app::{
    pages::team::{NewOrgForm, NewOrgPage, OrgsPage, OwnOrg},
    problem::Problems,
    routes,
};
use axum::{
    Form,
    extract::State,
    http::HeaderMap,
    response::{Html, IntoResponse as _, Redirect, Response},
};
use leptos::prelude::*;
use serde::Deserialize;

use super::{
    form_again, not_found, refuse, role,
    sign_up::{browser_locale, closed, may_sign_up},
    visit::Member,
};
use crate::{
    account::{make_org, own_orgs, switch as go_to},
    error::{Error, Result},
    http::nonce::render,
    state::App,
};

/// Where to go: an org's short name.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct SwitchForm {
    org: String,
}

/// The orgs of whoever is signed in.
pub(in crate::http) async fn list(State(app): State<App>, member: Member) -> Result<Response> {
    let orgs = own_orgs(&app.store, &member.visit.actor).await?;
    let orgs: Vec<OwnOrg> = orgs
        .into_iter()
        .map(|row| OwnOrg { slug: row.slug, name: row.name, role: role(&row.role) })
        .collect();
    let can_make = may_sign_up(&app).await?;
    let frame = member.frame(&app);
    Ok(Html(render(move || view! { <OrgsPage frame orgs can_make/> })).into_response())
}

/// Goes to another org. One that is not the person's is one that does not exist (rule I5).
pub(in crate::http) async fn switch(
    State(app): State<App>,
    member: Member,
    Form(form): Form<SwitchForm>,
) -> Result<Response> {
    match go_to(&app.store, &member.visit.actor, &form.org, &member.client.origin).await {
        Ok(()) => Ok(Redirect::to(routes::APP).into_response()),
        Err(Error::NotFound) => Ok(refuse(&member, &not_found())),
        Err(error) => Err(error),
    }
}

/// The form for one more org.
pub(in crate::http) async fn new(State(app): State<App>, member: Member) -> Result<Response> {
    if !may_sign_up(&app).await? {
        return Ok(closed());
    }
    Ok(again(&app, &member, NewOrgForm::default(), Problems::default()))
}

/// Makes it.
pub(in crate::http) async fn make(
    State(app): State<App>,
    member: Member,
    headers: HeaderMap,
    Form(form): Form<NewOrgForm>,
) -> Result<Response> {
    member.client.within(&app.flood_limit)?;
    if !may_sign_up(&app).await? {
        return Ok(closed());
    }
    let locale = browser_locale(&headers);
    let made = make_org(&app.store, &member.visit, &form.name, &locale, &member.client.origin).await?;
    Ok(match made {
        Ok(()) => Redirect::to(routes::APP).into_response(),
        Err(problems) => again(&app, &member, form, problems.into()),
    })
}

fn again(app: &App, member: &Member, form: NewOrgForm, problems: Problems) -> Response {
    let frame = member.frame(app);
    form_again(problems, move |problems| view! { <NewOrgPage frame form problems/> })
}
