//! Webhooks as the team sets them up and looks at them: where it is told, of what, what was sent and what came back.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Stale, Subject, TeamScope,
    invoice::sorted_by_key,
    keyed::{Keyed, keyed_rows},
    org_rows, team_rows,
};
use crate::{
    error::Result,
    id::{OrgId, WebhookEventId, WebhookId},
    store::{
        ActivityKind, Origin, WebhookFacts, WebhookKind,
        db::{Conn, execute, fetch_one, fetch_optional},
        page::{Cursor, Page, PageRequest},
        webhook::{GIVE_UP, HAS_WEBHOOKS, facts_columns},
    },
    webhook::whereabouts,
};

org_rows! {
    /// An endpoint that was not removed.
    WebhookRow {
        /// Id.
        id: WebhookId,
        /// Where it is.
        url: String,
        /// What it is told of, with spaces between.
        kinds: String,
        /// What its secret is made of.
        nonce: Vec<u8>,
        /// What its secret hashes to.
        secret_hash: Vec<u8>,
        /// When it was added.
        created_at: DateTime<Utc>,
        /// Since when nothing was taken.
        failing_since: Option<DateTime<Utc>>,
        /// Since when it is switched off.
        disabled_at: Option<DateTime<Utc>>,
        /// `hand`, `failures` or `gone`.
        disabled_by: Option<String>,
    }

    /// An event on its way to an endpoint.
    WebhookDeliveryRow {
        /// The event.
        event_id: WebhookEventId,
        /// What happened.
        #[sqlx(flatten)]
        facts: WebhookFacts,
        /// `waiting`, `delivered` or `failed`.
        state: String,
        /// When it is tried next, while it waits.
        next_at: DateTime<Utc>,
    }

    /// A try.
    WebhookAttemptRow {
        /// The event.
        event_id: WebhookEventId,
        /// Id of the try.
        id: Uuid,
        /// When.
        at: DateTime<Utc>,
        /// The status that came back; none where nothing did.
        status: Option<i64>,
        /// The beginning of the body that came back, or why nothing did.
        answer: String,
        /// How long it took.
        millis: i64,
    }
}

/// What can be set of an endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookDraft {
    /// Where it is.
    pub url: String,
    /// What it is told of.
    pub kinds: Vec<WebhookKind>,
}

/// An org has as many endpoints as this and no more.
pub const MOST_WEBHOOKS: i64 = 20;

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

#[derive(sqlx::FromRow)]
struct Named {
    org_id: OrgId,
    url: String,
}

const WEBHOOKS: &str = "SELECT org_id, id, url, kinds, nonce, secret_hash, created_at, failing_since, disabled_at, disabled_by \
    FROM webhook_endpoints WHERE org_id = $1 AND removed_at IS NULL ORDER BY id";
const WEBHOOK: &str = "SELECT org_id, id, url, kinds, nonce, secret_hash, created_at, failing_since, disabled_at, disabled_by \
    FROM webhook_endpoints WHERE org_id = $1 AND id = $2 AND removed_at IS NULL";
const COUNT: &str =
    "SELECT COUNT(*) AS count FROM webhook_endpoints WHERE org_id = $1 AND removed_at IS NULL";
const ADD: &str = "INSERT INTO webhook_endpoints (org_id, id, url, kinds, nonce, secret_hash, created_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
const CHANGE: &str = "UPDATE webhook_endpoints SET url = $3, kinds = $4 \
    WHERE org_id = $1 AND id = $2 AND removed_at IS NULL RETURNING org_id, url";
const ENABLE: &str = "UPDATE webhook_endpoints SET disabled_at = NULL, disabled_by = NULL, failing_since = NULL \
    WHERE org_id = $1 AND id = $2 AND removed_at IS NULL AND disabled_at IS NOT NULL RETURNING org_id, url";
const DISABLE: &str = "UPDATE webhook_endpoints SET disabled_at = $3, disabled_by = 'hand' \
    WHERE org_id = $1 AND id = $2 AND removed_at IS NULL AND disabled_at IS NULL RETURNING org_id, url";
const REMOVE: &str = "UPDATE webhook_endpoints SET removed_at = $3 \
    WHERE org_id = $1 AND id = $2 AND removed_at IS NULL RETURNING org_id, url";
const TRY_OUT: &str = "INSERT INTO webhook_events (org_id, id, kind, occurred_at, endpoint_id) \
    SELECT w.org_id, $3, 'webhook.test', $4, w.id FROM webhook_endpoints w \
    WHERE w.org_id = $1 AND w.id = $2 AND w.removed_at IS NULL AND w.disabled_at IS NULL";
