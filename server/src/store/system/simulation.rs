//! What the demo keeps of the Stripe that it simulates, which itself forgets everything when it ends.

use super::{System, SystemTx};
use crate::{
    error::Result,
    store::db::{execute, fetch_all},
    stripe::AccountId,
};

const CONNECT: &str = "INSERT INTO stripe_accounts (org_id, account_id, charges_enabled, details_submitted, wants, \
    connected_at, checked_at) SELECT o.id, $2, TRUE, TRUE, '', $3, $3 FROM orgs o WHERE o.slug = $1 \
    AND NOT EXISTS (SELECT 1 FROM stripe_accounts a WHERE a.org_id = o.id)";
const ACCOUNTS: &str = "SELECT a.account_id, o.name, a.charges_enabled FROM stripe_accounts a JOIN orgs o ON o.id = a.org_id \
    WHERE a.disconnected_at IS NULL";
const END_CHECKOUTS: &str =
    "UPDATE checkouts SET state = 'expired', since = $1 WHERE state IN ('asked', 'open', 'processing')";
const END_PARTS: &str = "UPDATE checkout_invoices SET is_live = FALSE WHERE is_live";

/// An account that somebody is connected to.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct SimulatedAccount {
    /// Stripe's id.
    pub(crate) account_id: AccountId,
    /// The org that it is of.
    pub(crate) name: String,
    /// Whether it can take payments.
    pub(crate) charges_enabled: bool,
}

impl System<'_> {
    /// Every account that an org is connected to.
    pub(crate) async fn simulated_accounts(&self) -> Result<Vec<SimulatedAccount>> {
        let mut conn = self.read().await?;
        let rows = fetch_all!(conn, SimulatedAccount, ACCOUNTS)?;
        conn.commit().await?;
        Ok(rows)
    }
}

impl SystemTx {
    /// Connects the org of this short name to an account that can take payments, unless it ever was connected.
    pub(crate) async fn connect_simulated(&mut self, slug: &str, account: &AccountId) -> Result<()> {
        let now = self.clock.now();
        execute!(self.conn, CONNECT, slug, account, now)?;
        Ok(())
    }

    /// What was begun where nobody knows of it any more comes to nothing.
    pub(crate) async fn end_simulated_checkouts(&mut self) -> Result<()> {
        let now = self.clock.now();
        execute!(self.conn, END_CHECKOUTS, now)?;
        execute!(self.conn, END_PARTS)?;
        Ok(())
    }
}
