//! Single parameters, each read as what it must be.

use std::collections::BTreeMap;

use super::{Node, Params, Result};
use crate::error::ApiError;

impl Params {
    /// A text. An empty one is refused, as at Stripe.
    pub(crate) fn text(&mut self, key: &str) -> Result<Option<String>> {
        let name = self.name(key);
        match self.fields.remove(key) {
            None => Ok(None),
            Some(Node::Leaf(text)) if text.is_empty() => Err(ApiError::invalid(
                Some("parameter_invalid_empty"),
                format!(
                    "You passed an empty string for '{name}'. We assume empty values are an attempt to unset."
                ),
            )
            .at(name)),
            Some(Node::Leaf(text)) => Ok(Some(text)),
            Some(Node::Branch(_)) => {
                Err(ApiError::invalid(Some("parameter_invalid_string_empty"), "Invalid string").at(name))
            }
        }
    }

    /// A text of at most so many characters.
    pub(crate) fn short(&mut self, key: &str, longest: usize) -> Result<Option<String>> {
        let text = self.text(key)?;
        if text.as_ref().is_some_and(|text| text.chars().count() > longest) {
            let message = format!("Invalid string: must be at most {longest} characters");
            return Err(ApiError::invalid(None, message).at(self.name(key)));
        }
        Ok(text)
    }

    /// One of several words.
    pub(crate) fn word(&mut self, key: &str, words: &[&str]) -> Result<Option<String>> {
        let word = self.text(key)?;
        match &word {
            Some(other) if !words.contains(&other.as_str()) => {
                let message = format!("Invalid {}: must be one of {}", self.name(key), words.join(", "));
                Err(ApiError::invalid(None, message).at(self.name(key)))
            }
            _ => Ok(word),
        }
    }

    /// A whole number.
    pub(crate) fn integer(&mut self, key: &str) -> Result<Option<i64>> {
        let Some(text) = self.text(key)? else { return Ok(None) };
        text.parse().map(Some).map_err(|_| {
            let code = Some("parameter_invalid_integer");
            ApiError::invalid(code, format!("Invalid integer: {text}")).at(self.name(key))
        })
    }

    /// `true` or `false`.
    pub(crate) fn boolean(&mut self, key: &str) -> Result<Option<bool>> {
        Ok(self.word(key, &["true", "false"])?.map(|word| word == "true"))
    }

    /// An absolute address. `{CHECKOUT_SESSION_ID}` may stand in it.
    pub(crate) fn url(&mut self, key: &str) -> Result<Option<String>> {
        let Some(text) = self.text(key)? else { return Ok(None) };
        let ready = text.replace("{CHECKOUT_SESSION_ID}", "cs_test_1");
        let valid = url::Url::parse(&ready)
            .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        if valid {
            return Ok(Some(text));
        }
        let message = "Not a valid URL. URLs must begin with http or https.";
        Err(ApiError::invalid(Some("url_invalid"), message).at(self.name(key)))
    }

    /// An address for mail, as far as one can see without sending.
    pub(crate) fn email(&mut self, key: &str) -> Result<Option<String>> {
        let Some(text) = self.short(key, 512)? else { return Ok(None) };
        let plausible = text.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty()
                && host.contains('.')
                && !host.starts_with('.')
                && !host.ends_with('.')
                && !host.contains('@')
                && !text.contains(char::is_whitespace)
        });
        if plausible {
            return Ok(Some(text));
        }
        let message = format!("Invalid email address: {text}");
        Err(ApiError::invalid(Some("email_invalid"), message).at(self.name(key)))
    }

    /// Metadata: 50 keys of 40 characters, values of 500 (<https://docs.stripe.com/metadata>). An empty value
    /// unsets a key.
    pub(crate) fn metadata(&mut self, key: &str) -> Result<BTreeMap<String, String>> {
        let Some(map) = self.map(key)? else { return Ok(BTreeMap::new()) };
        let mut metadata = BTreeMap::new();
        for (name, node) in map.fields {
            let place = format!("{}[{name}]", map.prefix);
            let Node::Leaf(value) = node else {
                return Err(ApiError::invalid(None, "Metadata values must be strings").at(place));
            };
            if name.chars().count() > 40 {
                let message = "Metadata keys can have up to 40 characters.";
                return Err(ApiError::invalid(None, message).at(place));
            }
            if value.chars().count() > 500 {
                let message = "Metadata values can have up to 500 characters.";
                return Err(ApiError::invalid(None, message).at(place));
            }
            if !value.is_empty() {
                metadata.insert(name, value);
            }
        }
        if metadata.len() > 50 {
            return Err(ApiError::invalid(None, "Metadata can have up to 50 keys.").at(map.prefix));
        }
        Ok(metadata)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_has_its_limits() {
        let read = |form: String| Params::parse(form.as_bytes()).unwrap().metadata("m");
        assert_eq!(read("m[a]=1&m[b]=".into()).unwrap().len(), 1);
        assert!(read(format!("m[{}]=1", "k".repeat(41))).is_err());
        assert!(read(format!("m[k]={}", "v".repeat(501))).is_err());
        let many = |n: usize| (0..n).map(|i| format!("m[k{i}]=1")).collect::<Vec<_>>().join("&");
        assert!(read(many(50)).is_ok() && read(many(51)).is_err());
    }

    #[test]
    fn addresses_are_absolute_and_mail_is_plausible() {
        let url = |text: &str| Params::parse(format!("u={text}").as_bytes()).unwrap().url("u").is_ok();
        assert!(url("https://a.example/x?s={CHECKOUT_SESSION_ID}") && url("http://127.0.0.1:1/"));
        assert!(!url("/relative") && !url("javascript:alert(1)") && !url("a.example"));
        let mail = |text: &str| Params::parse(format!("m={text}").as_bytes()).unwrap().email("m").is_ok();
        assert!(mail("a@b.example") && !mail("a@b") && !mail("@b.example") && !mail("a b@c.example"));
    }
}
