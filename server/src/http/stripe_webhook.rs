//! What Stripe tells (rule M3): checked over the bytes as they came, kept with its job in one transaction, and
//! answered at once. Whatever it says, nothing is booked here.

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;

use super::client::Client;
use crate::{
    state::App,
    store::system::{Alert, StripeEventRow},
    stripe::{
        EventId,
        signature::{BadSignature, verify},
    },
};

/// As far as an event is read before it is kept. What Stripe adds breaks nothing.
#[derive(Deserialize)]
pub(super) struct Envelope {
    pub(super) id: String,
    #[serde(default)]
    account: Option<String>,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    livemode: bool,
}

/// Reads an event; `None` for what is none. It is kept as it came, so all of it must be Unicode, and not only what is
/// read of it.
pub(super) fn read(body: &[u8]) -> Option<Envelope> {
    serde_json::from_str(std::str::from_utf8(body).ok()?).ok()
}

/// `POST /stripe/webhook`
pub(super) async fn receive(
    State(app): State<App>,
    client: Client,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(payments) = &app.payments else { return StatusCode::NOT_FOUND.into_response() };
    let header = headers.get("stripe-signature").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let now = app.clock.now().timestamp();
    if let Err(bad) = verify(header, &body, &payments.webhook_secrets, now) {
        return refused(&app, &client, bad).await;
    }
    // It was Stripe's: whatever it is, it is not to be sent again.
    let kept = match read(&body) {
        Some(envelope) => keep(&app, envelope, &body).await,
        None => alert(&app, "stripe.unreadable_event", "", "an event without an id or a type").await,
    };
    match kept {
        Ok(()) => StatusCode::OK.into_response(),
        // It is sent again later.
        Err(error) => error.into_response(),
    }
}

async fn keep(app: &App, envelope: Envelope, body: &Bytes) -> crate::error::Result<()> {
    let Ok(id) = envelope.id.parse::<EventId>() else {
        return alert(app, "stripe.unreadable_event", "", "an event whose id is none").await;
    };
    let is_live = app.payments.as_ref().is_some_and(|payments| payments.stripe.is_live());
    if envelope.livemode != is_live {
        return alert(app, "stripe.livemode", id.as_str(), "an event of the other mode: test or live").await;
    }
    let event = StripeEventRow {
        id,
        account_id: envelope.account,
        kind: envelope.kind,
        body: String::from_utf8_lossy(body).into_owned(),
    };
    if app.store.system().add_stripe_event(&event).await? {
        app.bell.ring();
        return Ok(());
    }
    alert(app, "stripe.repeated", event.id.as_str(), "an event that was told before").await
}

/// Whoever sends what is not signed learns nothing but that; the operator is told, once a day and kind. A flood of it
/// is not written down: that would be what it is for.
async fn refused(app: &App, client: &Client, bad: BadSignature) -> Response {
    if app.flood_limit.check(client.ip).is_err() {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let kind = format!("stripe.signature_{}", bad.as_str());
    match alert(app, &kind, "", "a webhook that Stripe has not signed, or not lately").await {
        Ok(()) => StatusCode::BAD_REQUEST.into_response(),
        Err(error) => error.into_response(),
    }
}

async fn alert(app: &App, kind: &str, subject: &str, detail: &str) -> crate::error::Result<()> {
    app.store.system().alert(&Alert { kind, subject, org: None, detail }).await
}
