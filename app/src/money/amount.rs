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
    let exponent = usize::from(currency.exponent());
    let text: String =
        typed.trim().chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\'' | '’')).collect();
    let (whole, decimals) = match text.rfind(['.', ',']) {
        Some(at) if text.len() - at - 1 <= exponent && exponent > 0 => (&text[..at], &text[at + 1..]),
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
    all.parse().ok().filter(|amount| *amount > 0)
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
            ("1.234", "KWD", 1_234),
            ("1", "KWD", 1_000),
        ] {
            assert_eq!(read(typed, code), Some(minor), "{typed} {code}");
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

    proptest! {
        #[test]
        fn any_text_is_an_amount_or_nothing(typed in ".{0,30}") {
            for code in ["EUR", "JPY", "KWD"] {
                prop_assert!(read(&typed, code).is_none_or(|amount| amount > 0));
            }
        }

        #[test]
        fn an_amount_is_read_back(minor in 1..i64::MAX / 10) {
            prop_assert_eq!(read(&format!("{}.{:02}", minor / 100, minor % 100), "EUR"), Some(minor));
        }
    }
}
