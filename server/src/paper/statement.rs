//! A statement of account on paper and for spreadsheets. Neither says when it was made: the same days are the same
//! bytes as long as nothing has happened that belongs into them.

use app::{
    api::portal::{EntryKind, Statement, StatementEntry, StatementSection},
    format::Formats,
    money::write_exact,
    words::entry_words,
};

use super::{Letterhead, party};
use crate::{
    csv::{self, Field},
    error::Result,
    pdf::{StatementPdf, StatementRowPdf, StatementSectionPdf},
};

/// The statement as a document.
#[must_use]
pub fn of_statement(letterhead: Letterhead, statement: &Statement) -> StatementPdf {
    let Letterhead { brand, locale, formats } = letterhead;
    let Statement { from, to, bill_to, bill_to_tax_id, bill_from, bill_from_tax_id, .. } = statement;
    StatementPdf {
        lang: locale,
        title: "Statement".to_owned(),
        period: String::new(),
        facts: vec![("From".to_owned(), formats.date(*from)), ("As of".to_owned(), formats.date(*to))],
        sections: statement.sections.iter().map(|section| self::section(section, &formats)).collect(),
        notes: if statement.sections.is_empty() {
            "Nothing was billed or paid in these days.".to_owned()
        } else {
            String::new()
        },
        from: party(bill_from.clone(), bill_from_tax_id.clone()),
        to: party(bill_to.clone(), bill_to_tax_id.clone()),
        footer: brand.email.clone(),
        brand,
    }
}

fn section(section: &StatementSection, formats: &Formats) -> StatementSectionPdf {
    let money = |minor: i64| formats.money(minor, section.currency);
    let row = |entry: &StatementEntry| {
        // What is billed stands in one column and what is paid in the other; what takes one back stands in the same
        // column, with its sign.
        let is_billed = matches!(entry.kind, EntryKind::Invoice | EntryKind::Cancellation);
        let (charge, credit) = if is_billed {
            (money(entry.amount_minor), String::new())
        } else {
            (String::new(), money(-entry.amount_minor))
        };
        let words = entry_words(entry.kind, entry.method);
        let note = if entry.note.is_empty() { words.to_owned() } else { format!("{words}, {}", entry.note) };
        StatementRowPdf {
            date: formats.date_short(entry.day),
            what: note,
            reference: entry.invoice_number.clone(),
            charge,
            credit,
            balance: money(entry.balance_minor),
        }
    };
    StatementSectionPdf {
        currency: section.currency.code().to_owned(),
        opening: money(section.opening_minor),
        rows: section.entries.iter().map(row).collect(),
        closing: money(section.closing_minor),
    }
}

const HEADER: [&str; 7] = ["Currency", "Date", "Entry", "Invoice", "Note", "Amount", "Balance"];

/// The statement as comma-separated values: days as in ISO 8601, amounts with a point and the currency's decimals.
///
/// # Errors
/// None in practice: memory takes what is written to it.
pub fn csv_of_statement(statement: &Statement) -> Result<Vec<u8>> {
    let mut file = csv::lines(std::iter::once(HEADER.map(Field::Plain)))?;
    for section in &statement.sections {
        let currency = section.currency;
        let plain = |minor: i64| write_exact(minor, currency);
        let code = currency.code();
        let edge = |day: String, words: &str, minor: i64| {
            csv::lines(std::iter::once([
                Field::Plain(code),
                Field::Plain(&day),
                Field::Plain(words),
                Field::Plain(""),
                Field::Plain(""),
                Field::Plain(""),
                Field::Plain(&plain(minor)),
            ]))
        };
        file.extend(edge(statement.from.to_string(), "Opening balance", section.opening_minor)?);
        for entry in &section.entries {
            file.extend(csv::lines(std::iter::once([
                Field::Plain(code),
                Field::Plain(&entry.day.to_string()),
                Field::Plain(entry_words(entry.kind, entry.method)),
                Field::Text(&entry.invoice_number),
                Field::Text(&entry.note),
                Field::Plain(&plain(entry.amount_minor)),
                Field::Plain(&plain(entry.balance_minor)),
            ]))?);
        }
        file.extend(edge(statement.to.to_string(), "Closing balance", section.closing_minor)?);
    }
    Ok(file)
}
