//! Structured logs on standard output: text for a person at a terminal, JSON for everything else.
//! Tokens, addresses and amounts do not stand in them.

use std::io::{IsTerminal as _, stdout};

use tracing_subscriber::{EnvFilter, fmt, prelude::*};

use crate::{
    config::{ConfigError, environment},
    store::Origin,
};

/// Starts logging. `LOG` says what is logged (default `info`), `LOG_FORMAT` how (`text` or `json`).
///
/// # Errors
/// When one of the two is set to what it cannot be.
pub fn start() -> Result<(), ConfigError> {
    let filter = match environment("LOG").filter(|filter| !filter.is_empty()) {
        Some(filter) => EnvFilter::try_new(filter)
            .map_err(|_| wants("LOG", "must be a filter such as info or postern=debug"))?,
        None => EnvFilter::new("info,sqlx=warn,lettre=warn,hyper=warn"),
    };
    let json = match environment("LOG_FORMAT").as_deref() {
        Some("json") => true,
        Some("text") => false,
        None | Some("") => !stdout().is_terminal(),
        Some(_) => return Err(wants("LOG_FORMAT", "must be text or json")),
    };
    let registry = tracing_subscriber::registry().with(filter);
    // A line that cannot be written (the log's disk is full) is lost. To complain on standard error would be a panic where
    // that leads to the same file.
    let layer = fmt::layer().log_internal_errors(false);
    if json {
        registry.with(layer.json().flatten_event(true).with_current_span(true).with_span_list(false)).init();
    } else {
        registry.with(layer.with_target(false)).init();
    }
    Ok(())
}

/// Notes that somebody was not let in: why, and from which network. Neither who nor by what.
pub fn refused(reason: &'static str, origin: &Origin) {
    tracing::info!(reason, from = origin.ip_short, "not let in");
}

fn wants(name: &'static str, problem: &str) -> ConfigError {
    ConfigError { name, problem: problem.to_owned() }
}
