//! An invoice as it is being typed: lines that may be unfinished, and what they come to so far. The editor in
//! the browser and the server read the same text by the same code.

use serde::{Deserialize, Serialize};

use super::{Currency, Line, MoneyError, Totals, parse_percent, parse_price, parse_quantity, totals_less};

/// The most lines an invoice may have.
pub const MOST_LINES: usize = 500;
/// The largest total, in minor units: far beyond any bill, and far from what 64 bits overflow at.
pub const LARGEST_TOTAL: i64 = 100_000_000_000_000;

/// A line as it is typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct TypedLine {
    /// What was delivered.
    pub description: String,
    /// How much of it; nothing typed is 1.
    pub quantity: String,
    /// What is counted, such as `h`.
    pub unit: String,
    /// Price of one unit, before tax.
    pub unit_price: String,
    /// The rate in percent; nothing typed is 0.
    pub tax_rate: String,
}

/// The part of a line that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineField {
    /// No number.
    Quantity,
    /// No amount of the currency.
    UnitPrice,
    /// No percentage from 0 to 100.
    TaxRate,
}

impl LineField {
    /// The name of the form's field.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Quantity => "quantity",
            Self::UnitPrice => "unitPrice",
            Self::TaxRate => "taxRate",
        }
    }
}

impl TypedLine {
    /// Nothing is typed that anybody would miss. A tax rate alone is what a new line begins with.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        [&self.description, &self.unit_price, &self.quantity, &self.unit]
            .iter()
            .all(|text| text.trim().is_empty())
    }

    /// The line as numbers.
    ///
    /// # Errors
    /// Every field that cannot be read.
    pub fn read(&self, currency: Currency, decimal_sign: char) -> Result<Line, Vec<LineField>> {
        let or = |typed: &str, default: i64, read: &dyn Fn(&str) -> Option<i64>| {
            if typed.trim().is_empty() { Some(default) } else { read(typed) }
        };
        let quantity = or(&self.quantity, 1_000, &|typed| parse_quantity(typed, decimal_sign));
        let price = parse_price(&self.unit_price, currency);
        let rate = or(&self.tax_rate, 0, &parse_percent);
        match (quantity, price, rate) {
            (Some(quantity_milli), Some(unit_price_minor), Some(tax_rate_ppm)) => {
                Ok(Line { quantity_milli, unit_price_minor, tax_rate_ppm })
            }
            (quantity, price, rate) => Err([
                (quantity.is_none(), LineField::Quantity),
                (price.is_none(), LineField::UnitPrice),
                (rate.is_none(), LineField::TaxRate),
            ]
            .into_iter()
            .filter_map(|(is_wrong, field)| is_wrong.then_some(field))
            .collect()),
        }
    }
}

/// What the lines come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reckoning {
    /// Each line as numbers, or what of it cannot be read; blank lines are not among them.
    pub lines: Vec<Result<Line, Vec<LineField>>>,
    /// The discount in millionths; `None` where it cannot be read.
    pub discount_ppm: Option<i64>,
    /// The sums of what could be read.
    pub totals: Result<Totals, MoneyError>,
}

impl Reckoning {
    /// Reads lines and a discount in percent, of which nothing typed is none. Blank lines are left out.
    #[must_use]
    pub fn of(lines: &[TypedLine], discount: &str, currency: Currency, decimal_sign: char) -> Self {
        let lines: Vec<_> = lines
            .iter()
            .filter(|line| !line.is_blank())
            .map(|line| line.read(currency, decimal_sign))
            .collect();
        let discount_ppm = if discount.trim().is_empty() { Some(0) } else { parse_percent(discount) };
        let read: Vec<Line> = lines.iter().filter_map(|line| line.as_ref().ok()).copied().collect();
        let totals = totals_less(&read, discount_ppm.unwrap_or(0)).and_then(|totals| {
            let largest = totals.lines_net.iter().chain([&totals.total_minor, &totals.subtotal_minor]);
            if largest.map(|amount| amount.saturating_abs()).any(|amount| amount > LARGEST_TOTAL) {
                return Err(MoneyError::Overflow);
            }
            Ok(totals)
        });
        Self { lines, discount_ppm, totals }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(quantity: &str, price: &str, rate: &str) -> TypedLine {
        TypedLine {
            description: "Work".to_owned(),
            quantity: quantity.to_owned(),
            unit_price: price.to_owned(),
            tax_rate: rate.to_owned(),
            ..TypedLine::default()
        }
    }

    fn reckon(lines: &[TypedLine], discount: &str) -> Reckoning {
        Reckoning::of(lines, discount, "EUR".parse().unwrap(), '.')
    }

    #[test]
    fn what_can_be_read_is_summed_and_what_cannot_is_named() {
        let reckoning = reckon(&[line("2", "1,000.00", "19"), line("x", "", "200"), line("", "5", "")], "10");
        assert_eq!(
            reckoning.lines[1],
            Err(vec![LineField::Quantity, LineField::UnitPrice, LineField::TaxRate])
        );
        let fields = [LineField::Quantity, LineField::UnitPrice, LineField::TaxRate];
        assert_eq!(fields.map(LineField::name), ["quantity", "unitPrice", "taxRate"]);
        let totals = reckoning.totals.unwrap();
        assert_eq!(totals.lines_net, [200_000, 500]);
        assert_eq!((totals.discount_minor, totals.total_minor), (20_050, 214_650));
    }

    #[test]
    fn blank_lines_count_for_nothing() {
        let blank = TypedLine { tax_rate: "19".to_owned(), ..TypedLine::default() };
        assert!(blank.is_blank());
        assert_eq!(reckon(&[blank], "").lines, []);
    }

    #[test]
    fn what_nobody_can_owe_is_refused() {
        assert_eq!(reckon(&[line("1", "1000000000000.01", "")], "").totals, Err(MoneyError::Overflow));
        assert!(reckon(&[line("1", "1000000000000", "")], "").totals.is_ok());
        assert_eq!(reckon(&[line("999999999999", "999999999999", "")], "").totals, Err(MoneyError::Overflow));
        assert_eq!(reckon(&[], "many").discount_ppm, None);
    }
}
