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
            Self::Busy | Self::Unavailable(_) => ErrorCode::Unavailable,
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
            Self::Unavailable(source) => tracing::warn!(error = format!("{source:#}"), "unavailable"),
            _ => {}
        }
    }
}

impl From<sqlx::Error> for Error {
    /// A database that is away, full or too busy is [`Error::Unavailable`]; the rest is a fault.
    fn from(error: sqlx::Error) -> Self {
        let away = match &error {
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => true,
            sqlx::Error::Database(database) => database.code().is_some_and(|code| is_passing(&code)),
            _ => false,
        };
        if away { Self::Unavailable(error.into()) } else { Self::Bug(error.into()) }
    }
}

/// Whether a code of the database tells of a state that passes: for PostgreSQL the SQLSTATE classes
/// 08 (connection), 53 (resources), 57P (shutdown), 58 (system), cancelled statements, deadlock and
/// serialisation; for SQLite busy, locked, I/O error, full, cannot open.
fn is_passing(code: &str) -> bool {
    let sqlite =
        code.parse::<u32>().is_ok_and(|code| code < 10_000 && matches!(code & 0xff, 5 | 6 | 10 | 13 | 14));
    sqlite && code.len() < 5
        || ["08", "53", "57P", "58"].iter().any(|class| code.len() == 5 && code.starts_with(class))
        || matches!(code, "57014" | "40001" | "40P01" | "25006")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passing_state_of_either_database_is_told_from_a_fault() {
        for code in
            ["5", "261", "13", "10", "778", "14", "08006", "53300", "57P01", "57014", "58030", "40001"]
        {
            assert!(is_passing(code), "{code}");
        }
        for code in ["1", "19", "2067", "42601", "42501", "23505", "22P02"] {
            assert!(!is_passing(code), "{code}");
        }
    }
}
