//! The handle over HTTP, for tests that drive a browser: JSON below `/_control`.

use std::{sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    Rule, Tamper,
    core::Core,
    error::ApiError,
    flow::Method,
    model::{Account, Event, Intent, Metadata, Session},
    webhook::WebhookTarget,
};

type Shared = State<Arc<Core>>;

/// What of the handle can be reached over HTTP.
pub(crate) fn router() -> Router<Arc<Core>> {
    Router::new()
        .route("/_control/state", get(state))
        .route("/_control/pay", post(pay))
        .route("/_control/tamper", post(tamper))
        .route("/_control/foreign", post(foreign))
        .route("/_control/misbehave", post(misbehave))
        .route("/_control/behave", post(behave))
        .route("/_control/webhooks", post(webhooks))
        .route("/_control/do/{what}", post(perform))
}

/// `GET /_control/state`: everything there is.
async fn state(State(core): Shared) -> Json<Value> {
    Json(core.with(|state| {
        let requests = state.requests.iter().map(|record| {
            json!({
                "method": record.request.method,
                "path": record.request.path,
                "account": record.request.account,
                "idempotency_key": record.request.idempotency_key,
                "status": record.status,
                "replayed": record.replayed,
            })
        });
        let deliveries = state.queue.log.iter().map(|delivery| {
            json!({
                "event": delivery.event,
                "type": delivery.type_,
                "attempt": delivery.attempt,
                "status": delivery.status,
                "dropped": delivery.dropped,
            })
        });
        json!({
            "accounts": state.accounts.iter().map(Account::json).collect::<Vec<_>>(),
            "sessions": state.sessions.iter().map(Session::json).collect::<Vec<_>>(),
            "payment_intents": state.intents.iter().map(Intent::json).collect::<Vec<_>>(),
            "events": state.events.iter().map(Event::json).collect::<Vec<_>>(),
            "requests": requests.collect::<Vec<_>>(),
            "deliveries": deliveries.collect::<Vec<_>>(),
            "quiet": state.queue.is_quiet(),
        })
    }))
}

#[derive(Debug, Deserialize)]
struct Paying {
    session: String,
    method: String,
}

/// `POST /_control/pay`: `{"session": "cs_…", "method": "card" | "debit" | "voucher" | "declined"}`
async fn pay(State(core): Shared, Json(body): Json<Paying>) -> Response {
    let Some(method) = Method::parse(&body.method) else { return StatusCode::BAD_REQUEST.into_response() };
    answer(core.with(|state| state.pay(&body.session, method)))
}

#[derive(Debug, Deserialize)]
struct Target {
    id: String,
    amount: Option<i64>,
}

/// `POST /_control/do/{what}`: `{"id": "…", "amount": 100}`. The words are those of the dashboard: `enable`, `disable`,
/// `await_verification`, `deauthorize`, `expire`, `settle`, `fail`, `refund`, `settle_refund`, `fail_refund`,
/// `dispute`, `win`, `lose`.
async fn perform(State(core): Shared, Path(what): Path<String>, Json(body): Json<Target>) -> Response {
    match core.with(|state| state.perform(&what, &body.id, body.amount)) {
        Some(result) => answer(result),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[derive(Debug, Deserialize)]
struct Tampering {
    session: String,
    #[serde(flatten)]
    tamper: Tamper,
}

/// `POST /_control/tamper`: `{"session": "cs_…", "amount": 1, "currency": "usd", "metadata": {…}}`
async fn tamper(State(core): Shared, Json(body): Json<Tampering>) -> Response {
    answer(core.with(|state| state.tamper(&body.session, &body.tamper)).map(|()| body.session))
}

#[derive(Debug, Deserialize)]
struct Foreign {
    account: String,
    amount: i64,
    currency: String,
    #[serde(default)]
    metadata: Metadata,
}

/// `POST /_control/foreign`: `{"account": "acct_…", "amount": 100, "currency": "eur", "metadata": {…}}`
async fn foreign(State(core): Shared, Json(body): Json<Foreign>) -> Response {
    answer(core.with(|state| state.foreign(&body.account, body.amount, &body.currency, body.metadata)))
}

/// `POST /_control/misbehave`: `{"method": "POST", "path": "/v1/checkout", "times": 1, "what": {"refuse": 503}}`
async fn misbehave(State(core): Shared, Json(rule): Json<Rule>) -> StatusCode {
    core.with(|state| state.rules.push(rule));
    StatusCode::NO_CONTENT
}

/// `POST /_control/behave`
async fn behave(State(core): Shared) -> StatusCode {
    core.with(|state| state.rules.clear());
    StatusCode::NO_CONTENT
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Webhooks {
    hold: Option<bool>,
    drop: Option<bool>,
    duplicate: Option<u32>,
    delay_ms: Option<u64>,
    /// 0 is the order in which it happened.
    reorder: Option<u64>,
    url: Option<String>,
    secrets: Option<Vec<String>>,
}

/// `POST /_control/webhooks`: `{"hold": true, "drop": false, "duplicate": 1, "delay_ms": 50, "reorder": 7, "url": "…",
/// "secrets": ["…"]}`; what is not named stays as it is.
async fn webhooks(State(core): Shared, Json(body): Json<Webhooks>) -> StatusCode {
    core.with(|state| {
        let queue = &mut state.queue;
        queue.held = body.hold.unwrap_or(queue.held);
        queue.dropping = body.drop.unwrap_or(queue.dropping);
        queue.copies = body.duplicate.unwrap_or(queue.copies);
        queue.delay = body.delay_ms.map_or(queue.delay, Duration::from_millis);
        queue.lots = body.reorder.map_or(queue.lots, |seed| (seed != 0).then_some(seed));
        if body.url.is_some() || body.secrets.is_some() {
            let old = queue.target.take();
            let (url, secrets) = old.map(|old| (old.url, old.secrets)).unzip();
            queue.target = body
                .url
                .or(url)
                .map(|url| WebhookTarget { url, secrets: body.secrets.or(secrets).unwrap_or_default() });
        }
    });
    StatusCode::NO_CONTENT
}

fn answer(result: Result<String, ApiError>) -> Response {
    match result {
        Ok(id) => Json(json!({ "id": id })).into_response(),
        Err(error) => {
            let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, Json(error.body())).into_response()
        }
    }
}