const SEND_AGAIN: &str = "UPDATE webhook_deliveries SET state = 'waiting', attempts = 0, next_at = $4, ended_at = NULL \
    WHERE org_id = $1 AND endpoint_id = $2 AND event_id = $3 AND state <> 'waiting' AND EXISTS \
    (SELECT 1 FROM webhook_endpoints w WHERE w.org_id = $1 AND w.id = $2 AND w.removed_at IS NULL AND w.disabled_at IS NULL)";
const SEND_FAILED_AGAIN: &str = "UPDATE webhook_deliveries SET state = 'waiting', attempts = 0, next_at = $3, ended_at = NULL \
    WHERE org_id = $1 AND endpoint_id = $2 AND state = 'failed' AND EXISTS \
    (SELECT 1 FROM webhook_endpoints w WHERE w.org_id = $1 AND w.id = $2 AND w.removed_at IS NULL AND w.disabled_at IS NULL)";
macro_rules! deliveries {
    ($beyond:literal, $order:literal) => {
        concat!(
            "SELECT d.org_id, d.event_id, d.state, d.next_at, ",
            facts_columns!(),
            " FROM webhook_deliveries d JOIN webhook_events e ON e.org_id = d.org_id AND e.id = d.event_id \
            WHERE d.org_id = $1 AND d.endpoint_id = $2 AND d.event_id ",
            $beyond,
            " $3 ORDER BY d.event_id",
            $order,
            " LIMIT $4"
        )
    };
}
const FORWARD: &str = deliveries!("<", " DESC");
const BACKWARD: &str = deliveries!(">", "");
static ATTEMPTS: Keyed = Keyed::new(
    "WITH k(id) AS (VALUES {keys}) SELECT a.org_id, a.event_id, a.id, a.at, a.status, a.answer, a.millis \
    FROM k CROSS JOIN webhook_attempts a \
    WHERE a.org_id = $1 AND a.endpoint_id = $2 AND a.event_id = k.id",
    1,
    2,
);

