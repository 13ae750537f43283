//! Amounts as people type them.

use super::Currency;

/// Reads an amount into minor units: `1,234.50`, `1.234,50`, `1 234,5`, `1'234.50` and `1234` alike.
///
/// The last point or comma is the decimal sign where no more digits follow it than the currency has
/// decimals; otherwise it groups, as every sign before it does. So in euros `1.234` is a thousand, and in
/// Kuwaiti dinars, which have three decimals, it is one and a bit. `None` for anything that is no positive
/// amount, or too large.
#[must_use]
pub fn parse_amount(typed: &str, currency: Currency) -> Option<i64> {
    decimal(typed, currency.exponent(), None).filter(|amount| *amount > 0)
}

/// Reads a price into minor units, as [`parse_amount`] does, but it may be nothing, or negative with a minus in
/// front.
#[must_use]
pub fn parse_price(typed: &str, currency: Currency) -> Option<i64> {
    signed(typed, |typed| decimal(typed, currency.exponent(), None))
}

/// Reads a quantity into thousandths. Three digits after a single point or comma may be meant either way:
/// then `decimal_sign` decides, the sign by which the reader's locale sets decimals off. It may be negative
/// with a minus in front.
#[must_use]
pub fn parse_quantity(typed: &str, decimal_sign: char) -> Option<i64> {
    signed(typed, |typed| decimal(typed, 3, Some(decimal_sign)))
}

/// Reads a percentage from 0 to 100, with or without its sign, into millionths: `19`, `7,7 %`, `8.875`.
#[must_use]
pub fn parse_percent(typed: &str) -> Option<i64> {
    let typed = typed.trim();
    let typed = typed.strip_suffix('%').unwrap_or(typed);
    decimal(typed, 4, None).filter(|ppm| (0..=1_000_000).contains(ppm))
}

/// Writes an amount as programs read it: a point, all of the currency's decimals, no groups and no sign of the
/// currency.
#[must_use]
pub fn write_exact(minor: i64, currency: Currency) -> String {
    let decimals = usize::from(currency.exponent());
    let digits = format!("{:0>width$}", minor.unsigned_abs(), width = decimals + 1);
    let (whole, fraction) = digits.split_at(digits.len() - decimals);
    let (minus, point) = (if minor < 0 { "-" } else { "" }, if fraction.is_empty() { "" } else { "." });
    format!("{minus}{whole}{point}{fraction}")
}

/// Writes a number as it is typed: no groups, the decimal sign, no decimals that say nothing. `value` counts
/// units of the last of so many decimals.
#[must_use]
pub fn write_plain(value: i64, decimals: u8, decimal_sign: char) -> String {
    let width = usize::from(decimals) + 1;
    let digits = format!("{:0>width$}", value.unsigned_abs());
    let (whole, fraction) = digits.split_at(digits.len() - usize::from(decimals));
    let fraction = fraction.trim_end_matches('0');
    let minus = if value < 0 { "-" } else { "" };
    if fraction.is_empty() {
        format!("{minus}{whole}")
    } else {
        format!("{minus}{whole}{decimal_sign}{fraction}")
    }
}

fn signed(typed: &str, read: impl Fn(&str) -> Option<i64>) -> Option<i64> {
    let typed = typed.trim();
    match typed.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => read(rest).map(|amount| -amount),
        None => read(typed),
    }
}

