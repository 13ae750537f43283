//! One client of the demo, from its table to rows: contacts, invoices, payments.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{
    calendar::Calendar,
    org,
    table::{Client, Entry, Invoice, Kind, State},
    visits::VISIT_AT,
};
use crate::{
    auth::{secret::sha256, share_link::ShareLinks, token::LinkNonce},
    error::{Error, Result},
    id::{ClientId, ContactId, InvoiceId, OrgId, PaymentId, ShareLinkId},
    seed::{
        book::Book,
        dice::Ids,
        sheet::{Parties, Sheet, SheetLine},
    },
    store::{client_text::client_search_text, system::load},
};

/// When money is entered, in minutes after midnight.
const PAYMENT_AT: i64 = 11 * 60 + 5;

/// A client whose rows are being made.
#[derive(Debug)]
pub(super) struct Account {
    pub(super) table: &'static Client,
    pub(super) org_id: OrgId,
    pub(super) client_id: ClientId,
    pub(super) contacts: Vec<ContactId>,
    /// Its invoices by title; of those with one title, the last.
    pub(super) invoices: BTreeMap<&'static str, InvoiceId>,
}

impl Account {
    /// A client that is new to the org.
    pub(super) fn open(table: &'static Client, org_id: OrgId, calendar: Calendar, ids: &mut Ids) -> Self {
        let since = calendar.time(table.since, VISIT_AT);
        Self {
            table,
            org_id,
            client_id: ClientId::from_uuid(ids.at(since)),
            contacts: table.contacts.iter().map(|_| ContactId::from_uuid(ids.at(since))).collect(),
            invoices: BTreeMap::new(),
        }
    }

    /// The client's own row.
    pub(super) fn client(&self, calendar: Calendar) -> load::Client {
        load::Client {
            org_id: self.org_id,
            id: self.client_id,
            name: self.table.name.to_owned(),
            currency: self.table.currency,
            locale: self.table.locale,
            address: self.table.address.to_owned(),
            tax_id: self.table.tax_id.to_owned(),
            search_text: client_search_text(self.table.name, self.table.tax_id),
            created_at: calendar.time(self.table.since, VISIT_AT),
        }
    }

    /// Its contacts, with the time of their last visit.
    pub(super) fn contacts(&self, calendar: Calendar) -> Vec<load::Contact> {
        let rows = self.table.contacts.iter().zip(&self.contacts).enumerate();
        rows.map(|(place, (contact, id))| load::Contact {
            org_id: self.org_id,
            client_id: self.client_id,
            id: *id,
            name: contact.name.to_owned(),
            email: contact.email.to_owned(),
            email_norm: contact.email.to_owned(),
            portal_access: contact.portal_access,
            last_login_at: self
                .table
                .visits
                .iter()
                .filter(|visit| visit.contact == place && contact.portal_access)
                .map(|visit| calendar.time(visit.day, VISIT_AT + 1))
                .max(),
            created_at: calendar.time(self.table.since, VISIT_AT),
        })
        .collect()
    }

    /// Enters an invoice and its payments; `number` is `None` for a draft.
    pub(super) fn enter_invoice(
        &mut self,
        book: &mut Book,
        ids: &mut Ids,
        (calendar, links): (Calendar, &ShareLinks),
        invoice: &'static Invoice,
        (number, created_at): (Option<String>, DateTime<Utc>),
    ) -> Result<()> {
        let id = InvoiceId::from_uuid(ids.at(created_at));
        self.invoices.insert(invoice.title, id);
        let sheet = Sheet {
            org_id: self.org_id,
            client_id: self.client_id,
            parties: Parties {
                client_name: self.table.name.to_owned(),
                client_address: self.table.address.to_owned(),
                client_tax_id: self.table.tax_id.to_owned(),
                org_name: org::NAME.to_owned(),
                org_address: org::ADDRESS.to_owned(),
                org_tax_id: org::TAX_ID.to_owned(),
            },
            id,
            number,
            title: invoice.title.to_owned(),
            reference: invoice.reference.to_owned(),
            notes: invoice.notes.to_owned(),
            currency: invoice.currency.parse().map_err(Error::bug)?,
            issued_on: calendar.day(invoice.issued),
            due_on: calendar.day(invoice.issued - invoice.terms),
            created_at,
            voided_at: match invoice.state {
                State::Void(day) => Some(calendar.time(day, PAYMENT_AT)),
                State::Draft | State::Sent(_) => None,
            },
            lines: invoice.lines.iter().map(SheetLine::from).collect(),
        };
        let priced = sheet.price()?;
        let mut payments: Vec<load::Payment> = Vec::new();
        if let State::Sent(entries) = invoice.state {
            for entry in entries {
                let payment =
                    self.payment(ids, calendar, (id, invoice, priced.total_minor()), entry, &payments);
                if payment.method == "card" {
                    self.enter_paid(book, ids, &payment, entry.day);
                }
                payments.push(payment);
            }
        }
        book.enter(priced, payments);
        if matches!(invoice.state, State::Sent(_)) {
            // The secret is what nobody can guess: the demo's rows are the same whenever it is started.
            let nonce = sha256(id.uuid().as_bytes());
            let token_hash =
                LinkNonce::from_stored(&nonce).map(|nonce| links.hash(nonce)).unwrap_or_default();
            book.enter_share_link(load::ShareLink {
                org_id: self.org_id,
                client_id: self.client_id,
                id: ShareLinkId::from_uuid(ids.at(created_at)),
                invoice_id: id,
                nonce: nonce.to_vec(),
                token_hash: token_hash.to_vec(),
                created_at,
            });
        }
        Ok(())
    }

    fn payment(
        &self,
        ids: &mut Ids,
        calendar: Calendar,
        (invoice_id, invoice, total_minor): (InvoiceId, &'static Invoice, i64),
        entry: &Entry,
        earlier: &[load::Payment],
    ) -> load::Payment {
        let created_at = calendar.time(entry.day, PAYMENT_AT);
        let due_minor = total_minor - earlier.iter().map(|payment| payment.amount_minor).sum::<i64>();
        // What gives money back gives it back from the entry before.
        let before = earlier.last();
        let before_minor = before.map_or(0, |payment| payment.amount_minor);
        let before_method = before.map_or("other", |payment| payment.method);
        let (kind, method, amount_minor) = match entry.kind {
            Kind::InFull(method) => ("payment", method, due_minor),
            Kind::Part(method, amount_minor) => ("payment", method, amount_minor),
            Kind::Refund(amount_minor) => ("refund", before_method, -amount_minor),
            Kind::Reversal => ("reversal", before_method, -before_minor),
        };
        load::Payment {
            org_id: self.org_id,
            client_id: self.client_id,
            id: PaymentId::from_uuid(ids.at(created_at)),
            invoice_id,
            kind,
            method,
            currency: invoice.currency,
            amount_minor,
            received_on: calendar.day(entry.day),
            reference: entry.reference.to_owned(),
            reverses_id: before.filter(|_| kind != "payment").map(|payment| payment.id),
            created_at,
        }
    }
}
