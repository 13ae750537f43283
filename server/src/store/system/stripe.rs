//! What Stripe tells of by itself, the accounts it tells of, and what the operator has to look at.

use chrono::{DateTime, Utc};

use super::{JobKind, System, SystemTx};
use crate::{
    error::Result,
    id::{ActivityId, AlertId, OrgId},
    store::{
        activity::ActivityKind,
        checkout,
        db::{execute, fetch_optional},
    },
    stripe::{AccountId, EventId},
};

const ADD_EVENT: &str = "INSERT INTO stripe_events (id, account_id, kind, body, received_at) VALUES ($1, $2, $3, $4, $5) \
    ON CONFLICT (id) DO NOTHING";
const EVENT: &str = "SELECT id, account_id, kind, body FROM stripe_events WHERE id = $1";
const HANDLED: &str = "UPDATE stripe_events SET outcome = $2, handled_at = $3 WHERE id = $1";
const ADD_ALERT: &str = "INSERT INTO alerts (id, kind, subject, day, times, org_id, detail, first_at, last_at) \
    VALUES ($1, $2, $3, $4, 1, $5, $6, $7, $7) \
    ON CONFLICT (kind, subject, day) DO UPDATE SET times = alerts.times + 1, last_at = excluded.last_at";
const ACCOUNT: &str = "SELECT org_id, account_id, charges_enabled, details_submitted, wants, disconnected_at \
    FROM stripe_accounts WHERE account_id = $1";
const KEEP_ACCOUNT: &str = "UPDATE stripe_accounts SET charges_enabled = $2, details_submitted = $3, wants = $4, \
    checked_at = $5 WHERE account_id = $1";
const END_ACCOUNT: &str = "UPDATE stripe_accounts SET disconnected_at = $2, ended_by = 'stripe', charges_enabled = FALSE \
    WHERE account_id = $1 AND disconnected_at IS NULL";
const LOG: &str = "INSERT INTO activity (org_id, id, at, kind, actor_kind, actor_name, client_visible, detail, browser, ip_short) \
    VALUES ($1, $2, $3, $4, 'system', '', FALSE, $5, '', '')";

/// An event as it was kept.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct StripeEventRow {
    /// Id.
    pub(crate) id: EventId,
    /// On which account; none for the operator's own.
    pub(crate) account_id: Option<String>,
    /// Stripe's word, such as `checkout.session.completed`.
    pub(crate) kind: String,
    /// As it came.
    pub(crate) body: String,
}

/// An account of an org's.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct StripeAccountRow {
    /// The tenant.
    pub(crate) org_id: OrgId,
    /// Id.
    pub(crate) account_id: AccountId,
    /// Whether it can take payments.
    pub(crate) charges_enabled: bool,
    /// Whether the owner has told what was asked first.
    pub(crate) details_submitted: bool,
    /// What is still wanted, a line each.
    pub(crate) wants: String,
    /// Since when it is not the org's any more.
    pub(crate) disconnected_at: Option<DateTime<Utc>>,
}

/// Something that the operator has to look at. The same kind and subject are one row a day.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Alert<'a> {
    /// A word, such as `stripe.signature_wrong`.
    pub(crate) kind: &'a str,
    /// What it is about, such as an event's id.
    pub(crate) subject: &'a str,
    /// Whose it is, where that is known.
    pub(crate) org: Option<OrgId>,
    /// A word more.
    pub(crate) detail: &'a str,
}

impl System<'_> {
    /// Keeps an event and the job that looks at it; `false` where it is there already.
    pub(crate) async fn add_stripe_event(&self, event: &StripeEventRow) -> Result<bool> {
        let mut tx = self.begin().await?;
        let now = tx.now();
        let (account, kind, body) = (event.account_id.as_deref(), event.kind.as_str(), event.body.as_str());
        let added = execute!(tx.conn, ADD_EVENT, &event.id, account, kind, body, now)? > 0;
        if added {
            checkout::enqueue(&mut tx.conn, now, JobKind::StripeEvent, event.id.as_str()).await?;
            tx.commit().await?;
        }
        Ok(added)
    }

    /// An event that was kept.
    pub(crate) async fn stripe_event(&self, id: &EventId) -> Result<Option<StripeEventRow>> {
        let mut conn = self.read().await?;
        let row = fetch_optional!(conn, StripeEventRow, EVENT, id)?;
        conn.commit().await?;
        Ok(row)
    }

    /// Writes down that somebody has to look.
    pub(crate) async fn alert(&self, alert: &Alert<'_>) -> Result<()> {
        tracing::error!(
            alert = true,
            kind = alert.kind,
            subject = alert.subject,
            detail = alert.detail,
            "somebody has to look"
        );
        let mut tx = self.begin().await?;
        let now = tx.now();
        let Alert { kind, subject, org, detail } = *alert;
        execute!(tx.conn, ADD_ALERT, AlertId::new(now), kind, subject, now.date_naive(), org, detail, now)?;
        tx.commit().await
    }

    /// The org that an account belongs to, or belonged to.
    pub(crate) async fn stripe_account(&self, id: &str) -> Result<Option<StripeAccountRow>> {
        let mut conn = self.read().await?;
        let row = fetch_optional!(conn, StripeAccountRow, ACCOUNT, id)?;
        conn.commit().await?;
        Ok(row)
    }

    /// Keeps what Stripe says of an account; the org's log says where it can take payments now, or cannot any more.
    pub(crate) async fn keep_stripe_account(
        &self,
        known: &StripeAccountRow,
        (charges_enabled, details_submitted): (bool, bool),
        wants: &str,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        let now = tx.now();
        execute!(tx.conn, KEEP_ACCOUNT, &known.account_id, charges_enabled, details_submitted, wants, now)?;
        if known.charges_enabled != charges_enabled && known.disconnected_at.is_none() {
            let detail = if charges_enabled { "charges_enabled" } else { "charges_disabled" };
            tx.log_org(known.org_id, ActivityKind::StripeChanged, detail).await?;
        }
        tx.commit().await
    }

    /// Keeps that an account has taken our access away. What could be paid on it is closed here, so that it can be paid
    /// elsewhere.
    pub(crate) async fn end_stripe_account(&self, known: &StripeAccountRow) -> Result<()> {
        let mut tx = self.begin().await?;
        let now = tx.now();
        if execute!(tx.conn, END_ACCOUNT, &known.account_id, now)? > 0 {
            tx.log_org(known.org_id, ActivityKind::StripeDisconnected, "stripe").await?;
            checkout::enqueue_closing(&mut tx.conn, now, known.org_id).await?;
        }
        tx.commit().await
    }
}

impl SystemTx {
    /// Keeps what became of an event.
    pub(crate) async fn event_handled(&mut self, id: &EventId, outcome: &str) -> Result<()> {
        let now = self.clock.now();
        execute!(self.conn, HANDLED, id, outcome, now)?;
        Ok(())
    }

    /// A row of the org's log about what nobody did by hand.
    pub(super) async fn log_org(&mut self, org: OrgId, kind: ActivityKind, detail: &str) -> Result<()> {
        let now = self.clock.now();
        execute!(self.conn, LOG, org, ActivityId::new(now), now, kind.as_str(), detail)?;
        Ok(())
    }
}
