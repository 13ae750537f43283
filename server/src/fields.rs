//! What people type into forms, checked before anything is done with it. Each check adds what is wrong
//! to a list, so that a form tells all of it at once.

use app::problem::{FieldProblem, Problem};
use chrono::{Datelike as _, NaiveDate};

use crate::{
    auth::{common_passwords::is_common, password},
    login::Address,
};

/// The longest name of a person, an org or a client, in characters.
const LONGEST_NAME: usize = 120;

/// A day as a form sends it; `None` where there is no such day. Years of which both databases and everybody's calendar
/// know.
#[must_use]
pub fn read_day(typed: &str) -> Option<NaiveDate> {
    typed.trim().parse::<NaiveDate>().ok().filter(|day| (1990..=2200).contains(&day.year()))
}

/// The problems of one form.
#[derive(Debug, Default)]
pub struct Check(Vec<FieldProblem>);

impl Check {
    /// Adds a problem.
    pub fn refuse(&mut self, field: &'static str, problem: Problem) {
        self.0.push(FieldProblem::new(field, problem));
    }

    /// A name: something, on one line, and not too much.
    pub fn name(&mut self, field: &'static str, typed: &str) -> String {
        let name = self.line(field, typed, LONGEST_NAME);
        if name.is_empty() {
            self.refuse(field, Problem::Required);
        }
        name
    }

    /// One line of text, which may be empty.
    pub fn line(&mut self, field: &'static str, typed: &str, most: usize) -> String {
        let text = typed.trim();
        if text.chars().any(is_hostile) {
            self.refuse(field, Problem::ControlCharacters);
        }
        self.length(field, text, most)
    }

    /// Several lines of text, which may be empty. Lines end as the browser sends them, and are kept with
    /// a line feed alone.
    pub fn lines(&mut self, field: &'static str, typed: &str, most: usize) -> String {
        let text = typed.replace("\r\n", "\n");
        let text = text.trim();
        if text.chars().any(|character| character != '\n' && is_hostile(character)) {
            self.refuse(field, Problem::ControlCharacters);
        }
        self.length(field, text, most)
    }

    fn length(&mut self, field: &'static str, text: &str, most: usize) -> String {
        if text.chars().count() > most {
            self.refuse(field, Problem::TooLong { most });
        }
        text.to_owned()
    }

    /// An e-mail address.
    pub fn address(&mut self, field: &'static str, typed: &str) -> Option<Address> {
        let address = Address::parse(typed).ok();
        if address.is_none() {
            self.refuse(field, Problem::MalformedAddress);
        }
        address
    }

    /// A password that is worth hashing. It may be any text, spaces and emoji included, but none that is
    /// tried first; `about` is what anybody knows of whoever sets it.
    pub fn password(&mut self, field: &'static str, typed: &str, about: &[&str]) {
        let length = typed.chars().count();
        if length < password::SHORTEST {
            self.refuse(field, Problem::TooShort { least: password::SHORTEST });
        } else if length > password::LONGEST {
            self.refuse(field, Problem::TooLong { most: password::LONGEST });
        } else if typed.chars().collect::<std::collections::BTreeSet<char>>().len() < 5 {
            // What one gets by leaning on the keyboard.
            self.refuse(field, Problem::TooSimple);
        } else if is_common(typed, about) {
            self.refuse(field, Problem::TooCommon);
        }
    }

    /// Nothing is wrong so far.
    #[must_use]
    pub const fn is_clean(&self) -> bool {
        self.0.is_empty()
    }

    /// All that is wrong.
    #[must_use]
    pub fn into_problems(self) -> Vec<FieldProblem> {
        self.0
    }
}

/// Control characters, what Unicode ends lines and paragraphs with, and what reorders the text around it
/// (Unicode Technical Report 36, section 2.5). The marks that languages written from right to left need are
/// not among them.
pub(crate) fn is_hostile(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(check: impl FnOnce(&mut Check)) -> Option<Problem> {
        let mut all = Check::default();
        check(&mut all);
        all.into_problems().pop().map(|problem| problem.problem)
    }

    #[test]
    fn a_password_is_long_enough_and_not_the_first_that_is_tried() {
        let of = |typed: &str| {
            problem(|check| check.password("password", typed, &["ada@quay.example", "Quay Street Books"]))
        };
        assert_eq!(of("correct horse battery"), None);
        assert_eq!(of("🦉🐎🔋📎 staple 12"), None);
        assert_eq!(of("short"), Some(Problem::TooShort { least: 12 }));
        assert_eq!(of("aaaaaaaaaaaaaaaa"), Some(Problem::TooSimple));
        assert_eq!(of("Password2026!"), Some(Problem::TooCommon));
        assert_eq!(of("quaystreetbooks7"), Some(Problem::TooCommon));
        assert_eq!(of(&"ab cd".repeat(100)), Some(Problem::TooLong { most: 256 }));
    }

    #[test]
    fn a_name_is_one_line_that_can_be_seen() {
        let of = |typed: &str| problem(|check| drop(check.name("name", typed)));
        assert_eq!(of("  Ada "), None);
        assert_eq!(of("קפה נועה\u{200f}"), None);
        assert_eq!(of("   "), Some(Problem::Required));
        assert_eq!(of("a\u{202e}b"), Some(Problem::ControlCharacters));
        assert_eq!(of("a\nb"), Some(Problem::ControlCharacters));
        assert_eq!(of("a\u{2028}b"), Some(Problem::ControlCharacters));
        assert_eq!(of(&"x".repeat(121)), Some(Problem::TooLong { most: 120 }));
    }

    #[test]
    fn lines_end_with_a_line_feed() {
        let mut check = Check::default();
        assert_eq!(check.lines("address", " 1 Street\r\nTown\r\n", 100), "1 Street\nTown");
        assert!(check.is_clean());
    }
}
