//! The page of a session, where the payer pays.

use std::sync::Arc;

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;

use super::{notice, page};
use crate::{
    core::Core,
    currency,
    flow::Method,
    model::{Session, SessionStatus},
};

#[derive(Template)]
#[template(path = "checkout.html")]
struct Checkout {
    merchant: String,
    amount: String,
    lines: Vec<Line>,
    email: Option<String>,
    back: Option<String>,
    action: String,
    declined: bool,
    card: bool,
    debit: bool,
}

struct Line {
    name: String,
    description: Option<String>,
    amount: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Told {
    declined: Option<String>,
}

/// `GET /pay/{session}`
pub(super) async fn show(
    State(core): State<Arc<Core>>,
    Path(id): Path<String>,
    Query(told): Query<Told>,
) -> Response {
    let Some((session, merchant)) = find(&core, &id) else { return missing() };
    if session.status != SessionStatus::Open {
        return closed(&session);
    }
    let line = |item: &crate::model::Item| Line {
        name: if item.quantity == 1 {
            item.name.clone()
        } else {
            format!("{} × {}", item.quantity, item.name)
        },
        description: item.description.clone(),
        amount: currency::display(item.unit_amount.saturating_mul(item.quantity), &session.currency),
    };
    page(&Checkout {
        merchant,
        amount: currency::display(session.amount, &session.currency),
        lines: session.items.iter().map(line).collect(),
        email: session.customer_email.clone(),
        back: session.cancel_url.clone(),
        action: format!("/pay/{id}"),
        declined: told.declined.is_some(),
        card: session.card().is_some(),
        debit: session.debit().is_some(),
    })
}

#[derive(Debug, Deserialize)]
pub(super) struct Paying {
    method: String,
}

/// `POST /pay/{session}`
pub(super) async fn pay(
    State(core): State<Arc<Core>>,
    Path(id): Path<String>,
    Form(form): Form<Paying>,
) -> Response {
    let Some(method) = Method::parse(&form.method) else { return StatusCode::BAD_REQUEST.into_response() };
    let Some((session, _)) = find(&core, &id) else { return missing() };
    if session.status != SessionStatus::Open {
        return closed(&session);
    }
    match core.with(|state| state.pay(&id, method)) {
        Ok(_) if method == Method::Declined => {
            Redirect::to(&format!("/pay/{id}?declined=yes")).into_response()
        }
        Ok(_) => Redirect::to(&session.success_target()).into_response(),
        Err(error) => notice(StatusCode::CONFLICT, "This cannot be paid", &error.message, session.cancel_url),
    }
}

fn find(core: &Core, id: &str) -> Option<(Session, String)> {
    core.with(|state| {
        let session = state.sessions.get(id)?.clone();
        let merchant = state.accounts.get(&session.account)?.display_name().to_owned();
        Some((session, merchant))
    })
}

fn missing() -> Response {
    notice(StatusCode::NOT_FOUND, "There is nothing to pay here", "No session has this address.", None)
}

fn closed(session: &Session) -> Response {
    let (status, title, text, back) = if session.status == SessionStatus::Complete {
        let text = "You have done your part; there is nothing more to pay here.";
        (StatusCode::OK, "This is paid already", text, Some(session.success_target()))
    } else {
        let text = "This page has expired and cannot be paid any more. Nothing was taken.";
        (StatusCode::GONE, "This page has expired", text, session.cancel_url.clone())
    };
    notice(status, title, text, back)
}
