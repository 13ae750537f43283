//! Invoices: sent, cancelled, reminded of, and their share links.

use super::{Act, Draw, SAVED, act, quoted};

pub(super) fn send(draw: &mut Draw<'_>) -> Act {
    let id = draw.invoice("draft");
    let invoice = draw.own.invoice(&id);
    let version = draw.version(invoice.map(|invoice| invoice.version));
    let contacts = draw.recipients(invoice.map(|invoice| invoice.client.as_str()));
    let today = draw.today;
    let hinders = invoice.map(|invoice| invoice.hinders(today, draw.own.payment_days)).unwrap_or_default();
    let expected = match invoice {
        None => "NOT_FOUND".to_owned(),
        Some(invoice) => match invoice.status {
            "void" => "NOT_FOUND".to_owned(),
            "sent" => "done".to_owned(),
            _ if invoice.version != version => "version CHANGED".to_owned(),
            _ if !hinders.is_empty() => hinders.join(", "),
            _ if !draw.own.has_contacts(&invoice.client, &contacts) => "contacts NO_CONTACT".to_owned(),
            _ => "done".to_owned(),
        },
    };
    let was_sent = invoice.is_some_and(|invoice| invoice.status == "sent");
    let input = format!("{{ contactIds: [{}] }}", quoted(&contacts));
    let document = format!("teamSendInvoice(id: \"{id}\", version: {version}, input: {input}) {SAVED}");
    act(document, expected, move |org, id| {
        if was_sent {
            return;
        }
        let (number, payment_days) = (format!("{}{}", org.prefix, org.next_number), org.payment_days);
        let invoice = org.touched(id);
        let (issued, due) = invoice.days(today, payment_days);
        (invoice.status, invoice.number) = ("sent", Some(number));
        (invoice.issued_on, invoice.due_on) = (Some(issued), Some(due));
        (invoice.links, invoice.has_link, invoice.mailed) = (1, true, contacts);
        let account = (invoice.client.clone(), invoice.currency);
        org.accounts.insert(account);
        org.next_number += 1;
        org.log("invoice.sent");
    })
}

pub(super) fn void(draw: &mut Draw<'_>) -> Act {
    let id = draw.invoice("sent");
    let expected = match draw.own.invoice(&id).map(|invoice| (invoice.status, draw.own.paid(&id))) {
        None | Some(("draft", _)) => "NOT_FOUND",
        Some(("void", _)) => "invoice IS_VOID",
        Some((_, 0)) => "done",
        Some(_) => "invoice IS_PAID",
    };
    act(format!("teamVoidInvoice(id: \"{id}\") {SAVED}"), expected, |org, id| {
        let invoice = org.touched(id);
        (invoice.status, invoice.has_link) = ("void", false);
        org.log("invoice.voided");
    })
}

pub(super) fn remind(draw: &mut Draw<'_>) -> Act {
    let id = draw.invoice("sent");
    let invoice = draw.own.invoice(&id);
    let contacts = draw.recipients(invoice.map(|invoice| invoice.client.as_str()));
    let used: Vec<String> = draw.own.reminders.iter().map(|[.., key]| key.clone()).collect();
    let key = match draw.dice.below(10) {
        0 | 1 if !used.is_empty() => draw.dice.pick(&used).clone(),
        2 => id.clone(),
        _ => draw.dice.uuid().to_string(),
    };
    let expected = match invoice {
        None => "NOT_FOUND",
        Some(invoice) if invoice.status == "draft" => "NOT_FOUND",
        Some(invoice) if draw.own.due(invoice) == 0 => "invoice NOTHING_DUE",
        Some(invoice) if !invoice.has_link => "invoice LINK_OFF",
        Some(_) if contacts.is_empty() => "contacts NO_CONTACT",
        Some(invoice) if !draw.own.has_contacts(&invoice.client, &contacts) => "contacts NO_CONTACT",
        Some(_) => "done",
    };
    let input = format!("{{ contactIds: [{}] }}", quoted(&contacts));
    let document = format!("teamRemind(id: \"{id}\", key: \"{key}\", input: {input}) {SAVED}");
    act(document, expected, move |org, id| {
        let before = org.reminders.len();
        org.reminders.extend(contacts.into_iter().map(|contact| [id.to_owned(), contact, key.clone()]));
        if org.reminders.len() > before {
            org.touched(id);
            org.log("invoice.reminded");
        }
    })
}

pub(super) fn replace_link(draw: &mut Draw<'_>) -> Act {
    let id = draw.invoice("sent");
    let expected = match draw.own.invoice(&id).map(|invoice| invoice.status) {
        None | Some("draft") => "NOT_FOUND",
        Some("void") => "invoice IS_VOID",
        Some(_) => "done",
    };
    act(format!("teamReplaceShareLink(id: \"{id}\") {SAVED}"), expected, |org, id| {
        let invoice = org.touched(id);
        (invoice.links, invoice.has_link) = (invoice.links + 1, true);
        org.log("share_link.replaced");
    })
}

pub(super) fn revoke_link(draw: &mut Draw<'_>) -> Act {
    let id = draw.invoice("sent");
    let expected = match draw.own.invoice(&id).map(|invoice| invoice.status) {
        None | Some("draft") => "NOT_FOUND",
        Some(_) => "done",
    };
    act(format!("teamRevokeShareLink(id: \"{id}\") {SAVED}"), expected, |org, id| {
        if org.invoice(id).unwrap().has_link {
            org.touched(id).has_link = false;
            org.log("share_link.revoked");
        }
    })
}
