//! The overview.

use app::{api::team as api, money::Currency, pages::team::OverviewPage};
use axum::{
    extract::{Query, State, rejection::QueryRejection},
    response::Response,
};
use leptos::prelude::*;
use serde::Deserialize;

use super::{respond, visit::Member};
use crate::{http::nonce::render, state::App};

/// What the address may carry: the currency of the chart. One that is not there is the first.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct OverviewQuery {
    currency: String,
}

/// What a member sees first.
pub(in crate::http) async fn show(
    State(app): State<App>,
    member: Member,
    query: Result<Query<OverviewQuery>, QueryRejection>,
) -> Response {
    let Query(query) = query.unwrap_or_default();
    let chosen: Option<Currency> = query.currency.parse().ok();
    let data = api::overview(&member.executor(&app)).await;
    let frame = member.frame(&app);
    respond(&member, data.map(|data| render(move || view! { <OverviewPage frame data chosen/> })))
}
