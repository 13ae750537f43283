//! The org's own Stripe account.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::{team, variables};
use crate::{
    api::{Document, Executor},
    error::AppError,
};

/// The account that the org is connected to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StripeAccount {
    /// Stripe's id.
    pub account_id: String,
    /// Whether it can take payments.
    pub charges_enabled: bool,
    /// Whether the owner has told Stripe what was asked first.
    pub details_submitted: bool,
    /// What Stripe still wants, in its own words.
    pub wants: Vec<String>,
    /// Since when.
    pub connected_at: DateTime<Utc>,
}

pub(super) const STRIPE: Document = Document {
    name: "TeamStripe",
    source: "query TeamStripe { team { stripe { accountId chargesEnabled detailsSubmitted wants connectedAt } } }",
};

/// The account; none where the org is connected to none.
pub async fn stripe(executor: &dyn Executor) -> Result<Option<StripeAccount>, AppError> {
    #[derive(Deserialize)]
    struct Answer {
        stripe: Option<StripeAccount>,
    }
    team::<Answer>(executor, STRIPE, variables([])).await.map(|answer| answer.stripe)
}
