//! Events are handed out to the endpoints that want them, and each endpoint is told by whichever worker claims the
//! delivery: of one invoice, one event after the other.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{MailKind, System, SystemTx};
use crate::{
    error::Result,
    id::{OrgId, WebhookEventId, WebhookId},
    store::{
        ActivityKind, WebhookFacts,
        db::{execute, fetch_all, fetch_keyed, fetch_optional},
        webhook::{GIVE_UP, HAS_WEBHOOKS, facts_columns},
    },
    webhook::whereabouts,
};

/// A delivery that this worker holds, with all that is sent.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct ClaimedDelivery {
    pub(crate) org_id: OrgId,
    pub(crate) endpoint_id: WebhookId,
    pub(crate) event_id: WebhookEventId,
    /// This time included.
    pub(crate) attempts: i64,
}

/// What is sent, and where.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct OutgoingWebhook {
    pub(crate) org_slug: String,
    pub(crate) url: String,
    pub(crate) nonce: Vec<u8>,
    pub(crate) secret_hash: Vec<u8>,
    pub(crate) is_live: bool,
    pub(crate) failing_since: Option<DateTime<Utc>>,
    #[sqlx(flatten)]
    pub(crate) facts: WebhookFacts,
}

/// What came of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AttemptOutcome {
    /// The status that came back; none where nothing did.
    pub(crate) status: Option<u16>,
    /// The beginning of the body that came back, or why nothing did.
    pub(crate) answer: String,
    /// How long it took.
    pub(crate) millis: i64,
}

/// What becomes of a delivery after a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DeliveryFate {
    /// It was taken.
    Delivered,
    /// It is tried again.
    Again(DateTime<Utc>),
    /// It is given up.
    Failed,
}

/// How many events are handed out by one transaction.
const AT_ONCE: i64 = 100;
/// How many orgs [`DUE`] passes over, at most.
pub(crate) const MOST_BUSY: usize = 7;
/// How long a worker may hold a delivery: longer than a receiver may take.
const LEASE: TimeDelta = TimeDelta::minutes(2);

/// The events that this worker hands out; another one finds them taken.
const CLAIM_EVENTS: &str = "UPDATE webhook_events SET handed_out_at = $1 WHERE handed_out_at IS NULL AND id IN \
    (SELECT id FROM webhook_events WHERE handed_out_at IS NULL ORDER BY id LIMIT $2) RETURNING org_id, id";
const HAND_OUT: &str = "INSERT INTO webhook_deliveries (org_id, endpoint_id, event_id, invoice_id, state, attempts, next_at) \
    SELECT e.org_id, w.id, e.id, e.invoice_id, 'waiting', 0, $3 \
    FROM webhook_events e JOIN webhook_endpoints w ON w.org_id = e.org_id AND w.removed_at IS NULL AND w.disabled_at IS NULL \
    WHERE e.org_id = $1 AND e.id = $2 AND (w.id = e.endpoint_id \
        OR e.endpoint_id IS NULL AND ' ' || w.kinds || ' ' LIKE '% ' || e.kind || ' %') ON CONFLICT DO NOTHING";
/// What is due first, but for these orgs'. Nothing overtakes what waits of the same invoice at the same endpoint; what is
/// first there is asked for by the order of its index, which PostgreSQL then takes however few rows it believes in. It is
/// looked for before anything is written, so that nobody waits to write while much is passed over.
const DUE: &str = "SELECT d.org_id AS org, d.endpoint_id AS endpoint, d.event_id AS event FROM webhook_deliveries d \
    WHERE d.state = 'waiting' AND d.next_at <= $1 AND d.org_id NOT IN ($2, $3, $4, $5, $6, $7, $8) \
    AND (d.invoice_id IS NULL OR d.event_id = (SELECT f.event_id FROM webhook_deliveries f \
        WHERE f.org_id = d.org_id AND f.endpoint_id = d.endpoint_id AND f.invoice_id = d.invoice_id \
        AND f.state = 'waiting' ORDER BY f.event_id LIMIT 1)) \
    ORDER BY d.next_at LIMIT 1";
/// Another worker finds it taken.
const CLAIM: &str = "UPDATE webhook_deliveries SET next_at = $5, attempts = attempts + 1 \
    WHERE org_id = $1 AND endpoint_id = $2 AND event_id = $3 AND state = 'waiting' AND next_at <= $4 \
    RETURNING org_id, endpoint_id, event_id, attempts";
