//! The one function that books what was paid online. A webhook, the payer's return, the sweep and whoever closes a
//! checkout all call it, and all it is told is which checkout to look at: what holds is asked of Stripe.

use std::collections::{BTreeMap, btree_map};

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::{
    checkout::{
        CheckoutState, Entry, EntryKind, Expected, Observed, checkout_of, entries, idempotency_key, judge,
    },
    error::{Error, Result},
    id::CheckoutId,
    ledger::LockedInvoice,
    store::{
        ActivityKind, CheckoutRow, Money, Store, WebhookKind,
        system::{Alert, CheckoutName, MailKind, PaidBy, SystemTx},
    },
    stripe::{NewSession, Session, SessionHead, SessionId, Stripe, StripeFailure},
};

/// What came of looking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// It is known how it stands, and all of it is booked.
    As(CheckoutState),
    /// Stripe does not answer: look again later.
    Later,
    /// What Stripe has is not what was asked for; somebody has been told.
    Odd,
}

/// Looks at a checkout, and books what is not booked yet. `session` is its session's name as an event has it, for
/// where our own answer was lost.
pub async fn settle_checkout(
    store: &Store,
    stripe: &Stripe,
    id: CheckoutId,
    session: Option<&SessionId>,
) -> Result<Settled> {
    let name = CheckoutName::Id(id);
    let Some(mut row) = store.system().checkout(&name).await? else { return Err(Error::NotFound) };
    if row.session_id.is_none() && session.is_none() {
        match ask_again(store, stripe, &row).await? {
            Asked::Opened => {}
            Asked::Refused => return Ok(Settled::As(CheckoutState::Refused)),
            Asked::Later => return Ok(Settled::Later),
        }
        match store.system().checkout(&name).await? {
            Some(again) => row = again,
            None => return Err(Error::NotFound),
        }
    }
    let Some(session_id) = row.session_id.as_ref().or(session) else { return Ok(Settled::Later) };
    let session = match stripe.session(&row.account_id, session_id).await {
        Ok(session) => session,
        Err(StripeFailure::Unreachable(_) | StripeFailure::Fault(_) | StripeFailure::UnderWay) => {
            return Ok(Settled::Later);
        }
        Err(failure) => {
            let settled =
                odd(store, &row, session_id.as_str(), "stripe.unreadable", &failure.to_string()).await?;
            if failure.is_without_access() && give_up(store, &row).await? {
                return Ok(Settled::As(CheckoutState::Expired));
            }
            return Ok(settled);
        }
    };
    let expected = Expected {
        checkout: row.id,
        org: row.org_id.to_string(),
        currency: &row.currency,
        amount_minor: row.amount_minor,
    };
    let state = match judge(&session, &expected) {
        Ok(state) => state,
        Err(mismatch) => {
            let kind = format!("stripe.{}", mismatch.as_str());
            return odd(
                store,
                &row,
                &session.id,
                &kind,
                "Stripe has a payment that is not the one asked for",
            )
            .await;
        }
    };
    match book(store, stripe, &row, &session, state).await {
        Err(Booking::Later) => Ok(Settled::Later),
        Err(Booking::Error(error)) => Err(error),
        Ok(()) => Ok(Settled::As(state)),
    }
}

async fn odd(store: &Store, row: &CheckoutRow, subject: &str, kind: &str, detail: &str) -> Result<Settled> {
    store.system().alert(&Alert { kind, subject, org: Some(row.org_id), detail }).await?;
    Ok(Settled::Odd)
}

/// Stripe lets nobody look any more. Where the org has taken that access away, nothing is heard of this checkout again:
/// its invoices are free to be paid on the account that the org has now. What comes all the same after the same account
/// is connected anew is booked. `false` where it is not given up.
async fn give_up(store: &Store, row: &CheckoutRow) -> Result<bool> {
    let mut tx = store.system().begin().await?;
    let Some(held) = tx.lock_checkout(row.id).await? else { return Err(Error::NotFound) };
    if !held.state()?.is_live() || !tx.has_ended(&held).await? {
        return Ok(false);
    }
    let now = tx.now();
    tx.set_checkout_state(&held, CheckoutState::Expired, None, None, next_look_back(&held, now)).await?;
    tx.commit().await?;
    Ok(true)
}

enum Asked {
    Opened,
    Refused,
    Later,
}

/// Stripe said that it failed. Whether the session is there all the same is looked up: if it is, it is the one; if it
/// is not, this checkout is over, since its key would be answered in the same way for a day.
pub(super) async fn look_for_session(
    store: &Store,
    stripe: &Stripe,
    row: &CheckoutRow,
) -> Result<Option<SessionHead>> {
    // Their clock and ours need not agree to the second.
    let since = row.created_at.timestamp() - 60;
    let Ok(sessions) = stripe.sessions_since(&row.account_id, since).await else { return Ok(None) };
    let found = sessions.into_iter().find(|session| checkout_of(session.metadata.as_ref()) == Some(row.id));
    match &found {
        Some(session) => {
            let id: SessionId = session.id.parse().map_err(Error::bug)?;
            store.system().checkout_opened(row.id, &id, session.url.as_deref()).await?;
        }
        None => refused(store, row.id).await?,
    }
    Ok(found)
}

