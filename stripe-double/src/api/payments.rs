//! Payments, charges and events, to be looked at (<https://docs.stripe.com/api/payment_intents>,
//! <https://docs.stripe.com/api/charges>, <https://docs.stripe.com/api/events>).

use serde_json::Value;

use super::expand::expand;
use crate::{
    error::ApiError,
    form::Params,
    model::{Event, Intent},
    state::State,
    table::Page,
};

/// `GET /v1/payment_intents/{id}`
pub(crate) fn intent(state: &State, account: &str, id: &str, mut params: Params) -> Result<Value, ApiError> {
    params.ignore(&["client_secret"]);
    let expanded = params.texts("expand")?;
    params.finish()?;
    let intent = state.intents.of(account, id);
    let json = intent.ok_or_else(|| ApiError::not_found("payment_intent", id, "intent"))?.json();
    expand(state, json, &expanded)
}

/// `GET /v1/payment_intents`
pub(crate) fn list_intents(state: &State, account: &str, mut params: Params) -> Result<Value, ApiError> {
    let page = Page::read(&mut params)?;
    params.finish()?;
    let list = page.list(&state.intents, account, "/v1/payment_intents", |_| true, Intent::json)?;
    expand(state, list, &page.expand)
}

/// `GET /v1/charges/{id}`
pub(crate) fn charge(state: &State, account: &str, id: &str, mut params: Params) -> Result<Value, ApiError> {
    let expanded = params.texts("expand")?;
    params.finish()?;
    let charge = state.charges.of(account, id);
    let json = charge.ok_or_else(|| ApiError::not_found("charge", id, "id"))?.json();
    expand(state, json, &expanded)
}

/// `GET /v1/events/{id}`
pub(crate) fn event(state: &State, account: &str, id: &str, params: Params) -> Result<Value, ApiError> {
    params.finish()?;
    let event = state.events.of(account, id);
    Ok(event.ok_or_else(|| ApiError::not_found("event", id, "id"))?.json())
}

/// How long Stripe gives events out.
const KEPT: i64 = 30 * 24 * 60 * 60;

/// `GET /v1/events`
pub(crate) fn list_events(state: &State, account: &str, mut params: Params) -> Result<Value, ApiError> {
    let page = Page::read(&mut params)?;
    let mut types = params.texts("types")?;
    types.extend(params.text("type")?);
    let delivered = params.boolean("delivery_success")?;
    params.finish()?;
    let fits = |asked: &String, type_: &str| match asked.strip_suffix(".*") {
        Some(start) => type_.strip_prefix(start).is_some_and(|rest| rest.starts_with('.')),
        None => asked == type_,
    };
    let filter = |event: &Event| {
        event.created > state.now - KEPT
            && (types.is_empty() || types.iter().any(|asked| fits(asked, &event.type_)))
            && delivered.is_none_or(|delivered| (event.pending_webhooks == 0) == delivered)
    };
    page.list(&state.events, account, "/v1/events", filter, Event::json)
}
