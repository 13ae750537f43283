//! The people at a client: their form, their portal access, their sessions, and removing them.

use app::{
    api::team::{self as api, Client, ContactForm, Saved},
    error::AppError,
    pages::team::ContactFormPage,
    problem::Problems,
    routes,
};
use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse as _, Redirect, Response},
};
use leptos::prelude::*;
use serde::Deserialize;

use super::{form_again, not_found, refuse, visit::Member};
use crate::state::App;

/// What the switch sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct AccessForm {
    access: String,
}

/// The form for a new contact.
pub(in crate::http) async fn new(
    State(app): State<App>,
    member: Member,
    Path(client): Path<String>,
) -> Response {
    let form = ContactForm { portal_access: "on".to_owned(), ..ContactForm::default() };
    form_page(&app, &member, &client, None, Some(form), Problems::default()).await
}

/// Adds a contact.
pub(in crate::http) async fn add(
    State(app): State<App>,
    member: Member,
    Path(client): Path<String>,
    Form(form): Form<ContactForm>,
) -> Response {
    save(&app, &member, &client, None, form).await
}

/// The form for a contact that is there.
pub(in crate::http) async fn edit(
    State(app): State<App>,
    member: Member,
    Path((client, id)): Path<(String, String)>,
) -> Response {
    form_page(&app, &member, &client, Some(id), None, Problems::default()).await
}

/// Changes a contact.
pub(in crate::http) async fn change(
    State(app): State<App>,
    member: Member,
    Path((client, id)): Path<(String, String)>,
    Form(form): Form<ContactForm>,
) -> Response {
    save(&app, &member, &client, Some(id), form).await
}

async fn save(app: &App, member: &Member, client: &str, id: Option<String>, form: ContactForm) -> Response {
    match api::save_contact(&member.executor(app), client, id.as_deref(), &form).await {
        Ok(Saved::Saved(_)) => Redirect::to(&routes::app_client(client)).into_response(),
        Ok(Saved::Refused(problems)) => form_page(app, member, client, id, Some(form), problems).await,
        Err(error) => refuse(member, &error),
    }
}

/// The form with what was typed, or with what is stored.
async fn form_page(
    app: &App,
    member: &Member,
    client: &str,
    id: Option<String>,
    typed: Option<ContactForm>,
    problems: Problems,
) -> Response {
    let Client { id: client_id, name: client_name, contacts, .. } =
        match api::client(&member.executor(app), client).await {
            Ok(Some(client)) => client,
            Ok(None) => return refuse(member, &not_found()),
            Err(error) => return refuse(member, &error),
        };
    let stored = id.as_ref().and_then(|id| contacts.into_iter().find(|contact| contact.id == *id));
    if id.is_some() && stored.is_none() {
        return refuse(member, &not_found());
    }
    let stored = stored.map(ContactForm::from);
    // Whoever has read that somebody was faster may save again.
    let version = stored.as_ref().map_or(0, |stored| stored.version);
    let form = match typed {
        Some(typed) if problems.of("version").is_some() => ContactForm { version, ..typed },
        Some(typed) => typed,
        None => stored.unwrap_or_default(),
    };
    let frame = member.frame(app);
    form_again(problems, move |problems| {
        view! { <ContactFormPage frame client_id client_name id form problems/> }
    })
}

/// Switches portal access.
pub(in crate::http) async fn access(
    State(app): State<App>,
    member: Member,
    Path((client, id)): Path<(String, String)>,
    Form(form): Form<AccessForm>,
) -> Response {
    let done = api::set_portal_access(&member.executor(&app), &client, &id, form.access == "on").await;
    back(&member, &client, done)
}

/// Ends the contact's sessions.
pub(in crate::http) async fn end_sessions(
    State(app): State<App>,
    member: Member,
    Path((client, id)): Path<(String, String)>,
) -> Response {
    let done = api::end_contact_sessions(&member.executor(&app), &client, &id).await;
    back(&member, &client, done.map(|ended| ended.is_some()))
}

/// Removes the contact. One that is gone already leads to the same page.
pub(in crate::http) async fn remove(
    State(app): State<App>,
    member: Member,
    Path((client, id)): Path<(String, String)>,
) -> Response {
    let done = api::remove_contact(&member.executor(&app), &client, &id).await;
    back(&member, &client, done.map(|_| true))
}

fn back(member: &Member, client: &str, done: Result<bool, AppError>) -> Response {
    match done {
        Ok(true) => Redirect::to(&routes::app_client(client)).into_response(),
        Ok(false) => refuse(member, &not_found()),
        Err(error) => refuse(member, &error),
    }
}
