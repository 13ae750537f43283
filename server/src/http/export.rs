//! Whole lists as files (rule G2), for programs by a token and for members by their session: CSV for spreadsheets and
//! NDJSON for everything else, a hundred rows at a time, so that their length costs no memory.

use app::{
    api::Document,
    error::{AppError, ErrorCode},
    money::{Currency, write_plain},
};
use async_graphql::{Name, Request, ServerError, Value as GraphqlValue, Variables};
use axum::{
    Extension,
    body::Body,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use serde_json::Value;

use super::{
    client::Client,
    envelope::RequestId,
    gateway,
    graphql_http::{Answer, MediaType},
    team::{refuse, visit::Member},
};
use crate::{
    clock::calendar_day,
    csv::{self, Field},
    error::Error,
    graphql::{self, Caller},
    state::App,
    store::Origin,
};

/// What a column of a spreadsheet shows.
#[derive(Debug, Clone, Copy)]
enum Cell {
    /// What somebody may have typed.
    Text,
    /// A word, an id, a day or a time of ours.
    Plain,
    /// An amount in the row's currency, with a point and without a sign for it.
    Amount,
}

/// A list that there is a file of.
struct List {
    name: &'static str,
    document: Document,
    columns: &'static [(&'static str, &'static str, Cell)],
}

macro_rules! document {
    ($name:literal, $filter:literal, $list:literal, $fields:literal) => {
        Document {
            name: $name,
            source: concat!(
                "query ",
                $name,
                "($filter: ",
                $filter,
                ", $after: String) { team { list: ",
                $list,
                "(filter: $filter, first: 100, after: $after) { nodes { ",
                $fields,
                " } pageInfo { hasNextPage endCursor } } } }"
            ),
        }
    };
}

const LISTS: [List; 3] = [
    List {
        name: "invoices",
        document: document!(
            "ExportInvoices",
            "TeamInvoiceFilter",
            "invoices",
            "id number title reference status clientId clientName issuedOn dueOn currency subtotalMinor taxMinor \
             totalMinor paidMinor dueMinor viewCount createdAt sentAt voidedAt"
        ),
        columns: &[
            ("Number", "number", Cell::Text),
            ("Status", "status", Cell::Plain),
            ("Client", "clientName", Cell::Text),
            ("Title", "title", Cell::Text),
            ("Reference", "reference", Cell::Text),
            ("Issued", "issuedOn", Cell::Plain),
            ("Due", "dueOn", Cell::Plain),
            ("Currency", "currency", Cell::Plain),
            ("Net", "subtotalMinor", Cell::Amount),
            ("Tax", "taxMinor", Cell::Amount),
            ("Total", "totalMinor", Cell::Amount),
            ("Paid", "paidMinor", Cell::Amount),
            ("Open", "dueMinor", Cell::Amount),
            ("Id", "id", Cell::Plain),
            ("Client id", "clientId", Cell::Plain),
        ],
    },
    List {
        name: "payments",
        document: document!(
            "ExportPayments",
            "TeamPaymentFilter",
            "payments",
            "id kind method receivedOn currency amountMinor reference isReversed isUnexpected clientId clientName \
             invoiceId invoiceNumber"
        ),
        columns: &[
            ("Received", "receivedOn", Cell::Plain),
            ("Kind", "kind", Cell::Plain),
            ("Method", "method", Cell::Plain),
            ("Currency", "currency", Cell::Plain),
            ("Amount", "amountMinor", Cell::Amount),
            ("Reference", "reference", Cell::Text),
            ("Client", "clientName", Cell::Text),
            ("Invoice", "invoiceNumber", Cell::Text),
            ("Id", "id", Cell::Plain),
            ("Client id", "clientId", Cell::Plain),
            ("Invoice id", "invoiceId", Cell::Plain),
        ],
    },
    List {
        name: "activity",
        document: document!(
            "ExportActivity",
            "TeamActivityFilter",
            "activity",
            "id at kind actorKind actorName memberId clientId clientName contactId contactName invoiceId invoiceNumber \
             detail browser ipShort"
        ),
        columns: &[
            ("Time", "at", Cell::Plain),
            ("Kind", "kind", Cell::Plain),
            ("By", "actorName", Cell::Text),
            ("Client", "clientName", Cell::Text),
            ("Contact", "contactName", Cell::Text),
            ("Invoice", "invoiceNumber", Cell::Text),
            ("Detail", "detail", Cell::Text),
            ("Browser", "browser", Cell::Text),
            ("Network", "ipShort", Cell::Plain),
            ("Id", "id", Cell::Plain),
        ],
    },
];

/// In which form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Csv,
    Ndjson,
}

