//! What everything shares: the state behind a lock, the clock, and who wants to be told of requests.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::Notify;

use crate::{
    api::Hook,
    options::{Clock, Options},
    state::State,
};

/// What everything shares.
pub(crate) struct Core {
    state: Mutex<State>,
    clock: Clock,
    pub(crate) api_key: String,
    pub(crate) retries: Vec<Duration>,
    pub(crate) hook: Mutex<Option<Hook>>,
    /// Wakes the sender of webhooks.
    pub(crate) wake: Notify,
}

impl Core {
    pub(crate) fn new(options: Options) -> Arc<Self> {
        let mut state = State {
            api_version: options.api_version,
            public_url: options.public_url.unwrap_or_default().trim_end_matches('/').to_owned(),
            ..State::default()
        };
        state.queue.target = options.webhook;
        Arc::new(Self {
            state: Mutex::new(state),
            clock: options.clock,
            api_key: options.api_key,
            retries: options.webhook_retries,
            hook: Mutex::default(),
            wake: Notify::new(),
        })
    }

    pub(crate) fn now(&self) -> i64 {
        (self.clock)()
    }

    /// Looks at the state or changes it, at the time that it is. One at a time: what `f` does is done as a
    /// whole.
    pub(crate) fn with<T>(&self, f: impl FnOnce(&mut State) -> T) -> T {
        let (result, quiet) = self.quietly(|state| (f(state), state.queue.is_quiet()));
        if !quiet {
            self.wake.notify_one();
        }
        result
    }

    /// The same, by the sender of webhooks, who need not be woken.
    pub(crate) fn quietly<T>(&self, f: impl FnOnce(&mut State) -> T) -> T {
        let now = self.now();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.now = now;
        state.expire_due();
        f(&mut state)
    }
}
