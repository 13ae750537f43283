//! Clients and their contacts: added, changed, put away, taken back, let in and out.

use super::{Act, Draw, SAVED, act};
use crate::{
    books::model::{Client, Contact, Org},
    plain::CURRENCIES,
};

pub(super) fn add_client(draw: &mut Draw<'_>) -> Act {
    let (currency, decimals) = *draw.dice.pick(&CURRENCIES);
    let input = format!("{{ name: \"Client\", currency: \"{currency}\" }}");
    act(format!("teamSaveClient(input: {input}) {SAVED}"), "done", move |org, id| {
        org.clients.push(Client { id: id.to_owned(), currency, decimals, version: 1, away: false });
        org.log("client.added");
    })
}

pub(super) fn change_client(draw: &mut Draw<'_>) -> Act {
    let id = draw.client();
    let known = draw.own.client(&id).map(|client| client.version);
    let version = draw.version(known);
    let (currency, decimals) = *draw.dice.pick(&CURRENCIES);
    let expected = match known {
        None => "NOT_FOUND",
        Some(current) if current != version => "version CHANGED",
        Some(_) => "done",
    };
    let input = format!("{{ name: \"Client\", currency: \"{currency}\" }}");
    let document = format!("teamSaveClient(id: \"{id}\", version: {version}, input: {input}) {SAVED}");
    act(document, expected, move |org, id| {
        let client = org.client_mut(id);
        (client.currency, client.decimals, client.version) = (currency, decimals, client.version + 1);
        org.log("client.changed");
    })
}

/// Most are taken back soon: nothing can be begun for one that is away.
pub(super) fn shelve_client(draw: &mut Draw<'_>) -> Act {
    let id = draw.client();
    let known = draw.own.client(&id).map(|client| client.away);
    let away = if known == Some(false) { draw.dice.chance(60) } else { draw.dice.chance(20) };
    let expected = if known == Some(!away) { "done" } else { "nothing" };
    act(format!("teamArchiveClient(id: \"{id}\", archived: {away})"), expected, move |org, _| {
        let client = org.client_mut(&id);
        (client.away, client.version) = (away, client.version + 1);
        org.log(if away { "client.archived" } else { "client.restored" });
    })
}

pub(super) fn add_contact(draw: &mut Draw<'_>) -> Act {
    let client = draw.client();
    let email = format!("c{}@clients.test", draw.dice.below(12));
    let access = draw.dice.chance(50);
    let expected = match draw.own.client(&client) {
        None => "NOT_FOUND",
        Some(found) if found.away => "NOT_FOUND",
        Some(_) if draw.own.is_taken(&client, "", &email) => "email ADDRESS_TAKEN",
        Some(_) => "done",
    };
    let input = format!("{{ name: \"Contact\", email: \"{email}\", portalAccess: {access} }}");
    let document = format!("teamSaveContact(clientId: \"{client}\", input: {input}) {SAVED}");
    act(document, expected, move |org, id| {
        org.contacts.push(Contact { id: id.to_owned(), client, email, access, version: 1, removed: false });
        org.log("contact.added");
        log_access(org, false, access);
    })
}

pub(super) fn change_contact(draw: &mut Draw<'_>) -> Act {
    let (client, id) = draw.contact();
    let known = draw.own.contact(&client, &id).map(|contact| contact.version);
    let version = draw.version(known);
    let email = format!("c{}@clients.test", draw.dice.below(12));
    let access = draw.dice.chance(50);
    let expected = match known {
        None => "NOT_FOUND",
        Some(_) if draw.own.is_taken(&client, &id, &email) => "email ADDRESS_TAKEN",
        Some(current) if current != version => "version CHANGED",
        Some(_) => "done",
    };
    let input = format!("{{ name: \"Contact\", email: \"{email}\", portalAccess: {access} }}");
    let ids = format!("clientId: \"{client}\", id: \"{id}\", version: {version}");
    act(format!("teamSaveContact({ids}, input: {input}) {SAVED}"), expected, move |org, id| {
        let contact = org.contact_mut(id);
        let was = std::mem::replace(&mut contact.access, access);
        (contact.email, contact.version) = (email, contact.version + 1);
        org.log("contact.changed");
        log_access(org, was, access);
    })
}

pub(super) fn switch_access(draw: &mut Draw<'_>) -> Act {
    let (client, id) = draw.contact();
    let on = draw.dice.chance(50);
    let expected = if draw.own.contact(&client, &id).is_some() { "done" } else { "nothing" };
    let document = format!("teamSetPortalAccess(clientId: \"{client}\", id: \"{id}\", on: {on})");
    act(document, expected, move |org, _| {
        let contact = org.contact_mut(&id);
        let was = std::mem::replace(&mut contact.access, on);
        contact.version += i64::from(was != on);
        log_access(org, was, on);
    })
}

pub(super) fn remove_contact(draw: &mut Draw<'_>) -> Act {
    let (client, id) = draw.contact();
    let expected = if draw.own.contact(&client, &id).is_some() { "done" } else { "nothing" };
    act(format!("teamRemoveContact(clientId: \"{client}\", id: \"{id}\")"), expected, move |org, _| {
        let contact = org.contact_mut(&id);
        (contact.removed, contact.access, contact.version) = (true, false, contact.version + 1);
        org.log("contact.removed");
    })
}

fn log_access(org: &mut Org, was: bool, is: bool) {
    if was != is {
        org.log(if is { "contact.portal_access_on" } else { "contact.portal_access_off" });
    }
}
