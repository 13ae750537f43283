//! Refunds and disputes (<https://docs.stripe.com/api/refunds>, <https://docs.stripe.com/api/disputes>).

use serde_json::Value;

use super::expand::expand;
use crate::{
    currency,
    error::ApiError,
    form::Params,
    model::{Dispute, Refund},
    state::State,
    table::Page,
};

/// `POST /v1/refunds`
pub(crate) fn create_refund(state: &mut State, account: &str, mut params: Params) -> Result<Value, ApiError> {
    params.refuse(&["customer", "currency", "instructions_email", "origin", "reverse_transfer"])?;
    params.boolean("refund_application_fee")?;
    let intent = params.text("payment_intent")?;
    let charge = params.text("charge")?;
    let amount = params.integer("amount")?;
    let reason = params.word("reason", &["duplicate", "fraudulent", "requested_by_customer"])?;
    let metadata = params.metadata("metadata")?;
    let expanded = params.texts("expand")?;
    params.finish()?;
    if amount.is_some_and(|amount| amount < 1) {
        let message = "Invalid positive integer";
        return Err(ApiError::invalid(Some("parameter_invalid_integer"), message).at("amount"));
    }
    let charge = match (charge, intent) {
        (None, None) => {
            let message =
                "One of the following params should be provided for this request: payment_intent or charge.";
            return Err(ApiError::invalid(Some("parameter_missing"), message));
        }
        (Some(_), Some(_)) => {
            return Err(ApiError::invalid(
                None,
                "You may only specify one of these: charge, payment_intent.",
            ));
        }
        (Some(charge), None) => charge,
        (None, Some(intent)) => {
            let found = state.intents.of(account, &intent);
            let found =
                found.ok_or_else(|| ApiError::not_found("payment_intent", &intent, "payment_intent"))?;
            found.latest_charge.clone().ok_or_else(|| {
                let message =
                    format!("This PaymentIntent ({intent}) does not have a successful charge to refund.");
                ApiError::refused(None, message)
            })?
        }
    };
    let found = state.charges.of(account, &charge);
    let found = found.ok_or_else(|| ApiError::not_found("charge", &charge, "charge"))?;
    if let Some(amount) = amount {
        currency::check_most(amount, &found.currency).map_err(|error| error.at("amount"))?;
    }
    let id = state.refund(&charge, amount, reason, metadata)?;
    let json = find(state, account, &id)?.json();
    expand(state, json, &expanded)
}

fn find<'a>(state: &'a State, account: &str, id: &str) -> Result<&'a Refund, ApiError> {
    state.refunds.of(account, id).ok_or_else(|| ApiError::not_found("refund", id, "id"))
}

/// `GET /v1/refunds/{id}`
pub(crate) fn refund(state: &State, account: &str, id: &str, mut params: Params) -> Result<Value, ApiError> {
    let expanded = params.texts("expand")?;
    params.finish()?;
    expand(state, find(state, account, id)?.json(), &expanded)
}

/// `GET /v1/refunds`
pub(crate) fn list_refunds(state: &State, account: &str, mut params: Params) -> Result<Value, ApiError> {
    let page = Page::read(&mut params)?;
    let (intent, charge) = (params.text("payment_intent")?, params.text("charge")?);
    params.finish()?;
    let filter = |refund: &Refund| {
        intent.as_ref().is_none_or(|id| refund.payment_intent == *id)
            && charge.as_ref().is_none_or(|id| refund.charge == *id)
    };
    let list = page.list(&state.refunds, account, "/v1/refunds", filter, Refund::json)?;
    expand(state, list, &page.expand)
}

/// `GET /v1/disputes/{id}`
pub(crate) fn dispute(state: &State, account: &str, id: &str, mut params: Params) -> Result<Value, ApiError> {
    let expanded = params.texts("expand")?;
    params.finish()?;
    let dispute = state.disputes.of(account, id);
    let json = dispute.ok_or_else(|| ApiError::not_found("dispute", id, "dispute"))?.json();
    expand(state, json, &expanded)
}

/// `GET /v1/disputes`
pub(crate) fn list_disputes(state: &State, account: &str, mut params: Params) -> Result<Value, ApiError> {
    let page = Page::read(&mut params)?;
    let (intent, charge) = (params.text("payment_intent")?, params.text("charge")?);
    params.finish()?;
    let filter = |dispute: &Dispute| {
        intent.as_ref().is_none_or(|id| dispute.payment_intent == *id)
            && charge.as_ref().is_none_or(|id| dispute.charge == *id)
    };
    let list = page.list(&state.disputes, account, "/v1/disputes", filter, Dispute::json)?;
    expand(state, list, &page.expand)
}
