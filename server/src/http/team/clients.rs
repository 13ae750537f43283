//! Clients: the list, one of them, its form, and putting it away.

use app::{
    api::team::{self as api, ClientForm, Saved},
    pages::team::{ClientFormPage, ClientPage, ClientsPage},
    problem::Problems,
    routes,
};
use axum::{
    Form,
    extract::{Path, Query, RawQuery, State, rejection::QueryRejection},
    response::{IntoResponse as _, Redirect, Response},
};
use leptos::prelude::*;

use super::{form_again, not_found, refuse, respond, visit::Member};
use crate::{http::list_query::ListQuery, http::nonce::render, state::App};

/// The list.
pub(in crate::http) async fn list(
    State(app): State<App>,
    member: Member,
    query: Result<Query<ListQuery>, QueryRejection>,
    RawQuery(raw): RawQuery,
) -> Response {
    let Query(query) = query.unwrap_or_default();
    let imported = raw.as_deref() == Some("imported");
    let archived = query.shelf == "archived";
    let search = query.search();
    let page = api::clients(&member.executor(&app), archived, &search, &query.page()).await;
    let frame = member.frame(&app);
    respond(
        &member,
        page.map(|page| render(move || view! { <ClientsPage frame archived search page imported/> })),
    )
}

/// One client.
pub(in crate::http) async fn show(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
) -> Response {
    let client =
        api::client(&member.executor(&app), &id).await.and_then(|client| client.ok_or_else(not_found));
    let frame = member.frame(&app);
    respond(&member, client.map(|client| render(move || view! { <ClientPage frame client/> })))
}

/// The form for a new client, in the org's own currency as far as it is known.
pub(in crate::http) async fn new(State(app): State<App>, member: Member) -> Response {
    let form = ClientForm { currency: "EUR".to_owned(), ..ClientForm::default() };
    form_page(&app, &member, None, form, Problems::default())
}

/// Adds a client.
pub(in crate::http) async fn add(
    State(app): State<App>,
    member: Member,
    Form(form): Form<ClientForm>,
) -> Response {
    save(&app, &member, None, form).await
}

/// The form for a client that is there.
pub(in crate::http) async fn edit(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
) -> Response {
    match api::client(&member.executor(&app), &id).await {
        Ok(Some(client)) => form_page(&app, &member, Some(id), client.into(), Problems::default()),
        Ok(None) => refuse(&member, &not_found()),
        Err(error) => refuse(&member, &error),
    }
}

/// Changes a client.
pub(in crate::http) async fn change(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
    Form(form): Form<ClientForm>,
) -> Response {
    save(&app, &member, Some(id), form).await
}

async fn save(app: &App, member: &Member, id: Option<String>, mut form: ClientForm) -> Response {
    match api::save_client(&member.executor(app), id.as_deref(), &form).await {
        Ok(Saved::Saved(id)) => Redirect::to(&routes::app_client(&id)).into_response(),
        Ok(Saved::Refused(problems)) => {
            if let (Some(id), true) = (&id, problems.of("version").is_some()) {
                // Whoever has read that somebody was faster may save again.
                if let Ok(Some(now)) = api::client(&member.executor(app), id).await {
                    form.version = now.version;
                }
            }
            form_page(app, member, id, form, problems)
        }
        Err(error) => refuse(member, &error),
    }
}

fn form_page(
    app: &App,
    member: &Member,
    id: Option<String>,
    form: ClientForm,
    problems: Problems,
) -> Response {
    let frame = member.frame(app);
    form_again(problems, move |problems| view! { <ClientFormPage frame id form problems/> })
}

/// Puts a client away.
pub(in crate::http) async fn archive(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
) -> Response {
    shelve(&app, &member, &id, true).await
}

/// Takes a client back.
pub(in crate::http) async fn restore(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
) -> Response {
    shelve(&app, &member, &id, false).await
}

/// What is so already stays so: a form that is sent twice does no harm.
async fn shelve(app: &App, member: &Member, id: &str, archived: bool) -> Response {
    match api::archive_client(&member.executor(app), id, archived).await {
        Ok(_) => Redirect::to(&routes::app_client(id)).into_response(),
        Err(error) => refuse(member, &error),
    }
}
