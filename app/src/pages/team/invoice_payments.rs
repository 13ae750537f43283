//! What was paid on an invoice, and the form for what comes by hand.

use leptos::{either::Either, prelude::*};

use crate::{
    api::{
        portal::PaymentKind,
        team::{InvoiceSummary, Payment, PaymentForm},
    },
    components::{Chip, TextField, Tone},
    format::Formats,
    money::Currency,
    problem::Problems,
    routes,
    words::{MORE_THAN_DUE, payment_words},
};

pub(super) fn paid(
    invoice: &str,
    payments: Vec<Payment>,
    currency: Currency,
    formats: &Formats,
) -> impl IntoView + use<> {
    let list = if payments.is_empty() {
        Either::Left(view! { <p class="small quiet">"Nothing is paid yet."</p> })
    } else {
        let rows = payments
            .into_iter()
            .map(|payment| {
                let amount = formats.money(payment.amount_minor, currency);
                let day = formats.date(payment.received_on);
                let whom = format!(" {amount} of {day}");
                let has_receipt = payment.kind == PaymentKind::Payment && !payment.is_reversed;
                let receipt = has_receipt.then(|| {
                    view! {
                        <a class="button small" href=routes::receipt(&routes::app_invoice(invoice), &payment.id)>
                            "Receipt" <span class="visually-hidden">" for" {whom.clone()}</span>
                        </a>
                    }
                });
                let undo = payment.is_reversible.then(|| {
                    view! {
                        <form method="post" action=routes::app_payment_reverse(&payment.id) data-at-once="struck">
                            <input type="hidden" name="invoice" value=invoice.to_owned()/>
                            <button class="button small">
                                "Take it back" <span class="visually-hidden">{whom}</span>
                            </button>
                        </form>
                    }
                });
                view! {
                    <li>
                        <div class="who">
                            <span class=if payment.is_reversed { "number struck" } else { "number" }>
                                {payment_words(payment.kind, payment.method)}
                            </span>
                            <p class="small quiet">
                                {day} " " <bdi>{payment.reference}</bdi>
                            </p>
                            {payment
                                .is_unexpected
                                .then(|| view! { <Chip tone=Tone::Part text=MORE_THAN_DUE/> })}
                        </div>
                        <span class="amount num">{amount}</span>
                        <div class="acts">{receipt} {undo}</div>
                    </li>
                }
            })
            .collect_view();
        Either::Right(view! {
            <ul class="people" role="list">
                {rows}
            </ul>
        })
    };
    view! {
        <section class="block" aria-labelledby="payments">
            <h2 id="payments">"Payments"</h2>
            {list}
        </section>
    }
}

pub(super) fn payment_form(
    summary: &InvoiceSummary,
    form: PaymentForm,
    problems: &Problems,
) -> impl IntoView + use<> {
    let PaymentForm { id, amount, method, received_on, reference } = form;
    let options = [("BANK_TRANSFER", "Bank transfer"), ("CASH", "Cash"), ("OTHER", "Other")]
        .map(|(value, label)| view! { <option value=value selected=method == value>{label}</option> })
        .collect_view();
    view! {
        <section class="block" aria-labelledby="record">
            <h2 id="record">"Record a payment"</h2>
            <form class="form" method="post" action=routes::app_invoice_act(&summary.id, "payments")>
                <input type="hidden" name="id" value=id/>
                <div class="pair four">
                    <TextField
                        name="amount"
                        label="Amount"
                        value=amount
                        problem=problems.of("amount")
                        maxlength=30
                        hint="All that is due, or a part of it."
                    />
                    <TextField
                        name="receivedOn"
                        label="Received on"
                        kind="date"
                        value=received_on
                        problem=problems.of("receivedOn")
                        maxlength=10
                    />
                    <div class="field">
                        <label for="method">"How"</label>
                        <select id="method" name="method">
                            {options}
                        </select>
                    </div>
                    <TextField
                        name="reference"
                        label="Reference"
                        value=reference
                        problem=problems.of("reference")
                        required=false
                    />
                </div>
                <div class="acts">
                    <button class="button primary">"Record it"</button>
                </div>
            </form>
        </section>
    }
}
