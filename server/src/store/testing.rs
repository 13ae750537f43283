//! For tests only (feature `testing`): takes one wall down to see that the others stand.

use std::cell::Cell;

use sqlx::{AssertSqlSafe, SqlSafeStr as _, SqlStr};

use super::Store;

/// How the application sets a PostgreSQL connection up, for tests that read query plans.
pub const POSTGRES_SESSION: &str = super::db::POSTGRES_SESSION;

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

/// Which walls are down.
#[derive(Debug, Clone, Copy, Default)]
pub struct Walls {
    /// The tenant's predicate is taken out of every statement of a scope.
    pub without_predicate: bool,
    /// Rows are not checked again on their way out.
    pub without_recheck: bool,
}

impl Store {
    /// The same store with walls down.
    #[must_use]
    pub fn with_walls(&self, walls: Walls) -> Self {
        Self { walls, ..self.clone() }
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
