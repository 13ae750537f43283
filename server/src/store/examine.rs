//! What an operator wants to know of a database without opening it for serving: nothing is migrated, nothing is written.

use std::str::FromStr as _;

use sqlx::{
    ConnectOptions as _, Connection as _, PgConnection, SqliteConnection, postgres::PgConnectOptions,
    sqlite::SqliteConnectOptions,
};

use super::migrate::{self, Schema};
use crate::{config::DatabaseConfig, error::Result};

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Examined {
    /// There is no file yet.
    NoFile,
    /// SQLite.
    Sqlite {
        /// Of the library.
        version: String,
        /// How far the schema is.
        schema: Schema,
        /// What its own check of the pages says; `None` where it found nothing.
        damage: Option<String>,
        /// How many rows point at nothing.
        dangling: i64,
    },
    /// PostgreSQL.
    Postgres {
        /// Of the server.
        version: String,
        /// How far the schema is.
        schema: Schema,
        /// Which role serves, and with which powers.
        role: Role,
        /// Whether the connection is encrypted.
        is_encrypted: bool,
        /// Settings of the server by which an acknowledged write could be lost: their names.
        unsafe_settings: Vec<String>,
        /// Tables that row-level security is not forced on.
        unguarded: Vec<String>,
    },
}

/// The role of `DATABASE_URL`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// Whether it owns tables: then it also migrates, and each connection drops to `postern_app`.
    pub owns_tables: bool,
    /// Whether nothing is forbidden to it.
    pub is_superuser: bool,
}

/// Looks at a database.
///
/// # Errors
/// [`crate::error::Error::Unavailable`] where it does not answer.
pub async fn examine(config: &DatabaseConfig) -> Result<Examined> {
    if config.url.starts_with("sqlite:") {
        let options = SqliteConnectOptions::from_str(&config.url)?.create_if_missing(false);
        if !options.get_filename().exists() {
            return Ok(Examined::NoFile);
        }
        sqlite(options.connect().await?).await
    } else {
        let options: PgConnectOptions = config.url.parse()?;
        postgres(options.connect().await?).await
    }
}

async fn sqlite(mut connection: SqliteConnection) -> Result<Examined> {
    let version = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&mut connection).await?;
    let checked: String = sqlx::query_scalar("PRAGMA integrity_check(1)").fetch_one(&mut connection).await?;
    let dangling = sqlx::query_scalar("SELECT COUNT(*) FROM pragma_foreign_key_check")
        .fetch_one(&mut connection)
        .await?;
    let schema = Schema::of(
        sqlx::query_scalar(migrate::APPLIED).fetch_one(&mut connection).await.ok().flatten(),
        false,
    );
    connection.close().await?;
    Ok(Examined::Sqlite { version, schema, damage: (checked != "ok").then_some(checked), dangling })
}

async fn postgres(mut connection: PgConnection) -> Result<Examined> {
    const ROLE: &str = "SELECT session_user::text, EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = 'public'::regnamespace \
        AND relkind = 'r' AND pg_get_userbyid(relowner) = session_user), rolsuper FROM pg_roles WHERE rolname = session_user";
    const UNSAFE: &str = "SELECT name::text FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes') \
        AND setting = 'off' ORDER BY name";
    const UNGUARDED: &str = "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' \
        AND relname <> '_sqlx_migrations' AND NOT (relrowsecurity AND relforcerowsecurity) ORDER BY relname";
    const ENCRYPTED: &str =
        "SELECT COALESCE((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), FALSE)";
    let version = sqlx::query_scalar("SHOW server_version").fetch_one(&mut connection).await?;
    let (name, owns_tables, is_superuser) = sqlx::query_as(ROLE).fetch_one(&mut connection).await?;
    let is_encrypted = sqlx::query_scalar(ENCRYPTED).fetch_one(&mut connection).await?;
    let unsafe_settings = sqlx::query_scalar(UNSAFE).fetch_all(&mut connection).await?;
    let unguarded = sqlx::query_scalar(UNGUARDED).fetch_all(&mut connection).await?;
    let applied = match sqlx::raw_sql("SET ROLE postern_app").execute(&mut connection).await {
        Ok(_) => sqlx::query_scalar(migrate::APPLIED).fetch_one(&mut connection).await.ok().flatten(),
        Err(_) => None,
    };
    connection.close().await?;
    let role = Role { name, owns_tables, is_superuser };
    Ok(Examined::Postgres {
        version,
        schema: Schema::of(applied, true),
        role,
        is_encrypted,
        unsafe_settings,
        unguarded,
    })
}
