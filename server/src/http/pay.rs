//! `Pay`: from a button to the page at Stripe, and back (rules M2, M3).

use std::time::Duration;

use app::{
    money::{Currency, parse_amount},
    pages::{MOST_PAID_AT_ONCE, PaidPage, PayNews},
    routes,
};
use axum::{
    Form,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse as _, Redirect, Response},
};
use leptos::prelude::*;
use serde::Deserialize;
use tokio::time::timeout;

use super::{
    client::Client,
    pages::clipped,
    share,
    visit::{Visitor, brand},
};
use crate::{
    auth::cookie::{self, CookieName},
    billing::{self, Basket, Cashier, PayRefused, Wanted, start_checkout},
    error::{Error, Result},
    http::nonce::render,
    id::{CheckoutId, InvoiceId},
    site,
    state::{App, Payments},
    store::{pay::PayScope, system::CheckoutName},
};

/// How much of it, where a part can be paid; empty: all.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PayForm {
    amount: String,
}

/// All open invoices of one currency.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PayAllForm {
    currency: String,
}

/// How long the way to Stripe and back may take before one comes back without knowing.
const LOOK: Duration = Duration::from_secs(6);
/// How long somebody waits for the page on which to pay; one request to Stripe takes eight seconds at most.
const PATIENCE: Duration = Duration::from_secs(12);
/// How long a browser knows where it came from; Stripe's page is open for two hours.
const WAY_BACK: u64 = 3 * 60 * 60;

/// `POST /portal/invoices/{id}/pay`
pub(super) async fn pay(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Form(form): Form<PayForm>,
) -> Response {
    let scope = app.store.for_actor(&visitor.visit.actor);
    let back = routes::portal_invoice(&id);
    let Ok(id) = id.parse::<InvoiceId>() else { return not_found() };
    match scope.pay(&visitor.client.origin) {
        Ok(payer) => one(&app, &payer, id, &form, &back).await,
        Err(error) => error.into_response(),
    }
}

/// `POST /i/{token}/pay`
pub(super) async fn pay_by_link(
    State(app): State<App>,
    client: Client,
    Path(token): Path<String>,
    Form(form): Form<PayForm>,
) -> Response {
    let visit = match app.admit_guest(&token).await {
        Ok(Some(visit)) => visit,
        Ok(None) => return share::dead(),
        Err(error) => return error.into_response(),
    };
    let scope = app.store.for_guest(&visit.actor);
    let back = routes::share(&token);
    one(&app, &scope.pay(&client.origin), visit.actor.invoice_id(), &form, &back).await
}

/// `POST /portal/pay`: everything that is open in one currency (rule M3b).
pub(super) async fn pay_all(
    State(app): State<App>,
    visitor: Visitor,
    Form(form): Form<PayAllForm>,
) -> Response {
    let scope = app.store.for_actor(&visitor.visit.actor);
    let Ok(currency) = form.currency.parse::<Currency>() else { return not_found() };
    let basket = Basket::AllOpen(currency.code(), MOST_PAID_AT_ONCE);
    match scope.pay(&visitor.client.origin) {
        Ok(payer) => go(&app, &payer, &basket, routes::PORTAL, "").await,
        Err(error) => error.into_response(),
    }
}

async fn one(app: &App, payer: &PayScope<'_>, invoice_id: InvoiceId, form: &PayForm, back: &str) -> Response {
    let mut wanted = Wanted { invoice_id, amount_minor: None };
    if !form.amount.trim().is_empty() {
        let currency = match payer.payable(&[invoice_id]).await {
            Ok(Some(rows)) => rows.first().and_then(|row| row.currency.parse::<Currency>().ok()),
            Ok(None) => return not_found(),
            Err(error) => return error.into_response(),
        };
        match currency.and_then(|currency| parse_amount(&form.amount, currency)) {
            Some(amount) => wanted.amount_minor = Some(amount),
            None => return refused(back, PayRefused::BadAmount, &form.amount),
        }
    }
    go(app, payer, &Basket::One(wanted), back, &form.amount).await
}

async fn go(
    app: &App,
    payer: &PayScope<'_>,
    basket: &Basket<'_>,
    back: &str,
    typed_amount: &str,
) -> Response {
    let Some(Payments { stripe, line, .. }) = &app.payments else {
        return refused(back, PayRefused::NotOnline, "");
    };
    let _place = match line.enter().await {
        Ok(place) => place,
        Err(error) => return error.into_response(),
    };
    let cashier =
        Cashier { store: &app.store, stripe, clock: &app.clock, public_url: &app.config.public_url };
    // Whatever is cut off here is found where it was: by whoever presses next, or by the sweep.
    let started = timeout(PATIENCE, start_checkout(&cashier, payer, basket)).await;
    match started.unwrap_or(Ok(Err(PayRefused::NoAnswer))) {
        Ok(Ok(url)) => {
            let mut response = Redirect::to(&url).into_response();
            let https = app.config.public_url.is_https();
            let cookie = cookie::set(CookieName::Paying, back, WAY_BACK, https);
            response.headers_mut().append(header::SET_COOKIE, cookie);
            response
        }
        Ok(Err(PayRefused::NotFound)) => not_found(),
        Ok(Err(why)) => refused(back, why, typed_amount),
        Err(error) => error.into_response(),
    }
}

