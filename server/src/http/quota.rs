//! How many requests a token may make in a minute (rule G1), over all processes that serve together.
//!
//! A process takes requests out of the minute a few at a time, by one statement, and hands them on from memory. So
//! the limit is never passed, most requests write nothing, and where several processes serve, each may be left with a
//! few that nobody else gets.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use tokio::sync::Mutex as AsyncMutex;

use crate::{clock::Clock, error::Result, id::ApiTokenId, store::Store};

/// The length of a window, in seconds.
const WINDOW: i64 = 60;
/// Above this many tokens, those that were not used in this window are forgotten.
const REMEMBERED: usize = 1_000;

/// Counts by token.
#[derive(Debug)]
pub struct Quotas {
    per_minute: u32,
    leases: Mutex<HashMap<ApiTokenId, Arc<AsyncMutex<Lease>>>>,
}

/// What this process has taken out of a window.
#[derive(Debug, Default)]
struct Lease {
    /// When the window began, in seconds of the epoch.
    window: i64,
    /// Taken and not handed on yet.
    left: u32,
    /// What nobody had taken yet, when this process last took.
    untaken: u32,
}

/// How a token stands after a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Whether the request may go on.
    pub is_allowed: bool,
    /// Requests in a window.
    pub limit: u32,
    /// Requests that are left in this one, as far as this process knows.
    pub remaining: u32,
    /// Until the next window.
    pub resets_in: Duration,
}

impl Quotas {
    /// So many requests a minute for each token.
    #[must_use]
    pub fn new(per_minute: u32) -> Self {
        Self { per_minute, leases: Mutex::default() }
    }

    /// Counts a request of a token that came from this address, shortened.
    pub(super) async fn take(
        &self,
        store: &Store,
        clock: &Clock,
        token: ApiTokenId,
        from: &str,
    ) -> Result<Allowance> {
        let now = clock.now().timestamp();
        let window = now - now.rem_euclid(WINDOW);
        let lease = self.lease(token, window);
        // Requests of one token that come together wait for one statement, and those of others do not.
        let mut lease = lease.lock().await;
        if lease.window != window {
            *lease = Lease { window, left: 0, untaken: self.per_minute };
        }
        if lease.left == 0 && lease.untaken > 0 {
            let share = self.share();
            let sum = store.system().take_requests(token, window, share.into(), from).await?;
            let beyond = u32::try_from((sum - i64::from(self.per_minute)).max(0)).unwrap_or(u32::MAX);
            lease.left = share.saturating_sub(beyond);
            lease.untaken = self.per_minute.saturating_sub(u32::try_from(sum).unwrap_or(u32::MAX));
        }
        let is_allowed = lease.left > 0;
        lease.left = lease.left.saturating_sub(1);
        Ok(Allowance {
            is_allowed,
            limit: self.per_minute,
            remaining: lease.left + lease.untaken,
            resets_in: Duration::from_secs(u64::try_from(window + WINDOW - now).unwrap_or_default()),
        })
    }

    /// How many are taken at a time: a twentieth, so that a second process finds most of them.
    fn share(&self) -> u32 {
        self.per_minute.div_ceil(20)
    }

    fn lease(&self, token: ApiTokenId, window: i64) -> Arc<AsyncMutex<Lease>> {
        let mut leases = self.leases.lock().unwrap_or_else(PoisonError::into_inner);
        if leases.len() > REMEMBERED {
            leases.retain(|_, lease| lease.try_lock().map_or(true, |lease| lease.window == window));
        }
        Arc::clone(leases.entry(token).or_default())
    }
}

impl Allowance {
    /// Says so in headers: the draft of the IETF (draft-ietf-httpapi-ratelimit-headers).
    pub(super) fn tell(&self, headers: &mut HeaderMap) {
        let seconds = self.resets_in.as_secs();
        let policy = format!("\"token\";q={};w={WINDOW}", self.limit);
        let state = format!("\"token\";r={};t={seconds}", self.remaining);
        for (name, value) in [("ratelimit-policy", policy), ("ratelimit", state)] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
        if !self.is_allowed {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
    }
}
