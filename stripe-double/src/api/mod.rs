//! The HTTP API: a request comes in, is told to whoever listens, goes wrong where it was told to, is carried
//! out, and answered.

mod accounts;
mod auth;
mod expand;
mod idempotency;
mod payments;
mod pipeline;
mod reversals;
mod route;
mod sessions;

use std::sync::Arc;

pub(crate) use idempotency::Keys;
pub(crate) use pipeline::{DropConnection, handle};

/// A request, as far as tests want to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestInfo {
    /// `req_…`
    pub id: String,
    /// `GET` or `POST`.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The header `Stripe-Account`.
    pub account: Option<String>,
    /// The header `Idempotency-Key`.
    pub idempotency_key: Option<String>,
}

/// A request and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestRecord {
    /// The request.
    pub request: RequestInfo,
    /// What it was answered with; `None` where it was not.
    pub status: Option<u16>,
    /// Whether the answer was remembered from an earlier request with its key.
    pub replayed: bool,
}

/// When somebody is told of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// It has come in, and nothing was done yet.
    Before,
    /// It was carried out, and is not answered yet.
    After,
}

/// Who is told of requests.
pub type Hook = Arc<dyn Fn(&RequestInfo, Moment) + Send + Sync>;
