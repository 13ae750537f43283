//! Clients and contacts from a file: the form, what the file comes to, and importing it.

use app::{
    api::team::{self as api, Import, ImportForm},
    pages::team::ImportPage,
    problem::{FieldProblem, ImportProblem, Problem, Problems},
    routes,
};
use axum::{
    body::Bytes,
    extract::{Multipart, State, multipart::MultipartRejection},
    http::{StatusCode, header},
    response::{Html, IntoResponse as _, Redirect, Response},
};
use leptos::prelude::*;

use super::{refuse, visit::Member};
use crate::{
    csv::{self, Field},
    http::login::explained,
    http::nonce::render,
    import::{Column, LONGEST_TEXT, TEMPLATE},
    state::App,
};

/// What the form sends.
#[derive(Debug, Default)]
pub(in crate::http) struct Sent {
    pub(in crate::http) file: Bytes,
    pub(in crate::http) text: Bytes,
    currency: String,
    /// What was seen, where it is to be imported.
    fingerprint: Option<String>,
}

/// The form, in the currency that a new client has by hand.
pub(in crate::http) async fn form(State(app): State<App>, member: Member) -> Response {
    let form = ImportForm { currency: "EUR".to_owned(), ..ImportForm::default() };
    page(&app, &member, form, Import::default())
}

/// A file with nothing but its first row.
pub(in crate::http) async fn template(_: Member) -> Response {
    let header = TEMPLATE.map(Column::usual_name).map(Field::Plain);
    match csv::lines(std::iter::once(header)) {
        Ok(lines) => {
            let headers = [
                (header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present"),
                (header::CONTENT_DISPOSITION, "attachment; filename=\"clients.csv\""),
            ];
            (headers, lines).into_response()
        }
        Err(error) => {
            error.log();
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Says what a file comes to, or imports what was seen. What is wrong comes back with all that was typed.
pub(in crate::http) async fn check(
    State(app): State<App>,
    member: Member,
    multipart: Result<Multipart, MultipartRejection>,
) -> Response {
    let Ok(multipart) = multipart else { return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response() };
    let Some(sent) = Sent::read(multipart).await else {
        let problem = Problem::FileTooLarge { most_kib: LONGEST_TEXT / 1024 };
        return wrong(&app, &member, ImportForm::default(), "file", problem);
    };
    let text = csv::decode(&sent.text).unwrap_or_default();
    let form = ImportForm { text: csv::normal(&text), currency: sent.currency };
    let form = match csv::decode(&sent.file) {
        Some(_) if sent.file.is_empty() => form,
        Some(file) => ImportForm { text: csv::normal(&file), ..form },
        None => return wrong(&app, &member, form, "file", ImportProblem::NotUnicode.into()),
    };
    // A file was not seen before, whatever was typed.
    let fingerprint = sent.fingerprint.filter(|_| sent.file.is_empty());
    match api::import_clients(&member.executor(&app), &form, fingerprint.as_deref()).await {
        Ok(import) if import.imported => Redirect::to(routes::APP_CLIENTS_IMPORTED).into_response(),
        Ok(import) => page(&app, &member, form, import),
        Err(error) => refuse(&member, &error),
    }
}

impl Sent {
    /// `None` where it does not arrive whole: it is too large, or the connection has gone.
    pub(in crate::http) async fn read(mut multipart: Multipart) -> Option<Self> {
        let (mut sent, mut act, mut fingerprint) = (Self::default(), String::new(), None);
        while let Some(field) = multipart.next_field().await.ok()? {
            let name = field.name().unwrap_or_default().to_owned();
            let bytes = field.bytes().await.ok()?;
            let text = || String::from_utf8_lossy(&bytes).into_owned();
            match name.as_str() {
                "file" => sent.file = bytes,
                "text" => sent.text = bytes,
                "currency" => sent.currency = text(),
                "fingerprint" => fingerprint = Some(text()),
                "act" => act = text(),
                _ => {}
            }
        }
        sent.fingerprint = fingerprint.filter(|_| act == "import");
        Some(sent)
    }
}

fn wrong(app: &App, member: &Member, form: ImportForm, field: &'static str, problem: Problem) -> Response {
    let problems = Problems::from(vec![FieldProblem::new(field, problem)]);
    page(app, member, form, Import { problems, ..Import::default() })
}

fn page(app: &App, member: &Member, form: ImportForm, mut check: Import) -> Response {
    let problems = std::mem::take(&mut check.problems);
    let is_fine = problems.is_empty() && (check.rows.is_empty() || check.fingerprint.is_some());
    let frame = member.frame(app);
    let html = render(move || view! { <ImportPage frame form check problems/> });
    if is_fine { Html(html).into_response() } else { explained(StatusCode::UNPROCESSABLE_ENTITY, html) }
}
