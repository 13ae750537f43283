//! The arithmetic of an invoice (rule M1): a line is quantity × unit price, rounded half away from
//! zero once; tax is computed per rate on the sum of its lines (EN 16931, BR-CO-17); every sum is
//! checked.

use std::fmt;

/// Thousandths in one unit of quantity.
const MILLI: i128 = 1_000;
/// Millionths in a whole, the scale of tax rates.
const PPM: i128 = 1_000_000;

/// What of a line takes part in the arithmetic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Quantity in thousandths of the unit: 1500 is 1.5.
    pub quantity_milli: i64,
    /// Price of one unit in minor units, before tax.
    pub unit_price_minor: i64,
    /// Tax rate in millionths: `190_000` is 19 %.
    pub tax_rate_ppm: i64,
}

/// The tax of one rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaxLine {
    /// The rate in millionths.
    pub rate_ppm: i64,
    /// Sum of the net amounts of the lines at this rate, its part of the discount taken off.
    pub base_minor: i64,
    /// Tax on that sum, rounded half away from zero once.
    pub tax_minor: i64,
}

/// What an invoice comes to, in minor units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totals {
    /// Net amount of each line, in the order given.
    pub lines_net: Vec<i64>,
    /// One for each rate that occurs, in ascending order of the rate.
    pub taxes: Vec<TaxLine>,
    /// What is taken off the sum of the lines.
    pub discount_minor: i64,
    /// Sum of the lines, the discount taken off.
    pub subtotal_minor: i64,
    /// Sum of the taxes.
    pub tax_minor: i64,
    /// Subtotal and tax.
    pub total_minor: i64,
}

/// Why an invoice cannot be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoneyError {
    /// An amount or a sum does not fit 64 bits.
    Overflow,
}

impl fmt::Display for MoneyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overflow => f.write_str("the amount is too large"),
        }
    }
}

impl std::error::Error for MoneyError {}

/// Net amount of one line in minor units.
///
/// # Errors
/// [`MoneyError::Overflow`] where the amount does not fit.
pub fn line_net(line: Line) -> Result<i64, MoneyError> {
    scale(line.quantity_milli, line.unit_price_minor, MILLI)
}

/// Computes an invoice from its lines.
///
/// # Errors
/// [`MoneyError::Overflow`] where an amount or a sum does not fit.
pub fn totals(lines: &[Line]) -> Result<Totals, MoneyError> {
    totals_less(lines, 0)
}

/// Computes an invoice from its lines and a discount on all of them, in millionths. The discount is taken off
/// the sum of each rate's lines, rounded half away from zero once a rate, so that each tax is computed on
/// what is really charged (EN 16931, BG-20: an allowance on document level has a rate of its own).
///
/// # Errors
/// [`MoneyError::Overflow`] where an amount or a sum does not fit.
pub fn totals_less(lines: &[Line], discount_ppm: i64) -> Result<Totals, MoneyError> {
    let mut lines_net = Vec::with_capacity(lines.len());
    let mut taxes: Vec<TaxLine> = Vec::new();
    let mut subtotal_minor = 0_i64;
    for line in lines {
        let net = line_net(*line)?;
        lines_net.push(net);
        subtotal_minor = add(subtotal_minor, net)?;
        match taxes.binary_search_by_key(&line.tax_rate_ppm, |tax| tax.rate_ppm) {
            Ok(at) => taxes[at].base_minor = add(taxes[at].base_minor, net)?,
            Err(at) => {
                taxes.insert(at, TaxLine { rate_ppm: line.tax_rate_ppm, base_minor: net, tax_minor: 0 });
            }
        }
    }
    let (mut tax_minor, mut discount_minor) = (0_i64, 0_i64);
    for tax in &mut taxes {
        let off = scale(tax.base_minor, discount_ppm, PPM)?;
        tax.base_minor = subtract(tax.base_minor, off)?;
        discount_minor = add(discount_minor, off)?;
        tax.tax_minor = scale(tax.base_minor, tax.rate_ppm, PPM)?;
        tax_minor = add(tax_minor, tax.tax_minor)?;
    }
    let subtotal_minor = subtract(subtotal_minor, discount_minor)?;
    let total_minor = add(subtotal_minor, tax_minor)?;
    Ok(Totals { lines_net, taxes, discount_minor, subtotal_minor, tax_minor, total_minor })
}

