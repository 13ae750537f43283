//! The days that a statement covers, as a link names them.

use chrono::{Datelike as _, Days, Months, NaiveDate};

use crate::{
    problem::{FieldProblem, Problem},
    routes,
};

/// Some calendar days, the first and the last of them included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
}

impl Period {
    /// From New Year until today: what is shown where nothing is asked for.
    #[must_use]
    pub fn this_year(today: NaiveDate) -> Self {
        Self { from: today.with_ordinal(1).unwrap_or(today), to: today }
    }

    /// What people ask for as a rule, with a name each. None of them reaches beyond today.
    #[must_use]
    pub fn usual(today: NaiveDate) -> [(&'static str, Self); 5] {
        let month = today.with_day(1).unwrap_or(today);
        let quarter = month.with_month0(month.month0() / 3 * 3).unwrap_or(month);
        let year = Self::this_year(today);
        let before = |begins: NaiveDate, months: u32| Self {
            from: begins.checked_sub_months(Months::new(months)).unwrap_or(begins),
            to: begins.checked_sub_days(Days::new(1)).unwrap_or(begins),
        };
        [
            ("This month", Self { from: month, to: today }),
            ("Last month", before(month, 1)),
            ("This quarter", Self { from: quarter, to: today }),
            ("This year", year),
            ("Last year", before(year.from, 12)),
        ]
    }

    /// The days that were typed; what is left empty is as in [`Self::this_year`].
    ///
    /// # Errors
    /// What is wrong, at the fields `from` and `to`.
    pub fn read(from: &str, to: &str, today: NaiveDate) -> Result<Self, Vec<FieldProblem>> {
        let mut problems = vec![];
        let mut day = |field: &'static str, typed: &str, otherwise: NaiveDate| {
            let typed = typed.trim();
            let day = if typed.is_empty() { Some(otherwise) } else { typed.parse().ok() };
            // Days beyond four digits are none that a form can show again.
            let day = day.filter(|day| (1..=9999).contains(&day.year()));
            if day.is_none() {
                problems.push(FieldProblem::new(field, Problem::NoDay));
            }
            day
        };
        let last = day("to", to, today);
        let first = day("from", from, Self::this_year(last.unwrap_or(today)).from);
        match (first, last) {
            (_, Some(to)) if to > today => problems.push(FieldProblem::new("to", Problem::InTheFuture)),
            (Some(from), Some(to)) if to < from => {
                problems.push(FieldProblem::new("to", Problem::BeforeTheFirstDay));
            }
            (Some(from), Some(to)) => return Ok(Self { from, to }),
            _ => {}
        }
        Err(problems)
    }

    /// The link to what `path` shows of these days.
    #[must_use]
    pub fn link(self, path: &str) -> String {
        routes::of_days(path, &self.from.to_string(), &self.to.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_usual_periods_end_today_or_before() {
        let told: Vec<_> = Period::usual(day("2026-05-09"))
            .into_iter()
            .map(|(name, Period { from, to })| format!("{name} {from} {to}"))
            .collect();
        assert_eq!(
            told,
            [
                "This month 2026-05-01 2026-05-09",
                "Last month 2026-04-01 2026-04-30",
                "This quarter 2026-04-01 2026-05-09",
                "This year 2026-01-01 2026-05-09",
                "Last year 2025-01-01 2025-12-31",
            ]
        );
    }

    #[test]
    fn what_is_typed_is_read_or_told_at_its_field() {
        let today = day("2026-05-09");
        let read = |from, to| {
            Period::read(from, to, today).map_err(|problems| {
                problems
                    .into_iter()
                    .map(|problem| (problem.field.into_owned(), problem.problem))
                    .collect::<Vec<_>>()
            })
        };
        let of = |from, to| Ok(Period { from: day(from), to: day(to) });
        assert_eq!(read("", ""), of("2026-01-01", "2026-05-09"));
        assert_eq!(read("", "2024-03-31"), of("2024-01-01", "2024-03-31"));
        assert_eq!(read("2026-02-01", ""), of("2026-02-01", "2026-05-09"));
        for typed in ["2026-02-30", "x", "+12026-01-01", "\u{202e}"] {
            assert_eq!(read(typed, ""), Err(vec![("from".to_owned(), Problem::NoDay)]), "{typed}");
        }
        assert_eq!(read("2026-02-01", "2026-05-10"), Err(vec![("to".to_owned(), Problem::InTheFuture)]));
        assert_eq!(
            read("2026-02-01", "2026-01-31"),
            Err(vec![("to".to_owned(), Problem::BeforeTheFirstDay)])
        );
    }
}
