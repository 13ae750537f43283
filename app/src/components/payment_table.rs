//! Payments as a table, worded so that money which went back cannot be taken for money that came.

use leptos::prelude::*;

use crate::{api::portal::Payment, format::Formats, routes, words::payment_words_to_payer};

/// A table of payments.
#[component]
pub fn PaymentTable(
    /// What the table is about, for screen readers.
    caption: &'static str,
    /// The payments, in the order in which they are shown.
    payments: Vec<Payment>,
    /// How the reader writes dates and money.
    formats: Formats,
    /// Say which invoice each payment was for. Off on the page of that invoice.
    with_invoice: bool,
    /// Where the page of an invoice is, by its id; receipts are below it.
    invoice_href: impl Fn(&str) -> String,
) -> impl IntoView {
    let rows = payments
        .into_iter()
        .map(|payment| {
            let href = invoice_href(&payment.invoice_id);
            row(payment, href, &formats, with_invoice)
        })
        .collect_view();
    view! {
        <table class="ledger payments" role="table">
            <caption class="visually-hidden">{caption}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">"Payment"</th>
                    <th role="columnheader" scope="col">"Date"</th>
                    {with_invoice
                        .then(|| view! { <th role="columnheader" scope="col">"For invoice"</th> })}
                    <th role="columnheader" scope="col" class="end">"Amount"</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    }
}

fn row(payment: Payment, href: String, formats: &Formats, with_invoice: bool) -> impl IntoView + use<> {
    let amount = formats.money(payment.amount_minor, payment.currency);
    let receipt = payment.has_receipt().then(|| {
        let whom = format!(" for {amount} of {}", formats.date(payment.received_on));
        view! {
            <a class="small receipt" href=routes::receipt(&href, &payment.id)>
                "Receipt" <span class="visually-hidden">{whom}</span>
            </a>
        }
    });
    let reference =
        (!payment.reference.is_empty()).then(|| view! { <bdi class="quiet">{payment.reference}</bdi> });
    let invoice = with_invoice.then(|| {
        view! {
            <td role="cell" class="state">
                <a href=href>{payment.invoice_number}</a>
            </td>
        }
    });
    view! {
        <tr role="row">
            <td role="cell" class="what">
                <span class="number">{payment_words_to_payer(payment.kind, payment.method)}</span>
                " "
                {reference}
                " "
                {receipt}
            </td>
            <td role="cell" class="date quiet">
                {formats.date(payment.received_on)}
            </td>
            {invoice}
            <td role="cell" class="amount num">
                {amount}
            </td>
        </tr>
    }
}
