//! The ids of what a document makes where the caller names none. A request with an idempotency key makes the same ones
//! whenever it is run, so that one that was cut off in the middle makes nothing twice.

use std::sync::atomic::{AtomicU32, Ordering};

use async_graphql::Context;
use chrono::{DateTime, Utc};
use uuid::{Builder, Uuid};

use crate::{auth::secret::sha256, random};

/// From where new ids come.
#[derive(Debug, Default)]
pub enum NewIds {
    /// From the system's randomness.
    #[default]
    Random,
    /// From the key of a request and the time at which it first came.
    Named {
        /// SHA-256 of token and key.
        key: [u8; 32],
        /// When it first came.
        since: DateTime<Utc>,
        /// How many were made: the mutations of a document run one after the other.
        made: AtomicU32,
    },
}

impl NewIds {
    /// For a request with an idempotency key.
    #[must_use]
    pub const fn named(key: [u8; 32], since: DateTime<Utc>) -> Self {
        Self::Named { key, since, made: AtomicU32::new(0) }
    }

    /// Those of the request that is run.
    pub(super) fn of<'a>(ctx: &Context<'a>) -> &'a Self {
        ctx.data_opt().unwrap_or(&Self::Random)
    }

    /// One more.
    pub(super) fn id(&self, now: DateTime<Utc>) -> Uuid {
        match self {
            Self::Random => random::uuid(now),
            Self::Named { key, since, made } => {
                let number = made.fetch_add(1, Ordering::Relaxed).to_be_bytes();
                let hash = sha256(&[&key[..], &number].concat());
                let mut bytes = [0; 10];
                bytes.copy_from_slice(&hash[..10]);
                let millis = u64::try_from(since.timestamp_millis()).unwrap_or_default();
                Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_key_makes_the_same_ids_in_the_order_of_time() {
        let since: DateTime<Utc> = "2026-03-01T12:00:00Z".parse().unwrap();
        let ids = |key: u8| {
            let ids = NewIds::named([key; 32], since);
            [ids.id(since), ids.id(since)]
        };
        assert_eq!(ids(1), ids(1));
        assert!(ids(1)[0] != ids(1)[1] && ids(1)[0] != ids(2)[0]);
        assert_eq!(ids(1)[0].get_version_num(), 7);
        assert!(ids(1)[0] >= random::uuid_bound(since));
    }
}
