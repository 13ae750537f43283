//! Brings a database's schema up to date. A database that is up to date costs one statement, so
//! that starting is fast and a serving role that owns nothing can start.

use std::cmp::Ordering;

use sqlx::{
    ConnectOptions as _, Connection as _, PgConnection, SqlitePool,
    migrate::{MigrateError, Migrator},
    postgres::PgConnectOptions,
};

use crate::{
    config::DatabaseConfig,
    error::{Error, Result},
};

static SQLITE: Migrator = sqlx::migrate!("../migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("../migrations/postgres");

pub(super) const APPLIED: &str = "SELECT MAX(version) FROM _sqlx_migrations WHERE success";

/// How far the schema of a database is, held against this build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    /// There is none yet.
    None,
    /// It will be brought up to date.
    Older,
    /// As this build has it.
    Current,
    /// A newer build was here.
    Newer,
}

impl Schema {
    pub(super) fn of(applied: Option<i64>, is_postgres: bool) -> Self {
        let newest = newest(if is_postgres { &POSTGRES } else { &SQLITE });
        match applied.cmp(&newest) {
            _ if applied.is_none() => Self::None,
            Ordering::Less => Self::Older,
            Ordering::Equal => Self::Current,
            Ordering::Greater => Self::Newer,
        }
    }
}

fn newest(migrator: &Migrator) -> Option<i64> {
    migrator.iter().map(|migration| migration.version).max()
}

fn failed(error: MigrateError) -> Error {
    match error {
        MigrateError::Execute(error) => error.into(),
        other => Error::bug(other),
    }
}

/// Migrates a SQLite database.
pub(super) async fn sqlite(pool: &SqlitePool) -> Result<()> {
    let applied: Option<i64> = sqlx::query_scalar(APPLIED).fetch_one(pool).await.unwrap_or_default();
    if applied == newest(&SQLITE) {
        return Ok(());
    }
    SQLITE.run(pool).await.map_err(failed)
}

/// Migrates a PostgreSQL database as its owner. Several nodes that start together wait for each
/// other: the migrator holds an advisory lock.
pub(super) async fn postgres(config: &DatabaseConfig) -> Result<()> {
    let url = config.migrate_url.as_ref().unwrap_or(&config.url);
    let options: PgConnectOptions = url.parse()?;
    let mut connection: PgConnection =
        tokio::time::timeout(std::time::Duration::from_secs(5), options.connect())
            .await
            .map_err(|elapsed| Error::Unavailable(elapsed.into()))??;
    // As the role that serves, which may not own the table; before the first migration there is
    // neither.
    let applied: Option<i64> = match sqlx::raw_sql("SET ROLE postern_app").execute(&mut connection).await {
        Ok(_) => sqlx::query_scalar(APPLIED).fetch_one(&mut connection).await.unwrap_or_default(),
        Err(_) => None,
    };
    sqlx::raw_sql("RESET ROLE").execute(&mut connection).await?;
    if applied != newest(&POSTGRES) {
        POSTGRES.run(&mut connection).await.map_err(failed)?;
    }
    connection.close().await?;
    Ok(())
}
