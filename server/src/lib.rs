//! Postern: a clean portal for the people who pay you.
//!
//! Who may import whom: `http ► graphql ► import ► login, account, directory, billing ► store ► auth ► draft, ledger, id, clock, error`; `jobs ► login`;
//! `mail` and `csv` are leaves. `ARCHITECTURE.md` has the map and the invariants.

pub mod account;
pub mod auth;
pub mod billing;
pub mod checkout;
pub mod clock;
pub mod config;
pub mod csv;
pub mod demo;
pub mod directory;
pub mod doctor;
pub mod draft;
pub mod error;
pub mod fields;
#[cfg(feature = "testing")]
#[doc(hidden)]
#[allow(clippy::expect_used, clippy::missing_panics_doc, reason = "what does not hold stops the test")]
pub mod fuzzing;
pub mod graphql;
pub mod http;
pub mod id;
pub mod import;
pub mod in_common;
pub mod jobs;
pub mod ledger;
pub mod line;
pub mod log;
pub mod login;
pub mod mail;
pub mod operator;
pub mod paper;
pub mod pdf;
pub mod random;
pub mod seed;
pub mod serve;
pub mod site;
pub mod state;
pub mod statement;
pub mod store;
pub mod stripe;
pub mod webhook;
