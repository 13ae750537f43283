//! Amounts written in the browser as the server writes them. The browser has no table of locales: it gets one
//! amount as a sample and writes all others after it.

use super::Currency;

/// What the large sample shows, in units of the last decimal: every digit, and all groups of the largest total.
const LARGE: &str = "1234567890123456";
/// What the small one shows, in whole units. Some locales leave four digits together.
const SMALL: i64 = 1_234;

/// How one locale writes amounts of one currency, read off a sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoneyPattern {
    /// What stands before the digits.
    before: String,
    /// What stands after them.
    after: String,
    /// What stands between digits, by the number of digits that follow it.
    between: Vec<(usize, String)>,
    /// The ten digits.
    digits: [char; 10],
    decimals: usize,
    /// Fewer whole digits than this are not grouped.
    least_grouped: usize,
}

impl MoneyPattern {
    /// The amounts that the samples must be, in minor units.
    #[must_use]
    pub fn samples(currency: Currency) -> [i64; 2] {
        [LARGE.parse().unwrap_or_default(), SMALL * 10_i64.pow(u32::from(currency.exponent()))]
    }

    /// Reads the samples: the amounts of [`MoneyPattern::samples`] as the locale writes them in this currency.
    /// `None` where they are not that.
    #[must_use]
    pub fn read(large: &str, small: &str, currency: Currency) -> Option<Self> {
        let mut pattern = Self::read_large(large, currency)?;
        let ungrouped = pattern.write(Self::samples(currency)[1]) != small;
        pattern.least_grouped = if ungrouped { 5 } else { 4 };
        Some(pattern)
    }

    fn read_large(sample: &str, currency: Currency) -> Option<Self> {
        let is_digit = |character: &char| character.is_numeric();
        let first = sample.find(|character: char| is_digit(&character))?;
        let last = sample.rfind(|character: char| is_digit(&character))?;
        let end = last + sample[last..].chars().next()?.len_utf8();
        let shown: Vec<char> = sample[first..end].chars().filter(is_digit).collect();
        if shown.len() != LARGE.len() {
            return None;
        }
        let mut digits = ['0'; 10];
        for (digit, character) in LARGE.bytes().zip(&shown) {
            digits[usize::from(digit - b'0')] = *character;
        }
        let mut between: Vec<(usize, String)> = Vec::new();
        let mut left = shown.len();
        for character in sample[first..end].chars() {
            if is_digit(&character) {
                left -= 1;
            } else {
                match between.last_mut().filter(|(at, _)| *at == left) {
                    Some((_, text)) => text.push(character),
                    None => between.push((left, character.to_string())),
                }
            }
        }
        Some(Self {
            before: sample[..first].to_owned(),
            after: sample[end..].to_owned(),
            between,
            digits,
            decimals: usize::from(currency.exponent()),
            least_grouped: 4,
        })
    }

    /// Writes an amount.
    #[must_use]
    pub fn write(&self, minor: i64) -> String {
        let text = format!("{:0>width$}", minor.unsigned_abs(), width = self.decimals + 1);
        let mut out = String::with_capacity(text.len() * 2 + self.before.len() + self.after.len());
        if minor < 0 {
            out.push('\u{2212}');
        }
        out.push_str(&self.before);
        for (at, digit) in text.bytes().enumerate() {
            let left = text.len() - at;
            let is_shown =
                at > 0 && (left <= self.decimals || text.len() - self.decimals >= self.least_grouped);
            if let Some((_, sign)) = self.between.iter().find(|(follow, _)| *follow == left && is_shown) {
                out.push_str(sign);
            }
            out.push(self.digits[usize::from(digit - b'0')]);
        }
        out.push_str(&self.after);
        out
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::format::Formats;

    const LOCALES: [&str; 13] = [
        "en-GB", "en-US", "de-DE", "de-AT", "de-CH", "fr-FR", "nl-NL", "en-IN", "sv-SE", "ja-JP", "es-ES",
        "pl-PL", "pt-PT",
    ];

    /// The amount as the browser writes it, and as the server does.
    fn both(minor: i64, locale: &str, code: &str) -> Option<[String; 2]> {
        let currency: Currency = code.parse().ok()?;
        let formats = Formats::new(locale, "UTC");
        let [large, small] = MoneyPattern::samples(currency).map(|minor| formats.money(minor, currency));
        let pattern = MoneyPattern::read(&large, &small, currency)?;
        Some([pattern.write(minor), formats.money(minor, currency)])
    }

    #[test]
    fn amounts_of_every_length_are_written_as_the_server_writes_them() {
        for locale in LOCALES {
            for code in ["EUR", "JPY", "KWD"] {
                for digits in 0..16 {
                    for minor in [10_i64.pow(digits), 10_i64.pow(digits) - 1, 1 - 10_i64.pow(digits)] {
                        let [browser, server] = both(minor, locale, code).unwrap();
                        assert_eq!(browser, server, "{minor} {locale} {code}");
                    }
                }
            }
        }
    }

    proptest! {
        #[test]
        fn the_browser_writes_amounts_as_the_server_does(
            minor in -99_999_999_999_i64..99_999_999_999,
            locale in prop::sample::select(LOCALES.to_vec()),
            code in prop::sample::select(vec!["EUR", "USD", "JPY", "KWD"]),
        ) {
            let [browser, server] = both(minor, locale, code).unwrap();
            prop_assert_eq!(browser, server, "{}", locale);
        }
    }

    #[test]
    fn what_is_no_sample_is_refused() {
        for text in ["", "EUR", "12", "€1.50"] {
            assert_eq!(MoneyPattern::read(text, text, "EUR".parse().unwrap()), None, "{text}");
        }
    }
}
