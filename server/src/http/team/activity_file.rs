//! The org's log as a file: the same filters as the page, a hundred rows at a time, so that its length costs no
//! memory. The log is append-only, so what was read before cannot change under it.

use app::{
    activity::plain,
    api::{
        Executor,
        team::{self as api, Activity, ActivityFilter},
    },
    error::AppError,
    problem::Problems,
};
use axum::{
    body::Body,
    extract::{Query, State, rejection::QueryRejection},
    http::{StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use chrono_tz::Tz;

use super::{activity::ActivityQuery, refuse, visit::Member};
use crate::{
    clock::calendar_day,
    csv::{self, Field},
    state::App,
};

/// The most rows that one file has. Its last line says so where there are more.
const MOST: usize = 100_000;

const HEADER: [&str; 10] =
    ["Time", "What", "Kind", "By", "Client", "Contact", "Invoice", "Detail", "Browser", "Network"];

/// What is still to be written.
struct Rest {
    app: App,
    member: Member,
    filter: ActivityFilter,
    at: Place,
    written: usize,
}

/// Where the file has come to.
enum Place {
    Header,
    After(Option<String>),
    End,
}

/// The file.
pub(in crate::http) async fn download(
    State(app): State<App>,
    member: Member,
    query: Result<Query<ActivityQuery>, QueryRejection>,
) -> Response {
    let Query(query) = query.unwrap_or_default();
    let (filter, problems) = query.filter();
    if query.typed_client().is_some() || !Problems::from(problems).is_empty() {
        // The page says what is wrong, and asks which client is meant.
        return Redirect::to(&query.link()).into_response();
    }
    let name = format!("activity-{}.csv", calendar_day(app.clock.now(), member.visit.time_zone));
    let mut rest = Rest { app, member, filter, at: Place::Header, written: 0 };
    // The first rows before the answer begins: what is wrong with the database is then told by a page.
    let first = match rest.next().await {
        Ok(first) => first,
        Err(error) => return refuse(&rest.member, &error),
    };
    let lines = futures_util::stream::try_unfold((rest, first), |(mut rest, ready)| async move {
        let Some(ready) = ready else { return Ok(None) };
        let next = rest.next().await.map_err(|error| std::io::Error::other(format!("{error:?}")))?;
        Ok::<_, std::io::Error>(Some((ready, (rest, next))))
    });
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (StatusCode::OK, headers, Body::from_stream(lines)).into_response()
}

impl Rest {
    /// The next lines; `None` after the last.
    async fn next(&mut self) -> Result<Option<Vec<u8>>, AppError> {
        let mut lines = vec![];
        let after = match &self.at {
            Place::Header => {
                lines = written(std::iter::once(HEADER.map(Field::Plain)))?;
                None
            }
            Place::After(after) => after.clone(),
            Place::End => return Ok(None),
        };
        let executor = self.member.executor(&self.app);
        let zone = self.member.visit.time_zone;
        lines.extend(batch(&executor, &self.filter, zone, after, &mut self.at, &mut self.written).await?);
        Ok(Some(lines))
    }
}

/// The lines of the next rows, and where to go on.
async fn batch(
    executor: &dyn Executor,
    filter: &ActivityFilter,
    zone: Tz,
    after: Option<String>,
    at: &mut Place,
    count: &mut usize,
) -> Result<Vec<u8>, AppError> {
    let page = api::activity_export(executor, filter, after).await?;
    *count += page.nodes.len();
    let mut lines = rows(&page.nodes, zone)?;
    *at = match page.page_info.end_cursor.filter(|_| page.page_info.has_next_page) {
        Some(_) if *count >= MOST => {
            let more =
                format!("There are more rows. A file has {MOST} at most: choose fewer days for the rest.");
            lines.extend(written(std::iter::once([Field::Plain(&more)]))?);
            Place::End
        }
        Some(cursor) => Place::After(Some(cursor)),
        None => Place::End,
    };
    Ok(lines)
}

fn rows(rows: &[Activity], zone: Tz) -> Result<Vec<u8>, AppError> {
    // A file is read by others, to whom "you" is somebody else.
    let said = |row: &Activity| plain(&Activity { by_viewer: false, ..row.clone() });
    let texts: Vec<(String, String)> =
        rows.iter().map(|row| (row.at.with_timezone(&zone).to_rfc3339(), said(row))).collect();
    written(rows.iter().zip(&texts).map(|(row, (at, said))| {
        [
            Field::Plain(at),
            Field::Text(said),
            Field::Plain(&row.kind),
            Field::Text(&row.actor_name),
            Field::Text(row.client_name.as_deref().unwrap_or_default()),
            Field::Text(row.contact_name.as_deref().unwrap_or_default()),
            Field::Text(row.invoice_number.as_deref().unwrap_or_default()),
            Field::Text(&row.detail),
            Field::Text(&row.browser),
            Field::Plain(&row.ip_short),
        ]
    }))
}

fn written<'a, Row>(rows: impl IntoIterator<Item = Row>) -> Result<Vec<u8>, AppError>
where
    Row: IntoIterator<Item = Field<'a>>,
{
    csv::lines(rows).map_err(|error| {
        error.log();
        error.to_app()
    })
}

#[cfg(test)]
mod tests {
    use app::api::{Answer, Document};
    use async_graphql_value::{ConstValue, Variables};

    use super::*;

    /// A log that never ends: a hundred rows a page.
    struct Endless;

    impl Executor for Endless {
        fn execute(&self, _: Document, _: Variables) -> Answer<'_> {
            let row = serde_json::json!({
                "at": "2026-03-01T12:00:00Z", "kind": "org.changed", "actorKind": "MEMBER", "actorName": "=HYPERLINK(1)",
                "byViewer": true, "clientId": null, "clientName": null, "contactId": null, "contactName": null,
                "invoiceId": null, "invoiceNumber": null, "detail": "", "browser": "", "ipShort": "127.0.0.x",
            });
            let info = serde_json::json!({
                "hasNextPage": true, "hasPreviousPage": true, "startCursor": "a", "endCursor": "b",
            });
            let page = serde_json::json!({ "nodes": vec![row; 100], "pageInfo": info });
            let answer = serde_json::json!({ "team": { "activity": page } });
            Box::pin(async move { Ok(ConstValue::from_json(answer).unwrap()) })
        }
    }

    #[tokio::test]
    async fn a_file_ends_after_so_many_rows_and_says_so() {
        let (mut at, mut count, mut text) = (Place::Header, 0, String::new());
        while !matches!(at, Place::End) {
            let filter = ActivityFilter::default();
            let lines = batch(&Endless, &filter, chrono_tz::Europe::Berlin, None, &mut at, &mut count).await;
            text.push_str(&String::from_utf8(lines.unwrap()).unwrap());
        }
        assert_eq!(text.lines().count(), MOST + 1);
        assert!(text.ends_with(
            "There are more rows. A file has 100000 at most: choose fewer days for the rest.\r\n"
        ));
        assert!(text.starts_with(
            "2026-03-01T13:00:00+01:00,'=HYPERLINK(1) changed the settings,org.changed,'=HYPERLINK(1),,,,,,127.0.0.x\r\n"
        ));
    }
}
