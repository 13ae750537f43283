//! When things happen in seeded data: three years that end when the given day begins.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

/// How far back the invoices go.
const YEARS: TimeDelta = TimeDelta::days(3 * 365);

/// The time within which everything happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Timeline {
    pub(super) start: DateTime<Utc>,
    /// Nothing happens after this.
    pub(super) end: DateTime<Utc>,
}

impl Timeline {
    /// Three years up to the beginning of a day, in UTC.
    pub(super) fn until(today: NaiveDate) -> Self {
        let end = today.and_time(NaiveTime::MIN).and_utc();
        Self { start: end - YEARS, end }
    }

    /// When the `n`th of so many invoices is sent, counted from 0: one after the other, evenly.
    pub(super) fn of_invoice(&self, n: u64, of: u64) -> DateTime<Utc> {
        let whole = u128::from(YEARS.num_milliseconds().unsigned_abs());
        let part = whole * (u128::from(n) + 1) / (u128::from(of) + 1);
        self.start + TimeDelta::milliseconds(i64::try_from(part).unwrap_or_default())
    }

    /// Some time later, but not after the end.
    pub(super) fn later(&self, than: DateTime<Utc>, by: TimeDelta) -> DateTime<Utc> {
        (than + by).min(self.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invoices_are_sent_one_after_the_other_and_never_after_the_end() {
        let timeline = Timeline::until(NaiveDate::from_ymd_opt(2026, 3, 1).unwrap());
        for of in [1, 7, 1_000] {
            let times: Vec<_> = (0..of).map(|n| timeline.of_invoice(n, of)).collect();
            assert!(times.is_sorted_by(|a, b| a < b));
            assert!(times.iter().all(|time| (timeline.start..timeline.end).contains(time)));
        }
        assert_eq!(timeline.later(timeline.end, TimeDelta::days(1)), timeline.end);
    }
}
