//! The mail with an invoice, and the reminder of one: what is to be paid, until when, and the link.

use askama::Template;

use super::{Attachment, Logo, Message};

/// What the mail tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceMail {
    /// It was sent before, and is still to be paid.
    pub is_reminder: bool,
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
    /// Who is billed.
    pub client_name: String,
    /// The invoice's number.
    pub number: String,
    /// What it is for; may be empty.
    pub title: String,
    /// What is to be paid, as the client writes it.
    pub amount: String,
    /// Until when, as the client writes it.
    pub due: String,
    /// The org's own words; may be empty, may have several lines.
    pub message: String,
    /// Where the invoice can be seen.
    pub url: String,
    /// The invoice as PDF.
    pub attachment: Option<Attachment>,
}

#[derive(Template)]
#[template(path = "mail/invoice.txt", escape = "none")]
struct Text<'a> {
    mail: &'a InvoiceMail,
}

#[derive(Template)]
#[template(path = "mail/invoice.html")]
struct Html<'a> {
    mail: &'a InvoiceMail,
}

impl InvoiceMail {
    /// Makes the message.
    ///
    /// # Errors
    /// Only where a template fails to write, which it does not to a string.
    pub fn compose(self, id: String, to: String) -> Result<Message, askama::Error> {
        let (text, html) = (Text { mail: &self }.render()?, Html { mail: &self }.render()?);
        let subject = self.subject();
        Ok(Message {
            id,
            from_name: self.org_name,
            reply_to: self.reply_to,
            to,
            subject,
            text,
            html,
            logo: self.logo,
            attachment: self.attachment,
        })
    }

    fn subject(&self) -> String {
        let Self { number, org_name, .. } = self;
        if self.is_reminder {
            format!("Reminder: invoice {number} from {org_name}")
        } else {
            format!("Invoice {number} from {org_name}")
        }
    }

    /// The org's own words, line by line.
    fn message_lines(&self) -> impl Iterator<Item = &str> {
        self.message.lines()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(is_reminder: bool) -> InvoiceMail {
        InvoiceMail {
            is_reminder,
            org_name: "Juniper & <Finch>".to_owned(),
            accent: "#1f5f4a".to_owned(),
            on_accent: "#ffffff".to_owned(),
            logo: None,
            reply_to: String::new(),
            client_name: "Harbour Books".to_owned(),
            number: "JF-2026-041".to_owned(),
            title: "November".to_owned(),
            amount: "€119.00".to_owned(),
            due: "3 December 2026".to_owned(),
            message: "Dear Ines,\n<b>thank you</b>.".to_owned(),
            url: "https://pay.example.org/i/abc".to_owned(),
            attachment: None,
        }
    }

    #[test]
    fn it_says_all_in_both_parts_and_nobody_writes_html_into_it() {
        let message = mail(false).compose("id".to_owned(), "a@b.example".to_owned()).unwrap();
        for part in [&message.text, &message.html] {
            for told in
                ["JF-2026-041", "€119.00", "3 December 2026", "https://pay.example.org/i/abc", "November"]
            {
                assert!(part.contains(told), "{told}: {part}");
            }
        }
        assert!(message.text.contains("<b>thank you</b>") && !message.html.contains("<b>thank"));
        assert!(!message.html.contains("<Finch>"));
        assert_eq!(message.subject, "Invoice JF-2026-041 from Juniper & <Finch>");
    }

    #[test]
    fn a_reminder_says_so() {
        let message = mail(true).compose("id".to_owned(), "a@b.example".to_owned()).unwrap();
        assert!(message.subject.starts_with("Reminder: "));
        assert!(message.text.contains("still to be paid"), "{}", message.text);
    }
}
