//! GraphQL over HTTP, as its specification has it (<https://graphql.github.io/graphql-over-http/>): what a request may
//! look like, and how an answer does.

use app::error::ErrorCode;
use async_graphql::{
    ErrorExtensionValues, Request, ServerError, Variables,
    parser::{
        parse_query,
        types::{ExecutableDocument, OperationType},
    },
};
use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;

use super::{
    bounded::{MOST_VALUES, json_values},
    envelope::RequestId,
    notice::{self, Explained},
};
use crate::{
    error::Error,
    graphql::{
        code_name,
        limits::{Counts, beyond_parsing},
    },
};

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MediaType {
    /// `application/graphql-response+json`: the status says whether the request was one.
    GraphqlResponse,
    /// `application/json`, which clients of before understand: a request that could be read gets status 200.
    Json,
}

/// How exactly a range names a type that it names in full.
const NAMED: usize = 2;

impl MediaType {
    const fn as_str(self) -> &'static str {
        match self {
            Self::GraphqlResponse => "application/graphql-response+json",
            Self::Json => "application/json",
        }
    }

    /// What a client would rather have, by RFC 9110, section 12.5.1: the higher quality, then the one that is named
    /// more exactly. `None` where it takes neither.
    pub(super) fn negotiate(headers: &HeaderMap) -> Option<Self> {
        let accepts: Vec<&str> =
            headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
        if accepts.is_empty() {
            return Some(Self::Json);
        }
        let ranges: Vec<(&str, u32)> = accepts.iter().flat_map(|value| value.split(',')).map(range).collect();
        let wish = |media: Self| {
            let matches = |(range, quality): &(&str, u32)| {
                let exactness = [media.as_str(), "application/*", "*/*"]
                    .iter()
                    .position(|known| known.eq_ignore_ascii_case(range))?;
                Some((NAMED - exactness, *quality))
            };
            let (exactness, quality) = ranges.iter().filter_map(matches).max()?;
            (quality > 0).then_some((quality, exactness))
        };
        match (wish(Self::GraphqlResponse), wish(Self::Json)) {
            (None, None) => None,
            // Whoever takes anything, as `curl` says, gets what everybody reads.
            (newer, older) if newer == older => {
                let names_both = newer.is_some_and(|(_, exactness)| exactness == NAMED);
                Some(if names_both { Self::GraphqlResponse } else { Self::Json })
            }
            (newer, older) => Some(if newer > older { Self::GraphqlResponse } else { Self::Json }),
        }
    }
}

/// A range of `Accept`, and its quality in thousandths.
fn range(text: &str) -> (&str, u32) {
    let mut parts = text.split(';').map(str::trim);
    let range = parts.next().unwrap_or_default();
    let quality = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    let thousandths = quality.map_or(1000, |quality| match quality.split_once('.') {
        None => u32::from(quality == "1") * 1000,
        Some((whole, _)) if whole != "0" => u32::from(whole == "1") * 1000,
        Some((_, digits)) => {
            format!("{digits:0<3}").get(..3).and_then(|three| three.parse().ok()).unwrap_or(0)
        }
    });
    (range, thousandths)
}

/// Whether a body says that it is JSON, in UTF-8 if it says in what.
pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    let content_type =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = content_type.split(';').map(str::trim);
    let is_json = parts.next().is_some_and(|media| media.eq_ignore_ascii_case("application/json"));
    let is_utf8 = parts.all(|part| match part.split_once('=') {
        Some((name, charset)) if name.eq_ignore_ascii_case("charset") => {
            charset.trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        _ => true,
    });
    is_json && is_utf8
}

/// What a request asks for. Members that are unknown are left alone, as the specification wants it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Params {
    pub(super) query: Option<String>,
    /// Names a document that is trusted, in the place of `query`.
    pub(super) document_id: Option<String>,
    operation_name: Option<String>,
    variables: Option<serde_json::Map<String, serde_json::Value>>,
    extensions: Option<serde_json::Map<String, serde_json::Value>>,
}

