//! For tests only (feature `testing`): takes one wall down to see that the others stand.

use std::{cell::Cell, sync::OnceLock};

use sqlx::{AssertSqlSafe, SqlSafeStr as _, SqlStr};

use super::{
    Store,
    db::{Audience, Conn, Db},
};
use crate::{
    auth::actor::{GuestActor, PortalActor, TeamActor},
    error::Result,
};

/// How the application sets a PostgreSQL connection up, for tests that read query plans.
pub const POSTGRES_SESSION: &str = super::postgres::POSTGRES_SESSION;

thread_local! {
    /// A test runs on one thread, and so does everything that it causes.
    static STATEMENTS: Cell<u64> = const { Cell::new(0) };
    static GAPS: Cell<u64> = const { Cell::new(0) };
}

/// The number of statements that this thread has run, transaction control aside.
#[must_use]
pub fn statements() -> u64 {
    STATEMENTS.get()
}

pub(super) fn count_statement() {
    STATEMENTS.set(STATEMENTS.get() + 1);
}

/// How often this thread has come by where a wall that is down would have stood: none is down where nobody comes by.
#[must_use]
pub fn gaps() -> u64 {
    GAPS.get()
}

fn gap(is_down: bool) -> bool {
    GAPS.set(GAPS.get() + u64::from(is_down));
    is_down
}

/// What hears of each statement: its text, and the file that runs it.
type Listener = fn(&str, &'static str);

static LISTENER: OnceLock<Listener> = OnceLock::new();

/// Lets somebody hear of every statement from now on, once for the whole process.
pub fn listen(listener: Listener) {
    let _ = LISTENER.set(listener);
}

pub(super) fn heard(sql: SqlStr, file: &'static str) -> SqlStr {
    count_statement();
    if let Some(listener) = LISTENER.get() {
        listener(sql.as_str(), file);
    }
    sql
}

/// Which walls are down.
#[derive(Debug, Clone, Copy, Default)]
pub struct Walls {
    /// The tenant's predicate is taken out of every statement of a scope.
    pub without_predicate: bool,
    /// Rows are not checked again on their way out.
    pub without_recheck: bool,
    /// The schema's guards let everybody pass.
    pub without_guards: bool,
}

/// For whom a transaction is open.
#[derive(Debug, Clone, Copy)]
pub enum Holder {
    /// Login, jobs, mail.
    System,
    /// A contact of one client.
    Contact(PortalActor),
    /// A member of an org's team.
    Member(TeamActor),
    /// Whoever follows a share link.
    Guest(GuestActor),
}

impl Holder {
    const fn audience(&self) -> Audience<'_> {
        match self {
            Self::System => Audience::System,
            Self::Contact(actor) => Audience::Portal(actor),
            Self::Member(actor) => Audience::Team(actor),
            Self::Guest(actor) => Audience::Guest(actor),
        }
    }
}

/// Which of PostgreSQL's own limits of time ends a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeLimit {
    /// For a statement.
    Statement,
    /// For waiting until somebody lets go: of [`TimeLimit::LOCK`], which a test must hold.
    Lock,
}

impl TimeLimit {
    /// The advisory lock that is waited for.
    pub const LOCK: i64 = 7;
}

impl Store {
    /// The same store with walls down.
    #[must_use]
    pub fn with_walls(&self, walls: Walls) -> Self {
        Self { walls, ..self.clone() }
    }

    /// The settings by which row-level security knows an audience, as they are on each connection that lies idle: none,
    /// where nothing survives what set it. PostgreSQL only.
    ///
    /// # Errors
    /// Where the database cannot be reached.
    pub async fn leftover_settings(&self) -> Result<Vec<String>> {
        const SETTINGS: &str = "SELECT CONCAT(current_setting('app.audience', TRUE), current_setting('app.org_id', TRUE), \
            current_setting('app.client_id', TRUE), current_setting('app.contact_id', TRUE), current_setting('app.invoice_id', TRUE))";
        let Db::Postgres(database) = &self.db else { return Ok(vec![]) };
        let pool = database.pool();
        let (mut held, mut found) = (vec![], vec![]);
        for _ in 0..pool.options().get_max_connections() {
            let mut connection = pool.acquire().await?;
            found.push(sqlx::query_scalar(SETTINGS).fetch_one(&mut *connection).await?);
            held.push(connection);
        }
        found.retain(|settings: &String| !settings.is_empty());
        Ok(found)
    }

    /// What a setting of PostgreSQL is in our sessions.
    ///
    /// # Errors
    /// Where the database cannot be reached.
    pub async fn session_setting(&self, name: &str) -> Result<String> {
        let Db::Postgres(database) = &self.db else { return Ok(String::new()) };
        let setting = sqlx::query_scalar("SELECT current_setting($1)").bind(name);
        Ok(setting.fetch_one(database.pool()).await?)
    }

    /// How many of PostgreSQL's connections are in somebody's hands.
    #[must_use]
    pub fn connections_in_use(&self) -> usize {
        let Db::Postgres(database) = &self.db else { return 0 };
        let pool = database.pool();
        usize::try_from(pool.size()).unwrap_or_default().saturating_sub(pool.num_idle())
    }

    /// Panics with a transaction of somebody's open.
    ///
    /// # Panics
    /// As it says.
    pub async fn panic_within(&self, holder: Holder) {
        let begun = self.db.write(holder.audience()).await;
        assert!(begun.is_err(), "a transaction was open");
    }

    /// Has PostgreSQL end a transaction of somebody's by one of its limits, which is short for once.
    ///
    /// # Errors
    /// What PostgreSQL says of it.
    pub async fn time_out_within(&self, holder: Holder, limit: TimeLimit) -> Result<()> {
        let statements = match limit {
            TimeLimit::Statement => "SET LOCAL statement_timeout = 10; SELECT pg_sleep(3)".to_owned(),
            TimeLimit::Lock => {
                format!("SET LOCAL lock_timeout = 10; SELECT pg_advisory_xact_lock({})", TimeLimit::LOCK)
            }
        };
        let mut conn = self.db.write(holder.audience()).await?;
        if let Conn::Postgres(tx) = &mut conn {
            let database = tx.database();
            database.answer(sqlx::raw_sql(AssertSqlSafe(statements)).execute(&mut **tx)).await?;
        }
        conn.commit().await
    }

    /// Whether the schema's guards are down.
    #[must_use]
    pub fn is_without_guards(&self) -> bool {
        gap(self.walls.without_guards)
    }

    pub(super) fn is_without_predicate(&self) -> bool {
        gap(self.walls.without_predicate)
    }

    pub(super) fn rechecks(&self) -> bool {
        !gap(self.walls.without_recheck)
    }
}

/// `$1` is the tenant's key in every statement of the team's scope; here it is compared with nothing.
pub(super) fn without_org_predicate(sql: &'static str) -> SqlStr {
    AssertSqlSafe(sql.replace("= $1", "IS NOT NULL AND $1 IS NOT NULL")).into_sql_str()
}

/// `$1` and `$2` are the tenant's keys in every statement of the portal's scope; here they are compared with
/// nothing.
pub(super) fn without_predicate(sql: &'static str) -> SqlStr {
    let open = sql
        .replace("= $1", "IS NOT NULL AND $1 IS NOT NULL")
        .replace("= $2", "IS NOT NULL AND $2 IS NOT NULL");
    AssertSqlSafe(open).into_sql_str()
}
