//! The mail with the magic links (rules L6, L9): whose portal, the link, the code, who asked and
//! when, and what to do if it was not you.

use askama::Template;

use super::{Logo, Message};

/// One link, named by org and client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkInMail {
    /// The org's name.
    pub org_name: String,
    /// The client's name.
    pub client_name: String,
    /// The whole address.
    pub url: String,
}

/// What the mail tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginLinkMail {
    /// The org's name; where the links lead to several orgs, a word that fits them all.
    pub sender: String,
    /// `#rrggbb`, for the button.
    pub accent: String,
    /// `#rrggbb`, readable on the accent.
    pub on_accent: String,
    /// The org's logo, where there is one org.
    pub logo: Option<Logo>,
    /// Where an answer goes; may be empty.
    pub reply_to: String,
    /// At least one.
    pub links: Vec<LinkInMail>,
    /// `XXXX-XXXX`.
    pub code: String,
    /// How long it all lives.
    pub minutes: u64,
    /// The browser that asked, in a few words; may be empty.
    pub browser: String,
    /// The network that it asked from; may be empty.
    pub network: String,
    /// When, in words.
    pub asked_at: String,
}

#[derive(Template)]
#[template(path = "mail/login_link.txt", escape = "none")]
struct Text<'a> {
    mail: &'a LoginLinkMail,
}

#[derive(Template)]
#[template(path = "mail/login_link.html")]
struct Html<'a> {
    mail: &'a LoginLinkMail,
}

impl LoginLinkMail {
    /// Makes the message.
    ///
    /// # Errors
    /// Only where a template fails to write, which it does not to a string.
    pub fn compose(self, id: String, to: String) -> Result<Message, askama::Error> {
        let (text, html) = (Text { mail: &self }.render()?, Html { mail: &self }.render()?);
        Ok(Message {
            id,
            from_name: self.sender.clone(),
            reply_to: self.reply_to,
            to,
            subject: format!("Your sign-in link for {}", self.sender),
            text,
            html,
            logo: self.logo,
            attachment: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail() -> LoginLinkMail {
        LoginLinkMail {
            sender: "Juniper & Finch <script>".to_owned(),
            accent: "#1f5f4a".to_owned(),
            on_accent: "#ffffff".to_owned(),
            logo: None,
            reply_to: String::new(),
            links: vec![LinkInMail {
                org_name: "Juniper & Finch <script>".to_owned(),
                client_name: "Harbour \"Books\"".to_owned(),
                url: "https://pay.example.org/portal/link/abc".to_owned(),
            }],
            code: "ABCD-EFGH".to_owned(),
            minutes: 15,
            browser: "Firefox on Linux".to_owned(),
            network: "203.0.113.x".to_owned(),
            asked_at: "1 March 2026, 12:00".to_owned(),
        }
    }

    #[test]
    fn it_says_all_that_it_must_in_both_parts() {
        let message = mail().compose("id".to_owned(), "ines@a.example".to_owned()).unwrap();
        for part in [&message.text, &message.html] {
            for word in [
                "https://pay.example.org/portal/link/abc",
                "ABCD-EFGH",
                "Firefox on Linux",
                "1 March 2026, 12:00",
                "15 minutes",
            ] {
                assert!(part.contains(word), "{word} is missing in {part}");
            }
        }
    }

    #[test]
    fn a_name_cannot_write_html() {
        let message = mail().compose("id".to_owned(), "ines@a.example".to_owned()).unwrap();
        assert!(!message.html.contains("<script>"));
        assert!(message.html.contains("Harbour &#34;Books&#34;"));
    }
}
