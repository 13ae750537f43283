//! All routes of the double.

use std::sync::Arc;

use axum::{Router, middleware, routing::any};

use crate::{api, control, core::Core, pages};

/// The API, the pages and the control.
pub(crate) fn router(core: Arc<Core>) -> Router {
    let pages = pages::router().merge(control::router()).layer(middleware::from_fn(pages::guard));
    Router::new().route("/v1/{*rest}", any(api::handle)).merge(pages).with_state(core)
}
