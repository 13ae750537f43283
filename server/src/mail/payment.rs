//! The receipt for what was paid online, to whoever paid, and the word about it to the org (rule M7).

use askama::Template;

use super::{Logo, Message};

/// What the mail tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentMail {
    /// To the org, not to the payer.
    pub is_notice: bool,
    /// The org's name.
    pub org_name: String,
    /// `#rrggbb`, for the button.
    pub accent: String,
    /// `#rrggbb`, readable on the accent.
    pub on_accent: String,
    /// The org's logo.
    pub logo: Option<Logo>,
    /// Where an answer goes; may be empty.
    pub reply_to: String,
    /// Who paid.
    pub client_name: String,
    /// What was paid, as the reader writes it.
    pub amount: String,
    /// When, as the reader writes it; may be empty.
    pub day: String,
    /// What of it was for which invoice.
    pub lines: Vec<PaymentLine>,
    /// What is odd about it, in a sentence; may be empty.
    pub odd: String,
    /// Where it can be seen; may be empty.
    pub url: String,
}

/// One invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentLine {
    /// Number and title.
    pub name: String,
    /// What of it was for this one.
    pub amount: String,
    /// What is still due on it, in a few words.
    pub left: String,
}

#[derive(Template)]
#[template(path = "mail/payment.txt", escape = "none")]
struct Text<'a> {
    mail: &'a PaymentMail,
}

#[derive(Template)]
#[template(path = "mail/payment.html")]
struct Html<'a> {
    mail: &'a PaymentMail,
}

impl PaymentMail {
    /// Makes the message.
    ///
    /// # Errors
    /// Only where a template fails to write, which it does not to a string.
    pub fn compose(self, id: String, to: String) -> Result<Message, askama::Error> {
        let (text, html) = (Text { mail: &self }.render()?, Html { mail: &self }.render()?);
        let subject = if self.is_notice {
            format!("{} has paid {}", self.client_name, self.amount)
        } else {
            format!("Receipt from {}: {}", self.org_name, self.amount)
        };
        Ok(Message {
            id,
            from_name: self.org_name,
            reply_to: self.reply_to,
            to,
            subject,
            text,
            html,
            logo: self.logo,
            attachment: None,
        })
    }
}
