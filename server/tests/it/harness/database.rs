//! A database for one test: a file, or a PostgreSQL database made from a migrated template.

use std::{
    path::PathBuf,
    str::FromStr as _,
    sync::atomic::{AtomicU32, Ordering},
};

use postern::{clock::Clock, config::DatabaseConfig, store::Store};
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection, Row as _, SqliteConnection,
    postgres::PgConnectOptions, sqlite::SqliteConnectOptions,
};
use tokio::sync::OnceCell;
use uuid::Uuid;

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

impl Kind {
    pub fn postgres_is_there() -> bool {
        let there = server().is_some();
        if !there {
            eprintln!("TEST_POSTGRES_URL is not set: this test runs on SQLite alone");
        }
        there
    }
}

/// A database that goes away with the test.
pub struct Database {
    pub kind: Kind,
    url: String,
    file: Option<PathBuf>,
}

static COUNT: AtomicU32 = AtomicU32::new(0);
static TEMPLATE: OnceCell<String> = OnceCell::const_new();

fn server() -> Option<String> {
    std::env::var("TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty())
}

fn on_server(database: &str) -> PgConnectOptions {
    PgConnectOptions::from_str(&server().unwrap()).unwrap().database(database)
}

async fn on_postgres(sql: String) {
    let mut connection: PgConnection = on_server("postgres").connect().await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

fn url_of(database: &str) -> String {
    let mut url = url::Url::parse(&server().unwrap()).unwrap();
    url.set_path(database);
    url.to_string()
}

async fn template() -> &'static str {
    TEMPLATE
        .get_or_init(|| async {
            let name = format!("postern_test_{}_template", std::process::id());
            on_postgres(format!("DROP DATABASE IF EXISTS {name}")).await;
            on_postgres(format!("CREATE DATABASE {name}")).await;
            let config = DatabaseConfig::of(url_of(&name));
            Store::open(&config, Clock::system()).await.unwrap().close().await;
            name
        })
        .await
}

impl Database {
    pub async fn create(kind: Kind) -> Self {
        super::hasty::end_with_the_first_failure();
        crate::predicates::watch();
        let name = format!("postern_test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        match kind {
            Kind::Sqlite => {
                let file = std::env::temp_dir().join(format!("{name}.db"));
                Self { kind, url: format!("sqlite://{}", file.display()), file: Some(file) }
            }
            Kind::Postgres => {
                let template = template().await;
                on_postgres(format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
                Self { kind, url: url_of(&name), file: None }
            }
        }
    }

    /// The database of another server, whose URL names it.
    pub fn of_server(url: &str) -> Self {
        Self { kind: Kind::Postgres, url: url.to_owned(), file: None }
    }

    /// A PostgreSQL database that nobody has migrated yet.
    pub async fn empty_postgres() -> Self {
        let name = format!("postern_test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        on_postgres(format!("CREATE DATABASE {name}")).await;
        Self { kind: Kind::Postgres, url: url_of(&name), file: None }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// Bytes as they are written in SQL.
    pub fn bytes(&self, bytes: &[u8]) -> String {
        let hex = bytes.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        match self.kind {
            Kind::Sqlite => format!("X'{hex}'"),
            Kind::Postgres => format!("'\\x{hex}'::bytea"),
        }
    }

    /// How this database writes a UUID in a statement.
    pub fn uuid(&self, uuid: Uuid) -> String {
        match self.kind {
            Kind::Sqlite => format!("X'{}'", uuid.simple()),
            Kind::Postgres => format!("'{uuid}'"),
        }
    }

    /// A column of UUIDs, as they are written in text.
    pub fn uuid_as_text(&self, column: &str) -> String {
        match self.kind {
            Kind::Postgres => format!("CAST({column} AS TEXT)"),
            Kind::Sqlite => {
                let part = |from: u32, length: u32| format!("substr(lower(hex({column})), {from}, {length})");
                [part(1, 8), part(9, 4), part(13, 4), part(17, 4), part(21, 12)].join(" || '-' || ")
            }
        }
    }

    /// Runs statements as the database's owner, past every wall.
    pub async fn execute(&self, sql: &str) {
        self.try_execute(sql).await.unwrap();
    }

    pub async fn try_execute(&self, sql: &str) -> Result<(), sqlx::Error> {
        let sql = AssertSqlSafe(sql.to_owned());
        match self.kind {
            Kind::Sqlite => {
                let mut connection = self.sqlite().await;
                sqlx::raw_sql(sql).execute(&mut connection).await?;
                connection.close().await
            }
            Kind::Postgres => {
                let mut connection = self.postgres().await;
                sqlx::raw_sql(sql).execute(&mut connection).await?;
                connection.close().await
            }
        }
    }

    /// The first column of every row, as the database writes it.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let sql = AssertSqlSafe(sql.to_owned());
        match self.kind {
            Kind::Sqlite => {
                let rows = sqlx::query(sql).fetch_all(&mut self.sqlite().await).await.unwrap();
                rows.iter().map(|row| row.get::<String, _>(0)).collect()
            }
            Kind::Postgres => {
                let rows = sqlx::query(sql).fetch_all(&mut self.postgres().await).await.unwrap();
                rows.iter().map(|row| row.get::<String, _>(0)).collect()
            }
        }
    }

    /// Every row of every table, all columns of it in one text. What is bytes stands there in hexadecimal digits.
    pub async fn everything(&self) -> Vec<String> {
        let tables = match self.kind {
            Kind::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table'",
            Kind::Postgres => "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'",
        };
        let mut rows = Vec::new();
        for table in self.texts(tables).await {
            let sql = match self.kind {
                Kind::Sqlite => {
                    let names = self.texts(&format!("SELECT name FROM pragma_table_info('{table}')")).await;
                    let quoted: Vec<String> = names.iter().map(|name| format!("quote({name})")).collect();
                    format!("SELECT {} FROM {table}", quoted.join(" || ', ' || "))
                }
                Kind::Postgres => format!("SELECT CAST(t AS TEXT) FROM {table} t"),
            };
            rows.extend(self.texts(&sql).await.into_iter().map(|row| format!("{table}: {row}")));
        }
        rows
    }

    /// A number.
    pub async fn number(&self, sql: &str) -> i64 {
        let sql = AssertSqlSafe(sql.to_owned());
        match self.kind {
            Kind::Sqlite => sqlx::query_scalar(sql).fetch_one(&mut self.sqlite().await).await.unwrap(),
            Kind::Postgres => sqlx::query_scalar(sql).fetch_one(&mut self.postgres().await).await.unwrap(),
        }
    }

    pub async fn sqlite(&self) -> SqliteConnection {
        SqliteConnectOptions::from_str(&self.url)
            .unwrap()
            .foreign_keys(true)
            .busy_timeout(std::time::Duration::from_secs(10))
            .connect()
            .await
            .unwrap()
    }

    pub async fn postgres(&self) -> PgConnection {
        PgConnectOptions::from_str(&self.url).unwrap().connect().await.unwrap()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(file) = &self.file {
            for suffix in ["", "-wal", "-shm"] {
                let _ = std::fs::remove_file(format!("{}{suffix}", file.display()));
            }
        }
    }
}
