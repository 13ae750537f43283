//! Webhooks: where they go, and how they go wrong.

use std::time::Duration;

use super::Handle;
use crate::{SignedEvent, WebhookTarget};

/// What webhooks are signed with where nobody said what with.
const NO_SECRET: &str = "whsec_double";

impl Handle {
    /// Where webhooks of what happens from now on go; `None` is nowhere.
    pub fn set_webhook(&self, target: Option<WebhookTarget>) {
        self.core.with(|state| state.queue.target = target);
    }

    /// Keeps webhooks back, in their order; also where they go nowhere.
    pub fn hold_webhooks(&self) {
        self.core.with(|state| state.queue.held = true);
    }

    /// Sends what was kept back, and what comes.
    pub fn release(&self) {
        self.core.with(|state| state.queue.held = false);
    }

    /// Takes what was kept back, signed at this moment: it will not be sent.
    #[must_use]
    pub fn take_held(&self) -> Vec<SignedEvent> {
        self.core.with(|state| {
            let secrets = state.queue.target.as_ref().map(|target| target.secrets.clone());
            let secrets = secrets.unwrap_or_else(|| vec![NO_SECRET.into()]);
            let taken = state.queue.take();
            taken.iter().filter_map(|delivery| state.signed(&delivery.event, &secrets)).collect()
        })
    }

    /// Loses webhooks of what happens from now on, for good.
    pub fn drop_webhooks(&self, dropping: bool) {
        self.core.with(|state| state.queue.dropping = dropping);
    }

    /// Sends each webhook so many times more than once.
    pub fn duplicate_webhooks(&self, copies: u32) {
        self.core.with(|state| state.queue.copies = copies);
    }

    /// Sends each webhook so much later.
    pub fn delay(&self, delay: Duration) {
        self.core.with(|state| state.queue.delay = delay);
    }

    /// Sends what waits in an order that this seed says, and the same one for the same seed; `None` is the
    /// order in which it happened. Only what waits at one time can change places: hold first, then release.
    pub fn reorder(&self, seed: Option<u64>) {
        self.core.with(|state| state.queue.lots = seed);
    }

    /// Whether nothing waits to be sent.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.core.with(|state| state.queue.is_quiet())
    }

    /// Waits until nothing waits to be sent, or until this time has passed; whether nothing does.
    pub async fn quiet_within(&self, time: Duration) -> bool {
        let quiet = async {
            while !self.is_quiet() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(time, quiet).await.is_ok()
    }

    /// An event's webhook, signed with these secrets at this time.
    #[must_use]
    pub fn signed(&self, event: &str, secrets: &[String], at: i64) -> Option<SignedEvent> {
        self.core.with(|state| {
            state.now = at;
            state.signed(event, secrets)
        })
    }
}
