//! The ways out: of this browser, of every browser, of one other.

use app::{api::portal as api, pages::portal::SignedOutPage, routes};
use axum::{
    Form,
    extract::{RawQuery, State},
    http::header,
    response::{Html, IntoResponse, Redirect, Response},
};
use leptos::prelude::*;
use serde::Deserialize;

use super::{login, notice, visit::Visitor};
use crate::{
    auth::cookie::{self, CookieName},
    error::Result,
    http::nonce::render,
    site,
    state::App,
};

/// Which session to end.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct EndForm {
    session: String,
}

/// What a browser sees after its session has ended.
pub(super) async fn signed_out(State(app): State<App>, RawQuery(query): RawQuery) -> Result<Html<String>> {
    let brand = login::sole_brand(&app).await?;
    let everywhere = query.as_deref() == Some("everywhere");
    let (assets, login_href) = (site::assets(), routes::PORTAL_LOGIN.to_owned());
    Ok(Html(render(move || view! { <SignedOutPage brand assets everywhere login_href/> })))
}

/// Ends the session of this browser. Whoever has none is signed out already.
pub(super) async fn sign_out(State(app): State<App>, visitor: Result<Visitor, Response>) -> Response {
    let Ok(visitor) = visitor else { return leave(&app, routes::PORTAL_SIGNED_OUT) };
    let own = visitor.visit.actor.session_id().to_string();
    match api::end_session(&visitor.executor(&app), &own).await {
        Ok(_) => leave(&app, routes::PORTAL_SIGNED_OUT),
        Err(error) => notice::branded(visitor.brand(), error.code, visitor.request_id),
    }
}

/// Ends every session of this contact.
pub(super) async fn sign_out_everywhere(State(app): State<App>, visitor: Visitor) -> Response {
    match api::end_sessions(&visitor.executor(&app), false).await {
        Ok(_) => leave(&app, routes::PORTAL_SIGNED_OUT_EVERYWHERE),
        Err(error) => notice::branded(visitor.brand(), error.code, visitor.request_id),
    }
}

/// Ends one other session. One that is gone already, or never was, leads to the same list.
pub(super) async fn end(State(app): State<App>, visitor: Visitor, Form(form): Form<EndForm>) -> Response {
    let own = visitor.visit.actor.session_id().to_string();
    match api::end_session(&visitor.executor(&app), &form.session).await {
        Ok(true) if form.session == own => leave(&app, routes::PORTAL_SIGNED_OUT),
        Ok(_) => Redirect::to(routes::PORTAL_ACCESS).into_response(),
        Err(error) => notice::branded(visitor.brand(), error.code, visitor.request_id),
    }
}

/// Takes the cookie away and leads out.
fn leave(app: &App, to: &str) -> Response {
    let mut response = Redirect::to(to).into_response();
    let https = app.config.public_url.is_https();
    response.headers_mut().append(header::SET_COOKIE, cookie::set(CookieName::Portal, "", 0, https));
    response
}
