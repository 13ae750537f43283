//! Statements of account: for a contact and for the team, as page, as PDF, as CSV. The days stand in the address;
//! where they cannot be read, the page says what is wrong with them.

use std::future::Future;

use app::{
    api::{self, portal::Statement},
    components::PeriodChoice,
    error::AppError,
    pages::{portal::StatementPage, team::ClientStatementPage},
    period::Period,
    problem::Problems,
    routes,
};
use axum::{
    extract::{Path, Query, State, rejection::QueryRejection},
    http::{HeaderValue, Method, StatusCode, header},
    response::{Html, IntoResponse as _, Redirect, Response},
};
use chrono::NaiveDate;
use leptos::prelude::*;
use serde::Deserialize;

use super::{
    login::explained,
    notice,
    paper::{record_download, to_contact, to_member},
    team::{not_found, refuse as refuse_member, visit::Member},
    visit::Visitor,
};
use crate::{
    clock::calendar_day,
    error::Error,
    http::nonce::render,
    paper::{Letterhead, csv_of_statement, print_statement},
    state::App,
    store::portal::Taken,
};

/// The days as the address has them.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DaysQuery {
    from: String,
    to: String,
}

type Days = Result<Query<DaysQuery>, QueryRejection>;

impl DaysQuery {
    pub(super) fn choice(&self, today: NaiveDate) -> PeriodChoice {
        // No longer than a day is: what is shown again must not be a flood.
        let short = |typed: &str| typed.chars().take(20).collect::<String>();
        let typed = (short(&self.from), short(&self.to));
        match Period::read(&self.from, &self.to, today) {
            Ok(period) => PeriodChoice { typed, period: Some(period), problems: Problems::default() },
            Err(problems) => PeriodChoice { typed, period: None, problems: problems.into() },
        }
    }
}

fn read(days: Days, today: NaiveDate) -> PeriodChoice {
    let Query(days) = days.unwrap_or_default();
    days.choice(today)
}

/// What a period has, if one was meant.
async fn load<T>(
    period: Option<Period>,
    ask: impl AsyncFnOnce(Period) -> Result<T, AppError>,
) -> Result<Option<T>, AppError> {
    match period {
        Some(period) => ask(period).await.map(Some),
        None => Ok(None),
    }
}

fn respond(choice: &PeriodChoice, html: String) -> Response {
    if choice.problems.is_empty() {
        Html(html).into_response()
    } else {
        explained(StatusCode::UNPROCESSABLE_ENTITY, html)
    }
}

/// `GET /portal/statement`
pub(super) async fn of_contact(State(app): State<App>, visitor: Visitor, days: Days) -> Response {
    let frame = visitor.frame(&app);
    let choice = read(days, frame.today);
    let executor = visitor.executor(&app);
    match load(choice.period, async |period| api::portal::statement(&executor, period).await).await {
        Ok(statement) => {
            let shown = choice.clone();
            respond(&choice, render(move || view! { <StatementPage frame choice=shown statement/> }))
        }
        Err(error) => refuse_contact(&visitor, &error),
    }
}

/// `GET /portal/statement.pdf`. That it was taken is written down.
pub(super) async fn pdf_of_contact(
    State(app): State<App>,
    visitor: Visitor,
    method: Method,
    days: Days,
) -> Response {
    let statement = match contact_file(&app, &visitor, days).await {
        Ok(statement) => statement,
        Err(response) => return response,
    };
    let visit = &visitor.visit;
    let print = async {
        let head = Letterhead::of(&app.store, &visit.brand, &visit.locale, visit.time_zone.name()).await?;
        let printed = print_statement(&app, head, &statement).await?;
        record_download(&app, &visitor, &method, Taken::Statement).await?;
        Ok(Some(printed))
    };
    to_contact(&visitor, print.await)
}

/// `GET /portal/statement.csv`. That it was taken is written down.
pub(super) async fn csv_of_contact(
    State(app): State<App>,
    visitor: Visitor,
    method: Method,
    days: Days,
) -> Response {
    let statement = match contact_file(&app, &visitor, days).await {
        Ok(statement) => statement,
        Err(response) => return response,
    };
    let write = async {
        let lines = csv(&statement)?;
        record_download(&app, &visitor, &method, Taken::Statement).await?;
        Ok::<_, Error>(lines)
    };
    write.await.unwrap_or_else(|error| {
        error.log();
        refuse_contact(&visitor, &error.to_app())
    })
}

