//! `POST /graphql`: the schema for programs, which come with a token of the team's. Cookies are never read here, so a
//! page from elsewhere gains nothing by sending a request.
//!
//! What is refused is refused before it costs anything: by its type, then by its token, then by the limit, and only
//! then is its body read.

use axum::{
    Extension,
    body::{Body, to_bytes},
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};

use super::{
    MAX_DRAFT_BYTES,
    client::Client,
    envelope::RequestId,
    graphql_http::{Answer, MediaType, Params, Refusal, has_code, is_json},
};
use crate::{
    auth::{api_token::TokenVisit, secret::sha256},
    error::{Error, Result},
    graphql::{self, Caller, new_ids::NewIds},
    log,
    state::App,
    store::{Origin, team::Claim},
};

/// What a request says that may be sent twice (draft-ietf-httpapi-idempotency-key-header).
const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// The longest key, in bytes.
const LONGEST_KEY: usize = 255;

/// Runs a document for whoever the token belongs to.
pub(super) async fn run(
    State(app): State<App>,
    client: Client,
    Extension(request_id): Extension<RequestId>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let media = MediaType::negotiate(&headers);
    let answer = Answer::new(media.unwrap_or(MediaType::GraphqlResponse), &request_id);
    if media.is_none() {
        let message = "Answers are application/graphql-response+json or application/json.";
        return answer.refuse_with(StatusCode::NOT_ACCEPTABLE, &Error::Invalid { field: "accept" }, message);
    }
    if !is_json(&headers) {
        let message = "The body must be JSON, and its content type application/json.";
        let error = Error::Invalid { field: "content-type" };
        return answer.refuse_with(StatusCode::UNSUPPORTED_MEDIA_TYPE, &error, message);
    }
    counted(&app, &client, &headers, &answer, async |visit| {
        admitted(&app, visit, &client, &headers, body, &answer).await
    })
    .await
}

