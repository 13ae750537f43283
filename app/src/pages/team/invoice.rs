//! One invoice as the team sees it: how it stands, what is on it, what was paid, and what can be done.

use leptos::{either::Either, prelude::*};

use super::invoices::{name_of, status_words};
use crate::{
    api::{
        portal::{PaymentKind, PaymentMethod},
        team::{Invoice, InvoiceLine, InvoiceStatus, InvoiceSummary, Payment, PaymentForm},
    },
    components::{Chip, FormProblem, TextField},
    format::Formats,
    layout::{Desk, DeskFrame, DeskTab},
    money::Currency,
    problem::Problems,
    routes,
};

/// One invoice.
#[component]
pub fn TeamInvoicePage(
    /// What every page of the team knows.
    frame: DeskFrame,
    invoice: Invoice,
    /// A payment that is being written down.
    form: PaymentForm,
    /// What was wrong with it, or with what was to be done.
    problems: Problems,
) -> impl IntoView {
    let Invoice {
        summary,
        reference,
        notes,
        lines,
        taxes,
        payments,
        subtotal_minor,
        paid_minor,
        last_viewed_at,
    } = invoice;
    let formats = frame.formats.clone();
    let money = |minor| formats.money(minor, summary.currency);
    let head = head(&summary, last_viewed_at.map(|at| formats.date_time(at)), &frame);
    let entry = |label: String, value: String| {
        view! {
            <div>
                <dt>{label}</dt>
                <dd class="num">{value}</dd>
            </div>
        }
    };
    let taxes = taxes
        .into_iter()
        .map(|tax| entry(format!("{} {}", tax.label, formats.percent(tax.rate_ppm)), money(tax.tax_minor)))
        .collect_view();
    let totals = view! {
        <dl class="totals">
            {entry("Subtotal".to_owned(), money(subtotal_minor))} {taxes}
            {entry("Total".to_owned(), money(summary.total_minor))}
            {(paid_minor != 0).then(|| entry("Paid".to_owned(), money(-paid_minor)))}
            {entry("Due".to_owned(), money(summary.due_minor))}
        </dl>
    };
    let words = [reference, notes].into_iter().filter(|text| !text.is_empty()).map(|text| {
        view! {
            <p class="small quiet lines" dir="auto">
                {text}
            </p>
        }
    });
    let words = words.collect_view();
    let wrong = problems.of("invoice").or_else(|| problems.of("payment"));
    let title = name_of(&summary);
    view! {
        <Desk frame title tab=DeskTab::Invoices is_tab_itself=false>
            {head}
            <FormProblem message=wrong/>
            <section class="block" aria-labelledby="lines">
                <h2 id="lines">"What it is for"</h2>
                {line_table(lines, summary.currency, &formats)}
                {totals}
                {words}
            </section>
            {paid(payments, summary.currency, &formats)}
            {(summary.due_minor > 0).then(|| payment_form(&summary, form, &problems))}
            {cancel(&summary, paid_minor)}
        </Desk>
    }
}

fn head(summary: &InvoiceSummary, last_viewed: Option<String>, frame: &DeskFrame) -> impl IntoView + use<> {
    let (tone, text) = status_words(summary, frame);
    let viewed = match (summary.view_count, last_viewed) {
        (0, _) | (_, None) => "No contact has opened it yet.".to_owned(),
        (1, Some(at)) => format!("Opened once, on {at}."),
        (count, Some(at)) => format!("Opened {count} times, last on {at}."),
    };
    view! {
        <header class="work-head">
            <div>
                <p class="small">
                    <a class="quiet" href=routes::APP_INVOICES>
                        "Invoices"
                    </a>
                </p>
                <h1>{name_of(summary)}</h1>
                <p>
                    <a href=routes::app_client(&summary.client_id)>
                        <bdi>{summary.client_name.clone()}</bdi>
                    </a>
                    " "
                    <bdi class="quiet">{summary.title.clone()}</bdi>
                </p>
                <p class="small quiet">
                    "Of " {frame.formats.date(summary.issued_on)} ", due " {frame.formats.date(summary.due_on)} ". "
                    {viewed}
                </p>
                <Chip tone text/>
            </div>
            <p class="amount num work-figure">
                {frame.formats.money(
                    if summary.due_minor > 0 { summary.due_minor } else { summary.total_minor },
                    summary.currency,
                )}
            </p>
        </header>
    }
}

