//! The org's settings and its plan (rules T3, B2).

use app::{
    api::team::{self as api, OrgForm, Plan, Saved},
    error::AppError,
    money::write_plain,
    pages::team::{PlanPage, SettingsPage},
    problem::Problems,
    routes,
};
use axum::{
    Form,
    extract::{Multipart, RawQuery, State, multipart::MultipartRejection},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use leptos::prelude::*;
use serde::Deserialize;

use super::{form_again, refuse, respond, visit::Member};
use crate::{auth::actor::Role, directory::LARGEST_FILE, error::Error, http::nonce::render, state::App};

/// What the button of a plan sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct PlanForm {
    plan: String,
}

/// The settings. They are not for every member to see, since they are not for every member to change.
pub(in crate::http) async fn show(
    State(app): State<App>,
    member: Member,
    RawQuery(query): RawQuery,
) -> Response {
    if member.visit.actor.role() < Role::Admin {
        return refuse(&member, &Error::Forbidden.to_app());
    }
    let saved = query.as_deref() == Some("saved");
    match stored_form(&app, &member).await {
        Ok(form) => form_page(&app, &member, form, Problems::default(), saved),
        Err(error) => refuse(&member, &error),
    }
}

/// Changes the settings.
pub(in crate::http) async fn change(
    State(app): State<App>,
    member: Member,
    Form(mut form): Form<OrgForm>,
) -> Response {
    match api::save_org(&member.executor(&app), &form).await {
        Ok(Saved::Saved(_)) => Redirect::to(&format!("{}?saved", routes::APP_SETTINGS)).into_response(),
        Ok(Saved::Refused(problems)) => {
            if problems.of("version").is_some() {
                // Whoever has read that somebody was faster may save again.
                if let Ok(now) = api::org(&member.executor(&app)).await {
                    form.version = now.form.version;
                }
            }
            form_page(&app, &member, form, problems, false)
        }
        Err(error) => refuse(&member, &error),
    }
}

/// Takes a logo from a form. What is wrong with it stands beside its field; the settings are as they were.
pub(in crate::http) async fn set_logo(
    State(app): State<App>,
    member: Member,
    multipart: Result<Multipart, MultipartRejection>,
) -> Response {
    if member.visit.actor.role() < Role::Admin {
        return refuse(&member, &Error::Forbidden.to_app());
    }
    let Ok(multipart) = multipart else { return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response() };
    // A file that does not arrive whole is too large, or none.
    let file = read_file(multipart).await.unwrap_or_else(|| vec![0; LARGEST_FILE + 1]);
    match api::set_logo(&member.executor(&app), &STANDARD.encode(file)).await {
        Ok(Saved::Saved(_)) => Redirect::to(&format!("{}?saved", routes::APP_SETTINGS)).into_response(),
        Ok(Saved::Refused(problems)) => match stored_form(&app, &member).await {
            Ok(form) => form_page(&app, &member, form, problems, false),
            Err(error) => refuse(&member, &error),
        },
        Err(error) => refuse(&member, &error),
    }
}

/// The first file of the form; `None` where it is too large.
pub(in crate::http) async fn read_file(mut multipart: Multipart) -> Option<Vec<u8>> {
    while let Some(field) = multipart.next_field().await.ok()? {
        if field.name() == Some("logo") {
            return field.bytes().await.ok().map(|bytes| bytes.to_vec());
        }
    }
    Some(Vec::new())
}

/// Takes the logo away.
pub(in crate::http) async fn remove_logo(State(app): State<App>, member: Member) -> Response {
    match api::remove_logo(&member.executor(&app)).await {
        Ok(_) => Redirect::to(&format!("{}?saved", routes::APP_SETTINGS)).into_response(),
        Err(error) => refuse(&member, &error),
    }
}

/// The settings as they are stored.
async fn stored_form(app: &App, member: &Member) -> Result<OrgForm, AppError> {
    let org = api::org(&member.executor(app)).await?;
    let decimal_sign = member.frame(app).formats.decimal_sign();
    Ok(OrgForm {
        default_tax_rate: write_plain(org.default_tax_ppm, 4, decimal_sign),
        payment_days: org.days.to_string(),
        ..org.form
    })
}

fn form_page(app: &App, member: &Member, form: OrgForm, problems: Problems, saved: bool) -> Response {
    let frame = member.frame(app);
    form_again(problems, move |problems| view! { <SettingsPage frame form problems saved/> })
}

/// The plans.
pub(in crate::http) async fn plan(State(app): State<App>, member: Member) -> Response {
    let org = api::org(&member.executor(&app)).await;
    let frame = member.frame(&app);
    respond(&member, org.map(|org| render(move || view! { <PlanPage frame plan=org.plan/> })))
}

/// Changes the plan.
pub(in crate::http) async fn set_plan(
    State(app): State<App>,
    member: Member,
    Form(form): Form<PlanForm>,
) -> Response {
    let Some(plan) = Plan::from_form_value(&form.plan) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    match api::set_plan(&member.executor(&app), plan).await {
        Ok(_) => {
            app.bell.ring();
            Redirect::to(routes::APP_PLAN).into_response()
        }
        Err(error) => refuse(&member, &error),
    }
}
