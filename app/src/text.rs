//! What people read when something did not work: each code's sentence, in one place.

use crate::error::ErrorCode;

/// Why a visitor sees a notice in place of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// No such page, or not this visitor's: the two are the same answer.
    NotFound,
    /// The request cannot be read.
    BadRequest,
    /// The request came from another site, or may not be made by this visitor.
    Forbidden,
    /// The page exists and does not take this kind of request.
    MethodNotAllowed,
    /// More was sent than is taken.
    PayloadTooLarge,
    /// Too many requests in a short time.
    TooMany,
    /// More people at once than can be served.
    Busy,
    /// A fault on the portal's side.
    Internal,
    /// A part is away for the moment.
    Unavailable,
}

/// The words of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoticeText {
    /// What happened, in a few words.
    pub title: &'static str,
    /// What that means.
    pub sentence: &'static str,
    /// What to do now.
    pub advice: &'static str,
}

impl Notice {
    /// All of them, for those who show or test every one.
    pub const ALL: [Self; 9] = [
        Self::NotFound,
        Self::BadRequest,
        Self::Forbidden,
        Self::MethodNotAllowed,
        Self::PayloadTooLarge,
        Self::TooMany,
        Self::Busy,
        Self::Internal,
        Self::Unavailable,
    ];

    /// The words for it.
    #[must_use]
    pub const fn text(self) -> NoticeText {
        let (title, sentence, advice) = match self {
            Self::NotFound => (
                "This page is not here",
                "It may have moved, or the address may be incomplete.",
                "Check the address, or go back to the overview.",
            ),
            Self::BadRequest => (
                "We could not read that",
                "Something in the address or in the form did not arrive as it should.",
                "Go back and try once more.",
            ),
            Self::Forbidden => (
                "That was stopped",
                "The request did not come from a page of this portal, so nothing was done.",
                "Open the portal again and repeat it from there.",
            ),
            Self::MethodNotAllowed => (
                "That does not work here",
                "This address does not take that kind of request. Nothing was done.",
                "Go back to the overview and start from there.",
            ),
            Self::PayloadTooLarge => (
                "That was too much at once",
                "More was sent than this page can take. Nothing was saved.",
                "Shorten it and send it again.",
            ),
            Self::TooMany => (
                "One moment, please",
                "There were many requests from your network in a short time.",
                "Wait a minute, then try again.",
            ),
            Self::Busy => (
                "Very busy just now",
                "More is asked of the portal at once than it can answer. Nothing was done.",
                "Wait a few seconds, then try again.",
            ),
            Self::Internal => (
                "Something went wrong on our side",
                "It is not your fault, and it has been noted.",
                "Try again. If it happens once more, tell us the reference below.",
            ),
            Self::Unavailable => (
                "Not reachable at the moment",
                "A part of the portal is away. Your data is safe.",
                "Try again in a minute.",
            ),
        };
        NoticeText { title, sentence, advice }
    }
}

/// The notice that stands for an error, where the error ends a whole page.
impl From<ErrorCode> for Notice {
    fn from(code: ErrorCode) -> Self {
        match code {
            ErrorCode::NotFound | ErrorCode::SignedOut => Self::NotFound,
            ErrorCode::Forbidden | ErrorCode::PortalDisabled => Self::Forbidden,
            ErrorCode::Invalid | ErrorCode::Conflict => Self::BadRequest,
            ErrorCode::TooMany => Self::TooMany,
            ErrorCode::Unavailable => Self::Unavailable,
            ErrorCode::Internal => Self::Internal,
        }
    }
}

/// What was wrong with the address typed into the sign-in form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginProblem {
    /// It is no e-mail address. Whether an address is known is never a visible problem.
    MalformedAddress,
}

impl LoginProblem {
    /// The sentence that stands beside the field.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::MalformedAddress => {
                "This does not look like an e-mail address. It needs a name, an @ and a domain, as in ada@example.com."
            }
        }
    }
}

/// A number of minutes in words.
#[must_use]
pub fn minutes(count: u32) -> String {
    if count == 1 { "1 minute".to_owned() } else { format!("{count} minutes") }
}

/// The sentence of an error that a program gets beside the code.
#[must_use]
pub fn sentence(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::SignedOut => "Nobody is signed in.",
        ErrorCode::Forbidden => "This may not be done by whoever is signed in.",
        ErrorCode::PortalDisabled => "The portal is switched off at the moment.",
        ErrorCode::Invalid => "An argument cannot be used.",
        ErrorCode::Conflict => "Somebody else has changed it first.",
        ErrorCode::NotFound => "There is no such thing.",
        ErrorCode::TooMany | ErrorCode::Unavailable | ErrorCode::Internal => {
            Notice::from(code).text().sentence
        }
    }
}
