//! Writing an invoice: beginning a draft, its editor, and what else becomes of one before it is sent.

use app::{
    api::team::{self as api, DraftForm, Invoice, InvoiceStatus, Saved},
    error::AppError,
    pages::team::{DraftPage, DraftView, NewInvoicePage},
    problem::Problems,
    routes,
};
use axum::{
    Form,
    extract::{Path, Query, RawQuery, State, rejection::QueryRejection},
    http::{StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use leptos::prelude::*;
use serde::Deserialize;

use super::{not_found, refuse, respond, visit::Member};
use crate::{
    http::{bounded::Pairs, list_query::ListQuery, login::explained, nonce::render},
    id::InvoiceId,
    state::App,
};

/// The most lines of a form that are shown again where an invoice cannot have them: a page of ten megabytes.
const MOST_SHOWN: usize = 10_000;

/// For whom a new draft is, and under which id.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct NewDraft {
    id: String,
    client: String,
}

/// Which client is it for?
pub(in crate::http) async fn choose(
    State(app): State<App>,
    member: Member,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Response {
    let Query(query) = query.unwrap_or_default();
    let search = query.search();
    let page = api::clients(&member.executor(&app), false, &search, &query.page()).await;
    let frame = member.frame(&app);
    let id = new_id(&app);
    respond(&member, page.map(|page| render(move || view! { <NewInvoicePage frame id search page/> })))
}

/// Begins a draft, and leads to its editor.
pub(in crate::http) async fn begin(
    State(app): State<App>,
    member: Member,
    Form(form): Form<NewDraft>,
) -> Response {
    let id = if form.id.is_empty() { new_id(&app) } else { form.id };
    to_editor(&member, api::add_draft(&member.executor(&app), &form.client, &id).await)
}

/// Begins a draft that says what another invoice says.
pub(in crate::http) async fn duplicate(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
    Form(form): Form<NewDraft>,
) -> Response {
    let new_id = if form.id.is_empty() { new_id(&app) } else { form.id };
    to_editor(&member, api::duplicate_invoice(&member.executor(&app), &id, &new_id).await)
}

fn to_editor(member: &Member, saved: Result<Saved, AppError>) -> Response {
    match saved {
        Ok(Saved::Saved(id)) => Redirect::to(&routes::app_invoice_act(&id, "edit")).into_response(),
        Ok(Saved::Refused(_)) => refuse(member, &not_found()),
        Err(error) => refuse(member, &error),
    }
}

/// The id that a draft will have, made with the form that begins it.
pub(super) fn new_id(app: &App) -> String {
    InvoiceId::new(app.clock.now()).to_string()
}

/// The editor. What was sent has none any more.
pub(in crate::http) async fn edit(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let invoice = match draft(&app, &member, &id).await {
        Ok(invoice) => invoice,
        Err(response) => return response,
    };
    let form = form_of(&invoice);
    let saved = query.as_deref() == Some("saved");
    page(&app, &member, invoice, form, Problems::default(), saved)
}

/// Too many lines are told beside all of them, as long as a page can hold them.
fn read(pairs: &[(String, String)]) -> Result<DraftForm, StatusCode> {
    let form = DraftForm::from_pairs(pairs);
    if form.lines.len() > MOST_SHOWN { Err(StatusCode::PAYLOAD_TOO_LARGE) } else { Ok(form) }
}

/// Saves what is typed, and goes on as the button says.
pub(in crate::http) async fn save(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
    Pairs(pairs): Pairs,
) -> Response {
    let act = pairs.iter().find(|(key, _)| key == "act").map_or("save", |(_, value)| value.as_str());
    let mut form = match read(&pairs) {
        Ok(form) => form,
        Err(refused) => return refused.into_response(),
    };
    if let Some(at) = act.strip_prefix("remove:").and_then(|at| at.parse::<usize>().ok())
        && at < form.lines.len()
    {
        form.lines.remove(at);
    }
    let saved = match api::save_draft(&member.executor(&app), &id, &form).await {
        Ok(saved) => saved,
        Err(error) => return refuse(&member, &error),
    };
    let invoice = match draft(&app, &member, &id).await {
        Ok(invoice) => invoice,
        Err(response) => return response,
    };
    let Some(version) = saved.version else {
        // Whoever has read that somebody was faster may save again.
        form.version = invoice.version;
        return page(&app, &member, invoice, form, saved.problems, false);
    };
    form.version = version;
    match act {
        "review" if saved.problems.is_empty() => {
            Redirect::to(&routes::app_invoice_act(&id, "send")).into_response()
        }
        "review" => page(&app, &member, invoice, form, saved.problems, false),
        "add" => {
            let tax_rate = form.lines.last().map(|line| line.tax_rate.clone()).unwrap_or_default();
            form.lines.push(app::money::TypedLine { tax_rate, ..app::money::TypedLine::default() });
            page(&app, &member, invoice, form, Problems::default(), true)
        }
        _ => {
            let editor = routes::app_invoice_act(&id, "edit");
            Redirect::to(&format!("{editor}?saved")).into_response()
        }
    }
}

/// Saves what is typed while it is typed. The answer is for the editor's script: the new version, or nothing
/// where nothing was saved, and on the next line a sentence.
pub(in crate::http) async fn autosave(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
    Pairs(pairs): Pairs,
) -> Response {
    let form = match read(&pairs) {
        Ok(form) => form,
        Err(refused) => return refused.into_response(),
    };
    let answer = match api::save_draft(&member.executor(&app), &id, &form).await {
        Ok(saved) => match saved.version {
            Some(version) => {
                let time = member.frame(&app).formats.time_of_day(app.clock.now());
                format!("{version}\nSaved at {time}.")
            }
            None => match saved.problems.of("version") {
                Some(_) => "\nNot saved: somebody else has changed this draft meanwhile. What you typed stays here until you \
                     leave the page; “Save draft” replaces what they wrote."
                    .to_owned(),
                None => format!("{}\nNot saved yet: {}", form.version, first(&saved.problems)),
            },
        },
        Err(error) => return refuse(&member, &error),
    };
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], answer).into_response()
}

