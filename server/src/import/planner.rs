//! From a file, and what the org has already, to a plan. A pure rule: the same file over the same clients is
//! the same plan. What may be set of a client and a contact is what `directory` says of those that are added
//! by hand.

use std::collections::HashMap;

use app::problem::{FieldProblem, ImportProblem, Problem};

use super::{
    columns::Column,
    plan::{CellProblem, Outcome, Plan, PlannedRow},
    sheet::{Row, Sheet},
};
use crate::{
    directory::{ClientFields, ContactFields},
    id::ClientId,
    store::team::{ClientDraft, ContactDraft, KnownClient},
};

/// Plans a file; `currency` is that of new clients for which the file names none.
pub(super) fn plan(sheet: &Sheet, currency: &str, known: &[KnownClient]) -> Plan {
    let mut planner = Planner {
        sheet,
        currency,
        rows: sheet.rows.iter().map(|_| Judged::default()).collect(),
        clients: vec![],
        contacts: vec![],
    };
    // Clients whose names differ in case alone are one to those who read them.
    let mut by_name: HashMap<String, Vec<&KnownClient>> = HashMap::new();
    for client in known {
        by_name.entry(client.name.to_lowercase()).or_default().push(client);
    }
    for (name, rows) in planner.groups() {
        planner.plan_client(&rows, by_name.get(&name).map_or(&[], Vec::as_slice));
    }
    let Planner { rows, clients, contacts, .. } = planner;
    let rows = sheet.rows.iter().zip(rows).map(|(row, judged)| judged.told(row)).collect();
    Plan { rows, ignored: sheet.ignored.clone(), clients, contacts, fingerprint: None }
}

/// What is found out about a row.
#[derive(Debug, Default)]
struct Judged {
    /// None: nothing is to be done for it.
    outcome: Option<Outcome>,
    portal_access: bool,
    problems: Vec<CellProblem>,
}

impl Judged {
    fn told(self, row: &Row) -> PlannedRow {
        let outcome =
            if self.problems.is_empty() { self.outcome.unwrap_or(Outcome::Exists) } else { Outcome::Wrong };
        PlannedRow {
            number: row.number,
            client: row.client.clone(),
            contact: row.contact.clone(),
            email: row.email.clone(),
            portal_access: self.portal_access,
            outcome,
            problems: self.problems,
        }
    }
}

struct Planner<'a> {
    sheet: &'a Sheet,
    currency: &'a str,
    rows: Vec<Judged>,
    clients: Vec<(ClientDraft, Vec<ContactDraft>)>,
    contacts: Vec<(ClientId, ContactDraft)>,
}

impl<'a> Planner<'a> {
    fn refuse(&mut self, at: usize, column: Column, problem: impl Into<Problem>) {
        let column = self.sheet.columns.name(column).to_owned();
        self.rows[at].problems.push(CellProblem { column, problem: problem.into() });
    }

    /// The rows of each client, in the order in which clients come first. Rows that cannot be read, or that
    /// name no client, are told as such and belong to none.
    fn groups(&mut self) -> Vec<(String, Vec<usize>)> {
        let mut groups: Vec<(String, Vec<usize>)> = vec![];
        let mut places: HashMap<String, usize> = HashMap::new();
        for (at, row) in self.sheet.rows.iter().enumerate() {
            if let Some(broken) = row.broken.clone() {
                self.rows[at].problems.push(CellProblem { column: String::new(), problem: broken.into() });
            } else if row.client.is_empty() {
                self.refuse(at, Column::Client, Problem::Required);
            } else {
                let name = row.client.to_lowercase();
                let place = *places.entry(name.clone()).or_insert(groups.len());
                if place == groups.len() {
                    groups.push((name, vec![]));
                }
                groups[place].1.push(at);
            }
        }
        groups
    }

    fn plan_client(&mut self, rows: &[usize], known: &[&KnownClient]) {
        let mut active = known.iter().filter(|client| !client.is_archived);
        let refused = match (active.next(), active.next()) {
            (Some(client), None) => return self.plan_known_client(rows, client),
            (Some(_), Some(_)) => ImportProblem::SeveralClients,
            (None, _) if known.is_empty() => return self.plan_new_client(rows),
            (None, _) => ImportProblem::InArchive,
        };
        for at in rows {
            self.refuse(*at, Column::Client, refused.clone());
        }
    }

    /// The client stays as it is, whatever the file says of it.
    fn plan_known_client(&mut self, rows: &[usize], client: &KnownClient) {
        for (at, contact) in self.plan_contacts(rows) {
            if !client.addresses.contains(&contact.email_norm) {
                self.rows[at].outcome = Some(Outcome::ContactOfClient);
                self.contacts.push((client.id, contact));
            }
        }
    }

