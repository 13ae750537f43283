//! What is promised of seeded data, looked at before it reaches a database.

use super::{book::Book, *};
use crate::store::{invoice_text::invoice_number, system::load};

fn size() -> Size {
    Size {
        orgs: 3,
        clients: 4,
        invoices: 500,
        focus_client_invoices: Some(150),
        focus_client_open: None,
        seed: 1,
        today: NaiveDate::from_ymd_opt(2026, 11, 22),
    }
}

/// Every row of every org, as it would be written.
fn everything(size: &Size) -> Vec<(org::OrgRows, Book, i64)> {
    let timeline = Timeline::until(size.today.unwrap());
    (1..=u64::from(size.orgs))
        .map(|ordinal| {
            let (org, rows) = Org::make(size, timeline, ordinal).unwrap();
            let mut book = org.book();
            let mut invoices = size.invoices_of(&org);
            while invoices.enter_next(&mut book).unwrap() {}
            (rows, book, invoices.next_number())
        })
        .collect()
}

#[test]
fn the_same_size_gives_the_same_rows_and_another_seed_others() {
    assert!(everything(&size()) == everything(&size()));
    assert!(everything(&size()) != everything(&Size { seed: 2, ..size() }));
}

#[test]
fn there_are_as_many_invoices_as_were_asked_for_and_the_first_client_has_its_own() {
    for size in [
        size(),
        Size { orgs: 1, ..size() },
        Size { clients: 1, ..size() },
        Size { focus_client_invoices: None, ..size() },
        Size { invoices: 150, orgs: 1, clients: 1, ..size() },
    ] {
        size.check().unwrap();
        let all = everything(&size);
        let invoices: usize = all.iter().map(|(_, book, _)| book.invoices().len()).sum();
        assert_eq!(invoices as u64, size.invoices, "{size:?}");
        if let Some(wanted) = size.focus_client_invoices {
            let first = all[0].0.first_client();
            let focused = all[0].1.invoices().iter().filter(|invoice| invoice.client_id == first).count();
            assert_eq!(focused as u64, wanted, "{size:?}");
        }
    }
}

#[test]
fn the_first_client_has_as_many_open_invoices_as_were_asked_for_and_the_others_are_paid() {
    for wanted in [0, 3, 150] {
        let size = Size { focus_client_open: Some(wanted), ..size() };
        size.check().unwrap();
        let (rows, book, _) = everything(&size).swap_remove(0);
        let own: Vec<_> =
            book.invoices().iter().filter(|invoice| invoice.client_id == rows.first_client()).collect();
        let open = own.iter().filter(|invoice| invoice.paid_minor < invoice.total_minor).count();
        assert_eq!((own.len(), open as u64), (150, wanted));
        assert!(own.iter().all(|invoice| invoice.status == "sent" && invoice.currency == own[0].currency));
    }
}

#[test]
fn sizes_that_contradict_each_other_are_refused() {
    for size in [
        Size { orgs: 0, ..size() },
        Size { clients: 0, ..size() },
        Size { invoices: 149, ..size() },
        Size { focus_client_open: Some(151), ..size() },
        Size { orgs: 1, clients: 1, ..size() },
    ] {
        assert!(matches!(size.check(), Err(Error::Refused(_))), "{size:?}");
    }
}

#[test]
fn numbers_are_gapless_in_the_order_of_issue_and_nothing_lies_in_the_future() {
    let end = Timeline::until(size().today.unwrap()).end;
    for (_, book, next_number) in everything(&size()) {
        let numbers: Vec<_> = book.invoices().iter().filter_map(|invoice| invoice.number.clone()).collect();
        let gapless: Vec<_> = (1..next_number).map(|n| invoice_number("INV-", n)).collect();
        assert_eq!(numbers, gapless);
        assert!(book.invoices().is_sorted_by_key(|invoice| (invoice.issued_on, invoice.id)));
        assert!(book.invoices().iter().all(|invoice| invoice.created_at < end));
        assert!(book.invoices().iter().any(|invoice| invoice.number.is_none()));
    }
}

#[test]
fn what_is_kept_of_an_org_is_the_sum_over_its_clients_and_payments() {
    for (_, book, _) in everything(&size()) {
        for of_the_org in book.org_balances().values() {
            let own: Vec<_> =
                book.balances().filter(|balance| balance.currency == of_the_org.currency).collect();
            assert_eq!(of_the_org.open_count, own.iter().map(|balance| balance.open_count).sum::<i64>());
            assert_eq!(
                of_the_org.overdue_minor,
                own.iter().map(|balance| balance.overdue_minor).sum::<i64>()
            );
        }
        let kept: i64 = book.paid_months().map(|month| month.paid_minor).sum();
        assert_eq!(kept, book.invoices().iter().map(|invoice| invoice.paid_minor).sum::<i64>());
        assert!(book.paid_months().count() > 1);
    }
}

#[test]
fn balances_are_the_sums_of_what_is_open() {
    for (_, book, _) in everything(&size()) {
        for balance in book.balances() {
            let open = book.invoices().iter().filter(|invoice| {
                (invoice.client_id, invoice.currency) == (balance.client_id, balance.currency)
                    && invoice.status == "sent"
                    && invoice.paid_minor < invoice.total_minor
            });
            let due = |invoice: &load::Invoice| invoice.total_minor - invoice.paid_minor;
            let overdue = open.clone().filter(|invoice| invoice.due_on < balance.overdue_before);
            assert_eq!(balance.outstanding_minor, open.clone().map(due).sum::<i64>());
            assert_eq!(usize::try_from(balance.open_count).unwrap(), open.count());
            assert_eq!(balance.overdue_minor, overdue.clone().map(due).sum::<i64>());
            assert_eq!(usize::try_from(balance.overdue_count).unwrap(), overdue.count());
        }
        assert!(book.balances().any(|balance| balance.overdue_count > 0));
    }
}