fn first(problems: &Problems) -> String {
    problems.0.first().map(|told| told.message.clone()).unwrap_or_default()
}

/// Deletes a draft; one that is gone already is gone.
pub(in crate::http) async fn delete(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
) -> Response {
    match api::delete_draft(&member.executor(&app), &id).await {
        Ok(_) => Redirect::to(&routes::app_invoices(Some("draft"), "", None)).into_response(),
        Err(error) => refuse(&member, &error),
    }
}

/// A draft; or where to go instead.
async fn draft(app: &App, member: &Member, id: &str) -> Result<Invoice, Response> {
    match api::invoice(&member.executor(app), id).await {
        Ok(Some(invoice)) if invoice.summary.status == InvoiceStatus::Draft => Ok(invoice),
        Ok(Some(_)) => Err(Redirect::to(&routes::app_invoice(id)).into_response()),
        Ok(None) => Err(refuse(member, &not_found())),
        Err(error) => Err(refuse(member, &error)),
    }
}

fn form_of(invoice: &Invoice) -> DraftForm {
    let draft = invoice.draft.clone().unwrap_or_default();
    DraftForm {
        title: invoice.summary.title.clone(),
        reference: invoice.reference.clone(),
        notes: invoice.notes.clone(),
        issued_on: draft.issued_on,
        due_on: draft.due_on,
        discount: draft.discount,
        lines: draft.lines,
        version: invoice.version,
    }
}

fn page(
    app: &App,
    member: &Member,
    invoice: Invoice,
    form: DraftForm,
    problems: Problems,
    saved: bool,
) -> Response {
    let frame = member.frame(app);
    let view = DraftView { summary: invoice.summary, copy_id: new_id(app), saved };
    let is_fine = problems.is_empty();
    let html = render(move || view! { <DraftPage frame view form problems/> });
    if is_fine {
        axum::response::Html(html).into_response()
    } else {
        explained(StatusCode::UNPROCESSABLE_ENTITY, html)
    }
}
