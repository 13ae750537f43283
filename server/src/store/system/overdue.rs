//! What time does by itself: invoices become overdue, and what has served its time is deleted.

use chrono::{NaiveDate, TimeDelta};

use super::System;
use crate::{
    clock::calendar_day,
    error::Result,
    id::{ClientId, OrgId},
    store::db::{execute, fetch_all},
};

#[derive(Debug, sqlx::FromRow)]
struct Stale {
    org_id: OrgId,
    client_id: ClientId,
    currency: String,
    time_zone: String,
}

#[derive(Debug, sqlx::FromRow)]
struct StaleOrg {
    org_id: OrgId,
    currency: String,
    time_zone: String,
}

/// Balances that were last rolled before the earliest day that it can be anywhere. `$2`: how many.
const STALE: &str = "SELECT b.org_id, b.client_id, b.currency, o.time_zone \
    FROM client_balances b JOIN orgs o ON o.id = b.org_id \
    WHERE b.overdue_before < $1 AND b.open_count > 0 LIMIT $2";

/// Counts everything due before the day in `$4`, from the invoices themselves.
const ROLL: &str = "UPDATE client_balances SET overdue_before = $4, \
    overdue_minor = CAST(COALESCE((SELECT SUM(i.total_minor - i.paid_minor) FROM invoices i \
        WHERE i.org_id = $1 AND i.client_id = $2 AND i.currency = $3 AND i.settlement = 'open' AND i.due_on < $4), 0) AS BIGINT), \
    overdue_count = (SELECT COUNT(*) FROM invoices i \
        WHERE i.org_id = $1 AND i.client_id = $2 AND i.currency = $3 AND i.settlement = 'open' AND i.due_on < $4) \
    WHERE org_id = $1 AND client_id = $2 AND currency = $3";

/// The row stays as it is until the transaction ends. What is counted after is what all writers before
/// have committed, and a writer who comes after finds the new day.
const LOCK: &str = "UPDATE client_balances SET overdue_before = overdue_before \
    WHERE org_id = $1 AND client_id = $2 AND currency = $3";

/// The same for whole orgs. There may be very many overdue invoices in one: what has become overdue since
/// the last roll is added to what was.
const STALE_ORGS: &str = "SELECT b.org_id, b.currency, o.time_zone FROM org_balances b JOIN orgs o ON o.id = b.org_id \
    WHERE b.overdue_before < $1 AND b.open_count > 0 LIMIT $2";
const LOCK_ORG: &str =
    "UPDATE org_balances SET overdue_before = overdue_before WHERE org_id = $1 AND currency = $2";
const ROLL_ORG: &str = "UPDATE org_balances SET overdue_before = $3, \
    overdue_minor = CAST(overdue_minor + COALESCE((SELECT SUM(i.total_minor - i.paid_minor) FROM invoices i \
        WHERE i.org_id = $1 AND i.currency = $2 AND i.settlement = 'open' \
        AND i.due_on >= org_balances.overdue_before AND i.due_on < $3), 0) AS BIGINT), \
    overdue_count = overdue_count + (SELECT COUNT(*) FROM invoices i \
        WHERE i.org_id = $1 AND i.currency = $2 AND i.settlement = 'open' \
        AND i.due_on >= org_balances.overdue_before AND i.due_on < $3) \
    WHERE org_id = $1 AND currency = $2 AND overdue_before < $3";

/// Balances that one transaction rolls forward, so that it does not hold the database for long.
const BATCH: i64 = 200;

const OLD_LINKS: &str =
    "DELETE FROM magic_links WHERE request_id IN (SELECT id FROM login_requests WHERE requested_at < $1)";
