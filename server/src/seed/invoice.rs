//! A seeded invoice: who gets it, what is on it, and what became of it.

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    book::Book,
    dice::{Dice, Ids},
    org::{Client, Org},
    sheet::{Priced, Sheet, SheetLine},
    words::{BROWSERS, LINES, NETWORKS, TITLES},
};
use crate::{
    error::Result,
    id::{ActivityId, InvoiceId, PaymentId},
    store::{ActivityKind, invoice_text::invoice_number, system::load},
};

const TERMS_DAYS: [i64; 6] = [7, 14, 14, 30, 30, 60];
const METHODS: [&str; 6] = ["bank_transfer", "bank_transfer", "bank_transfer", "card", "card", "cash"];

/// The invoices of one org, one after the other in the order in which they are sent.
#[derive(Debug)]
pub(super) struct Invoices<'a> {
    org: &'a Org,
    seed: u64,
    /// How many there are in all.
    count: u64,
    /// How many of them are the first client's, where that was asked for.
    focus: Option<u64>,
    /// How many of those are open, where that was asked for.
    focus_open: Option<u64>,
    made: u64,
    next_number: i64,
}

/// What becomes of an invoice for which the dice are not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Open,
    Paid,
}

/// One invoice on its way into the book.
struct Making<'a> {
    org: &'a Org,
    client: &'a Client,
    dice: Dice,
    ids: Ids,
    id: InvoiceId,
    sent_at: DateTime<Utc>,
    currency: &'static str,
}

impl<'a> Invoices<'a> {
    pub(super) const fn new(
        org: &'a Org,
        seed: u64,
        count: u64,
        focus: Option<u64>,
        focus_open: Option<u64>,
    ) -> Self {
        Self { org, seed, count, focus, focus_open, made: 0, next_number: 1 }
    }

    /// The number that the org's next invoice will take.
    pub(super) const fn next_number(&self) -> i64 {
        self.next_number
    }

    /// Enters the next one; `false` when there are no more.
    pub(super) fn enter_next(&mut self, book: &mut Book) -> Result<bool> {
        if self.made == self.count {
            return Ok(false);
        }
        let n = self.made;
        self.made += 1;
        let mut dice = Dice::new(&[self.seed, self.org.ordinal, 2, n]);
        let mut ids = Ids::new(&[self.seed, self.org.ordinal, 3, n]);
        let sent_at = self.org.timeline.of_invoice(n, self.count);
        let Some(client) = self.client(n, &mut dice) else { return Ok(false) };
        let fate = self.fate(n);
        let is_elsewhere = dice.happens(80) && fate.is_none();
        let currency = if is_elsewhere { client.other_currency } else { client.currency };
        let is_new = self.org.timeline.end - sent_at < TimeDelta::days(30);
        let is_draft = dice.happens(if is_new { 150 } else { 8 }) && fate.is_none();
        let is_void = !is_draft && dice.happens(20) && fate.is_none();
        let number = (!is_draft).then(|| invoice_number(&self.org.prefix, self.next_number));
        self.next_number += i64::from(!is_draft);
        let id = InvoiceId::from_uuid(ids.at(sent_at));
        let mut making = Making { org: self.org, client, dice, ids, id, sent_at, currency: currency.code() };
        let issued_on = self.org.day(sent_at);
        let sheet = Sheet {
            org_id: self.org.id,
            client_id: client.id,
            parties: client.parties.clone(),
            id,
            number,
            title: making.dice.pick(&TITLES).to_owned(),
            reference: making.reference(),
            notes: making.notes(),
            currency,
            issued_on,
            due_on: issued_on + TimeDelta::days(making.dice.pick(&TERMS_DAYS)),
            created_at: sent_at,
            voided_at: is_void.then(|| making.later(20)),
            lines: making.lines(),
        };
        let is_due = sheet.due_on < self.org.day(self.org.timeline.end);
        let priced = sheet.price()?;
        let payments = match fate {
            _ if is_draft || is_void => Vec::new(),
            Some(Fate::Open) => Vec::new(),
            Some(Fate::Paid) => vec![making.payment(priced.total_minor())],
            None => making.payments(&priced, is_due),
        };
        if !is_draft && self.org.has_portal && making.dice.happens(100) {
            making.view(book);
        }
        book.enter(priced, payments);
        Ok(true)
    }

    /// Whose the `n`th invoice is. The first client's are spread evenly, so that their number is exact.
    fn client(&self, n: u64, dice: &mut Dice) -> Option<&'a Client> {
        let clients = &self.org.clients;
        let Some(focus) = self.focus else { return some_of(clients, dice) };
        if of_the_even(n, self.count, focus).is_some() {
            clients.first()
        } else {
            some_of(clients.get(1..)?, dice)
        }
    }

    /// What becomes of the `n`th invoice, where that was asked for.
    fn fate(&self, n: u64) -> Option<Fate> {
        let (focus, open) = (self.focus?, self.focus_open?);
        let nth = of_the_even(n, self.count, focus)?;
        Some(if of_the_even(nth, focus, open).is_some() { Fate::Open } else { Fate::Paid })
    }
}

