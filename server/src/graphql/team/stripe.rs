//! The org's own Stripe account.

use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};

use super::{SEES_TEAM, sees_team};
use crate::{error::Result, graphql::guard::Team, store::team::StripeAccountRow};

/// The Stripe account that the org is connected to.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "SEES_TEAM", visible = "sees_team")]
pub(super) struct TeamStripeAccount {
    /// Stripe's id.
    account_id: String,
    /// Whether it can take payments.
    charges_enabled: bool,
    /// Whether the owner has told Stripe what was asked first.
    details_submitted: bool,
    /// What Stripe still wants, in its own words.
    wants: Vec<String>,
    /// Since when.
    connected_at: DateTime<Utc>,
}

pub(super) async fn resolve(team: &Team<'_>) -> Result<Option<TeamStripeAccount>> {
    Ok(team.scope.stripe_account().await?.map(TeamStripeAccount::from))
}

impl From<StripeAccountRow> for TeamStripeAccount {
    fn from(row: StripeAccountRow) -> Self {
        Self {
            account_id: row.account_id.to_string(),
            charges_enabled: row.charges_enabled,
            details_submitted: row.details_submitted,
            wants: row.wants.lines().map(str::to_owned).collect(),
            connected_at: row.connected_at,
        }
    }
}
