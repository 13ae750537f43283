//! What was wrong with a field of a form: a code that programs read, and the sentence that stands
//! beside the field.

mod import;

use std::borrow::Cow;

use serde::Deserialize;

pub use import::ImportProblem;

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
    /// No number.
    NoNumber,
    /// No percentage from 0 to 100.
    NoPercentage,
    /// An amount or a sum beyond what anybody bills.
    TooMuch,
    /// The sum is less than nothing.
    LessThanNothing,
    /// There is no line to bill.
    NoLines,
    /// More lines than an invoice has.
    TooManyLines {
        /// The most there may be.
        most: usize,
    },
    /// The due day lies before the day of issue.
    DueBeforeIssue,
    /// Nothing is due on the invoice.
    NothingDue,
    /// No contact of the client's.
    NoContact,
    /// The share link that a mail would carry is switched off.
    LinkOff,
    /// A prefix that ends with a digit, after which a number cannot be told from it.
    EndsWithDigit,
    /// No number of days from 0 to 365.
    NoDays,
    /// No picture that is taken, or a broken one.
    NoImage,
    /// A file beyond the limit.
    FileTooLarge {
        /// The most there may be, in KiB.
        most_kib: usize,
    },
    /// A picture beyond the limit.
    TooManyPixels {
        /// The most there may be, one way.
        most: u32,
    },
    /// A password that many people have, or that is made of what everybody knows.
    TooCommon,
    /// Not the password of whoever is signed in.
    WrongPassword,
    /// The password was tried too often in a short time, and was not looked at.
    TooManyAttempts,
    /// Whoever has this address is a member already.
    IsMember,
    /// There is an open invitation for this address.
    IsInvited,
    /// All places of the plan are taken.
    NoPlace {
        /// How many there are.
        most: i64,
    },
    /// Many mails went to this address in a short time.
    TooManyMails,
    /// As many mails about invoices as may go out within a day have gone, of the org or to one of the addresses.
    TooManyMailsToday,
    /// An org needs an owner, and this is the only one.
    LastOwner,
    /// The address is the one that the account has already.
    SameAddress,
    /// A day that has passed.
    InThePast,
    /// Nothing of this id is there, or it is not this org's.
    NotThere,
    /// What cannot be read as what it should be.
    Unreadable,
    /// A token that would be allowed nothing.
    NoScope,
    /// No address to which anything is sent.
    NoTarget,
    /// A webhook that would be told of nothing.
    NoEvent,
    /// No GraphQL document whose operations have names.
    NoDocument,
    /// As many as there may be are there already.
    TooMany {
        /// The most there may be.
        most: usize,
    },
    /// The address has got an account while the form was open.
    HasAccount,
    /// A file that is imported is wrong in its own way.
    Import(ImportProblem),
}

