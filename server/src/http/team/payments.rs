//! The payments of all clients.

use app::{api::team as api, pages::team::TeamPaymentsPage};
use axum::{
    extract::{Query, State, rejection::QueryRejection},
    response::Response,
};
use leptos::prelude::*;

use super::{respond, visit::Member};
use crate::{http::list_query::ListQuery, http::nonce::render, state::App};

/// The list.
pub(in crate::http) async fn list(
    State(app): State<App>,
    member: Member,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Response {
    let Query(query) = query.unwrap_or_default();
    let search = query.search();
    let page = api::payments(&member.executor(&app), &search, &query.page()).await;
    let frame = member.frame(&app);
    respond(&member, page.map(|page| render(move || view! { <TeamPaymentsPage frame search page/> })))
}
