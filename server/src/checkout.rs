//! The rules of a checkout: what somebody pays online, what Stripe says of it, and what follows for the ledger. Pure.
//!
//! What an event says is never booked. It only says that something has changed; what holds is asked of Stripe, and all
//! of it is booked that is not there yet. So it does not matter in which order events come, how often, or whether at
//! all (rules M3, M5, M6).

#[cfg(test)]
mod tests;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    clock::calendar_day,
    id::{CheckoutId, InvoiceId, PaymentId},
    stripe::{Dispute, Refund, Session, from_stripe, to_stripe},
};

/// How a checkout stands. The words are the database's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckoutState {
    /// Stripe is asked for a page, or its answer was lost.
    Asked,
    /// It can be paid.
    Open,
    /// A bank is at it; it takes days.
    Processing,
    /// The money has come.
    Paid,
    /// The bank has refused; nothing was taken.
    Failed,
    /// It was not paid in time, or something else was due meanwhile.
    Expired,
    /// Stripe would not open a page for it.
    Refused,
}

impl CheckoutState {
    const ALL: [Self; 7] =
        [Self::Asked, Self::Open, Self::Processing, Self::Paid, Self::Failed, Self::Expired, Self::Refused];

    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Open => "open",
            Self::Processing => "processing",
            Self::Paid => "paid",
            Self::Failed => "failed",
            Self::Expired => "expired",
            Self::Refused => "refused",
        }
    }

    /// Reads the word; `None` for one that this version does not know.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Money may still come of it, so its invoices are payable nowhere else.
    #[must_use]
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Asked | Self::Open | Self::Processing)
    }
}

/// What of a checkout is for one invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// The invoice.
    pub invoice_id: InvoiceId,
    /// Minor units.
    pub amount_minor: i64,
}

/// What ties a session at Stripe to us, as its metadata says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected<'a> {
    /// Our id.
    pub checkout: CheckoutId,
    /// The tenant, as text.
    pub org: String,
    /// ISO 4217.
    pub currency: &'a str,
    /// Minor units.
    pub amount_minor: i64,
}

/// The key in metadata under which our id stands.
pub const CHECKOUT_KEY: &str = "postern_checkout";
/// The key in metadata under which the org's id stands.
pub const ORG_KEY: &str = "postern_org";

/// Why what Stripe has is not what we asked for: nothing is booked, and somebody has to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mismatch {
    /// It is tied to something else.
    Metadata,
    /// Another currency.
    Currency,
    /// Another amount.
    Amount,
}

impl Mismatch {
    /// The word in the list of alerts.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Metadata => "metadata",
            Self::Currency => "currency",
            Self::Amount => "amount",
        }
    }
}

/// How a checkout stands by what Stripe has of it.
///
/// # Errors
/// [`Mismatch`] where it is not the one that we asked for.
pub fn judge(session: &Session, expected: &Expected<'_>) -> Result<CheckoutState, Mismatch> {
    let says = |key: &str| session.metadata.as_ref().and_then(|all| all.get(key)).map(String::as_str);
    if says(CHECKOUT_KEY) != Some(expected.checkout.to_string().as_str())
        || says(ORG_KEY) != Some(expected.org.as_str())
    {
        return Err(Mismatch::Metadata);
    }
    let is_ours = |currency: &str| currency.eq_ignore_ascii_case(expected.currency);
    if !session.currency.as_deref().is_none_or(is_ours) {
        return Err(Mismatch::Currency);
    }
    let amount = to_stripe(expected.currency, expected.amount_minor).map_err(|_| Mismatch::Amount)?;
    if session.amount_total.is_some_and(|total| total != amount) {
        return Err(Mismatch::Amount);
    }
    let Some(intent) = &session.payment_intent else {
        return Ok(match session.status.as_deref() {
            Some("expired") => CheckoutState::Expired,
            _ => CheckoutState::Open,
        });
    };
    if !is_ours(&intent.currency) {
        return Err(Mismatch::Currency);
    }
    let received = intent.amount_received.unwrap_or_default();
    if intent.amount != amount || (intent.status == "succeeded" && received != amount) {
        return Err(Mismatch::Amount);
    }
    Ok(match (intent.status.as_str(), session.status.as_deref()) {
        ("succeeded", _) => CheckoutState::Paid,
        ("processing", _) => CheckoutState::Processing,
        (_, Some("complete")) => CheckoutState::Failed,
        (_, Some("expired")) => CheckoutState::Expired,
        _ => CheckoutState::Open,
    })
}

/// What a row of the ledger tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntryKind {
    /// Money came.
    Payment,
    /// It was given back.
    Refund,
    /// Giving it back did not go through.
    RefundFailed,
    /// The payer's bank took it back.
    Dispute,
    /// The bank decided for the org.
    DisputeWon,
}

impl EntryKind {
    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Payment => "payment",
            Self::Refund => "refund",
            Self::RefundFailed => "refund_failed",
            Self::Dispute => "dispute",
            Self::DisputeWon => "dispute_won",
        }
    }
}