impl From<ImportProblem> for Problem {
    fn from(problem: ImportProblem) -> Self {
        Self::Import(problem)
    }
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
            Self::NoNumber => "NO_NUMBER",
            Self::NoPercentage => "NO_PERCENTAGE",
            Self::TooMuch => "TOO_MUCH",
            Self::LessThanNothing => "LESS_THAN_NOTHING",
            Self::NoLines => "NO_LINES",
            Self::TooManyLines { .. } => "TOO_MANY_LINES",
            Self::DueBeforeIssue => "DUE_BEFORE_ISSUE",
            Self::NothingDue => "NOTHING_DUE",
            Self::NoContact => "NO_CONTACT",
            Self::LinkOff => "LINK_OFF",
            Self::EndsWithDigit => "ENDS_WITH_DIGIT",
            Self::NoDays => "NO_DAYS",
            Self::NoImage => "NO_IMAGE",
            Self::FileTooLarge { .. } => "FILE_TOO_LARGE",
            Self::TooManyPixels { .. } => "TOO_MANY_PIXELS",
            Self::TooCommon => "TOO_COMMON",
            Self::WrongPassword => "WRONG_PASSWORD",
            Self::TooManyAttempts => "TOO_MANY_ATTEMPTS",
            Self::IsMember => "IS_MEMBER",
            Self::IsInvited => "IS_INVITED",
            Self::NoPlace { .. } => "NO_PLACE",
            Self::TooManyMails => "TOO_MANY_MAILS",
            Self::TooManyMailsToday => "TOO_MANY_MAILS_TODAY",
            Self::LastOwner => "LAST_OWNER",
            Self::SameAddress => "SAME_ADDRESS",
            Self::InThePast => "IN_THE_PAST",
            Self::NoScope => "NO_SCOPE",
            Self::NotThere => "NOT_THERE",
            Self::Unreadable => "UNREADABLE",
            Self::NoTarget => "NO_TARGET",
            Self::NoEvent => "NO_EVENT",
            Self::NoDocument => "NO_DOCUMENT",
            Self::TooMany { .. } => "TOO_MANY",
            Self::HasAccount => "HAS_ACCOUNT",
            Self::Import(problem) => problem.code(),
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
            Self::NoNumber => "This is no number. It looks like 3 or 1.5.".to_owned(),
            Self::NoPercentage => "This is no percentage from 0 to 100.".to_owned(),
            Self::TooMuch => "This comes to more than can be billed.".to_owned(),
            Self::LessThanNothing => "This comes to less than nothing. An invoice asks for money.".to_owned(),
            Self::NoLines => "There is nothing to bill yet. Add a line.".to_owned(),
            Self::TooManyLines { most } => format!("An invoice has at most {most} lines."),
            Self::DueBeforeIssue => "This day lies before the invoice's own.".to_owned(),
            Self::NothingDue => "Nothing is due on this invoice.".to_owned(),
            Self::NoContact => "This is no contact of the client's.".to_owned(),
            Self::LinkOff => {
                "The invoice’s share link is switched off, and a reminder carries it. Make a new one first.".to_owned()
            }
            Self::EndsWithDigit => {
                "End it with a letter or a sign, as in JF-2026-: after a digit, the number could not be told from it."
                    .to_owned()
            }
            Self::NoImage => {
                "This is no picture that we can read. Take a PNG, JPEG or WebP; an SVG can be saved as a PNG.".to_owned()
            }
            Self::FileTooLarge { most_kib } => format!("The file is too large: {most_kib} KiB are the most."),
            Self::TooManyPixels { most } => {
                format!("The picture is too large: {most} pixels are the most, either way.")
            }
            Self::NoDays => "This is no number of days from 0 to 365.".to_owned(),
            Self::TooCommon => {
                "Many people have a password like this one, so it is among the first that are tried. Take a few words that do not belong together.".to_owned()
            }
            Self::WrongPassword => "This is not your password.".to_owned(),
            Self::TooManyAttempts => {
                "There were many attempts in a short time. Wait a quarter of an hour, or set a new password by mail now.".to_owned()
            }
            Self::IsMember => "Whoever has this address is a member already.".to_owned(),
            Self::IsInvited => "There is an open invitation for this address. You can send it again below.".to_owned(),
            Self::NoPlace { most: 1 } => {
                "The plan has one place, and it is taken. Change to a larger plan to add people.".to_owned()
            }
            Self::NoPlace { most } => format!(
                "The plan has {most} places, and all of them are taken, open invitations included. Revoke one, remove somebody, or change to a larger plan."
            ),
            Self::TooManyMails => {
                "Several mails went to this address in the last ten minutes. Wait a little before you send another.".to_owned()
            }
            Self::TooManyMailsToday => {
                "As many mails as may go out within a day have gone, to one of these addresses or altogether. You can pass on the invoice’s link yourself, or mail it tomorrow.".to_owned()
            }
            Self::LastOwner => "An organisation needs an owner, and this is the only one. Make somebody else an owner first.".to_owned(),
            Self::SameAddress => "This is your address already.".to_owned(),
            Self::InThePast => "This day has passed.".to_owned(),
            Self::NoTarget => "This must be an https address on the public internet, without a password in it.".to_owned(),
            Self::NoEvent => "Choose at least one thing to be told of.".to_owned(),
            Self::NotThere => "There is nothing of this id.".to_owned(),
            Self::Unreadable => "This cannot be read.".to_owned(),
            Self::NoScope => "Choose at least one thing that it may do.".to_owned(),
            Self::NoDocument => "This must be a GraphQL document whose operations have names.".to_owned(),
            Self::TooMany { most } => format!("There are {most} already, which is the most there may be."),
            Self::HasAccount => "This address has got an account in the meantime. Type its password.".to_owned(),
            Self::Import(problem) => problem.text(),
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
    /// The field's name; one of several lines is `lines.3.quantity`, counted from 0.
    pub field: Cow<'static, str>,
    /// What is wrong with it.
    pub problem: Problem,
}

impl FieldProblem {
    /// A problem with a field.
    #[must_use]
    pub const fn new(field: &'static str, problem: Problem) -> Self {
        Self { field: Cow::Borrowed(field), problem }
    }

    /// A problem with a field of one line of several, counted from 0.
    #[must_use]
    pub fn of_line(line: usize, field: &str, problem: Problem) -> Self {
        Self { field: Cow::Owned(format!("lines.{line}.{field}")), problem }
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
        let told = |problem: FieldProblem| Told {
            field: problem.field.into_owned(),
            message: problem.problem.text(),
        };
        Self(problems.into_iter().map(told).collect())
    }
}
