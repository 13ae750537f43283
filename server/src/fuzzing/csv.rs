//! A file of clients that is to be imported.

use std::collections::HashSet;

use chrono::DateTime;

use crate::{
    csv::{Field, decode, lines, normal, records, unguarded},
    id::ClientId,
    import::{LONGEST_TEXT, MOST_ROWS, Outcome, Plan, TypedFile, plan_beside},
    login::Address,
    store::team::{ContactDraft, KnownClient},
};

/// The whole input is the file.
pub fn csv(input: &[u8]) {
    let Some(text) = decode(input) else { return };
    let text = normal(&text);
    assert!(!text.contains(['\r', '\0']) && !text.starts_with('\n') && !text.ends_with('\n'));
    of_rows(&text);
    for known in [&[][..], &known()] {
        let Ok(plan) = plan_beside(TypedFile { text: &text, currency: "EUR" }, known) else { continue };
        assert!(text.len() <= LONGEST_TEXT);
        of_plan(&text, &plan, known);
    }
}

fn known() -> [KnownClient; 3] {
    let client = |name: &str, is_archived, addresses: &[&str]| KnownClient {
        id: ClientId::new(DateTime::UNIX_EPOCH),
        name: name.to_owned(),
        is_archived,
        addresses: addresses.iter().map(|address| (*address).to_owned()).collect(),
    };
    [
        client("Harbour", false, &["ada@harbour.test"]),
        client("Norra", true, &[]),
        client("Kaffe", false, &["bo@kaffe.test"]),
    ]
}

/// Rows are counted as they stand in the text, and what is written of them is read back.
fn of_rows(text: &str) {
    let rows: Vec<_> = records(text).collect();
    let line_ends = text.bytes().filter(|byte| *byte == b'\n').count();
    assert!(rows.len() <= line_ends + 1 && rows.last().is_none_or(|last| last.number <= line_ends + 1));
    assert!(rows.is_sorted_by(|one, next| one.number < next.number), "rows are told apart by number");
    assert!(rows.iter().rev().skip(1).all(|row| !row.is_open), "an open quotation mark swallows the rest");
    for row in rows.iter().take(20) {
        // Two commas say what stands between cells, whatever else the cells are full of.
        let cells = || row.cells.iter().map(Field::Text);
        let head = vec![Field::Plain(""); row.cells.len() + 1];
        let written = lines([head, cells().chain([Field::Plain("end")]).collect()]).expect("memory takes it");
        let written = String::from_utf8(written).expect("what is written is Unicode");
        assert!(
            !row.cells.iter().any(|cell| cell.starts_with('=') && written.contains(&format!("\n{cell}")))
        );
        let read = records(&written).last().expect("a row was written").cells;
        let again: Vec<&str> = read.iter().map(unguarded).collect();
        let meant: Vec<&str> = row.cells.iter().map(unguarded).collect();
        assert_eq!(again.split_last().map(|(_, cells)| cells), Some(&meant[..]));
    }
}

/// A plan has as many rows as the file, makes no more than stands there, and nothing at all where anything is wrong.
fn of_plan(text: &str, plan: &Plan, known: &[KnownClient]) {
    let filled = records(text).filter(|row| row.cells.iter().any(|cell| !cell.trim().is_empty())).count();
    assert_eq!(plan.rows.len() + 1, filled, "each row below the first");
    assert!(plan.rows.len() <= MOST_ROWS);
    let how_many = |outcome| plan.rows.iter().filter(|row| row.outcome == outcome).count();
    assert_eq!(plan.is_sound(), how_many(Outcome::Wrong) == 0);
    assert_eq!(plan.is_sound(), plan.fingerprint.is_some());
    assert!(plan.rows.iter().all(|row| row.problems.is_empty() == (row.outcome != Outcome::Wrong)));
    assert!(plan.clients.len() + plan.contacts.len() <= plan.rows.len());
    assert!(plan.contact_count() <= plan.rows.len());
    if plan.is_sound() {
        assert_eq!(how_many(Outcome::NewClient), plan.clients.len());
        assert_eq!(how_many(Outcome::ContactOfClient), plan.contacts.len());
    }
    for (client, contacts) in &plan.clients {
        let named = |known: &KnownClient| known.name.to_lowercase() == client.name.to_lowercase();
        assert!(!known.iter().any(named), "{} is there", client.name);
        assert!((1..=120).contains(&client.name.chars().count()) || !plan.is_sound(), "{}", client.name);
        assert!(client.currency.len() == 3 || !plan.is_sound(), "{}", client.currency);
        of_contacts(contacts.iter());
    }
    for known in known {
        let of_client = plan.contacts.iter().filter(|(id, _)| *id == known.id).map(|(_, contact)| contact);
        assert!(of_client.clone().count() == 0 || !known.is_archived);
        assert!(of_client.clone().all(|contact| !known.addresses.contains(&contact.email_norm)));
        of_contacts(of_client);
    }
}

/// Each address of a client is one contact's.
fn of_contacts<'a>(contacts: impl Iterator<Item = &'a ContactDraft>) {
    let mut seen = HashSet::new();
    for contact in contacts {
        assert!(seen.insert(&contact.email_norm), "{} comes twice", contact.email_norm);
        let normal = Address::parse(&contact.email_norm).expect("it was checked");
        assert_eq!(normal.as_str(), contact.email_norm);
        assert!((1..=120).contains(&contact.name.chars().count()), "{}", contact.name);
    }
}
