//! PostgreSQL: how its connections are opened, how transactions begin and end, and how it is noticed that nobody
//! answers any more.
//!
//! A server that is gone without a word (a cut network, a host that hangs) closes no connection: the driver would wait
//! for minutes, and keep the place in the pool as long. A statement may be slow, though. So whoever has waited for
//! most of a second asks by a new connection whether anybody is there, and goes on waiting if so.

use std::{
    ops::{Deref, DerefMut},
    pin::pin,
    str::FromStr as _,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use ::log::LevelFilter;
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, PgConnection, PgPool, Postgres,
    SqlSafeStr as _, SqlStr,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPoolOptions, PgTransactionManager},
};
use sqlx_core::transaction::TransactionManager as _;
use tokio::time::timeout;

use super::migrate;
use crate::{
    config::DatabaseConfig,
    error::{Error, Result},
    in_common::InCommon,
};

/// How long a request waits for a transaction to begin while the database answers, before it is told that it is busy.
const BEGIN_LIMIT: Duration = Duration::from_secs(3);
/// How long a connection that lay idle may take to answer before another is tried.
const IDLE_LIMIT: Duration = Duration::from_millis(700);
/// How long a statement may take, or a transaction to begin, before it is asked whether anybody is there.
const SLOW: Duration = Duration::from_millis(800);
/// The same where somebody has just found nobody there: many may be waiting in line, and nobody is to wait for long.
const SLOW_WHILE_AWAY: Duration = Duration::from_millis(100);
/// How long that is just now.
const JUST_NOW: Duration = Duration::from_secs(2);
/// How long the answer to that may take.
const PROBE_LIMIT: Duration = Duration::from_millis(500);
/// What is left of a statement's longest time after that: the server ends each after five seconds itself.
const REST_LIMIT: Duration = Duration::from_millis(4_500);
/// How long a connection may take to roll back before it is closed.
const RETURN_LIMIT: Duration = Duration::from_secs(2);
/// The role that owns nothing.
const APP_ROLE: &str = "postern_app";

/// How every connection to PostgreSQL is set up. Lists are read in the order of an index, a page at a
/// time: to sort, all of a client's rows would have to be read, and the planner, which
/// cannot know how few rows row-level security leaves over, would choose it. Where a few rows are sorted all the same,
/// the price that this puts on it must not make the server compile the statement, which takes a third of a second; and
/// a page of a list needs no helpers, which take eight milliseconds to come.
///
/// What is acknowledged is on the disk: where the server would answer before (`synchronous_commit = off`), it does not
/// for us. What an operator has set beyond `on` stands.
pub(super) const POSTGRES_SESSION: &str = "SET statement_timeout = '5s'; SET lock_timeout = '5s'; \
    SET idle_in_transaction_session_timeout = '10s'; SET plan_cache_mode = force_generic_plan; SET enable_bitmapscan = off; SET enable_sort = off; \
    SET jit = off; SET max_parallel_workers_per_gather = 0; \
    SELECT set_config('synchronous_commit', 'on', FALSE) WHERE current_setting('synchronous_commit') = 'off'";

/// A pool whose connections have dropped to [`APP_ROLE`]. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct PgDatabase {
    pool: PgPool,
    lost: Arc<Lost>,
}

/// When a connection was last found to answer no more. All that are older are suspect: they are closed, not waited for
/// one after the other.
#[derive(Debug)]
struct Lost {
    opened: Instant,
    /// Microseconds since then; 0: never.
    at: AtomicU64,
    /// Whether anybody is there.
    is_there: InCommon<bool>,
}

