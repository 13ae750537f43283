//! The one error of the server, and the one place that says what each kind means to the outside.
//!
//! Which to use: [`Error::NotFound`] for what does not exist and for what is not yours (rule I5);
//! [`Error::Invalid`] for input, with the field; [`Error::Unavailable`] for what may go well in a
//! moment; [`Error::Busy`] where too much is asked for at once; [`Error::Bug`] for everything that cannot happen.

use std::{error::Error as StdError, time::Duration};

use app::error::{AppError, ErrorCode};

type Source = Box<dyn StdError + Send + Sync>;

/// What can go wrong in a request.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No such thing, or not this actor's.
    #[error("not found")]
    NotFound,
    /// Nobody is signed in.
    #[error("signed out")]
    SignedOut,
    /// This actor may not do this.
    #[error("forbidden")]
    Forbidden,
    /// The org's plan has no portal any more.
    #[error("portal disabled")]
    PortalDisabled,
    /// The input cannot be used.
    #[error("invalid {field}")]
    Invalid {
        /// The argument or form field at fault.
        field: &'static str,
    },
    /// More than allowed.
    #[error("too many requests")]
    TooMany {
        /// When it is worth trying again.
        retry_after: Duration,
    },
    /// More is asked for at once than can be done. Nothing was done.
    #[error("busy")]
    Busy,
    /// What an operator asked for on the command line cannot be done; the sentence says why.
    #[error("{0}")]
    Refused(&'static str),
    /// Something we depend on is away.
    #[error("unavailable: {0}")]
    Unavailable(#[source] Source),
    /// The database finds damage in itself. Its disk may fail, and come to itself again, or somebody has to see to it: to
    /// whoever asks it is away.
    #[error("damaged: {0}")]
    Damaged(#[source] Source),
    /// A fault of ours.
    #[error("{0}")]
    Bug(#[source] Source),
}

/// A result with this crate's error.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A fault of ours, with a word for the log.
    pub fn bug(source: impl Into<Source>) -> Self {
        Self::Bug(source.into())
    }

    /// The code that programs read.
    #[must_use]
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::NotFound => ErrorCode::NotFound,
            Self::SignedOut => ErrorCode::SignedOut,
            Self::Forbidden => ErrorCode::Forbidden,
            Self::PortalDisabled => ErrorCode::PortalDisabled,
            Self::Invalid { .. } => ErrorCode::Invalid,
            Self::TooMany { .. } => ErrorCode::TooMany,
            Self::Busy | Self::Unavailable(_) | Self::Damaged(_) => ErrorCode::Unavailable,
            Self::Refused(_) | Self::Bug(_) => ErrorCode::Internal,
        }
    }

    /// What crosses to pages and to GraphQL: the code and the field, no internal detail.
    #[must_use]
    pub fn to_app(&self) -> AppError {
        let field = match self {
            Self::Invalid { field } => Some((*field).to_owned()),
            _ => None,
        };
        AppError { code: self.code(), field }
    }

    /// Writes to the log what the user must not read: the cause of a fault, once.
    pub fn log(&self) {
        match self {
            Self::Bug(source) => tracing::error!(error = format!("{source:#}"), "a fault of ours"),
            Self::Damaged(source) => {
                tracing::error!(error = format!("{source:#}"), "the database seems to be damaged");
            }
            Self::Unavailable(source) => tracing::warn!(error = format!("{source:#}"), "unavailable"),
            _ => {}
        }
    }
}

impl From<sqlx::Error> for Error {
    /// A database that is away, full or too busy, or whose disk fails, is [`Error::Unavailable`]; one that finds damage in
    /// itself is [`Error::Damaged`]; the rest is a fault.
    fn from(error: sqlx::Error) -> Self {
        let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
        let is_away = matches!(
            error,
            sqlx::Error::Io(_)
                | sqlx::Error::Tls(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::WorkerCrashed
        ) || code.as_deref().is_some_and(is_passing);
        let is_damaged = code.as_deref().is_some_and(is_damage);
        drop(code);
        if is_away {
            Self::Unavailable(error.into())
        } else if is_damaged {
            Self::Damaged(error.into())
        } else {
            Self::Bug(error.into())
        }
    }
}

/// What a code of SQLite says without its details; `None` for PostgreSQL's, which have five characters.
fn of_sqlite(code: &str) -> Option<u32> {
    (code.len() < 5).then(|| code.parse::<u32>().ok()).flatten().map(|code| code & 0xff)
}

/// Whether a code of the database tells of a state that passes: for PostgreSQL the SQLSTATE classes
/// 08 (connection), 53 (resources), 57P (shutdown), 58 (system), cancelled statements, locks waited for in vain, deadlock,
/// serialisation, and a server that only reads; for SQLite busy, locked, no memory, read-only, I/O error, full, cannot
/// open, locks out of order.
fn is_passing(code: &str) -> bool {
    of_sqlite(code).is_some_and(|code| matches!(code, 5 | 6 | 7 | 8 | 10 | 13 | 14 | 15))
        || ["08", "53", "57P", "58"].iter().any(|class| code.len() == 5 && code.starts_with(class))
        || matches!(code, "57014" | "40001" | "40P01" | "55P03" | "25006")
}

/// Whether a code says that what is on the disk is not what was put there: for PostgreSQL data and indexes; for SQLite a
/// file that does not fit together, or is none of its own.
fn is_damage(code: &str) -> bool {
    of_sqlite(code).is_some_and(|code| matches!(code, 11 | 26)) || matches!(code, "XX001" | "XX002")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passing_state_of_either_database_is_told_from_a_fault() {
        for (what, codes) in [
            ("SQLite: busy, locked", &["5", "261", "517", "6", "262"][..]),
            ("SQLite: no memory, read-only", &["7", "8", "264", "1032"]),
            (
                "SQLite: reading, writing, keeping, growing fails",
                &["10", "266", "522", "778", "1034", "1546"],
            ),
            ("SQLite: full, cannot open, locks out of order", &["13", "14", "526", "15"]),
            ("PostgreSQL: connections", &["08000", "08001", "08003", "08004", "08006", "08007", "08P01"]),
            ("PostgreSQL: disk, memory, connections, limits", &["53000", "53100", "53200", "53300", "53400"]),
            ("PostgreSQL: ended, crashed, starting", &["57P01", "57P02", "57P03", "57P04", "57P05"]),
            ("PostgreSQL: I/O errors", &["58000", "58030"]),
            ("PostgreSQL: cancelled, collided, reads alone", &["57014", "40001", "40P01", "55P03", "25006"]),
        ] {
            for code in codes {
                assert!(is_passing(code) && !is_damage(code), "{what}: {code}");
            }
        }
        for code in ["11", "267", "523", "779", "26", "XX001", "XX002"] {
            assert!(is_damage(code) && !is_passing(code), "{code}");
        }
        for code in
            ["1", "19", "2067", "787", "42601", "42501", "23505", "22P02", "XX000", "57000", "5300", "00011"]
        {
            assert!(!is_passing(code) && !is_damage(code), "{code}");
        }
    }

    #[test]
    fn a_damaged_database_is_away_to_whoever_asks() {
        assert_eq!(Error::Damaged("it does not fit together".into()).code(), ErrorCode::Unavailable);
    }
}
