//! Which path does what.

use serde_json::Value;

use super::{accounts, payments, reversals, sessions};
use crate::{error::ApiError, form::Params, state::State};

/// What is asked for.
pub(crate) struct Call<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) account: Option<&'a str>,
}

impl Call<'_> {
    /// The connected account that it is about. The double knows direct charges alone, so nothing is the
    /// platform's own.
    pub(crate) fn account(&self) -> Result<String, ApiError> {
        self.account.map(str::to_owned).ok_or_else(|| {
            let message = "This double knows direct charges alone: send the header Stripe-Account.";
            ApiError::invalid(None, message)
        })
    }
}

/// Carries out a request.
pub(crate) fn route(state: &mut State, call: &Call<'_>, params: Params) -> Result<Value, ApiError> {
    let path = call.path.strip_prefix("/v1/").unwrap_or_default();
    let parts: Vec<&str> = path.split('/').collect();
    match (call.method, parts.as_slice()) {
        ("POST", ["accounts"]) => accounts::create(state, params),
        ("GET", ["accounts", id]) => accounts::retrieve(state, id, params),
        ("POST", ["account_links"]) => accounts::create_link(state, params),
        ("POST", ["checkout", "sessions"]) => sessions::create(state, &call.account()?, params),
        ("GET", ["checkout", "sessions"]) => sessions::list(state, &call.account()?, params),
        ("GET", ["checkout", "sessions", id]) => sessions::retrieve(state, &call.account()?, id, params),
        ("POST", ["checkout", "sessions", id, "expire"]) => {
            sessions::expire(state, &call.account()?, id, params)
        }
        ("GET", ["payment_intents"]) => payments::list_intents(state, &call.account()?, params),
        ("GET", ["payment_intents", id]) => payments::intent(state, &call.account()?, id, params),
        ("GET", ["charges", id]) => payments::charge(state, &call.account()?, id, params),
        ("GET", ["events"]) => payments::list_events(state, &call.account()?, params),
        ("GET", ["events", id]) => payments::event(state, &call.account()?, id, params),
        ("POST", ["refunds"]) => reversals::create_refund(state, &call.account()?, params),
        ("GET", ["refunds"]) => reversals::list_refunds(state, &call.account()?, params),
        ("GET", ["refunds", id]) => reversals::refund(state, &call.account()?, id, params),
        ("GET", ["disputes"]) => reversals::list_disputes(state, &call.account()?, params),
        ("GET", ["disputes", id]) => reversals::dispute(state, &call.account()?, id, params),
        (method, _) => {
            let message = format!("Unrecognized request URL ({method}: {}).", call.path);
            Err(ApiError { status: 404, ..ApiError::invalid(None, message) })
        }
    }
}