/// Of `count` things, `chosen` are spread evenly among them: which of the chosen ones the `n`th is, if
/// it is one.
fn of_the_even(n: u64, count: u64, chosen: u64) -> Option<u64> {
    let up_to = |n: u64| u128::from(n) * u128::from(chosen) / u128::from(count.max(1));
    let before = up_to(n);
    if up_to(n + 1) > before { u64::try_from(before).ok() } else { None }
}

fn some_of<'a>(clients: &'a [Client], dice: &mut Dice) -> Option<&'a Client> {
    clients.get(usize::try_from(dice.below(clients.len() as u64)).ok()?)
}

impl Making<'_> {
    fn reference(&mut self) -> String {
        if self.dice.happens(600) {
            String::new()
        } else {
            format!("PO {}", self.dice.between(10_000, 99_999))
        }
    }

    fn notes(&mut self) -> String {
        let notes = if self.dice.happens(850) { "" } else { "Thank you for working with us." };
        notes.to_owned()
    }

    /// One to four lines, most often at the usual rate.
    fn lines(&mut self) -> Vec<SheetLine> {
        let [usual, reduced] = self.org.country.taxes;
        let hour = self.org.country.hour_minor;
        (0..self.dice.between(1, 4))
            .map(|_| {
                let (description, unit, hours) = self.dice.pick(&LINES);
                SheetLine {
                    description: description.to_owned(),
                    quantity_milli: self.dice.between(1, 64) * 250,
                    unit,
                    unit_price_minor: hours * hour * self.dice.between(70, 140) / 100,
                    tax: if self.dice.happens(200) { reduced } else { usual },
                }
            })
            .collect()
    }

    /// Some time within so many days, but not after the end.
    fn later(&mut self, days: i64) -> DateTime<Utc> {
        let by = TimeDelta::milliseconds(self.dice.between(3_600_000, days * 86_400_000));
        self.org.timeline.later(self.sent_at, by)
    }

    /// What came in: mostly all of it once the day has passed, sometimes a part, sometimes twice.
    fn payments(&mut self, priced: &Priced, is_due: bool) -> Vec<load::Payment> {
        let total = priced.total_minor();
        let paid = self.dice.happens(if is_due { 970 } else { 400 });
        if paid && self.dice.happens(4) {
            let (first, second) = (self.payment(total), self.payment(total));
            let refund = load::Payment {
                id: PaymentId::from_uuid(self.ids.at(self.org.timeline.end)),
                kind: "refund",
                amount_minor: -total,
                received_on: self.org.day(self.org.timeline.end),
                reference: "Paid twice".to_owned(),
                reverses_id: Some(second.id),
                created_at: self.org.timeline.end,
                ..second.clone()
            };
            return vec![first, second, refund];
        }
        let part = total / self.dice.between(2, 4);
        match (paid, self.dice.happens(if paid { 40 } else { 250 })) {
            (true, false) => vec![self.payment(total)],
            (true, true) => vec![self.payment(part), self.payment(total - part)],
            (false, true) => vec![self.payment(part)],
            (false, false) => Vec::new(),
        }
    }

    fn payment(&mut self, amount_minor: i64) -> load::Payment {
        let created_at = self.later(45);
        load::Payment {
            org_id: self.org.id,
            client_id: self.client.id,
            id: PaymentId::from_uuid(self.ids.at(created_at)),
            invoice_id: self.id,
            kind: "payment",
            method: self.dice.pick(&METHODS),
            currency: self.currency,
            amount_minor,
            received_on: self.org.day(created_at),
            reference: if self.dice.happens(500) {
                String::new()
            } else {
                format!("RF{:07}", self.dice.below(10_000_000))
            },
            reverses_id: None,
            created_at,
        }
    }

    /// That the contact has signed in and looked at it, in the log as well.
    fn view(&mut self, book: &mut Book) {
        let (contact_id, name) = &self.client.contact;
        let (contact_id, name) = (*contact_id, name.clone());
        let at = self.later(10);
        let (browser, ip_short) = (self.dice.pick(&BROWSERS), self.dice.pick(&NETWORKS));
        let signed_in_at = at - TimeDelta::minutes(1);
        for (kind, at, invoice_id) in
            [(ActivityKind::SignedIn, signed_in_at, None), (ActivityKind::InvoiceViewed, at, Some(self.id))]
        {
            book.enter_activity(load::Activity {
                org_id: self.org.id,
                id: ActivityId::from_uuid(self.ids.at(at)),
                at,
                kind: kind.as_str(),
                actor_kind: "contact",
                actor_name: name.clone(),
                client_visible: kind.is_client_visible(),
                client_id: self.client.id,
                contact_id,
                invoice_id,
                detail: "",
                browser,
                ip_short,
            });
        }
        book.enter_view(load::View {
            org_id: self.org.id,
            client_id: self.client.id,
            invoice_id: self.id,
            viewer: format!("contact:{contact_id}"),
            views: 1,
            first_viewed_at: at,
            last_viewed_at: at,
        });
    }
}