/// Reads a number that is not negative into units of its last decimal. Where `decimal_sign` is given, a
/// single sign before exactly three digits is a decimal sign only if it is that one.
fn decimal(typed: &str, decimals: u8, decimal_sign: Option<char>) -> Option<i64> {
    let exponent = usize::from(decimals);
    let text: String =
        typed.trim().chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\'' | '’')).collect();
    let is_decimal = |at: usize| {
        let digits = text.len() - at - 1;
        let groups = decimal_sign.is_some_and(|sign| digits == 3 && !text[at..].starts_with(sign));
        digits <= exponent && !groups
    };
    let (whole, decimals) = match text.rfind(['.', ',']) {
        Some(at) if is_decimal(at) => (&text[..at], &text[at + 1..]),
        _ => (text.as_str(), ""),
    };
    let is_grouped = whole.contains(['.', ',']);
    let groups: Vec<&str> = whole.split(['.', ',']).collect();
    // A group is three digits; in India the inner ones are two.
    let fits = |(at, group): (usize, &&str)| match (is_grouped, at) {
        (false, _) => true,
        (true, 0) => (1..=3).contains(&group.len()),
        (true, at) if at + 1 == groups.len() => group.len() == 3,
        (true, _) => matches!(group.len(), 2 | 3),
    };
    let digits = groups.concat();
    if !groups.iter().enumerate().all(fits) || (digits.is_empty() && decimals.is_empty()) {
        return None;
    }
    let all = format!("{digits}{decimals:0<exponent$}");
    if !all.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    all.parse().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(typed: &str, code: &str) -> Option<i64> {
        parse_amount(typed, code.parse().unwrap())
    }

    #[test]
    fn an_amount_is_read_as_it_is_meant() {
        for (typed, code, minor) in [
            ("12", "EUR", 1_200),
            ("12.5", "EUR", 1_250),
            ("12,50", "EUR", 1_250),
            (" 1,234.50 ", "EUR", 123_450),
            ("1.234,50", "EUR", 123_450),
            ("1.234", "EUR", 123_400),
            ("1\u{202f}234,5", "EUR", 123_450),
            ("1'234.50", "CHF", 123_450),
            ("12,34,567.89", "INR", 123_456_789),
            (".5", "EUR", 50),
            ("0.01", "EUR", 1),
            ("1,234", "JPY", 1_234),
            ("12.", "EUR", 1_200),
            ("12.", "JPY", 12),
            ("1.234", "KWD", 1_234),
            ("1", "KWD", 1_000),
        ] {
            assert_eq!(read(typed, code), Some(minor), "{typed} {code}");
        }
    }

    #[test]
    fn an_amount_for_programs_has_all_its_decimals() {
        for (minor, code, written) in [
            (123_450, "EUR", "1234.50"),
            (-5, "EUR", "-0.05"),
            (0, "JPY", "0"),
            (-500, "JPY", "-500"),
            (1, "KWD", "0.001"),
        ] {
            assert_eq!(write_exact(minor, code.parse().unwrap()), written);
        }
    }

    #[test]
    fn what_is_no_amount_is_none() {
        for typed in [
            "",
            "-1",
            "0",
            "0.00",
            "1.2.3",
            "1,23,4",
            "12a",
            "1e5",
            "€5",
            "..",
            "1..2",
            "９",
            "99999999999999999999",
            "0x10",
        ] {
            assert_eq!(read(typed, "EUR"), None, "{typed:?}");
        }
    }

    #[test]
    fn a_price_may_be_nothing_or_negative() {
        let read = |typed| parse_price(typed, "EUR".parse().unwrap());
        for (typed, minor) in [("0", 0), ("-12.50", -1_250), ("\u{2212}1.234,5", -123_450), (" - 3 ", -300)] {
            assert_eq!(read(typed), Some(minor), "{typed}");
        }
        for typed in ["", "-", "--1", "1-"] {
            assert_eq!(read(typed), None, "{typed:?}");
        }
    }

    #[test]
    fn three_digits_of_a_quantity_are_what_the_locale_makes_of_them() {
        for (typed, sign, milli) in [
            ("1.5", ',', 1_500),
            ("1,5", '.', 1_500),
            ("1,500", '.', 1_500_000),
            ("1.500", '.', 1_500),
            ("1.500", ',', 1_500_000),
            ("1,500", ',', 1_500),
            ("1,234.5", '.', 1_234_500),
            ("-2", '.', -2_000),
        ] {
            assert_eq!(parse_quantity(typed, sign), Some(milli), "{typed} {sign}");
        }
    }

    #[test]
    fn a_percentage_is_read_with_or_without_its_sign() {
        for (typed, ppm) in
            [("19", 190_000), ("7,7 %", 77_000), ("8.875", 88_750), ("0", 0), ("100%", 1_000_000)]
        {
            assert_eq!(parse_percent(typed), Some(ppm), "{typed}");
        }
        for typed in ["", "%", "-1", "100.1", "nineteen", "1.23456"] {
            assert_eq!(parse_percent(typed), None, "{typed:?}");
        }
    }

    #[test]
    fn a_number_is_written_without_decimals_that_say_nothing() {
        for (value, decimals, written) in
            [(0, 2, "0"), (5, 2, "0.05"), (-5, 1, "-0.5"), (1_250, 2, "12.5"), (1_200, 2, "12"), (7, 0, "7")]
        {
            assert_eq!(write_plain(value, decimals, '.'), written);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_an_amount_or_nothing(typed in ".{0,30}") {
            for code in ["EUR", "JPY", "KWD"] {
                prop_assert!(read(&typed, code).is_none_or(|amount| amount > 0));
            }
        }

        #[test]
        fn a_number_that_was_written_plainly_is_read_back(value in -999_999_999_i64..999_999_999) {
            for sign in ['.', ','] {
                prop_assert_eq!(parse_quantity(&write_plain(value, 3, sign), sign), Some(value));
                prop_assert_eq!(parse_percent(&write_plain(value.rem_euclid(1_000_001), 4, sign)), Some(value.rem_euclid(1_000_001)));
            }
        }

        #[test]
        fn an_amount_is_read_back(minor in 1..i64::MAX / 10) {
            prop_assert_eq!(read(&format!("{}.{:02}", minor / 100, minor % 100), "EUR"), Some(minor));
        }
    }
}
