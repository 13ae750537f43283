//! The documents that pages run, and their typed answers.
//!
//! A page never sees the schema's Rust types: it names the fields it shows, and the answer is read
//! into the structs beside the document. Each document is checked against the SDL by a test.

pub mod guest;
pub mod portal;
pub mod team;

use std::{future::Future, pin::Pin};

use async_graphql_value::{ConstValue, Variables, from_value};
use serde::de::DeserializeOwned;

use crate::error::{AppError, ErrorCode};

/// A GraphQL document as it stands in the source, with the name it is cached and logged under.
#[derive(Debug, Clone, Copy)]
pub struct Document {
    /// Unique among the documents of this crate.
    pub name: &'static str,
    /// The text of the one operation.
    pub source: &'static str,
}

/// The answer of an executor: the operation's `data`, or the first error.
pub type Answer<'a> = Pin<Box<dyn Future<Output = Result<ConstValue, AppError>> + Send + 'a>>;

/// Runs documents for one actor. The server implements it over its schema, in process.
pub trait Executor: Send + Sync {
    /// Runs one document with its variables.
    fn execute(&self, document: Document, variables: Variables) -> Answer<'_>;
}

async fn run<T: DeserializeOwned>(
    executor: &dyn Executor,
    document: Document,
    variables: Variables,
) -> Result<T, AppError> {
    let data = executor.execute(document, variables).await?;
    // A shape that does not fit is a fault of ours: the documents are tested against the SDL.
    from_value(data).map_err(|_| AppError::new(ErrorCode::Internal))
}
