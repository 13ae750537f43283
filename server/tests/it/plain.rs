//! An invoice in plain integers: what is typed into one, and what it must come to (rule M1). It shares no
//! arithmetic with the code under test: integers of 128 bits, which nothing here overflows, and the rule of
//! rounding written down a second time.

use std::collections::BTreeMap;

use app::money::TypedLine;

use crate::harness::Dice;

/// Currencies with two, none and three decimals.
pub const CURRENCIES: [(&str, u8); 4] = [("EUR", 2), ("USD", 2), ("JPY", 0), ("KWD", 3)];

/// The most that an invoice, or a line of it, may come to.
pub const MOST: i128 = 100_000_000_000_000;

/// A line, in thousandths, minor units and millionths.
#[derive(Debug, Clone)]
pub struct PlainLine {
    pub quantity: i64,
    pub price: i64,
    pub rate: i64,
}

/// An invoice: its lines, and the discount in millionths.
#[derive(Debug, Clone, Default)]
pub struct Plain {
    pub lines: Vec<PlainLine>,
    pub discount: i64,
}

/// What an invoice comes to, in minor units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sums {
    pub nets: Vec<i128>,
    pub discount: i128,
    pub subtotal: i128,
    /// Rate, base and tax, by ascending rate.
    pub taxes: Vec<[i128; 3]>,
    pub tax: i128,
    pub total: i128,
}

/// `a × b / unit`; of two that are equally near, the one farther from zero.
fn share(a: i128, b: i128, unit: i128) -> i128 {
    let product = (a * b).abs();
    let whole = product / unit + i128::from(product % unit * 2 >= unit);
    if (a < 0) == (b < 0) { whole } else { -whole }
}

impl Plain {
    /// Some invoice: mostly of a size that people write, now and then near what may be billed at all.
    pub fn draw(dice: &mut Dice) -> Self {
        let near_the_limit = dice.chance(5);
        let count = if dice.chance(3) { 40 } else { 1 + dice.below(7) };
        let lines = (0..count).map(|_| PlainLine::draw(dice, near_the_limit)).collect();
        let discount =
            if dice.chance(50) { 0 } else { *dice.pick(&[25_000, 100_000, 333_333, 1, 999_999, 1_000_000]) };
        Self { lines, discount }
    }

    /// What it comes to.
    pub fn sums(&self) -> Sums {
        let nets: Vec<i128> = self.lines.iter().map(PlainLine::net).collect();
        let mut bases: BTreeMap<i64, i128> = BTreeMap::new();
        for (line, net) in self.lines.iter().zip(&nets) {
            *bases.entry(line.rate).or_default() += net;
        }
        let mut discount = 0;
        let mut taxes = Vec::new();
        for (rate, base) in bases {
            let off = share(base, self.discount.into(), 1_000_000);
            discount += off;
            taxes.push([rate.into(), base - off, share(base - off, rate.into(), 1_000_000)]);
        }
        let subtotal = nets.iter().sum::<i128>() - discount;
        let tax = taxes.iter().map(|[.., tax]| tax).sum();
        Sums { nets, discount, subtotal, taxes, tax, total: subtotal + tax }
    }

    /// Why it cannot be sent, if it cannot.
    pub fn hinders(&self) -> Option<&'static str> {
        let sums = self.sums();
        let mut all = sums.nets.iter().chain([&sums.subtotal, &sums.total]);
        match () {
            () if self.lines.is_empty() => Some("NO_LINES"),
            () if all.any(|amount| amount.abs() > MOST) => Some("TOO_MUCH"),
            () if sums.total < 0 => Some("LESS_THAN_NOTHING"),
            () => None,
        }
    }

    /// Its lines and its discount as somebody types them, in one of many ways, where a point sets decimals off.
    pub fn typed(&self, dice: &mut Dice, decimals: u8) -> (Vec<TypedLine>, String) {
        let lines = (1..).zip(&self.lines).map(|(n, line)| TypedLine {
            description: format!("Line {n}"),
            quantity: if line.quantity == 1_000 {
                String::new()
            } else {
                written(dice, line.quantity, 3, true)
            },
            unit: "h".to_owned(),
            unit_price: written(dice, line.price, decimals, false),
            tax_rate: if line.rate == 0 { String::new() } else { percent(dice, line.rate) },
        });
        let lines = lines.collect();
        (lines, if self.discount == 0 { String::new() } else { percent(dice, self.discount) })
    }
}

impl PlainLine {
    fn draw(dice: &mut Dice, near_the_limit: bool) -> Self {
        let rate = *dice.pick(&[0, 50_000, 70_000, 77_000, 88_750, 190_000, 250_000, 1_000_000, 1]);
        let (quantity, price) = if near_the_limit && dice.chance(60) {
            // A thousandth of something dear, or very many of something cheap: 10^14 is in reach of both.
            *dice.pick(&[
                (1_000, 99_999_999_999_999),
                (1_000, 100_000_000_000_000),
                (1_000, 100_000_000_000_001),
                (999_999_999_999, 100_000),
                (1, 99_999_999_999_999_500),
                (1, 100_000_000_000_000_499),
                (1, 100_000_000_000_000_500),
                (500, -3),
                (499, 1),
                (999_999_999_999_999, 999_999_999_999_999),
            ])
        } else {
            let quantity = match dice.below(4) {
                0 => 1_000,
                1 => 1_000 * dice.between(1, 400),
                _ => dice.between(0, 50_000),
            };
            (quantity, dice.between(0, 9_000_000))
        };
        let signed = |dice: &mut Dice, value: i64| if dice.chance(8) { -value } else { value };
        Self { quantity: signed(dice, quantity), price: signed(dice, price), rate }
    }

    fn net(&self) -> i128 {
        share(self.quantity.into(), self.price.into(), 1_000)
    }
}

/// A number as people write it: with a point or a comma, with groups or without, with all decimals or those
/// that say something. What could be meant otherwise is left out.
fn written(dice: &mut Dice, value: i64, decimals: u8, is_quantity: bool) -> String {
    let places = usize::from(decimals);
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    let mut fraction = if dice.chance(50) { fraction } else { fraction.trim_end_matches('0') };
    let comma = dice.chance(30);
    // Three digits of a quantity after a comma would be thousands here.
    let point = if comma && !(is_quantity && fraction.len() == 3) { ',' } else { '.' };
    let group = match dice.below(6) {
        0 => " ",
        1 => "\u{202f}",
        2 => "'",
        3 if point == ',' => ".",
        3 => ",",
        _ => "",
    };
    if matches!(group, "." | ",") && fraction.is_empty() && places > 0 {
        fraction = "0";
    }
    let mut text = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            text.push_str(group);
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push(point);
        text.push_str(fraction);
    }
    let minus = match (value < 0, dice.chance(50)) {
        (false, _) => "",
        (true, false) => "-",
        (true, true) => "\u{2212}",
    };
    format!("{minus}{text}")
}

fn percent(dice: &mut Dice, ppm: i64) -> String {
    let digits = format!("{ppm:05}");
    let (whole, fraction) = digits.split_at(digits.len() - 4);
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { *dice.pick(&[".", ","]) };
    format!("{whole}{point}{fraction}{}", dice.pick(&["", "%", " %"]))
}

/// What an amount on a page or in a mail says, in minor units: its digits, for all decimals are always shown.
pub fn minor_of(text: &str) -> i128 {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let minor: i128 = digits.parse().unwrap_or_else(|_| panic!("no amount: {text:?}"));
    if text.contains(['-', '\u{2212}']) { -minor } else { minor }
}