/// The statement for a file; where there is none, the page that says why.
async fn contact_file(app: &App, visitor: &Visitor, days: Days) -> Result<Statement, Response> {
    let today = calendar_day(app.clock.now(), visitor.visit.time_zone);
    let executor = visitor.executor(app);
    file(read(days, today), routes::PORTAL_STATEMENT, |period| async move {
        api::portal::statement(&executor, period).await
    })
    .await
    .map_err(|why| why.answer(|error| refuse_contact(visitor, error)))
}

/// `GET /app/clients/{id}/statement`
pub(super) async fn of_client(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
    days: Days,
) -> Response {
    let frame = member.frame(&app);
    let choice = read(days, frame.today);
    let executor = member.executor(&app);
    let page = async {
        let client = api::team::client(&executor, &id).await?.ok_or_else(not_found)?;
        let statement =
            load(choice.period, async |period| api::team::statement(&executor, &id, period).await);
        Ok::<_, AppError>((client, statement.await?.flatten()))
    };
    match page.await {
        Ok((client, statement)) => {
            let shown = choice.clone();
            let html = render(move || view! { <ClientStatementPage frame client choice=shown statement/> });
            respond(&choice, html)
        }
        Err(error) => refuse_member(&member, &error),
    }
}

/// `GET /app/clients/{id}/statement.pdf`: what the client gets.
pub(super) async fn pdf_of_client(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
    days: Days,
) -> Response {
    let statement = match client_file(&app, &member, &id, days).await {
        Ok(statement) => statement,
        Err(response) => return response,
    };
    let client = match api::team::client(&member.executor(&app), &id).await {
        Ok(client) => client,
        Err(error) => return refuse_member(&member, &error),
    };
    let visit = &member.visit;
    let print = async {
        let locale = client.and_then(|client| client.locale).unwrap_or_else(|| visit.locale.clone());
        let head = Letterhead::of(&app.store, &visit.brand, &locale, visit.time_zone.name()).await?;
        print_statement(&app, head, &statement).await
    };
    to_member(&member, print.await.map(Some))
}

/// `GET /app/clients/{id}/statement.csv`
pub(super) async fn csv_of_client(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
    days: Days,
) -> Response {
    match client_file(&app, &member, &id, days).await {
        Ok(statement) => csv(&statement).unwrap_or_else(|error| {
            error.log();
            refuse_member(&member, &error.to_app())
        }),
        Err(response) => response,
    }
}

async fn client_file(app: &App, member: &Member, id: &str, days: Days) -> Result<Statement, Response> {
    let today = calendar_day(app.clock.now(), member.visit.time_zone);
    let executor = member.executor(app);
    file(read(days, today), &routes::app_client_act(id, "statement"), |period| async move {
        api::team::statement(&executor, id, period).await?.ok_or_else(not_found)
    })
    .await
    .map_err(|why| why.answer(|error| refuse_member(member, error)))
}

/// Why there is no file.
enum NoFile {
    /// The page at this address says what is wrong with the days.
    See(String),
    Refused(AppError),
}

impl NoFile {
    fn answer(self, refuse: impl FnOnce(&AppError) -> Response) -> Response {
        match self {
            Self::See(href) => Redirect::to(&href).into_response(),
            Self::Refused(error) => refuse(&error),
        }
    }
}

async fn file<F: Future<Output = Result<Statement, AppError>>>(
    choice: PeriodChoice,
    page: &str,
    ask: impl FnOnce(Period) -> F,
) -> Result<Statement, NoFile> {
    let Some(period) = choice.period else {
        return Err(NoFile::See(routes::of_days(page, &choice.typed.0, &choice.typed.1)));
    };
    match ask(period).await {
        Ok(statement) if statement.is_too_long => Err(NoFile::See(period.link(page))),
        Ok(statement) => Ok(statement),
        Err(error) => Err(NoFile::Refused(error)),
    }
}

fn csv(statement: &Statement) -> Result<Response, Error> {
    let mut response = csv_of_statement(statement)?.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8; header=present"));
    let name = format!("attachment; filename=\"statement-{}-{}.csv\"", statement.from, statement.to);
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

fn refuse_contact(visitor: &Visitor, error: &AppError) -> Response {
    notice::branded(visitor.brand(), error.code, visitor.request_id.clone())
}
