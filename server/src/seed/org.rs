//! A seeded org with its team, clients and contacts.

use app::money::Currency;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use super::{
    Size,
    book::Book,
    dice::{Dice, Ids},
    sheet::Parties,
    timeline::Timeline,
    words::{CLIENT_FIRST, CLIENT_SECOND, COUNTRIES, Country, FAMILY, GIVEN, ORG_FIRST, ORG_SECOND},
};
use crate::{
    clock::calendar_day,
    error::{Error, Result},
    id::{ClientId, ContactId, OrgId},
    store::{
        client_text::client_search_text,
        system::{SystemTx, load},
    },
};

/// The plans of the orgs, one after the other.
const PLANS: [&str; 4] = ["agency", "studio", "studio", "free"];

/// What of an org its invoices need.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Org {
    pub(super) id: OrgId,
    /// Counted from 1, as its name does.
    pub(super) ordinal: u64,
    pub(super) country: &'static Country,
    pub(super) time_zone: Tz,
    pub(super) has_portal: bool,
    pub(super) prefix: String,
    pub(super) clients: Vec<Client>,
    pub(super) timeline: Timeline,
}

/// What of a client its invoices need.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Client {
    pub(super) id: ClientId,
    pub(super) currency: Currency,
    pub(super) other_currency: Currency,
    /// Who is billed, and by whom.
    pub(super) parties: Parties,
    /// The contact that may come in, and its name.
    pub(super) contact: (ContactId, String),
}

/// The rows of an org that exist before its first invoice.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct OrgRows {
    org: load::Org,
    person: load::Person,
    member: load::Member,
    clients: Vec<load::Client>,
    contacts: Vec<load::Contact>,
}

impl OrgRows {
    pub(super) async fn write(&self, tx: &mut SystemTx) -> Result<()> {
        tx.load(std::slice::from_ref(&self.org)).await?;
        tx.load(std::slice::from_ref(&self.person)).await?;
        tx.load(std::slice::from_ref(&self.member)).await?;
        tx.load(&self.clients).await?;
        tx.load(&self.contacts).await
    }

    /// The first client's id.
    #[cfg(test)]
    pub(super) fn first_client(&self) -> ClientId {
        self.clients[0].id
    }

    pub(super) const fn count(&self) -> usize {
        3 + self.clients.len() + self.contacts.len()
    }
}

impl Org {
    /// Makes the org with this ordinal, counted from 1.
    pub(super) fn make(size: &Size, timeline: Timeline, ordinal: u64) -> Result<(Self, OrgRows)> {
        let mut dice = Dice::new(&[size.seed, ordinal]);
        let mut ids = Ids::new(&[size.seed, ordinal, 1]);
        let country = cycled(&COUNTRIES, ordinal - 1);
        let plan = *cycled(&PLANS, ordinal - 1);
        let created_at = timeline.start - TimeDelta::days(30);
        let id = OrgId::from_uuid(ids.at(created_at));
        let name = format!("{} {} {ordinal}", dice.pick(&ORG_FIRST), dice.pick(&ORG_SECOND));
        let prefix = "INV-".to_owned();
        let org = load::Org {
            id,
            slug: format!("org-{ordinal}"),
            payment_instructions: format!(
                "Please pay by bank transfer.\nAccount holder: {name}\nName the invoice number as the reference."
            ),
            address: format!("{} Long Street\n{}", dice.between(1, 200), country.city),
            name,
            plan,
            locale: country.locale,
            time_zone: country.time_zone,
            accent: country.accent,
            email: format!("hello@org-{ordinal}.example"),
            tax_id: format!("TAX-{:08}", dice.below(100_000_000)),
            invoice_prefix: prefix.clone(),
            next_invoice_number: 1,
            default_tax_ppm: country.taxes[0].ppm,
            created_at,
        };
        let owner = format!("owner@org-{ordinal}.example");
        let person = load::Person {
            id: ids.at(created_at),
            email_norm: owner.clone(),
            email: owner,
            name: person_name(&mut dice),
            password_hash: None,
            created_at,
        };
        let member = load::Member {
            org_id: id,
            id: ids.at(created_at),
            person_id: person.id,
            role: "owner",
            created_at,
        };
        let mut made = Self {
            id,
            ordinal,
            country,
            time_zone: country.time_zone.parse().map_err(Error::bug)?,
            has_portal: plan != "free",
            prefix,
            clients: Vec::new(),
            timeline,
        };
        let mut rows = OrgRows { org, person, member, clients: Vec::new(), contacts: Vec::new() };
        for ordinal in 1..=u64::from(size.clients) {
            made.add_client(&mut rows, &mut dice, &mut ids, ordinal)?;
        }
        Ok((made, rows))
    }

