//! The only place that reads the system's clock. Everything else is told the time, so that tests
//! are exact.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, SubsecRound, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;

/// Tells the time, to the microsecond (what PostgreSQL keeps).
#[derive(Debug, Clone, Default)]
pub struct Clock {
    /// Microseconds since the epoch, where a test holds the hands.
    held: Option<Arc<AtomicI64>>,
}

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that stands still until [`Clock::advance`] moves it. For tests.
    #[must_use]
    pub fn held_at(at: DateTime<Utc>) -> Self {
        Self { held: Some(Arc::new(AtomicI64::new(at.timestamp_micros()))) }
    }

    /// Moves a held clock; the system's clock takes no notice.
    pub fn advance(&self, by: TimeDelta) {
        if let Some(held) = &self.held {
            held.fetch_add(by.num_microseconds().unwrap_or_default(), Ordering::SeqCst);
        }
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        match &self.held {
            Some(held) => DateTime::from_timestamp_micros(held.load(Ordering::SeqCst)).unwrap_or_default(),
            #[expect(clippy::disallowed_methods, reason = "this is the clock")]
            None => Utc::now().trunc_subsecs(6),
        }
    }
}

/// The calendar day that it is in an org's time zone (rule P5).
#[must_use]
pub fn calendar_day(now: DateTime<Utc>, zone: Tz) -> NaiveDate {
    now.with_timezone(&zone).date_naive()
}

/// The first day of a day's month.
#[must_use]
pub fn first_of_month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// When a calendar day begins in a time zone. Where clocks are put forward at midnight, it begins later.
#[must_use]
pub fn day_begins(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    (0..8)
        .find_map(|half_hours| {
            zone.from_local_datetime(&(midnight + TimeDelta::minutes(30 * half_hours))).earliest()
        })
        .map_or_else(|| midnight.and_utc(), |begins| begins.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_its_midnight_or_where_there_is_none_after_it() {
        for (day, zone, begins) in [
            ("2026-03-01", chrono_tz::Europe::Berlin, "2026-02-28T23:00:00Z"),
            ("2026-07-01", chrono_tz::Europe::Berlin, "2026-06-30T22:00:00Z"),
            // The clocks of Beirut go from midnight to one.
            ("2026-03-29", chrono_tz::Asia::Beirut, "2026-03-28T22:00:00Z"),
        ] {
            let begins: DateTime<Utc> = begins.parse().unwrap();
            assert_eq!(day_begins(day.parse().unwrap(), zone), begins, "{day} {zone}");
            assert_eq!(calendar_day(begins, zone).to_string(), day);
        }
    }

    #[test]
    fn the_calendar_day_is_the_orgs_and_not_utcs() {
        let now = "2026-03-01T05:30:00Z".parse().unwrap();
        assert_eq!(calendar_day(now, chrono_tz::America::Los_Angeles).to_string(), "2026-02-28");
        assert_eq!(calendar_day(now, chrono_tz::Pacific::Auckland).to_string(), "2026-03-01");
    }

    #[test]
    fn a_held_clock_moves_only_when_told() {
        let clock = Clock::held_at("2026-03-01T05:30:00Z".parse().unwrap());
        let before = clock.now();
        clock.advance(TimeDelta::minutes(15));
        assert_eq!(clock.now() - before, TimeDelta::minutes(15));
    }
}
