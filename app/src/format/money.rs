//! Amounts with their currency: which sign stands for it, and on which side of the number.
//!
//! A sign is used only where the reader cannot take it for another currency: `$` for US dollars in
//! the United States, `US$` everywhere else, `CHF` where no sign exists.

use super::{
    locale::LocaleFormats,
    numbers::{MINUS, NO_BREAK_SPACE, Zeros},
};
use crate::money::Currency;

/// How one locale writes amounts.
#[derive(Clone, Copy)]
pub(super) struct MoneyStyle {
    side: Side,
    /// The currency whose short sign is unambiguous here, with that sign.
    home: Option<(&'static str, &'static str)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    /// `€5.00`, but `CHF 5.00`.
    Before,
    /// `€ 5,00`.
    BeforeSpaced,
    /// `5,00 €`.
    After,
}

impl MoneyStyle {
    /// From CLDR's currency patterns, by language and, where they differ, by region.
    pub(super) fn of(language: &str, region: &str) -> Self {
        let side = match (language, region) {
            ("de" | "it" | "rm", "CH")
            | ("de", "AT" | "LI")
            | ("nl", _)
            | ("pt", "" | "BR")
            | ("nb" | "no", "") => Side::BeforeSpaced,
            (
                "es",
                "MX" | "US" | "GT" | "HN" | "NI" | "PA" | "PE" | "PR" | "SV" | "CO" | "CL" | "AR" | "UY"
                | "VE" | "EC",
            ) => Side::Before,
            (
                "ar" | "be" | "bg" | "bs" | "ca" | "cs" | "da" | "de" | "el" | "es" | "et" | "eu" | "fi"
                | "fr" | "gl" | "he" | "hr" | "hu" | "hy" | "is" | "it" | "ka" | "kk" | "lt" | "lv" | "mk"
                | "nb" | "nn" | "no" | "pl" | "pt" | "ro" | "ru" | "sk" | "sl" | "sq" | "sr" | "sv" | "uk"
                | "vi",
                _,
            ) => Side::After,
            _ => Side::Before,
        };
        let home = match (language, region) {
            ("en", "" | "US" | "PR") | ("es", "US" | "PR" | "EC") => Some(("USD", "$")),
            (_, "CA") => Some(("CAD", "$")),
            (_, "AU") => Some(("AUD", "$")),
            (_, "NZ") => Some(("NZD", "$")),
            (_, "SG") => Some(("SGD", "$")),
            (_, "MX") => Some(("MXN", "$")),
            ("ja", _) => Some(("JPY", "¥")),
            ("zh", "" | "CN") => Some(("CNY", "¥")),
            ("sv", _) => Some(("SEK", "kr")),
            ("nb" | "nn" | "no", _) => Some(("NOK", "kr")),
            ("da", _) => Some(("DKK", "kr.")),
            ("is", _) => Some(("ISK", "kr.")),
            ("pl", _) => Some(("PLN", "zł")),
            ("cs", _) => Some(("CZK", "Kč")),
            ("hu", _) => Some(("HUF", "Ft")),
            _ => None,
        };
        Self { side, home }
    }

    fn sign(self, currency: Currency) -> &'static str {
        match (self.home, currency.code()) {
            (Some((code, sign)), wanted) if code == wanted => sign,
            (_, "EUR") => "€",
            (_, "GBP") => "£",
            (_, "JPY") => "JP¥",
            (_, "CNY") => "CN¥",
            (_, "USD") => "US$",
            (_, "CAD") => "CA$",
            (_, "AUD") => "A$",
            (_, "NZD") => "NZ$",
            (_, "HKD") => "HK$",
            (_, "SGD") => "S$",
            (_, "TWD") => "NT$",
            (_, "MXN") => "MX$",
            (_, "BRL") => "R$",
            (_, "INR") => "₹",
            (_, "KRW") => "₩",
            (_, "ILS") => "₪",
            (_, "VND") => "₫",
            (_, "PHP") => "₱",
            (_, "TRY") => "₺",
            (_, "UAH") => "₴",
            (_, "KZT") => "₸",
            (_, "NGN") => "₦",
            (_, code) => code,
        }
    }
}

