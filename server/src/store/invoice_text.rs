//! The texts of an invoice that are made when it is sent: its number, and what the search box
//! finds it by.

use app::money::Currency;

/// The number that an org's `n`th invoice takes, such as `JF-2026-041`.
#[must_use]
pub fn invoice_number(prefix: &str, n: i64) -> String {
    format!("{prefix}{n:03}")
}

/// What the search box looks in: number, title, reference and the total as a plain decimal
/// (`1250.00`), in lower case. A draft has no number, and what is empty leaves no gap.
#[must_use]
pub fn invoice_search_text(
    number: Option<&str>,
    title: &str,
    reference: &str,
    total_minor: i64,
    currency: Currency,
) -> String {
    let amount = plain_decimal(total_minor, currency);
    let parts = [number.unwrap_or_default(), title.trim(), reference.trim(), &amount];
    let mut text = String::with_capacity(parts.iter().map(|part| part.len() + 1).sum());
    for part in parts.into_iter().filter(|part| !part.is_empty()) {
        if !text.is_empty() {
            text.push(' ');
        }
        // Letter by letter, as the search box lowers what was typed.
        text.extend(part.chars().flat_map(char::to_lowercase));
    }
    text
}

/// An amount as it is typed: no grouping, a point, all decimals of the currency.
fn plain_decimal(minor: i64, currency: Currency) -> String {
    let decimals = usize::from(currency.exponent());
    let sign = if minor < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", minor.unsigned_abs(), width = decimals + 1);
    let (whole, fraction) = digits.split_at(digits.len() - decimals);
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn currency(code: &str) -> Currency {
        code.parse().unwrap()
    }

    #[test]
    fn an_amount_is_plain_in_every_currency() {
        for (minor, code, text) in [
            (125_000, "EUR", "1250.00"),
            (5, "EUR", "0.05"),
            (0, "EUR", "0.00"),
            (-1_234, "EUR", "-12.34"),
            (125_000, "JPY", "125000"),
            (0, "JPY", "0"),
            (1_250, "KWD", "1.250"),
            (i64::MIN, "EUR", "-92233720368547758.08"),
        ] {
            assert_eq!(plain_decimal(minor, currency(code)), text, "{minor} {code}");
        }
    }

    #[test]
    fn the_search_text_is_lower_case_and_has_no_gaps() {
        let text = invoice_search_text(Some("JF-2026-041"), " Årsbok ", "PO 17", 125_000, currency("SEK"));
        assert_eq!(text, "jf-2026-041 årsbok po 17 1250.00");
        assert_eq!(invoice_search_text(None, "Flyers", "", 980, currency("EUR")), "flyers 9.80");
        // The small sigma at a word's end stays what the search box makes of it.
        assert_eq!(invoice_search_text(None, "ΟΔΟΣ", "", 0, currency("JPY")), "οδοσ 0");
    }

    #[test]
    fn numbers_have_three_digits_until_they_need_more() {
        assert_eq!(invoice_number("JF-2026-", 41), "JF-2026-041");
        assert_eq!(invoice_number("", 1_000_000), "1000000");
    }
}
