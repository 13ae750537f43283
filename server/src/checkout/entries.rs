//! What a checkout that was paid has to be in the ledger: a row for each thing that Stripe tells of, made once.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use sha2::{Digest as _, Sha256};

use super::Part;
use crate::{
    clock::calendar_day,
    id::{CheckoutId, InvoiceId, PaymentId},
    stripe::{Dispute, Refund, from_stripe},
};

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
    const ALL: [Self; 5] = [Self::Payment, Self::Refund, Self::RefundFailed, Self::Dispute, Self::DisputeWon];

    /// Reads the word; `None` for one that this version does not know.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

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

/// A row of the ledger.
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

/// The rows that the ledger has to have for a checkout that was paid and has not, in their order. What goes is taken from the
/// last invoice first, of what is left on each by then.
///
/// `booked` is what the ledger has of its invoices already. From which invoice something was taken is settled when it is
/// booked: that an earlier refund fails later, or a dispute is won, moves no other one. What goes beyond what has come is not
/// booked, for no invoice is paid less than nothing.
#[must_use]
pub fn entries(
    checkout: CheckoutId,
    currency: &str,
    parts: &[Part],
    time_zone: Tz,
    observed: &Observed<'_>,
    booked: &[Entry],
) -> Vec<Entry> {
    let rows = own(observed.intent, booked);
    let known = rows.len();
    let mut book = Book { checkout, currency, parts, time_zone, rows };
    for &part in parts {
        if book.payment_of(part.invoice_id).is_none() {
            book.add(EntryKind::Payment, part, observed.charged_at, observed.intent, None);
        }
    }
    let moves: Vec<Move<'_>> = observed
        .refunds
        .iter()
        .map(Move::of_refund)
        .chain(observed.disputes.iter().map(Move::of_dispute))
        .collect();
    // What comes back first, so that there is something to take what is new from.
    for one in &moves {
        book.comes_back(one);
    }
    for one in &moves {
        book.goes(one);
        book.comes_back(one);
    }
    book.rows.split_off(known)
}

/// The rows of this payment, among those of its invoices: what was booked of it, what took that back, what gave that back.
fn own(intent: &str, booked: &[Entry]) -> Vec<Entry> {
    let mut own: Vec<Entry> = vec![];
    let is_payment = |row: &&Entry| row.kind == EntryKind::Payment && row.stripe_id == intent;
    let mut next: Vec<&Entry> = booked.iter().filter(is_payment).collect();
    while !next.is_empty() {
        let reverses = |row: &&Entry| next.iter().any(|of| row.reverses == Some(of.id));
        let after = booked.iter().filter(reverses).collect();
        own.extend(next.into_iter().cloned());
        next = after;
    }
    own
}

/// Money that goes, and may come back.
struct Move<'a> {
    stripe_id: &'a str,
    goes: EntryKind,
    comes_back: EntryKind,
    /// As Stripe counts.
    amount: i64,
    /// Unix seconds.
    at: i64,
    /// Whether it went.
    has_gone: bool,
    /// Whether it came back, if it went.
    is_back: bool,
}

impl<'a> Move<'a> {
    fn of_refund(refund: &'a Refund) -> Self {
        let status = refund.status.as_deref().unwrap_or_default();
        Self {
            stripe_id: &refund.id,
            goes: EntryKind::Refund,
            comes_back: EntryKind::RefundFailed,
            amount: refund.amount,
            at: refund.created,
            // Of one that is pending or was canceled nothing has gone.
            has_gone: matches!(status, "succeeded" | "failed"),
            is_back: matches!(status, "failed" | "canceled"),
        }
    }

    fn of_dispute(dispute: &'a Dispute) -> Self {
        let status = dispute.status.as_str();
        Self {
            stripe_id: &dispute.id,
            goes: EntryKind::Dispute,
            comes_back: EntryKind::DisputeWon,
            amount: dispute.amount,
            at: dispute.created,
            has_gone: matches!(status, "needs_response" | "under_review" | "won" | "lost"),
            is_back: status == "won",
        }
    }
}

/// The rows of a checkout, as they grow.
struct Book<'a> {
    checkout: CheckoutId,
    currency: &'a str,
    parts: &'a [Part],
    time_zone: Tz,
    rows: Vec<Entry>,
}

impl Book<'_> {
    fn payment_of(&self, invoice: InvoiceId) -> Option<PaymentId> {
        let is_it = |row: &&Entry| row.kind == EntryKind::Payment && row.invoice_id == invoice;
        self.rows.iter().find(is_it).map(|row| row.id)
    }

    /// The rows that tell this of something at Stripe.
    fn of(&self, kind: EntryKind, stripe_id: &str) -> impl Iterator<Item = &Entry> {
        self.rows.iter().filter(move |row| row.kind == kind && row.stripe_id == stripe_id)
    }

    /// What of the money is still there, on one invoice.
    fn left(&self, invoice: InvoiceId) -> i64 {
        self.rows.iter().filter(|row| row.invoice_id == invoice).map(|row| row.amount_minor).sum()
    }

    fn add(&mut self, kind: EntryKind, part: Part, at: i64, stripe_id: &str, reverses: Option<PaymentId>) {
        let when = DateTime::<Utc>::from_timestamp(at, 0).unwrap_or_default();
        self.rows.push(Entry {
            id: entry_id(self.checkout, kind, part.invoice_id, stripe_id, when),
            kind,
            invoice_id: part.invoice_id,
            amount_minor: part.amount_minor,
            day: calendar_day(when, self.time_zone),
            stripe_id: stripe_id.to_owned(),
            reverses,
        });
    }

    /// Takes what went, unless it is taken already.
    fn goes(&mut self, one: &Move<'_>) {
        if !one.has_gone || self.of(one.goes, one.stripe_id).next().is_some() {
            return;
        }
        let mut rest = from_stripe(self.currency, one.amount);
        for &Part { invoice_id, .. } in self.parts.iter().rev() {
            let taken = rest.min(self.left(invoice_id));
            if taken > 0 {
                rest -= taken;
                let went = Part { invoice_id, amount_minor: -taken };
                self.add(one.goes, went, one.at, one.stripe_id, self.payment_of(invoice_id));
            }
        }
    }

    /// Gives back what was taken, where it was taken, unless it is given back already.
    fn comes_back(&mut self, one: &Move<'_>) {
        if !one.is_back || self.of(one.comes_back, one.stripe_id).next().is_some() {
            return;
        }
        let taken: Vec<(PaymentId, Part)> = self
            .of(one.goes, one.stripe_id)
            .map(|row| (row.id, Part { invoice_id: row.invoice_id, amount_minor: -row.amount_minor }))
            .collect();
        for (id, part) in taken {
            self.add(one.comes_back, part, one.at, one.stripe_id, Some(id));
        }
    }
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
