//! Webhooks: where the org's own systems are told of what happens.

use async_graphql_value::{ConstValue, Name, Variables};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::{Change, Saved, SavedAnswer, object, run, team, variables};
use crate::{
    api::{
        Document, Executor,
        portal::{Page, PageArgs, page_variables},
    },
    error::AppError,
};

/// What a webhook can be told of: the schema's word, the word in messages, and what it means.
pub const WEBHOOK_EVENTS: [(&str, &str, &str); 10] = [
    ("INVOICE_SENT", "invoice.sent", "An invoice was sent"),
    ("INVOICE_VIEWED", "invoice.viewed", "Somebody opened an invoice"),
    ("INVOICE_PAID", "invoice.paid", "Nothing is due on an invoice any more"),
    ("INVOICE_VOIDED", "invoice.voided", "An invoice was cancelled"),
    ("PAYMENT_RECEIVED", "payment.received", "Money came"),
    ("PAYMENT_REFUNDED", "payment.refunded", "Money was given back through Stripe"),
    ("PAYMENT_REFUND_FAILED", "payment.refund_failed", "Giving money back did not go through"),
    ("PAYMENT_DISPUTED", "payment.disputed", "The payer’s bank took money back"),
    ("PAYMENT_DISPUTE_WON", "payment.dispute_won", "A dispute was decided for you"),
    ("PAYMENT_REVERSED", "payment.reversed", "A payment recorded by mistake was taken back"),
];

/// How a webhook stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WebhookState {
    /// It is told.
    Live,
    /// It is told, and the last message was not taken.
    Failing,
    /// Switched off by hand.
    Off,
    /// Switched off because it took nothing for three days.
    OffForFailures,
    /// Switched off because it said that it is gone for good.
    OffForGone,
}

/// A webhook.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Webhook {
    /// Id.
    pub id: String,
    /// Where it is.
    pub url: String,
    /// What it is told of, in the schema's words.
    pub events: Vec<String>,
    /// How it stands.
    pub state: WebhookState,
    /// Since when nothing was taken.
    pub failing_since: Option<DateTime<Utc>>,
    /// What messages are signed with.
    pub secret: Option<String>,
}

/// An event on its way to a webhook.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WebhookDelivery {
    /// The event's id.
    pub event_id: String,
    /// What happened, in the schema's words.
    pub event: String,
    /// When.
    pub occurred_at: DateTime<Utc>,
    /// `WAITING`, `DELIVERED` or `FAILED`.
    pub state: String,
    /// When it is tried next.
    pub next_at: Option<DateTime<Utc>>,
    /// The body of its messages.
    pub payload: String,
    /// The tries, newest first.
    pub attempts: Vec<WebhookAttempt>,
}

/// A try.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WebhookAttempt {
    /// When.
    pub at: DateTime<Utc>,
    /// The status that came back.
    pub status: Option<i32>,
    /// The beginning of the body that came back, or why nothing did.
    pub answer: String,
    /// How long it took, in milliseconds.
    pub millis: i32,
}

/// A webhook as it stands in a form.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WebhookForm {
    /// Where it is.
    pub url: String,
    /// What it is told of, in the schema's words.
    pub events: Vec<String>,
}

pub(super) const WEBHOOKS: Document = Document {
    name: "TeamWebhooks",
    source: "query TeamWebhooks { team { webhooks { id url events state failingSince secret } } }",
};

pub(super) const DELIVERIES: Document = Document {
    name: "TeamWebhookDeliveries",
    source: "query TeamWebhookDeliveries($id: ID!, $first: Int, $after: String, $last: Int, $before: String) { team {
        webhookDeliveries(webhookId: $id, first: $first, after: $after, last: $last, before: $before) {
            nodes { eventId event occurredAt state nextAt payload attempts { at status answer millis } }
            pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        } } }",
};

pub(super) const SAVE: Document = Document {
    name: "TeamSaveWebhook",
    source: "mutation TeamSaveWebhook($id: ID, $input: TeamWebhookInput!) {
        saved: teamSaveWebhook(id: $id, input: $input) { id problems { field message } } }",
};