const OLD_REQUESTS: &str = "DELETE FROM login_requests WHERE requested_at < $1 AND outcome IS NOT NULL";
const OLD_THROTTLES: &str = "DELETE FROM login_throttles WHERE last_request_at < $1";
const OLD_SESSIONS: &str = "DELETE FROM portal_sessions WHERE expires_at < $1";
const OLD_PREVIEWS: &str = "DELETE FROM portal_previews WHERE expires_at < $1";
const OLD_TEAM_TOKENS: &str = "DELETE FROM team_tokens WHERE created_at < $1";
const OLD_ATTEMPTS: &str = "DELETE FROM attempts WHERE ends_at < $1";
const OLD_TEAM_SESSIONS: &str = "DELETE FROM team_sessions WHERE expires_at < $1";
const OLD_INVITATIONS: &str = "DELETE FROM invitations WHERE expires_at < $1";
const OLD_EMAIL_CHANGES: &str = "DELETE FROM email_changes WHERE created_at < $1";
/// Stripe tells nothing again after a month (<https://docs.stripe.com/api/events>); one that was not looked at stays.
const OLD_EVENTS: &str = "DELETE FROM stripe_events WHERE received_at < $1 AND outcome IS NOT NULL";
const OLD_ALERTS: &str = "DELETE FROM alerts WHERE last_at < $1";
const OLD_MAIL: &str = "DELETE FROM outbox WHERE sent_at < $1 OR failed_at < $1";

impl System<'_> {
    /// Rolls one batch of balances forward to their org's calendar day; gives how many there were.
    pub(crate) async fn roll_overdue(&self) -> Result<usize> {
        let now = self.store.clock.now();
        // Where the day begins last (UTC−12): there is no earlier calendar day than this.
        let earliest: NaiveDate = (now - TimeDelta::hours(12)).date_naive();
        let mut tx = self.begin().await?;
        let stale = fetch_all!(tx.conn, Stale, STALE, earliest, BATCH)?;
        for balance in &stale {
            let today = calendar_day(now, balance.time_zone.parse().unwrap_or(chrono_tz::UTC));
            let (org, client, currency) = (balance.org_id, balance.client_id, balance.currency.as_str());
            execute!(tx.conn, LOCK, org, client, currency)?;
            execute!(tx.conn, ROLL, org, client, currency, today)?;
        }
        tx.commit().await?;
        Ok(stale.len())
    }

    /// The same for one batch of the balances of whole orgs, in a transaction of its own: whoever holds a
    /// client's balance waits for its org's.
    pub(crate) async fn roll_overdue_of_orgs(&self) -> Result<usize> {
        let now = self.store.clock.now();
        let earliest: NaiveDate = (now - TimeDelta::hours(12)).date_naive();
        let mut tx = self.begin().await?;
        let stale = fetch_all!(tx.conn, StaleOrg, STALE_ORGS, earliest, BATCH)?;
        for balance in &stale {
            let today = calendar_day(now, balance.time_zone.parse().unwrap_or(chrono_tz::UTC));
            let (org, currency) = (balance.org_id, balance.currency.as_str());
            execute!(tx.conn, LOCK_ORG, org, currency)?;
            execute!(tx.conn, ROLL_ORG, org, currency, today)?;
        }
        tx.commit().await?;
        Ok(stale.len())
    }

    /// Deletes what is of no use any more: requests and their links after two days (the log keeps
    /// what happened), sessions and invitations a month after
    /// their end, mail a month after it was sent.
    pub(crate) async fn delete_old(&self) -> Result<()> {
        let now = self.store.clock.now();
        let (days, month) = (now - TimeDelta::days(2), now - TimeDelta::days(30));
        let mut tx = self.begin().await?;
        execute!(tx.conn, OLD_LINKS, days)?;
        execute!(tx.conn, OLD_REQUESTS, days)?;
        execute!(tx.conn, OLD_THROTTLES, days)?;
        execute!(tx.conn, OLD_PREVIEWS, days)?;
        execute!(tx.conn, OLD_TEAM_TOKENS, days)?;
        execute!(tx.conn, OLD_ATTEMPTS, days)?;
        execute!(tx.conn, OLD_EMAIL_CHANGES, days)?;
        execute!(tx.conn, OLD_SESSIONS, month)?;
        execute!(tx.conn, OLD_TEAM_SESSIONS, month)?;
        execute!(tx.conn, OLD_INVITATIONS, month)?;
        execute!(tx.conn, OLD_MAIL, month)?;
        tx.delete_old_idempotency_keys().await?;
        tx.delete_old_webhooks(month).await?;
        execute!(tx.conn, OLD_EVENTS, now - TimeDelta::days(60))?;
        execute!(tx.conn, OLD_ALERTS, now - TimeDelta::days(400))?;
        tx.commit().await
    }
}
