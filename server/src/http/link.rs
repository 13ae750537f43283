//! Behind the link in the mail (rules L4 to L7): a GET shows, a POST consumes.

use app::{
    pages::portal::{Choice, ChooserPage, DeadLinkPage, LinkPage},
    routes,
};
use axum::{
    Form,
    extract::{Path, State, rejection::FormRejection},
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use leptos::prelude::*;
use serde::Deserialize;

use super::{client::Client, login};
use crate::{
    auth::{
        cookie::{self, CookieName},
        pending::Pending,
        session::{self, Side},
        token::Code,
    },
    error::Result,
    http::nonce::render,
    log,
    login::{CodeOutcome, SignedIn, consume_code, consume_link, find_link},
    site,
    state::App,
};

/// What the code's form sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CodeForm {
    code: String,
}

/// Shows whose portal the link opens, and a button. In the browser that asked a script presses it.
pub(super) async fn show(
    State(app): State<App>,
    client: Client,
    headers: HeaderMap,
    Path(token): Path<String>,
) -> Result<Response> {
    let Some(link) = find_link(&app.store, &token).await? else { return dead(&app, &client).await };
    let asked_here = login::read_pending(&app, &headers).is_some_and(|pending: Pending| {
        link.pending_hash.as_deref().is_some_and(|hash| hash == pending.hash())
    });
    let brand = login::org_brand(&app, &link.org_slug).await?;
    let (assets, action) = (site::assets(), routes::portal_link(&token));
    let page =
        move || view! { <LinkPage brand assets client_name=link.client_name action at_once=asked_here/> };
    Ok(Html(render(page)).into_response())
}

/// Consumes the link.
pub(super) async fn consume(
    State(app): State<App>,
    client: Client,
    headers: HeaderMap,
    Path(token): Path<String>,
) -> Result<Response> {
    client.within(&app.flood_limit)?;
    match consume_link(&app.store, app.config.portal_session_ttl, &token, &client.origin).await? {
        Some(signed_in) => enter(&app, (&client, &headers), signed_in).await,
        None => dead(&app, &client).await,
    }
}

/// Takes the code on the page without a brand.
pub(super) async fn code(
    State(app): State<App>,
    client: Client,
    headers: HeaderMap,
    form: Result<Form<CodeForm>, FormRejection>,
) -> Result<Response> {
    take_code(&app, &client, &headers, None, form).await
}

/// Takes the code on an org's page.
pub(super) async fn org_code(
    State(app): State<App>,
    client: Client,
    headers: HeaderMap,
    Path(org): Path<String>,
    form: Result<Form<CodeForm>, FormRejection>,
) -> Result<Response> {
    take_code(&app, &client, &headers, Some(&org), form).await
}

async fn take_code(
    app: &App,
    client: &Client,
    headers: &HeaderMap,
    org: Option<&str>,
    form: Result<Form<CodeForm>, FormRejection>,
) -> Result<Response> {
    client.within(&app.flood_limit)?;
    let Form(form) = match form {
        Ok(form) => form,
        Err(rejection) => return Ok(rejection.into_response()),
    };
    let brand = match org {
        Some(org) => Some(login::org_brand(app, org).await?),
        None => login::sole_brand(app).await?,
    };
    let outcome = match (login::read_pending(app, headers), Code::parse(&form.code)) {
        (Some(pending), Some(code)) => {
            let (secrets, ttl) = (&app.config.portal_secrets, app.config.portal_session_ttl);
            consume_code(&app.store, secrets, ttl, &pending, &code, &client.origin).await?
        }
        _ => CodeOutcome::Refused,
    };
    Ok(match outcome {
        CodeOutcome::SignedIn(signed_in) => enter(app, (client, headers), signed_in).await?,
        CodeOutcome::Choose(choices) => {
            let choices = choices
                .into_iter()
                .map(|choice| Choice {
                    org_name: choice.org_name,
                    client_name: choice.client_name,
                    action: routes::portal_link(&choice.link_token),
                })
                .collect();
            Html(render(move || view! { <ChooserPage brand assets=site::assets() choices/> })).into_response()
        }
        CodeOutcome::Refused => {
            log::refused("wrong code", &client.origin);
            login::explained(StatusCode::UNPROCESSABLE_ENTITY, login::sent_page(app, brand, org, true))
        }
    })
}

/// Into the portal with a fresh session, to the page that was wanted. The session that this browser had has
/// ended.
async fn enter(app: &App, (client, headers): (&Client, &HeaderMap), signed_in: SignedIn) -> Result<Response> {
    if let Some(before) = app.portal_token(headers) {
        app.store.system().replace_portal_session(&before.hash(), &client.origin).await?;
    }
    let https = app.config.public_url.is_https();
    let value = session::sign(&app.config.portal_secrets, Side::Portal, signed_in.token);
    let to = signed_in.next.as_deref().unwrap_or(routes::PORTAL);
    let mut response = Redirect::to(to).into_response();
    let max_age = app.config.portal_session_ttl.as_secs();
    let headers = response.headers_mut();
    headers.append(header::SET_COOKIE, cookie::set(CookieName::Portal, &value, max_age, https));
    for over in [CookieName::Pending, CookieName::Preview] {
        headers.append(header::SET_COOKIE, cookie::set(over, "", 0, https));
    }
    Ok(response)
}

/// One friendly page for used, expired, unknown and mistyped links alike.
async fn dead(app: &App, client: &Client) -> Result<Response> {
    log::refused("dead link", &client.origin);
    let brand = login::sole_brand(app).await?;
    let (assets, action, link_minutes) =
        (site::assets(), routes::PORTAL_LOGIN.to_owned(), login::link_minutes(app));
    let html = render(move || view! { <DeadLinkPage brand assets action link_minutes/> });
    Ok(login::explained(StatusCode::NOT_FOUND, html))
}