/// The page that one came from says why, and has what was typed where that was it.
fn refused(back: &str, why: PayRefused, typed_amount: &str) -> Response {
    let news = match why {
        PayRefused::NotFound | PayRefused::NothingDue => PayNews::NothingDue,
        PayRefused::InProgress => PayNews::InProgress,
        PayRefused::NotOnline => PayNews::NotOnline,
        PayRefused::NoPart => PayNews::NoPart,
        PayRefused::BadAmount => PayNews::BadAmount,
        PayRefused::TooSmall => PayNews::TooSmall,
        PayRefused::NotPayable => PayNews::NotPayable,
        PayRefused::SeveralCurrencies => PayNews::SeveralCurrencies,
        PayRefused::NoAnswer => PayNews::NoAnswer,
    };
    let amount = if news == PayNews::BadAmount { clipped(typed_amount.to_owned()) } else { String::new() };
    Redirect::to(&routes::pay_news(back, news.as_query(), &amount)).into_response()
}

fn not_found() -> Response {
    Error::NotFound.into_response()
}

/// `GET /pay/{checkout}`: back from Stripe. How it stands is asked of Stripe, and the browser is sent on to where it
/// came from. One that comes from elsewhere, as with a link that was passed on, is thanked and no more.
pub(super) async fn back(
    State(app): State<App>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let Ok(id) = id.parse::<CheckoutId>() else { return not_found() };
    match come_back(&app, id, query.as_deref() == Some("back"), &headers).await {
        Ok(response) => response,
        Err(error) => error.into_response(),
    }
}

async fn come_back(
    app: &App,
    id: CheckoutId,
    has_turned_back: bool,
    headers: &HeaderMap,
) -> Result<Response> {
    let name = CheckoutName::Id(id);
    let system = app.store.system();
    let Some(row) = system.checkout(&name).await? else { return Err(Error::NotFound) };
    if let (Some(payments), true) = (&app.payments, row.state()?.is_live()) {
        // Whether Stripe answers in time or not: the page shows what is known, and learns the rest by itself.
        let look = async {
            let _place = payments.line.enter().await?;
            billing::settle_checkout(&app.store, &payments.stripe, id, None).await
        };
        match timeout(LOOK, look).await {
            Ok(Ok(_)) => app.changes.announce(),
            Ok(Err(error)) => error.log(),
            Err(_) => {}
        }
        app.bell.ring();
    }
    let has_paid = system.checkout(&name).await?.is_some_and(|row| row.state == "paid");
    let https = app.config.public_url.is_https();
    let path = cookie::read(headers, CookieName::Paying.as_str(https)).filter(|path| is_our_own(path));
    if let Some(path) = path {
        let news = match (has_paid, has_turned_back) {
            (true, _) => format!("?pay={}", PayNews::Paid.as_query()),
            (false, true) => String::new(),
            (false, false) => format!("?pay={}", PayNews::Back.as_query()),
        };
        let mut response = Redirect::to(&format!("{path}{news}")).into_response();
        response.headers_mut().append(header::SET_COOKIE, cookie::set(CookieName::Paying, "", 0, https));
        return Ok(response);
    }
    let Some(org) = system.brand_of_checkout(id).await? else { return Err(Error::NotFound) };
    let (brand, assets) = (brand(&org), site::assets());
    Ok((StatusCode::OK, Html(render(move || view! { <PaidPage brand has_paid assets/> }))).into_response())
}

/// The cookie is the browser's own, but a browser may have been told anything: it leads nowhere else.
fn is_our_own(path: &str) -> bool {
    let is_plain = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-_".contains(&byte));
    is_plain
        && !path.contains("//")
        && (path == routes::PORTAL || path.starts_with("/portal/") || path.starts_with("/i/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_leads_nowhere_else() {
        for good in ["/portal", "/portal/invoices/0190-a", "/i/abc_DEF-1"] {
            assert!(is_our_own(good), "{good}");
        }
        for bad in [
            "",
            "/",
            "//evil.example",
            "/i//evil",
            "https://evil.example",
            "/app",
            "/portal/\\evil",
            "/portalx?",
            "/i/a?b",
        ] {
            assert!(!is_our_own(bad), "{bad}");
        }
    }
}
