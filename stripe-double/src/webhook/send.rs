//! Sends what waits, one after the other, and again after a while where the platform did not say 2xx.

use std::{sync::Arc, time::Duration};

use axum::body::Body;
use hyper::{Request, client::conn::http1, header};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use url::Url;

use super::queue::{Delivery, DeliveryRecord, Next, WebhookTarget};
use crate::core::Core;

/// How long the platform may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often the clock is looked at, so that sessions end when nobody asks for them.
const TICK: Duration = Duration::from_millis(200);

/// Sends for as long as it is polled.
pub(crate) async fn run(core: Arc<Core>) {
    loop {
        match core.quietly(|state| state.queue.next()) {
            Next::Send(delivery, target) => deliver(&core, delivery, &target).await,
            Next::Wait(time) => tokio::time::sleep(time.clamp(Duration::from_millis(1), TICK)).await,
            Next::Idle => drop(tokio::time::timeout(TICK, core.wake.notified()).await),
        }
    }
}

async fn deliver(core: &Core, delivery: Delivery, target: &WebhookTarget) {
    let signed = core.quietly(|state| state.signed(&delivery.event, &target.secrets));
    let status = match &signed {
        Some(signed) => {
            tokio::time::timeout(PATIENCE, post(&target.url, signed.body.clone(), &signed.signature))
                .await
                .ok()
                .flatten()
        }
        None => None,
    };
    let delivered = status.is_some_and(|status| (200..300).contains(&status));
    core.quietly(|state| {
        let Some(event) = state.events.get_mut(&delivery.event) else { return };
        if delivered {
            event.pending_webhooks = 0;
        }
        state.queue.log.push(DeliveryRecord {
            event: delivery.event.clone(),
            type_: event.type_.clone(),
            attempt: delivery.attempt,
            status,
            dropped: false,
        });
        let retries = usize::try_from(delivery.attempt - 1).unwrap_or(usize::MAX);
        if let Some(after) = core.retries.get(retries).filter(|_| !delivered) {
            state.queue.again(&delivery, *after);
        }
        state.queue.under_way = false;
    });
}

/// The status of the answer, where there is one.
async fn post(url: &str, body: Vec<u8>, signature: &str) -> Option<u16> {
    let url = Url::parse(url).ok().filter(|url| url.scheme() == "http")?;
    let authority = url.authority().to_owned();
    let port = url.port_or_known_default()?;
    let stream = TcpStream::connect((url.host_str()?.trim_matches(['[', ']']), port)).await.ok()?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.ok()?;
    let request = Request::post(&url[url::Position::BeforePath..url::Position::AfterQuery])
        .header(header::HOST, authority)
        .header(header::USER_AGENT, "Stripe/1.0 (+https://stripe.com/docs/webhooks; simulation)")
        .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
        .header("Stripe-Signature", signature)
        .body(Body::from(body))
        .ok()?;
    let exchange = async {
        let answer = sender.send_request(request).await.ok()?;
        Some(answer.status().as_u16())
    };
    tokio::select! {
        status = exchange => status,
        _ = connection => None,
    }
}