fn line_table(lines: Vec<InvoiceLine>, currency: Currency, formats: &Formats) -> impl IntoView + use<> {
    let rows = lines
        .into_iter()
        .map(|line| {
            let quantity = format!("{} {}", formats.quantity(line.quantity_milli), line.unit);
            view! {
                <tr role="row">
                    <td role="cell" class="what lines" dir="auto">
                        {line.description}
                    </td>
                    <td role="cell" class="state num quiet">
                        {quantity.trim_end().to_owned()} " × " {formats.money(line.unit_price_minor, currency)}
                    </td>
                    <td role="cell" class="amount num">
                        {formats.money(line.net_minor, currency)}
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="ledger" role="table">
            <caption class="visually-hidden">"What this invoice is for"</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">
                        "Description"
                    </th>
                    <th role="columnheader" scope="col">
                        "Quantity and price"
                    </th>
                    <th role="columnheader" scope="col" class="end">
                        "Amount"
                    </th>
                </tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    }
}

const fn words(kind: PaymentKind, method: PaymentMethod) -> &'static str {
    match (kind, method) {
        (PaymentKind::Payment, PaymentMethod::Card) => "Online payment",
        (PaymentKind::Payment, PaymentMethod::BankTransfer) => "Bank transfer",
        (PaymentKind::Payment, PaymentMethod::Cash) => "Cash",
        (PaymentKind::Payment, PaymentMethod::Other) => "Payment",
        (PaymentKind::Refund, _) => "Refund",
        (PaymentKind::Reversal, _) => "Taken back, an entry made by mistake",
        (PaymentKind::Dispute, _) => "Taken back by the payer’s bank",
    }
}

fn paid(payments: Vec<Payment>, currency: Currency, formats: &Formats) -> impl IntoView + use<> {
    let list = if payments.is_empty() {
        Either::Left(view! { <p class="small quiet">"Nothing is paid yet."</p> })
    } else {
        let rows = payments
            .into_iter()
            .map(|payment| {
                let amount = formats.money(payment.amount_minor, currency);
                let day = formats.date(payment.received_on);
                let whom = format!(" {amount} of {day}");
                let undo = payment.is_reversible.then(|| {
                    view! {
                        <form method="post" action=routes::app_payment_reverse(&payment.id)>
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
                                {words(payment.kind, payment.method)}
                            </span>
                            <p class="small quiet">
                                {day} " " <bdi>{payment.reference}</bdi>
                            </p>
                        </div>
                        <span class="amount num">{amount}</span>
                        <div class="acts">{undo}</div>
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

fn payment_form(summary: &InvoiceSummary, form: PaymentForm, problems: &Problems) -> impl IntoView + use<> {
    let PaymentForm { id, amount, method, received_on, reference } = form;
    let options = [("BANK_TRANSFER", "Bank transfer"), ("CASH", "Cash"), ("OTHER", "Other")]
        .map(|(value, label)| view! { <option value=value selected=method == value>{label}</option> })
        .collect_view();
    view! {
        <section class="block narrow" aria-labelledby="record">
            <h2 id="record">"Record a payment"</h2>
            <form class="form" method="post" action=routes::app_invoice_act(&summary.id, "payments")>
                <input type="hidden" name="id" value=id/>
                <div class="pair">
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
                </div>
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
                <div class="acts">
                    <button class="button primary">"Record it"</button>
                </div>
            </form>
        </section>
    }
}

/// Cancelling cannot be taken back, so it is asked for by opening it first.
fn cancel(summary: &InvoiceSummary, paid_minor: i64) -> Option<impl IntoView + use<>> {
    let may = !matches!(summary.status, InvoiceStatus::Draft | InvoiceStatus::Void) && paid_minor == 0;
    may.then(|| {
        view! {
            <details class="block quiet-block">
                <summary>"Cancel this invoice"</summary>
                <p class="small quiet">
                    "It stays visible to the client as void, nothing is to be paid on it any more, and its share link stops working. This cannot be taken back."
                </p>
                <form method="post" action=routes::app_invoice_act(&summary.id, "void")>
                    <button class="button small">"Cancel it for good"</button>
                </form>
            </details>
        }
    })
}
