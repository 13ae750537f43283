//! What files come to, beside what an org has.

use std::collections::HashSet;

use chrono::DateTime;

use super::{plan::CellProblem, planner::plan, sheet::Sheet, *};
use crate::{id::ClientId, store::team::KnownClient};

fn known(name: &str, is_archived: bool, addresses: &[&str]) -> KnownClient {
    let addresses: HashSet<String> = addresses.iter().map(|address| (*address).to_owned()).collect();
    KnownClient { id: ClientId::new(DateTime::UNIX_EPOCH), name: name.to_owned(), is_archived, addresses }
}

fn planned(text: &str, known: &[KnownClient]) -> Plan {
    plan(&Sheet::read(text).unwrap(), "EUR", known)
}

fn outcomes(plan: &Plan) -> Vec<Outcome> {
    plan.rows.iter().map(|row| row.outcome).collect()
}

/// Row, column and code of all that is wrong.
fn wrong(text: &str, known: &[KnownClient]) -> Vec<(usize, String, &'static str)> {
    let plan = planned(text, known);
    let all = plan.rows.iter().flat_map(|row| row.problems.iter().map(|problem| (row.number, problem)));
    all.map(|(row, CellProblem { column, problem })| (row, column.clone(), problem.code())).collect()
}

#[test]
fn rows_of_one_name_are_contacts_of_one_client() {
    let text = "Client,Contact,Email,Tax id,Currency,Access\nHarbour,Ada,ada@h.test,,,yes\n\
        Norra,,,SE 1,sek,\nHARBOUR,Ines,ines@h.test,IE 1,,";
    let plan = planned(text, &[]);
    assert_eq!(outcomes(&plan), [Outcome::NewClient, Outcome::NewClient, Outcome::ContactOfNewClient]);
    let [(harbour, contacts), (norra, nobody)] = &plan.clients[..] else { panic!("{plan:?}") };
    assert_eq!((&*harbour.name, &*harbour.tax_id, &*harbour.currency), ("Harbour", "IE 1", "EUR"));
    assert_eq!((&*norra.currency, nobody.len(), plan.contact_count()), ("SEK", 0, 2));
    let access: Vec<bool> = contacts.iter().map(|contact| contact.portal_access).collect();
    assert_eq!(access, [true, false]);
}

#[test]
fn a_client_that_is_there_gets_contacts_and_stays_as_it_is() {
    let there = known("Harbour", false, &["ada@h.test"]);
    let text =
        "Client,Contact,Email,Currency\nharbour,Ada,ADA@h.test,XXX\nHarbour,Ines,ines@h.test,\nHarbour,,,";
    let plan = planned(text, std::slice::from_ref(&there));
    assert_eq!(outcomes(&plan), [Outcome::Exists, Outcome::ContactOfClient, Outcome::Exists]);
    assert!(plan.clients.is_empty() && plan.contacts.len() == 1 && plan.contacts[0].0 == there.id);
    assert!(!plan.is_done() && planned("Client\nHarbour", &[there]).is_done());
}

#[test]
fn what_is_wrong_is_told_at_its_row_and_column() {
    let text = "Firm name;Company;Person;Mail;Portal;Street;VAT;Currency;Language\n\
        ;;Ada;ada@h.test;;;;;\n\
        ;Harbour;Ada;nonsense;perhaps;1 Quay;1;XAU;??\n\
        ;Harbour;;ines@h.test;;2 Quay;1;;\n\
        ;Norra;;;yes;;;;\n\
        ;Norra;Bo;bo@n.test;;;;;\n\
        ;Norra;Bo;BO@n.test;;;;;";
    let told = [
        (2, "Company", "REQUIRED"),
        (3, "Currency", "UNKNOWN_CURRENCY"),
        (3, "Language", "UNKNOWN_LOCALE"),
        (3, "Portal", "NO_YES_OR_NO"),
        (3, "Mail", "MALFORMED_ADDRESS"),
        (4, "Street", "SAYS_OTHERWISE"),
        (4, "Person", "REQUIRED"),
        (5, "Mail", "REQUIRED"),
        (7, "Mail", "SAME_ADDRESS_IN_FILE"),
    ];
    assert_eq!(wrong(text, &[]), told.map(|(row, column, code)| (row, column.to_owned(), code)));
}

#[test]
fn hostile_and_long_texts_are_refused_as_by_hand() {
    let long = "x".repeat(121);
    let text =
        format!("Client,Contact,Email\na\u{202e}b,c\u{7},c@x.test\n{long},d,d@x.test\ne,\"f\ng\",f@x.test");
    let codes: Vec<_> = wrong(&text, &[]).into_iter().map(|(row, _, code)| (row, code)).collect();
    let control = "CONTROL_CHARACTERS";
    assert_eq!(codes, [(2, control), (2, control), (3, "TOO_LONG"), (4, control)]);
}

#[test]
fn a_name_that_means_no_one_client_is_refused() {
    let (one, other) = (known("Harbour", false, &[]), known("HARBOUR", false, &[]));
    let archived = known("Harbour", true, &[]);
    let code = |known: &[KnownClient]| wrong("Client\nHarbour", known).pop().map(|(.., code)| code);
    assert_eq!(code(&[one.clone(), other]), Some("SEVERAL_CLIENTS"));
    assert_eq!(code(std::slice::from_ref(&archived)), Some("IN_ARCHIVE"));
    assert_eq!(code(&[archived, one]), None);
}

#[test]
fn a_fingerprint_stands_for_what_is_made() {
    let text = "Client,Contact,Email\nHarbour,Ada,ada@h.test";
    let of =
        |text: &str, currency, known: &[KnownClient]| planned(text, known).fingerprint_of(text, currency);
    let first = of(text, "EUR", &[]);
    assert_eq!(first, of(text, "EUR", &[known("Norra", false, &[])]));
    assert_ne!(first, of(text, "USD", &[]));
    assert_ne!(first, of(&format!("{text} "), "EUR", &[]));
    assert_ne!(first, of(text, "EUR", &[known("Harbour", false, &[])]));
}
