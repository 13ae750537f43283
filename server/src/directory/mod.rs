//! An org, its clients and their contacts: what may be set of them (rules T2, T3). Rules only; the store
//! writes.

mod logo;
mod org;

pub use logo::{LARGEST_FILE, MOST_PIXELS, read_logo};
pub use org::OrgFields;

use app::{
    money::Currency,
    problem::{FieldProblem, Problem},
};

use crate::{
    fields::Check,
    store::team::{ClientDraft, ContactDraft},
};

/// The longest address of a client, in characters.
pub(crate) const LONGEST_ADDRESS: usize = 600;
pub(crate) const LONGEST_TAX_ID: usize = 60;

/// A client as it was typed.
#[derive(Debug, Clone, Default)]
pub struct ClientFields<'a> {
    /// Name.
    pub name: &'a str,
    /// ISO 4217, in any case.
    pub currency: &'a str,
    /// BCP 47 tag; empty for the org's.
    pub locale: &'a str,
    /// Lines of text.
    pub address: &'a str,
    /// Tax id.
    pub tax_id: &'a str,
}

impl ClientFields<'_> {
    /// Checks all of it.
    ///
    /// # Errors
    /// Everything that is wrong, by field.
    pub fn check(&self) -> Result<ClientDraft, Vec<FieldProblem>> {
        let mut check = Check::default();
        let draft = ClientDraft {
            name: check.name("name", self.name),
            currency: self.currency.trim().to_ascii_uppercase(),
            locale: Some(self.locale.trim().to_owned()).filter(|locale| !locale.is_empty()),
            address: check.lines("address", self.address, LONGEST_ADDRESS),
            tax_id: check.line("taxId", self.tax_id, LONGEST_TAX_ID),
        };
        if draft.currency.parse::<Currency>().is_err() {
            check.refuse("currency", Problem::UnknownCurrency);
        }
        if draft.locale.as_deref().is_some_and(|locale| !app::format::is_locale(locale)) {
            check.refuse("locale", Problem::UnknownLocale);
        }
        if check.is_clean() { Ok(draft) } else { Err(check.into_problems()) }
    }
}

/// A contact as it was typed.
#[derive(Debug, Clone, Default)]
pub struct ContactFields<'a> {
    /// Name.
    pub name: &'a str,
    /// E-mail address.
    pub email: &'a str,
    /// Whether the portal lets them in.
    pub portal_access: bool,
}

impl ContactFields<'_> {
    /// Checks all of it.
    ///
    /// # Errors
    /// Everything that is wrong, by field.
    pub fn check(&self) -> Result<ContactDraft, Vec<FieldProblem>> {
        let mut check = Check::default();
        let name = check.name("name", self.name);
        match check.address("email", self.email) {
            Some(address) if check.is_clean() => Ok(ContactDraft {
                name,
                email: self.email.trim().to_owned(),
                email_norm: address.as_str().to_owned(),
                portal_access: self.portal_access,
            }),
            _ => Err(check.into_problems()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_wrong_with_a_client_is_told_at_once() {
        let fields =
            ClientFields { name: " ", currency: "XAU", locale: "??", address: "a\u{0}b", tax_id: "" };
        let problems = fields.check().unwrap_err();
        let wrong: Vec<&str> = problems.iter().map(|problem| &*problem.field).collect();
        assert_eq!(wrong, ["name", "address", "currency", "locale"]);
    }

    #[test]
    fn a_client_is_kept_as_it_is_meant() {
        let fields = ClientFields {
            name: " Harbour Books ",
            currency: "eur",
            address: "1 Quay\r\nPort ",
            ..ClientFields::default()
        };
        let draft = fields.check().unwrap();
        assert_eq!(
            (draft.name.as_str(), draft.currency.as_str(), draft.locale, draft.address.as_str()),
            ("Harbour Books", "EUR", None, "1 Quay\nPort")
        );
    }
}
