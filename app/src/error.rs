//! The only error that crosses from the server to a page: a code that programs read.
//!
//! What people read is decided in one place, [`crate::text`]; internal detail never gets this far.

use serde::{Deserialize, Serialize};

/// Why a document or a form could not be served. The name in GraphQL's `extensions.code` is the
/// variant in `SCREAMING_SNAKE_CASE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ErrorCode {
    /// No such thing, or not yours: the two are the same answer.
    NotFound,
    /// Nobody is signed in.
    SignedOut,
    /// Signed in, but this actor may not do this.
    Forbidden,
    /// The org's plan no longer has a portal.
    PortalDisabled,
    /// The input cannot be used; `field` says which.
    Invalid,
    /// Somebody else changed it first.
    Conflict,
    /// Too many requests; try again later.
    TooMany,
    /// The database or another part is away for the moment.
    Unavailable,
    /// A fault of ours; logged with the request id.
    Internal,
}

/// An error with its code and, for [`ErrorCode::Invalid`], the argument or field it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppError {
    /// What kind of failure.
    pub code: ErrorCode,
    /// The argument at fault, where there is one.
    pub field: Option<String>,
}

impl AppError {
    /// An error that is about no field in particular.
    #[must_use]
    pub const fn new(code: ErrorCode) -> Self {
        Self { code, field: None }
    }
}

impl std::fmt::Display for AppError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.code)?;
        match &self.field {
            Some(field) => write!(f, " ({field})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for AppError {}
