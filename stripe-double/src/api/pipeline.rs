//! The way of a request through the API.

use std::{
    pin::Pin,
    sync::{Arc, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::{Request, State as Shared},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse as _, Response},
};
use serde_json::Value;

use super::{
    Moment, RequestInfo, RequestRecord, auth,
    idempotency::{Claim, Saved},
    route::{Call, route},
};
use crate::{
    core::Core,
    error::ApiError,
    form::Params,
    ids,
    misbehave::{Misbehaviour, Rule},
};

/// Marks a response that must not be given: the server ends the connection instead.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DropConnection;

/// More than any request of the API has.
const LARGEST: usize = 1 << 20;

/// Answers a request of the API. It is carried out even where the caller is gone meanwhile, as at Stripe.
pub(crate) async fn handle(Shared(core): Shared<Arc<Core>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, LARGEST).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    match tokio::spawn(answer(core, parts, body)).await {
        Ok(Some(response)) => response,
        Ok(None) => std::future::pending().await,
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The answer; `None` is to leave the caller waiting.
async fn answer(core: Arc<Core>, parts: Parts, body: Bytes) -> Option<Response> {
    let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let info = RequestInfo {
        id: ids::new("req", 14),
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        account: text("stripe-account"),
        idempotency_key: text("idempotency-key").filter(|_| parts.method == Method::POST),
    };
    let (place, what) = core.with(|state| {
        state.requests.push(RequestRecord { request: info.clone(), status: None, replayed: false });
        (state.requests.len() - 1, Rule::take(&mut state.rules, &info.method, &info.path))
    });
    tell(&core, &info, Moment::Before);
    let mut done = match what {
        Some(Misbehaviour::Hang) => return None,
        Some(Misbehaviour::DropConnectionBefore) => return Some(dropped()),
        Some(Misbehaviour::Refuse(status)) => Done::error(&ApiError::server(status)),
        Some(Misbehaviour::RateLimited) => Done::error(&ApiError::server(429)),
        what => carry_out(&core, &info, &parts, &body, what).await,
    };
    if let Some(Misbehaviour::AnswerLost(status)) = what {
        done = Done::error(&ApiError::server(status));
    }
    tell(&core, &info, Moment::After);
    match what {
        Some(Misbehaviour::HangAfter) => return None,
        Some(Misbehaviour::DropConnectionAfter) => return Some(dropped()),
        _ => {}
    }
    core.with(|state| {
        if let Some(record) = state.requests.get_mut(place) {
            record.status = Some(done.status);
            record.replayed = done.original.is_some();
        }
    });
    let version = core.with(|state| state.api_version.clone());
    Some(done.response(&info, text("stripe-version").unwrap_or(version)))
}

/// What a request is answered with.
struct Done {
    status: u16,
    body: Value,
    /// The request that this answer was first given to.
    original: Option<String>,
}

impl Done {
    fn error(error: &ApiError) -> Self {
        Self { status: error.status, body: error.body(), original: None }
    }

    fn response(self, info: &RequestInfo, version: String) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, format!("{:#}\n", self.body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let mut set = |name: &'static str, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        };
        set("request-id", &info.id);
        set("stripe-version", &version);
        if let Some(account) = &info.account {
            set("stripe-account", account);
        }
        if let Some(key) = &info.idempotency_key {
            set("idempotency-key", key);
            set("original-request", self.original.as_deref().unwrap_or(&info.id));
        }
        if self.original.is_some() {
            set("idempotent-replayed", "true");
        }
        response
    }
}

async fn carry_out(
    core: &Core,
    info: &RequestInfo,
    parts: &Parts,
    body: &[u8],
    what: Option<Misbehaviour>,
) -> Done {
    let params = match admit(core, info, &parts.headers, parts, body) {
        Ok(params) => params,
        Err(error) => return Done::error(&error),
    };
    let account = info.account.clone().unwrap_or_default();
    if let Some(key) = &info.idempotency_key {
        let fingerprint = format!("{} {} {}", info.method, info.path, params.fingerprint());
        match core.with(|state| state.keys.claim(&account, key, &fingerprint, state.now)) {
            Claim::First => {}
            Claim::Replay(saved) => {
                return Done { status: saved.status, body: saved.body, original: Some(saved.request) };
            }
            Claim::Refused(error) => return Done::error(&error),
        }
    }
    if let Some(Misbehaviour::Delay(milliseconds)) = what {
        tokio::time::sleep(Duration::from_millis(milliseconds)).await;
    }
    core.with(|state| {
        state.cause = Some((info.id.clone(), info.idempotency_key.clone()));
        let call = Call { method: &info.method, path: &info.path, account: info.account.as_deref() };
        let mut result = route(state, &call, params);
        state.cause = None;
        if let (Some(Misbehaviour::FailAfterSuccess(status)), Ok(_)) = (what, &result) {
            result = Err(ApiError::server(status));
        }
        let begun = result.as_ref().err().is_none_or(|error| error.begun);
        let done = match result {
            Ok(body) => Done { status: 200, body, original: None },
            Err(error) => Done::error(&error),
        };
        if let Some(key) = &info.idempotency_key {
            let saved = Saved { request: info.id.clone(), status: done.status, body: done.body.clone() };
            state.keys.finish(&account, key, begun.then_some(saved));
        }
        done
    })
}

/// Who asks, for whom, and with what: all that is looked at before a key is.
fn admit(
    core: &Core,
    info: &RequestInfo,
    headers: &HeaderMap,
    parts: &Parts,
    body: &[u8],
) -> Result<Params, ApiError> {
    auth::check(headers, &core.api_key)?;
    if let Some(account) = &info.account {
        core.with(|state| state.access(account).map(drop))?;
    }
    if info.idempotency_key.as_ref().is_some_and(|key| key.is_empty() || key.len() > 255) {
        let message = "Idempotency keys have between 1 and 255 characters.";
        return Err(ApiError::idempotency(400, None, message));
    }
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if parts.method == Method::POST
        && !body.is_empty()
        && !kind.starts_with("application/x-www-form-urlencoded")
    {
        let message = "Invalid request: the content type must be application/x-www-form-urlencoded.";
        return Err(ApiError::invalid(None, message));
    }
    Params::parse(if parts.method == Method::POST {
        body
    } else {
        parts.uri.query().unwrap_or_default().as_bytes()
    })
}

fn tell(core: &Core, info: &RequestInfo, moment: Moment) {
    let hook = core.hook.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some(hook) = hook {
        hook(info, moment);
    }
}

/// A response that breaks off, for a server that does not know [`DropConnection`].
fn dropped() -> Response {
    struct Broken;

    impl HttpBody for Broken {
        type Data = Bytes;
        type Error = std::io::Error;

        fn poll_frame(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<hyper::body::Frame<Bytes>, Self::Error>>> {
            Poll::Ready(Some(Err(std::io::ErrorKind::ConnectionReset.into())))
        }
    }

    let mut response = Response::new(Body::new(Broken));
    response.extensions_mut().insert(DropConnection);
    response
}
