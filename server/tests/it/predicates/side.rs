//! For whom a statement is, by the file that runs it.

use super::tables::Key;

/// For whom a statement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// One client's: `$1` is the org, `$2` the client.
    Portal,
    /// One org's: `$1` is the org.
    Team,
    /// Login, jobs, mail: whichever org it is about, it says so.
    System,
}

impl Side {
    /// Of the statements of a file.
    pub fn of(file: &str) -> Self {
        if file.contains("store/portal/")
            || file.ends_with("store/guest.rs")
            || file.ends_with("store/pay.rs")
        {
            Self::Portal
        } else if file.contains("store/team/") {
            Self::Team
        } else {
            Self::System
        }
    }

    /// Whether this parameter says whose.
    pub fn accepts(self, parameter: &str, key: Key) -> bool {
        match (self, key) {
            (Self::System, _) | (Self::Team, Key::Client) => true,
            (_, Key::Org) => parameter == "$1",
            (Self::Portal, Key::Client) => parameter == "$2",
        }
    }
}
