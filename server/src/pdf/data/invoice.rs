//! The data of an invoice.

use typst::foundations::{Array, Bytes, Dict, IntoValue, Value, dict};

use super::{Frame, NUMBERS, total_widths, totals};
use crate::pdf::model::{InvoicePdf, LinePdf, PaymentPdf};
use crate::pdf::scribe::{Column, PAGE_WIDTH, Scribe, fit, plain};
use crate::pdf::words::word;
use crate::pdf::{qr, text};

/// Blocks of more lines than this may be parted by the end of a page.
const LONG: f64 = 14.0;

/// An invoice.
pub(in crate::pdf) fn invoice(invoice: &InvoicePdf) -> Dict {
    let scribe = Scribe::new(&invoice.lang);
    let mut dict = Frame {
        lang: &invoice.lang,
        brand: &invoice.brand,
        title: &invoice.title,
        state: invoice.state.as_ref(),
        subject: &invoice.subject,
        from: &invoice.from,
        to: &invoice.to,
        facts: &invoice.facts,
        notes: &invoice.notes,
        footer: &invoice.footer,
    }
    .write(scribe);
    let column =
        |key, of: fn(&LinePdf) -> &str| Column::new(word(key), invoice.lines.iter().map(of), f64::MAX);
    let taxed = invoice.lines.iter().any(|line| line.tax.is_some());
    let mut columns = vec![column("quantity", |l| &l.quantity), column("unit_price", |l| &l.unit_price)];
    if taxed {
        columns.push(column("tax", |l| l.tax.as_deref().unwrap_or_default()));
    }
    columns.push(column("amount", |l| &l.amount));
    let (size, widths) = fit(&columns, NUMBERS);
    let rest = PAGE_WIDTH - widths.iter().sum::<f64>();
    let number = |text: &str, column: usize| {
        let width = widths.get(column).copied().unwrap_or(rest) - Column::GAP;
        scribe.say(text, text::Place { width, size, bold: false })
    };
    let line = |line: &LinePdf| {
        let place = text::Place { width: rest, size, bold: false };
        let mut cells = vec![number(&line.quantity, 0), number(&line.unit_price, 1)];
        if taxed {
            cells.push(number(line.tax.as_deref().unwrap_or_default(), 2));
        }
        cells.push(number(&line.amount, cells.len()));
        dict! {
            "description" => scribe.say_all(&line.description, place),
            "keep" => text::height(&line.description, place) < LONG,
            "cells" => cells,
        }
    };
    let lines = dict! {
        "size" => size,
        "taxed" => taxed,
        "rows" => invoice.lines.iter().map(line).collect::<Vec<_>>(),
        "widths" => widths.clone(),
    };
    let web_address = invoice.link.as_deref().filter(|link| is_web(link));
    let instructions = plain(330.0);
    if let Some(notes) = beside(scribe, invoice) {
        dict.insert("beside".into(), notes.into_value());
        dict.insert("notes".into(), Value::Array(Array::new()));
    }
    dict.insert("lines".into(), lines.into_value());
    dict.insert("totals".into(), totals(scribe, &invoice.totals).into_value());
    dict.insert("is_payable".into(), invoice.is_payable.into_value());
    dict.insert("instructions".into(), scribe.say_all(&invoice.instructions, instructions).into_value());
    dict.insert(
        "keep_instructions".into(),
        (text::height(&invoice.instructions, instructions) < LONG).into_value(),
    );
    dict.insert("payments".into(), payments(scribe, &invoice.payments).into_value());
    dict.insert("link".into(), web_address.map(|link| web(scribe, link)).into_value());
    dict
}

/// The notes, if they are short enough to stand beside the totals.
fn beside(scribe: Scribe, invoice: &InvoicePdf) -> Option<Vec<Dict>> {
    let (label, value) = total_widths(&invoice.totals);
    let side = plain(PAGE_WIDTH - label - value - 60.0);
    let short = !invoice.totals.is_empty() && side.width > 170.0 && text::height(&invoice.notes, side) < 7.0;
    let notes = scribe.say_all(&invoice.notes, side);
    (short && !notes.is_empty()).then_some(notes)
}

/// Payments, with the widths of the first and last column.
fn payments(scribe: Scribe, payments: &[PaymentPdf]) -> Dict {
    let (size, widths) = fit(
        &[
            Column::new(word("date"), payments.iter().map(|p| p.date.as_str()), 110.0),
            Column::new(word("amount"), payments.iter().map(|p| p.amount.as_str()), f64::MAX),
        ],
        NUMBERS,
    );
    let width = |column: usize| widths.get(column).copied().unwrap_or(PAGE_WIDTH) - Column::GAP;
    let rest = PAGE_WIDTH - widths.iter().sum::<f64>() - Column::GAP;
    let place = |width| text::Place { width, size, bold: false };
    let row = |payment: &PaymentPdf| {
        dict! {
            "date" => scribe.say(&payment.date, place(width(0))),
            "what" => scribe.say(&payment.what, place(rest)),
            "amount" => scribe.say(&payment.amount, place(width(1))),
        }
    };
    dict! {
        "size" => size,
        "rows" => payments.iter().map(row).collect::<Vec<_>>(),
        "widths" => widths.clone(),
    }
}

/// A link, and its QR code where it is short enough for one.
fn web(scribe: Scribe, link: &str) -> Dict {
    let qr = qr::svg(link).map(Bytes::from_string);
    dict! { "href" => link, "shown" => scribe.say(link, plain(330.0)), "qr" => qr }
}

/// An address on the web that is fit for a link. Others are not shown: the app makes none.
fn is_web(link: &str) -> bool {
    let web = link.starts_with("https://") || link.starts_with("http://");
    web && link.len() <= 2000 && link.chars().all(|c| c.is_ascii_graphic())
}
