//! An invoice on paper: the same words and the same amounts as on its page.

use app::{
    api::portal::{Invoice, InvoiceLine, InvoiceStatus, Payment},
    format::Formats,
    money::Currency,
    words::payment_words,
};

use super::{Letterhead, party};
use crate::pdf::{InvoicePdf, LinePdf, PaymentPdf, StatePdf, Tone, TotalKind, TotalPdf};

/// An invoice with how to pay it, and its share link where it has one.
#[must_use]
pub fn of_invoice(
    letterhead: Letterhead,
    invoice: Invoice,
    instructions: &str,
    link: Option<String>,
) -> InvoicePdf {
    let Letterhead { brand, locale, formats } = letterhead;
    let row = &invoice.row;
    let is_payable = row.due_minor > 0 && row.status != InvoiceStatus::Void;
    let mut facts = vec![
        ("Number".to_owned(), row.number.clone()),
        ("Date".to_owned(), formats.date(row.issued_on)),
        ("Due".to_owned(), formats.date(row.due_on)),
    ];
    if !invoice.reference.is_empty() {
        facts.push(("Your reference".to_owned(), invoice.reference.clone()));
    }
    let with_tax = invoice.taxes.len() > 1;
    let totals = totals(&invoice, &formats);
    InvoicePdf {
        lang: locale,
        title: format!("Invoice {}", row.number),
        state: state(row.status),
        facts,
        subject: row.title.clone(),
        lines: invoice.lines.iter().map(|line| entry(line, row.currency, with_tax, &formats)).collect(),
        totals,
        notes: invoice.notes.clone(),
        is_payable,
        instructions: if is_payable { instructions.to_owned() } else { String::new() },
        payments: invoice.payments.iter().map(|payment| paid(payment, &formats)).collect(),
        from: party(invoice.bill_from, invoice.bill_from_tax_id),
        to: party(invoice.bill_to, invoice.bill_to_tax_id),
        link,
        footer: brand.email.clone(),
        brand,
    }
}

/// What stays true on paper: a day that has passed since is no state of it.
fn state(status: InvoiceStatus) -> Option<StatePdf> {
    let (label, tone) = match status {
        InvoiceStatus::Open | InvoiceStatus::Overdue => return None,
        InvoiceStatus::PartiallyPaid => ("Partly paid", Tone::Warn),
        InvoiceStatus::Paid => ("Paid", Tone::Good),
        InvoiceStatus::Void => ("Void", Tone::Late),
    };
    Some(StatePdf { label: label.to_owned(), tone })
}

fn entry(line: &InvoiceLine, currency: Currency, with_tax: bool, formats: &Formats) -> LinePdf {
    let quantity = formats.quantity(line.quantity_milli);
    LinePdf {
        description: line.description.clone(),
        quantity: if line.unit.is_empty() { quantity } else { format!("{quantity}\u{a0}{}", line.unit) },
        unit_price: formats.money(line.unit_price_minor, currency),
        tax: with_tax.then(|| formats.percent(line.tax_rate_ppm)),
        amount: formats.money(line.net_minor, currency),
    }
}

fn totals(invoice: &Invoice, formats: &Formats) -> Vec<TotalPdf> {
    let row = &invoice.row;
    let is_void = row.status == InvoiceStatus::Void;
    let total = |label: &str, minor: i64, kind: TotalKind| TotalPdf {
        label: label.to_owned(),
        value: formats.money(minor, row.currency),
        kind,
    };
    let mut totals = Vec::new();
    if invoice.discount_minor != 0 {
        let label = format!("Discount {}", formats.percent(invoice.discount_ppm));
        totals.push(total("Sum", invoice.subtotal_minor + invoice.discount_minor, TotalKind::Plain));
        totals.push(total(&label, -invoice.discount_minor, TotalKind::Plain));
    }
    if !invoice.taxes.is_empty() {
        totals.push(total("Subtotal", invoice.subtotal_minor, TotalKind::Plain));
    }
    for tax in &invoice.taxes {
        let base = formats.money(tax.base_minor, row.currency);
        let label = format!("{} {} on {base}", tax.label, formats.percent(tax.rate_ppm));
        totals.push(total(label.trim_start(), tax.tax_minor, TotalKind::Plain));
    }
    totals.push(total("Total", row.total_minor, if is_void { TotalKind::Struck } else { TotalKind::Strong }));
    if !is_void {
        if row.paid_minor != 0 {
            totals.push(total("Paid", -row.paid_minor, TotalKind::Plain));
        }
        totals.push(total("Due", row.due_minor, TotalKind::Due));
    }
    totals
}

fn paid(payment: &Payment, formats: &Formats) -> PaymentPdf {
    let words = payment_words(payment.kind, payment.method);
    let what = if payment.reference.is_empty() {
        words.to_owned()
    } else {
        format!("{words}, {}", payment.reference)
    };
    PaymentPdf {
        date: formats.date(payment.received_on),
        what,
        amount: formats.money(payment.amount_minor, payment.currency),
    }
}
