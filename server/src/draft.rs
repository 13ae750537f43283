//! An invoice as it is being written: kept as it was typed, so that nothing unfinished is lost, and read into
//! what can be sent. Pure; the sums are those of `app::money`, which the editor in the browser computes as well.

use app::{
    money::{Currency, LineField, MOST_LINES, MoneyError, Reckoning, Totals, TypedLine},
    problem::{FieldProblem, Problem},
};
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::fields::{Check, read_day};

const LONGEST_LINE: usize = 200;
const LONGEST_NOTES: usize = 4_000;
const LONGEST_DESCRIPTION: usize = 1_000;
/// More than anybody types into a field for a number.
const LONGEST_NUMBER: usize = 40;

/// A draft as it is typed; so it stands in the database.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct TypedInvoice {
    /// What it is for.
    pub title: String,
    /// The client's reference.
    pub reference: String,
    /// A word to the client.
    pub notes: String,
    /// Day of issue; nothing typed is the day on which it is sent.
    pub issued_on: String,
    /// Last day to pay in time; nothing typed is so many days later as the org has settled.
    pub due_on: String,
    /// On all lines, in percent; nothing typed is none.
    pub discount: String,
    /// The lines.
    pub lines: Vec<TypedLine>,
}

/// By what a draft is read.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// The invoice's currency.
    pub currency: Currency,
    /// By which sign the org's locale sets decimals off.
    pub decimal_sign: char,
    /// The org's calendar day.
    pub today: NaiveDate,
    /// How many days the org gives its clients to pay.
    pub payment_days: i64,
}

/// A draft that can be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadyInvoice {
    /// What it is for.
    pub title: String,
    /// The client's reference.
    pub reference: String,
    /// A word to the client.
    pub notes: String,
    /// Day of issue.
    pub issued_on: NaiveDate,
    /// Last day to pay in time.
    pub due_on: NaiveDate,
    /// Millionths.
    pub discount_ppm: i64,
    /// In order.
    pub lines: Vec<ReadyLine>,
    /// What it comes to.
    pub totals: Totals,
}

/// A line that can be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadyLine {
    /// What was delivered.
    pub description: String,
    /// What is counted.
    pub unit: String,
    /// The numbers.
    pub line: app::money::Line,
    /// Quantity × unit price.
    pub net_minor: i64,
}

impl TypedInvoice {
    /// Checks what cannot even be kept: text that is too long or cannot be seen, and too many lines. Blank lines
    /// are left out.
    ///
    /// # Errors
    /// Everything that is wrong, by field.
    pub fn check(self) -> Result<Self, Vec<FieldProblem>> {
        let mut check = Check::default();
        let lines: Vec<TypedLine> = self.lines.into_iter().filter(|line| !line.is_blank()).collect();
        if lines.len() > MOST_LINES {
            check.refuse("lines", Problem::TooManyLines { most: MOST_LINES });
            return Err(check.into_problems());
        }
        let mut problems = Vec::new();
        let lines = (0..)
            .zip(lines)
            .map(|(at, line)| {
                let mut check = Check::default();
                let line = TypedLine {
                    description: check.lines("description", &line.description, LONGEST_DESCRIPTION),
                    quantity: check.line("quantity", &line.quantity, LONGEST_NUMBER),
                    unit: check.line("unit", &line.unit, LONGEST_NUMBER),
                    unit_price: check.line("unitPrice", &line.unit_price, LONGEST_NUMBER),
                    tax_rate: check.line("taxRate", &line.tax_rate, LONGEST_NUMBER),
                };
                let wrong = check.into_problems().into_iter();
                problems.extend(wrong.map(|told| FieldProblem::of_line(at, &told.field, told.problem)));
                line
            })
            .collect();
        let typed = Self {
            title: check.line("title", &self.title, LONGEST_LINE),
            reference: check.line("reference", &self.reference, LONGEST_LINE),
            notes: check.lines("notes", &self.notes, LONGEST_NOTES),
            issued_on: check.line("issuedOn", &self.issued_on, LONGEST_NUMBER),
            due_on: check.line("dueOn", &self.due_on, LONGEST_NUMBER),
            discount: check.line("discount", &self.discount, LONGEST_NUMBER),
            lines,
        };
        problems.extend(check.into_problems());
        if problems.is_empty() { Ok(typed) } else { Err(problems) }
    }

    /// What the lines come to so far.
    #[must_use]
    pub fn reckon(&self, reading: &Reading) -> Reckoning {
        Reckoning::of(&self.lines, &self.discount, reading.currency, reading.decimal_sign)
    }

