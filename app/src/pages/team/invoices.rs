//! All invoices of all clients, by status and by search.

use leptos::{either::Either, prelude::*};

use super::payments::csv_link;
use crate::{
    api::{
        portal::Page,
        team::{InvoiceFilter, InvoiceStatus, InvoiceSummary},
    },
    components::{Chip, Empty, Pagination, PaginationProps, SearchForm, Tone, found_words},
    format::Formats,
    layout::{Desk, DeskFrame, DeskTab, Scripts},
    routes,
};

/// The list of invoices. Everything that a search changes is in the element `results`.
#[component]
pub fn TeamInvoicesPage(
    /// What every page of the team knows.
    frame: DeskFrame,
    /// Which invoices are shown.
    filter: InvoiceFilter,
    /// What was searched for; may be empty.
    search: String,
    /// One page of them.
    page: Page<InvoiceSummary>,
) -> impl IntoView {
    let pagination = PaginationProps::of(&page.page_info, |cursor| {
        routes::app_invoices(filter.as_query(), &search, Some(cursor))
    });
    let summary = found_words(page.nodes.len(), page.page_info.has_next_page, &search, "invoice", "invoices");
    let file = (!page.nodes.is_empty())
        .then(|| csv_link(routes::app_export("invoices.csv", filter.as_query(), &search)));
    let list = if page.nodes.is_empty() {
        Either::Left(nothing(filter, &search))
    } else {
        let rows = page.nodes.into_iter().map(|invoice| row(invoice, &frame)).collect_view();
        Either::Right(view! {
            <table class="ledger" role="table">
                <caption class="visually-hidden">"Invoices"</caption>
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col">
                            "Invoice"
                        </th>
                        <th role="columnheader" scope="col">
                            "Date"
                        </th>
                        <th role="columnheader" scope="col">
                            "Status"
                        </th>
                        <th role="columnheader" scope="col" class="end">
                            "Amount"
                        </th>
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        })
    };
    let tabs = tabs(filter, &search);
    view! {
        <Desk frame title="Invoices".to_owned() tab=DeskTab::Invoices scripts=Scripts::Desk>
            <section class="list-page">
                <header class="list-head">
                    <h1>"Invoices"</h1>
                    <SearchForm
                        action=routes::APP_INVOICES
                        filter=filter.as_query().map(|status| ("status", status))
                        label="Search by number, title, amount or client"
                        placeholder="Search invoices"
                        value=search
                    />
                    <a class="button primary" href=routes::APP_INVOICES_NEW>
                        "New invoice"
                    </a>
                </header>
                <div id="results" data-summary=summary>
                    {tabs}
                    {list}
                    {Pagination(pagination)}
                    {file}
                </div>
            </section>
        </Desk>
    }
}

/// How an invoice stands, as a chip.
pub(super) fn status_words(invoice: &InvoiceSummary, frame: &DeskFrame) -> (Tone, String) {
    match invoice.status {
        InvoiceStatus::Draft => (Tone::Calm, "Draft".to_owned()),
        InvoiceStatus::Open => (Tone::Calm, format!("Due {}", frame.formats.date_short(invoice.due_on))),
        InvoiceStatus::PartiallyPaid => (Tone::Part, "Partly paid".to_owned()),
        InvoiceStatus::Overdue => {
            let days = (frame.today - invoice.due_on).num_days().max(1);
            (Tone::Late, format!("{} overdue", frame.formats.days(days)))
        }
        InvoiceStatus::Paid => (Tone::Good, "Paid".to_owned()),
        InvoiceStatus::Void => (Tone::Calm, "Void".to_owned()),
    }
}

/// What the team calls an invoice: its number, or that it is a draft.
pub(super) fn name_of(invoice: &InvoiceSummary) -> String {
    invoice.number.clone().unwrap_or_else(|| "Draft".to_owned())
}

const fn label(filter: InvoiceFilter) -> &'static str {
    match filter {
        InvoiceFilter::All => "All",
        InvoiceFilter::Draft => "Drafts",
        InvoiceFilter::Open => "Open",
        InvoiceFilter::Overdue => "Overdue",
        InvoiceFilter::Paid => "Paid",
        InvoiceFilter::Void => "Void",
    }
}

/// The filters, as links that keep the search.
fn tabs(current: InvoiceFilter, search: &str) -> impl IntoView + use<> {
    let links = InvoiceFilter::ALL
        .map(|filter| {
            let href = routes::app_invoices(filter.as_query(), search, None);
            view! {
                <li>
                    <a href=href aria-current=(filter == current).then_some("true")>
                        {label(filter)}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="tabs" aria-label="Filter by status">
            <ul>{links}</ul>
        </nav>
    }
}

fn row(invoice: InvoiceSummary, frame: &DeskFrame) -> impl IntoView + use<> {
    let (tone, text) = status_words(&invoice, frame);
    let formats: &Formats = &frame.formats;
    let name = name_of(&invoice);
    let amount = formats.money(invoice.total_minor, invoice.currency);
    let still_due = (invoice.due_minor > 0 && invoice.due_minor != invoice.total_minor)
        .then(|| format!("{} due", formats.money(invoice.due_minor, invoice.currency)));
    let viewed = match invoice.view_count {
        0 => None,
        1 => Some("Viewed once".to_owned()),
        count => Some(format!("Viewed {count} times")),
    };
    let is_void = invoice.status == InvoiceStatus::Void;
    view! {
        <tr role="row">
            <td role="cell" class="what">
                <a class="number" href=routes::app_invoice(&invoice.id)>
                    {name}
                </a>
                " "
                <bdi>{invoice.client_name}</bdi>
                {(!invoice.title.is_empty())
                    .then(|| view! { <span class="small quiet figure-line" dir="auto">{invoice.title}</span> })}
            </td>
            <td role="cell" class="date quiet">
                {formats.date_short(invoice.issued_on)}
            </td>
            <td role="cell" class="state">
                <Chip tone text/>
                {viewed.map(|words| view! { <span class="small quiet figure-line">{words}</span> })}
            </td>
            <td role="cell" class=if is_void { "amount num struck" } else { "amount num" }>
                {amount}
                {still_due.map(|text| view! { <span class="small quiet figure-line">{text}</span> })}
            </td>
        </tr>
    }
}

fn nothing(filter: InvoiceFilter, search: &str) -> impl IntoView + use<> {
    if !search.is_empty() {
        let sentence = format!("No invoice here has “{search}” in its number, title or client.");
        let way_on = (routes::app_invoices(None, search, None), "Search all invoices");
        return Either::Left(view! { <Empty title="Nothing found" sentence way_on/> });
    }
    let (title, sentence) = match filter {
        InvoiceFilter::All => ("No invoices yet", "What you bill your clients will be listed here."),
        InvoiceFilter::Draft => ("No drafts", "Invoices that are not sent yet would be listed here."),
        InvoiceFilter::Open => ("Nothing is open", "Every invoice is settled."),
        InvoiceFilter::Overdue => ("Nothing is overdue", "No due day has passed."),
        InvoiceFilter::Paid => ("None paid yet", "Invoices move here once they are paid in full."),
        InvoiceFilter::Void => ("None is void", "Cancelled invoices would be listed here."),
    };
    Either::Right(view! { <Empty title sentence/> })
}
