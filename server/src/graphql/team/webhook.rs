//! Webhooks: where the org's own systems are told of what happens, and what became of it.

use std::collections::HashMap;

use app::problem::{FieldProblem, Problem};
use async_graphql::{Enum, ID, InputObject, SimpleObject};
use chrono::{DateTime, Utc};

use super::{HANDS_OUT, client::TeamSaved, hands_out};
use crate::{
    auth::{secret::Purpose, token::LinkNonce},
    billing::webhook_payload,
    error::{Error, Result},
    graphql::{
        guard::{Team, WebhookRules},
        look::Look,
        new_ids::NewIds,
        page::connection,
    },
    id::{WebhookEventId, WebhookId},
    store::{
        WebhookKind,
        page::{Cursor, FIRST_DAY, Page, PageRequest},
        team::{MOST_WEBHOOKS, WebhookAttemptRow, WebhookDeliveryRow, WebhookDraft, WebhookRow},
    },
    webhook::{SigningSecret, Target},
};

/// What a webhook is told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "WebhookKind", visible = "hands_out")]
pub(super) enum TeamWebhookEvent {
    /// `invoice.sent`: an invoice was sent.
    InvoiceSent,
    /// `invoice.viewed`: a contact, or whoever has its link, has opened an invoice; again only after an hour.
    InvoiceViewed,
    /// `invoice.paid`: nothing is due on an invoice any more.
    InvoicePaid,
    /// `invoice.voided`: an invoice was cancelled.
    InvoiceVoided,
    /// `payment.received`: money came, online or written down by hand.
    PaymentReceived,
    /// `payment.refunded`: money was given back through Stripe.
    PaymentRefunded,
    /// `payment.refund_failed`: giving money back did not go through, and it is here again.
    PaymentRefundFailed,
    /// `payment.disputed`: the payer's bank took money back.
    PaymentDisputed,
    /// `payment.dispute_won`: the bank decided for the org, and the money is back.
    PaymentDisputeWon,
    /// `payment.reversed`: a payment that was written down by mistake was taken back.
    PaymentReversed,
    /// `webhook.test`: a trial. Sent when it is asked for, and not to be chosen.
    Test,
}

