//! Numbers and percentages, with the locale's digits, grouping and decimal sign.

use fixed_decimal::{Decimal, Sign};
use icu_decimal::DecimalFormatter;

use super::locale::LocaleFormats;
use crate::money::Currency;

/// U+2212: as wide as a plus and read as "minus" by screen readers, unlike the hyphen.
pub(super) const MINUS: char = '\u{2212}';
pub(super) const NO_BREAK_SPACE: char = '\u{a0}';
const NARROW_NO_BREAK_SPACE: char = '\u{202f}';

/// What becomes of zeros at the end of the decimals.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Zeros {
    Keep,
    Trim,
}

/// Where the percent sign stands.
#[derive(Clone, Copy)]
pub(super) enum PercentStyle {
    After(Option<char>),
    Before,
}

impl PercentStyle {
    /// From CLDR's percent patterns, by language.
    pub(super) fn of(language: &str) -> Self {
        match language {
            "tr" | "eu" => Self::Before,
            "fr" => Self::After(Some(NARROW_NO_BREAK_SPACE)),
            "be" | "bg" | "ca" | "cs" | "da" | "de" | "es" | "fi" | "gl" | "hr" | "hy" | "is" | "lt"
            | "nb" | "nn" | "no" | "ro" | "ru" | "sk" | "sl" | "sv" => Self::After(Some(NO_BREAK_SPACE)),
            _ => Self::After(None),
        }
    }
}

impl LocaleFormats {
    /// `value` × 10^-`decimals`, with a minus in front where it is negative.
    pub(super) fn number(&self, value: i64, decimals: u8, zeros: Zeros) -> String {
        let digits = self.digits(value, decimals, zeros);
        if value < 0 { format!("{MINUS}{digits}") } else { digits }
    }

    /// A rate in millionths.
    pub(super) fn percent(&self, ppm: i64) -> String {
        let number = self.number(ppm, 4, Zeros::Trim);
        match self.percent {
            PercentStyle::Before => format!("%{number}"),
            PercentStyle::After(None) => format!("{number}%"),
            PercentStyle::After(Some(space)) => format!("{number}{space}%"),
        }
    }

    /// The number without its sign.
    pub(super) fn digits(&self, value: i64, decimals: u8, zeros: Zeros) -> String {
        write(self.decimal.as_ref(), &unsigned(value, decimals, zeros))
    }

    /// The amount without sign, currency or grouping.
    pub(super) fn amount_to_type(&self, minor: i64, currency: Currency) -> String {
        write(self.ungrouped.as_ref(), &unsigned(minor, currency.exponent(), Zeros::Keep))
    }
}

fn unsigned(value: i64, decimals: u8, zeros: Zeros) -> Decimal {
    let mut decimal = Decimal::from(value);
    decimal.multiply_pow10(-i16::from(decimals));
    decimal.set_sign(Sign::None);
    match zeros {
        Zeros::Trim => decimal.absolute.trim_end(),
        Zeros::Keep => decimal.absolute.pad_end(-i16::from(decimals)),
    }
    decimal
}

fn write(formatter: Option<&DecimalFormatter>, decimal: &Decimal) -> String {
    match formatter {
        Some(formatter) => formatter.format(decimal).to_string(),
        None => decimal.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use crate::format::Formats;

    #[test]
    fn quantities_show_no_decimals_they_do_not_need() {
        let formats = Formats::new("en-GB", "UTC");
        assert_eq!(formats.quantity(1_500), "1.5");
        assert_eq!(formats.quantity(12_000_000), "12,000");
        assert_eq!(formats.quantity(-250), "−0.25");
        assert_eq!(formats.quantity(0), "0");
        assert_eq!(Formats::new("de-DE", "UTC").quantity(1_234_567), "1.234,567");
    }

    #[test]
    fn percentages_follow_the_locale() {
        for (locale, text) in
            [("en-GB", "19%"), ("de-DE", "19\u{a0}%"), ("fr-FR", "19\u{202f}%"), ("tr-TR", "%19")]
        {
            assert_eq!(Formats::new(locale, "UTC").percent(190_000), text, "{locale}");
        }
        assert_eq!(Formats::new("en", "UTC").percent(77_000), "7.7%");
        assert_eq!(Formats::new("en", "UTC").percent(0), "0%");
    }

    #[test]
    fn days_are_counted_in_words() {
        let formats = Formats::new("en-GB", "UTC");
        assert_eq!(formats.days(1), "1 day");
        assert_eq!(formats.days(19), "19 days");
        assert_eq!(formats.days(1_200), "1,200 days");
    }

    #[test]
    fn the_ends_of_the_range_do_not_panic() {
        for locale in ["en", "de", "ar", "hi"] {
            let formats = Formats::new(locale, "UTC");
            for value in [i64::MIN, i64::MAX] {
                assert!(!formats.quantity(value).is_empty());
                assert!(!formats.percent(value).is_empty());
                assert!(!formats.days(value).is_empty());
            }
        }
    }
}
