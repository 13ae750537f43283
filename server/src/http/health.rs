//! For whoever watches the process: is it alive, and can it serve?

use axum::{extract::State, http::StatusCode};

use super::notice::Explained;
use crate::{error::Error, state::App};

/// Alive: the process answers.
pub(super) async fn live() -> &'static str {
    "ok\n"
}

/// Ready: the database answers as well.
pub(super) async fn ready(State(app): State<App>) -> (StatusCode, axum::Extension<Explained>, &'static str) {
    let asked = async { app.store.ping().await.inspect_err(Error::log).is_ok() };
    if app.is_ready.ask(asked).await {
        (StatusCode::OK, axum::Extension(Explained), "ready\n")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, axum::Extension(Explained), "the database does not answer\n")
    }
}
