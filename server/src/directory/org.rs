//! What may be set of an org (rule T3).

use app::{
    brand::Accent,
    money::parse_percent,
    problem::{FieldProblem, Problem},
};
use chrono_tz::Tz;

use super::{LONGEST_ADDRESS, LONGEST_TAX_ID};
use crate::{fields::Check, store::team::OrgDraft};

const LONGEST_INSTRUCTIONS: usize = 1_000;
const LONGEST_PREFIX: usize = 20;
const LONGEST_TAX_NAME: usize = 30;
/// Days to pay, where the org says nothing.
const USUAL_DAYS: i64 = 14;
const MOST_DAYS: i64 = 365;

/// What was typed, or what nothing typed stands for.
fn or(typed: &str, default: i64, read: impl Fn(&str) -> Option<i64>) -> Option<i64> {
    let typed = typed.trim();
    if typed.is_empty() { Some(default) } else { read(typed) }
}

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
    /// What its tax is called on invoices.
    pub tax_name: &'a str,
    /// In percent; empty is none.
    pub default_tax_rate: &'a str,
    /// Days; empty is the usual number.
    pub payment_days: &'a str,
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
            tax_name: check.line("taxName", self.tax_name, LONGEST_TAX_NAME),
            default_tax_ppm: or(self.default_tax_rate, 0, parse_percent).unwrap_or_else(|| {
                check.refuse("defaultTaxRate", Problem::NoPercentage);
                0
            }),
            payment_days: or(self.payment_days, USUAL_DAYS, |typed| typed.parse().ok())
                .filter(|days| (0..=MOST_DAYS).contains(days))
                .unwrap_or_else(|| {
                    check.refuse("paymentDays", Problem::NoDays);
                    0
                }),
        };
        // A number is told from its prefix by where the digits begin; so no two invoices have one number.
        if draft.invoice_prefix.ends_with(char::is_numeric) {
            check.refuse("invoicePrefix", Problem::EndsWithDigit);
        }
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
        let problems = fields.check().unwrap_err();
        let wrong: Vec<&str> = problems.iter().map(|problem| &*problem.field).collect();
        assert_eq!(wrong, ["email", "name", "accent", "locale", "timeZone"]);
    }

    #[test]
    fn what_new_invoices_begin_with_is_read_as_it_is_meant() {
        let fields = OrgFields {
            name: "Finch",
            locale: "en-GB",
            time_zone: "Europe/Berlin",
            accent: "1f5f4a",
            ..OrgFields::default()
        };
        let draft = fields.check().unwrap();
        assert_eq!((draft.default_tax_ppm, draft.payment_days), (0, 14));
        let typed = OrgFields { default_tax_rate: "7,7", payment_days: " 30 ", ..fields.clone() };
        let draft = typed.check().unwrap();
        assert_eq!((draft.default_tax_ppm, draft.payment_days), (77_000, 30));
        let wrong =
            OrgFields { default_tax_rate: "a lot", payment_days: "366", invoice_prefix: "JF-2026", ..fields };
        let problems = wrong.check().unwrap_err();
        let wrong: Vec<&str> = problems.iter().map(|problem| &*problem.field).collect();
        assert_eq!(wrong, ["defaultTaxRate", "paymentDays", "invoicePrefix"]);
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
