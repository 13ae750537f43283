//! The org's own Stripe account as the team sees it.

use chrono::{DateTime, Utc};

use super::{Subject, TeamScope, org_rows, team_rows};
use crate::{
    error::Result,
    store::{
        ActivityKind, Origin, checkout,
        db::{execute, fetch_one},
    },
    stripe::AccountId,
};

org_rows! {
    /// The account that the org is connected to.
    StripeAccountRow {
        /// Stripe's id.
        account_id: AccountId,
        /// Whether it can take payments.
        charges_enabled: bool,
        /// Whether the owner has told what was asked first.
        details_submitted: bool,
        /// What Stripe still wants, a line each.
        wants: String,
        /// Since when.
        connected_at: DateTime<Utc>,
    }
}

const ACCOUNT: &str = "SELECT org_id, account_id, charges_enabled, details_submitted, wants, connected_at \
    FROM stripe_accounts WHERE org_id = $1 AND disconnected_at IS NULL";
const COUNT: &str = "SELECT COUNT(*) FROM stripe_accounts WHERE org_id = $1";
/// An account that another request has connected at the same moment is the same one: their keys are equal.
const CONNECT: &str = "INSERT INTO stripe_accounts (org_id, account_id, charges_enabled, details_submitted, wants, \
    connected_at, checked_at) VALUES ($1, $2, FALSE, FALSE, '', $3, $3) ON CONFLICT DO NOTHING";
const DISCONNECT: &str = "UPDATE stripe_accounts SET disconnected_at = $2, ended_by = 'owner' \
    WHERE org_id = $1 AND disconnected_at IS NULL";

impl TeamScope<'_> {
    /// The account that the org is connected to, if to any.
    pub async fn stripe_account(&self) -> Result<Option<StripeAccountRow>> {
        let rows: Result<Vec<StripeAccountRow>> = team_rows!(self, StripeAccountRow, ACCOUNT);
        Ok(rows?.pop())
    }

    /// How many accounts the org has ever been connected to.
    pub async fn stripe_account_count(&self) -> Result<i64> {
        let mut conn = self.read().await?;
        let (count,): (i64,) =
            fetch_one!(conn, (i64,), self.store.scoped_to_org(COUNT), self.actor.org_id())?;
        conn.commit().await?;
        Ok(count)
    }

    /// Keeps that the org is connected to an account that was made for it.
    pub async fn connect_stripe(&self, account: &AccountId, origin: &Origin) -> Result<()> {
        let mut conn = self.write().await?;
        let now = self.store.clock.now();
        if execute!(conn, CONNECT, self.actor.org_id(), account, now)? > 0 {
            self.log(&mut conn, ActivityKind::StripeConnected, Subject::default(), account.as_str(), origin)
                .await?;
        }
        conn.commit().await
    }

    /// Keeps that it is connected to none any more; `false` where it was not.
    pub async fn disconnect_stripe(&self, origin: &Origin) -> Result<bool> {
        let mut conn = self.write().await?;
        let now = self.store.clock.now();
        let ended = execute!(conn, DISCONNECT, self.actor.org_id(), now)? > 0;
        if ended {
            checkout::enqueue_closing(&mut conn, now, self.actor.org_id()).await?;
            self.log(&mut conn, ActivityKind::StripeDisconnected, Subject::default(), "owner", origin)
                .await?;
        }
        conn.commit().await?;
        Ok(ended)
    }
}

#[cfg(feature = "testing")]
pub(super) fn planned_statements() -> Vec<(String, &'static str)> {
    vec![("stripe account".to_owned(), ACCOUNT)]
}
