//! `postern doctor`: looks at an installation as an operator would, and with `--isolation` at whether anybody sees what
//! is not theirs (rule I6).

pub mod asker;
mod checkup;
pub mod documents;
mod report;
pub mod visitor;
mod walk;
pub mod world;

use std::time::Instant;

pub use checkup::{Checkup, check_up};
pub use report::{Finding, Report};
pub use walk::walk;

use crate::{
    clock::Clock,
    config::{Config, DatabaseConfig},
    error::{Error, Result},
    state::App,
    store::Scratch,
};

/// Makes a scratch database beside the one that is named, walks through a world in it, and removes it again.
///
/// # Errors
/// Where no database can be made there.
pub async fn isolation(database: &DatabaseConfig, clock: Clock) -> Result<Report> {
    let began = Instant::now();
    let scratch = Scratch::make(database).await?;
    let walked = walk_in(scratch.config(), clock).await;
    scratch.remove().await?;
    let mut report = walked?;
    report.of = Some((scratch.kind(), began.elapsed()));
    Ok(report)
}

async fn walk_in(database: &DatabaseConfig, clock: Clock) -> Result<Report> {
    let app = App::open(config(database)?, clock).await?;
    let report = walk(&app).await;
    app.store.close().await;
    report
}

/// As the demo, which sends nothing to anybody, without the limits that would end a walk.
///
/// # Errors
/// [`Error::Bug`] where what is said here cannot be used.
pub fn config(database: &DatabaseConfig) -> Result<Config> {
    let said = |name: &'static str| match name {
        "PUBLIC_URL" => Some("https://doctor.example".to_owned()),
        "LOGIN_REQUESTS_PER_MINUTE" | "API_REQUESTS_PER_MINUTE" => Some("10000".to_owned()),
        "DATABASE_URL" => Some(database.url.clone()),
        _ => None,
    };
    Ok(Config { database: database.clone(), ..Config::for_demo(&said).map_err(Error::bug)? })
}
