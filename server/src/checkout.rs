//! The rules of a checkout: what somebody pays online, what Stripe says of it, and what follows for the ledger. Pure.
//!
//! What an event says is never booked. It only says that something has changed; what holds is asked of Stripe, and all
//! of it is booked that is not there yet. So it does not matter in which order events come, how often, or whether at
//! all (rules M3, M5, M6).

mod entries;
#[cfg(test)]
mod tests;

use uuid::Uuid;

use crate::{
    id::{CheckoutId, InvoiceId},
    stripe::{Session, to_stripe},
};

pub use entries::{Entry, EntryKind, Observed, entries};

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
        // The payer has done their part on the page, and has another to do elsewhere: two small amounts to tell, a voucher to
        // pay. Nothing has failed, and the money can still come. <https://docs.stripe.com/payments/paymentintents/lifecycle>
        ("requires_action" | "requires_confirmation" | "requires_capture", Some("complete")) => {
            CheckoutState::Processing
        }
        (_, Some("complete")) => CheckoutState::Failed,
        (_, Some("expired")) => CheckoutState::Expired,
        _ => CheckoutState::Open,
    })
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
