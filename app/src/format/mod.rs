//! Dates, money and numbers as the client writes them, and times in the org's time zone.
//!
//! ICU4X knows how each locale writes dates and groups digits. Its formatters take a while to make,
//! so each locale's set is made once and shared by all requests.

mod dates;
mod locale;
mod money;
mod numbers;

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::money::Currency;
use locale::LocaleFormats;

/// Whether a text is a BCP 47 tag with a language that dates and numbers can be written in.
#[must_use]
pub fn is_locale(tag: &str) -> bool {
    tag.parse::<icu_locale_core::Locale>().is_ok_and(|locale| !locale.id.language.is_unknown())
        && tag.len() <= 35
}

/// How one reader writes dates, times, money and numbers. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Formats {
    locale: Arc<LocaleFormats>,
    time_zone: Tz,
}

impl Formats {
    /// Formats for a BCP 47 locale such as `de-AT` and an IANA time zone such as `Europe/Vienna`.
    /// What is not known falls back to English and UTC: a page must not fail over a setting.
    #[must_use]
    pub fn new(locale: &str, time_zone: &str) -> Self {
        Self { locale: locale::shared(locale), time_zone: time_zone.parse().unwrap_or(Tz::UTC) }
    }

    /// A calendar day in full, such as `3 November 2026`.
    #[must_use]
    pub fn date(&self, day: NaiveDate) -> String {
        self.locale.date_long(day)
    }

    /// A calendar day with its month abbreviated, such as `3 Nov 2026`.
    #[must_use]
    pub fn date_short(&self, day: NaiveDate) -> String {
        self.locale.date_short(day)
    }

    /// A calendar month with its year, such as `November 2026`.
    #[must_use]
    pub fn month(&self, day: NaiveDate) -> String {
        self.locale.month(day)
    }

    /// A calendar month in a few letters, such as `Nov`.
    #[must_use]
    pub fn month_short(&self, day: NaiveDate) -> String {
        self.locale.month_short(day)
    }

    /// Hours and minutes in the org's time zone, such as `14:02`.
    #[must_use]
    pub fn time_of_day(&self, at: DateTime<Utc>) -> String {
        self.locale.time(at.with_timezone(&self.time_zone).naive_local())
    }

    /// Day, hours and minutes in the org's time zone, such as `3 Nov 2026, 14:02`.
    #[must_use]
    pub fn date_time(&self, at: DateTime<Utc>) -> String {
        self.locale.date_time(at.with_timezone(&self.time_zone).naive_local())
    }

    /// The calendar day of a moment in the org's time zone.
    #[must_use]
    pub fn day_of(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.time_zone).date_naive()
    }

    /// An amount in minor units with its currency, such as `€4,310.00` or `4.310,00 €`.
    #[must_use]
    pub fn money(&self, minor: i64, currency: Currency) -> String {
        self.locale.money(minor, currency)
    }

    /// An amount as one types it into a form: `4310.00`, or `4310,00` where the decimal sign is a comma.
    #[must_use]
    pub fn amount_to_type(&self, minor: i64, currency: Currency) -> String {
        self.locale.amount_to_type(minor, currency)
    }

    /// A quantity in thousandths with no more decimals than it needs: 1500 is `1.5`.
    #[must_use]
    pub fn quantity(&self, milli: i64) -> String {
        self.locale.number(milli, 3, numbers::Zeros::Trim)
    }

    /// A rate in millionths with no more decimals than it needs: `190_000` is `19%`.
    #[must_use]
    pub fn percent(&self, ppm: i64) -> String {
        self.locale.percent(ppm)
    }

    /// A number of days in words, such as `1 day` or `19 days`.
    #[must_use]
    pub fn days(&self, days: i64) -> String {
        if days == 1 {
            "1 day".to_owned()
        } else {
            format!("{} days", self.locale.number(days, 0, numbers::Zeros::Keep))
        }
    }
}
