//! The only file that knows two drivers. Everything above it writes one SQL text, with `$1` and
//! without dialect words, and runs it by the macros below.

use std::{str::FromStr, time::Duration};

use ::log::LevelFilter;
use sqlx::{
    ConnectOptions as _, Connection as _, Sqlite, SqlitePool, Transaction,
    pool::PoolConnection,
    sqlite::{
        SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
        SqliteTransactionManager,
    },
};
use sqlx_core::transaction::TransactionManager as _;

use super::{
    migrate,
    postgres::{PgDatabase, PgTransaction},
};
use crate::{
    auth::actor::{GuestActor, PortalActor, TeamActor},
    config::DatabaseConfig,
    error::{Error, Result},
    id::OrgId,
};

/// How long a request waits for a connection before it is told that the database is busy.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(2);
/// How many rows SQLite's thread may be ahead of whoever reads them. A page of a list with its parts is a few hundred: with
/// the driver's own 50, both threads would wait for each other several times for each.
const ROWS_ON_THE_WAY: usize = 512;
/// Connections that read side by side on SQLite: one for each core, of which there are at least two.
/// Each is a thread, and more of them than cores only take turns.
fn sqlite_readers() -> u32 {
    std::thread::available_parallelism()
        .map_or(2, |cores| u32::try_from(cores.get()).unwrap_or(2).clamp(2, 16))
}
/// Pages of the file that one connection keeps, in KiB: 24 MB for all of them. The system keeps the rest.
fn sqlite_cache() -> u32 {
    24_000 / (sqlite_readers() + 1)
}

/// An open database.
#[derive(Debug, Clone)]
pub(super) enum Db {
    /// Many readers and one writer.
    Sqlite { readers: SqlitePool, writer: SqlitePool },
    /// A pool.
    Postgres(PgDatabase),
}

/// A connection with the audience set, reading or within a transaction that writes.
pub(crate) enum Conn {
    SqliteRead(PoolConnection<Sqlite>),
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(PgTransaction),
}

