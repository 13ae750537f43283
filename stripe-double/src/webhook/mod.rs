//! Events on their way to the platform: signed, queued, sent, and sent again.

mod queue;
mod send;
mod sign;

pub(crate) use queue::Queue;
pub use queue::{DeliveryRecord, SignedEvent, WebhookTarget};
pub(crate) use send::run;
pub use sign::{header, sign};
