//! The double over real HTTP, as a platform meets it.

#![expect(clippy::unwrap_used, reason = "a test fails where something is not as it should be")]

mod client;
mod idempotency;
mod lifecycle;
mod misbehaviour;
mod pages;
mod strictness;
mod webhooks;