    /// The two days, as far as they can be read: otherwise as if nothing were typed.
    #[must_use]
    pub fn days(&self, reading: &Reading) -> (NaiveDate, NaiveDate) {
        let issued = day_or(reading.today, &self.issued_on).unwrap_or(reading.today);
        let default = due_after(issued, reading.payment_days);
        (issued, day_or(default, &self.due_on).unwrap_or(default))
    }

    /// The draft as it would be sent today.
    ///
    /// # Errors
    /// Everything that hinders, by field.
    pub fn ready(&self, reading: &Reading) -> Result<ReadyInvoice, Vec<FieldProblem>> {
        let mut problems = Vec::new();
        let mut refuse = |field: &'static str, problem| problems.push(FieldProblem::new(field, problem));
        let issued = day_or(reading.today, &self.issued_on);
        let due = day_or(due_after(issued.unwrap_or(reading.today), reading.payment_days), &self.due_on);
        match (issued, due) {
            (Some(issued), Some(due)) if due < issued => refuse("dueOn", Problem::DueBeforeIssue),
            _ => {}
        }
        if issued.is_none() {
            refuse("issuedOn", Problem::NoDay);
        }
        if due.is_none() {
            refuse("dueOn", Problem::NoDay);
        }
        let reckoning = self.reckon(reading);
        if reckoning.discount_ppm.is_none() {
            refuse("discount", Problem::NoPercentage);
        }
        if reckoning.lines.is_empty() {
            refuse("lines", Problem::NoLines);
        }
        match &reckoning.totals {
            Err(MoneyError::Overflow) => refuse("lines", Problem::TooMuch),
            Ok(totals) if totals.total_minor < 0 => refuse("lines", Problem::LessThanNothing),
            Ok(_) => {}
        }
        for (at, (typed, line)) in self.lines.iter().zip(&reckoning.lines).enumerate() {
            if typed.description.trim().is_empty() {
                problems.push(FieldProblem::of_line(at, "description", Problem::Required));
            }
            for field in line.as_ref().err().into_iter().flatten() {
                let is_empty = *field == LineField::UnitPrice && typed.unit_price.trim().is_empty();
                let problem = match field {
                    _ if is_empty => Problem::Required,
                    LineField::Quantity => Problem::NoNumber,
                    LineField::UnitPrice => Problem::NoAmount,
                    LineField::TaxRate => Problem::NoPercentage,
                };
                problems.push(FieldProblem::of_line(at, field.name(), problem));
            }
        }
        let (Some(issued_on), Some(due_on), Some(discount_ppm), Ok(totals), true) =
            (issued, due, reckoning.discount_ppm, reckoning.totals, problems.is_empty())
        else {
            return Err(problems);
        };
        let lines = self
            .lines
            .iter()
            .zip(reckoning.lines.into_iter().flatten())
            .zip(&totals.lines_net)
            .map(|((typed, line), net_minor)| ReadyLine {
                description: typed.description.clone(),
                unit: typed.unit.clone(),
                line,
                net_minor: *net_minor,
            })
            .collect();
        Ok(ReadyInvoice {
            title: self.title.clone(),
            reference: self.reference.clone(),
            notes: self.notes.clone(),
            issued_on,
            due_on,
            discount_ppm,
            lines,
            totals,
        })
    }
}

fn due_after(issued: NaiveDate, days: i64) -> NaiveDate {
    u64::try_from(days).ok().and_then(|days| issued.checked_add_days(Days::new(days))).unwrap_or(issued)
}

