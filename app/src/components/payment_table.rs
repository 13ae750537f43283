//! Payments as a table, worded so that money which went back cannot be taken for money that came.

use leptos::prelude::*;

use crate::{
    api::portal::{Payment, PaymentKind, PaymentMethod},
    format::Formats,
    routes,
};

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
) -> impl IntoView {
    let rows = payments.into_iter().map(|payment| row(payment, &formats, with_invoice)).collect_view();
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

fn row(payment: Payment, formats: &Formats, with_invoice: bool) -> impl IntoView + use<> {
    let amount = formats.money(payment.amount_minor, payment.currency);
    let reference =
        (!payment.reference.is_empty()).then(|| view! { <bdi class="quiet">{payment.reference}</bdi> });
    let invoice = with_invoice.then(|| {
        let href = routes::portal_invoice(&payment.invoice_id);
        view! {
            <td role="cell" class="state">
                <a href=href>{payment.invoice_number}</a>
            </td>
        }
    });
    view! {
        <tr role="row">
            <td role="cell" class="what">
                <span class="number">{words(payment.kind, payment.method)}</span>
                " "
                {reference}
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

const fn words(kind: PaymentKind, method: PaymentMethod) -> &'static str {
    match (kind, method) {
        (PaymentKind::Payment, PaymentMethod::Card) => "Online payment",
        (PaymentKind::Payment, PaymentMethod::BankTransfer) => "Bank transfer",
        (PaymentKind::Payment, PaymentMethod::Cash) => "Cash",
        (PaymentKind::Payment, PaymentMethod::Other) => "Payment",
        (PaymentKind::Refund, _) => "Refund, returned to you",
        (PaymentKind::Reversal, _) => "Correction of an entry made by mistake",
        (PaymentKind::Dispute, _) => "Taken back by your bank",
    }
}
