//! The rules of a checkout: what somebody pays online, what Stripe says of it, and what follows for the ledger. Pure.
//!
//! What an event says is never booked. It only says that something has changed; what holds is asked of Stripe, and all
//! of it is booked that is not there yet. So it does not matter in which order events come, how often, or whether at
//! all (rules M3, M5, M6).

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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::stripe::Intent;

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + n)
    }

    fn refund(n: usize, amount: i64, status: &str) -> Refund {
        let created = 1_790_000_000 + i64::try_from(n).unwrap();
        Refund { id: format!("re_{n}"), amount, created, status: Some(status.to_owned()) }
    }

    fn dispute(n: usize, amount: i64, status: &str) -> Dispute {
        let created = 1_791_000_000 + i64::try_from(n).unwrap();
        Dispute { id: format!("du_{n}"), amount, created, status: status.to_owned() }
    }

    fn all(parts: &[Part], refunds: &[Refund], disputes: &[Dispute]) -> Vec<Entry> {
        let observed = Observed { intent: "pi_1", charged_at: 1_790_000_000, refunds, disputes };
        entries(CheckoutId::from_uuid(id(1)), "EUR", parts, Tz::UTC, &observed)
    }

    fn parts(amounts: &[i64]) -> Vec<Part> {
        let part = |(n, amount): (u128, &i64)| Part {
            invoice_id: InvoiceId::from_uuid(id(n)),
            amount_minor: *amount,
        };
        (10..).zip(amounts).map(part).collect()
    }

    fn expected() -> Expected<'static> {
        Expected {
            checkout: CheckoutId::from_uuid(id(1)),
            org: id(2).to_string(),
            currency: "EUR",
            amount_minor: 500,
        }
    }

    fn session() -> Session {
        let metadata =
            [(CHECKOUT_KEY.to_owned(), id(1).to_string()), (ORG_KEY.to_owned(), id(2).to_string())];
        Session {
            id: "cs_1".to_owned(),
            url: None,
            status: Some("open".to_owned()),
            payment_status: "unpaid".to_owned(),
            amount_total: Some(500),
            currency: Some("eur".to_owned()),
            metadata: Some(metadata.into()),
            payment_intent: None,
            customer_details: None,
        }
    }

    /// A session in this state, with a payment in that.
    fn paying(session_status: &str, status: &str, received: Option<i64>) -> Session {
        let intent = Intent {
            id: "pi_1".to_owned(),
            status: status.to_owned(),
            amount: 500,
            amount_received: received,
            currency: "eur".to_owned(),
            metadata: None,
            latest_charge: None,
        };
        Session { status: Some(session_status.to_owned()), payment_intent: Some(intent), ..session() }
    }

    #[test]
    fn a_checkout_stands_as_its_payment_does() {
        let without_amount = Session { amount_total: None, currency: None, ..session() };
        let expired = Session { status: Some("expired".to_owned()), ..session() };
        for (session, state) in [
            (session(), CheckoutState::Open),
            (without_amount, CheckoutState::Open),
            (expired, CheckoutState::Expired),
            (paying("complete", "succeeded", Some(500)), CheckoutState::Paid),
            (paying("open", "succeeded", Some(500)), CheckoutState::Paid),
            (paying("complete", "processing", Some(0)), CheckoutState::Processing),
            (paying("complete", "requires_payment_method", None), CheckoutState::Failed),
            (paying("expired", "canceled", None), CheckoutState::Expired),
            (paying("open", "requires_payment_method", None), CheckoutState::Open),
        ] {
            assert_eq!(judge(&session, &expected()), Ok(state), "{session:?}");
        }
    }

    #[test]
    fn what_is_not_what_was_asked_for_is_not_booked() {
        let without = |key: &str| {
            let mut session = session();
            session.metadata.as_mut().unwrap().remove(key);
            session
        };
        let with_intent = |change: fn(&mut Intent)| {
            let mut session = paying("complete", "succeeded", Some(500));
            change(session.payment_intent.as_mut().unwrap());
            session
        };
        for (session, mismatch) in [
            (Session { metadata: None, ..session() }, Mismatch::Metadata),
            (without(CHECKOUT_KEY), Mismatch::Metadata),
            (without(ORG_KEY), Mismatch::Metadata),
            (Session { currency: Some("usd".to_owned()), ..session() }, Mismatch::Currency),
            (with_intent(|intent| intent.currency = "usd".to_owned()), Mismatch::Currency),
            (Session { amount_total: Some(501), ..session() }, Mismatch::Amount),
            (with_intent(|intent| intent.amount = 499), Mismatch::Amount),
            (with_intent(|intent| intent.amount_received = Some(499)), Mismatch::Amount),
            (with_intent(|intent| intent.amount_received = None), Mismatch::Amount),
        ] {
            assert_eq!(judge(&session, &expected()), Err(mismatch), "{session:?}");
        }
    }

    #[test]
    fn a_checkout_is_known_by_its_metadata() {
        let metadata = session().metadata;
        assert_eq!(checkout_of(metadata.as_ref()), Some(CheckoutId::from_uuid(id(1))));
        assert_eq!((checkout_of(None), checkout_of(Some(&[].into()))), (None, None));
        let [one, other] = [1, 2].map(|n| idempotency_key(CheckoutId::from_uuid(id(n))));
        assert!(one != other && one.starts_with("postern-checkout-"), "{one}");
    }

    #[test]
    fn a_state_is_read_back_and_only_some_may_still_bring_money() {
        for state in CheckoutState::ALL {
            assert_eq!(CheckoutState::parse(state.as_str()), Some(state));
        }
        assert_eq!(CheckoutState::parse("won"), None);
        let live: Vec<&str> = CheckoutState::ALL
            .into_iter()
            .filter(|state| state.is_live())
            .map(CheckoutState::as_str)
            .collect();
        assert_eq!(live, ["asked", "open", "processing"]);
        let mismatches = [Mismatch::Metadata, Mismatch::Currency, Mismatch::Amount].map(Mismatch::as_str);
        assert_eq!(mismatches, ["metadata", "currency", "amount"]);
    }

    #[test]
    fn a_row_tells_when_it_was_and_of_what() {
        let rows = all(&parts(&[100]), &[refund(1, 30, "failed")], &[dispute(1, 100, "won")]);
        let kinds: Vec<&str> = rows.iter().map(|row| row.kind.as_str()).collect();
        assert_eq!(kinds, ["payment", "refund", "refund_failed", "dispute", "dispute_won"]);
        // The time stands in the id, in milliseconds.
        assert_eq!(rows[0].id.uuid().get_timestamp().unwrap().to_unix(), (1_790_000_000, 0));
        assert_eq!(rows[0].day.to_string(), "2026-09-21");
        assert_eq!((rows[0].stripe_id.as_str(), rows[1].stripe_id.as_str()), ("pi_1", "re_1"));
    }

    #[test]
    fn what_goes_is_taken_from_the_last_invoice_first() {
        let rows = all(&parts(&[100, 50]), &[refund(1, 70, "succeeded")], &[]);
        let amounts: Vec<(i64, InvoiceId)> =
            rows.iter().map(|row| (row.amount_minor, row.invoice_id)).collect();
        let [first, second] = [10, 11].map(|n| InvoiceId::from_uuid(id(n)));
        assert_eq!(amounts, [(100, first), (50, second), (-50, second), (-20, first)]);
        assert_eq!(rows[3].reverses, Some(rows[0].id));
    }

    #[test]
    fn what_came_back_stays_to_be_seen() {
        let rows = all(
            &parts(&[100]),
            &[refund(1, 30, "failed")],
            &[dispute(1, 100, "won"), dispute(2, 9, "warning_closed")],
        );
        let amounts: Vec<(EntryKind, i64)> = rows.iter().map(|row| (row.kind, row.amount_minor)).collect();
        let expected = [
            (EntryKind::Payment, 100),
            (EntryKind::Refund, -30),
            (EntryKind::RefundFailed, 30),
            (EntryKind::Dispute, -100),
            (EntryKind::DisputeWon, 100),
        ];
        assert_eq!(amounts, expected);
        assert!(all(&parts(&[100]), &[refund(1, 30, "pending"), refund(2, 30, "canceled")], &[]).len() == 1);
    }

    proptest! {
        /// Whatever goes and comes back: what is left is what came less what went, never less than nothing on any
        /// invoice; told again it is the same, and each row has an id of its own.
        #[test]
        fn the_rows_add_up(
            amounts in prop::collection::vec(1_i64..100_000, 1..6),
            refunded in prop::collection::vec((1_i64..50_000, 0_usize..4), 0..5),
            disputed in prop::collection::vec((1_i64..50_000, 0_usize..4), 0..3),
        ) {
            let parts = parts(&amounts);
            let refunds: Vec<Refund> = refunded.iter().enumerate()
                .map(|(n, (amount, status))| refund(n, *amount, ["succeeded", "pending", "failed", "canceled"][*status])).collect();
            let disputes: Vec<Dispute> = disputed.iter().enumerate()
                .map(|(n, (amount, status))| dispute(n, *amount, ["needs_response", "won", "lost", "warning_needs_response"][*status])).collect();
            let rows = all(&parts, &refunds, &disputes);
            prop_assert_eq!(&rows, &all(&parts, &refunds, &disputes));
            let ids: std::collections::BTreeSet<PaymentId> = rows.iter().map(|row| row.id).collect();
            prop_assert_eq!(ids.len(), rows.len());
            let came: i64 = amounts.iter().sum();
            let went: i64 = refunds.iter().filter(|refund| refund.status.as_deref() == Some("succeeded")).map(|refund| refund.amount).sum::<i64>()
                + disputes.iter().filter(|dispute| ["needs_response", "lost"].contains(&dispute.status.as_str())).map(|dispute| dispute.amount).sum::<i64>();
            prop_assert_eq!(rows.iter().map(|row| row.amount_minor).sum::<i64>(), (came - went).max(0));
            for part in &parts {
                let left: i64 = rows.iter().filter(|row| row.invoice_id == part.invoice_id).map(|row| row.amount_minor).sum();
                prop_assert!((0..=part.amount_minor).contains(&left), "{left}");
            }
            for row in &rows {
                prop_assert_eq!(row.reverses.is_none(), row.kind == EntryKind::Payment);
                prop_assert_ne!(row.amount_minor, 0);
            }
        }
    }
}
