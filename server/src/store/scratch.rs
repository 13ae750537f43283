//! A database for a while, beside one that serves: for looking at what a build does without touching anybody's data.

use std::path::PathBuf;

use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, postgres::PgConnectOptions};
use url::Url;

use crate::{
    config::DatabaseConfig,
    error::{Error, Result},
    random,
};

/// An empty database that nobody else knows.
#[derive(Debug)]
pub struct Scratch {
    config: DatabaseConfig,
    at: At,
}

#[derive(Debug)]
enum At {
    /// A folder of its own.
    Folder(PathBuf),
    /// A database on the same server, made by whom this names.
    Server { maker: Box<PgConnectOptions>, name: String },
}

impl Scratch {
    /// Makes one of the same kind: for SQLite a file in the folder for temporary files, for PostgreSQL a database on the
    /// same server.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where the server cannot be reached; [`Error::Refused`] where the role may make no database.
    pub async fn make(config: &DatabaseConfig) -> Result<Self> {
        let tail: [u8; 8] = random::bytes();
        let name = format!("postern_doctor_{:016x}", u64::from_be_bytes(tail));
        if config.url.starts_with("sqlite:") {
            let folder = std::env::temp_dir().join(name);
            std::fs::create_dir(&folder).map_err(Error::bug)?;
            let url = format!("sqlite://{}", folder.join("scratch.db").display());
            return Ok(Self { config: DatabaseConfig::of(url), at: At::Folder(folder) });
        }
        let maker: PgConnectOptions = config.migrate_url.as_ref().unwrap_or(&config.url).parse()?;
        // The name is ours: a word and hexadecimal digits.
        run(&maker, format!("CREATE DATABASE {name}")).await.map_err(|error| match error {
            sqlx::Error::Database(refused) if refused.code().is_some_and(|code| code == "42501") => Error::Refused(
                "the role may not create a database to look at; let it (ALTER ROLE … CREATEDB), or name one in MIGRATE_DATABASE_URL that may",
            ),
            error => error.into(),
        })?;
        let there = |url: &String| renamed(url, &name);
        let config = DatabaseConfig {
            url: there(&config.url)?,
            migrate_url: config.migrate_url.as_ref().map(there).transpose()?,
            connections: config.connections,
        };
        Ok(Self { config, at: At::Server { maker: Box::new(maker), name } })
    }

    /// How to open it.
    #[must_use]
    pub const fn config(&self) -> &DatabaseConfig {
        &self.config
    }

    /// What it is, for people.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self.at {
            At::Folder(_) => "SQLite",
            At::Server { .. } => "PostgreSQL",
        }
    }

    /// Removes it. Everybody who had it open must have closed it.
    ///
    /// # Errors
    /// Where it cannot be removed.
    pub async fn remove(&self) -> Result<()> {
        match &self.at {
            At::Folder(folder) => std::fs::remove_dir_all(folder).map_err(Error::bug),
            At::Server { maker, name } => Ok(run(maker, format!("DROP DATABASE {name} WITH (FORCE)")).await?),
        }
    }
}

async fn run(maker: &PgConnectOptions, sql: String) -> Result<(), sqlx::Error> {
    let mut connection = maker.connect().await?;
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?;
    connection.close().await
}

/// The same address with another database.
fn renamed(url: &str, name: &str) -> Result<String> {
    let mut url: Url = url.parse().map_err(Error::bug)?;
    url.set_path(name);
    // A name among the parameters would go before the path.
    let rest: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(key, _)| key != "dbname")
        .map(|(key, value)| (key.into_owned(), value.into_owned()))
        .collect();
    url.set_query(None);
    if !rest.is_empty() {
        url.query_pairs_mut().extend_pairs(rest);
    }
    Ok(url.into())
}

#[cfg(test)]
mod tests {
    use super::renamed;

    #[test]
    fn the_address_stays_but_for_the_name() {
        let url = "postgres://u:p%40@db:5433/postern?sslmode=require&dbname=x&options=-c%20a%3Db";
        assert_eq!(
            renamed(url, "s").unwrap(),
            "postgres://u:p%40@db:5433/s?sslmode=require&options=-c+a%3Db"
        );
        assert_eq!(renamed("postgres://h/a", "s").unwrap(), "postgres://h/s");
    }
}
