//! An event (<https://docs.stripe.com/api/events/object>): what happened to an object, with the object as it
//! was then.

use serde_json::{Value, json};

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// `evt_…`
    pub id: String,
    /// The connected account it happened at.
    pub account: String,
    /// When it happened.
    pub created: i64,
    /// `checkout.session.completed` and the like.
    pub type_: String,
    /// The object, as it was then.
    pub object: Value,
    /// The version the object is told in.
    pub api_version: String,
    /// The request that caused it, and its idempotency key.
    pub request: Option<(String, Option<String>)>,
    /// Webhooks that are not delivered yet.
    pub pending_webhooks: u32,
}

impl Event {
    pub(crate) fn json(&self) -> Value {
        let (id, key) = self.request.clone().unzip();
        json!({
            "id": self.id,
            "object": "event",
            "account": self.account,
            "api_version": self.api_version,
            "created": self.created,
            "data": { "object": self.object },
            "livemode": false,
            "pending_webhooks": self.pending_webhooks,
            "request": { "id": id, "idempotency_key": key.flatten() },
            "type": self.type_,
        })
    }
}
