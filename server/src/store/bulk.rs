//! Many rows by few statements.

use sqlx::{Database, Executor, IntoArguments, QueryBuilder, query_builder::Separated};

use super::db::Conn;
use crate::error::Result;

/// Values bound by one statement. SQLite takes 32,766 and PostgreSQL twice that; beyond a few
/// thousand, larger statements are no faster.
const VALUES_A_STATEMENT: usize = 8_000;

/// A row that can be written many at a time.
pub(crate) trait Row: Sized {
    /// Writes rows of one table, in the order given; gives how many. With `ON CONFLICT DO NOTHING` at the end
    /// of the statement, those that are there already are left out.
    fn insert(conn: &mut Conn, rows: &[Self], end: &'static str) -> impl Future<Output = Result<u64>> + Send;
}

/// As many rows at a time as one statement takes.
pub(super) fn chunks<R>(rows: &[R], columns: usize) -> std::slice::Chunks<'_, R> {
    rows.chunks(VALUES_A_STATEMENT / columns)
}

/// The one statement of this file, for either driver: the placeholders are the driver's own.
pub(super) async fn insert<DB, R>(
    conn: &mut DB::Connection,
    (into, end): (&str, &str),
    rows: &[R],
    push: impl Fn(Separated<'_, DB, &'static str>, &R),
    count: impl Fn(DB::QueryResult) -> u64,
) -> sqlx::Result<u64>
where
    DB: Database,
    DB::Arguments: IntoArguments<DB>,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
{
    #[cfg(feature = "testing")]
    super::testing::count_statement();
    let mut query = QueryBuilder::<DB>::new(into);
    query.push_values(rows, &push).push(end);
    query.build().execute(conn).await.map(count)
}

/// Rows of tables, as types: the fields are the columns.
macro_rules! bulk_rows {
    ($($(#[$doc:meta])* $table:literal $name:ident { $first:ident: $first_type:ty, $($field:ident: $type:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[allow(clippy::struct_field_names, reason = "a field is named as its column is")]
        pub(crate) struct $name {
            pub(crate) $first: $first_type,
            $(pub(crate) $field: $type,)*
        }

        impl $crate::store::bulk::Row for $name {
            async fn insert(
                conn: &mut $crate::store::db::Conn,
                rows: &[Self],
                end: &'static str,
            ) -> $crate::error::Result<u64> {
                use $crate::store::{bulk::{chunks, insert}, db::Conn};
                const INTO: &str =
                    concat!("INSERT INTO ", $table, " (", stringify!($first), $(", ", stringify!($field),)* ") ");
                const COLUMNS: usize = [stringify!($first), $(stringify!($field)),*].len();
                let mut written = 0;
                for rows in chunks(rows, COLUMNS) {
                    written += match conn {
                        Conn::Sqlite(tx) => {
                            insert::<sqlx::Sqlite, _>(tx, (INTO, end), rows, |mut values, row| {
                                values.push_bind(&row.$first)$(.push_bind(&row.$field))*;
                            }, |done| done.rows_affected())
                            .await?
                        }
                        Conn::Postgres(tx) => {
                            let database = tx.database();
                            database.answer(insert::<sqlx::Postgres, _>(tx, (INTO, end), rows, |mut values, row| {
                                values.push_bind(&row.$first)$(.push_bind(&row.$field))*;
                            }, |done| done.rows_affected()))
                            .await?
                        }
                        Conn::SqliteRead(_) => return Err($crate::error::Error::bug("a reader cannot write")),
                    };
                }
                Ok(written)
            }
        }
    )*};
}

pub(super) use bulk_rows;
