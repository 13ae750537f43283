//! What is taken of the answers of Stripe, case by case.

use chrono_tz::Tz;
use proptest::prelude::*;

use super::*;
use crate::{
    id::PaymentId,
    stripe::{Dispute, Intent, Refund},
};

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
    more(parts, refunds, disputes, &[])
}

/// What is not there yet.
fn more(parts: &[Part], refunds: &[Refund], disputes: &[Dispute], booked: &[Entry]) -> Vec<Entry> {
    let observed = Observed { intent: "pi_1", charged_at: 1_790_000_000, refunds, disputes };
    entries(CheckoutId::from_uuid(id(1)), "EUR", parts, Tz::UTC, &observed, booked)
}

fn parts(amounts: &[i64]) -> Vec<Part> {
    let part =
        |(n, amount): (u128, &i64)| Part { invoice_id: InvoiceId::from_uuid(id(n)), amount_minor: *amount };
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
    let metadata = [(CHECKOUT_KEY.to_owned(), id(1).to_string()), (ORG_KEY.to_owned(), id(2).to_string())];
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
        // The payer has yet to tell two small amounts, or to pay a voucher.
        (paying("complete", "requires_action", None), CheckoutState::Processing),
        (paying("open", "requires_action", None), CheckoutState::Open),
        (paying("complete", "requires_payment_method", None), CheckoutState::Failed),
        (paying("complete", "canceled", None), CheckoutState::Failed),
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
    let live: Vec<&str> =
        CheckoutState::ALL.into_iter().filter(|state| state.is_live()).map(CheckoutState::as_str).collect();
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
    let amounts: Vec<(i64, InvoiceId)> = rows.iter().map(|row| (row.amount_minor, row.invoice_id)).collect();
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

/// What Stripe tells next of a refund, or of a dispute.
fn next_of_refund(status: &str, turn: bool) -> &'static str {
    match (status, turn) {
        ("pending", true) | ("succeeded", false) => "succeeded",
        ("pending", false) | ("canceled", _) => "canceled",
        _ => "failed",
    }
}

fn next_of_dispute(status: &str, turn: bool) -> &'static str {
    match (status, turn) {
        ("warning_needs_response", true) => "needs_response",
        ("needs_response", _) => "under_review",
        ("under_review", true) | ("won", _) => "won",
        ("under_review", false) | ("lost", _) => "lost",
        _ => "warning_closed",
    }
}

/// The refund of one invoice fails weeks after: the other one's stays where it is (rule M3).
#[test]
fn a_refund_that_fails_later_moves_no_other() {
    let parts = parts(&[100, 100]);
    let mut books = more(&parts, &[refund(1, 100, "succeeded"), refund(2, 100, "succeeded")], &[], &[]);
    assert_eq!(books.iter().map(|row| row.amount_minor).sum::<i64>(), 0);
    let failed = [refund(1, 100, "failed"), refund(2, 100, "succeeded")];
    let new = more(&parts, &failed, &[], &books);
    let amounts: Vec<(EntryKind, i64, InvoiceId)> =
        new.iter().map(|row| (row.kind, row.amount_minor, row.invoice_id)).collect();
    assert_eq!(amounts, [(EntryKind::RefundFailed, 100, parts[1].invoice_id)]);
    books.extend(new);
    assert_eq!(more(&parts, &failed, &[], &books), []);
}

/// Rows of another payment on the same invoice are none of this one's.
#[test]
fn what_another_checkout_brought_is_left_alone() {
    let parts = parts(&[100]);
    let other = Entry {
        id: PaymentId::from_uuid(id(99)),
        stripe_id: "pi_2".to_owned(),
        ..all(&parts, &[], &[])[0].clone()
    };
    let taken = Entry {
        id: PaymentId::from_uuid(id(98)),
        kind: EntryKind::Refund,
        amount_minor: -40,
        stripe_id: "re_9".to_owned(),
        reverses: Some(other.id),
        ..other.clone()
    };
    let new = more(&parts, &[refund(1, 100, "succeeded")], &[], &[other, taken]);
    assert_eq!(new.iter().map(|row| row.amount_minor).collect::<Vec<_>>(), [100, -100]);
}

proptest! {
    /// However often it is looked at while refunds and disputes go on, and whatever was to be seen each time: what is booked is
    /// what came less what is gone now, nothing is booked twice, and nothing that is booked is moved (rules M3, M5).
    #[test]
    fn each_look_books_what_is_new(
        amounts in prop::collection::vec(1_i64..1_000, 1..5),
        refunded in prop::collection::vec(1_i64..1_000, 0..5),
        disputed in prop::collection::vec(1_i64..1_000, 0..3),
        looks in prop::collection::vec((0_usize..8, any::<bool>()), 1..30),
        goes_beyond in any::<bool>(),
    ) {
        let parts = parts(&amounts);
        let came: i64 = amounts.iter().sum();
        let mut room = if goes_beyond { i64::MAX } else { came };
        let mut within = |amount: &i64| { let amount = (*amount).min(room); room -= amount; amount };
        let mut refunds: Vec<Refund> = refunded.iter().enumerate().map(|(n, amount)| refund(n, within(amount), "pending")).collect();
        let mut disputes: Vec<Dispute> = disputed.iter().enumerate().map(|(n, amount)| dispute(n, within(amount), "warning_needs_response")).collect();
        let mut books: Vec<Entry> = vec![];
        for (at, turn) in looks {
            if let Some(one) = refunds.get_mut(at) {
                one.status = Some(next_of_refund(one.status.as_deref().unwrap(), turn).to_owned());
            } else if let Some(one) = disputes.get_mut(at - refunds.len()) {
                one.status = next_of_dispute(&one.status, turn).to_owned();
            }
            books.extend(more(&parts, &refunds, &disputes, &books));
            prop_assert_eq!(more(&parts, &refunds, &disputes, &books), vec![]);
            let ids: std::collections::BTreeSet<PaymentId> = books.iter().map(|row| row.id).collect();
            prop_assert_eq!(ids.len(), books.len());
            let sum_of = |id: &str| books.iter().filter(|row| row.stripe_id == id).map(|row| row.amount_minor).sum::<i64>();
            let mut gone = 0;
            for (id, amount, is_gone) in refunds.iter().map(|one| (&one.id, one.amount, one.status.as_deref() == Some("succeeded")))
                .chain(disputes.iter().map(|one| (&one.id, one.amount, ["needs_response", "under_review", "lost"].contains(&one.status.as_str()))))
            {
                let expected = if is_gone { amount } else { 0 };
                gone += expected;
                prop_assert!((0..=expected).contains(&-sum_of(id)), "{id}");
                prop_assert!(goes_beyond || -sum_of(id) == expected, "{id}");
            }
            let left: i64 = books.iter().map(|row| row.amount_minor).sum();
            prop_assert!(left >= (came - gone).max(0));
            prop_assert!(goes_beyond || left == came - gone);
            for part in &parts {
                let left: i64 = books.iter().filter(|row| row.invoice_id == part.invoice_id).map(|row| row.amount_minor).sum();
                prop_assert!((0..=part.amount_minor).contains(&left), "{left}");
            }
        }
    }

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