/// The answer was lost, or never came: the same words with the same key give the same session.
async fn ask_again(store: &Store, stripe: &Stripe, row: &CheckoutRow) -> Result<Asked> {
    let request: NewSession = serde_json::from_str(&row.request).map_err(Error::bug)?;
    match stripe.create_session(&row.account_id, &idempotency_key(row.id), &request).await {
        Ok(opened) => {
            let session: SessionId = opened.id.parse().map_err(Error::bug)?;
            store.system().checkout_opened(row.id, &session, opened.url.as_deref()).await?;
            Ok(Asked::Opened)
        }
        Err(StripeFailure::Unreachable(_) | StripeFailure::UnderWay) => Ok(Asked::Later),
        Err(StripeFailure::Fault(_)) => match look_for_session(store, stripe, row).await? {
            Some(_) => Ok(Asked::Opened),
            None => Ok(Asked::Later),
        },
        Err(StripeFailure::Refused { .. }) => {
            refused(store, row.id).await?;
            Ok(Asked::Refused)
        }
    }
}

/// Stripe opened no page: its invoices are free for another try.
pub(super) async fn refused(store: &Store, id: CheckoutId) -> Result<()> {
    let mut tx = store.system().begin().await?;
    if let Some(row) = tx.lock_checkout(id).await?.filter(|row| row.session_id.is_none()) {
        let now = tx.now();
        tx.set_checkout_state(&row, CheckoutState::Refused, None, None, now).await?;
    }
    tx.commit().await
}

enum Booking {
    Later,
    Error(Error),
}

