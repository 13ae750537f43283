//! The sheet of an invoice: what would be on paper, and what the printer puts there.

use leptos::prelude::*;

use crate::{
    api::portal::{Invoice, InvoiceLine, InvoiceRow, InvoiceStatus},
    format::Formats,
};

/// Who bills whom for what, with taxes and totals.
#[component]
pub(in crate::pages) fn InvoiceSheet(
    /// The invoice.
    invoice: Invoice,
    /// How the reader writes dates and money.
    formats: Formats,
) -> impl IntoView {
    let totals = totals(&invoice, &formats);
    let Invoice {
        row,
        reference,
        notes,
        lines,
        taxes,
        bill_to,
        bill_to_tax_id,
        bill_from,
        bill_from_tax_id,
        ..
    } = invoice;
    let notes = (!notes.is_empty()).then(|| {
        view! {
            <p class="lines notes" dir="auto">
                {notes}
            </p>
        }
    });
    let is_void = row.status == InvoiceStatus::Void;
    view! {
        <article class="sheet" class:void=is_void>
            <div class="parties">
                {party("From", bill_from, bill_from_tax_id)}
                {party("To", bill_to, bill_to_tax_id)}
                {facts(&row, reference, &formats)}
            </div>
            {(!row.title.is_empty())
                .then(|| {
                    view! {
                        <h2 class="sheet-title" dir="auto">
                            {row.title.clone()}
                        </h2>
                    }
                })}
            {lines_table(lines, &row, taxes.len() > 1, &formats)}
            {totals}
            {notes}
        </article>
    }
}

fn party(label: &'static str, lines: Vec<String>, tax_id: String) -> impl IntoView {
    let tax_id = (!tax_id.is_empty()).then(|| {
        view! { <span class="small quiet">"Tax ID " <bdi>{tax_id}</bdi></span> }
    });
    view! {
        <section class="party">
            <h2 class="overline">{label}</h2>
            <address>
                {lines.into_iter().map(|line| view! { <span dir="auto">{line}</span> }).collect_view()}
                {tax_id}
            </address>
        </section>
    }
}

fn facts(row: &InvoiceRow, reference: String, formats: &Formats) -> impl IntoView + use<> {
    let fact = |label: &'static str, value: String| {
        view! {
            <div>
                <dt>{label}</dt>
                <dd>
                    <bdi>{value}</bdi>
                </dd>
            </div>
        }
    };
    view! {
        <dl class="facts">
            {fact("Number", row.number.clone())}
            {fact("Date", formats.date(row.issued_on))}
            {fact("Due", formats.date(row.due_on))}
            {(!reference.is_empty()).then(|| fact("Your reference", reference))}
        </dl>
    }
}

fn lines_table(
    lines: Vec<InvoiceLine>,
    row: &InvoiceRow,
    with_tax: bool,
    formats: &Formats,
) -> impl IntoView + use<> {
    let rows = lines
        .into_iter()
        .map(|line| {
            let mut quantity = formats.quantity(line.quantity_milli);
            if !line.unit.is_empty() {
                quantity.push('\u{a0}');
                quantity.push_str(&line.unit);
            }
            view! {
                <tr role="row">
                    <td role="cell" class="lines" dir="auto">
                        {line.description}
                    </td>
                    <td role="cell" class="quantity num end">
                        {quantity}
                    </td>
                    <td role="cell" class="price num end">
                        {formats.money(line.unit_price_minor, row.currency)}
                    </td>
                    {with_tax
                        .then(|| {
                            view! {
                                <td role="cell" class="tax num end">
                                    {formats.percent(line.tax_rate_ppm)}
                                </td>
                            }
                        })}
                    <td role="cell" class="amount num">
                        {formats.money(line.net_minor, row.currency)}
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="invoice-lines" role="table">
            <caption class="visually-hidden">"What this invoice is for"</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">"Description"</th>
                    <th role="columnheader" scope="col" class="end">"Quantity"</th>
                    <th role="columnheader" scope="col" class="end">"Unit price"</th>
                    {with_tax.then(|| view! { <th role="columnheader" scope="col" class="end">"Tax"</th> })}
                    <th role="columnheader" scope="col" class="end">"Amount"</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    }
}

fn totals(invoice: &Invoice, formats: &Formats) -> impl IntoView + use<> {
    let row = &invoice.row;
    let money = |minor| formats.money(minor, row.currency);
    let entry = |class: &'static str, label: String, value: String| {
        view! {
            <div class=class>
                <dt>{label}</dt>
                <dd class="num">{value}</dd>
            </div>
        }
    };
    let taxes = invoice
        .taxes
        .iter()
        .map(|tax| {
            let label =
                format!("{} {} on {}", tax.label, formats.percent(tax.rate_ppm), money(tax.base_minor));
            entry("", label.trim_start().to_owned(), money(tax.tax_minor))
        })
        .collect_view();
    let is_void = row.status == InvoiceStatus::Void;
    let paid = (row.paid_minor != 0).then(|| entry("", "Paid".to_owned(), money(-row.paid_minor)));
    let credit = row.credit_minor();
    let left = match (credit, is_void) {
        (1.., _) => Some(entry("due", "Credit".to_owned(), money(credit))),
        (_, true) => None,
        (_, false) => Some(entry("due", "Due".to_owned(), money(row.due_minor))),
    };
    let total_class = if is_void { "total struck" } else { "total" };
    let discount = (invoice.discount_minor != 0).then(|| {
        let label = format!("Discount {}", formats.percent(invoice.discount_ppm));
        view! {
            {entry("", "Sum".to_owned(), money(invoice.subtotal_minor + invoice.discount_minor))}
            {entry("", label, money(-invoice.discount_minor))}
        }
    });
    view! {
        <dl class="totals">
            {discount}
            {(!invoice.taxes.is_empty())
                .then(|| entry("", "Subtotal".to_owned(), money(invoice.subtotal_minor)))}
            {taxes}
            {entry(total_class, "Total".to_owned(), money(row.total_minor))}
            {paid}
            {left}
        </dl>
    }
}
