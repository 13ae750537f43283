//! Invoices and receipts as PDF, for whoever may see the page: a contact, whoever follows a share link, a member of
//! the team, a program of theirs. Each comes by the same loader as its page.

use std::sync::Arc;

use app::error::{AppError, ErrorCode};
use async_graphql::{Name, Request, Variables};
use axum::{
    Extension,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, Method, header},
    response::{IntoResponse as _, Response},
};

use super::{
    client::Client,
    envelope::RequestId,
    export, gateway,
    graphql_http::{Answer, MediaType},
    notice, share,
    team::{refuse as refuse_member, visit::Member},
    visit::Visitor,
};
use crate::{
    auth::{share_link::GuestVisit, team_session::TeamVisit},
    error::{Error, Result},
    graphql::{self, Caller, OnPaper},
    id::InvoiceId,
    paper::{
        Letterhead, Printed, guest_invoice, print_as_far_as, print_for_guest, print_invoice, print_receipt,
    },
    state::App,
    store::portal::Taken,
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
        let link = app.store.for_actor(&visit.actor).share_link(id).await?;
        let head = Letterhead::of(&app.store, &visit.brand, &visit.locale, visit.time_zone.name()).await?;
        let printed = print_invoice(&app, head, invoice, &visit.payment_instructions, link).await?;
        record_download(&app, &visitor, &method, Taken::Invoice(id)).await?;
        Ok(Some(printed))
    };
    to_contact(&visitor, print.await)
}

/// `GET /i/{token}/pdf`. It shows what the page shows, and counts as it does.
pub(super) async fn of_guest(
    State(app): State<App>,
    client: Client,
    Path(token): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let print = async {
        let Some(visit) = app.admit_guest(&token).await? else { return Ok(None) };
        let printed = print_for_guest(&app, &visit, client.origin.clone()).await?;
        if printed.is_some() {
            share::count_view(&app, &visit, &client, &method, &headers).await;
        }
        Ok(printed)
    };
    to_guest(print.await)
}

/// `GET /app/invoices/{id}/pdf`: a member sees what the client sees.
pub(super) async fn of_member(State(app): State<App>, member: Member, Path(id): Path<String>) -> Response {
    to_member(&member, print_for_team(&app, &member.visit, &member.client, &id, None).await)
}

/// `GET /export/invoices/{id}/pdf`: the same for a program, as far as its token reaches.
pub(super) async fn of_program(
    State(app): State<App>,
    client: Client,
    Extension(request_id): Extension<RequestId>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    to_program(&app, &client, &request_id, &headers, &id, None).await
}

/// `GET /portal/invoices/{id}/payments/{payment}/pdf`. That it was taken is written down.
pub(super) async fn receipt_of_contact(
    State(app): State<App>,
    visitor: Visitor,
    Path((id, payment)): Path<(String, String)>,
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
        let head = Letterhead::of(&app.store, &visit.brand, &visit.locale, visit.time_zone.name()).await?;
        let printed = print_receipt(&app, head, invoice, &payment).await?;
        if printed.is_some() {
            record_download(&app, &visitor, &method, Taken::Receipt(id)).await?;
        }
        Ok(printed)
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
    to_member(&member, print_for_team(&app, &member.visit, &member.client, &id, Some(&payment)).await)
}

/// `GET /export/invoices/{id}/payments/{payment}/pdf`: the same for a program, by its token.
pub(super) async fn receipt_of_program(
    State(app): State<App>,
    client: Client,
    Extension(request_id): Extension<RequestId>,
    Path((id, payment)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    to_program(&app, &client, &request_id, &headers, &id, Some(&payment)).await
}

/// Writes down that a contact has taken a file. Whoever asks about it alone has taken nothing.
pub(super) async fn record_download(
    app: &App,
    visitor: &Visitor,
    method: &Method,
    taken: Taken,
) -> Result<()> {
    if *method != Method::GET {
        return Ok(());
    }
    app.store.for_actor(&visitor.visit.actor).record_download(taken, &visitor.client.origin).await
}

/// An invoice of the org's with no more on it than whoever asks may see, or the receipt for a payment on it.
async fn print_for_team(
    app: &App,
    visit: &TeamVisit,
    client: &Client,
    id: &str,
    payment: Option<&str>,
) -> Result<Option<Printed>> {
    let Ok(id) = id.parse::<InvoiceId>() else { return Ok(None) };
    let Some(row) = app.store.for_team(&visit.actor).as_guest(id).await? else { return Ok(None) };
    match payment {
        None => print_as_far_as(app, &row.admit(), client.origin.clone(), OnPaper::of(visit)).await,
        Some(payment) => guest_receipt(app, &row.admit(), client.clone(), payment).await,
    }
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

/// The document for a program. Whether its token reaches the document at all is asked of the schema, whose guards know.
async fn to_program(
    app: &App,
    client: &Client,
    request_id: &RequestId,
    headers: &HeaderMap,
    id: &str,
    payment: Option<&str>,
) -> Response {
    let answer = Answer::new(MediaType::Json, request_id);
    gateway::counted_beside_documents(app, client, headers, &answer, async |visit| {
        let reach = match payment {
            None => "query Paper($id: ID!) { team { invoice(id: $id) { id } } }",
            Some(_) => "query Paper($id: ID!) { team { invoice(id: $id) { payments { id } } } }",
        };
        let mut variables = Variables::default();
        variables.insert(Name::new("id"), id.into());
        let request = Request::new(reach).variables(variables);
        let origin = gateway::origin(client, visit);
        let response =
            graphql::execute(&app.schema, request, Caller::Team(visit.visit.clone()), origin).await;
        if let Some(error) = response.errors.first() {
            let error = export::said(error);
            return answer.refuse(&export::error_of(&error), app::text::sentence(error.code));
        }
        match print_for_team(app, &visit.visit, client, id, payment).await {
            Ok(Some(printed)) => pdf(&printed),
            Ok(None) => answer.refuse(&Error::NotFound, app::text::sentence(ErrorCode::NotFound)),
            Err(error) => answer.refuse(&error, app::text::sentence(error.code())),
        }
    })
    .await
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