/// For whom a statement runs. PostgreSQL's row-level security knows it by settings that end with
/// the transaction.
#[derive(Debug, Clone, Copy)]
pub(super) enum Audience<'a> {
    /// Login, jobs, mail.
    System,
    /// A contact of one client.
    Portal(&'a PortalActor),
    /// A member of an org's team.
    Team(&'a TeamActor),
    /// Whoever follows the share link of one invoice.
    Guest(&'a GuestActor),
}

impl Audience<'_> {
    /// The tenant that it is of.
    pub(super) const fn org_id(self) -> Option<OrgId> {
        match self {
            Self::System => None,
            Self::Portal(actor) => Some(actor.org_id()),
            Self::Team(actor) => Some(actor.org_id()),
            Self::Guest(actor) => Some(actor.org_id()),
        }
    }

    /// The statement that opens a PostgreSQL transaction, in one round trip. Only our own words and
    /// UUIDs go into it.
    fn begin(self, mode: &str) -> String {
        match self {
            Self::System => format!("BEGIN {mode}; SET LOCAL app.audience = 'system'"),
            Self::Portal(actor) => format!(
                "BEGIN {mode}; SET LOCAL app.audience = 'portal'; SET LOCAL app.org_id = '{}'; \
                 SET LOCAL app.client_id = '{}'; SET LOCAL app.contact_id = '{}'",
                actor.org_id(),
                actor.client_id(),
                actor.contact_id()
            ),
            Self::Guest(actor) => format!(
                "BEGIN {mode}; SET LOCAL app.audience = 'guest'; SET LOCAL app.org_id = '{}'; \
                 SET LOCAL app.client_id = '{}'; SET LOCAL app.invoice_id = '{}'",
                actor.org_id(),
                actor.client_id(),
                actor.invoice_id()
            ),
            Self::Team(actor) => format!(
                "BEGIN {mode}; SET LOCAL app.audience = 'team'; SET LOCAL app.org_id = '{}'",
                actor.org_id()
            ),
        }
    }
}

impl Db {
    /// Opens the database and brings its schema up to date.
    pub(super) async fn open(config: &DatabaseConfig) -> Result<Self> {
        if config.url.starts_with("sqlite:") {
            open_sqlite(&config.url).await
        } else {
            PgDatabase::open(config).await.map(Self::Postgres)
        }
    }

    /// A connection to read several statements by that must fit together: one snapshot. PostgreSQL always gives one; on
    /// SQLite it costs two statements more.
    pub(super) async fn read_together(&self, audience: Audience<'_>) -> Result<Conn> {
        match self {
            Self::Sqlite { readers, .. } => Ok(Conn::Sqlite(readers.begin().await?)),
            Self::Postgres(_) => self.read(audience).await,
        }
    }

    /// A connection to read by.
    pub(super) async fn read(&self, audience: Audience<'_>) -> Result<Conn> {
        Ok(match self {
            Self::Sqlite { readers, .. } => Conn::SqliteRead(readers.acquire().await?),
            Self::Postgres(database) => Conn::Postgres(
                database.begin(&audience.begin("ISOLATION LEVEL REPEATABLE READ READ ONLY")).await?,
            ),
        })
    }

    /// A transaction that writes. Dropped without [`Conn::commit`], it leaves nothing behind.
    pub(super) async fn write(&self, audience: Audience<'_>) -> Result<Conn> {
        Ok(match self {
            Self::Sqlite { writer, .. } => Conn::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(database) => Conn::Postgres(database.begin(&audience.begin("READ WRITE")).await?),
        })
    }

    /// Whether the database answers.
    pub(super) async fn ping(&self) -> Result<()> {
        match self {
            Self::Sqlite { readers, .. } => readers.acquire().await?.ping().await?,
            Self::Postgres(database) => drop(database.begin("BEGIN READ ONLY").await?),
        }
        Ok(())
    }

    /// Closes all connections; those under way end first.
    pub(super) async fn close(&self) {
        match self {
            Self::Sqlite { readers, writer } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres(database) => database.close().await,
        }
    }
}

impl Conn {
    /// Ends a transaction and keeps what it wrote. A reader is just given back.
    pub(super) async fn commit(self) -> Result<()> {
        match self {
            Self::SqliteRead(_) => {}
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

async fn open_sqlite(url: &str) -> Result<Db> {
    let options = SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(ACQUIRE_TIMEOUT)
        .log_statements(LevelFilter::Off)
        .pragma("cache_size", format!("-{}", sqlite_cache()))
        .pragma("temp_store", "MEMORY")
        .row_buffer_size(ROWS_ON_THE_WAY);
    if let Some(folder) = options.get_filename().parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|error| Error::Unavailable(error.into()))?;
    }
    // A file does not hang up: to ask before each use whether the connection still stands would double
    // what a read costs.
    let pool = || SqlitePoolOptions::new().acquire_timeout(ACQUIRE_TIMEOUT).test_before_acquire(false);
    // Where the disk is full or fails, SQLite itself ends the transaction, and the driver believes that it goes on: such a
    // connection begins no other.
    let writer = pool()
        .max_connections(1)
        .before_acquire(|connection, _| {
            let is_free = SqliteTransactionManager::get_transaction_depth(connection) == 0;
            Box::pin(async move { Ok(is_free) })
        })
        .connect_with(options.clone())
        .await?;
    refuse_damaging_sqlite(&writer).await?;
    migrate::sqlite(&writer).await?;
    let readers = pool()
        .max_connections(sqlite_readers())
        .connect_with(options.create_if_missing(false).read_only(true))
        .await?;
    Ok(Db::Sqlite { readers, writer })
}

/// Versions before these can lose what was committed when the write-ahead log is reset.
async fn refuse_damaging_sqlite(pool: &SqlitePool) -> Result<()> {
    let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(pool).await?;
    if has_wal_reset_fix(&version) {
        return Ok(());
    }
    Err(Error::bug(format!(
        "SQLite {version} can lose committed data (WAL reset); 3.51.3 or newer is needed"
    )))
}

fn has_wal_reset_fix(version: &str) -> bool {
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    let mut part = || parts.next().unwrap_or(0);
    match (part(), part(), part()) {
        (3, 44, patch) => patch >= 6,
        (3, 50, patch) => patch >= 7,
        (major, minor, patch) => (major, minor, patch) >= (3, 51, 3),
    }
}

/// Runs the statement that `$on!(driver, connection)` makes with whichever driver the connection has.
macro_rules! dispatch {
    ($conn:expr, $on:ident) => {
        match &mut $conn {
            $crate::store::db::Conn::SqliteRead(conn) => {
                $on!(sqlx::Sqlite, conn).await.map_err($crate::error::Error::from)
            }
            $crate::store::db::Conn::Sqlite(conn) => {
                $on!(sqlx::Sqlite, conn).await.map_err($crate::error::Error::from)
            }
            $crate::store::db::Conn::Postgres(conn) => {
                let database = conn.database();
                database.answer($on!(sqlx::Postgres, conn)).await
            }
        }
    };
}

/// The text of a statement, which tests count, and hear of with the file that runs it.
macro_rules! text {
    ($sql:expr) => {{
        #[cfg(feature = "testing")]
        let sql = $crate::store::testing::heard(sqlx::SqlSafeStr::into_sql_str($sql), file!());
        #[cfg(not(feature = "testing"))]
        let sql = $sql;
        sql
    }};
}

/// Runs `$method` of a query on whichever driver the connection has.
macro_rules! run {
    ($conn:expr, $query:ident::<$($generic:ty),*>, $sql:expr, [$($bind:expr),*], $method:ident) => {{
        macro_rules! on {
            ($driver:ty, $connection:expr) => {
                sqlx::$query::<$driver, $($generic),*>($crate::store::db::text!($sql))$(.bind($bind))*.$method(&mut **$connection)
            };
        }
        $crate::store::db::dispatch!($conn, on)
    }};
}

/// All rows of a statement: `fetch_all!(conn, Row, SQL, bind…)`.
macro_rules! fetch_all {
    ($conn:expr, $row:ty, $sql:expr $(, $bind:expr)* $(,)?) => {
        $crate::store::db::run!($conn, query_as::<$row>, $sql, [$($bind),*], fetch_all)
    };
}

/// All rows of a statement that takes many keys: `fetch_keyed!(conn, Row, SQL, keys, size, bind…)`. The keys, `size` of
/// them, are bound after the others; missing ones are keys that nothing has.
macro_rules! fetch_keyed {
    ($conn:expr, $row:ty, $sql:expr, $keys:expr, $size:expr $(, $bind:expr)* $(,)?) => {{
        macro_rules! on {
            ($driver:ty, $connection:expr) => {{
                let mut query = sqlx::query_as::<$driver, $row>($crate::store::db::text!($sql))$(.bind($bind))*;
                for at in 0..$size {
                    for value in $keys.get(at).copied().unwrap_or_default() {
                        query = query.bind(value);
                    }
                }
                query.fetch_all(&mut **$connection)
            }};
        }
        $crate::store::db::dispatch!($conn, on)
    }};
}

/// All rows of a statement some of whose parameters may be missing, with their places in its text:
/// `fetch_listed!(conn, Row, SQL, [bind…], [option…])`.
macro_rules! fetch_listed {
    ($conn:expr, $row:ty, $sql:expr, [$($bind:expr),*], [$($option:expr),*] $(,)?) => {{
        macro_rules! on {
            ($driver:ty, $connection:expr) => {{
                let mut query = sqlx::query_as::<$driver, $row>($crate::store::db::text!($sql))$(.bind($bind))*;
                $(if let Some(value) = $option {
                    query = query.bind(value);
                })*
                query.fetch_all(&mut **$connection)
            }};
        }
        $crate::store::db::dispatch!($conn, on)
    }};
}

/// The row of a statement that gives one or none.
macro_rules! fetch_optional {
    ($conn:expr, $row:ty, $sql:expr $(, $bind:expr)* $(,)?) => {
        $crate::store::db::run!($conn, query_as::<$row>, $sql, [$($bind),*], fetch_optional)
    };
}

/// The row of a statement that always gives one.
macro_rules! fetch_one {
    ($conn:expr, $row:ty, $sql:expr $(, $bind:expr)* $(,)?) => {
        $crate::store::db::run!($conn, query_as::<$row>, $sql, [$($bind),*], fetch_one)
    };
}

/// Runs a statement for its effect; gives the number of rows it touched.
macro_rules! execute {
    ($conn:expr, $sql:expr $(, $bind:expr)* $(,)?) => {{
        macro_rules! on {
            ($driver:ty, $connection:expr) => {{
                let query = sqlx::query::<$driver>($crate::store::db::text!($sql))$(.bind($bind))*;
                async move { query.execute(&mut **$connection).await.map(|done| done.rows_affected()) }
            }};
        }
        $crate::store::db::dispatch!($conn, on)
    }};
}

pub(super) use {
    dispatch, execute, fetch_all, fetch_keyed, fetch_listed, fetch_one, fetch_optional, run, text,
};

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_read_together_fits_together_whatever_is_written_meanwhile() -> Result<()> {
        const COUNT: &str = "SELECT COUNT(*) FROM alerts";
        const ADD: &str = "INSERT INTO alerts (id, kind, subject, day, times, detail, first_at, last_at) \
            VALUES (X'00', '', '', '2026-01-01', 1, '', '2026-01-01', '2026-01-01')";
        let folder = std::env::temp_dir().join(format!("postern-{}", uuid::Uuid::new_v4()));
        let url = format!("sqlite://{}/postern.db", folder.display());
        let db = Db::open(&DatabaseConfig::of(url)).await?;
        let mut together = db.read_together(Audience::System).await?;
        assert_eq!(fetch_one!(together, (i64,), COUNT)?, (0,));
        let mut writing = db.write(Audience::System).await?;
        execute!(writing, ADD)?;
        writing.commit().await?;
        assert_eq!(fetch_one!(together, (i64,), COUNT)?, (0,));
        together.commit().await?;
        let mut afterwards = db.read(Audience::System).await?;
        assert_eq!(fetch_one!(afterwards, (i64,), COUNT)?, (1,));
        drop(afterwards);
        db.close().await;
        let _ = std::fs::remove_dir_all(folder);
        Ok(())
    }

    #[test]
    fn versions_of_sqlite_that_lose_data_are_refused() {
        for good in ["3.44.6", "3.50.7", "3.51.3", "3.52.0", "4.0.0"] {
            assert!(has_wal_reset_fix(good), "{good}");
        }
        for bad in ["3.40.1", "3.44.5", "3.45.0", "3.50.6", "3.51.2", "nonsense"] {
            assert!(!has_wal_reset_fix(bad), "{bad}");
        }
    }
}
