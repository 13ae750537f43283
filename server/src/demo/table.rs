//! The shapes in which the demo's data is written down: days are counted back from today, so that
//! the demo looks the same whenever it is started.

use crate::seed::sheet::{SheetLine, TaxRate};

/// A client with its people and its invoices.
#[derive(Debug)]
pub(super) struct Client {
    pub(super) name: &'static str,
    pub(super) currency: &'static str,
    pub(super) locale: Option<&'static str>,
    pub(super) address: &'static str,
    pub(super) tax_id: &'static str,
    /// Since how many days it is a client.
    pub(super) since: i64,
    pub(super) contacts: &'static [Contact],
    /// In any order; they are numbered by their day.
    pub(super) invoices: &'static [Invoice],
    pub(super) visits: &'static [Visit],
}

/// A person at a client.
#[derive(Debug)]
pub(super) struct Contact {
    pub(super) name: &'static str,
    pub(super) email: &'static str,
    pub(super) portal_access: bool,
}

/// An invoice.
#[derive(Debug)]
pub(super) struct Invoice {
    /// So many days ago.
    pub(super) issued: i64,
    /// Days to pay.
    pub(super) terms: i64,
    pub(super) title: &'static str,
    pub(super) reference: &'static str,
    pub(super) currency: &'static str,
    pub(super) notes: &'static str,
    pub(super) lines: &'static [Line],
    pub(super) state: State,
}

/// Description, quantity in thousandths, unit, price of one unit in minor units, tax.
#[derive(Debug)]
pub(super) struct Line(
    pub(super) &'static str,
    pub(super) i64,
    pub(super) &'static str,
    pub(super) i64,
    pub(super) TaxRate,
);

impl From<&Line> for SheetLine {
    fn from(&Line(description, quantity_milli, unit, unit_price_minor, tax): &Line) -> Self {
        Self { description: description.to_owned(), quantity_milli, unit, unit_price_minor, tax }
    }
}

/// What became of an invoice.
#[derive(Debug)]
pub(super) enum State {
    /// Not sent yet.
    Draft,
    /// Cancelled, so many days ago.
    Void(i64),
    /// Sent, with what came in.
    Sent(&'static [Entry]),
}

/// Money that came in or went back, so many days ago.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) day: i64,
    pub(super) kind: Kind,
    pub(super) reference: &'static str,
}

/// Of which kind.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// All that is due then, by one of the methods of the schema.
    InFull(&'static str),
    /// A part in minor units, by a method.
    Part(&'static str, i64),
    /// Given back from the entry before it, in minor units.
    Refund(i64),
    /// The entry before it was made by mistake and is undone.
    Reversal,
}

/// One visit of a contact, so many days ago.
#[derive(Debug)]
pub(super) struct Visit {
    pub(super) day: i64,
    /// The contact's place in the client's table.
    pub(super) contact: usize,
    pub(super) browser: &'static str,
    pub(super) network: &'static str,
    /// The titles of the invoices that were opened.
    pub(super) opened: &'static [&'static str],
}

/// German VAT.
pub(super) const VAT: TaxRate = TaxRate { label: "VAT", ppm: 190_000 };
/// German VAT on printed matter and food.
pub(super) const REDUCED: TaxRate = TaxRate { label: "VAT, reduced rate", ppm: 70_000 };
/// Services to businesses elsewhere in the Union.
pub(super) const REVERSE: TaxRate = TaxRate { label: "VAT, reverse charge", ppm: 0 };
/// Services to businesses outside of the Union.
pub(super) const OUTSIDE: TaxRate = TaxRate { label: "VAT, outside the EU", ppm: 0 };

/// An invoice that nothing has come in for.
pub(super) const OPEN: State = State::Sent(&[]);

/// Paid in full by bank transfer.
pub(super) const fn transfer(day: i64, reference: &'static str) -> Entry {
    Entry { day, kind: Kind::InFull("bank_transfer"), reference }
}

/// Paid in full by card.
pub(super) const fn card(day: i64) -> Entry {
    Entry { day, kind: Kind::InFull("card"), reference: "" }
}

/// Paid in full in cash.
pub(super) const fn cash(day: i64) -> Entry {
    Entry { day, kind: Kind::InFull("cash"), reference: "" }
}

/// A part by bank transfer.
pub(super) const fn part(day: i64, amount_minor: i64, reference: &'static str) -> Entry {
    Entry { day, kind: Kind::Part("bank_transfer", amount_minor), reference }
}

/// Given back from the entry before it.
pub(super) const fn refund(day: i64, amount_minor: i64, reference: &'static str) -> Entry {
    Entry { day, kind: Kind::Refund(amount_minor), reference }
}

/// The entry before it was made by mistake.
pub(super) const fn reversal(day: i64, reference: &'static str) -> Entry {
    Entry { day, kind: Kind::Reversal, reference }
}