/// Lets a program in by its token, and counts what it asks; then does what it came for.
pub(super) async fn counted(
    app: &App,
    client: &Client,
    headers: &HeaderMap,
    answer: &Answer,
    then: impl AsyncFnOnce(&TokenVisit) -> Response,
) -> Response {
    let visit = match app.admit_token(headers).await {
        Ok(Some(visit)) => visit,
        Ok(None) => {
            log::refused("no live token", &client.origin);
            let message = "A token is needed: Authorization: Bearer pst_…";
            let mut response = answer.refuse(&Error::SignedOut, message);
            let challenge = HeaderValue::from_static("Bearer realm=\"postern\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
            return response;
        }
        Err(error) => return answer.refuse(&error, app::text::sentence(error.code())),
    };
    let allowance = match app.quotas.take(&app.store, &app.clock, visit.id, &client.origin.ip_short).await {
        Ok(allowance) => allowance,
        Err(error) => return answer.refuse(&error, app::text::sentence(error.code())),
    };
    let mut response = if allowance.is_allowed {
        then(&visit).await
    } else {
        log::refused("over the limit of a token", &client.origin);
        let error = Error::TooMany { retry_after: allowance.resets_in };
        answer.refuse(&error, "Too many requests in this minute.")
    };
    allowance.tell(response.headers_mut());
    response
}

/// The same for what is no document: a token that is held to trusted documents does not get it.
pub(super) async fn counted_beside_documents(
    app: &App,
    client: &Client,
    headers: &HeaderMap,
    answer: &Answer,
    then: impl AsyncFnOnce(&TokenVisit) -> Response,
) -> Response {
    counted(app, client, headers, answer, async |visit| {
        if visit.documents_only {
            return answer.refuse(&Error::Forbidden, "This token runs trusted documents alone.");
        }
        then(visit).await
    })
    .await
}

/// From where a program comes, as the log says it.
pub(super) fn origin(client: &Client, visit: &TokenVisit) -> Origin {
    Origin { browser: format!("API token {}", visit.name), ..client.origin.clone() }
}

/// Reads and runs a request that may be made.
async fn admitted(
    app: &App,
    visit: &TokenVisit,
    client: &Client,
    headers: &HeaderMap,
    body: Body,
    answer: &Answer,
) -> Response {
    let Ok(body) = to_bytes(body, MAX_DRAFT_BYTES).await else {
        let error = Error::Invalid { field: "body" };
        return answer.refuse_with(StatusCode::PAYLOAD_TOO_LARGE, &error, "The body is larger than 4 MiB.");
    };
    let mut params = match Params::read(&body) {
        Ok(params) => params,
        Err(refusal) => return answer.refuse_request(refusal),
    };
    if let Err(refused) = find_document(app, visit, &mut params, answer).await {
        return refused;
    }
    let document = match params.document() {
        Ok(document) => document,
        Err(refusal) => return answer.refuse_request(refusal),
    };
    let key = match idempotency_key(headers) {
        Ok(key) => key.filter(|_| document.is_mutation),
        Err(refusal) => return answer.refuse_request(refusal),
    };
    let origin = origin(client, visit);
    let caller = Caller::Team(visit.visit.clone());
    let Some(key) = key else {
        return answer.of(graphql::execute(&app.schema, document.request, caller, origin).await);
    };
    let run = |new_ids| graphql::execute(&app.schema, document.request.data(new_ids), caller, origin);
    match once(app, visit, &key, &body, answer, run).await {
        Ok(response) => response,
        Err(error) => answer.refuse(&error, app::text::sentence(error.code())),
    }
}

/// Puts the text of a trusted document in the place of its name. A token that is held to those sends no other.
async fn find_document(
    app: &App,
    visit: &TokenVisit,
    params: &mut Params,
    answer: &Answer,
) -> Result<(), Response> {
    match (&params.document_id, &params.query) {
        (Some(_), Some(_)) => Err(answer
            .refuse_request(Refusal::new("documentId", "A request has either a `query` or a `documentId`."))),
        (None, Some(_)) if visit.documents_only => Err(answer
            .refuse(&Error::Forbidden, "This token runs trusted documents alone, by their `documentId`.")),
        (None, _) => Ok(()),
        (Some(id), None) => match graphql::trusted_document(&app.store, &visit.visit.actor, id).await {
            Ok(source) => {
                params.query = Some(source);
                Ok(())
            }
            Err(error @ Error::NotFound) => Err(answer
                .refuse(&error, "No document of this id is trusted. Trust it first, by teamTrustDocument.")),
            Err(error) => Err(answer.refuse(&error, app::text::sentence(error.code()))),
        },
    }
}

/// The key of a request that may be sent twice. The header is a string of structured fields (RFC 9651), and taken
/// without quotation marks as well.
pub(super) fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Refusal> {
    let mut values = headers.get_all(IDEMPOTENCY_KEY).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let key = value.to_str().unwrap_or_default().trim();
    let key = key.strip_prefix('"').and_then(|key| key.strip_suffix('"')).unwrap_or(key);
    if key.is_empty() || key.len() > LONGEST_KEY || values.next().is_some() {
        return Err(Refusal::new(
            "idempotency-key",
            "Idempotency-Key must be one text of 1 to 255 characters.",
        ));
    }
    Ok(Some(key.to_owned()))
}

/// Does what is asked for once, however often it is sent within a day, and answers the same.
async fn once<F: Future<Output = async_graphql::Response>>(
    app: &App,
    visit: &TokenVisit,
    key: &str,
    body: &[u8],
    answer: &Answer,
    run: impl FnOnce(NewIds) -> F,
) -> Result<Response> {
    let scope = app.store.for_team(&visit.visit.actor);
    let key_hash = sha256(&[visit.id.uuid().as_bytes(), key.as_bytes()].concat());
    match scope.claim_key(&key_hash, &sha256(body)).await? {
        Claim::Done(kept) => Ok(answer.again(kept)),
        Claim::OtherRequest => {
            let error = Error::Invalid { field: "idempotency-key" };
            let message = "This idempotency key came with another request before.";
            Ok(answer.refuse_with(StatusCode::UNPROCESSABLE_ENTITY, &error, message))
        }
        Claim::UnderWay => {
            let error = Error::Unavailable("a request with this key is under way".into());
            let message = "A request with this idempotency key is under way. Send it again in a moment.";
            let mut response = answer.refuse_with(StatusCode::CONFLICT, &error, message);
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            Ok(response)
        }
        Claim::Do { since } => {
            let response = run(NewIds::named(key_hash, since)).await;
            let may_go_well_later = response.errors.iter().any(is_passing);
            let (status, text) = answer.text_of(response);
            // What was not run, or may go well in a moment, is not kept: the same key tries again.
            if status == StatusCode::OK && !may_go_well_later {
                scope.keep_answer(&key_hash, &text).await?;
            } else {
                scope.give_key_back(&key_hash).await?;
            }
            Ok(answer.write(status, text))
        }
    }
}

/// Whether an error tells of a state that passes.
fn is_passing(error: &async_graphql::ServerError) -> bool {
    [app::error::ErrorCode::Unavailable, app::error::ErrorCode::Internal, app::error::ErrorCode::TooMany]
        .into_iter()
        .any(|code| has_code(error, code))
}