/// Which rows; the names are those of the schema's filters. What is left out filters nothing.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ExportQuery {
    status: Option<String>,
    client_id: Option<String>,
    method: Option<String>,
    topic: Option<String>,
    /// The first day: of issue, of receipt, of the log.
    from: Option<String>,
    /// The last day.
    to: Option<String>,
    #[serde(alias = "q")]
    search: Option<String>,
}

impl ExportQuery {
    fn filter(&self, list: &List) -> GraphqlValue {
        let word = |text: &Option<String>| {
            text.as_deref()
                .filter(|text| !text.is_empty())
                .map(|text| GraphqlValue::Enum(Name::new(text.to_ascii_uppercase())))
        };
        let text =
            |text: &Option<String>| text.as_deref().filter(|text| !text.is_empty()).map(GraphqlValue::from);
        let (from, to) = match list.name {
            "invoices" => ("issuedFrom", "issuedTo"),
            "payments" => ("receivedFrom", "receivedTo"),
            _ => ("from", "to"),
        };
        // A filter that the list does not have is refused by the schema, and so told.
        let fields = [
            ("status", word(&self.status)),
            ("clientId", text(&self.client_id)),
            ("method", word(&self.method)),
            ("topic", word(&self.topic)),
            (from, text(&self.from)),
            (to, text(&self.to)),
            ("search", text(&self.search)),
        ];
        let fields = fields.into_iter().filter_map(|(name, value)| Some((Name::new(name), value?)));
        GraphqlValue::Object(fields.collect())
    }
}

/// What is still to be written.
struct Rest {
    app: App,
    caller: Caller,
    origin: Origin,
    list: &'static List,
    format: Format,
    filter: GraphqlValue,
    at: Place,
}

/// Where the file has come to.
enum Place {
    Beginning,
    After(String),
    End,
}

/// By a token.
pub(super) async fn by_token(
    State(app): State<App>,
    client: Client,
    Extension(request_id): Extension<RequestId>,
    Path(file): Path<String>,
    headers: HeaderMap,
    query: Result<Query<ExportQuery>, axum::extract::rejection::QueryRejection>,
) -> Response {
    let answer = Answer::new(MediaType::Json, &request_id);
    gateway::counted_beside_documents(&app, &client, &headers, &answer, async |visit| {
        let caller = Caller::Team(visit.visit.clone());
        let origin = gateway::origin(&client, visit);
        let Ok(Query(query)) = query else {
            let message = "The filters are status, clientId, method, topic, from, to and search.";
            return answer.refuse(&Error::Invalid { field: "query" }, message);
        };
        let today = calendar_day(app.clock.now(), visit.visit.time_zone);
        match begin(&app, caller, origin, &file, &query) {
            None => answer
                .refuse(&Error::NotFound, "There are invoices, payments and activity, as .csv or .ndjson."),
            Some(rest) => match send(rest, &today.to_string()).await {
                Ok(response) => response,
                Err(error) => answer.refuse(&error_of(&error), app::text::sentence(error.code)),
            },
        }
    })
    .await
}

/// By a session, for members: `/app/export/invoices.csv`.
pub(super) async fn by_member(
    State(app): State<App>,
    member: Member,
    Path(file): Path<String>,
    query: Result<Query<ExportQuery>, axum::extract::rejection::QueryRejection>,
) -> Response {
    let Query(query) = query.unwrap_or_default();
    let caller = Caller::Team(member.visit.clone());
    let today = calendar_day(app.clock.now(), member.visit.time_zone);
    match begin(&app, caller, member.client.origin.clone(), &file, &query) {
        None => StatusCode::NOT_FOUND.into_response(),
        Some(rest) => send(rest, &today.to_string()).await.unwrap_or_else(|error| refuse(&member, &error)),
    }
}

/// The same as an error of the server's.
pub(super) fn error_of(error: &AppError) -> Error {
    match error.code {
        ErrorCode::Forbidden => Error::Forbidden,
        ErrorCode::NotFound => Error::NotFound,
        ErrorCode::Unavailable => Error::Unavailable("the database is away".into()),
        ErrorCode::Internal => Error::bug("a file could not be begun"),
        _ => Error::Invalid { field: "query" },
    }
}