impl Lost {
    fn new() -> Self {
        Self { opened: Instant::now(), at: AtomicU64::new(0), is_there: InCommon::default() }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.opened.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    fn note(&self) {
        self.at.store(self.now(), Ordering::Release);
    }

    /// How long to wait before it is asked whether anybody is there.
    fn slow(&self) -> Duration {
        if self.is_suspect(JUST_NOW) { SLOW_WHILE_AWAY } else { SLOW }
    }

    /// Whether what is so old is from before one was found lost.
    fn is_suspect(&self, age: Duration) -> bool {
        let age = u64::try_from(age.as_micros()).unwrap_or(u64::MAX);
        self.now().saturating_sub(age) < self.at.load(Ordering::Acquire)
    }
}

impl PgDatabase {
    /// Opens the database and brings its schema up to date.
    pub(super) async fn open(config: &DatabaseConfig) -> Result<Self> {
        migrate::postgres(config).await?;
        let options = PgConnectOptions::from_str(&config.url)?
            .application_name("postern")
            .log_statements(LevelFilter::Off);
        let lost = Arc::new(Lost::new());
        let suspects = Arc::clone(&lost);
        let pool = PgPoolOptions::new()
            .max_connections(config.connections)
            .acquire_timeout(BEGIN_LIMIT)
            .test_before_acquire(false)
            .before_acquire(move |_, meta| {
                let is_good = !suspects.is_suspect(meta.age);
                Box::pin(async move { Ok(is_good) })
            })
            .after_connect(|connection, _| {
                Box::pin(async move {
                    let setup = format!("SET ROLE {APP_ROLE}; {POSTGRES_SESSION}");
                    connection.execute(AssertSqlSafe(setup)).await?;
                    Ok(())
                })
            })
            .connect_with(options)
            .await?;
        warn_of_unsafe_server(&pool).await?;
        Ok(Self { pool, lost })
    }

    #[cfg(feature = "testing")]
    pub(super) const fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// Closes all connections; those under way end first.
    pub(super) async fn close(&self) {
        self.pool.close().await;
    }

    /// Begins a transaction. The first statement is what shows whether a connection still stands: to ask
    /// before each use would be a round trip more. One that was lost while it lay idle, as all of them are
    /// when the server restarts, is left behind for the next.
    ///
    /// It is a task of its own, for whoever waits may go away, and what has begun must end.
    pub(super) async fn begin(&self, statement: &str) -> Result<PgTransaction> {
        let (database, statement) = (self.clone(), AssertSqlSafe(statement.to_owned()).into_sql_str());
        let begun = tokio::spawn(async move { database.begin_in_time(&statement).await });
        begun.await.map_err(Error::bug)?
    }

    /// All connections may be busy, which is no reason to give up yet.
    async fn begin_in_time(&self, statement: &SqlStr) -> Result<PgTransaction> {
        let busy = |_| no_answer("all connections are busy");
        let mut begun = pin!(timeout(BEGIN_LIMIT, self.begin_on_any(statement)));
        if let Ok(begun) = timeout(self.lost.slow(), &mut begun).await {
            return Ok(begun.map_err(busy)??);
        }
        tokio::select! {
            begun = &mut begun => return Ok(begun.map_err(busy)??),
            is_there = self.is_there() => if !is_there {
                self.lost.note();
                return Err(no_answer("it is away"));
            }
        }
        // Or the first attempt hangs on a connection that was lost, and the database has come back since: another does not.
        let another = timeout(BEGIN_LIMIT.saturating_sub(SLOW), self.begin_on_any(statement));
        tokio::select! {
            begun = begun => Ok(begun.map_err(busy)??),
            begun = another => Ok(begun.map_err(busy)??),
        }
    }

    async fn begin_on_any(&self, statement: &SqlStr) -> Result<PgTransaction, sqlx::Error> {
        for _ in 0..self.pool.options().get_max_connections() {
            match self.begin_on_one(statement).await {
                Err(sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed) => {}
                Err(sqlx::Error::Database(error)) if is_goodbye(&*error) => {}
                begun => return begun,
            }
        }
        self.begin_on_one(statement).await
    }

    async fn begin_on_one(&self, statement: &SqlStr) -> Result<PgTransaction, sqlx::Error> {
        let connection = self.pool.acquire().await.map_err(|error| match error {
            // Whoever closes the connection before a word was said is no server that we do not understand.
            sqlx::Error::Protocol(said) => sqlx::Error::Io(std::io::Error::other(said)),
            other => other,
        })?;
        let mut tx = PgTransaction { connection: Some(connection), database: self.clone(), has_begun: false };
        match timeout(IDLE_LIMIT, PgTransactionManager::begin(&mut tx, Some(statement.clone()))).await {
            Ok(begun) => begun?,
            Err(elapsed) => {
                self.lost.note();
                return Err(sqlx::Error::Io(elapsed.into()));
            }
        }
        tx.has_begun = true;
        Ok(tx)
    }

