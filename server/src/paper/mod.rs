//! Documents to keep: an invoice, a receipt, a statement as PDF, and a statement for spreadsheets. What they say is
//! what the pages say, since both are made of the same answer of the schema. `pdf` typesets them.

mod invoice;
mod press;
mod printed;
mod receipt;
mod statement;

use app::{brand::Accent, format::Formats};

use crate::{
    auth::session::OrgBrand,
    error::Result,
    pdf::{BrandPdf, LogoPdf, Party},
    store::Store,
};

pub use invoice::of_invoice;
pub use press::Press;
pub use printed::{
    Printed, guest_invoice, print_as_far_as, print_for_guest, print_invoice, print_receipt, print_statement,
};
pub use receipt::of_receipt;
pub use statement::{csv_of_statement, of_statement};

/// What every document knows, whatever it says.
#[derive(Debug, Clone)]
pub struct Letterhead {
    /// Whose document it is.
    pub brand: BrandPdf,
    /// BCP 47 tag.
    pub locale: String,
    /// How the client writes dates and money.
    pub formats: Formats,
}

impl Letterhead {
    /// The org's, for a client who reads this locale.
    pub async fn of(store: &Store, brand: &OrgBrand, locale: &str, time_zone: &str) -> Result<Self> {
        let logo = match &brand.logo_sha256 {
            Some(sha256) => store.system().logo(&brand.org_slug, sha256).await?,
            None => None,
        };
        Ok(Self {
            brand: BrandPdf {
                name: brand.org_name.clone(),
                accent: accent(&brand.accent),
                logo: logo.map(|logo| LogoPdf { bytes: logo.bytes, content_type: logo.content_type }),
                email: brand.org_email.clone(),
            },
            locale: locale.to_owned(),
            formats: Formats::new(locale, time_zone),
        })
    }
}

/// Red, green and blue of `#rrggbb`; the usual colour where it is none.
fn accent(text: &str) -> [u8; 3] {
    let accent = text.parse::<Accent>().unwrap_or_default().to_string();
    let channel = |at: usize| accent.get(at..at + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok());
    [1, 3, 5].map(|at| channel(at).unwrap_or_default())
}

fn party(lines: Vec<String>, tax_id: String) -> Party {
    let tax_id = (!tax_id.is_empty()).then(|| format!("Tax ID {tax_id}"));
    Party { lines, tax_id }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_three_numbers() {
        assert_eq!(accent("#1f5f4a"), [0x1f, 0x5f, 0x4a]);
        assert_eq!(accent("nonsense"), accent(&Accent::default().to_string()));
    }
}
