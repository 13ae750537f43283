//! What every request meets before its handler, and every response after it.
//!
//! It is two layers and not one for each concern: a layer costs two allocations a request, and is
//! walked through again each time that a handler which waits for the database goes on.

use std::time::Instant;

use app::routes;
use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use tracing::Instrument as _;

use super::{arriving::Failure, graphql_http, nonce, notice, security};
use crate::{error::Error, random, state::App};

/// The name under which the operator finds a request in the log.
#[derive(Debug, Clone)]
pub(super) struct RequestId(pub(super) String);

/// Outermost: lets a request in or tells it to come again, gives each its id, each refusal its page, each response its headers, and writes
/// one line about it. The line names the route and not the path: paths carry tokens.
pub(super) async fn seal(State(app): State<App>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = RequestId(format!("{:016x}", u64::from_be_bytes(random::bytes::<8>())));
    let (ticket, mut request) = match app.overload.admit(request).await {
        Ok(admitted) => admitted,
        Err((_, request)) => return app.overload.refuse(&app, request.uri().path(), &id),
    };
    let span = {
        let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str);
        tracing::info_span!("request", id = %id.0, method = %request.method(), route)
    };
    request.extensions_mut().insert(id.clone());
    let home = notice::home_of(request.uri().path());
    let by_program = request.uri().path() == routes::GRAPHQL;
    let nonce = nonce::fresh();
    nonce::within(nonce.clone(), async move {
        let response = next.run(request).await;
        let response = match ticket.failure() {
            None => response,
            Some(Failure::Busy) => Error::Busy.into_response(),
            Some(Failure::TooSlow) => StatusCode::REQUEST_TIMEOUT.into_response(),
        };
        let mut response = if by_program {
            graphql_http::explain(response, &id)
        } else {
            notice::explain(response, id, home)
        };
        // Whatever is away is worth another try soon, whoever says so.
        if response.status() == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().entry(header::RETRY_AFTER).or_insert(HeaderValue::from_static("5"));
        }
        security::add_headers(response.headers_mut(), &app.config.public_url, &app.policy, &nonce);
        let micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
        tracing::info!(status = response.status().as_u16(), micros, "answered");
        response
    })
    .instrument(span)
    .await
}

/// Refuses writes from elsewhere (rule S5), and sends on who came by another name of ours.
pub(super) async fn gate(State(app): State<App>, request: Request, next: Next) -> Response {
    if let Some(redirect) = security::to_our_name(&request, &app.config.public_url) {
        return redirect.into_response();
    }
    // A program comes with a token and never with a cookie: there is nothing that a page from elsewhere could ride on.
    let by_token = request.uri().path() == routes::GRAPHQL;
    if !by_token && !security::may_pass(&request, &app.config.public_url) {
        return Error::Forbidden.into_response();
    }
    next.run(request).await
}