fn add(a: i64, b: i64) -> Result<i64, MoneyError> {
    a.checked_add(b).ok_or(MoneyError::Overflow)
}

fn subtract(a: i64, b: i64) -> Result<i64, MoneyError> {
    a.checked_sub(b).ok_or(MoneyError::Overflow)
}

/// `a × b / unit`, rounded half away from zero. The product of two `i64` always fits an `i128`.
fn scale(a: i64, b: i64, unit: i128) -> Result<i64, MoneyError> {
    let product = i128::from(a) * i128::from(b);
    let half = product.signum() * (unit / 2);
    i64::try_from((product + half) / unit).map_err(|_| MoneyError::Overflow)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(quantity_milli: i64, unit_price_minor: i64, tax_rate_ppm: i64) -> Line {
        Line { quantity_milli, unit_price_minor, tax_rate_ppm }
    }

    #[test]
    fn halves_are_rounded_away_from_zero() {
        for (quantity, price, net) in
            [(500, 1, 1), (500, -1, -1), (499, 1, 0), (1_500, 333, 500), (-500, 3, -2)]
        {
            assert_eq!(line_net(line(quantity, price, 0)), Ok(net), "{quantity} × {price}");
        }
    }

    #[test]
    fn tax_is_computed_once_per_rate_not_per_line() {
        // Three lines of 0.03 at 19 %: per line the tax would be 0.01 each, on the sum it is 0.02.
        let computed = totals(&[line(1_000, 3, 190_000); 3]).unwrap();
        assert_eq!(computed.taxes, [TaxLine { rate_ppm: 190_000, base_minor: 9, tax_minor: 2 }]);
        assert_eq!(computed.total_minor, 11);
    }

    #[test]
    fn what_does_not_fit_is_an_error_and_not_a_wrong_number() {
        assert_eq!(line_net(line(i64::MAX, i64::MAX, 0)), Err(MoneyError::Overflow));
        assert_eq!(totals(&[line(1_000, i64::MAX, 0), line(1_000, 1, 0)]), Err(MoneyError::Overflow));
        assert_eq!(totals(&[line(1_000, i64::MAX, 1_000_000)]), Err(MoneyError::Overflow));
        assert_eq!(MoneyError::Overflow.to_string(), "the amount is too large");
    }

    #[test]
    fn a_discount_is_taken_off_before_tax_at_each_rate() {
        let computed =
            totals_less(&[line(1_000, 10_000, 190_000), line(1_000, 5_005, 70_000)], 100_000).unwrap();
        assert_eq!(computed.lines_net, [10_000, 5_005], "a line stays what it is");
        assert_eq!(
            computed.taxes,
            [
                TaxLine { rate_ppm: 70_000, base_minor: 4_504, tax_minor: 315 },
                TaxLine { rate_ppm: 190_000, base_minor: 9_000, tax_minor: 1_710 },
            ]
        );
        assert_eq!((computed.discount_minor, computed.subtotal_minor), (1_501, 13_504));
        assert_eq!(computed.total_minor, 15_529);
    }

    #[test]
    fn an_invoice_without_lines_comes_to_nothing() {
        assert_eq!(totals(&[]).unwrap().total_minor, 0);
    }

    /// The oracle works on decimal digits, as one does with a pencil: it shares no arithmetic with
    /// the code under test. It multiplies digit strings and rounds by looking at one digit.
    mod pencil {
        fn digits(mut n: u64) -> Vec<u8> {
            let mut out = vec![];
            while n > 0 {
                out.push(u8::try_from(n % 10).unwrap());
                n /= 10;
            }
            out
        }

        fn multiply(a: u64, b: u64) -> Vec<u8> {
            let (a, b) = (digits(a), digits(b));
            let mut out = vec![0_u32; a.len() + b.len() + 1];
            for (i, x) in a.iter().enumerate() {
                for (j, y) in b.iter().enumerate() {
                    out[i + j] += u32::from(*x) * u32::from(*y);
                }
            }
            let mut carry = 0;
            out.iter()
                .map(|column| {
                    let sum = column + carry;
                    carry = sum / 10;
                    u8::try_from(sum % 10).unwrap()
                })
                .collect()
        }

        /// `a × b` without its last `drop` digits, rounded half away from zero; text with a sign.
        pub(super) fn scaled(a: i64, b: i64, drop: usize) -> String {
            let product = multiply(a.unsigned_abs(), b.unsigned_abs());
            let round_up = product.get(drop - 1).is_some_and(|digit| *digit >= 5);
            let mut kept: Vec<u8> = product.get(drop..).unwrap_or_default().to_vec();
            kept.push(0);
            if round_up {
                let mut at = 0;
                while kept[at] == 9 {
                    kept[at] = 0;
                    at += 1;
                }
                kept[at] += 1;
            }
            let text: String = kept.iter().rev().map(|digit| char::from(b'0' + digit)).collect();
            let text = text.trim_start_matches('0');
            match (text, (a < 0) != (b < 0)) {
                ("", _) => "0".to_owned(),
                (text, true) => format!("-{text}"),
                (text, false) => text.to_owned(),
            }
        }
    }

    proptest! {
        #[test]
        fn a_line_is_what_the_pencil_says(quantity in any::<i64>(), price in any::<i64>()) {
            let oracle = pencil::scaled(quantity, price, 3).parse::<i64>().ok();
            prop_assert_eq!(line_net(line(quantity, price, 0)).ok(), oracle);
        }

        #[test]
        fn totals_are_what_the_pencil_says(
            lines in prop::collection::vec(
                (-9_999_999_i64..9_999_999, -99_999_999_i64..99_999_999, prop::sample::select(vec![0, 50_000, 70_000, 88_750, 190_000, 250_000])),
                0..40,
            ),
            discount_ppm in prop::sample::select(vec![0_i64, 25_000, 100_000, 333_333, 1_000_000]),
        ) {
            let input: Vec<Line> = lines.iter().map(|&(q, p, r)| line(q, p, r)).collect();
            let computed = totals_less(&input, discount_ppm).unwrap();
            let mut by_rate = std::collections::BTreeMap::<i64, i64>::new();
            for (line, net) in input.iter().zip(&computed.lines_net) {
                let oracle: i64 = pencil::scaled(line.quantity_milli, line.unit_price_minor, 3).parse().unwrap();
                prop_assert_eq!(*net, oracle);
                *by_rate.entry(line.tax_rate_ppm).or_default() += oracle;
            }
            let mut discount = 0;
            for base in by_rate.values_mut() {
                let off: i64 = pencil::scaled(*base, discount_ppm, 6).parse().unwrap();
                *base -= off;
                discount += off;
            }
            prop_assert_eq!(computed.discount_minor, discount);
            let taxes: Vec<TaxLine> = by_rate
                .iter()
                .map(|(&rate_ppm, &base_minor)| TaxLine {
                    rate_ppm,
                    base_minor,
                    tax_minor: pencil::scaled(base_minor, rate_ppm, 6).parse().unwrap(),
                })
                .collect();
            let total: i64 = by_rate.values().sum::<i64>() + taxes.iter().map(|tax| tax.tax_minor).sum::<i64>();
            prop_assert_eq!(&computed.taxes, &taxes);
            prop_assert_eq!(computed.total_minor, total);
            prop_assert_eq!(computed.total_minor, computed.subtotal_minor + computed.tax_minor);
        }

        #[test]
        fn turning_every_sign_turns_the_total(lines in prop::collection::vec((0_i64..9_999_999, 0_i64..99_999_999), 0..20)) {
            let plus: Vec<Line> = lines.iter().map(|&(q, p)| line(q, p, 190_000)).collect();
            let minus: Vec<Line> = lines.iter().map(|&(q, p)| line(q, -p, 190_000)).collect();
            prop_assert_eq!(totals(&plus).unwrap().total_minor, -totals(&minus).unwrap().total_minor);
        }
    }
}
