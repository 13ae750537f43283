//! What an API token may do: by area, to read or also to write (rule G1).

use std::fmt;

/// A part of the org's data. What a member's role does not reach, no token of theirs reaches either.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Area {
    /// Clients and their contacts.
    Clients,
    /// Invoices and drafts.
    Invoices,
    /// Payments.
    Payments,
    /// The log.
    Activity,
    /// The org's settings and its people.
    Settings,
}

impl Area {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 5] =
        [Self::Clients, Self::Invoices, Self::Payments, Self::Activity, Self::Settings];

    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Clients => "clients",
            Self::Invoices => "invoices",
            Self::Payments => "payments",
            Self::Activity => "activity",
            Self::Settings => "settings",
        }
    }

    /// Whether there is anything to write: nobody writes the log by hand (rule A2).
    #[must_use]
    pub const fn is_writable(self) -> bool {
        !matches!(self, Self::Activity)
    }
}

/// How far a scope goes. The order is that of power: who may write may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// To see.
    Read,
    /// To see and to change.
    Write,
}

impl Level {
    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

/// For each area, how far a token goes in it, if at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scopes([Option<Level>; Area::ALL.len()]);

impl Scopes {
    /// The same with one area more. The higher level counts; the log can only be read.
    #[must_use]
    pub fn with(mut self, area: Area, level: Level) -> Self {
        let level = if area.is_writable() { level } else { Level::Read };
        self.0[area as usize] = self.0[area as usize].max(Some(level));
        self
    }

    /// How far they go in an area.
    #[must_use]
    pub const fn level(&self, area: Area) -> Option<Level> {
        self.0[area as usize]
    }

    /// Whether they go as far as this.
    #[must_use]
    pub fn allow(&self, area: Area, level: Level) -> bool {
        self.level(area) >= Some(level)
    }

    /// The areas with their levels.
    pub fn iter(&self) -> impl Iterator<Item = (Area, Level)> + '_ {
        Area::ALL.into_iter().filter_map(|area| Some((area, self.level(area)?)))
    }

    /// Reads what [`fmt::Display`] writes. A word that this version does not know allows nothing.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let known = |word: &str| {
            let (area, level) = word.split_once(':')?;
            let area = Area::ALL.into_iter().find(|known| known.as_str() == area)?;
            let level = [Level::Read, Level::Write].into_iter().find(|known| known.as_str() == level)?;
            Some((area, level))
        };
        text.split(' ')
            .filter_map(known)
            .fold(Self::default(), |scopes, (area, level)| scopes.with(area, level))
    }
}

impl fmt::Display for Scopes {
    /// As in the database: `clients:read invoices:write`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (area, level)) in self.iter().enumerate() {
            let space = if at == 0 { "" } else { " " };
            write!(f, "{space}{}:{}", area.as_str(), level.as_str())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_write_may_read_and_nothing_else() {
        let scopes = Scopes::default().with(Area::Invoices, Level::Write).with(Area::Clients, Level::Read);
        for area in Area::ALL {
            let (reads, writes) = (scopes.allow(area, Level::Read), scopes.allow(area, Level::Write));
            assert_eq!(reads, matches!(area, Area::Invoices | Area::Clients), "{area:?}");
            assert_eq!(writes, area == Area::Invoices, "{area:?}");
        }
    }

    #[test]
    fn they_are_read_back_and_what_is_unknown_allows_nothing() {
        let scopes = Scopes::default().with(Area::Clients, Level::Read).with(Area::Settings, Level::Write);
        assert_eq!(scopes.to_string(), "clients:read settings:write");
        assert_eq!(Scopes::parse(&scopes.to_string()), scopes);
        for text in ["", "clients", "clients:all", "everything:write", "clients:read:write", "CLIENTS:READ"] {
            assert_eq!(Scopes::parse(text), Scopes::default(), "{text}");
        }
    }

    #[test]
    fn the_log_is_never_written() {
        assert_eq!(Scopes::parse("activity:write").to_string(), "activity:read");
    }
}
