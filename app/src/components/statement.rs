//! A statement of account: the days it is about, and what happened in them, currency by currency.

use chrono::NaiveDate;
use leptos::{either::EitherOf3, prelude::*};

use super::{DayRange, Empty};
use crate::{
    api::portal::{Statement, StatementEntry, StatementSection},
    format::Formats,
    money::Currency,
    period::Period,
    problem::Problems,
    words::entry_words,
};

/// What is asked for, as it was typed and as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeriodChoice {
    /// The days as they were typed.
    pub typed: (String, String),
    /// The days that are meant; none where they cannot be read.
    pub period: Option<Period>,
    /// What is wrong with them.
    pub problems: Problems,
}

/// The days, as links and as fields. A plain form: its address can be kept and sent on.
#[component]
pub fn PeriodForm(
    /// Where it leads.
    path: String,
    choice: PeriodChoice,
    /// The org's calendar day.
    today: NaiveDate,
) -> impl IntoView {
    let PeriodChoice { typed: (from, to), period, problems } = choice;
    let shown = |typed: String, read: Option<NaiveDate>| read.map_or(typed, |day| day.to_string());
    let (from, to) = (shown(from, period.map(|days| days.from)), shown(to, period.map(|days| days.to)));
    let links = Period::usual(today)
        .map(|(name, usual)| {
            view! {
                <li>
                    <a href=usual.link(&path) aria-current=(period == Some(usual)).then_some("true")>
                        {name}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="tabs" aria-label="Usual periods">
            <ul>{links}</ul>
        </nav>
        <form class="period" method="get" action=path>
            <DayRange from to problems/>
            <button class="button">"Show"</button>
        </form>
    }
}

/// What happened. Each currency stands for itself: sums of several are no sums.
#[component]
pub fn StatementTables(
    statement: Statement,
    /// How the reader writes dates and money.
    formats: Formats,
    /// Where an invoice is shown, by its id.
    invoice_href: fn(&str) -> String,
) -> impl IntoView {
    let Statement { from, to, sections, is_too_long, .. } = statement;
    if is_too_long {
        let sentence = "More happened in these days than fits on one statement. Choose fewer of them.";
        return EitherOf3::A(view! { <Empty title="Too much for one statement" sentence/> });
    }
    if sections.is_empty() {
        let sentence = "Nothing was billed or paid in these days, and nothing was owed before.";
        return EitherOf3::B(view! { <Empty title="Nothing in these days" sentence/> });
    }
    EitherOf3::C(
        sections.into_iter().map(|section| table(section, (from, to), &formats, invoice_href)).collect_view(),
    )
}

fn table(
    section: StatementSection,
    (from, to): (NaiveDate, NaiveDate),
    formats: &Formats,
    invoice_href: fn(&str) -> String,
) -> impl IntoView + use<> {
    let StatementSection { currency, opening_minor, entries, closing_minor } = section;
    let code = currency.code();
    let edge = |class: &'static str, words: &'static str, day: NaiveDate, minor: i64| {
        view! {
            <tr role="row" class=class>
                <td role="cell" class="date quiet">
                    {formats.date(day)}
                </td>
                <th role="rowheader" scope="row" colspan="2" class="what">
                    {words}
                </th>
                <td role="cell" class="amount num">
                    {formats.money(minor, currency)}
                </td>
            </tr>
        }
    };
    let opening = edge("edge", "Opening balance", from, opening_minor);
    let closing = edge("edge closing", "Closing balance", to, closing_minor);
    let rows = entries.into_iter().map(|entry| row(entry, currency, formats, invoice_href)).collect_view();
    view! {
        <section class="section" aria-labelledby=code>
            <header>
                <h2 id=code>{code}</h2>
            </header>
            <table class="ledger account" role="table">
                <caption class="visually-hidden">"Statement in " {code}</caption>
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col">"Date"</th>
                        <th role="columnheader" scope="col">"Entry"</th>
                        <th role="columnheader" scope="col" class="end">"Amount"</th>
                        <th role="columnheader" scope="col" class="end">"Balance"</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">{opening} {rows} {closing}</tbody>
            </table>
        </section>
    }
}

fn row(
    entry: StatementEntry,
    currency: Currency,
    formats: &Formats,
    invoice_href: fn(&str) -> String,
) -> impl IntoView + use<> {
    let note = (!entry.note.is_empty()).then(|| view! { <bdi class="small quiet">{entry.note}</bdi> });
    view! {
        <tr role="row">
            <td role="cell" class="date quiet">
                {formats.date(entry.day)}
            </td>
            <td role="cell" class="what">
                <span>
                    {entry_words(entry.kind, entry.method)} " "
                    <a class="number" href=invoice_href(&entry.invoice_id)>
                        {entry.invoice_number}
                    </a>
                </span>
                " "
                {note}
            </td>
            <td role="cell" class="change num">
                {formats.money(entry.amount_minor, currency)}
            </td>
            <td role="cell" class="amount num">
                {formats.money(entry.balance_minor, currency)}
            </td>
        </tr>
    }
}
