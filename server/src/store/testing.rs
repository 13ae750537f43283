//! For tests only (feature `testing`): takes one wall down to see that the others stand.

use std::{cell::Cell, sync::OnceLock};

use sqlx::{AssertSqlSafe, SqlSafeStr as _, SqlStr};

use super::{
    Store,
    db::{Audience, Db},
};
use crate::{auth::actor::TeamActor, error::Result};

/// How the application sets a PostgreSQL connection up, for tests that read query plans.
pub const POSTGRES_SESSION: &str = super::postgres::POSTGRES_SESSION;

thread_local! {
    /// A test runs on one thread, and so does everything that it causes.
    static STATEMENTS: Cell<u64> = const { Cell::new(0) };
}

/// The number of statements that this thread has run, transaction control aside.
#[must_use]
pub fn statements() -> u64 {
    STATEMENTS.get()
}

pub(super) fn count_statement() {
    STATEMENTS.set(STATEMENTS.get() + 1);
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

    /// Panics with a transaction of this actor's open.
    ///
    /// # Panics
    /// As it says.
    pub async fn panic_within(&self, actor: &TeamActor) {
        let begun = self.db.write(Audience::Team(actor)).await;
        assert!(begun.is_err(), "a transaction was open");
    }

    /// Whether the schema's guards are down.
    #[must_use]
    pub const fn is_without_guards(&self) -> bool {
        self.walls.without_guards
    }

    pub(super) const fn rechecks(&self) -> bool {
        !self.walls.without_recheck
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
