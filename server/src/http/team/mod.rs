//! The team's side over HTTP. Pages load their document and render; forms run one mutation or one verb
//! of `account`, and lead on by a redirect. A form that was wrong comes back with what was typed.

pub(super) mod account;
pub(super) mod activity;
pub(super) mod activity_file;
pub(super) mod clients;
pub(super) mod contacts;
pub(super) mod drafts;
pub(super) mod explorer;
pub(super) mod import;
pub(super) mod invoices;
pub(super) mod join;
pub(super) mod mailing;
pub(super) mod members;
pub(super) mod orgs;
pub(super) mod overview;
pub(super) mod own;
pub(super) mod payments;
pub(super) mod settings;
pub(super) mod sign_up;
pub(super) mod stripe;
pub(super) mod tokens;
pub(super) mod visit;
pub(super) mod webhooks;

use app::{error::AppError, problem::Problems};
use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use leptos::prelude::*;

use self::visit::Member;
use super::{login::explained, notice};
use crate::http::nonce::render;

/// A page, or why there is none.
fn respond(member: &Member, html: Result<String, AppError>) -> Response {
    match html {
        Ok(html) => axum::response::Html(html).into_response(),
        Err(error) => refuse(member, &error),
    }
}

pub(super) fn refuse(member: &Member, error: &AppError) -> Response {
    notice::branded_for_team(member.brand(), error.code, member.request_id.clone())
}

/// A role as the database names it. One that this version does not know may do nothing that it knows of.
fn role(word: &str) -> app::api::team::Role {
    app::api::team::Role::from_form_value(word).unwrap_or(app::api::team::Role::Member)
}

/// There is no such thing, or it is not this org's: the same answer (rule I5).
pub(super) fn not_found() -> AppError {
    AppError::new(app::error::ErrorCode::NotFound)
}

/// A form that comes back: 422, or as it is shown for the first time.
fn form_again<V: IntoView + 'static>(problems: Problems, view: impl FnOnce(Problems) -> V) -> Response {
    let is_fresh = problems.is_empty();
    let html = render(move || view(problems));
    if is_fresh {
        axum::response::Html(html).into_response()
    } else {
        explained(StatusCode::UNPROCESSABLE_ENTITY, html)
    }
}
