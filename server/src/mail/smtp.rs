//! Mail by SMTP, TLS verified against the web's roots.

use std::time::Duration;

use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport as _, Message as Email, Tokio1Executor,
    message::{Attachment, Mailbox as Person, MultiPart, SinglePart, header::ContentType},
};

use super::{Message, SendError};
use crate::fields::is_hostile;

/// How long one conversation with the server may take.
const TIMEOUT: Duration = Duration::from_secs(20);

/// In characters: two of the longest names that a form takes. A line of more than 998 bytes is refused on the way,
/// or cut (RFC 5322, 2.1.1).
const LONGEST_HEADER: usize = 240;

/// A connection to the operator's mail server.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Address,
}

impl Smtp {
    pub(super) fn new(url: &str, from: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)?.timeout(Some(TIMEOUT)).build();
        Ok(Self { transport, from: from.parse()? })
    }

    pub(super) async fn send(&self, message: Message) -> Result<(), SendError> {
        let email = self.email(message)?;
        match tokio::time::timeout(TIMEOUT, self.transport.send(email)).await {
            Ok(Ok(_)) => Ok(()),
            // 5xx: the server will never take it (RFC 5321, 4.2.1).
            Ok(Err(error)) if error.is_permanent() => Err(SendError::Final(error.to_string())),
            Ok(Err(error)) => Err(SendError::Passing(error.to_string())),
            Err(_) => Err(SendError::Passing("the server did not answer in time".to_owned())),
        }
    }

    /// Whether the server answers and lets us in; nothing is sent.
    ///
    /// # Errors
    /// What the server, or the way to it, says.
    pub async fn reach(&self) -> Result<(), String> {
        match tokio::time::timeout(TIMEOUT, self.transport.test_connection()).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err("it does not answer as a mail server does".to_owned()),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err("it did not answer in time".to_owned()),
        }
    }

    fn email(&self, message: Message) -> Result<Email, SendError> {
        let never = |error: &dyn std::fmt::Display| SendError::Final(error.to_string());
        let to: Address = message.to.parse().map_err(|error| never(&error))?;
        let mut builder = Email::builder()
            .message_id(Some(format!("<{}@{}>", message.id, self.from.domain())))
            .from(Person::new(Some(one_line(&message.from_name)), self.from.clone()))
            .to(Person::new(None, to))
            .subject(one_line(&message.subject))
            .header(AutoSubmitted);
        if let Ok(address) = message.reply_to.parse() {
            builder = builder.reply_to(Person::new(None, address));
        }
        let text = SinglePart::plain(message.text);
        let html = SinglePart::html(message.html);
        let body = match message.logo {
            Some(logo) => {
                let content_type = ContentType::parse(&logo.content_type).map_err(|error| never(&error))?;
                let image = Attachment::new_inline("logo".to_owned()).body(logo.bytes, content_type);
                MultiPart::alternative()
                    .singlepart(text)
                    .multipart(MultiPart::related().singlepart(html).singlepart(image))
            }
            None => MultiPart::alternative().singlepart(text).singlepart(html),
        };
        let body = match message.attachment {
            Some(file) => {
                let content_type = ContentType::parse(&file.content_type).map_err(|error| never(&error))?;
                let file = Attachment::new(file.name).body(file.bytes, content_type);
                MultiPart::mixed().multipart(body).singlepart(file)
            }
            None => body,
        };
        builder.multipart(body).map_err(|error| never(&error))
    }
}

/// A header's text: what is no character to be read would end the header, or the process, or show its reader
/// something else than it says. What looks encoded (RFC 2047) would be decoded where it arrives, to anything.
fn one_line(text: &str) -> String {
    let seen = text.chars().map(|character| if is_hostile(character) { ' ' } else { character });
    seen.take(LONGEST_HEADER).collect::<String>().replace("=?", "= ?")
}

/// Keeps holiday notices and other robots from answering (RFC 3834).
#[derive(Debug, Clone)]
struct AutoSubmitted;

impl lettre::message::header::Header for AutoSubmitted {
    fn name() -> lettre::message::header::HeaderName {
        lettre::message::header::HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> lettre::message::header::HeaderValue {
        lettre::message::header::HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}