const OUTGOING: &str = concat!(
    "SELECT o.slug AS org_slug, w.url, w.nonce, w.secret_hash, \
    w.removed_at IS NULL AND w.disabled_at IS NULL AS is_live, w.failing_since, ",
    facts_columns!(),
    " FROM webhook_events e JOIN webhook_endpoints w ON w.org_id = e.org_id AND w.id = $2 JOIN orgs o ON o.id = e.org_id \
    WHERE e.org_id = $1 AND e.id = $3"
);
const TRIED: &str = "INSERT INTO webhook_attempts (org_id, endpoint_id, event_id, id, at, status, answer, millis) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const SET_STATE: &str = "UPDATE webhook_deliveries SET state = $4, next_at = $5, ended_at = $6 \
    WHERE org_id = $1 AND endpoint_id = $2 AND event_id = $3 AND state = 'waiting'";
/// Whoever has written this holds the endpoint, and changes its deliveries after: so that no two wait for each other.
const HOLD: &str = "UPDATE webhook_endpoints SET failing_since = CASE WHEN $3 THEN NULL ELSE COALESCE(failing_since, $4) END \
    WHERE org_id = $1 AND id = $2";
const DISABLE: &str = "UPDATE webhook_endpoints SET disabled_at = $3, disabled_by = $4 \
    WHERE org_id = $1 AND id = $2 AND disabled_at IS NULL AND removed_at IS NULL RETURNING url";
const WHOM: &str = "SELECT p.email FROM members m JOIN persons p ON p.id = m.person_id \
    WHERE m.org_id = $1 AND m.role IN ('owner', 'admin') AND m.removed_at IS NULL ORDER BY m.id LIMIT 10";
const MAILED: &str = "SELECT o.name AS org_name, w.url, w.disabled_by, w.disabled_at IS NOT NULL AS is_disabled \
    FROM webhook_endpoints w JOIN orgs o ON o.id = w.org_id WHERE w.org_id = $1 AND w.id = $2";
const OLD_ATTEMPTS: &str = "DELETE FROM webhook_attempts WHERE at < $1";
const OLD_DELIVERIES: &str = "DELETE FROM webhook_deliveries WHERE ended_at < $1 AND state <> 'waiting' \
    AND NOT EXISTS (SELECT 1 FROM webhook_attempts a WHERE a.org_id = webhook_deliveries.org_id \
        AND a.endpoint_id = webhook_deliveries.endpoint_id AND a.event_id = webhook_deliveries.event_id)";
const OLD_EVENTS: &str = "DELETE FROM webhook_events WHERE occurred_at < $1 AND handed_out_at IS NOT NULL \
    AND NOT EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.org_id = webhook_events.org_id AND d.event_id = webhook_events.id)";

#[derive(sqlx::FromRow)]
struct EventName {
    org_id: OrgId,
    id: WebhookEventId,
}

#[derive(sqlx::FromRow)]
struct DueDelivery {
    org: OrgId,
    endpoint: WebhookId,
    event: WebhookEventId,
}

#[derive(sqlx::FromRow)]
struct Address {
    email: String,
}

#[derive(sqlx::FromRow)]
struct Url {
    url: String,
}

/// What the mail says about an endpoint that was switched off.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct MailedWebhook {
    pub(crate) org_name: String,
    pub(crate) url: String,
    pub(crate) disabled_by: Option<String>,
    /// Whether it still is.
    pub(crate) is_disabled: bool,
}

