//! What the team changes of payments.

use async_graphql::{Context, ID, Object, Result};

use super::super::{
    batch::{self, TeamNewPaymentInput},
    client::TeamSaved,
    payment::{self, TeamPaymentInput},
};
use crate::graphql::{
    guard::{AskTeam as _, CHANGES_PAYMENTS, changes_payments},
    to_graphql,
};

/// What the team changes of payments.
#[derive(Default)]
pub(in crate::graphql) struct PaymentChanges;

/// What the team changes of payments.
#[Object]
impl PaymentChanges {
    /// Records a payment that came by hand. The same id again is the same payment.
    #[graphql(guard = "CHANGES_PAYMENTS", visible = "changes_payments")]
    async fn team_record_payment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which invoice.")] invoice_id: ID,
        #[graphql(desc = "What it is to be.")] input: TeamPaymentInput,
    ) -> Result<TeamSaved> {
        payment::record(&ctx.team()?, &invoice_id, &input).await.map_err(|error| to_graphql(&error))
    }

    /// Records payments that came by hand, at most 100 at once; one answer a row, in order.
    #[graphql(guard = "CHANGES_PAYMENTS", visible = "changes_payments")]
    async fn team_record_payments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The rows; each is done by itself.")] rows: Vec<TeamNewPaymentInput>,
    ) -> Result<Vec<TeamSaved>> {
        batch::record_payments(&ctx.team()?, rows).await.map_err(|error| to_graphql(&error))
    }

    /// Takes a payment back that was recorded by mistake, by a row of its own; gives the invoice's id.
    #[graphql(guard = "CHANGES_PAYMENTS", visible = "changes_payments")]
    async fn team_reverse_payment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
    ) -> Result<TeamSaved> {
        payment::reverse(&ctx.team()?, &id).await.map_err(|error| to_graphql(&error))
    }
}