impl TeamScope<'_> {
    /// The org's endpoints, in the order in which they were added.
    pub async fn webhooks(&self) -> Result<Vec<WebhookRow>> {
        team_rows!(self, WebhookRow, WEBHOOKS)
    }

    /// One endpoint; `None` where there is none such.
    pub async fn webhook(&self, id: WebhookId) -> Result<Option<WebhookRow>> {
        let rows: Result<Vec<WebhookRow>> = team_rows!(self, WebhookRow, WEBHOOK, id);
        Ok(rows?.pop())
    }

    /// Adds an endpoint under a new id; `false` where the org has as many as it may have. The same id again is the
    /// same endpoint.
    pub async fn add_webhook(
        &self,
        id: WebhookId,
        draft: &WebhookDraft,
        (nonce, secret_hash): (&[u8; 32], &[u8; 32]),
        origin: &Origin,
    ) -> Result<bool> {
        let mut conn = self.write().await?;
        let (org, now) = (self.actor.org_id(), self.store.clock.now());
        self.hold_org(&mut conn).await?;
        if fetch_one!(conn, Count, COUNT, org)?.count >= MOST_WEBHOOKS {
            return Ok(false);
        }
        let kinds = words(&draft.kinds);
        let url = draft.url.as_str();
        if execute!(conn, ADD, org, id, url, kinds.as_str(), &nonce[..], &secret_hash[..], now)? == 0 {
            return Ok(true);
        }
        self.webhooks_changed(&mut conn, ActivityKind::WebhookAdded, url, origin).await?;
        conn.commit().await?;
        Ok(true)
    }

    /// Changes an endpoint.
    pub async fn change_webhook(
        &self,
        id: WebhookId,
        draft: &WebhookDraft,
        origin: &Origin,
    ) -> Result<Result<(), Stale>> {
        let mut conn = self.write().await?;
        let org = self.actor.org_id();
        let kinds = words(&draft.kinds);
        let changed = fetch_optional!(conn, Named, CHANGE, org, id, draft.url.as_str(), kinds.as_str())?;
        if changed.is_none_or(|row| row.org_id != org) {
            return Ok(Err(Stale::NotFound));
        }
        self.webhooks_changed(&mut conn, ActivityKind::WebhookChanged, &draft.url, origin).await?;
        conn.commit().await?;
        Ok(Ok(()))
    }

    /// Switches an endpoint on or off; `false` where there is none such, or it is so already. What waits for one that
    /// is switched off is given up, and can be sent again by hand.
    pub async fn enable_webhook(&self, id: WebhookId, enabled: bool, origin: &Origin) -> Result<bool> {
        let mut conn = self.write().await?;
        let (org, now) = (self.actor.org_id(), self.store.clock.now());
        let (changed, kind) = if enabled {
            (fetch_optional!(conn, Named, ENABLE, org, id)?, ActivityKind::WebhookEnabled)
        } else {
            let off = fetch_optional!(conn, Named, DISABLE, org, id, now)?;
            execute!(conn, GIVE_UP, org, id, now)?;
            (off, ActivityKind::WebhookDisabled)
        };
        self.keep_webhook(conn, changed, kind, origin).await
    }

    /// Removes an endpoint; `false` where there is none such.
    pub async fn remove_webhook(&self, id: WebhookId, origin: &Origin) -> Result<bool> {
        let mut conn = self.write().await?;
        let (org, now) = (self.actor.org_id(), self.store.clock.now());
        let removed = fetch_optional!(conn, Named, REMOVE, org, id, now)?;
        execute!(conn, GIVE_UP, org, id, now)?;
        self.keep_webhook(conn, removed, ActivityKind::WebhookRemoved, origin).await
    }

    async fn keep_webhook(
        &self,
        mut conn: Conn,
        changed: Option<Named>,
        kind: ActivityKind,
        origin: &Origin,
    ) -> Result<bool> {
        let Some(row) = changed.filter(|row| row.org_id == self.actor.org_id()) else { return Ok(false) };
        self.webhooks_changed(&mut conn, kind, &row.url, origin).await?;
        conn.commit().await?;
        Ok(true)
    }

    async fn webhooks_changed(
        &self,
        conn: &mut Conn,
        kind: ActivityKind,
        url: &str,
        origin: &Origin,
    ) -> Result<()> {
        execute!(*conn, HAS_WEBHOOKS, self.actor.org_id())?;
        self.log(conn, kind, Subject::default(), &whereabouts(url), origin).await
    }

    /// Writes a trial down; gives the event, or `None` where there is no such endpoint, or it is switched off.
    pub async fn try_webhook(&self, id: WebhookId) -> Result<Option<WebhookEventId>> {
        let mut conn = self.write().await?;
        let now = self.store.clock.now();
        let event = WebhookEventId::new(now);
        let written = execute!(conn, TRY_OUT, self.actor.org_id(), id, event, now)?;
        conn.commit().await?;
        Ok((written > 0).then_some(event))
    }

    /// Sends an event again that was delivered or given up; `false` where there is none such, or it waits anyway.
    pub async fn send_webhook_again(&self, id: WebhookId, event: WebhookEventId) -> Result<bool> {
        let mut conn = self.write().await?;
        let now = self.store.clock.now();
        let again = execute!(conn, SEND_AGAIN, self.actor.org_id(), id, event, now)?;
        conn.commit().await?;
        Ok(again > 0)
    }

    /// Sends all again that was given up; gives how many there are.
    pub async fn send_failed_webhooks_again(&self, id: WebhookId) -> Result<u64> {
        let mut conn = self.write().await?;
        let now = self.store.clock.now();
        let again = execute!(conn, SEND_FAILED_AGAIN, self.actor.org_id(), id, now)?;
        conn.commit().await?;
        Ok(again)
    }

    /// One page of what was sent to an endpoint, newest first.
    pub async fn webhook_deliveries(
        &self,
        id: WebhookId,
        page: &PageRequest,
    ) -> Result<Page<WebhookDeliveryRow>> {
        let Cursor { id: place, .. } = page.from(Cursor::DESCENDING);
        let sql = if page.is_backward() { BACKWARD } else { FORWARD };
        let limit = page.limit();
        let rows: Result<Vec<WebhookDeliveryRow>> =
            team_rows!(self, WebhookDeliveryRow, sql, id, place, limit);
        rows.map(|rows| page.page(rows))
    }

    /// The tries of events at an endpoint, newest first.
    pub async fn webhook_attempts(
        &self,
        id: WebhookId,
        events: &[WebhookEventId],
    ) -> Result<Vec<WebhookAttemptRow>> {
        let keys: Vec<[Uuid; 1]> = events.iter().map(|event| [event.uuid()]).collect();
        let rows: Result<Vec<WebhookAttemptRow>> = keyed_rows!(self, WebhookAttemptRow, ATTEMPTS, keys, id);
        rows.map(|rows| sorted_by_key(rows, |row| std::cmp::Reverse(row.id)))
    }
}

fn words(kinds: &[WebhookKind]) -> String {
    kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(" ")
}

#[cfg(feature = "testing")]
pub(super) fn planned_statements() -> Vec<(String, &'static str)> {
    let single = [
        ("team webhooks", WEBHOOKS),
        ("team webhook", WEBHOOK),
        ("team webhook deliveries forward", FORWARD),
        ("team webhook deliveries backward", BACKWARD),
    ];
    let single = single.map(|(name, sql)| (name.to_owned(), sql));
    single.into_iter().chain(ATTEMPTS.planned("webhook attempts")).collect()
}
