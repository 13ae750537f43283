//! Tokens for programs (rule G1): seen, made and revoked in person, by admins and owners.

use app::{
    api::team::{self as api, MadeToken, TokenForm},
    pages::team::TokensPage,
    problem::Problems,
    routes,
};
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use leptos::prelude::*;

use super::{form_again, not_found, refuse, visit::Member};
use crate::{clock::calendar_day, state::App};

/// The tokens, and the form for one more.
pub(in crate::http) async fn show(State(app): State<App>, member: Member) -> Response {
    page(&app, &member, TokenForm::default(), Problems::default(), None).await
}

/// Makes one. The page that answers is the only place that ever shows it: there is no redirect, and loading it again
/// asks first, and makes another one.
pub(in crate::http) async fn add(
    State(app): State<App>,
    member: Member,
    Form(form): Form<TokenForm>,
) -> Response {
    let today = calendar_day(app.clock.now(), member.visit.time_zone);
    match api::add_token(&member.executor(&app), &form, today).await {
        Ok(MadeToken::Made(token)) => {
            let mut page = page(&app, &member, TokenForm::default(), Problems::default(), Some(token)).await;
            *page.status_mut() = StatusCode::CREATED;
            page
        }
        Ok(MadeToken::Refused(problems)) => page(&app, &member, form, problems, None).await,
        Err(error) => refuse(&member, &error),
    }
}

/// Revokes one.
pub(in crate::http) async fn revoke(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
) -> Response {
    match api::revoke_token(&member.executor(&app), &id).await {
        Ok(true) => Redirect::to(routes::APP_TOKENS).into_response(),
        Ok(false) => refuse(&member, &not_found()),
        Err(error) => refuse(&member, &error),
    }
}

async fn page(
    app: &App,
    member: &Member,
    form: TokenForm,
    problems: Problems,
    made: Option<String>,
) -> Response {
    let tokens = match api::tokens(&member.executor(app)).await {
        Ok(tokens) => tokens,
        Err(error) => return refuse(member, &error),
    };
    let frame = member.frame(app);
    let endpoint = app.config.public_url.link(routes::GRAPHQL);
    form_again(problems, move |problems| view! { <TokensPage frame tokens form problems made endpoint/> })
}
