//! Invoices and receipts as PDF, for whoever may see the page: a contact, whoever follows a share link, a member of
//! the team. Each comes by the same loader as its page.

use std::sync::Arc;

use app::error::{AppError, ErrorCode};
use axum::{
    extract::{Path, State},
    http::{HeaderValue, Method, header},
    response::{IntoResponse as _, Response},
};

use super::{
    client::Client,
    notice, share,
    team::{refuse as refuse_member, visit::Member},
    visit::Visitor,
};
use crate::{
    auth::share_link::GuestVisit,
    error::{Error, Result},
    id::InvoiceId,
    paper::{Letterhead, Printed, guest_invoice, print_for_guest, print_invoice, print_receipt},
    state::App,
};

/// `GET /portal/invoices/{id}/pdf`. That it was taken is written down.
pub(super) async fn of_contact(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    method: Method,
) -> Response {
    let refuse = |error: AppError| notice::branded(visitor.brand(), error.code, visitor.request_id.clone());
    let invoice = match app::api::portal::invoice(&visitor.executor(&app), &id).await {
        Ok(Some(invoice)) => invoice,
        Ok(None) => return refuse(AppError::new(ErrorCode::NotFound)),
        Err(error) => return refuse(error),
    };
    let visit = &visitor.visit;
    let print = async {
        let id: InvoiceId = invoice.row.id.parse().map_err(Error::bug)?;
        let scope = app.store.for_actor(&visit.actor);
        let link = scope.share_link(id).await?;
        let head = Letterhead::of(&app.store, &visit.brand, &visit.locale, visit.time_zone.name()).await?;
        if method == Method::GET {
            scope.record_download(id, &visitor.client.origin).await?;
        }
        print_invoice(&app, head, invoice, &visit.payment_instructions, link).await
    };
    to_contact(&visitor, print.await.map(Some))
}

/// `GET /i/{token}/pdf`
pub(super) async fn of_guest(State(app): State<App>, client: Client, Path(token): Path<String>) -> Response {
    let print = async {
        let Some(visit) = app.admit_guest(&token).await? else { return Ok(None) };
        print_for_guest(&app, &visit, client.origin).await
    };
    to_guest(print.await)
}

/// `GET /app/invoices/{id}/pdf`: a member sees what the client sees.
pub(super) async fn of_member(State(app): State<App>, member: Member, Path(id): Path<String>) -> Response {
    let printed: Result<Option<Printed>> = async {
        let Ok(id) = id.parse::<InvoiceId>() else { return Ok(None) };
        let Some(row) = app.store.for_team(&member.visit.actor).as_guest(id).await? else { return Ok(None) };
        print_for_guest(&app, &row.admit(), member.client.origin.clone()).await
    }
    .await;
    to_member(&member, printed)
}

/// `GET /portal/invoices/{id}/payments/{payment}/pdf`
pub(super) async fn receipt_of_contact(
    State(app): State<App>,
    visitor: Visitor,
    Path((id, payment)): Path<(String, String)>,
) -> Response {
    let refuse = |error: AppError| notice::branded(visitor.brand(), error.code, visitor.request_id.clone());
    let invoice = match app::api::portal::invoice(&visitor.executor(&app), &id).await {
        Ok(Some(invoice)) => invoice,
        Ok(None) => return refuse(AppError::new(ErrorCode::NotFound)),
        Err(error) => return refuse(error),
    };
    let visit = &visitor.visit;
    let print = async {
        let head = Letterhead::of(&app.store, &visit.brand, &visit.locale, visit.time_zone.name()).await?;
        print_receipt(&app, head, invoice, &payment).await
    };
    to_contact(&visitor, print.await)
}

/// `GET /i/{token}/payments/{payment}/pdf`
pub(super) async fn receipt_of_guest(
    State(app): State<App>,
    client: Client,
    Path((token, payment)): Path<(String, String)>,
) -> Response {
    let print = async {
        let Some(visit) = app.admit_guest(&token).await? else { return Ok(None) };
        guest_receipt(&app, &visit, client, &payment).await
    };
    to_guest(print.await)
}

/// `GET /app/invoices/{id}/payments/{payment}/pdf`: a member sees what the client sees.
pub(super) async fn receipt_of_member(
    State(app): State<App>,
    member: Member,
    Path((id, payment)): Path<(String, String)>,
) -> Response {
    let printed: Result<Option<Printed>> = async {
        let Ok(id) = id.parse::<InvoiceId>() else { return Ok(None) };
        let Some(row) = app.store.for_team(&member.visit.actor).as_guest(id).await? else { return Ok(None) };
        guest_receipt(&app, &row.admit(), member.client.clone(), &payment).await
    }
    .await;
    to_member(&member, printed)
}

async fn guest_receipt(
    app: &App,
    visit: &Arc<GuestVisit>,
    client: Client,
    payment: &str,
) -> Result<Option<Printed>> {
    let Some(invoice) = guest_invoice(app, visit, client.origin).await? else { return Ok(None) };
    let head = Letterhead::of(&app.store, &visit.brand, &visit.locale, visit.time_zone.name()).await?;
    print_receipt(app, head, invoice, payment).await
}

/// The document for a contact, or why there is none.
pub(super) fn to_contact(visitor: &Visitor, printed: Result<Option<Printed>>) -> Response {
    let refuse = |error: AppError| notice::branded(visitor.brand(), error.code, visitor.request_id.clone());
    match printed {
        Ok(Some(printed)) => pdf(&printed),
        Ok(None) => refuse(AppError::new(ErrorCode::NotFound)),
        Err(error) => {
            error.log();
            refuse(error.to_app())
        }
    }
}

/// The same for a member of the team.
pub(super) fn to_member(member: &Member, printed: Result<Option<Printed>>) -> Response {
    match printed {
        Ok(Some(printed)) => pdf(&printed),
        Ok(None) => refuse_member(member, &AppError::new(ErrorCode::NotFound)),
        Err(error) => {
            error.log();
            refuse_member(member, &error.to_app())
        }
    }
}

/// The same for whoever follows a share link.
fn to_guest(printed: Result<Option<Printed>>) -> Response {
    match printed {
        Ok(Some(printed)) => pdf(&printed),
        Ok(None) => share::dead(),
        Err(error) => Error::into_response(error),
    }
}

/// A PDF that a browser shows, and saves under its name.
fn pdf(printed: &Printed) -> Response {
    let mut response = printed.bytes.as_ref().clone().into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/pdf"));
    if let Ok(disposition) = HeaderValue::from_str(&format!("inline; filename=\"{}\"", printed.name)) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}