    fn plan_new_client(&mut self, rows: &[usize]) {
        let Some(&first) = rows.first() else { return };
        let client = self.client_draft(rows, first);
        self.rows[first].outcome = Some(Outcome::NewClient);
        let mut contacts = vec![];
        for (at, contact) in self.plan_contacts(rows) {
            self.rows[at].outcome.get_or_insert(Outcome::ContactOfNewClient);
            contacts.push(contact);
        }
        // What is wrong with the client stands at its rows.
        self.clients.extend(client.map(|client| (client, contacts)));
    }

    /// What all rows of a client say of it together.
    fn client_draft(&mut self, rows: &[usize], first: usize) -> Option<ClientDraft> {
        let address = self.agreed(rows, Column::AddressLine, |row| &row.address);
        let tax_id = self.agreed(rows, Column::TaxId, |row| &row.tax_id);
        let currency = self.agreed(rows, Column::Currency, |row| &row.currency);
        let locale = self.agreed(rows, Column::Locale, |row| &row.locale);
        let typed = |agreed: Option<(usize, &'a str)>| agreed.map_or("", |(_, text)| text);
        let fields = ClientFields {
            name: &self.sheet.rows[first].client,
            currency: currency.map_or(self.currency, |(_, text)| text),
            locale: typed(locale),
            address: typed(address),
            tax_id: typed(tax_id),
        };
        let problems = match fields.check() {
            Ok(draft) => return Some(draft),
            Err(problems) => problems,
        };
        for FieldProblem { field, problem } in problems {
            let (from, column) = match &*field {
                "address" => (address, Column::AddressLine),
                "taxId" => (tax_id, Column::TaxId),
                "currency" => (currency, Column::Currency),
                "locale" => (locale, Column::Locale),
                _ => (None, Column::Client),
            };
            self.refuse(from.map_or(first, |(at, _)| at), column, problem);
        }
        None
    }

    /// What the rows of a client have in a column, and the first that has it. Most have it in the first row
    /// alone, or all the same.
    fn agreed(&mut self, rows: &[usize], column: Column, cell: fn(&Row) -> &str) -> Option<(usize, &'a str)> {
        let sheet = self.sheet;
        let mut said: Option<(usize, &str)> = None;
        for &at in rows {
            let text = cell(&sheet.rows[at]);
            match said {
                _ if text.is_empty() => {}
                None => said = Some((at, text)),
                Some((_, first)) if first.eq_ignore_ascii_case(text) => {}
                Some((first, _)) => {
                    let row = sheet.rows[first].number;
                    self.refuse(at, column, ImportProblem::SaysOtherwise { row });
                }
            }
        }
        said
    }

    /// The contacts of one client that nothing is wrong with, and their rows.
    fn plan_contacts(&mut self, rows: &[usize]) -> Vec<(usize, ContactDraft)> {
        let mut contacts = vec![];
        let mut seen: HashMap<String, usize> = HashMap::new();
        for &at in rows {
            let Some(contact) = self.contact_draft(at) else { continue };
            let number = self.sheet.rows[at].number;
            let row = *seen.entry(contact.email_norm.clone()).or_insert(number);
            if row == number {
                contacts.push((at, contact));
            } else {
                self.refuse(at, Column::Email, ImportProblem::SameAddress { row });
            }
        }
        contacts
    }

    fn contact_draft(&mut self, at: usize) -> Option<ContactDraft> {
        let row = &self.sheet.rows[at];
        let portal_access = yes_or_no(&row.portal_access);
        if portal_access.is_none() {
            self.refuse(at, Column::PortalAccess, ImportProblem::NoYesOrNo);
        }
        let portal_access = portal_access.unwrap_or_default();
        self.rows[at].portal_access = portal_access;
        if row.contact.is_empty() && row.email.is_empty() {
            if portal_access {
                self.refuse(at, Column::Email, Problem::Required);
            }
            return None;
        }
        match (ContactFields { name: &row.contact, email: &row.email, portal_access }).check() {
            Ok(draft) => Some(draft),
            Err(problems) => {
                for FieldProblem { field, problem } in problems {
                    let column = if field == "name" { Column::Contact } else { Column::Email };
                    self.refuse(at, column, problem);
                }
                None
            }
        }
    }
}

/// Nothing typed is no: who may see invoices is said in so many words.
fn yes_or_no(typed: &str) -> Option<bool> {
    match typed.to_lowercase().as_str() {
        "yes" | "y" | "true" | "on" | "1" | "x" => Some(true),
        "" | "no" | "n" | "false" | "off" | "0" => Some(false),
        _ => None,
    }
}