/// Why a request is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refusal {
    field: &'static str,
    message: &'static str,
    is_about_document: bool,
}

impl Refusal {
    pub(super) const fn new(field: &'static str, message: &'static str) -> Self {
        Self { field, message, is_about_document: false }
    }

    const fn of_document(message: &'static str) -> Self {
        Self { field: "query", message, is_about_document: true }
    }
}

/// A request that was bounded before the engine sees it.
pub(super) struct BoundedDocument {
    pub(super) request: Request,
    pub(super) is_mutation: bool,
}

impl Params {
    /// Reads a body.
    pub(super) fn read(body: &[u8]) -> Result<Self, Refusal> {
        if body.trim_ascii_start().starts_with(b"[") {
            return Err(Refusal::new(
                "body",
                "One request at a time: the body must be a JSON object, not a list.",
            ));
        }
        if json_values(body) > MOST_VALUES {
            return Err(Refusal::new(
                "body",
                "The body comes to more than 60,000 values: send fewer at once.",
            ));
        }
        serde_json::from_slice(body).map_err(|_| {
            Refusal::new(
                "body",
                "The body must be a JSON object with a `query` or a `documentId`, both texts, and perhaps `operationName`, a text, and `variables`, an object.",
            )
        })
    }

    /// Reads the document and bounds it. The refusal names the part and says why.
    pub(super) fn document(self) -> Result<BoundedDocument, Refusal> {
        let Some(query) = self.query else {
            return Err(Refusal::new("query", "The request has neither a `query` nor a `documentId`."));
        };
        if let Some(message) = beyond_parsing(&query) {
            return Err(Refusal::of_document(message));
        }
        let document =
            parse_query(&query).map_err(|_| Refusal::of_document("The document is not GraphQL."))?;
        if let Some(message) = Counts::of(&document).beyond() {
            return Err(Refusal::of_document(message));
        }
        let is_mutation = is_mutation(&document, self.operation_name.as_deref());
        let mut request = Request::new(query);
        if let Some(name) = self.operation_name {
            request = request.operation_name(name);
        }
        let variables = self.variables.unwrap_or_default();
        request = request.variables(Variables::from_json(serde_json::Value::Object(variables)));
        drop(self.extensions);
        request.set_parsed_query(document);
        Ok(BoundedDocument { request, is_mutation })
    }
}

/// Whether the operation that would be run changes anything.
fn is_mutation(document: &ExecutableDocument, wanted: Option<&str>) -> bool {
    document.operations.iter().any(|(name, operation)| {
        operation.node.ty == OperationType::Mutation
            && wanted.is_none_or(|wanted| name.is_some_and(|name| name.as_str() == wanted))
    })
}

/// Puts words for a program in the place of a bare refusal of the layers around the handler, and gives every answer the
/// id under which the operator finds the request.
pub(super) fn explain(response: Response, request_id: &RequestId) -> Response {
    let status = response.status();
    let is_bare = response.extensions().get::<Explained>().is_none();
    let mut response = if is_bare && (status.is_client_error() || status.is_server_error()) {
        let (error, message) = match status {
            StatusCode::METHOD_NOT_ALLOWED => (Error::Invalid { field: "method" }, "Only POST is run."),
            StatusCode::PAYLOAD_TOO_LARGE => {
                (Error::Invalid { field: "body" }, "The body is larger than 4 MiB.")
            }
            status if status.is_client_error() => {
                (Error::Invalid { field: "request" }, "The request cannot be read.")
            }
            StatusCode::SERVICE_UNAVAILABLE => {
                (Error::Unavailable("refused by a layer".into()), app::text::sentence(ErrorCode::Unavailable))
            }
            _ => (Error::bug("a handler failed"), app::text::sentence(ErrorCode::Internal)),
        };
        let mut explained =
            Answer::new(MediaType::GraphqlResponse, request_id).refuse_with(status, &error, message);
        if let Some(allow) = response.headers().get(header::ALLOW) {
            explained.headers_mut().insert(header::ALLOW, allow.clone());
        }
        explained
    } else {
        response
    };
    if let Ok(id) = HeaderValue::from_str(&request_id.0) {
        response.headers_mut().insert("x-request-id", id);
    }
    response
}

