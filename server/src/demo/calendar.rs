//! The demo's time: so many days before today at an hour of the day, in the org's own zone.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, TimeZone as _, Utc};

use super::org::TIME_ZONE;

/// Counts days back from one day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Calendar {
    pub(super) today: NaiveDate,
}

impl Calendar {
    /// The day so many days ago; a negative number looks ahead.
    pub(super) fn day(self, days_ago: i64) -> NaiveDate {
        self.today - TimeDelta::days(days_ago)
    }

    /// A time of that day, in minutes after the org's midnight.
    pub(super) fn time(self, days_ago: i64, minute: i64) -> DateTime<Utc> {
        let local = self.day(days_ago).and_time(NaiveTime::MIN) + TimeDelta::minutes(minute);
        // Clocks change at night; an hour that does not exist is read as UTC.
        TIME_ZONE.from_local_datetime(&local).earliest().map_or_else(|| local.and_utc(), |time| time.to_utc())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_the_orgs_own_in_summer_and_in_winter() {
        let calendar = Calendar { today: "2026-08-01".parse().unwrap() };
        assert_eq!(calendar.time(1, 9 * 60).to_rfc3339(), "2026-07-31T07:00:00+00:00");
        assert_eq!(calendar.time(181, 9 * 60).to_rfc3339(), "2026-02-01T08:00:00+00:00");
        assert_eq!(calendar.day(-1).to_string(), "2026-08-02");
    }
}
