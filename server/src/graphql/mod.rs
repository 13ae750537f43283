//! The one schema. Each audience has its own root, its own types and a guard on every type, and
//! sees its own half in introspection (rule I4).
//!
//! Pages run their documents here in process ([`PageExecutor`]); scripts of the portal's own pages
//! come through `http::graphql`, which bounds what strangers may send.

mod budget;
#[cfg(feature = "testing")]
mod dry;
pub mod guard;
mod guest;
pub mod lexer;
pub mod limits;
mod look;
pub mod new_ids;
mod page;
mod portal;
mod root;
mod scalar;
mod team;

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock},
};

use app::{
    api::{Answer, Document, Executor},
    error::{AppError, ErrorCode},
};
use async_graphql::{
    EmptySubscription, ErrorExtensionValues, Request, Schema, ServerError, ValidationMode, Value, Variables,
    parser::{parse_query, types::ExecutableDocument},
};

pub use self::team::OnPaper;
#[cfg(feature = "testing")]
pub(crate) use self::team::parse_document_id;
use crate::{
    auth::{
        actor::TeamActor,
        secret::Secrets,
        session::PortalVisit,
        share_link::{GuestVisit, ShareLinks},
        team_session::TeamVisit,
    },
    clock::Clock,
    error::Error,
    store::{Origin, Store},
    webhook::Reach,
};

/// The schema with its store.
pub type PosternSchema = Schema<root::Query, root::Mutation, EmptySubscription>;

/// Who runs a document.
#[derive(Debug, Clone)]
pub enum Caller {
    /// Nobody is signed in.
    Nobody,
    /// A session under way whose org has no portal any more.
    Disabled,
    /// A contact.
    Portal(Arc<PortalVisit>),
    /// A member of the team.
    Team(Arc<TeamVisit>),
    /// Whoever follows a share link.
    Guest(Arc<GuestVisit>),
}

/// The schema for what strangers send, with its limits.
#[must_use]
pub fn schema(
    store: Store,
    clock: Clock,
    links: ShareLinks,
    team_secrets: Secrets,
    webhooks: (Secrets, Reach),
) -> PosternSchema {
    limits::apply(Schema::build(root::Query, root::Mutation::default(), EmptySubscription))
        .data(store)
        .data(clock)
        .data(links)
        .data(guard::TeamSecrets(team_secrets))
        .data(guard::WebhookRules { secrets: webhooks.0, reach: webhooks.1 })
        .finish()
}

/// The same schema for the pages' own documents. Tests check those against it, so the engine need not
/// do so again for each request.
#[must_use]
pub fn schema_for_pages(
    store: Store,
    clock: Clock,
    links: ShareLinks,
    team_secrets: Secrets,
    webhooks: (Secrets, Reach),
) -> PosternSchema {
    Schema::build(root::Query, root::Mutation::default(), EmptySubscription)
        .validation_mode(ValidationMode::Fast)
        .data(store)
        .data(clock)
        .data(links)
        .data(guard::TeamSecrets(team_secrets))
        .data(guard::WebhookRules { secrets: webhooks.0, reach: webhooks.1 })
        .finish()
}

/// The schema definition as it stands in `schema.graphql`.
#[must_use]
pub fn sdl() -> String {
    let schema =
        limits::apply(Schema::build(root::Query, root::Mutation::default(), EmptySubscription)).finish();
    schema.sdl()
}

/// The schema with its limits over no store: for documents that nobody in particular sends.
#[cfg(feature = "testing")]
pub(crate) fn schema_without_data() -> PosternSchema {
    limits::apply(Schema::build(root::Query, root::Mutation::default(), EmptySubscription)).finish()
}

/// The same, which checks a document and runs nothing of it.
#[cfg(feature = "testing")]
pub(crate) fn schema_that_checks() -> PosternSchema {
    limits::apply(Schema::build(root::Query, root::Mutation::default(), EmptySubscription))
        .extension(dry::Dry)
        .finish()
}

/// Runs a document for a caller.
pub async fn execute(
    schema: &PosternSchema,
    request: Request,
    caller: Caller,
    origin: Origin,
) -> async_graphql::Response {
    schema.execute(request.data(caller).data(origin)).await
}

/// Finds the text of a document that the org of whoever asks trusts, by the name under which it is sent.
///
/// # Errors
/// [`Error::NotFound`] where it trusts no such document.
pub async fn trusted_document(store: &Store, actor: &TeamActor, id: &str) -> Result<String, Error> {
    let hash = team::parse_document_id(id).ok_or(Error::NotFound)?;
    store.for_team(actor).trusted_document(&hash).await?.ok_or(Error::NotFound)
}

/// The pages' documents, parsed once. One that is not GraphQL is not here, and the engine will say so.
static PARSED: LazyLock<HashMap<&'static str, ExecutableDocument>> = LazyLock::new(|| {
    let documents = app::api::portal::DOCUMENTS
        .iter()
        .chain(&app::api::team::DOCUMENTS)
        .chain(std::iter::once(&app::api::guest::INVOICE));
    documents.filter_map(|document| Some((document.name, parse_query(document.source).ok()?))).collect()
});

/// Runs pages' documents for one caller.
pub struct PageExecutor<'a> {
    schema: &'a PosternSchema,
    caller: Caller,
    origin: Origin,
}

impl<'a> PageExecutor<'a> {
    /// For one request.
    #[must_use]
    pub const fn new(schema: &'a PosternSchema, caller: Caller, origin: Origin) -> Self {
        Self { schema, caller, origin }
    }
}

impl Executor for PageExecutor<'_> {
    fn execute(&self, document: Document, variables: Variables) -> Answer<'_> {
        Box::pin(async move {
            let mut request =
                Request::new(document.source).operation_name(document.name).variables(variables);
            if let Some(parsed) = PARSED.get(document.name) {
                request.set_parsed_query(parsed.clone());
            }
            let response = execute(self.schema, request, self.caller.clone(), self.origin.clone()).await;
            match response.errors.first() {
                None => Ok(response.data),
                Some(error) => Err(app_error(document, error)),
            }
        })
    }
}

/// Reads back what [`to_graphql`] wrote. An error without a code comes from the engine itself: the
/// document does not fit the schema, which is a fault of ours.
fn app_error(document: Document, error: &ServerError) -> AppError {
    let extension = |name| match error.extensions.as_ref().and_then(|values| values.get(name)) {
        Some(Value::String(text)) => Some(text.clone()),
        _ => None,
    };
    let code = extension("code").and_then(|code| serde_json::from_value(code.into()).ok());
    if code.is_none() {
        tracing::error!(document = document.name, error = %error.message, "a document of ours was refused");
    }
    AppError { code: code.unwrap_or(ErrorCode::Internal), field: extension("field") }
}

/// The one place where failures become GraphQL errors: a code for programs, a sentence for people,
/// nothing internal.
pub(crate) fn to_graphql(error: &Error) -> async_graphql::Error {
    error.log();
    let AppError { code, field } = error.to_app();
    if code == ErrorCode::Forbidden {
        // The request's own line says 200.
        tracing::info!(code = code_name(code), "refused");
    }
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", code_name(code));
    if let Some(field) = field {
        extensions.set("field", field);
    }
    let mut graphql = async_graphql::Error::new(app::text::sentence(code));
    graphql.extensions = Some(extensions);
    graphql
}

/// The code's name in `extensions.code`.
#[must_use]
pub fn code_name(code: ErrorCode) -> String {
    match serde_json::to_value(code) {
        Ok(serde_json::Value::String(name)) => name,
        _ => "INTERNAL".to_owned(),
    }
}
