//! Mail: what a message is, how it is composed, how it leaves. Knows nothing of the database.

mod invoice;
mod login_link;
mod mailbox;
mod payment;
mod smtp;
mod team;

pub use invoice::InvoiceMail;
pub use login_link::{LinkInMail, LoginLinkMail};
pub use mailbox::{Delivered, Mailbox};
pub use payment::{PaymentLine, PaymentMail};
pub use team::{IF_NOT_YOU, TeamMail};

use crate::{
    config::MailConfig,
    error::{Error, Result},
};

/// A mail that is ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Stable over retries; becomes the `Message-ID`.
    pub id: String,
    /// The name that the recipient sees as the sender: the org's.
    pub from_name: String,
    /// Where an answer goes: the org's address. Empty: to the sender.
    pub reply_to: String,
    /// The recipient's address.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// The plain-text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
    /// The org's logo, shown in the HTML part as `cid:logo`.
    pub logo: Option<Logo>,
    /// A file that comes along.
    pub attachment: Option<Attachment>,
}

/// A file that comes along with a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its name, in ASCII.
    pub name: String,
    /// Such as `application/pdf`.
    pub content_type: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// An image within a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo {
    /// Such as `image/png`.
    pub content_type: String,
    /// The image.
    pub bytes: Vec<u8>,
}

/// Why a mail did not leave.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// It may leave later: the server is away, busy, or refuses for the moment.
    #[error("{0}")]
    Passing(String),
    /// It will never leave: the server refuses this address or this message for good.
    #[error("{0}")]
    Final(String),
}

/// How mail leaves.
pub enum Mailer {
    /// By SMTP.
    Smtp(smtp::Smtp),
    /// Not at all: it stays in the demo's mailbox.
    Mailbox(Mailbox),
}

impl Mailer {
    /// As the operator has decided.
    ///
    /// # Errors
    /// When the SMTP address cannot be used.
    pub fn new(config: &MailConfig) -> Result<Self> {
        Ok(match &config.smtp_url {
            Some(url) => Self::Smtp(smtp::Smtp::new(url, &config.from).map_err(Error::bug)?),
            None => Self::Mailbox(Mailbox::default()),
        })
    }

    /// Sends a mail.
    ///
    /// # Errors
    /// Whether it is worth trying again.
    pub async fn send(&self, message: Message, now: chrono::DateTime<chrono::Utc>) -> Result<(), SendError> {
        match self {
            Self::Smtp(smtp) => smtp.send(message).await,
            Self::Mailbox(mailbox) => {
                mailbox.put(message, now);
                Ok(())
            }
        }
    }
}
