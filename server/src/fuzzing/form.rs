//! Forms: a draft as it is typed, with its numbers and days; and what comes in several parts, with files.

use app::{
    api::team::DraftForm,
    money::{Currency, LARGEST_TOTAL, MOST_LINES, parse_amount, parse_percent, write_exact, write_plain},
};
use chrono::NaiveDate;

use crate::{
    draft::{Reading, ReadyInvoice, TypedInvoice},
    http::fuzzing as http,
};

/// What begins like a content type of several parts is one, with its body behind the first line; anything else is a form of
/// fields.
pub fn form(input: &[u8]) {
    if input.starts_with(b"multipart/") {
        let end = input.iter().position(|byte| *byte == b'\n').unwrap_or(input.len());
        let (content_type, body) = input.split_at(end);
        return of_parts(content_type, body.get(1..).unwrap_or_default());
    }
    let Some(pairs) = http::fields(input) else { return };
    let size: usize = pairs.iter().map(|(key, value)| key.len() + value.len()).sum();
    // A byte that is no Unicode becomes a character of three.
    assert!(size <= 3 * input.len(), "nothing is made up");
    for (_, value) in &pairs {
        of_numbers(value);
    }
    of_draft(DraftForm::from_pairs(&pairs));
}

/// What is read of a part stands in the body, all of it together.
fn of_parts(content_type: &[u8], body: &[u8]) {
    let stands = |part: &[u8]| part.is_empty() || body.windows(part.len()).any(|window| window == part);
    if let Some(logo) = http::logo_part(content_type, body) {
        assert!(stands(&logo), "a file that was not sent");
    }
    if let Some((file, text)) = http::import_parts(content_type, body) {
        assert!(stands(&file) && stands(&text), "a file that was not sent");
        assert!(file.len() + text.len() <= body.len());
    }
}

/// An amount that is read is the amount that is written.
fn of_numbers(typed: &str) {
    for currency in ["EUR", "JPY", "KWD"] {
        let currency: Currency = currency.parse().expect("a currency");
        if let Some(minor) = parse_amount(typed, currency) {
            assert!(minor > 0);
            assert_eq!(parse_amount(&write_exact(minor, currency), currency), Some(minor), "{typed:?}");
        }
    }
    if let Some(ppm) = parse_percent(typed) {
        assert!((0..=1_000_000).contains(&ppm), "{typed:?}");
        assert_eq!(parse_percent(&write_plain(ppm, 4, '.')), Some(ppm), "{typed:?}");
    }
}

/// A draft that can be kept is kept as it is; one that can be sent adds up.
fn of_draft(form: DraftForm) {
    let typed = TypedInvoice {
        title: form.title,
        reference: form.reference,
        notes: form.notes,
        issued_on: form.issued_on,
        due_on: form.due_on,
        discount: form.discount,
        lines: form.lines,
    };
    let Ok(kept) = typed.check() else { return };
    assert!(kept.lines.len() <= MOST_LINES && !kept.lines.iter().any(app::money::TypedLine::is_blank));
    assert_eq!(kept.clone().check().as_ref(), Ok(&kept), "what was kept can be kept");
    for (currency, decimal_sign) in [("EUR", ','), ("KWD", '.'), ("JPY", '.')] {
        let reading = Reading {
            currency: currency.parse().expect("a currency"),
            decimal_sign,
            today: NaiveDate::from_ymd_opt(2026, 3, 1).expect("a day"),
            payment_days: 14,
        };
        let days = kept.days(&reading);
        if let Ok(ready) = kept.ready(&reading) {
            assert_eq!((ready.issued_on, ready.due_on), days);
            of_invoice(&kept, &ready);
        }
    }
}

fn of_invoice(kept: &TypedInvoice, ready: &ReadyInvoice) {
    assert!(ready.due_on >= ready.issued_on);
    assert!(!ready.lines.is_empty() && ready.lines.len() == kept.lines.len());
    assert!((0..=1_000_000).contains(&ready.discount_ppm));
    let totals = &ready.totals;
    let net: i128 = ready.lines.iter().map(|line| i128::from(line.net_minor)).sum();
    let taxes: i128 = totals.taxes.iter().map(|tax| i128::from(tax.tax_minor)).sum();
    assert_eq!(net - i128::from(totals.discount_minor), i128::from(totals.subtotal_minor));
    assert_eq!(taxes, i128::from(totals.tax_minor));
    assert_eq!(i128::from(totals.subtotal_minor) + taxes, i128::from(totals.total_minor));
    assert!((0..=LARGEST_TOTAL).contains(&totals.total_minor));
}
