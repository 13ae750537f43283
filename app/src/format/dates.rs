//! Calendar days and times of day.

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};
use icu_calendar::Gregorian;
use icu_datetime::{
    FixedCalendarDateTimeFormatter, NoCalendarFormatter,
    fieldsets::{M, T, YM, YMD, YMDT},
    input::{Date, DateTime, Time},
};
use icu_locale_core::Locale;

use super::locale::LocaleFormats;

/// A locale's ways to write days and times. Invoices are dated in the Gregorian calendar whatever
/// the reader's own one is: the due day on screen must be the one on the paper.
pub(super) struct DateFormats {
    long: FixedCalendarDateTimeFormatter<Gregorian, YMD>,
    short: FixedCalendarDateTimeFormatter<Gregorian, YMD>,
    short_with_time: FixedCalendarDateTimeFormatter<Gregorian, YMDT>,
    month: FixedCalendarDateTimeFormatter<Gregorian, YM>,
    month_short: FixedCalendarDateTimeFormatter<Gregorian, M>,
    time: NoCalendarFormatter<T>,
}

impl DateFormats {
    /// `None` where the compiled data lacks the locale; days are then written as in ISO 8601.
    pub(super) fn new(locale: &Locale) -> Option<Self> {
        Some(Self {
            long: FixedCalendarDateTimeFormatter::try_new(locale.into(), YMD::long()).ok()?,
            short: FixedCalendarDateTimeFormatter::try_new(locale.into(), YMD::medium()).ok()?,
            short_with_time: FixedCalendarDateTimeFormatter::try_new(
                locale.into(),
                YMD::medium().with_time_hm(),
            )
            .ok()?,
            month: FixedCalendarDateTimeFormatter::try_new(locale.into(), YM::long()).ok()?,
            month_short: FixedCalendarDateTimeFormatter::try_new(locale.into(), M::medium()).ok()?,
            time: NoCalendarFormatter::try_new(locale.into(), T::hm()).ok()?,
        })
    }
}

impl LocaleFormats {
    pub(super) fn date_long(&self, day: NaiveDate) -> String {
        match (&self.dates, gregorian(day)) {
            (Some(formats), Some(date)) => formats.long.format(&date).to_string(),
            _ => day.to_string(),
        }
    }

    pub(super) fn date_short(&self, day: NaiveDate) -> String {
        match (&self.dates, gregorian(day)) {
            (Some(formats), Some(date)) => formats.short.format(&date).to_string(),
            _ => day.to_string(),
        }
    }

    pub(super) fn month(&self, day: NaiveDate) -> String {
        match (&self.dates, gregorian(day)) {
            (Some(formats), Some(date)) => formats.month.format(&date).to_string(),
            _ => day.format("%Y-%m").to_string(),
        }
    }

    pub(super) fn month_short(&self, day: NaiveDate) -> String {
        match (&self.dates, gregorian(day)) {
            (Some(formats), Some(date)) => formats.month_short.format(&date).to_string(),
            _ => day.format("%m").to_string(),
        }
    }

    pub(super) fn time(&self, at: NaiveDateTime) -> String {
        match (&self.dates, time_of(at)) {
            (Some(formats), Some(time)) => formats.time.format(&time).to_string(),
            _ => at.format("%H:%M").to_string(),
        }
    }

    pub(super) fn date_time(&self, at: NaiveDateTime) -> String {
        match (&self.dates, gregorian(at.date()), time_of(at)) {
            (Some(formats), Some(date), Some(time)) => {
                formats.short_with_time.format(&DateTime { date, time }).to_string()
            }
            _ => at.format("%Y-%m-%d %H:%M").to_string(),
        }
    }
}

fn gregorian(day: NaiveDate) -> Option<Date<Gregorian>> {
    let month = u8::try_from(day.month()).ok()?;
    let day_of_month = u8::try_from(day.day()).ok()?;
    Date::try_new_gregorian(day.year(), month, day_of_month).ok()
}

fn time_of(at: NaiveDateTime) -> Option<Time> {
    Time::try_new(u8::try_from(at.hour()).ok()?, u8::try_from(at.minute()).ok()?, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveDate, Utc};

    use crate::format::Formats;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn a_day_is_written_as_its_reader_writes_it() {
        for (locale, long) in [
            ("en-GB", "3 November 2026"),
            ("en-US", "November 3, 2026"),
            ("de-DE", "3. November 2026"),
            ("fr-FR", "3 novembre 2026"),
            ("ja-JP", "2026年11月3日"),
            ("not a locale", "November 3, 2026"),
        ] {
            assert_eq!(Formats::new(locale, "UTC").date(day(2026, 11, 3)), long, "{locale}");
        }
        assert_eq!(Formats::new("en-GB", "UTC").date_short(day(2026, 11, 3)), "3 Nov 2026");
    }

    #[test]
    fn a_month_is_written_as_its_reader_writes_it() {
        for (locale, long, short) in [
            ("en-GB", "November 2026", "Nov"),
            ("de-DE", "November 2026", "Nov"),
            ("ja-JP", "2026年11月", "11月"),
        ] {
            let formats = Formats::new(locale, "UTC");
            let month = day(2026, 11, 1);
            assert_eq!((formats.month(month).as_str(), formats.month_short(month).as_str()), (long, short));
        }
    }

    #[test]
    fn the_calendar_is_gregorian_wherever_the_reader_lives() {
        assert!(Formats::new("th-TH", "UTC").date(day(2026, 11, 3)).contains("2026"));
        assert!(Formats::new("fa-IR", "UTC").date(day(2026, 11, 3)).contains("۲۰۲۶"));
    }

    #[test]
    fn a_time_is_told_in_the_time_zone_of_the_org() {
        let at: DateTime<Utc> = "2026-11-03T23:30:00Z".parse().unwrap();
        let formats = Formats::new("en-GB", "Europe/Berlin");
        assert_eq!(formats.time_of_day(at), "00:30");
        assert_eq!(formats.date_time(at), "4 Nov 2026, 00:30");
        assert_eq!(formats.day_of(at), day(2026, 11, 4));
        assert_eq!(Formats::new("en-GB", "Mars/Olympus").time_of_day(at), "23:30");
    }

    #[test]
    fn days_beyond_the_calendar_do_not_panic() {
        for day in [NaiveDate::MIN, NaiveDate::MAX] {
            assert!(!Formats::new("en", "UTC").date(day).is_empty());
        }
    }
}