/// `None`: there is no such day.
fn day_or(default: NaiveDate, typed: &str) -> Option<NaiveDate> {
    if typed.trim().is_empty() { Some(default) } else { read_day(typed) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn reading() -> Reading {
        Reading {
            currency: "EUR".parse().unwrap(),
            decimal_sign: '.',
            today: day("2026-03-01"),
            payment_days: 14,
        }
    }

    fn line(description: &str, quantity: &str, price: &str, rate: &str) -> TypedLine {
        TypedLine {
            description: description.to_owned(),
            quantity: quantity.to_owned(),
            unit: "h".to_owned(),
            unit_price: price.to_owned(),
            tax_rate: rate.to_owned(),
        }
    }

    fn told(typed: &TypedInvoice) -> Vec<String> {
        let problems = typed.ready(&reading()).unwrap_err();
        problems.iter().map(|told| format!("{} {}", told.field, told.problem.code())).collect()
    }

    #[test]
    fn a_draft_that_says_nothing_of_days_is_of_the_day_it_is_sent() {
        let typed = TypedInvoice { lines: vec![line("Work", "2", "100", "19")], ..TypedInvoice::default() };
        let ready = typed.ready(&reading()).unwrap();
        assert_eq!((ready.issued_on, ready.due_on), (day("2026-03-01"), day("2026-03-15")));
        assert_eq!((ready.totals.total_minor, ready.lines[0].net_minor), (23_800, 20_000));
    }

    #[test]
    fn days_are_as_typed_and_else_as_the_org_has_settled() {
        let days = |issued: &str, due: &str| {
            let typed = TypedInvoice {
                issued_on: issued.to_owned(),
                due_on: due.to_owned(),
                ..TypedInvoice::default()
            };
            let (issued, due) = typed.days(&reading());
            (issued.to_string(), due.to_string())
        };
        let pair = |issued: &str, due: &str| (issued.to_owned(), due.to_owned());
        assert_eq!(days("2026-02-10", ""), pair("2026-02-10", "2026-02-24"));
        assert_eq!(days(" 2026-02-10 ", "2026-02-12"), pair("2026-02-10", "2026-02-12"));
        assert_eq!(days("soon", "2201-01-01"), pair("2026-03-01", "2026-03-15"));
        assert_eq!(due_after(day("2026-03-01"), -1), day("2026-03-01"));
    }

    #[test]
    fn what_is_due_at_once_and_what_costs_nothing_can_be_sent() {
        let typed = TypedInvoice {
            due_on: "2026-03-01".to_owned(),
            lines: vec![line("A gift", "1", "0", "19")],
            ..TypedInvoice::default()
        };
        let ready = typed.ready(&reading()).unwrap();
        assert_eq!((ready.issued_on, ready.totals.total_minor), (ready.due_on, 0));
        let unread = TypedInvoice { lines: vec![line("Work", "1", "x", "")], ..TypedInvoice::default() };
        assert_eq!(told(&unread), ["lines.0.unitPrice NO_AMOUNT"]);
    }

    #[test]
    fn everything_that_hinders_is_told_at_once() {
        assert_eq!(told(&TypedInvoice::default()), ["lines NO_LINES"]);
        let typed = TypedInvoice {
            issued_on: "2026-02-30".to_owned(),
            due_on: "soon".to_owned(),
            discount: "half".to_owned(),
            lines: vec![line("", "x", "", "200"), line("Ok", "1", "5", "")],
            ..TypedInvoice::default()
        };
        assert_eq!(
            told(&typed),
            [
                "issuedOn NO_DAY",
                "dueOn NO_DAY",
                "discount NO_PERCENTAGE",
                "lines.0.description REQUIRED",
                "lines.0.quantity NO_NUMBER",
                "lines.0.unitPrice REQUIRED",
                "lines.0.taxRate NO_PERCENTAGE",
            ]
        );
        let early = TypedInvoice {
            issued_on: "2026-03-02".to_owned(),
            due_on: "2026-03-01".to_owned(),
            lines: vec![line("Back", "1", "-5", "")],
            ..TypedInvoice::default()
        };
        assert_eq!(told(&early), ["dueOn DUE_BEFORE_ISSUE", "lines LESS_THAN_NOTHING"]);
        let huge = TypedInvoice {
            lines: vec![line("Much", "999999999", "999999999", "")],
            ..TypedInvoice::default()
        };
        assert_eq!(told(&huge), ["lines TOO_MUCH"]);
    }

    #[test]
    fn what_is_unfinished_is_kept_and_what_is_hostile_is_not() {
        let unfinished = TypedInvoice {
            lines: vec![line("", "abc", "x", ""), TypedLine::default()],
            ..TypedInvoice::default()
        };
        assert_eq!(unfinished.check().unwrap().lines.len(), 1, "a blank line is left out");
        let hostile = TypedInvoice {
            title: "a\u{202e}b".to_owned(),
            lines: vec![line("ok", "", "1", ""), line(&"x".repeat(1_001), "", "1", "")],
            ..TypedInvoice::default()
        };
        let wrong: Vec<String> =
            hostile.check().unwrap_err().into_iter().map(|told| told.field.into_owned()).collect();
        assert_eq!(wrong, ["lines.1.description", "title"]);
        let many =
            TypedInvoice { lines: vec![line("x", "", "1", ""); MOST_LINES + 1], ..TypedInvoice::default() };
        assert_eq!(many.check().unwrap_err()[0].problem, Problem::TooManyLines { most: MOST_LINES });
        let most =
            TypedInvoice { lines: vec![line("x", "", "1", ""); MOST_LINES], ..TypedInvoice::default() };
        assert_eq!(most.check().unwrap().lines.len(), MOST_LINES);
    }
}
