//! E-mail addresses as people type them, and the form under which they are compared.

/// A well-formed address in the form under which contacts are found and requests are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(String);

/// The text is no e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MalformedAddress;

/// RFC 5321 allows no longer path.
const LONGEST: usize = 254;

impl Address {
    /// Reads an address: without the space around it, the domain in its ASCII form (IDNA), ASCII
    /// letters in lower case. Letters of other alphabets in the local part stay as they are: a
    /// mail server may tell them apart, so we must.
    ///
    /// # Errors
    /// [`MalformedAddress`] for what no mail server would take; spaces and what cannot be seen among it, says lettre.
    pub fn parse(typed: &str) -> Result<Self, MalformedAddress> {
        let typed = typed.trim();
        if typed.len() > LONGEST {
            return Err(MalformedAddress);
        }
        let (local, domain) = typed.rsplit_once('@').ok_or(MalformedAddress)?;
        // In quotes one mailbox has many spellings (RFC 5321, 4.1.2), and nobody's has to be written so.
        if local.contains('"') {
            return Err(MalformedAddress);
        }
        let domain = ascii_domain(domain).ok_or(MalformedAddress)?;
        let normalised = format!("{}@{domain}", local.to_ascii_lowercase());
        match normalised.parse::<lettre::Address>() {
            Ok(_) if normalised.len() <= LONGEST => Ok(Self(normalised)),
            _ => Err(MalformedAddress),
        }
    }

    /// The normalised text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A domain in the form that DNS knows it by.
fn ascii_domain(domain: &str) -> Option<String> {
    // An escape is a thing of URLs: in a mail it would be a part of the name.
    if domain.contains('%') {
        return None;
    }
    match url::Host::parse(domain) {
        Ok(url::Host::Domain(domain))
            if domain.contains('.') && !domain.ends_with('.') && domain.bytes().all(is_of_name) =>
        {
            Some(domain)
        }
        _ => None,
    }
}

/// The mailbox that an address names as somebody has written it down: the local part as it stands, which a
/// mail server may take literally, and the domain as DNS knows it. What mail servers on the way would make
/// of another form of the domain is not for them to decide.
#[must_use]
pub fn mailbox(written: &str) -> String {
    let parts = written.rsplit_once('@').and_then(|(local, domain)| Some((local, ascii_domain(domain)?)));
    parts.map_or_else(|| written.to_owned(), |(local, domain)| format!("{local}@{domain}"))
}

/// What names of hosts are made of. An address of the web may have more in its host, such as braces.
const fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_')
}

/// An address for the log: enough to recognise one's own, too little to write to.
#[must_use]
pub fn masked(address: &str) -> String {
    let (local, domain) = address.rsplit_once('@').unwrap_or(("", ""));
    let first = local.chars().next().map(String::from).unwrap_or_default();
    format!("{first}…@{domain}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_has_one_form() {
        for typed in
            ["Ines@HarbourBooks.example", "  ines@harbourbooks.example\n", "INES@harbourbooks.EXAMPLE"]
        {
            assert_eq!(Address::parse(typed).unwrap().as_str(), "ines@harbourbooks.example");
        }
        assert_eq!(
            Address::parse("post@bücher.example").unwrap(),
            Address::parse("post@xn--bcher-kva.example").unwrap()
        );
    }

    #[test]
    fn letters_that_only_look_alike_are_not_the_same_address() {
        // The Kelvin sign and the dotless i become k and i when Unicode lower-cases them.
        assert_ne!(Address::parse("\u{212a}im@a.example").ok(), Address::parse("kim@a.example").ok());
        assert_ne!(Address::parse("m\u{131}ke@a.example").ok(), Address::parse("mike@a.example").ok());
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let long = format!("{}@a.example", "x".repeat(250));
        for typed in [
            "",
            "@",
            "a",
            "a@",
            "@a.example",
            "a@b",
            "a b@c.example",
            "a@b.example\r\nBcc: x@y.example",
            "a@b..example",
            "a@[127.0.0.1]",
            "a@127.0.0.1",
            "a\u{0}@b.example",
            "a@b.example.",
            "a@%62.example",
            "\"a\"@b.example",
            "a@b%2eexample",
            "a@b{c.example",
            "a\u{a0}b@c.example",
            "a\u{9f}b@c.example",
            long.as_str(),
        ] {
            assert_eq!(Address::parse(typed), Err(MalformedAddress), "{typed:?}");
        }
    }

    #[test]
    fn an_address_has_as_many_bytes_as_mail_servers_take_and_no_more() {
        let of = |local: usize, label: usize| {
            let label = "y".repeat(label);
            format!("{}@{label}.{label}.{label}.example", "x".repeat(local))
        };
        assert_eq!(of(63, 60).len(), 254);
        assert!(Address::parse(&of(63, 60)).is_ok());
        assert!(Address::parse(&of(64, 60)).is_err());
        // Short as it is typed, and long for DNS; and the other way round.
        let grows = format!("{}@{}example", "x".repeat(20), "\u{fc}.".repeat(29));
        let shrinks = format!("x@{}.example", "\u{ff41}".repeat(60) + "." + &"\u{ff41}".repeat(40));
        for typed in [grows, shrinks] {
            assert_eq!(Address::parse(&typed), Err(MalformedAddress), "{typed}");
        }
    }

    #[test]
    fn a_mailbox_is_what_was_written_under_the_name_that_dns_knows() {
        assert_eq!(mailbox("Ines@B\u{fc}cher.Example"), "Ines@xn--bcher-kva.example");
        assert_eq!(mailbox("ines@\u{ff42}.example"), "ines@b.example");
        assert_ne!(mailbox("Ines@b.example"), mailbox("ines@b.example"));
        assert_eq!(mailbox("nonsense"), "nonsense");
    }

    #[test]
    fn the_log_gets_a_masked_address() {
        assert_eq!(masked("ines@harbourbooks.example"), "i…@harbourbooks.example");
    }
}