/// A row that the ledger has to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Made of what it tells of: the same thing told again is the same row.
    pub id: PaymentId,
    /// What it tells of.
    pub kind: EntryKind,
    /// For which invoice.
    pub invoice_id: InvoiceId,
    /// Minor units; negative where money went.
    pub amount_minor: i64,
    /// The org's calendar day.
    pub day: NaiveDate,
    /// Stripe's id of it.
    pub stripe_id: String,
    /// The row that this one takes back, or gives back.
    pub reverses: Option<PaymentId>,
}

/// The money of a checkout as Stripe has it: when it came, and what went since.
#[derive(Debug, Clone)]
pub struct Observed<'a> {
    /// `pi_…`
    pub intent: &'a str,
    /// Unix seconds.
    pub charged_at: i64,
    /// In the order in which they were begun.
    pub refunds: &'a [Refund],
    /// In the order in which they were begun.
    pub disputes: &'a [Dispute],
}

/// All rows that the ledger has to have for a checkout that was paid, in their order. What goes is taken from the
/// last invoice first.
#[must_use]
pub fn entries(
    checkout: CheckoutId,
    currency: &str,
    parts: &[Part],
    time_zone: Tz,
    observed: &Observed<'_>,
) -> Vec<Entry> {
    let row = |kind, part: Part, at: i64, stripe_id: &str, reverses| {
        let when = DateTime::<Utc>::from_timestamp(at, 0).unwrap_or_default();
        Entry {
            id: entry_id(checkout, kind, part.invoice_id, stripe_id, when),
            kind,
            invoice_id: part.invoice_id,
            amount_minor: part.amount_minor,
            day: calendar_day(when, time_zone),
            stripe_id: stripe_id.to_owned(),
            reverses,
        }
    };
    let payments: Vec<Entry> = parts
        .iter()
        .map(|part| row(EntryKind::Payment, *part, observed.charged_at, observed.intent, None))
        .collect();
    let mut left: Vec<Part> = parts.to_vec();
    let mut all = payments.clone();
    let payment_of = |invoice| payments.iter().find(|row| row.invoice_id == invoice).map(|row| row.id);
    let mut goes = |kind, back, amount: i64, at, id: &str, comes_back: bool| {
        let mut rest = from_stripe(currency, amount);
        for part in left.iter_mut().rev() {
            let taken = rest.min(part.amount_minor);
            if taken <= 0 {
                continue;
            }
            rest -= taken;
            let went = Part { amount_minor: -taken, ..*part };
            let row_of_it = row(kind, went, at, id, payment_of(part.invoice_id));
            if comes_back {
                let came = Part { amount_minor: taken, ..*part };
                let again = row(back, came, at, id, Some(row_of_it.id));
                all.extend([row_of_it, again]);
            } else {
                part.amount_minor -= taken;
                all.push(row_of_it);
            }
        }
    };
    for refund in observed.refunds {
        match refund.status.as_deref() {
            Some("succeeded") => {
                goes(
                    EntryKind::Refund,
                    EntryKind::RefundFailed,
                    refund.amount,
                    refund.created,
                    &refund.id,
                    false,
                );
            }
            Some("failed") => {
                goes(
                    EntryKind::Refund,
                    EntryKind::RefundFailed,
                    refund.amount,
                    refund.created,
                    &refund.id,
                    true,
                );
            }
            // Nothing has gone yet, or nothing will.
            _ => {}
        }
    }
    for dispute in observed.disputes {
        let moves_money =
            matches!(dispute.status.as_str(), "needs_response" | "under_review" | "won" | "lost");
        if moves_money {
            let is_won = dispute.status == "won";
            goes(
                EntryKind::Dispute,
                EntryKind::DisputeWon,
                dispute.amount,
                dispute.created,
                &dispute.id,
                is_won,
            );
        }
    }
    all
}

/// An id of version 7, whose time is when it happened and whose rest is a hash of what it tells of.
fn entry_id(
    checkout: CheckoutId,
    kind: EntryKind,
    invoice: InvoiceId,
    stripe_id: &str,
    at: DateTime<Utc>,
) -> PaymentId {
    let told = format!("{checkout} {} {invoice} {stripe_id}", kind.as_str());
    let hash = Sha256::digest(told.as_bytes());
    let mut rest = [0; 10];
    rest.copy_from_slice(&hash[..10]);
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or_default();
    PaymentId::from_uuid(uuid::Builder::from_unix_timestamp_millis(millis, &rest).into_uuid())
}

/// What Stripe makes of several requests for one checkout: one.
#[must_use]
pub fn idempotency_key(checkout: CheckoutId) -> String {
    format!("postern-checkout-{checkout}")
}

/// An id out of metadata; `None` where there is none, as in what the org does with its account besides.
#[must_use]
pub fn checkout_of(metadata: Option<&std::collections::BTreeMap<String, String>>) -> Option<CheckoutId> {
    metadata?.get(CHECKOUT_KEY)?.parse::<Uuid>().ok().map(CheckoutId::from_uuid)
}
