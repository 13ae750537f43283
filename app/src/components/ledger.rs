//! Invoices as a table. On a phone each row becomes a card; the roles keep it a table for screen
//! readers, who would otherwise lose it with its layout.

use chrono::NaiveDate;
use leptos::prelude::*;

use super::{
    Chip,
    status::{payment_state, status_words},
};
use crate::{
    api::portal::{InvoiceRow, InvoiceStatus},
    format::Formats,
    routes,
};

/// A table of invoices of all kinds.
#[component]
pub fn Ledger(
    /// What the table is about, for screen readers.
    caption: &'static str,
    /// The invoices, in the order in which they are shown.
    rows: Vec<InvoiceRow>,
    /// The org's calendar day.
    today: NaiveDate,
    /// How the reader writes dates and money.
    formats: Formats,
) -> impl IntoView {
    let rows = rows.into_iter().map(|row| ledger_row(row, today, &formats)).collect_view();
    view! {
        <table class="ledger" role="table">
            <caption class="visually-hidden">{caption}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">"Invoice"</th>
                    <th role="columnheader" scope="col">"Date"</th>
                    <th role="columnheader" scope="col">"Status"</th>
                    <th role="columnheader" scope="col" class="end">"Amount"</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    }
}

fn ledger_row(row: InvoiceRow, today: NaiveDate, formats: &Formats) -> impl IntoView + use<> {
    let (tone, text) = status_words(&row, today, formats);
    let href = routes::portal_invoice(&row.id);
    let amount = formats.money(row.total_minor, row.currency);
    let still_due = (row.due_minor > 0 && row.due_minor != row.total_minor)
        .then(|| format!("{} due", formats.money(row.due_minor, row.currency)));
    let state = payment_state(&row, formats);
    let amount_class = if row.status == InvoiceStatus::Void { "amount num struck" } else { "amount num" };
    view! {
        <tr role="row">
            <td role="cell" class="what">
                <a class="number" href=href>
                    {row.number}
                </a>
                " "
                {subject(row.title)}
                {state}
            </td>
            <td role="cell" class="date quiet">
                {formats.date(row.issued_on)}
            </td>
            <td role="cell" class="state">
                <Chip tone text/>
            </td>
            <td role="cell" class=amount_class>
                {amount}
                {still_due.map(|text| view! { <span class="small quiet">{text}</span> })}
            </td>
        </tr>
    }
}

/// What an invoice is for, where it says so. An empty element would still take its place in a card.
pub(super) fn subject(title: String) -> Option<impl IntoView> {
    (!title.is_empty()).then(|| view! { <bdi class="quiet">{title}</bdi> })
}
