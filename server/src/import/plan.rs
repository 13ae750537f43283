//! What a file comes to, row by row. A plan with anything wrong in it is not carried out at all.

use std::fmt::Write as _;

use app::problem::Problem;

use crate::{
    auth::secret::{hexadecimal, sha256},
    id::ClientId,
    store::team::{ClientDraft, ContactDraft},
};

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A client is added, and its contact if the row has one.
    NewClient,
    /// A contact is added to a client that an earlier row adds.
    ContactOfNewClient,
    /// A contact is added to a client that is there.
    ContactOfClient,
    /// All of it is there already, and stays as it is.
    Exists,
    /// Something is wrong with it.
    Wrong,
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellProblem {
    /// What the file calls the column; empty where it is the whole row.
    pub column: String,
    /// What is wrong.
    pub problem: Problem,
}

/// A row, and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedRow {
    /// Its number as a spreadsheet counts.
    pub number: usize,
    /// The client's name.
    pub client: String,
    /// The contact's name; empty without a contact.
    pub contact: String,
    /// The contact's address.
    pub email: String,
    /// Whether the portal will let the contact in.
    pub portal_access: bool,
    /// What becomes of it.
    pub outcome: Outcome,
    /// What is wrong, where something is.
    pub problems: Vec<CellProblem>,
}

/// What a file comes to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// Every row, in its order.
    pub rows: Vec<PlannedRow>,
    /// What stands above the columns that are passed over.
    pub ignored: Vec<String>,
    /// The clients that are added, with their contacts.
    pub clients: Vec<(ClientDraft, Vec<ContactDraft>)>,
    /// The contacts that are added to clients that are there.
    pub contacts: Vec<(ClientId, ContactDraft)>,
    /// What stands for it; none where something is wrong.
    pub fingerprint: Option<String>,
}

impl Plan {
    /// Nothing is wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.rows.iter().all(|row| row.outcome != Outcome::Wrong)
    }

    /// Everything is there already.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        self.clients.is_empty() && self.contacts.is_empty()
    }

    /// How many contacts are added.
    #[must_use]
    pub fn contact_count(&self) -> usize {
        self.contacts.len() + self.clients.iter().map(|(_, contacts)| contacts.len()).sum::<usize>()
    }

    /// Stands for what would be made of this text. Whoever gives it back has seen just that: another text, or
    /// a client that has come or gone since, makes another one.
    pub(super) fn fingerprint_of(&self, text: &str, currency: &str) -> String {
        let mut seen = format!("{currency}\0{text}\0");
        for (id, contact) in &self.contacts {
            // Writing to a String cannot fail.
            let _ = write!(seen, "{id}\0{}\0", contact.email_norm);
        }
        seen.extend(self.rows.iter().map(|row| match row.outcome {
            Outcome::NewClient => 'c',
            Outcome::ContactOfNewClient => 'n',
            Outcome::ContactOfClient => 'o',
            Outcome::Exists => 'x',
            Outcome::Wrong => 'w',
        }));
        hexadecimal(&sha256(seen.as_bytes()))
    }
}