impl LocaleFormats {
    /// An amount in minor units, with as many decimals as the currency has.
    pub(super) fn money(&self, minor: i64, currency: Currency) -> String {
        let sign = self.money.sign(currency);
        let number = self.digits(minor, currency.exponent(), Zeros::Keep);
        let mut text = String::with_capacity(number.len() + sign.len() + 6);
        if minor < 0 {
            text.push(MINUS);
        }
        if self.money.side == Side::After {
            text.push_str(&number);
            text.push(NO_BREAK_SPACE);
            text.push_str(sign);
        } else {
            text.push_str(sign);
            if self.money.side == Side::BeforeSpaced || sign.ends_with(char::is_alphabetic) {
                text.push(NO_BREAK_SPACE);
            }
            text.push_str(&number);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use crate::{format::Formats, money::Currency};

    fn money(locale: &str, minor: i64, code: &str) -> String {
        let currency: Currency = code.parse().unwrap();
        Formats::new(locale, "UTC").money(minor, currency).replace(['\u{a0}', '\u{202f}'], " ")
    }

    #[test]
    fn amounts_are_written_as_their_reader_writes_them() {
        for (locale, minor, code, text) in [
            ("en-US", 431_000, "USD", "$4,310.00"),
            ("en-US", 431_000, "EUR", "€4,310.00"),
            ("en-GB", 431_000, "USD", "US$4,310.00"),
            ("en-GB", 5, "GBP", "£0.05"),
            ("en-CA", 100, "CAD", "$1.00"),
            ("en-IN", 123_456_789, "INR", "₹12,34,567.89"),
            ("de-DE", 431_000, "EUR", "4.310,00 €"),
            ("de-CH", 431_050, "CHF", "CHF 4'310.50"),
            ("fr-FR", 431_000, "EUR", "4 310,00 €"),
            ("nl-NL", 431_000, "EUR", "€ 4.310,00"),
            ("ja-JP", 431_000, "JPY", "¥431,000"),
            ("en-GB", 1_250, "KWD", "KWD 1.250"),
            ("sv-SE", 100, "SEK", "1,00 kr"),
            ("en-GB", 100, "SEK", "SEK 1.00"),
            ("en-GB", 0, "EUR", "€0.00"),
            ("es-MX", 100, "MXN", "$1.00"),
            ("es-US", 100, "USD", "$1.00"),
            ("es-ES", 100, "EUR", "1,00 €"),
        ] {
            assert_eq!(money(locale, minor, code), text, "{locale} {code}");
        }
    }

    #[test]
    fn a_sign_is_short_only_at_home() {
        for (locale, code, sign) in [
            ("en-AU", "AUD", "$"),
            ("en-NZ", "NZD", "$"),
            ("en-SG", "SGD", "$"),
            ("zh-CN", "CNY", "¥"),
            ("nb-NO", "NOK", "kr"),
            ("da-DK", "DKK", "kr."),
            ("is-IS", "ISK", "kr."),
            ("pl-PL", "PLN", "zł"),
            ("cs-CZ", "CZK", "Kč"),
            ("hu-HU", "HUF", "Ft"),
        ] {
            let text = money(locale, 0, code);
            let around = text.trim_matches(|c| "0,. ".contains(c));
            assert_eq!(around, sign.trim_end_matches('.'), "{text}");
            assert!(text.contains(sign), "{text}");
        }
        for (code, sign) in [
            ("EUR", "€"),
            ("GBP", "£"),
            ("JPY", "JP¥"),
            ("CNY", "CN¥"),
            ("USD", "US$"),
            ("CAD", "CA$"),
            ("AUD", "A$"),
            ("NZD", "NZ$"),
            ("HKD", "HK$"),
            ("SGD", "S$"),
            ("TWD", "NT$"),
            ("MXN", "MX$"),
            ("BRL", "R$"),
            ("INR", "₹"),
            ("KRW", "₩"),
            ("ILS", "₪"),
            ("VND", "₫"),
            ("PHP", "₱"),
            ("TRY", "₺"),
            ("UAH", "₴"),
            ("KZT", "₸"),
            ("NGN", "₦"),
            ("CHF", "CHF "),
        ] {
            let text = money("en-GB", 0, code);
            assert_eq!(text.split('0').next(), Some(sign), "{text}");
        }
    }

    #[test]
    fn a_negative_amount_has_a_minus_and_not_a_hyphen() {
        assert_eq!(money("en-GB", -1_250, "EUR"), "−€12.50");
        assert_eq!(money("de-DE", -1_250, "EUR"), "−12,50 €");
    }

    #[test]
    fn arabic_amounts_have_all_their_digits() {
        let text = money("ar-EG", 1_250, "KWD");
        assert_eq!(text.chars().filter(|char| char.is_numeric()).count(), 4, "{text}");
        assert!(text.ends_with("KWD"), "{text}");
    }

    #[test]
    fn the_ends_of_the_range_do_not_panic() {
        for code in ["JPY", "EUR", "KWD"] {
            for minor in [i64::MIN, i64::MAX] {
                assert!(money("en", minor, code).len() > 19);
            }
        }
    }
}
