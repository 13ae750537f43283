//! What banks, payers and Stripe do on their own time, as buttons.

use std::sync::Arc;

use askama::Template;
use axum::{
    Form,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;

use super::{notice, page};
use crate::{
    core::Core,
    currency,
    model::{Account, DisputeStatus, Intent, IntentStatus, RefundStatus, Session, SessionStatus},
    state::State as Everything,
};

/// As many of each as a page should have.
const SHOWN: usize = 100;

#[derive(Template)]
#[template(path = "dashboard.html")]
struct Dashboard {
    accounts: Vec<Row>,
    sessions: Vec<Row>,
    payments: Vec<Row>,
}

struct Row {
    id: String,
    name: String,
    state: String,
    amount: String,
    url: String,
    buttons: Vec<Button>,
}

struct Button {
    id: String,
    what: &'static str,
    text: &'static str,
    /// Whether one may say how much.
    amount: bool,
}

impl Button {
    fn new(id: &str, what: &'static str, text: &'static str) -> Self {
        Self { id: id.to_owned(), what, text, amount: what == "refund" }
    }
}

/// `GET /dashboard`
pub(super) async fn show(State(core): State<Arc<Core>>) -> Response {
    page(&core.with(|state| Dashboard {
        accounts: state.accounts.iter().rev().take(SHOWN).map(account).collect(),
        sessions: {
            let open = state.sessions.iter().rev().filter(|session| session.status == SessionStatus::Open);
            open.take(SHOWN).map(session).collect()
        },
        payments: state.intents.iter().rev().take(SHOWN).map(|intent| payment(state, intent)).collect(),
    }))
}

fn account(account: &Account) -> Row {
    let id = &account.id;
    let (state, buttons) = if !account.authorised {
        ("access ended", vec![])
    } else if account.charges_enabled {
        let disable = Button::new(id, "disable", "Take no charges any more");
        ("takes charges", vec![disable, Button::new(id, "deauthorize", "End the platform's access")])
    } else {
        let enable = Button::new(id, "enable", "Enable charges");
        ("takes no charges", vec![enable, Button::new(id, "deauthorize", "End the platform's access")])
    };
    Row {
        id: id.clone(),
        name: account.display_name().to_owned(),
        state: state.into(),
        amount: String::new(),
        url: String::new(),
        buttons,
    }
}

fn session(session: &Session) -> Row {
    Row {
        id: session.id.clone(),
        name: session.items.first().map(|item| item.name.clone()).unwrap_or_default(),
        state: session.status.as_str().into(),
        amount: currency::display(session.amount, &session.currency),
        url: format!("/pay/{}", session.id),
        buttons: vec![Button::new(&session.id, "expire", "Let it expire")],
    }
}

fn payment(state: &Everything, intent: &Intent) -> Row {
    let id = &intent.id;
    let mut shown = intent.status.as_str().replace('_', " ");
    let mut buttons = Vec::new();
    if intent.status == IntentStatus::Processing {
        buttons.push(Button::new(id, "settle", "The bank pays"));
        buttons.push(Button::new(id, "fail", "The bank does not pay"));
    }
    if let Some(charge) = intent.latest_charge.as_ref().and_then(|charge| state.charges.get(charge)) {
        if charge.amount_refunded > 0 {
            let back = currency::display(charge.amount_refunded, &charge.currency);
            shown = format!("{shown}, {back} given back");
        }
        if charge.refundable() > 0 && !charge.disputed {
            buttons.push(Button::new(id, "refund", "Refund"));
        }
        if charge.paid() && !charge.disputed {
            buttons.push(Button::new(id, "dispute", "The payer disputes it"));
        }
    }
    for refund in state.refunds.iter().filter(|refund| refund.payment_intent == *id) {
        if refund.status == RefundStatus::Pending {
            buttons.push(Button::new(&refund.id, "settle_refund", "The refund arrives"));
            buttons.push(Button::new(&refund.id, "fail_refund", "The refund fails"));
        }
    }
    for dispute in state.disputes.iter().filter(|dispute| dispute.payment_intent == *id) {
        shown = format!("{shown}, dispute {}", dispute.status.as_str().replace('_', " "));
        if dispute.status == DisputeStatus::NeedsResponse {
            buttons.push(Button::new(&dispute.id, "win", "The payee wins"));
            buttons.push(Button::new(&dispute.id, "lose", "The payer wins"));
        }
    }
    let found = intent.session.as_ref().and_then(|session| state.sessions.get(session));
    let name = found.and_then(|session| session.items.first()).map(|item| item.name.clone());
    Row {
        id: id.clone(),
        name: name.unwrap_or_else(|| "Made elsewhere".into()),
        state: shown,
        amount: currency::display(intent.amount, &intent.currency),
        url: String::new(),
        buttons,
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Act {
    id: String,
    what: String,
    #[serde(default)]
    amount: String,
}

/// `POST /dashboard`
pub(super) async fn act(State(core): State<Arc<Core>>, Form(form): Form<Act>) -> Response {
    let amount = match form.amount.trim() {
        "" => None,
        text => match text.parse().ok().filter(|amount: &i64| *amount > 0) {
            Some(amount) => Some(amount),
            None => return refused("An amount is a whole number of minor units."),
        },
    };
    match core.with(|state| state.perform(&form.what, &form.id, amount)) {
        Some(Ok(_)) => Redirect::to("/dashboard").into_response(),
        Some(Err(error)) => refused(&error.message),
        None => StatusCode::BAD_REQUEST.into_response(),
    }
}

fn refused(text: &str) -> Response {
    notice(StatusCode::CONFLICT, "That does not go", text, Some("/dashboard".into()))
}