    /// What a statement comes to, or that nobody is there to answer it.
    pub(super) async fn answer<T>(&self, statement: impl Future<Output = sqlx::Result<T>>) -> Result<T> {
        let mut statement = pin!(statement);
        if let Ok(done) = timeout(SLOW, &mut statement).await {
            return Ok(done?);
        }
        tokio::select! {
            done = &mut statement => return Ok(done?),
            is_there = self.is_there() => if !is_there {
                self.lost.note();
                return Err(no_answer("it went away during a statement"));
            }
        }
        if let Ok(done) = timeout(REST_LIMIT, statement).await {
            return Ok(done?);
        }
        self.lost.note();
        Err(no_answer("a connection was lost during a statement"))
    }

    /// Whether anybody answers: a refusal in words is an answer as well.
    async fn is_there(&self) -> bool {
        let options = self.pool.connect_options();
        // Boxed, for every statement would carry it about, and hardly any asks.
        let probe = Box::pin(async {
            match timeout(PROBE_LIMIT, options.connect()).await {
                Ok(Ok(connection)) => {
                    tokio::spawn(timeout(RETURN_LIMIT, connection.close()));
                    true
                }
                Ok(Err(sqlx::Error::Database(_))) => true,
                Ok(Err(_)) | Err(_) => false,
            }
        });
        self.lost.is_there.ask(probe).await
    }
}

fn no_answer(what: &'static str) -> Error {
    Error::Unavailable(format!("the database does not answer: {what}").into())
}

/// What the server says on a connection that it has closed: class 57, operator intervention.
fn is_goodbye(error: &dyn sqlx::error::DatabaseError) -> bool {
    error.code().is_some_and(|code| matches!(&*code, "57P01" | "57P02" | "57P03"))
}

/// A server may be told to answer before anything is on its disk, and no session can change that.
async fn warn_of_unsafe_server(pool: &PgPool) -> Result<()> {
    let fsync: String = sqlx::query_scalar("SHOW fsync").fetch_one(pool).await?;
    if fsync != "on" {
        tracing::warn!(
            "PostgreSQL runs with fsync = off: what it has acknowledged is lost when its machine fails"
        );
    }
    Ok(())
}

/// A transaction with its connection. The driver's own gives the connection back without a limit of time, and one that
/// does not answer would keep its place in the pool.
pub(crate) struct PgTransaction {
    /// `None` only while it is dropped.
    connection: Option<PoolConnection<Postgres>>,
    database: PgDatabase,
    has_begun: bool,
}

impl PgTransaction {
    /// The database that it is of.
    pub(super) fn database(&self) -> PgDatabase {
        self.database.clone()
    }

    /// Keeps what was written.
    pub(super) async fn commit(mut self) -> Result<()> {
        let database = self.database();
        database.answer(PgTransactionManager::commit(&mut self)).await
    }
}

impl Deref for PgTransaction {
    type Target = PgConnection;

    #[expect(clippy::expect_used, reason = "it is taken when it is dropped")]
    fn deref(&self) -> &PgConnection {
        self.connection.as_ref().expect("a connection")
    }
}

impl DerefMut for PgTransaction {
    #[expect(clippy::expect_used, reason = "it is taken when it is dropped")]
    fn deref_mut(&mut self) -> &mut PgConnection {
        self.connection.as_mut().expect("a connection")
    }
}

impl Drop for PgTransaction {
    /// Rolls back what was not committed, and gives the connection back. Of one on which it is not known whether
    /// anything has begun, nothing may be left: it is closed.
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        if self.has_begun {
            PgTransactionManager::start_rollback(&mut connection);
            tokio::spawn(timeout(RETURN_LIMIT, connection.return_to_pool()));
        } else {
            drop(connection.detach());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_older_than_a_loss_is_suspect() {
        let lost = Lost::new();
        std::thread::sleep(Duration::from_millis(2));
        assert!(!lost.is_suspect(Duration::from_mins(1)));
        lost.note();
        std::thread::sleep(Duration::from_millis(2));
        assert!(lost.is_suspect(Duration::from_mins(1)) && lost.is_suspect(Duration::from_millis(3)));
        assert!(!lost.is_suspect(Duration::ZERO));
    }
}
