//! The only source of randomness: the operating system's.

use std::sync::Mutex;

use chrono::{DateTime, Utc};
use uuid::{ContextV7, Timestamp, Uuid};

/// Orders ids that are made within the same millisecond.
static ORDER: Mutex<ContextV7> = Mutex::new(ContextV7::new());

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
pub fn uuid(now: DateTime<Utc>) -> Uuid {
    let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
    Uuid::new_v7(Timestamp::from_unix(&ORDER, seconds, now.timestamp_subsec_nanos()))
}
