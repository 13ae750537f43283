//! Invoices: the list, one of them, its payments by hand, and cancelling it.

use app::{
    api::team::{self as api, Invoice, InvoiceFilter, InvoiceStatus, PaymentForm, Saved},
    error::AppError,
    pages::team::{InvoiceNews, TeamInvoicePage, TeamInvoicesPage},
    problem::Problems,
    routes,
};
use axum::{
    Form,
    extract::{Path, Query, RawQuery, State, rejection::QueryRejection},
    response::{IntoResponse as _, Redirect, Response},
};
use leptos::prelude::*;

use super::{drafts::new_id, form_again, not_found, refuse, respond, visit::Member};
use crate::{
    http::list_query::ListQuery,
    http::nonce::render,
    id::{InvoiceId, PaymentId},
    state::App,
};

/// The page on which a button was pressed.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(in crate::http) struct From {
    invoice: String,
}

/// The list.
pub(in crate::http) async fn list(
    State(app): State<App>,
    member: Member,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Response {
    let Query(query) = query.unwrap_or_default();
    let filter = InvoiceFilter::from_query(&query.status);
    let search = query.search();
    let page = api::invoices(&member.executor(&app), filter, &search, &query.page()).await;
    let frame = member.frame(&app);
    respond(&member, page.map(|page| render(move || view! { <TeamInvoicesPage frame filter search page/> })))
}

/// One invoice.
pub(in crate::http) async fn show(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let news = query.as_deref().and_then(InvoiceNews::from_query);
    page(&app, &member, &id, None, Problems::default(), news).await
}

/// Records a payment. A form that is sent twice is one payment.
pub(in crate::http) async fn record_payment(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
    Form(form): Form<PaymentForm>,
) -> Response {
    let saved = api::record_payment(&member.executor(&app), &id, &form).await;
    done(&app, &member, &id, Some(form), saved).await
}

/// What the button sends.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(in crate::http) struct PartForm {
    allowed: String,
}

/// Whether a part of it can be paid online.
pub(in crate::http) async fn allow_part(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
    Form(form): Form<PartForm>,
) -> Response {
    match api::allow_part(&member.executor(&app), &id, form.allowed == "on").await {
        Ok(_) => Redirect::to(&routes::app_invoice(&id)).into_response(),
        Err(error) => refuse(&member, &error),
    }
}

/// Cancels an invoice.
pub(in crate::http) async fn void(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
) -> Response {
    let saved = api::void_invoice(&member.executor(&app), &id).await;
    done(&app, &member, &id, None, saved).await
}

/// Takes a payment back, and leads to its invoice.
pub(in crate::http) async fn reverse_payment(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
    Form(from): Form<From>,
) -> Response {
    match api::reverse_payment(&member.executor(&app), &id).await {
        Ok(Saved::Saved(invoice)) => Redirect::to(&routes::app_invoice(&invoice)).into_response(),
        // Taken back already, as when the button was pressed twice: the invoice shows how it stands.
        Ok(Saved::Refused(_)) => match from.invoice.parse::<InvoiceId>() {
            Ok(invoice) => Redirect::to(&routes::app_invoice(&invoice.to_string())).into_response(),
            Err(_) => Redirect::to(routes::APP_INVOICES).into_response(),
        },
        Err(error) => refuse(&member, &error),
    }
}

async fn done(
    app: &App,
    member: &Member,
    id: &str,
    form: Option<PaymentForm>,
    saved: Result<Saved, AppError>,
) -> Response {
    match saved {
        Ok(Saved::Saved(_)) => Redirect::to(&routes::app_invoice(id)).into_response(),
        Ok(Saved::Refused(problems)) => page(app, member, id, form, problems, None).await,
        Err(error) => refuse(member, &error),
    }
}

async fn page(
    app: &App,
    member: &Member,
    id: &str,
    typed: Option<PaymentForm>,
    problems: Problems,
    news: Option<InvoiceNews>,
) -> Response {
    let invoice = match api::invoice(&member.executor(app), id).await {
        Ok(Some(invoice)) => invoice,
        Ok(None) => return refuse(member, &not_found()),
        Err(error) => return refuse(member, &error),
    };
    if invoice.summary.status == InvoiceStatus::Draft {
        return Redirect::to(&routes::app_invoice_act(id, "edit")).into_response();
    }
    let frame = member.frame(app);
    let form = typed.unwrap_or_else(|| fresh(app, &invoice, &frame));
    let copy_id = new_id(app);
    form_again(
        problems,
        move |problems| view! { <TeamInvoicePage frame invoice form copy_id problems news/> },
    )
}

/// All that is due, today, under an id of its own.
fn fresh(app: &App, invoice: &Invoice, frame: &app::layout::DeskFrame) -> PaymentForm {
    PaymentForm {
        id: PaymentId::new(app.clock.now()).to_string(),
        amount: frame.formats.amount_to_type(invoice.summary.due_minor, invoice.summary.currency),
        method: "BANK_TRANSFER".to_owned(),
        received_on: frame.today.to_string(),
        reference: String::new(),
    }
}
