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
    /// [`MalformedAddress`] for what no mail server would take.
    pub fn parse(typed: &str) -> Result<Self, MalformedAddress> {
        let typed = typed.trim();
        if typed.len() > LONGEST || typed.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err(MalformedAddress);
        }
        let (local, domain) = typed.rsplit_once('@').ok_or(MalformedAddress)?;
        let domain = match url::Host::parse(domain) {
            Ok(url::Host::Domain(domain)) if domain.contains('.') && !domain.ends_with('.') => domain,
            _ => return Err(MalformedAddress),
        };
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
            long.as_str(),
        ] {
            assert_eq!(Address::parse(typed), Err(MalformedAddress), "{typed:?}");
        }
    }

    #[test]
    fn the_log_gets_a_masked_address() {
        assert_eq!(masked("ines@harbourbooks.example"), "i…@harbourbooks.example");
    }
}
