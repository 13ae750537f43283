//! The org's log as a page, by what it is about, by whom, about which client and when.

use app::{
    api::team::{self as api, ActivityFilter, PersonFilter, Topic},
    error::AppError,
    pages::team::{ActivityPage, ClientChoice},
    problem::{FieldProblem, Problem, Problems},
    routes,
};
use axum::{
    extract::{Query, State, rejection::QueryRejection},
    response::{IntoResponse as _, Redirect, Response},
};
use chrono::NaiveDate;
use leptos::prelude::*;
use serde::Deserialize;

use super::{form_again, refuse, visit::Member};
use crate::{id::ClientId, state::App};

/// What the address may carry. What else stands there is ignored.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct ActivityQuery {
    topic: String,
    person: String,
    /// An id, or a part of a name that was typed.
    client: String,
    from: String,
    to: String,
    after: Option<String>,
    before: Option<String>,
}

impl ActivityQuery {
    /// The filters that can be read, and what is wrong with the days.
    pub(in crate::http) fn filter(&self) -> (ActivityFilter, Vec<FieldProblem>) {
        let mut problems = vec![];
        let mut day = |field: &'static str, text: &str| {
            let day = text.trim().parse::<NaiveDate>().ok();
            if day.is_none() && !text.trim().is_empty() {
                problems.push(FieldProblem::new(field, Problem::NoDay));
            }
            day
        };
        let (from, to) = (day("from", &self.from), day("to", &self.to));
        if from.zip(to).is_some_and(|(from, to)| to < from) {
            problems.push(FieldProblem::new("to", Problem::BeforeTheFirstDay));
        }
        let filter = ActivityFilter {
            topic: Topic::from_query(&self.topic),
            person: PersonFilter::from_query(&self.person),
            client: self.client.parse::<ClientId>().ok().map(|id| id.to_string()),
            from,
            to,
        };
        (filter, problems)
    }

    /// The page with the same filters.
    pub(in crate::http) fn link(&self) -> String {
        let all = [
            ("topic", &self.topic),
            ("person", &self.person),
            ("client", &self.client),
            ("from", &self.from),
            ("to", &self.to),
        ];
        let given: Vec<(&'static str, String)> = all
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(key, value)| (key, value.chars().take(100).collect()))
            .collect();
        routes::app_activity(routes::APP_ACTIVITY, &given, None)
    }

    /// The name that was typed in place of an id; a longer one than any client has is cut.
    pub(super) fn typed_client(&self) -> Option<String> {
        let typed = self.client.trim();
        let is_name = !typed.is_empty() && self.client.parse::<ClientId>().is_err();
        is_name.then(|| typed.chars().take(100).collect())
    }
}

/// One page of the log.
pub(in crate::http) async fn show(
    State(app): State<App>,
    member: Member,
    query: Result<Query<ActivityQuery>, QueryRejection>,
) -> Response {
    let Query(query) = query.unwrap_or_default();
    let (filter, problems) = query.filter();
    match page(&app, &member, &query, filter, problems.into()).await {
        Ok(response) => response,
        Err(error) => refuse(&member, &error),
    }
}

async fn page(
    app: &App,
    member: &Member,
    query: &ActivityQuery,
    filter: ActivityFilter,
    problems: Problems,
) -> Result<Response, AppError> {
    let executor = member.executor(app);
    let mut choice = None;
    if let Some(typed) = query.typed_client() {
        let found = clients_called(&executor, &typed).await?;
        if let [(id, _)] = found.as_slice() {
            let one = ActivityFilter { client: Some(id.clone()), ..filter };
            let href = routes::app_activity(routes::APP_ACTIVITY, &one.to_query(), None);
            return Ok(Redirect::to(&href).into_response());
        }
        choice = Some(ClientChoice { typed, found });
    }
    let args = app::api::portal::PageArgs { after: query.after.clone(), before: query.before.clone() };
    let log = api::activity(&executor, &filter, &args).await?;
    let frame = member.frame(app);
    let days = (short(&query.from), short(&query.to));
    Ok(form_again(problems, move |problems| view! { <ActivityPage frame filter log choice days problems/> }))
}

/// The clients that the name fits: the one that is called so, or all that have it somewhere, archived ones last.
async fn clients_called(
    executor: &dyn app::api::Executor,
    typed: &str,
) -> Result<Vec<(String, String)>, AppError> {
    let mut found = vec![];
    for archived in [false, true] {
        let page = api::clients(executor, archived, typed, &app::api::portal::PageArgs::default()).await?;
        found.extend(page.nodes.into_iter().map(|client| (client.id, client.name)));
    }
    let exact: Vec<_> =
        found.iter().filter(|(_, name)| name.to_lowercase() == typed.to_lowercase()).cloned().collect();
    Ok(if exact.len() == 1 { exact } else { found })
}

/// No longer than a day is: what is shown again must not be a flood.
fn short(typed: &str) -> String {
    typed.chars().take(20).collect()
}