/// How a webhook stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(visible = "hands_out")]
pub(super) enum TeamWebhookState {
    /// It is told, and the last message was taken, or there was none yet.
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
#[derive(Debug, SimpleObject)]
#[graphql(guard = "HANDS_OUT", visible = "hands_out")]
pub(super) struct TeamWebhook {
    /// Id.
    id: ID,
    /// Where it is.
    url: String,
    /// What it is told of.
    events: Vec<TeamWebhookEvent>,
    /// How it stands.
    state: TeamWebhookState,
    /// Since when nothing was taken; null where the last message was.
    failing_since: Option<DateTime<Utc>>,
    /// What messages are signed with, as the receiver keeps it: `whsec_` and base64. Null where the operator has taken
    /// the secret away that it was made of: then remove the webhook and add it anew.
    secret: Option<String>,
    /// When it was added.
    created_at: DateTime<Utc>,
}

/// What can be set of a webhook.
#[derive(Debug, InputObject)]
#[graphql(visible = "hands_out")]
pub(in crate::graphql) struct TeamWebhookInput {
    /// Where it is: an https address on the public internet, at most 2,000 characters.
    url: String,
    /// What it is told of; at least one, and not `TEST`.
    events: Vec<TeamWebhookEvent>,
}

/// How a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(visible = "hands_out")]
pub(super) enum TeamWebhookDeliveryState {
    /// It is still to be taken.
    Waiting,
    /// It was taken.
    Delivered,
    /// It was given up.
    Failed,
}

/// An event on its way to a webhook.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "HANDS_OUT", visible = "hands_out")]
pub(super) struct TeamWebhookDelivery {
    /// The event's id: the `webhook-id` of its messages, however often it is sent.
    event_id: ID,
    /// What happened.
    event: TeamWebhookEvent,
    /// When.
    occurred_at: DateTime<Utc>,
    /// How it stands.
    state: TeamWebhookDeliveryState,
    /// When it is tried next; null where it waits no more.
    next_at: Option<DateTime<Utc>>,
    /// The body of its messages: JSON, as a text.
    payload: String,
    /// The tries, newest first.
    attempts: Vec<TeamWebhookAttempt>,
    #[graphql(skip)]
    key: WebhookEventId,
}

/// A try.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "HANDS_OUT", visible = "hands_out")]
pub(super) struct TeamWebhookAttempt {
    /// When.
    at: DateTime<Utc>,
    /// The status that came back; null where nothing did.
    status: Option<i32>,
    /// The beginning of the body that came back, or why nothing did; may be empty.
    answer: String,
    /// How long it took, in milliseconds.
    millis: i32,
}

connection!(
    TeamWebhookDeliveryConnection,
    TeamWebhookDeliveryEdge,
    TeamWebhookDelivery,
    "deliveries",
    "HANDS_OUT",
    "hands_out"
);

pub(super) async fn list(team: &Team<'_>, rules: &WebhookRules) -> Result<Vec<TeamWebhook>> {
    let rows = team.scope.webhooks().await?;
    Ok(rows.into_iter().map(|row| TeamWebhook::new(row, rules)).collect())
}

pub(super) async fn deliveries(
    team: &Team<'_>,
    id: &str,
    request: &PageRequest,
    look: &Look<'_>,
) -> Result<TeamWebhookDeliveryConnection> {
    let page = match id.parse::<WebhookId>() {
        Ok(id) => team.scope.webhook_deliveries(id, request).await?,
        Err(_) => Page { rows: vec![], has_previous: false, has_next: false },
    };
    let mut attempts: HashMap<WebhookEventId, Vec<TeamWebhookAttempt>> = HashMap::new();
    if look.has("attempts")
        && let Ok(id) = id.parse::<WebhookId>()
    {
        let events: Vec<WebhookEventId> = page.rows.iter().map(|row| row.event_id).collect();
        for row in team.scope.webhook_attempts(id, &events).await? {
            attempts.entry(row.event_id).or_default().push(row.into());
        }
    }
    let neighbours = (page.has_previous, page.has_next);
    let slug = &team.visit.brand.org_slug;
    let nodes = page.rows.into_iter().map(|row| {
        let attempts = attempts.remove(&row.event_id).unwrap_or_default();
        TeamWebhookDelivery::new(row, slug, attempts)
    });
    Ok(TeamWebhookDeliveryConnection::new(neighbours, nodes.collect(), |delivery| {
        Cursor { day: FIRST_DAY, id: delivery.key.uuid() }.to_text()
    }))
}

pub(super) async fn save(
    team: &Team<'_>,
    rules: &WebhookRules,
    id: Option<&ID>,
    input: &TeamWebhookInput,
    new: &NewIds,
) -> Result<TeamSaved> {
    let mut problems = vec![];
    let target = Target::parse(&input.url, rules.reach);
    if target.is_err() {
        problems.push(FieldProblem::new("url", Problem::NoTarget));
    }
    let kinds: Vec<WebhookKind> = WebhookKind::ALL
        .into_iter()
        .filter(|kind| *kind != WebhookKind::Test)
        .filter(|kind| input.events.iter().any(|event| WebhookKind::from(*event) == *kind))
        .collect();
    if kinds.is_empty() {
        problems.push(FieldProblem::new("events", Problem::NoEvent));
    }
    let (Ok(target), true) = (target, problems.is_empty()) else { return Ok(TeamSaved::refused(problems)) };
    let draft = WebhookDraft { url: target.as_str().to_owned(), kinds };
    if let Some(id) = id {
        let id: WebhookId = id.parse().map_err(|_| Error::NotFound)?;
        return match team.scope.change_webhook(id, &draft, team.origin).await? {
            Ok(()) => Ok(TeamSaved::saved(id)),
            Err(stale) => TeamSaved::stale(stale),
        };
    }
    let id = WebhookId::from_uuid(new.id(team.now));
    let nonce = LinkNonce::random();
    let hash = nonce.token(&rules.secrets, Purpose::Webhook).hash();
    if team.scope.add_webhook(id, &draft, (nonce.bytes(), &hash), team.origin).await? {
        Ok(TeamSaved::saved(id))
    } else {
        let most = usize::try_from(MOST_WEBHOOKS).unwrap_or(usize::MAX);
        Ok(TeamSaved::refused(vec![FieldProblem::new("url", Problem::TooMany { most })]))
    }
}

pub(super) async fn enable(team: &Team<'_>, id: &str, enabled: bool) -> Result<bool> {
    match id.parse() {
        Ok(id) => team.scope.enable_webhook(id, enabled, team.origin).await,
        Err(_) => Ok(false),
    }
}

pub(super) async fn remove(team: &Team<'_>, id: &str) -> Result<bool> {
    match id.parse() {
        Ok(id) => team.scope.remove_webhook(id, team.origin).await,
        Err(_) => Ok(false),
    }
}

pub(super) async fn test(team: &Team<'_>, id: &str) -> Result<Option<ID>> {
    match id.parse() {
        Ok(id) => Ok(team.scope.try_webhook(id).await?.map(|event| event.to_string().into())),
        Err(_) => Ok(None),
    }
}

pub(super) async fn send_again(team: &Team<'_>, id: &str, event: Option<&ID>) -> Result<i32> {
    let Ok(id) = id.parse::<WebhookId>() else { return Ok(0) };
    let Some(event) = event else {
        let again = team.scope.send_failed_webhooks_again(id).await?;
        return Ok(i32::try_from(again).unwrap_or(i32::MAX));
    };
    match event.parse::<WebhookEventId>() {
        Ok(event) => Ok(team.scope.send_webhook_again(id, event).await?.into()),
        Err(_) => Ok(0),
    }
}

impl TeamWebhook {
    fn new(row: WebhookRow, rules: &WebhookRules) -> Self {
        let state = match (row.disabled_by.as_deref(), row.failing_since) {
            (None, None) => TeamWebhookState::Live,
            (None, Some(_)) => TeamWebhookState::Failing,
            (Some("failures"), _) => TeamWebhookState::OffForFailures,
            (Some("gone"), _) => TeamWebhookState::OffForGone,
            (Some(_), _) => TeamWebhookState::Off,
        };
        let secret = LinkNonce::from_stored(&row.nonce)
            .and_then(|nonce| nonce.token_for(&rules.secrets, Purpose::Webhook, &row.secret_hash))
            .map(|token| SigningSecret::new(*token.bytes()).to_text());
        Self {
            id: row.id.to_string().into(),
            url: row.url,
            events: row.kinds.split(' ').filter_map(WebhookKind::parse).map(Into::into).collect(),
            state,
            failing_since: row.failing_since,
            secret,
            created_at: row.created_at,
        }
    }
}

impl TeamWebhookDelivery {
    fn new(row: WebhookDeliveryRow, org_slug: &str, attempts: Vec<TeamWebhookAttempt>) -> Self {
        let state = match row.state.as_str() {
            "delivered" => TeamWebhookDeliveryState::Delivered,
            "failed" => TeamWebhookDeliveryState::Failed,
            _ => TeamWebhookDeliveryState::Waiting,
        };
        let id = row.event_id.to_string();
        Self {
            payload: webhook_payload(&id, org_slug, &row.facts).to_string(),
            event_id: id.into(),
            event: WebhookKind::parse(&row.facts.kind).unwrap_or(WebhookKind::Test).into(),
            occurred_at: row.facts.occurred_at,
            state,
            next_at: (state == TeamWebhookDeliveryState::Waiting).then_some(row.next_at),
            attempts,
            key: row.event_id,
        }
    }
}

impl From<WebhookAttemptRow> for TeamWebhookAttempt {
    fn from(row: WebhookAttemptRow) -> Self {
        Self {
            at: row.at,
            status: row.status.and_then(|status| i32::try_from(status).ok()),
            answer: row.answer,
            millis: i32::try_from(row.millis).unwrap_or(i32::MAX),
        }
    }
}