/// Whether an error has this code.
pub(super) fn has_code(error: &ServerError, code: ErrorCode) -> bool {
    error.extensions.as_ref().and_then(|values| values.get("code")) == Some(&code_name(code).into())
}

/// Writes answers of one request.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    media: MediaType,
    request_id: String,
}

impl Answer {
    pub(super) fn new(media: MediaType, request_id: &RequestId) -> Self {
        Self { media, request_id: request_id.0.clone() }
    }

    /// What the engine says. Every error gets a code, those of the engine being about the document, and the id under
    /// which the operator finds the request.
    pub(super) fn of(&self, response: async_graphql::Response) -> Response {
        let (status, body) = self.text_of(response);
        self.write(status, body)
    }

    /// The same as status and text. Where nothing came of it because something is away for the moment, the answer is as
    /// if it had been refused before it was run.
    pub(super) fn text_of(&self, mut response: async_graphql::Response) -> (StatusCode, String) {
        let mut was_run = response.errors.is_empty();
        let is_away = response.data == async_graphql::Value::Null
            && response.errors.iter().any(|error| has_code(error, ErrorCode::Unavailable));
        for error in &mut response.errors {
            was_run |= !error.path.is_empty();
            let values = error.extensions.get_or_insert_with(ErrorExtensionValues::default);
            if values.get("code").is_none() {
                values.set("code", code_name(ErrorCode::Invalid));
                values.set("field", "query");
            }
            values.set("requestId", self.request_id.as_str());
        }
        let status = match self.media {
            _ if is_away => StatusCode::SERVICE_UNAVAILABLE,
            MediaType::GraphqlResponse if !was_run => StatusCode::BAD_REQUEST,
            MediaType::GraphqlResponse | MediaType::Json => StatusCode::OK,
        };
        let body = serde_json::to_value(&response).map(|mut value| {
            // What was not run has no data, not even null.
            if (!was_run || is_away)
                && let Some(object) = value.as_object_mut()
            {
                object.remove("data");
            }
            value.to_string()
        });
        match body {
            Ok(body) => (status, body),
            Err(error) => {
                Error::bug(error).log();
                (StatusCode::INTERNAL_SERVER_ERROR, String::from("{}"))
            }
        }
    }

    /// An answer that was kept.
    pub(super) fn again(&self, body: String) -> Response {
        let mut response = self.write(StatusCode::OK, body);
        response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
        response
    }

    /// Says no, with the status that goes with the error's code.
    pub(super) fn refuse(&self, error: &Error, message: &str) -> Response {
        self.refuse_with(notice::status(error.code()), error, message)
    }

    /// Says what is wrong with a request that could be read as one or not: who wants `application/json` gets status
    /// 200 where it is the document alone that is wrong, as the specification has it.
    pub(super) fn refuse_request(&self, refusal: Refusal) -> Response {
        let status = match (self.media, refusal.is_about_document) {
            (MediaType::Json, true) => StatusCode::OK,
            _ => StatusCode::BAD_REQUEST,
        };
        self.refuse_with(status, &Error::Invalid { field: refusal.field }, refusal.message)
    }

    /// Says no with another status.
    pub(super) fn refuse_with(&self, status: StatusCode, error: &Error, message: &str) -> Response {
        error.log();
        let code = error.to_app();
        let mut graphql = ServerError::new(message, None);
        let mut values = ErrorExtensionValues::default();
        values.set("code", code_name(code.code));
        if let Some(field) = code.field {
            values.set("field", field);
        }
        values.set("requestId", self.request_id.as_str());
        graphql.extensions = Some(values);
        let body = serde_json::json!({ "errors": [graphql] }).to_string();
        self.write(status, body)
    }