impl From<Error> for Booking {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl From<StripeFailure> for Booking {
    fn from(_: StripeFailure) -> Self {
        Self::Later
    }
}

async fn book(
    store: &Store,
    stripe: &Stripe,
    row: &CheckoutRow,
    session: &Session,
    state: CheckoutState,
) -> std::result::Result<(), Booking> {
    let intent = session.payment_intent.as_ref();
    let charge = intent.and_then(|intent| intent.latest_charge.as_ref());
    let intent_id = intent.map(|intent| intent.id.parse()).transpose().map_err(Error::bug)?;
    let (mut refunds, mut disputes) = (vec![], vec![]);
    if let (Some(charge), Some(id)) = (charge, &intent_id) {
        refunds = stripe.refunds(&row.account_id, id).await?;
        if charge.disputed {
            disputes = stripe.disputes(&row.account_id, id).await?;
        }
    }
    let session_id: SessionId = session.id.parse().map_err(Error::bug)?;
    let mut tx = store.system().begin().await?;
    let Some(held) = tx.lock_checkout(row.id).await? else { return Err(Error::NotFound.into()) };
    let before = held.state()?;
    // Money that has come has come: a look that began earlier and ends later does not undo it.
    let state = if before == CheckoutState::Paid { before } else { state };
    if let (CheckoutState::Paid, Some(charge), Some(intent)) = (state, charge, intent) {
        let parts = tx.checkout_parts(&held).await?;
        let time_zone = tx.time_zone(held.org_id).await?;
        let observed = Observed {
            intent: &intent.id,
            charged_at: charge.created,
            refunds: &refunds,
            disputes: &disputes,
        };
        let booked = tx.booked(&held).await?;
        let mut rows = entries(held.id, &held.currency, &parts, time_zone, &observed, &booked);
        // Invoices are held in one order by everybody, and all of them before what the org is owed in sum, so that
        // nobody waits for whoever waits for them.
        rows.sort_by_key(|entry| entry.invoice_id);
        let mut invoices = BTreeMap::new();
        for entry in &rows {
            if let btree_map::Entry::Vacant(place) = invoices.entry(entry.invoice_id) {
                place.insert(tx.lock_invoice(&held, entry.invoice_id).await?.ok_or_else(missing)?);
            }
        }
        let mut has_come = false;
        for entry in &rows {
            let invoice = invoices.get_mut(&entry.invoice_id).ok_or_else(missing)?;
            let is_new = keep(&mut tx, &held, entry, invoice, time_zone).await?;
            has_come |= is_new && entry.kind == EntryKind::Payment;
        }
        if has_come {
            tell(&mut tx, &held, session).await?;
        }
    }
    if before != state {
        tell_state(&mut tx, &held, state).await?;
    }
    let next = next_check(&held, state, tx.now());
    tx.set_checkout_state(&held, state, Some(&session_id), intent_id.as_ref(), next).await?;
    tx.commit().await?;
    Ok(())
}

fn missing() -> Error {
    Error::bug("a checkout of an invoice that is not there")
}

/// Books one row and what follows from it; `false` where it is there already.
async fn keep(
    tx: &mut SystemTx,
    row: &CheckoutRow,
    entry: &Entry,
    invoice: &mut LockedInvoice,
    time_zone: Tz,
) -> Result<bool> {
    let mut after = invoice.clone();
    let (change, flag) = match entry.kind {
        EntryKind::Payment => after.receive(entry.amount_minor),
        _ => (after.take_back(-entry.amount_minor), None),
    };
    if !tx.add_entry(row, entry, flag).await? {
        return Ok(false);
    }
    let before = std::mem::replace(invoice, after);
    tx.keep_entry(row.org_id, time_zone, invoice, entry, change).await?;
    let (kind, by) = match (entry.kind, row.contact_id) {
        (EntryKind::Payment, Some(_)) => (ActivityKind::Paid, PaidBy::Payer),
        (EntryKind::Payment, None) => (ActivityKind::PaidByLink, PaidBy::Payer),
        (EntryKind::Refund, _) => (ActivityKind::PaymentRefunded, PaidBy::Stripe),
        (EntryKind::RefundFailed, _) => (ActivityKind::RefundFailed, PaidBy::Stripe),
        (EntryKind::Dispute, _) => (ActivityKind::PaymentDisputed, PaidBy::Stripe),
        (EntryKind::DisputeWon, _) => (ActivityKind::DisputeWon, PaidBy::Stripe),
    };
    tx.log_checkout(row, kind, by, entry.invoice_id, "").await?;
    let told = match entry.kind {
        EntryKind::Payment => WebhookKind::PaymentReceived,
        EntryKind::Refund => WebhookKind::PaymentRefunded,
        EntryKind::RefundFailed => WebhookKind::PaymentRefundFailed,
        EntryKind::Dispute => WebhookKind::PaymentDisputed,
        EntryKind::DisputeWon => WebhookKind::PaymentDisputeWon,
    };
    let money = Some(Money { payment: entry.id, amount_minor: entry.amount_minor, method: "card" });
    tx.emit(told, (row.org_id, invoice.id), money).await?;
    if invoice.is_settled() && !before.is_settled() {
        tx.emit(WebhookKind::InvoicePaid, (row.org_id, invoice.id), money).await?;
    }
    if let Some(flag) = flag {
        tx.log_checkout(row, ActivityKind::PaymentUnexpected, PaidBy::Stripe, entry.invoice_id, flag).await?;
    }
    Ok(true)
}

/// A receipt to whoever paid, and a word to the org (rule M7). They are written once, with the first booking.
async fn tell(tx: &mut SystemTx, row: &CheckoutRow, session: &Session) -> Result<()> {
    let typed = session.customer_details.as_ref().and_then(|customer| customer.email.as_deref());
    let (contact, org) = tx.receipt_addresses(row).await?;
    let payer = contact.as_deref().or(typed);
    if let Some(address) = payer.filter(|address| address.parse::<lettre::Address>().is_ok()) {
        tx.enqueue_mail(MailKind::PaymentReceipt, address, &row.id.to_string()).await?;
    }
    if !org.is_empty() {
        tx.enqueue_mail(MailKind::PaymentNotice, &org, &row.id.to_string()).await?;
    }
    Ok(())
}

async fn tell_state(tx: &mut SystemTx, row: &CheckoutRow, state: CheckoutState) -> Result<()> {
    let kind = match state {
        CheckoutState::Processing => ActivityKind::PaymentBegun,
        CheckoutState::Failed => ActivityKind::PaymentFailed,
        _ => return Ok(()),
    };
    for part in tx.checkout_parts(row).await? {
        tx.log_checkout(row, kind, PaidBy::Payer, part.invoice_id, "").await?;
    }
    Ok(())
}

/// When Stripe is asked next, whether or not it tells by itself. A bank takes days; what is open is looked at once more
/// when its time is up; what is paid can be given back or disputed for months, which is looked for ever more rarely.
fn next_check(row: &CheckoutRow, state: CheckoutState, now: DateTime<Utc>) -> DateTime<Utc> {
    match state {
        CheckoutState::Processing => now + TimeDelta::hours(6),
        CheckoutState::Paid => next_look_back(row, now),
        _ => (now + TimeDelta::minutes(10)).min(row.expires_at.max(now) + TimeDelta::minutes(2)),
    }
}

/// After a day, then after four times as long each time, for as long as a payment can be disputed: 120 days with most
/// cards. <https://docs.stripe.com/disputes/how-disputes-work>
fn next_look_back(row: &CheckoutRow, now: DateTime<Utc>) -> DateTime<Utc> {
    const LAST: TimeDelta = TimeDelta::days(120);
    const NEVER: TimeDelta = TimeDelta::days(36_500);
    let age = now - row.created_at;
    if age > LAST { now + NEVER } else { now + (age * 3).max(TimeDelta::days(1)) }
}

/// When a checkout that could not be settled is looked at again by itself.
#[must_use]
pub fn put_off_until(row: &CheckoutRow, settled: Option<Settled>, now: DateTime<Utc>) -> DateTime<Utc> {
    // Where Stripe has what was not asked for, somebody has been told, and what happens there is told as well.
    if settled == Some(Settled::Odd) || row.state == CheckoutState::Paid.as_str() {
        next_look_back(row, now)
    } else {
        now + TimeDelta::minutes(5)
    }
}
