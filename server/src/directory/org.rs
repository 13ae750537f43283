//! What may be set of an org (rule T3).

use app::{
    brand::Accent,
    problem::{FieldProblem, Problem},
};
use chrono_tz::Tz;

use super::{LONGEST_ADDRESS, LONGEST_TAX_ID};
use crate::{fields::Check, store::team::OrgDraft};

const LONGEST_INSTRUCTIONS: usize = 1_000;
const LONGEST_PREFIX: usize = 20;

/// An org as it was typed.
#[derive(Debug, Clone, Default)]
pub struct OrgFields<'a> {
    /// Name.
    pub name: &'a str,
    /// Where its clients write to; may be empty.
    pub email: &'a str,
    /// Lines of text.
    pub address: &'a str,
    /// Tax id.
    pub tax_id: &'a str,
    /// BCP 47 tag.
    pub locale: &'a str,
    /// IANA name.
    pub time_zone: &'a str,
    /// `#rrggbb`.
    pub accent: &'a str,
    /// How to pay.
    pub payment_instructions: &'a str,
    /// What invoice numbers begin with.
    pub invoice_prefix: &'a str,
}

impl OrgFields<'_> {
    /// Checks all of it.
    ///
    /// # Errors
    /// Everything that is wrong, by field.
    pub fn check(&self) -> Result<OrgDraft, Vec<FieldProblem>> {
        let mut check = Check::default();
        let email = self.email.trim();
        if !email.is_empty() {
            check.address("email", email);
        }
        let accent = self.accent.trim().parse::<Accent>();
        let draft = OrgDraft {
            name: check.name("name", self.name),
            email: email.to_owned(),
            address: check.lines("address", self.address, LONGEST_ADDRESS),
            tax_id: check.line("taxId", self.tax_id, LONGEST_TAX_ID),
            locale: self.locale.trim().to_owned(),
            time_zone: self.time_zone.trim().to_owned(),
            accent: accent.as_ref().map(ToString::to_string).unwrap_or_default(),
            payment_instructions: check.lines(
                "paymentInstructions",
                self.payment_instructions,
                LONGEST_INSTRUCTIONS,
            ),
            invoice_prefix: check.line("invoicePrefix", self.invoice_prefix, LONGEST_PREFIX),
        };
        if accent.is_err() {
            check.refuse("accent", Problem::NoColour);
        }
        if !app::format::is_locale(&draft.locale) {
            check.refuse("locale", Problem::UnknownLocale);
        }
        if draft.time_zone.parse::<Tz>().is_err() {
            check.refuse("timeZone", Problem::UnknownTimeZone);
        }
        if check.is_clean() { Ok(draft) } else { Err(check.into_problems()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_wrong_with_an_org_is_told_at_once() {
        let fields = OrgFields {
            email: "x",
            locale: "?",
            time_zone: "Mars/Olympus",
            accent: "red",
            ..OrgFields::default()
        };
        let wrong: Vec<&str> = fields.check().unwrap_err().iter().map(|problem| problem.field).collect();
        assert_eq!(wrong, ["email", "name", "accent", "locale", "timeZone"]);
    }

    #[test]
    fn a_colour_is_kept_in_one_form() {
        let fields = OrgFields {
            name: "Finch",
            locale: "en-GB",
            time_zone: "Europe/Berlin",
            accent: "1F5F4A",
            ..OrgFields::default()
        };
        assert_eq!(fields.check().unwrap().accent, "#1f5f4a");
    }
}