pub(super) const ENABLE: Document = Document {
    name: "TeamEnableWebhook",
    source: "mutation TeamEnableWebhook($id: ID!, $enabled: Boolean!) { done: teamEnableWebhook(id: $id, enabled: $enabled) }",
};

pub(super) const REMOVE: Document = Document {
    name: "TeamRemoveWebhook",
    source: "mutation TeamRemoveWebhook($id: ID!) { done: teamRemoveWebhook(id: $id) }",
};

pub(super) const TEST: Document = Document {
    name: "TeamTestWebhook",
    source: "mutation TeamTestWebhook($id: ID!) { done: teamTestWebhook(id: $id) }",
};

pub(super) const SEND_AGAIN: Document = Document {
    name: "TeamSendWebhookAgain",
    source: "mutation TeamSendWebhookAgain($id: ID!, $event: ID) { done: teamSendWebhookAgain(id: $id, eventId: $event) }",
};

/// The org's webhooks.
pub async fn webhooks(executor: &dyn Executor) -> Result<Vec<Webhook>, AppError> {
    #[derive(Deserialize)]
    struct Answer {
        webhooks: Vec<Webhook>,
    }
    team::<Answer>(executor, WEBHOOKS, Variables::default()).await.map(|answer| answer.webhooks)
}

/// One page of what was sent to a webhook, newest first.
pub async fn webhook_deliveries(
    executor: &dyn Executor,
    id: &str,
    page: &PageArgs,
) -> Result<Page<WebhookDelivery>, AppError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Answer {
        webhook_deliveries: Page<WebhookDelivery>,
    }
    let mut variables = page_variables(page);
    variables.insert(Name::new("id"), id.into());
    team::<Answer>(executor, DELIVERIES, variables).await.map(|answer| answer.webhook_deliveries)
}

/// Adds a webhook, or changes one.
pub async fn save_webhook(
    executor: &dyn Executor,
    id: Option<&str>,
    form: &WebhookForm,
) -> Result<Saved, AppError> {
    let known = WEBHOOK_EVENTS.iter().filter(|(word, ..)| form.events.iter().any(|event| event == word));
    let events = known.map(|(word, ..)| ConstValue::Enum(Name::new(word))).collect();
    let input = object([("url", form.url.as_str().into()), ("events", ConstValue::List(events))]);
    let id = id.map_or(ConstValue::Null, Into::into);
    let change: Change<SavedAnswer> = run(executor, SAVE, variables([("id", id), ("input", input)])).await?;
    Ok(change.done.into())
}

/// Switches a webhook on or off.
pub async fn enable_webhook(executor: &dyn Executor, id: &str, enabled: bool) -> Result<bool, AppError> {
    let variables = variables([("id", id.into()), ("enabled", enabled.into())]);
    run::<Change<bool>>(executor, ENABLE, variables).await.map(|change| change.done)
}

/// Removes a webhook.
pub async fn remove_webhook(executor: &dyn Executor, id: &str) -> Result<bool, AppError> {
    run::<Change<bool>>(executor, REMOVE, variables([("id", id.into())])).await.map(|change| change.done)
}

/// Sends a trial; `false` where there is no such webhook, or it is switched off.
pub async fn test_webhook(executor: &dyn Executor, id: &str) -> Result<bool, AppError> {
    let sent = run::<Change<Option<String>>>(executor, TEST, variables([("id", id.into())])).await?;
    Ok(sent.done.is_some())
}

/// Sends an event again, or all that were given up; gives how many.
pub async fn send_webhook_again(
    executor: &dyn Executor,
    id: &str,
    event: Option<&str>,
) -> Result<i32, AppError> {
    let event = event.map_or(ConstValue::Null, Into::into);
    let variables = variables([("id", id.into()), ("event", event)]);
    run::<Change<i32>>(executor, SEND_AGAIN, variables).await.map(|change| change.done)
}
