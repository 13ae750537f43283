//! Juniper & Finch, the demo's org: a small design studio in Berlin.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::{
    auth::secret::{hexadecimal, sha256},
    error::Result,
    id::{AssetId, OrgId},
    seed::dice::Ids,
    store::system::{SystemTx, load},
};

/// The org's place on the map, which decides what day it is.
pub(super) const TIME_ZONE: Tz = Tz::Europe__Berlin;

/// Who owns it, and with what they sign in: the demo is for whoever has started it.
pub(super) const OWNER_EMAIL: &str = "mara@juniperfinch.example";
pub(super) const OWNER_PASSWORD: &str = "juniper and finch";

/// The org's short name.
pub(super) const SLUG: &str = "juniper-finch";

/// Who it is on its invoices.
pub(super) const NAME: &str = "Juniper & Finch";
pub(super) const ADDRESS: &str = "Okafor & Weiß GbR\nReichenberger Straße 124\n10999 Berlin\nGermany";
pub(super) const TAX_ID: &str = "DE319284756";

const LOGO: &[u8] = include_bytes!("../../assets/juniper-finch.png");
/// Pixels, both ways.
const LOGO_SIZE: i64 = 320;

/// What the numbers of its invoices begin with.
pub(super) fn invoice_prefix(today: NaiveDate) -> String {
    format!("JF-{}-", today.year())
}

/// Writes the org with its logo and its owner.
pub(super) async fn write(
    tx: &mut SystemTx,
    ids: &mut Ids,
    created_at: DateTime<Utc>,
    invoice_prefix: String,
    password_hash: String,
) -> Result<OrgId> {
    let id = OrgId::from_uuid(ids.at(created_at));
    let org = load::Org {
        id,
        slug: SLUG.to_owned(),
        name: NAME.to_owned(),
        plan: "studio",
        locale: "en-GB",
        time_zone: TIME_ZONE.name(),
        accent: "#1f5f4a",
        email: "hello@juniperfinch.example".to_owned(),
        address: ADDRESS.to_owned(),
        tax_id: TAX_ID.to_owned(),
        payment_instructions: "Please pay by bank transfer.\n\
            Account holder: Okafor & Weiß GbR\n\
            IBAN: DE75 5121 0800 1245 1261 99\n\
            BIC: SOGEDEFF\n\
            Reference: the invoice number"
            .to_owned(),
        invoice_prefix,
        next_invoice_number: 1,
        default_tax_ppm: 190_000,
        created_at,
    };
    let logo = load::Asset {
        org_id: id,
        id: AssetId::from_uuid(ids.at(created_at)),
        kind: "logo",
        content_type: "image/png",
        width: LOGO_SIZE,
        height: LOGO_SIZE,
        sha256: hexadecimal(&sha256(LOGO)),
        bytes: LOGO.to_vec(),
        created_at,
    };
    let owner = load::Person {
        id: ids.at(created_at),
        email: OWNER_EMAIL.to_owned(),
        email_norm: OWNER_EMAIL.to_owned(),
        name: "Mara Okafor".to_owned(),
        password_hash: Some(password_hash),
        created_at,
    };
    let member =
        load::Member { org_id: id, id: ids.at(created_at), person_id: owner.id, role: "owner", created_at };
    tx.load(&[org]).await?;
    tx.load(&[logo]).await?;
    tx.load(&[owner]).await?;
    tx.load(&[member]).await?;
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_logo_is_a_png_of_the_size_that_is_stored_with_it() {
        assert_eq!(&LOGO[..8], b"\x89PNG\r\n\x1a\n");
        let side = |at: usize| i64::from(u32::from_be_bytes(LOGO[at..at + 4].try_into().unwrap()));
        assert_eq!((side(16), side(20)), (LOGO_SIZE, LOGO_SIZE));
        assert!(LOGO.len() < 20_000);
    }
}
