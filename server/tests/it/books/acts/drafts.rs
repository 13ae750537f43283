//! Drafts: begun, saved, deleted, copied.

use chrono::{NaiveDate, TimeDelta};

use super::{Act, Draw, SAVED, act, invoice_ids};
use crate::{
    books::model::{Client, Invoice, Org},
    harness::Dice,
    plain::{Plain, PlainLine},
};

/// What becomes of an id for a new draft of a client, and whether there is a new one then: another client's id is
/// refused, and one that this client has is the same again.
fn of_new_draft(own: &Org, client: Option<&Client>, id: &str) -> (&'static str, bool) {
    match (client, own.invoice(id)) {
        (None, _) => ("NOT_FOUND", false),
        (Some(client), _) if client.away => ("NOT_FOUND", false),
        (Some(_), None) => ("done", true),
        (Some(client), Some(there)) if there.client == client.id => ("done", false),
        (Some(_), Some(_)) => ("INVALID", false),
    }
}

pub(super) fn add_draft(draw: &mut Draw<'_>) -> Act {
    let client = draw.client();
    let id = draw.new_id(invoice_ids);
    let (expected, is_new) = of_new_draft(draw.own, draw.own.client(&client), &id);
    act(format!("teamAddDraft(clientId: \"{client}\", id: \"{id}\") {SAVED}"), expected, move |org, id| {
        if is_new {
            let Client { currency, decimals, .. } = *org.client(&client).unwrap();
            org.invoices.push(Invoice::draft(id, client, currency, decimals));
            org.log("invoice.drafted");
        }
    })
}

pub(super) fn save_draft(draw: &mut Draw<'_>) -> Act {
    let id = draw.invoice("draft");
    let found = draw.own.invoice(&id);
    let version = draw.version(found.map(|invoice| invoice.version));
    let plain = everyday(draw.dice);
    let unfinished = draw.dice.chance(6) && !plain.lines.is_empty();
    let (issued_on, due_on) = (day(draw, -25, 0), day(draw, 0, 20));
    let input = typed(draw.dice, &plain, found.map_or(2, |invoice| invoice.decimals), unfinished);
    let input = format!("{{ issuedOn: \"{}\", dueOn: \"{}\", {input} }}", text(issued_on), text(due_on));
    let expected = match found {
        None => "NOT_FOUND",
        Some(invoice) if invoice.status == "draft" && invoice.version == version => "done",
        Some(_) => "version CHANGED",
    };
    let saved = "{ version problems { field code } }";
    let document = format!("teamSaveDraft(id: \"{id}\", version: {version}, input: {input}) {saved}");
    act(document, expected, move |org, _| {
        let invoice = org.touched(&id);
        (invoice.plain, invoice.unfinished) = (plain, unfinished);
        (invoice.issued_on, invoice.due_on) = (issued_on, due_on);
    })
}

/// Mostly nothing is typed for a day.
fn day(draw: &mut Draw<'_>, least: i64, most: i64) -> Option<NaiveDate> {
    let days = draw.dice.between(least, most);
    draw.dice.chance(40).then_some(draw.today + TimeDelta::days(days))
}

fn text(day: Option<NaiveDate>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

/// Discount and lines, as the editor would send them.
fn typed(dice: &mut Dice, plain: &Plain, decimals: u8, unfinished: bool) -> String {
    let (lines, discount) = plain.typed(dice, decimals);
    let line = |(at, line): (usize, &app::money::TypedLine)| {
        let description = if at == 0 && unfinished { "" } else { line.description.as_str() };
        let (quantity, price, rate) = (&line.quantity, &line.unit_price, &line.tax_rate);
        format!(
            "{{ description: \"{description}\", quantity: \"{quantity}\", unitPrice: \"{price}\", taxRate: \"{rate}\" }}"
        )
    };
    let lines: Vec<String> = lines.iter().enumerate().map(line).collect();
    format!("title: \"Work\", discount: \"{discount}\", lines: [{}]", lines.join(", "))
}

/// An invoice of an everyday size, now and then without lines or of less than nothing.
fn everyday(dice: &mut Dice) -> Plain {
    let count = if dice.chance(3) { 0 } else { 1 + dice.below(4) };
    let lines = (0..count).map(|_| PlainLine {
        quantity: dice.between(1, 9_000),
        price: if dice.chance(10) { -dice.between(1, 60_000) } else { dice.between(0, 90_000) },
        rate: *dice.pick(&[0, 70_000, 88_750, 190_000]),
    });
    let lines = lines.collect();
    Plain { lines, discount: if dice.chance(70) { 0 } else { dice.between(1, 1_000_000) } }
}

pub(super) fn delete_draft(draw: &mut Draw<'_>) -> Act {
    let id = draw.invoice("draft");
    let is_draft = draw.own.invoice(&id).is_some_and(|invoice| invoice.status == "draft");
    let expected = if is_draft { "done" } else { "nothing" };
    act(format!("teamDeleteDraft(id: \"{id}\")"), expected, move |org, _| {
        org.invoices.retain(|invoice| invoice.id != id);
        org.log("invoice.draft_deleted");
    })
}

pub(super) fn duplicate(draw: &mut Draw<'_>) -> Act {
    let (id, new_id) = (draw.invoice("sent"), draw.new_id(invoice_ids));
    let client = draw.own.invoice(&id).and_then(|invoice| draw.own.client(&invoice.client));
    let (expected, is_new) = of_new_draft(draw.own, client, &new_id);
    let document = format!("teamDuplicateInvoice(id: \"{id}\", newId: \"{new_id}\") {SAVED}");
    act(document, expected, move |org, new_id| {
        if is_new {
            let source = org.invoice(&id).unwrap().clone();
            let copy = Invoice::draft(new_id, source.client, source.currency, source.decimals);
            org.invoices.push(Invoice { plain: source.plain, unfinished: source.unfinished, ..copy });
            org.log("invoice.drafted");
        }
    })
}