impl System<'_> {
    /// Hands out what has happened since; whether that was anything.
    pub(crate) async fn hand_out_webhooks(&self) -> Result<bool> {
        let mut tx = self.begin().await?;
        let now = tx.now();
        let mut events = fetch_all!(tx.conn, EventName, CLAIM_EVENTS, now, AT_ONCE)?;
        events.sort_by_key(|event| event.id);
        for event in &events {
            execute!(tx.conn, HAND_OUT, event.org_id, event.id, now)?;
        }
        tx.commit().await?;
        Ok(!events.is_empty())
    }

    /// Claims the delivery that is due first, if one is due. Those of the first [`MOST_BUSY`] of these orgs are passed over.
    pub(crate) async fn claim_webhook(
        &self,
        busy: &[OrgId],
    ) -> Result<Option<(ClaimedDelivery, OutgoingWebhook)>> {
        while let Some(DueDelivery { org, endpoint, event }) = self.due_webhook(busy).await? {
            let mut tx = self.begin().await?;
            let now = tx.now();
            let claimed =
                fetch_optional!(tx.conn, ClaimedDelivery, CLAIM, org, endpoint, event, now, now + LEASE)?;
            // Where another worker was faster, there may be more.
            let Some(claimed) = claimed else { continue };
            let outgoing = fetch_optional!(tx.conn, OutgoingWebhook, OUTGOING, org, endpoint, event)?;
            tx.commit().await?;
            return Ok(outgoing.map(|outgoing| (claimed, outgoing)));
        }
        Ok(None)
    }

    async fn due_webhook(&self, busy: &[OrgId]) -> Result<Option<DueDelivery>> {
        let busy: Vec<[Uuid; 1]> = busy.iter().map(|org| [org.uuid()]).collect();
        let mut conn = self.read().await?;
        let now = self.store.clock.now();
        let due: Vec<DueDelivery> = fetch_keyed!(conn, DueDelivery, DUE, busy, MOST_BUSY, now)?;
        conn.commit().await?;
        Ok(due.into_iter().next())
    }

    /// What the mail about an endpoint that was switched off says.
    pub(crate) async fn mailed_webhook(&self, org: OrgId, id: WebhookId) -> Result<Option<MailedWebhook>> {
        let mut conn = self.read().await?;
        let row = fetch_optional!(conn, MailedWebhook, MAILED, org, id)?;
        conn.commit().await?;
        Ok(row)
    }
}

impl SystemTx {
    /// Writes down what came of a try and what becomes of the delivery. One that was ended meanwhile stays so.
    pub(crate) async fn webhook_tried(
        &mut self,
        delivery: &ClaimedDelivery,
        outcome: &AttemptOutcome,
        fate: DeliveryFate,
    ) -> Result<()> {
        let now = self.now();
        let (org, endpoint, event) = (delivery.org_id, delivery.endpoint_id, delivery.event_id);
        execute!(self.conn, HOLD, org, endpoint, fate == DeliveryFate::Delivered, now)?;
        let status = outcome.status.map(i64::from);
        let (id, answer) = (crate::random::uuid(now), outcome.answer.as_str());
        execute!(self.conn, TRIED, org, endpoint, event, id, now, status, answer, outcome.millis)?;
        let (state, next, ended) = match fate {
            DeliveryFate::Delivered => ("delivered", now, Some(now)),
            DeliveryFate::Again(at) => ("waiting", at, None),
            DeliveryFate::Failed => ("failed", now, Some(now)),
        };
        execute!(self.conn, SET_STATE, org, endpoint, event, state, next, ended)?;
        Ok(())
    }

    /// Switches an endpoint off that takes nothing any more, and mails whoever can do something about it.
    pub(crate) async fn disable_webhook(
        &mut self,
        (org, id): (OrgId, WebhookId),
        by: &'static str,
    ) -> Result<()> {
        let now = self.now();
        let Some(Url { url }) = fetch_optional!(self.conn, Url, DISABLE, org, id, now, by)? else {
            return Ok(());
        };
        execute!(self.conn, GIVE_UP, org, id, now)?;
        execute!(self.conn, HAS_WEBHOOKS, org)?;
        self.log_org(org, ActivityKind::WebhookDisabled, &whereabouts(&url)).await?;
        let payload = format!("{org} {id}");
        for Address { email } in fetch_all!(self.conn, Address, WHOM, org)? {
            self.enqueue_mail(MailKind::WebhookDisabled, &email, &payload).await?;
        }
        Ok(())
    }

    /// Forgets what was sent more than a month ago.
    pub(crate) async fn delete_old_webhooks(&mut self, before: DateTime<Utc>) -> Result<()> {
        execute!(self.conn, OLD_ATTEMPTS, before)?;
        execute!(self.conn, OLD_DELIVERIES, before)?;
        execute!(self.conn, OLD_EVENTS, before)?;
        Ok(())
    }
}

/// What looks for work among everybody's, for the test that reads query plans.
#[cfg(feature = "testing")]
pub(super) fn planned_statements() -> Vec<(String, &'static str)> {
    vec![("due webhook".to_owned(), DUE)]
}

/// Reads what names an endpoint in a mail's payload.
pub(crate) fn parse_webhook(payload: &str) -> Option<(OrgId, WebhookId)> {
    let (org, id) = payload.split_once(' ')?;
    Some((OrgId::from_uuid(org.parse::<Uuid>().ok()?), id.parse().ok()?))
}