    fn add_client(&mut self, rows: &mut OrgRows, dice: &mut Dice, ids: &mut Ids, ordinal: u64) -> Result<()> {
        let created_at = rows.org.created_at + TimeDelta::days(1);
        let id = ClientId::from_uuid(ids.at(created_at));
        // The first client is like its org; of the others, some are from elsewhere.
        let foreign = ordinal > 1 && dice.happens(200);
        let home = if foreign { cycled(&COUNTRIES, dice.throw()) } else { self.country };
        let name = format!("{} {} {ordinal}", dice.pick(&CLIENT_FIRST), dice.pick(&CLIENT_SECOND));
        let address = format!("{} Market Square\n{}", dice.between(1, 60), home.city);
        let tax_id = format!("TAX-{:08}", dice.below(100_000_000));
        rows.clients.push(load::Client {
            org_id: self.id,
            id,
            address,
            search_text: client_search_text(&name, &tax_id),
            name,
            currency: self.country.currency,
            locale: foreign.then_some(home.locale),
            tax_id,
            created_at,
        });
        let domain = format!("client-{ordinal}.org-{}.example", self.ordinal);
        let contacts = 1 + ordinal % 3;
        let first = rows.contacts.len();
        for number in 1..=contacts {
            let email = format!("contact{number}@{domain}");
            rows.contacts.push(load::Contact {
                org_id: self.id,
                client_id: id,
                id: ContactId::from_uuid(ids.at(created_at)),
                name: person_name(dice),
                email_norm: email.clone(),
                email,
                portal_access: number < 3,
                last_login_at: None,
                created_at,
            });
        }
        let contact = &rows.contacts[first];
        let client = rows.clients.last();
        self.clients.push(Client {
            id,
            parties: Parties {
                client_name: client.map(|client| client.name.clone()).unwrap_or_default(),
                client_address: client.map(|client| client.address.clone()).unwrap_or_default(),
                client_tax_id: client.map(|client| client.tax_id.clone()).unwrap_or_default(),
                org_name: rows.org.name.clone(),
                org_address: rows.org.address.clone(),
                org_tax_id: rows.org.tax_id.clone(),
            },
            currency: self.country.currency.parse().map_err(Error::bug)?,
            other_currency: self.country.other_currency.parse().map_err(Error::bug)?,
            contact: (contact.id, contact.name.clone()),
        });
        Ok(())
    }

    /// An empty book. What it calls overdue is overdue by the org's own calendar already when the
    /// last day begins, so that no reader ever sees an invoice overdue too early.
    pub(super) fn book(&self) -> Book {
        Book::new(self.day(self.timeline.end))
    }

    /// The org's calendar day.
    pub(super) fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        calendar_day(at, self.time_zone)
    }
}

fn person_name(dice: &mut Dice) -> String {
    format!("{} {}", dice.pick(&GIVEN), dice.pick(&FAMILY))
}

/// The `n`th of them, from the beginning again after the last.
fn cycled<T, const N: usize>(all: &[T; N], n: u64) -> &T {
    &all[usize::try_from(n % N as u64).unwrap_or_default()]
}
