//! Mails to the team: one sentence, one button, and what to do if it was not you.

use askama::Template;

use super::Message;

/// What such a mail tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamMail {
    /// The subject, which is also its heading.
    pub subject: String,
    /// What it is about, a paragraph each.
    pub paragraphs: Vec<String>,
    /// The words of the button, and where it leads.
    pub button: (String, String),
    /// Who asked: browser, network and time, in a few words; may be empty.
    pub asked: String,
    /// What to do about a mail that one did not expect.
    pub closing: &'static str,
}

/// For a mail whose link does nothing unless it is opened.
pub const IF_NOT_YOU: &str = "If it was not you, do nothing: without the link, nothing happens.";

#[derive(Template)]
#[template(path = "mail/team.txt", escape = "none")]
struct Text<'a> {
    mail: &'a TeamMail,
}

#[derive(Template)]
#[template(path = "mail/team.html")]
struct Html<'a> {
    mail: &'a TeamMail,
}

impl TeamMail {
    /// Makes the message. These mails come from the server itself and from no org.
    ///
    /// # Errors
    /// Only where a template fails to write, which it does not to a string.
    pub fn compose(self, id: String, to: String) -> Result<Message, askama::Error> {
        let (text, html) = (Text { mail: &self }.render()?, Html { mail: &self }.render()?);
        Ok(Message {
            id,
            from_name: "Postern".to_owned(),
            reply_to: String::new(),
            to,
            subject: self.subject,
            text,
            html,
            logo: None,
            attachment: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_all_in_both_parts_and_a_name_cannot_write_html() {
        let mail = TeamMail {
            subject: "Open your organisation".to_owned(),
            paragraphs: vec!["For <script> & Sons.".to_owned()],
            button: ("Open it".to_owned(), "https://pay.example.org/app/sign-up/abc".to_owned()),
            asked: "Firefox on Linux".to_owned(),
            closing: IF_NOT_YOU,
        };
        let message = mail.compose("id".to_owned(), "a@b.example".to_owned()).unwrap();
        for part in [&message.text, &message.html] {
            assert!(
                part.contains("https://pay.example.org/app/sign-up/abc")
                    && part.contains("Firefox on Linux")
                    && part.contains(IF_NOT_YOU)
            );
        }
        assert!(message.text.contains("<script> & Sons") && !message.html.contains("<script>"));
    }
}
