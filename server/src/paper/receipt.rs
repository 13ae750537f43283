//! A receipt: that the org has received a payment, and what was left of the invoice after it. What happens to the
//! invoice later changes nothing on it.

use app::{api::portal::Invoice, words::payment_words};

use super::{Letterhead, party};
use crate::pdf::{ReceiptPdf, TotalKind, TotalPdf};

/// The receipt for a payment of this invoice; `None` where there is none of this id, or none to be had for it.
#[must_use]
pub fn of_receipt(letterhead: Letterhead, invoice: Invoice, payment: &str) -> Option<ReceiptPdf> {
    let Letterhead { brand, locale, formats } = letterhead;
    let at = invoice.payments.iter().position(|entry| entry.id == payment)?;
    // Newest first: those that follow came before it.
    let so_far = invoice.payments.get(at..)?;
    let payment = so_far.first().filter(|payment| payment.has_receipt())?;
    let row = &invoice.row;
    let paid_minor: i64 = so_far.iter().map(|entry| entry.amount_minor).sum();
    let words = payment_words(payment.kind, payment.method);
    let mut facts = vec![
        ("Received on".to_owned(), formats.date(payment.received_on)),
        ("By".to_owned(), words.to_owned()),
        ("For invoice".to_owned(), row.number.clone()),
    ];
    if !payment.reference.is_empty() {
        facts.push(("Reference".to_owned(), payment.reference.clone()));
    }
    let total = |label: &str, minor: i64, kind: TotalKind| TotalPdf {
        label: label.to_owned(),
        value: formats.money(minor, row.currency),
        kind,
    };
    let before_minor = paid_minor - payment.amount_minor;
    let mut totals = vec![total("Invoice total", row.total_minor, TotalKind::Plain)];
    if before_minor != 0 {
        totals.push(total("Paid before", -before_minor, TotalKind::Plain));
    }
    totals.push(total("This payment", -payment.amount_minor, TotalKind::Strong));
    totals.push(total("Left to pay after it", row.total_minor - paid_minor, TotalKind::Due));
    Some(ReceiptPdf {
        lang: locale,
        title: format!("Receipt for {}", row.number),
        state: None,
        amount: formats.money(payment.amount_minor, row.currency),
        subject: row.title.clone(),
        facts,
        totals,
        notes: String::new(),
        from: party(invoice.bill_from, invoice.bill_from_tax_id),
        to: party(invoice.bill_to, invoice.bill_to_tax_id),
        footer: brand.email.clone(),
        brand,
    })
}
