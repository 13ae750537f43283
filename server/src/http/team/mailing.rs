//! Sending an invoice, reminding of one, and its share link.

use app::{
    api::team::{self as api, Contact, Invoice, InvoiceStatus, MailForm, Saved},
    error::AppError,
    pages::team::{InvoiceNews, MailFormPage, MailPurpose},
    problem::Problems,
    routes,
};
use axum::{
    extract::{Path, State},
    response::{IntoResponse as _, Redirect, Response},
};
use leptos::prelude::*;

use super::{form_again, not_found, refuse, visit::Member};
use crate::{http::bounded::Pairs, id::InvoiceMailId, state::App};

/// The last look before an invoice is sent: those are ticked who may come into the portal, or else all.
pub(in crate::http) async fn send_form(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
) -> Response {
    page(&app, &member, &id, MailPurpose::Send, None, Problems::default()).await
}

/// Sends it.
pub(in crate::http) async fn send(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
    Pairs(pairs): Pairs,
) -> Response {
    let form = MailForm::from_pairs(pairs);
    let saved = api::send_invoice(&member.executor(&app), &id, &form).await;
    done(&app, &member, &id, MailPurpose::Send, form, saved).await
}

/// Whom to remind.
pub(in crate::http) async fn remind_form(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
) -> Response {
    page(&app, &member, &id, MailPurpose::Remind, None, Problems::default()).await
}

/// Reminds them.
pub(in crate::http) async fn remind(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
    Pairs(pairs): Pairs,
) -> Response {
    let form = MailForm::from_pairs(pairs);
    let saved = api::remind(&member.executor(&app), &id, &form).await;
    done(&app, &member, &id, MailPurpose::Remind, form, saved).await
}

/// Replaces the share link.
pub(in crate::http) async fn replace_link(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
) -> Response {
    linked(&member, &id, api::replace_share_link(&member.executor(&app), &id).await)
}

/// Switches the share link off.
pub(in crate::http) async fn revoke_link(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
) -> Response {
    linked(&member, &id, api::revoke_share_link(&member.executor(&app), &id).await)
}

/// What cannot be, such as a link to what is void, is told by how the invoice stands.
fn linked(member: &Member, id: &str, saved: Result<Saved, AppError>) -> Response {
    match saved {
        Ok(_) => Redirect::to(&routes::app_invoice(id)).into_response(),
        Err(error) => refuse(member, &error),
    }
}

async fn done(
    app: &App,
    member: &Member,
    id: &str,
    purpose: MailPurpose,
    form: MailForm,
    saved: Result<Saved, AppError>,
) -> Response {
    match saved {
        Ok(Saved::Saved(_)) => {
            app.bell.ring();
            let news = match purpose {
                MailPurpose::Send => InvoiceNews::Sent,
                MailPurpose::Remind => InvoiceNews::Reminded,
            };
            Redirect::to(&format!("{}?{}", routes::app_invoice(id), news.query())).into_response()
        }
        Ok(Saved::Refused(problems)) => page(app, member, id, purpose, Some(form), problems).await,
        Err(error) => refuse(member, &error),
    }
}

async fn page(
    app: &App,
    member: &Member,
    id: &str,
    purpose: MailPurpose,
    typed: Option<MailForm>,
    problems: Problems,
) -> Response {
    let (invoice, contacts) = match load(app, member, id).await {
        Ok(loaded) => loaded,
        Err(error) => return refuse(member, &error),
    };
    let fits = match purpose {
        MailPurpose::Send => invoice.summary.status == InvoiceStatus::Draft,
        MailPurpose::Remind => invoice.summary.due_minor > 0,
    };
    if !fits {
        return Redirect::to(&routes::app_invoice(id)).into_response();
    }
    let mut form = typed.unwrap_or_else(|| MailForm {
        key: InvoiceMailId::new(app.clock.now()).to_string(),
        version: invoice.version,
        contacts: ticked(&contacts),
        message: String::new(),
    });
    if problems.of("version").is_some() {
        form.version = invoice.version;
    }
    let frame = member.frame(app);
    form_again(problems, move |problems| {
        view! { <MailFormPage frame purpose invoice contacts form problems/> }
    })
}

/// Those who may come into the portal, or else all.
fn ticked(contacts: &[Contact]) -> Vec<String> {
    let in_portal = contacts.iter().filter(|contact| contact.portal_access);
    let ids: Vec<String> = in_portal.map(|contact| contact.id.clone()).collect();
    if ids.is_empty() { contacts.iter().map(|contact| contact.id.clone()).collect() } else { ids }
}

async fn load(app: &App, member: &Member, id: &str) -> Result<(Invoice, Vec<Contact>), AppError> {
    let executor = member.executor(app);
    let invoice = api::invoice(&executor, id).await?.ok_or_else(not_found)?;
    let client = api::client(&executor, &invoice.summary.client_id).await?.ok_or_else(not_found)?;
    Ok((invoice, client.contacts))
}
