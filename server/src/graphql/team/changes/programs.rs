//! What the team changes of programs: tokens, documents that are trusted, webhooks.

use async_graphql::{Context, ID, Object, Result};

use super::super::{
    client::TeamSaved,
    document,
    token::{self, TeamTokenInput, TeamTokenMade},
    webhook::{self, TeamWebhookInput},
};
use crate::graphql::{
    guard::{
        ADMIN_IN_PERSON, AskTeam as _, CHANGES_SETTINGS, HANDS_OUT, changes_settings, hands_out,
        is_admin_in_person,
    },
    new_ids::NewIds,
    to_graphql,
};

/// What the team changes of programs: tokens, documents that are trusted, webhooks.
#[derive(Default)]
pub(in crate::graphql) struct ProgramChanges;

/// What the team changes of programs: tokens, documents that are trusted, webhooks.
#[Object]
impl ProgramChanges {
    /// Makes a token for a program. It can do no more than whoever makes it. The token itself is shown in this answer
    /// and never again. In person only: no token makes another one.
    #[graphql(guard = "ADMIN_IN_PERSON", visible = "is_admin_in_person")]
    async fn team_add_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is to be.")] input: TeamTokenInput,
    ) -> Result<TeamTokenMade> {
        token::add(&ctx.team()?, &input).await.map_err(|error| to_graphql(&error))
    }

    /// Revokes a token, which opens nothing from now on; false where there is none such. In person only.
    #[graphql(guard = "ADMIN_IN_PERSON", visible = "is_admin_in_person")]
    async fn team_revoke_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
    ) -> Result<bool> {
        token::revoke(&ctx.team()?, &id).await.map_err(|error| to_graphql(&error))
    }

    /// Trusts a document: from now on it is run by its hash, sent as `documentId` in the place of `query`. Its id is
    /// what is to be sent. The same text again is the same document.
    #[graphql(guard = "CHANGES_SETTINGS", visible = "changes_settings")]
    async fn team_trust_document(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The text of the document, whose operation has a name; at most 16 KiB.")]
        source: String,
    ) -> Result<TeamSaved> {
        document::trust(&ctx.team()?, &source).await.map_err(|error| to_graphql(&error))
    }

    /// Trusts a document no more; false where it was not trusted.
    #[graphql(guard = "CHANGES_SETTINGS", visible = "changes_settings")]
    async fn team_distrust_document(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "As it was given: `sha256:` and 64 hexadecimal digits.")] id: ID,
    ) -> Result<bool> {
        document::distrust(&ctx.team()?, &id).await.map_err(|error| to_graphql(&error))
    }

    /// Adds a webhook, or changes one. The same new id again is the same webhook.
    #[graphql(guard = "HANDS_OUT", visible = "hands_out")]
    async fn team_save_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one; null adds one.")] id: Option<ID>,
        #[graphql(desc = "Where it is and what it is told of.")] input: TeamWebhookInput,
    ) -> Result<TeamSaved> {
        webhook::save(&ctx.team()?, ctx.data()?, id.as_ref(), &input, NewIds::of(ctx))
            .await
            .map_err(|error| to_graphql(&error))
    }

    /// Switches a webhook on or off; false where there is none such, or it is so already. What waits for one that is
    /// switched off is given up.
    #[graphql(guard = "HANDS_OUT", visible = "hands_out")]
    async fn team_enable_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "On or off.")] enabled: bool,
    ) -> Result<bool> {
        webhook::enable(&ctx.team()?, &id, enabled).await.map_err(|error| to_graphql(&error))
    }

    /// Removes a webhook; false where there is none such.
    #[graphql(guard = "HANDS_OUT", visible = "hands_out")]
    async fn team_remove_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
    ) -> Result<bool> {
        webhook::remove(&ctx.team()?, &id).await.map_err(|error| to_graphql(&error))
    }

    /// Sends a webhook an event of the type `webhook.test`; gives the event's id, or null where there is no such
    /// webhook, or it is switched off.
    #[graphql(guard = "HANDS_OUT", visible = "hands_out")]
    async fn team_test_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
    ) -> Result<Option<ID>> {
        webhook::test(&ctx.team()?, &id).await.map_err(|error| to_graphql(&error))
    }

    /// Sends an event to a webhook again, or all that were given up; gives how many.
    #[graphql(guard = "HANDS_OUT", visible = "hands_out")]
    async fn team_send_webhook_again(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which webhook.")] id: ID,
        #[graphql(desc = "Which event, delivered or given up; null for all that were given up.")]
        event_id: Option<ID>,
    ) -> Result<i32> {
        webhook::send_again(&ctx.team()?, &id, event_id.as_ref()).await.map_err(|error| to_graphql(&error))
    }
}
