//! What was wrong with a field of a form: a code that programs read, and the sentence that stands
//! beside the field.

use serde::Deserialize;

/// What is wrong with what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// Nothing was typed where something is needed.
    Required,
    /// More characters than are kept.
    TooLong {
        /// The most there may be.
        most: usize,
    },
    /// Fewer characters than are needed.
    TooShort {
        /// The fewest there may be.
        least: usize,
    },
    /// A password of a few characters over and over.
    TooSimple,
    /// Characters that cannot be seen and steer what shows text.
    ControlCharacters,
    /// No e-mail address.
    MalformedAddress,
    /// Another contact of the client has this address.
    AddressTaken,
    /// No currency that one can bill in.
    UnknownCurrency,
    /// No language that is known.
    UnknownLocale,
    /// No time zone of the IANA database.
    UnknownTimeZone,
    /// No colour in six hexadecimal digits.
    NoColour,
    /// Somebody else has changed it since it was opened.
    Changed,
    /// No amount of money.
    NoAmount,
    /// No calendar day.
    NoDay,
    /// A day that is still to come.
    InTheFuture,
    /// A last day that is before the first.
    BeforeTheFirstDay,
    /// More than is due on the invoice.
    MoreThanDue,
    /// The invoice is void.
    IsVoid,
    /// Something is paid on the invoice.
    IsPaid,
    /// The payment was taken back already, or did not come by hand.
    NotReversible,
}

impl Problem {
    /// The name that programs read.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Required => "REQUIRED",
            Self::TooLong { .. } => "TOO_LONG",
            Self::TooShort { .. } => "TOO_SHORT",
            Self::TooSimple => "TOO_SIMPLE",
            Self::ControlCharacters => "CONTROL_CHARACTERS",
            Self::MalformedAddress => "MALFORMED_ADDRESS",
            Self::AddressTaken => "ADDRESS_TAKEN",
            Self::UnknownCurrency => "UNKNOWN_CURRENCY",
            Self::UnknownLocale => "UNKNOWN_LOCALE",
            Self::UnknownTimeZone => "UNKNOWN_TIME_ZONE",
            Self::NoColour => "NO_COLOUR",
            Self::Changed => "CHANGED",
            Self::NoAmount => "NO_AMOUNT",
            Self::NoDay => "NO_DAY",
            Self::InTheFuture => "IN_THE_FUTURE",
            Self::BeforeTheFirstDay => "BEFORE_THE_FIRST_DAY",
            Self::MoreThanDue => "MORE_THAN_DUE",
            Self::IsVoid => "IS_VOID",
            Self::IsPaid => "IS_PAID",
            Self::NotReversible => "NOT_REVERSIBLE",
        }
    }

    /// The sentence that people read.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Required => "This is needed.".to_owned(),
            Self::TooLong { most } => format!("At most {most} characters fit here."),
            Self::TooShort { least } => format!("At least {least} characters are needed."),
            Self::TooSimple => "This is the same few characters over and over. Take a few words instead.".to_owned(),
            Self::ControlCharacters => "There are characters in it that cannot be seen. Type it anew.".to_owned(),
            Self::MalformedAddress => {
                "This does not look like an e-mail address. It needs a name, an @ and a domain, as in ada@example.com."
                    .to_owned()
            }
            Self::AddressTaken => "Another contact of this client has this address.".to_owned(),
            Self::UnknownCurrency => "This is no currency code. It has three letters, as in EUR.".to_owned(),
            Self::UnknownLocale => "This is no language that we know. It looks like en-GB or de.".to_owned(),
            Self::UnknownTimeZone => {
                "This is no time zone that we know. It looks like Europe/Berlin or America/New_York.".to_owned()
            }
            Self::NoColour => "This is no colour. It has six digits from 0 to f, as in #1f5f4a.".to_owned(),
            Self::NoAmount => "This is no amount. It looks like 120 or 1,234.50.".to_owned(),
            Self::NoDay => "There is no such day.".to_owned(),
            Self::InTheFuture => "This day is still to come.".to_owned(),
            Self::BeforeTheFirstDay => "This is before the first day.".to_owned(),
            Self::MoreThanDue => "This is more than is due on the invoice.".to_owned(),
            Self::IsVoid => "The invoice is void. Nothing can be changed about it any more.".to_owned(),
            Self::IsPaid => "Something is paid on the invoice. Take the payment back first.".to_owned(),
            Self::NotReversible => "This payment was taken back already, or it did not come by hand.".to_owned(),
            Self::Changed => {
                "Somebody else has changed this since you opened it. What you typed is still here; saving again replaces what they wrote."
                    .to_owned()
            }
        }
    }
}

/// A problem with one field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldProblem {
    /// The field's name.
    pub field: &'static str,
    /// What is wrong with it.
    pub problem: Problem,
}

impl FieldProblem {
    /// A problem with a field.
    #[must_use]
    pub const fn new(field: &'static str, problem: Problem) -> Self {
        Self { field, problem }
    }
}

/// One problem as it is told: the field and the sentence.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Told {
    /// The field's name.
    pub field: String,
    /// The sentence.
    pub message: String,
}

/// What a form is shown again with.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(transparent)]
pub struct Problems(pub Vec<Told>);

impl Problems {
    /// The sentence for a field, if something is wrong with it.
    #[must_use]
    pub fn of(&self, field: &str) -> Option<String> {
        self.0.iter().find(|told| told.field == field).map(|told| told.message.clone())
    }

    /// Nothing is wrong.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One sentence about the form as a whole.
    #[must_use]
    pub fn about_all(message: &str) -> Self {
        Self(vec![Told { field: String::new(), message: message.to_owned() }])
    }
}

impl From<Vec<FieldProblem>> for Problems {
    fn from(problems: Vec<FieldProblem>) -> Self {
        let told =
            |problem: FieldProblem| Told { field: problem.field.to_owned(), message: problem.problem.text() };
        Self(problems.into_iter().map(told).collect())
    }
}
