//! The data of a receipt.

use typst::foundations::{Dict, IntoValue};

use super::{Frame, totals};
use crate::pdf::model::ReceiptPdf;
use crate::pdf::scribe::{PAGE_WIDTH, Scribe, bold};

/// A receipt.
pub(in crate::pdf) fn receipt(receipt: &ReceiptPdf) -> Dict {
    let scribe = Scribe::new(&receipt.lang);
    let mut dict = Frame {
        lang: &receipt.lang,
        brand: &receipt.brand,
        title: &receipt.title,
        state: receipt.state.as_ref(),
        subject: &receipt.subject,
        from: &receipt.from,
        to: &receipt.to,
        facts: &receipt.facts,
        notes: &receipt.notes,
        footer: &receipt.footer,
    }
    .write(scribe);
    dict.insert("amount".into(), scribe.say(&receipt.amount, bold(PAGE_WIDTH, 30.0)).into_value());
    dict.insert("totals".into(), totals(scribe, &receipt.totals).into_value());
    dict
}