    pub(super) fn write(&self, status: StatusCode, body: String) -> Response {
        let content_type = match self.media {
            MediaType::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            MediaType::Json => "application/json; charset=utf-8",
        };
        let mut response = (status, [(header::CONTENT_TYPE, content_type)], body).into_response();
        response.extensions_mut().insert(Explained);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn negotiate(accept: &[&'static str]) -> Option<MediaType> {
        let mut headers = HeaderMap::new();
        for value in accept {
            headers.append(header::ACCEPT, HeaderValue::from_static(value));
        }
        MediaType::negotiate(&headers)
    }

    #[test]
    fn a_client_gets_the_form_that_it_would_rather_have() {
        use MediaType::{GraphqlResponse, Json};
        for (accept, media) in [
            (&[][..], Some(Json)),
            (&["*/*"], Some(Json)),
            (&["application/graphql-response+json, application/json"], Some(GraphqlResponse)),
            (&["application/json"], Some(Json)),
            (&["application/json, */*"], Some(Json)),
            (&["application/graphql-response+json, application/json;q=0.9"], Some(GraphqlResponse)),
            (&["application/graphql-response+json;q=0.5", "application/json;q=0.75"], Some(Json)),
            (&["application/*;q=0.1"], Some(Json)),
            (&["application/json;q=0, */*"], Some(GraphqlResponse)),
            (&["text/html, APPLICATION/JSON; charset=utf-8"], Some(Json)),
            (&["text/html"], None),
            (&["application/json;q=0"], None),
            (&["application/json;q=0.000"], None),
        ] {
            assert_eq!(negotiate(accept), media, "{accept:?}");
        }
    }

    #[test]
    fn only_json_in_utf_8_is_json() {
        for (content_type, json) in [
            ("application/json", true),
            ("Application/JSON; charset=UTF-8", true),
            ("application/json;charset=\"utf-8\"; boundary=x", true),
            ("application/json; charset=latin1", false),
            ("application/jsonp", false),
            ("text/plain", false),
            ("", false),
        ] {
            let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, content_type.parse().unwrap())]);
            assert_eq!(is_json(&headers), json, "{content_type}");
        }
        assert!(!is_json(&HeaderMap::new()));
    }

    #[test]
    fn a_mutation_is_known_as_one() {
        let is = |source: &str, name| is_mutation(&parse_query(source).unwrap(), name);
        assert!(is("mutation { a }", None) && !is("{ a }", None));
        let two = "query Q { a } mutation M { a }";
        assert!(is(two, Some("M")) && !is(two, Some("Q")) && is(two, None));
    }

    #[test]
    fn what_comes_to_nothing_because_something_is_away_is_not_available() {
        let answer_of = |data: serde_json::Value, code: ErrorCode, media| {
            let mut error = ServerError::new("no", None);
            error.path = vec![async_graphql::PathSegment::Field("teamSaveClient".to_owned())];
            let mut values = ErrorExtensionValues::default();
            values.set("code", code_name(code));
            error.extensions = Some(values);
            let mut response = async_graphql::Response::new(async_graphql::Value::from_json(data).unwrap());
            response.errors = vec![error];
            let (status, text) = Answer::new(media, &RequestId("id".to_owned())).text_of(response);
            let text: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert_eq!(text["errors"][0]["extensions"]["code"], code_name(code));
            (status.as_u16(), text.get("data").is_some())
        };
        let (nothing, some) = (serde_json::Value::Null, serde_json::json!({ "team": null }));
        for media in [MediaType::Json, MediaType::GraphqlResponse] {
            assert_eq!(answer_of(nothing.clone(), ErrorCode::Unavailable, media), (503, false), "{media:?}");
            assert_eq!(answer_of(some.clone(), ErrorCode::Unavailable, media), (200, true), "{media:?}");
            assert_eq!(answer_of(nothing.clone(), ErrorCode::Internal, media), (200, true), "{media:?}");
        }
    }
}
