//! How a double is set up.

use std::{fmt, net::SocketAddr, sync::Arc, time::Duration};

use crate::webhook::WebhookTarget;

/// Tells the time, in seconds since the epoch.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// How a double is set up.
#[derive(Clone)]
pub struct Options {
    /// Where to listen; port 0 takes any that is free.
    pub listen: SocketAddr,
    /// The key that requests must carry.
    pub api_key: String,
    /// The time, by which sessions end and events are dated.
    pub clock: Clock,
    /// Where webhooks go; nowhere by default.
    pub webhook: Option<WebhookTarget>,
    /// Where browsers find the double; the address it listens on by default.
    pub public_url: Option<String>,
    /// The version that objects are told in where a request names none.
    pub api_version: String,
    /// How long to wait before a webhook is sent again, each time it was not taken.
    pub webhook_retries: Vec<Duration>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            api_key: "sk_test_double".into(),
            clock: Arc::new(system_clock),
            webhook: None,
            public_url: None,
            api_version: "2026-10-28.endive".into(),
            webhook_retries: [1, 5, 30, 300].map(Duration::from_secs).to_vec(),
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("listen", &self.listen)
            .field("webhook", &self.webhook)
            .finish_non_exhaustive()
    }
}

#[expect(clippy::disallowed_methods, reason = "the clock of who brings none")]
fn system_clock() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
