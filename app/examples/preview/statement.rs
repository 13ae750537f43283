//! Statements of account, of either side.

use leptos::prelude::*;
use postern_app::{
    api::portal::{EntryKind, PaymentMethod, Statement, StatementEntry, StatementSection},
    components::PeriodChoice,
    pages::{portal::StatementPage, team::ClientStatementPage},
    period::Period,
    problem::{Problems, Told},
    render::render,
};

use super::{
    fixtures::{self as data, currency, days_ago},
    team,
};

/// File stem and HTML of every page.
pub(crate) fn all() -> Vec<(&'static str, String)> {
    let page =
        |choice, statement| render(move || view! { <StatementPage frame=data::frame() choice statement/> });
    let empty = || Statement { sections: vec![], ..statement() };
    let too_long = || Statement { is_too_long: true, ..empty() };
    vec![
        ("statement", page(choice(), Some(statement()))),
        ("statement-no-days", page(no_days(), None)),
        ("statement-empty", page(choice(), Some(empty()))),
        ("statement-too-long", page(choice(), Some(too_long()))),
        (
            "team-statement",
            render(|| {
                view! {
                    <ClientStatementPage
                        frame=team::frame()
                        client=team::client()
                        choice=choice()
                        statement=Some(statement())
                    />
                }
            }),
        ),
    ]
}

/// A statement in two currencies.
fn statement() -> Statement {
    let entry = |ago: u64, kind, method, number: &str, note: &str, minor: i64, balance: i64| StatementEntry {
        day: days_ago(ago),
        kind,
        method,
        invoice_id: format!("inv_{number}"),
        invoice_number: number.to_owned(),
        note: note.to_owned(),
        amount_minor: minor,
        balance_minor: balance,
    };
    let paid = Some(PaymentMethod::BankTransfer);
    let euro = vec![
        entry(
            60,
            EntryKind::Invoice,
            None,
            "JF-2026-031",
            "Spring catalogue, layout and proofs",
            240_000,
            300_000,
        ),
        entry(50, EntryKind::Payment, paid, "JF-2026-030", "E2E-77120034-HARBOUR", -60_000, 240_000),
        entry(
            40,
            EntryKind::Cancellation,
            None,
            "JF-2026-031",
            "Spring catalogue, layout and proofs",
            -240_000,
            0,
        ),
        entry(30, EntryKind::Payment, paid, "JF-2026-032", "", -5_000, -5_000),
        entry(20, EntryKind::Reversal, paid, "JF-2026-032", "", 5_000, 0),
        entry(10, EntryKind::Invoice, None, "JF-2026-044", "", 123_456_789, 123_456_789),
    ];
    let yen = vec![entry(5, EntryKind::Invoice, None, "JF-2026-045", "Poster", 12_000, 12_000)];
    let section = |code: &str, opening_minor, entries, closing_minor| StatementSection {
        currency: currency(code),
        opening_minor,
        entries,
        closing_minor,
    };
    Statement {
        from: days_ago(90),
        to: days_ago(0),
        sections: vec![section("EUR", 60_000, euro, 123_456_789), section("JPY", 0, yen, 12_000)],
        is_too_long: false,
        bill_to: vec!["Harbour Books".to_owned()],
        bill_to_tax_id: String::new(),
        bill_from: vec!["Juniper & Finch Ltd".to_owned()],
        bill_from_tax_id: String::new(),
    }
}

/// The days of a statement that were asked for.
fn choice() -> PeriodChoice {
    let period = Period { from: days_ago(90), to: days_ago(0) };
    PeriodChoice {
        typed: (String::new(), String::new()),
        period: Some(period),
        problems: Problems::default(),
    }
}

/// Days that cannot be read.
fn no_days() -> PeriodChoice {
    let told = Told { field: "from".to_owned(), message: "There is no such day.".to_owned() };
    PeriodChoice { typed: ("31.2.".to_owned(), String::new()), period: None, problems: Problems(vec![told]) }
}
