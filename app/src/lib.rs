//! What a visitor of Postern sees: pages, islands, and the typed documents the pages run.
//!
//! The crate is compiled twice. With `ssr` it renders whole pages on the server; with `hydrate` it
//! is the WebAssembly that wakes the islands. It knows nothing of the server, of SQL or of Stripe:
//! data comes in through [`api`] as the answer of a GraphQL document, and goes out as HTML.

#[cfg(feature = "ssr")]
pub mod activity;
pub mod error;
pub mod money;
pub mod routes;

#[cfg(feature = "ssr")]
pub mod api;
#[cfg(feature = "ssr")]
pub mod brand;
#[cfg(feature = "ssr")]
pub mod components;
#[cfg(feature = "ssr")]
pub mod format;
pub mod islands;
#[cfg(feature = "ssr")]
pub mod layout;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod period;
#[cfg(feature = "ssr")]
pub mod problem;
#[cfg(feature = "ssr")]
pub mod render;
#[cfg(feature = "ssr")]
pub mod text;
#[cfg(feature = "ssr")]
pub mod words;
