//! Payments, and those that are taken back.

use chrono::TimeDelta;

use super::{Act, Draw, SAVED, act};
use crate::books::model::{Org, Payment};

fn payment_ids(org: &Org) -> Vec<String> {
    org.payments.iter().map(|payment| payment.id.clone()).collect()
}

pub(super) fn pay(draw: &mut Draw<'_>) -> Act {
    let invoice_id = draw.invoice("sent");
    let id = draw.new_id(payment_ids);
    let invoice = draw.own.invoice(&invoice_id);
    let (due, decimals) = invoice.map_or((0, 2), |invoice| (draw.own.due(invoice), invoice.decimals));
    let amount = match draw.dice.below(10) {
        0 => due + draw.dice.between(1, 500),
        1..5 => due.max(1),
        _ => draw.dice.between(1, due.max(1)),
    };
    let received_on = draw.today - TimeDelta::days(draw.dice.between(0, 45));
    let there = draw.own.payments.iter().find(|payment| payment.id == id);
    let expected = match (invoice, there) {
        (None, _) => "NOT_FOUND",
        (Some(_), Some(payment)) if payment.invoice == invoice_id => "done",
        (Some(_), Some(_)) => "INVALID",
        (Some(invoice), None) => match invoice.status {
            "draft" => "NOT_FOUND",
            "void" => "amount IS_VOID",
            _ if amount > due => "amount MORE_THAN_DUE",
            _ => "done",
        },
    };
    let is_new = there.is_none();
    let text = app::money::write_plain(amount, decimals, '.');
    let input = format!(
        "{{ id: \"{id}\", amount: \"{text}\", method: BANK_TRANSFER, receivedOn: \"{received_on}\" }}"
    );
    let document = format!("teamRecordPayment(invoiceId: \"{invoice_id}\", input: {input}) {SAVED}");
    act(document, expected, move |org, id| {
        if is_new {
            org.touched(&invoice_id);
            let (id, invoice) = (id.to_owned(), invoice_id);
            org.payments.push(Payment { id, invoice, amount, received_on, reversed_on: None });
            org.log("payment.recorded");
        }
    })
}

pub(super) fn reverse(draw: &mut Draw<'_>) -> Act {
    let id = draw.id(payment_ids);
    let expected = match draw.own.payments.iter().find(|payment| payment.id == id) {
        None => "NOT_FOUND",
        Some(payment) if payment.reversed_on.is_some() => "payment NOT_REVERSIBLE",
        Some(_) => "done",
    };
    let today = draw.today;
    act(format!("teamReversePayment(id: \"{id}\") {SAVED}"), expected, move |org, invoice| {
        org.payments.iter_mut().find(|payment| payment.id == id).unwrap().reversed_on = Some(today);
        org.touched(invoice);
        org.log("payment.reversed");
    })
}
