//! The payments of all clients, newest first, and by search.

use leptos::{either::Either, prelude::*};

use crate::{
    api::{portal::Page, team::PaymentSummary},
    components::{Chip, Empty, Pagination, PaginationProps, SearchForm, Tone, found_words},
    format::Formats,
    layout::{Desk, DeskFrame, DeskTab, Scripts},
    routes,
    words::{MORE_THAN_DUE, payment_words},
};

/// The list of payments. Everything that a search changes is in the element `results`.
#[component]
pub fn TeamPaymentsPage(
    /// What every page of the team knows.
    frame: DeskFrame,
    /// What was searched for; may be empty.
    search: String,
    /// One page of them.
    page: Page<PaymentSummary>,
) -> impl IntoView {
    let pagination =
        PaginationProps::of(&page.page_info, |cursor| routes::app_payments(&search, Some(cursor)));
    let summary = found_words(page.nodes.len(), page.page_info.has_next_page, &search, "payment", "payments");
    let file = (!page.nodes.is_empty()).then(|| csv_link(routes::app_export("payments.csv", None, &search)));
    let list = if page.nodes.is_empty() {
        Either::Left(nothing(&search))
    } else {
        let rows = page.nodes.into_iter().map(|payment| row(payment, &frame.formats)).collect_view();
        Either::Right(view! {
            <table class="ledger payments" role="table">
                <caption class="visually-hidden">"Payments"</caption>
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col">
                            "Client"
                        </th>
                        <th role="columnheader" scope="col">
                            "Date"
                        </th>
                        <th role="columnheader" scope="col">
                            "For invoice"
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
    view! {
        <Desk frame title="Payments".to_owned() tab=DeskTab::Payments scripts=Scripts::Desk>
            <section class="list-page">
                <header class="list-head">
                    <h1>"Payments"</h1>
                    <SearchForm
                        action=routes::APP_PAYMENTS
                        label="Search by reference, invoice or client"
                        placeholder="Search payments"
                        value=search
                    />
                </header>
                <div id="results" data-summary=summary>
                    {list}
                    {Pagination(pagination)}
                    {file}
                </div>
            </section>
        </Desk>
    }
}

/// All of a list, as it is filtered, for a spreadsheet.
pub(super) fn csv_link(href: String) -> impl IntoView {
    view! {
        <p class="small">
            <a href=href download="">
                "Download these as CSV"
            </a>
        </p>
    }
}

fn row(summary: PaymentSummary, formats: &Formats) -> impl IntoView + use<> {
    let PaymentSummary { payment, currency, client_id, client_name, invoice_id, invoice_number } = summary;
    let amount = formats.money(payment.amount_minor, currency);
    let words = payment_words(payment.kind, payment.method);
    let is_reversed = payment.is_reversed;
    let chip = match (is_reversed, payment.is_unexpected) {
        (true, _) => Some((Tone::Calm, "Taken back")),
        (false, true) => Some((Tone::Part, MORE_THAN_DUE)),
        (false, false) => None,
    };
    let invoice = invoice_number.unwrap_or_else(|| "Draft".to_owned());
    let reference = (!payment.reference.is_empty()).then(|| {
        view! {
            " · "
            <bdi>{payment.reference}</bdi>
        }
    });
    view! {
        <tr role="row">
            <td role="cell" class="what">
                <a class="number" href=routes::app_client(&client_id)>
                    <bdi>{client_name}</bdi>
                </a>
                <span class="small quiet figure-line">{words} {reference}</span>
            </td>
            <td role="cell" class="date quiet">
                {formats.date_short(payment.received_on)}
            </td>
            <td role="cell" class="state">
                <a href=routes::app_invoice(&invoice_id)>{invoice}</a>
                {chip
                    .map(|(tone, text)| {
                        view! {
                            <span class="figure-line">
                                <Chip tone text/>
                            </span>
                        }
                    })}
            </td>
            <td role="cell" class=if is_reversed { "amount num struck" } else { "amount num" }>
                {amount}
            </td>
        </tr>
    }
}

fn nothing(search: &str) -> impl IntoView + use<> {
    if !search.is_empty() {
        let sentence = format!("No payment here has “{search}” in its reference, invoice or client.");
        let way_on = (routes::app_payments("", None), "Show all payments");
        return Either::Left(view! { <Empty title="Nothing found" sentence way_on/> });
    }
    let way_on = (routes::app_invoices(Some("open"), "", None), "Open invoices");
    Either::Right(view! {
        <Empty
            title="No payments yet"
            sentence="Record a payment on the page of its invoice. It is listed here, newest first."
            way_on
        />
    })
}
