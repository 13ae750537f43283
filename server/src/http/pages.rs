//! The portal's pages: each loads its document and renders its component.

use app::{
    api::portal::{self as api, InvoiceFilter},
    error::AppError,
    pages::portal::{AccessPage, HomePage, InvoicePage, InvoicesPage, PaymentsPage},
    pages::{MOST_TYPED_AS_AMOUNT, PayNews},
};
use axum::{
    extract::{Path, Query, State},
    http::{HeaderMap, Method},
    response::{Html, IntoResponse as _, Response},
};
use leptos::prelude::*;

use super::{list_query::ListQuery, notice, visit::Visitor};
use crate::{http::nonce::render, id::InvoiceId, state::App};

/// What is said after somebody pressed `Pay`, or came back.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct PayQuery {
    /// [`PayNews::as_query`]
    pub(super) pay: String,
    /// What was typed as an amount and is none, so that it need not be typed again.
    pub(super) amount: String,
}

impl PayQuery {
    /// What was said, and what was typed where that is what is wrong.
    pub(super) fn read(self) -> (Option<PayNews>, Option<String>) {
        let news = PayNews::from_query(&self.pay);
        (news, (news == Some(PayNews::BadAmount)).then(|| clipped(self.amount)))
    }
}

/// No more of it than the field would take.
pub(super) fn clipped(amount: String) -> String {
    let most = usize::try_from(MOST_TYPED_AS_AMOUNT).unwrap_or(usize::MAX);
    if amount.chars().nth(most).is_none() { amount } else { amount.chars().take(most).collect() }
}

/// Portal home.
pub(super) async fn home(
    State(app): State<App>,
    visitor: Visitor,
    Query(query): Query<PayQuery>,
) -> Response {
    let news = PayNews::from_query(&query.pay);
    let data = api::home(&visitor.executor(&app)).await;
    let frame = visitor.frame(&app);
    respond(&visitor, data.map(|data| render(move || view! { <HomePage frame data news/> })))
}

/// The list of invoices.
pub(super) async fn invoices(
    State(app): State<App>,
    visitor: Visitor,
    query: Result<Query<ListQuery>, axum::extract::rejection::QueryRejection>,
) -> Response {
    let Query(query) = query.unwrap_or_default();
    let filter = InvoiceFilter::from_query(&query.status);
    let search = query.search();
    let page = api::invoices(&visitor.executor(&app), filter, &search, &query.page()).await;
    let frame = visitor.frame(&app);
    let html = page.map(|page| render(move || view! { <InvoicesPage frame filter search page/> }));
    respond(&visitor, html)
}

/// One invoice. That it was opened is written down, but for browsers that only look ahead.
pub(super) async fn invoice(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    method: Method,
    Query(query): Query<PayQuery>,
    headers: HeaderMap,
) -> Response {
    let (news, wrong_amount) = query.read();
    let html = match api::invoice(&visitor.executor(&app), &id).await {
        Ok(Some(invoice)) => {
            if method == Method::GET && !is_prefetch(&headers) {
                record_view(&app, &visitor, &invoice.row.id).await;
            }
            let frame = visitor.frame(&app);
            Ok(render(move || view! { <InvoicePage frame invoice news wrong_amount/> }))
        }
        Ok(None) => Err(AppError::new(app::error::ErrorCode::NotFound)),
        Err(error) => Err(error),
    };
    respond(&visitor, html)
}

/// The history of payments.
pub(super) async fn payments(
    State(app): State<App>,
    visitor: Visitor,
    query: Result<Query<ListQuery>, axum::extract::rejection::QueryRejection>,
) -> Response {
    let Query(query) = query.unwrap_or_default();
    let page = api::payments(&visitor.executor(&app), &query.page()).await;
    let frame = visitor.frame(&app);
    respond(&visitor, page.map(|page| render(move || view! { <PaymentsPage frame page/> })))
}

/// Who has seen this.
pub(super) async fn access(
    State(app): State<App>,
    visitor: Visitor,
    query: Result<Query<ListQuery>, axum::extract::rejection::QueryRejection>,
) -> Response {
    let Query(query) = query.unwrap_or_default();
    let access = api::access(&visitor.executor(&app), &query.page()).await;
    let is_first_page = query.is_first_page();
    let frame = visitor.frame(&app);
    let html = access.map(|access| render(move || view! { <AccessPage frame access is_first_page/> }));
    respond(&visitor, html)
}

fn respond(visitor: &Visitor, html: Result<String, AppError>) -> Response {
    match html {
        Ok(html) => Html(html).into_response(),
        Err(error) => notice::branded(visitor.brand(), error.code, visitor.request_id.clone()),
    }
}

/// A view that cannot be written down keeps nobody from reading the invoice.
async fn record_view(app: &App, visitor: &Visitor, id: &str) {
    let Ok(id) = id.parse::<InvoiceId>() else { return };
    let scope = app.store.for_actor(&visitor.visit.actor);
    if let Err(error) = scope.record_view(id, &visitor.client.origin).await {
        error.log();
    }
}

pub(super) fn is_prefetch(headers: &HeaderMap) -> bool {
    let says = |name: &str, word: &str| {
        headers.get(name).and_then(|value| value.to_str().ok()).is_some_and(|value| value.contains(word))
    };
    says("sec-purpose", "prefetch") || says("purpose", "prefetch") || says("x-moz", "prefetch")
}
