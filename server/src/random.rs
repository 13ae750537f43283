//! The only source of randomness: the operating system's.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::{ContextV7, Timestamp, Uuid};

/// Orders ids that are made within the same millisecond, and those of a clock that trembles.
struct Order {
    context: ContextV7,
    newest: DateTime<Utc>,
}

/// A clock that goes back by more than this was set: ids then tell the new time, not the old one for as
/// long as it was ahead.
const SET_BACK: TimeDelta = TimeDelta::seconds(2);

impl Order {
    const fn new() -> Self {
        Self { context: ContextV7::new(), newest: DateTime::UNIX_EPOCH }
    }

    fn uuid(&mut self, now: DateTime<Utc>) -> Uuid {
        if now + SET_BACK < self.newest {
            *self = Self::new();
        }
        self.newest = self.newest.max(now);
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        Uuid::new_v7(Timestamp::from_unix(&self.context, seconds, now.timestamp_subsec_nanos()))
    }
}

#[cfg(not(feature = "testing"))]
static ORDER: std::sync::Mutex<Order> = std::sync::Mutex::new(Order::new());

// Each test has a clock of its own, and a thread.
#[cfg(feature = "testing")]
thread_local! {
    static ORDER: std::cell::RefCell<Order> = const { std::cell::RefCell::new(Order::new()) };
}

/// `N` unpredictable bytes.
///
/// # Panics
/// When the operating system gives none: without them there is no token, no id and no session.
#[must_use]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    #[expect(clippy::expect_used, reason = "nothing may go on without randomness")]
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// A new id whose order is the order in time (RFC 9562, version 7).
#[must_use]
#[cfg(not(feature = "testing"))]
pub fn uuid(now: DateTime<Utc>) -> Uuid {
    ORDER.lock().unwrap_or_else(std::sync::PoisonError::into_inner).uuid(now)
}

/// The same, in the order of the test that runs on this thread.
#[must_use]
#[cfg(feature = "testing")]
pub fn uuid(now: DateTime<Utc>) -> Uuid {
    ORDER.with_borrow_mut(|order| order.uuid(now))
}

/// What comes before every id that is made at or after this time, and after all that were made before its
/// millisecond.
#[must_use]
pub fn uuid_bound(at: DateTime<Utc>) -> Uuid {
    Uuid::from_u128(u128::try_from(at.timestamp_millis()).unwrap_or_default() << 80)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_in_the_order_of_time_and_know_the_time_after_a_clock_was_set_back() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let mut order = Order::new();
        let (noon, trembling) = (at("2026-03-01T12:00:00.500Z"), at("2026-03-01T12:00:00.499Z"));
        let ids = [noon, noon, trembling].map(|now| order.uuid(now));
        assert!(ids.is_sorted());
        let set_back = order.uuid(at("2026-02-01T12:00:00Z"));
        let bounds = ["2026-02-01T12:00:00Z", "2026-02-01T12:00:01Z", "2026-03-01T12:00:00Z"]
            .map(|text| uuid_bound(at(text)));
        assert!(bounds[0] < set_back && set_back < bounds[1] && bounds[2] < ids[0]);
    }
}
