//! ISO 4217 currencies that are money one can owe.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// An ISO 4217 currency with a minor unit (JPY has 0 decimals, EUR 2, KWD 3).
///
/// Codes that are no currency to bill in (gold, the test code, "no currency") are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency(iso_currency::Currency);

/// The text is no ISO 4217 code of a currency with a minor unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownCurrency;

impl fmt::Display for UnknownCurrency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an ISO 4217 currency code")
    }
}

impl std::error::Error for UnknownCurrency {}

impl Currency {
    /// The three capital letters.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// How many decimals the minor unit has.
    #[must_use]
    pub fn exponent(self) -> u8 {
        // Present by construction: `from_str` refuses a currency without one.
        self.0.exponent().map_or(2, |digits| u8::try_from(digits).unwrap_or(2))
    }
}

impl FromStr for Currency {
    type Err = UnknownCurrency;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        iso_currency::Currency::from_code(code)
            .filter(|currency| currency.exponent().is_some())
            .map(Self)
            .ok_or(UnknownCurrency)
    }
}

impl TryFrom<String> for Currency {
    type Error = UnknownCurrency;

    fn try_from(code: String) -> Result<Self, Self::Error> {
        code.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minor_units_are_those_of_iso_4217() {
        for (code, exponent) in [("EUR", 2), ("JPY", 0), ("KWD", 3), ("CLP", 0), ("ISK", 0), ("BHD", 3)] {
            let currency: Currency = code.parse().unwrap();
            assert_eq!(currency.exponent(), exponent, "{code}");
            assert_eq!((currency.to_string(), String::from(currency)), (code.to_owned(), code.to_owned()));
        }
    }

    #[test]
    fn what_is_no_currency_is_refused() {
        for code in ["", "eur", "EURO", "XAU", "XXX", "ZZZ", "E\u{fffd}R"] {
            assert_eq!(code.parse::<Currency>(), Err(UnknownCurrency), "{code:?}");
        }
        assert_eq!(UnknownCurrency.to_string(), "not an ISO 4217 currency code");
    }
}
