//! All invoices, by status and by search.

use leptos::{either::Either, prelude::*};

use crate::{
    api::portal::{InvoiceFilter, InvoiceRow, Page},
    components::{Empty, Ledger, Pagination, PaginationProps, SearchForm, found_words},
    layout::{Frame, Portal, Scripts, Tab},
    routes,
};

/// The list of invoices. Everything that a search changes is in the element `results`.
#[component]
pub fn InvoicesPage(
    /// What every signed-in page knows.
    frame: Frame,
    /// Which invoices are shown.
    filter: InvoiceFilter,
    /// What was searched for; may be empty.
    search: String,
    /// One page of them.
    page: Page<InvoiceRow>,
) -> impl IntoView {
    let pagination = PaginationProps::of(&page.page_info, |cursor| {
        routes::portal_invoices(filter.as_query(), &search, Some(cursor))
    });
    let summary = found_words(page.nodes.len(), page.page_info.has_next_page, &search, "invoice", "invoices");
    let list = if page.nodes.is_empty() {
        Either::Left(nothing(filter, &search, &frame.brand.org_name))
    } else {
        Either::Right(view! {
            <Ledger caption="Invoices" rows=page.nodes today=frame.today formats=frame.formats.clone()/>
        })
    };
    let tabs = tabs(filter, &search);
    view! {
        <Portal frame title="Invoices".to_owned() tab=Tab::Invoices scripts=Scripts::Islands>
            <section class="list-page">
                <header class="list-head">
                    <h1>"Invoices"</h1>
                    <SearchForm
                        action=routes::PORTAL_INVOICES
                        filter=filter.as_query().map(|status| ("status", status))
                        label="Search by number, title or amount"
                        placeholder="Search invoices"
                        value=search
                    />
                </header>
                <div id="results" data-summary=summary>
                    {tabs}
                    {list}
                    {Pagination(pagination)}
                </div>
            </section>
        </Portal>
    }
}

const fn label(filter: InvoiceFilter) -> &'static str {
    match filter {
        InvoiceFilter::All => "All",
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
            let href = routes::portal_invoices(filter.as_query(), search, None);
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

fn nothing(filter: InvoiceFilter, search: &str, org_name: &str) -> impl IntoView + use<> {
    if !search.is_empty() {
        let sentence = match filter {
            InvoiceFilter::All => format!("No invoice has “{search}” in its number or title."),
            _ => format!("No invoice here has “{search}” in its number or title."),
        };
        let way_on = match filter {
            InvoiceFilter::All => (routes::PORTAL_INVOICES.to_owned(), "Show all invoices"),
            _ => (routes::portal_invoices(None, search, None), "Search all invoices"),
        };
        return Either::Left(view! { <Empty title="Nothing found" sentence way_on/> });
    }
    let (title, sentence) = match filter {
        InvoiceFilter::All => (
            "No invoices yet",
            format!("When {org_name} sends an invoice, it is here, and we tell you by e-mail."),
        ),
        InvoiceFilter::Open => ("Nothing to pay", "Every invoice is settled. Thank you.".to_owned()),
        InvoiceFilter::Overdue => ("Nothing is overdue", "No due day has passed.".to_owned()),
        InvoiceFilter::Paid => ("None paid yet", "Invoices move here once they are paid in full.".to_owned()),
        InvoiceFilter::Void => ("None is void", "Cancelled invoices would be listed here.".to_owned()),
    };
    Either::Right(view! { <Empty title sentence/> })
}