fn begin(app: &App, caller: Caller, origin: Origin, file: &str, query: &ExportQuery) -> Option<Rest> {
    let (name, ending) = file.split_once('.')?;
    let list = LISTS.iter().find(|list| list.name == name)?;
    let format = match ending {
        "csv" => Format::Csv,
        "ndjson" => Format::Ndjson,
        _ => return None,
    };
    let filter = query.filter(list);
    Some(Rest { app: app.clone(), caller, origin, list, format, filter, at: Place::Beginning })
}

/// The first rows are read before the answer begins, so that what is wrong is told as what it is.
async fn send(mut rest: Rest, today: &str) -> Result<Response, AppError> {
    let (media, ending) = match rest.format {
        Format::Csv => ("text/csv; charset=utf-8; header=present", "csv"),
        Format::Ndjson => ("application/x-ndjson", "ndjson"),
    };
    let name = format!("{}-{today}.{ending}", rest.list.name);
    let first = rest.next().await?;
    let lines = futures_util::stream::try_unfold((rest, first), |(mut rest, ready)| async move {
        let Some(ready) = ready else { return Ok(None) };
        let next = rest.next().await.map_err(|error| std::io::Error::other(format!("{error:?}")))?;
        Ok::<_, std::io::Error>(Some((ready, (rest, next))))
    });
    let headers = [
        (header::CONTENT_TYPE, media.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((StatusCode::OK, headers, Body::from_stream(lines)).into_response())
}

impl Rest {
    /// The next lines; `None` after the last.
    async fn next(&mut self) -> Result<Option<Vec<u8>>, AppError> {
        let after = match &self.at {
            Place::Beginning => GraphqlValue::Null,
            Place::After(cursor) => cursor.as_str().into(),
            Place::End => return Ok(None),
        };
        let mut variables = Variables::default();
        variables.insert(Name::new("filter"), self.filter.clone());
        variables.insert(Name::new("after"), after);
        // The schema for strangers: a filter that the list does not have is refused, and not left out.
        let request = Request::new(self.list.document.source).variables(variables);
        let response =
            graphql::execute(&self.app.schema, request, self.caller.clone(), self.origin.clone()).await;
        if let Some(error) = response.errors.first() {
            return Err(said(error));
        }
        let page = response.data.into_json().map_err(|error| bug(Error::bug(error)))?["team"]["list"].take();
        let nodes = page["nodes"].as_array().cloned().unwrap_or_default();
        let lines = self.lines(&nodes).map_err(bug)?;
        self.at = match page["pageInfo"]["endCursor"].as_str() {
            Some(cursor) if page["pageInfo"]["hasNextPage"] == true => Place::After(cursor.to_owned()),
            _ => Place::End,
        };
        Ok(Some(lines))
    }

    fn lines(&self, nodes: &[Value]) -> crate::error::Result<Vec<u8>> {
        if self.format == Format::Ndjson {
            return Ok(nodes.iter().flat_map(|node| (node.to_string() + "\n").into_bytes()).collect());
        }
        let columns = self.list.columns;
        let mut lines = vec![];
        if matches!(self.at, Place::Beginning) {
            lines = csv::lines([columns.iter().map(|(title, ..)| Field::Plain(title))])?;
        }
        for node in nodes {
            let cells: Vec<String> =
                columns.iter().map(|(_, field, cell)| text(node, field, *cell)).collect();
            let row = cells.iter().zip(columns).map(|(text, (_, _, cell))| match cell {
                Cell::Text => Field::Text(text),
                Cell::Plain | Cell::Amount => Field::Plain(text),
            });
            lines.extend(csv::lines([row])?);
        }
        Ok(lines)
    }
}

fn text(node: &Value, field: &str, cell: Cell) -> String {
    let value = &node[field];
    match (cell, value) {
        (_, Value::Null) => String::new(),
        (Cell::Amount, amount) => {
            let currency: Option<Currency> = node["currency"].as_str().and_then(|code| code.parse().ok());
            write_plain(amount.as_i64().unwrap_or_default(), currency.map_or(2, Currency::exponent), '.')
        }
        (_, Value::String(text)) => text.clone(),
        (_, other) => other.to_string(),
    }
}

/// What the engine finds wrong has no code: it is about the filter, which is the one thing that is not ours.
pub(super) fn said(error: &ServerError) -> AppError {
    let code = error.extensions.as_ref().and_then(|values| values.get("code"));
    let known = code.and_then(|code| serde_json::from_value(code.clone().into_json().ok()?).ok());
    AppError::new(known.unwrap_or(ErrorCode::Invalid))
}

fn bug(error: Error) -> AppError {
    error.log();
    error.to_app()
}
