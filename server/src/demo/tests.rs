//! The demo's tables tell a story that holds together.

use std::collections::HashSet;

use super::*;
use crate::{id::OrgId, login::Address, store::system::load};
use table::Kind;

fn book_on(today: &str) -> (Book, i64) {
    let calendar = Calendar { today: today.parse().unwrap() };
    let secrets = "demo-secret-demo-secret-demo-secret".parse().unwrap();
    let links = ShareLinks::new(secrets, "http://127.0.0.1:3000".parse().unwrap());
    let mut ids = Ids::new(&[0]);
    let org_id = OrgId::from_uuid(ids.at(calendar.time(ORG_SINCE, 0)));
    let mut accounts: Vec<Account> =
        CLIENTS.iter().map(|client| Account::open(client, org_id, calendar, &mut ids)).collect();
    let mut book = Book::new(calendar.today);
    let next = enter_invoices(&mut accounts, &mut book, &mut ids, (calendar, &links), "JF-").unwrap();
    for account in &accounts {
        account.enter_visits(&mut book, &mut ids, calendar);
    }
    (book, next)
}

#[test]
fn the_same_day_gives_the_same_rows() {
    assert!(book_on("2026-11-22") == book_on("2026-11-22"));
    assert!(book_on("2026-11-22") != book_on("2026-11-23"));
}

#[test]
fn numbers_are_gapless_in_the_order_of_issue() {
    let (book, next_number) = book_on("2026-11-22");
    let mut sent: Vec<&load::Invoice> =
        book.invoices().iter().filter(|invoice| invoice.number.is_some()).collect();
    sent.sort_by_key(|invoice| invoice.issued_on);
    let numbers: Vec<_> = sent.iter().filter_map(|invoice| invoice.number.clone()).collect();
    assert_eq!(numbers, (1..next_number).map(|n| invoice_number("JF-", n)).collect::<Vec<_>>());
}

#[test]
fn every_state_can_be_seen() {
    let (book, _) = book_on("2026-11-22");
    let today = "2026-11-22".parse().unwrap();
    let is_open =
        |invoice: &&load::Invoice| invoice.status == "sent" && invoice.paid_minor < invoice.total_minor;
    let open = || book.invoices().iter().filter(is_open);
    assert!(open().any(|invoice| invoice.paid_minor == 0 && invoice.due_on >= today), "open");
    assert!(open().any(|invoice| invoice.paid_minor > 0), "partly paid");
    assert!(open().any(|invoice| invoice.due_on < today), "overdue");
    for status in ["draft", "void"] {
        assert!(book.invoices().iter().any(|invoice| invoice.status == status), "{status}");
    }
    assert!(
        book.invoices().iter().all(|invoice| invoice.paid_minor <= invoice.total_minor),
        "nothing overpaid"
    );
    assert!(book.invoices().iter().all(|invoice| invoice.total_minor > 0));
}

#[test]
fn things_happen_in_their_order_and_before_today() {
    for client in CLIENTS {
        assert!(client.since < ORG_SINCE && client.since > 0, "{}", client.name);
        for invoice in client.invoices {
            assert!((1..client.since).contains(&invoice.issued), "{}", invoice.title);
            if let State::Sent(entries) = invoice.state {
                let mut day = invoice.issued;
                for entry in entries {
                    assert!((1..day).contains(&entry.day), "{}: {}", invoice.title, entry.day);
                    day = entry.day + 1;
                }
                let first = entries.first().map(|entry| entry.kind);
                assert!(!matches!(first, Some(Kind::Refund(_) | Kind::Reversal)), "{}", invoice.title);
            }
        }
        for visit in client.visits {
            assert!((1..client.since).contains(&visit.day), "{}: {}", client.name, visit.day);
            for title in visit.opened {
                let seen = client.invoices.iter().find(|invoice| invoice.title == *title);
                assert!(seen.is_some_and(|invoice| invoice.issued > visit.day), "{title}");
            }
        }
    }
}

#[test]
fn addresses_are_well_formed_and_each_stands_once_at_a_client() {
    for client in CLIENTS {
        let mut seen = HashSet::new();
        for contact in client.contacts {
            assert_eq!(Address::parse(contact.email).unwrap().as_str(), contact.email);
            assert!(seen.insert(contact.email), "{}", contact.email);
        }
    }
}
