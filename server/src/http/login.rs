//! The login page, and the one neutral answer to whoever asks for a link (rules L1, L2).

use app::{
    layout::Brand,
    pages::portal::{LoginPage, LoginSentPage},
    routes,
    text::LoginProblem,
};
use axum::{
    Form,
    extract::{Path, Query, State, rejection::FormRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use leptos::prelude::*;
use serde::Deserialize;

use super::{client::Client, notice::Explained, visit};
use crate::{
    auth::{
        cookie::{self, CookieName},
        pending::{self, Pending},
    },
    error::{Error, Result},
    http::nonce::render,
    login::{Address, LinkRequest, request_link, safe_next},
    site,
    state::App,
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LoginQuery {
    next: String,
}

/// The form as it is sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LoginForm {
    email: String,
    next: String,
}

/// The site's own door: whoever comes without a path is a client.
pub(super) async fn front_door() -> Redirect {
    Redirect::to(routes::PORTAL)
}

/// The login page.
pub(super) async fn form(
    State(app): State<App>,
    headers: HeaderMap,
    Query(query): Query<LoginQuery>,
) -> Result<Response> {
    let brand = sole_brand(&app).await?;
    let page = login_page(&app, brand, routes::PORTAL_LOGIN.to_owned(), &query.next, String::new(), None);
    Ok(with_pending(&app, &headers, Html(page).into_response()))
}

/// The login page in the brand of one org.
pub(super) async fn org_form(
    State(app): State<App>,
    headers: HeaderMap,
    Path(org): Path<String>,
    Query(query): Query<LoginQuery>,
) -> Result<Response> {
    let brand = org_brand(&app, &org).await?;
    let page =
        login_page(&app, Some(brand), routes::portal_org_login(&org), &query.next, String::new(), None);
    Ok(with_pending(&app, &headers, Html(page).into_response()))
}

/// Asks for a link.
pub(super) async fn request(
    State(app): State<App>,
    client: Client,
    headers: HeaderMap,
    form: Result<Form<LoginForm>, FormRejection>,
) -> Response {
    match ask(&app, &client, &headers, None, form).await {
        Ok(Asked::Written) => Redirect::to(routes::PORTAL_LOGIN_SENT).into_response(),
        Ok(Asked::Malformed(form)) => match sole_brand(&app).await {
            Ok(brand) => malformed(&app, brand, routes::PORTAL_LOGIN.to_owned(), form),
            Err(error) => error.into_response(),
        },
        Err(refused) => refused,
    }
}

/// Asks for a link to the clients of one org.
pub(super) async fn org_request(
    State(app): State<App>,
    client: Client,
    headers: HeaderMap,
    Path(org): Path<String>,
    form: Result<Form<LoginForm>, FormRejection>,
) -> Response {
    let brand = match org_brand(&app, &org).await {
        Ok(brand) => brand,
        Err(error) => return error.into_response(),
    };
    match ask(&app, &client, &headers, Some(&org), form).await {
        Ok(Asked::Written) => Redirect::to(&routes::portal_org_login_sent(&org)).into_response(),
        Ok(Asked::Malformed(form)) => malformed(&app, Some(brand), routes::portal_org_login(&org), form),
        Err(refused) => refused,
    }
}

/// The neutral answer.
pub(super) async fn sent(State(app): State<App>) -> Result<Html<String>> {
    Ok(Html(sent_page(&app, sole_brand(&app).await?, None, false)))
}

/// The neutral answer in the brand of one org.
pub(super) async fn org_sent(State(app): State<App>, Path(org): Path<String>) -> Result<Html<String>> {
    let brand = org_brand(&app, &org).await?;
    Ok(Html(sent_page(&app, Some(brand), Some(&org), false)))
}

enum Asked {
    Written,
    Malformed(LoginForm),
}

async fn ask(
    app: &App,
    client: &Client,
    headers: &HeaderMap,
    org_slug: Option<&str>,
    form: Result<Form<LoginForm>, FormRejection>,
) -> Result<Asked, Response> {
    client.within(&app.flood_limit).map_err(IntoResponse::into_response)?;
    let Form(form) = form.map_err(IntoResponse::into_response)?;
    let Ok(address) = Address::parse(&form.email) else { return Ok(Asked::Malformed(form)) };
    let pending = read_pending(app, headers);
    let request = LinkRequest {
        address: &address,
        org_slug,
        pending: pending.as_ref(),
        next: safe_next(&form.next),
        origin: &client.origin,
    };
    request_link(&app.store, app.config.magic_link_ttl, request)
        .await
        .map_err(IntoResponse::into_response)?;
    app.bell.ring();
    Ok(Asked::Written)
}

fn malformed(app: &App, brand: Option<Brand>, action: String, form: LoginForm) -> Response {
    let page = login_page(app, brand, action, &form.next, form.email, Some(LoginProblem::MalformedAddress));
    explained(StatusCode::UNPROCESSABLE_ENTITY, page)
}

fn login_page(
    app: &App,
    brand: Option<Brand>,
    action: String,
    next: &str,
    email: String,
    problem: Option<LoginProblem>,
) -> String {
    let next = safe_next(next).map(str::to_owned);
    let (assets, link_minutes) = (site::assets(), link_minutes(app));
    // No longer than an address can be: what is shown again must not be a flood.
    let email = email.chars().take(254).collect();
    render(move || view! { <LoginPage brand assets action next email problem link_minutes/> })
}

/// The neutral answer, with the form for the code.
pub(super) fn sent_page(app: &App, brand: Option<Brand>, org: Option<&str>, code_refused: bool) -> String {
    let (code_action, again_href) = match org {
        Some(org) => (routes::portal_org_login_code(org), routes::portal_org_login(org)),
        None => (routes::PORTAL_LOGIN_CODE.to_owned(), routes::PORTAL_LOGIN.to_owned()),
    };
    let (assets, link_minutes) = (site::assets(), link_minutes(app));
    render(move || {
        view! { <LoginSentPage brand assets link_minutes code_action again_href code_refused/> }
    })
}

/// A page that explains a refusal itself.
pub(super) fn explained(status: StatusCode, html: String) -> Response {
    let mut response = (status, Html(html)).into_response();
    response.extensions_mut().insert(Explained);
    response
}

pub(super) fn link_minutes(app: &App) -> u32 {
    u32::try_from(app.config.magic_link_ttl.as_secs() / 60).unwrap_or(u32::MAX)
}

/// The brand of the one org there is. Where there are several, the page without an org's name in its
/// path belongs to none of them.
pub(super) async fn sole_brand(app: &App) -> Result<Option<Brand>> {
    Ok(app.store.system().sole_brand().await?.as_ref().map(visit::brand))
}

pub(super) async fn org_brand(app: &App, org: &str) -> Result<Brand> {
    app.store.system().brand(org).await?.as_ref().map(visit::brand).ok_or(Error::NotFound)
}

/// The browser that asked, if this is one.
pub(super) fn read_pending(app: &App, headers: &HeaderMap) -> Option<Pending> {
    let name = CookieName::Pending.as_str(app.config.public_url.is_https());
    let cookie = cookie::read(headers, name)?;
    Pending::verify(&app.config.portal_secrets, &cookie, app.clock.now())
}

/// Gives a browser that has the login page open its pending cookie. It is set here and not with the
/// answer to the form, so that all those answers are the same bytes.
fn with_pending(app: &App, headers: &HeaderMap, mut response: Response) -> Response {
    let now = app.clock.now();
    let pending =
        read_pending(app, headers).map_or_else(|| Pending::new(now), |pending| pending.renewed(now));
    let value = pending.sign(&app.config.portal_secrets);
    let max_age = u64::try_from(pending::LIFETIME.num_seconds()).unwrap_or_default();
    let cookie: HeaderValue =
        cookie::set(CookieName::Pending, &value, max_age, app.config.public_url.is_https());
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}
