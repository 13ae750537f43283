//! What should stand in the database after everything that has happened: plain structs, and the rules of money
//! written down a second time in their simplest form.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::plain::Plain;

/// One org with all that is its own.
#[derive(Debug)]
pub struct Org {
    pub slug: &'static str,
    pub prefix: String,
    pub next_number: i64,
    pub payment_days: i64,
    pub plan: &'static str,
    pub version: i64,
    /// The first of them is its owner.
    pub members: Vec<Member>,
    pub clients: Vec<Client>,
    pub contacts: Vec<Contact>,
    pub invoices: Vec<Invoice>,
    pub payments: Vec<Payment>,
    /// Reminders by invoice, contact and key.
    pub reminders: BTreeSet<[String; 3]>,
    /// How often what happened.
    pub log: BTreeMap<&'static str, i64>,
    /// Clients that have owed something, with the currency.
    pub accounts: BTreeSet<(String, &'static str)>,
}

#[derive(Debug)]
pub struct Member {
    pub id: String,
    pub role: &'static str,
}

#[derive(Debug)]
pub struct Client {
    pub id: String,
    pub currency: &'static str,
    pub decimals: u8,
    pub version: i64,
    pub away: bool,
}

#[derive(Debug)]
pub struct Contact {
    pub id: String,
    pub client: String,
    pub email: String,
    pub access: bool,
    pub version: i64,
    pub removed: bool,
}

#[derive(Debug, Clone)]
pub struct Invoice {
    pub id: String,
    pub client: String,
    pub currency: &'static str,
    pub decimals: u8,
    pub status: &'static str,
    pub version: i64,
    pub plain: Plain,
    /// Its first line says nothing of what it is for.
    pub unfinished: bool,
    /// As typed into the draft.
    pub issued_on: Option<NaiveDate>,
    pub due_on: Option<NaiveDate>,
    pub number: Option<String>,
    pub links: i64,
    pub has_link: bool,
    /// Contacts it was mailed to when it was sent.
    pub mailed: Vec<String>,
}

#[derive(Debug)]
pub struct Payment {
    pub id: String,
    pub invoice: String,
    pub amount: i64,
    pub received_on: NaiveDate,
    /// On which day it was taken back.
    pub reversed_on: Option<NaiveDate>,
}

impl Invoice {
    /// One that was just begun.
    pub fn draft(id: &str, client: String, currency: &'static str, decimals: u8) -> Self {
        Self {
            id: id.to_owned(),
            client,
            currency,
            decimals,
            status: "draft",
            version: 1,
            plain: Plain::default(),
            unfinished: false,
            issued_on: None,
            due_on: None,
            number: None,
            links: 0,
            has_link: false,
            mailed: vec![],
        }
    }

    pub fn total(&self) -> i64 {
        i64::try_from(self.plain.sums().total).unwrap()
    }

    /// Why it cannot be sent today, in the order in which it is told.
    pub fn hinders(&self, today: NaiveDate, payment_days: i64) -> Vec<String> {
        let mut told = Vec::new();
        let (issued, due) = self.days(today, payment_days);
        if due < issued {
            told.push("dueOn DUE_BEFORE_ISSUE".to_owned());
        }
        told.extend(self.plain.hinders().map(|code| format!("lines {code}")));
        if self.unfinished {
            told.push("lines.0.description REQUIRED".to_owned());
        }
        told
    }

    pub fn days(&self, today: NaiveDate, payment_days: i64) -> (NaiveDate, NaiveDate) {
        let issued = self.issued_on.unwrap_or(today);
        (issued, self.due_on.unwrap_or(issued + chrono::TimeDelta::days(payment_days)))
    }
}

impl Org {
    pub fn new(slug: &'static str, members: Vec<Member>) -> Self {
        Self {
            slug,
            prefix: format!("{slug}-"),
            next_number: 100,
            payment_days: 14,
            plan: "studio",
            version: 1,
            members,
            clients: vec![],
            contacts: vec![],
            invoices: vec![],
            payments: vec![],
            reminders: BTreeSet::new(),
            log: BTreeMap::new(),
            accounts: BTreeSet::new(),
        }
    }

    pub fn client(&self, id: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.id == id)
    }

    pub fn client_mut(&mut self, id: &str) -> &mut Client {
        self.clients.iter_mut().find(|client| client.id == id).unwrap()
    }

    /// A contact that is not removed.
    pub fn contact(&self, client: &str, id: &str) -> Option<&Contact> {
        self.contacts.iter().find(|contact| contact.client == client && contact.id == id && !contact.removed)
    }

    /// Whether all of these are contacts of the client.
    pub fn has_contacts(&self, client: &str, ids: &[String]) -> bool {
        ids.iter().all(|id| self.contact(client, id).is_some())
    }

    pub fn contact_mut(&mut self, id: &str) -> &mut Contact {
        self.contacts.iter_mut().find(|contact| contact.id == id).unwrap()
    }

    /// Whether another contact of the client has the address.
    pub fn is_taken(&self, client: &str, own: &str, email: &str) -> bool {
        let mut all = self.contacts.iter().filter(|contact| contact.client == client && !contact.removed);
        all.any(|contact| contact.email == email && contact.id != own)
    }

    pub fn invoice(&self, id: &str) -> Option<&Invoice> {
        self.invoices.iter().find(|invoice| invoice.id == id)
    }

    /// An invoice that something was done to.
    pub fn touched(&mut self, id: &str) -> &mut Invoice {
        let invoice = self.invoices.iter_mut().find(|invoice| invoice.id == id).unwrap();
        invoice.version += 1;
        invoice
    }

    pub fn log(&mut self, kind: &'static str) {
        *self.log.entry(kind).or_default() += 1;
    }

    pub fn paid(&self, invoice: &str) -> i64 {
        let of = self
            .payments
            .iter()
            .filter(|payment| payment.invoice == invoice && payment.reversed_on.is_none());
        of.map(|payment| payment.amount).sum()
    }

    /// What is due on an invoice.
    pub fn due(&self, invoice: &Invoice) -> i64 {
        if invoice.status == "sent" { invoice.total() - self.paid(&invoice.id) } else { 0 }
    }

    /// What is owed in a currency, by one client or by all, as a balance keeps it: outstanding, open, and of
    /// these what was due before a day.
    pub fn owed(&self, client: Option<&str>, currency: &str, before: NaiveDate) -> String {
        let mut sums = [0; 4];
        for invoice in self.invoices.iter().filter(|invoice| invoice.currency == currency) {
            let due = self.due(invoice);
            if due > 0 && client.is_none_or(|client| client == invoice.client) {
                let late = i64::from(invoice.due_on.unwrap() < before);
                sums = [sums[0] + due, sums[1] + 1, sums[2] + due * late, sums[3] + late];
            }
        }
        format!("{} {} {} {}", sums[0], sums[1], sums[2], sums[3])
    }

    /// What came in each month, and how many payments: what was taken back counts where it was.
    pub fn paid_months(&self) -> BTreeMap<(&'static str, String), [i64; 2]> {
        let mut months: BTreeMap<_, [i64; 2]> = BTreeMap::new();
        for payment in &self.payments {
            let currency = self.invoice(&payment.invoice).unwrap().currency;
            let days = [(Some(payment.received_on), 1), (payment.reversed_on, -1)];
            for (day, sign) in days.into_iter().filter_map(|(day, sign)| Some((day?, sign))) {
                let month = months.entry((currency, day.format("%Y-%m").to_string())).or_default();
                *month = [month[0] + sign * payment.amount, month[1] + sign];
            }
        }
        months
    }
}
