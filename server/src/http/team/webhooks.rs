//! Webhooks (rule G3): set up and looked at by admins and owners.

use app::{
    api::team::{self as api, Saved, Webhook, WebhookForm},
    error::AppError,
    pages::team::{WebhookPage, WebhooksPage},
    problem::Problems,
    routes,
};
use axum::{
    extract::{Path, Query, RawForm, State, rejection::QueryRejection},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use leptos::prelude::*;

use super::{form_again, not_found, refuse, visit::Member};
use crate::{http::list_query::ListQuery, state::App};

/// A box that is ticked comes once for each.
fn read(RawForm(bytes): &RawForm) -> WebhookForm {
    let mut form = WebhookForm::default();
    for (name, value) in url::form_urlencoded::parse(bytes) {
        match &*name {
            "url" => form.url = value.into_owned(),
            "events" => form.events.push(value.into_owned()),
            _ => {}
        }
    }
    form
}

/// The webhooks, and the form for one more.
pub(in crate::http) async fn list(State(app): State<App>, member: Member) -> Response {
    all(&app, &member, WebhookForm::default(), Problems::default()).await
}

/// Adds one.
pub(in crate::http) async fn add(State(app): State<App>, member: Member, form: RawForm) -> Response {
    let form = read(&form);
    match api::save_webhook(&member.executor(&app), None, &form).await {
        Ok(Saved::Saved(id)) => Redirect::to(&routes::app_webhook(&id)).into_response(),
        Ok(Saved::Refused(problems)) => all(&app, &member, form, problems).await,
        Err(error) => refuse(&member, &error),
    }
}

async fn all(app: &App, member: &Member, form: WebhookForm, problems: Problems) -> Response {
    let webhooks = match api::webhooks(&member.executor(app)).await {
        Ok(webhooks) => webhooks,
        Err(error) => return refuse(member, &error),
    };
    let frame = member.frame(app);
    form_again(problems, move |problems| view! { <WebhooksPage frame webhooks form problems/> })
}

/// One webhook, with what was sent.
pub(in crate::http) async fn show(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Response {
    let Query(query) = query.unwrap_or_default();
    one(&app, &member, &id, &query, None).await
}

/// Changes one.
pub(in crate::http) async fn change(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
    form: RawForm,
) -> Response {
    let form = read(&form);
    match api::save_webhook(&member.executor(&app), Some(&id), &form).await {
        Ok(Saved::Saved(_)) => Redirect::to(&routes::app_webhook(&id)).into_response(),
        Ok(Saved::Refused(problems)) => {
            one(&app, &member, &id, &ListQuery::default(), Some((form, problems))).await
        }
        Err(error) => refuse(&member, &error),
    }
}

async fn one(
    app: &App,
    member: &Member,
    id: &str,
    query: &ListQuery,
    typed: Option<(WebhookForm, Problems)>,
) -> Response {
    let executor = member.executor(app);
    let found = async {
        let webhook: Webhook = api::webhooks(&executor)
            .await?
            .into_iter()
            .find(|webhook| webhook.id == id)
            .ok_or_else(not_found)?;
        let deliveries = api::webhook_deliveries(&executor, id, &query.page()).await?;
        Ok::<_, AppError>((webhook, deliveries))
    };
    let (webhook, deliveries) = match found.await {
        Ok(found) => found,
        Err(error) => return refuse(member, &error),
    };
    let (form, problems) = typed.unwrap_or_else(|| {
        let form = WebhookForm { url: webhook.url.clone(), events: webhook.events.clone() };
        (form, Problems::default())
    });
    let frame = member.frame(app);
    form_again(problems, move |problems| view! { <WebhookPage frame webhook deliveries form problems/> })
}

/// Does something with one.
pub(in crate::http) async fn act(
    State(app): State<App>,
    member: Member,
    Path((id, act)): Path<(String, String)>,
) -> Response {
    let executor = member.executor(&app);
    let done = match act.as_str() {
        "test" => api::test_webhook(&executor, &id).await,
        "on" => api::enable_webhook(&executor, &id, true).await,
        "off" => api::enable_webhook(&executor, &id, false).await,
        "remove" => api::remove_webhook(&executor, &id).await,
        "send-failed" => api::send_webhook_again(&executor, &id, None).await.map(|_| true),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let then = if act == "remove" { routes::APP_WEBHOOKS.to_owned() } else { routes::app_webhook(&id) };
    finish(&app, &member, done, &then)
}

/// Sends an event again.
pub(in crate::http) async fn send(
    State(app): State<App>,
    member: Member,
    Path((id, event)): Path<(String, String)>,
) -> Response {
    let done = api::send_webhook_again(&member.executor(&app), &id, Some(&event)).await;
    finish(&app, &member, done.map(|count| count > 0), &routes::app_webhook(&id))
}

fn finish(app: &App, member: &Member, done: Result<bool, AppError>, then: &str) -> Response {
    match done {
        Ok(true) => {
            app.bell.ring();
            Redirect::to(then).into_response()
        }
        Ok(false) => refuse(member, &not_found()),
        Err(error) => refuse(member, &error),
    }
}
