//! What the team changes of drafts and invoices.

use async_graphql::{Context, ID, Object, Result};

use super::super::{
    batch::{self, TeamDraftAdded, TeamNewDraftInput},
    client::TeamSaved,
    draft::{self, TeamDraftInput, TeamDraftSaved},
    invoice,
    mailing::{self, TeamMailInput},
};
use crate::graphql::{
    guard::{AskTeam as _, CHANGES_INVOICES, changes_invoices},
    to_graphql,
};

/// What the team changes of drafts and invoices.
#[derive(Default)]
pub(in crate::graphql) struct InvoiceChanges;

/// What the team changes of drafts and invoices.
#[Object]
impl InvoiceChanges {
    /// Begins a draft for a client, with what the org's invoices usually begin with. The same id again is the
    /// same draft.
    #[graphql(guard = "CHANGES_INVOICES", visible = "changes_invoices")]
    async fn team_add_draft(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which client.")] client_id: ID,
        #[graphql(desc = "The id that the invoice will have: a UUID.")] id: ID,
    ) -> Result<TeamSaved> {
        draft::add(&ctx.team()?, &client_id, &id).await.map_err(|error| to_graphql(&error))
    }

    /// Adds drafts, at most 100 at once; one answer a row, in order.
    #[graphql(guard = "CHANGES_INVOICES", visible = "changes_invoices")]
    async fn team_add_drafts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The rows; each is done by itself.")] rows: Vec<TeamNewDraftInput>,
    ) -> Result<Vec<TeamDraftAdded>> {
        batch::add_drafts(&ctx.team()?, rows).await.map_err(|error| to_graphql(&error))
    }

    /// Saves a draft as it is typed, finished or not; tells what hinders sending it so far.
    #[graphql(guard = "CHANGES_INVOICES", visible = "changes_invoices")]
    async fn team_save_draft(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "The version that was read.")] version: i32,
        #[graphql(desc = "What it is to be.")] input: TeamDraftInput,
    ) -> Result<TeamDraftSaved> {
        draft::save(&ctx.team()?, &id, version, input).await.map_err(|error| to_graphql(&error))
    }

    /// Deletes a draft for good; false where there is none such, or it was sent.
    #[graphql(guard = "CHANGES_INVOICES", visible = "changes_invoices")]
    async fn team_delete_draft(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
    ) -> Result<bool> {
        draft::delete(&ctx.team()?, &id).await.map_err(|error| to_graphql(&error))
    }

    /// Begins a draft that says what another invoice says. The same new id again is the same draft.
    #[graphql(guard = "CHANGES_INVOICES", visible = "changes_invoices")]
    async fn team_duplicate_invoice(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "The id that the new invoice will have: a UUID.")] new_id: ID,
    ) -> Result<TeamSaved> {
        draft::duplicate(&ctx.team()?, &id, &new_id).await.map_err(|error| to_graphql(&error))
    }

    /// Sends a draft: it takes the org's next number, does not change any more, and is mailed to the contacts
    /// that are named. One that was sent already is left as it is.
    #[graphql(guard = "CHANGES_INVOICES", visible = "changes_invoices")]
    async fn team_send_invoice(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "The version that was read.")] version: i32,
        #[graphql(desc = "What it is to be.")] input: TeamMailInput,
    ) -> Result<TeamSaved> {
        mailing::send(&ctx.team()?, &id, version, &input).await.map_err(|error| to_graphql(&error))
    }

    /// Reminds contacts of an invoice on which something is due. The same key again is the same reminder.
    #[graphql(guard = "CHANGES_INVOICES", visible = "changes_invoices")]
    async fn team_remind(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "A UUID of the caller's making.")] key: ID,
        #[graphql(desc = "What it is to be.")] input: TeamMailInput,
    ) -> Result<TeamSaved> {
        mailing::remind(&ctx.team()?, &id, &key, &input).await.map_err(|error| to_graphql(&error))
    }

    /// Gives an invoice that was sent a new share link; the one before is dead from now on.
    #[graphql(guard = "CHANGES_INVOICES", visible = "changes_invoices")]
    async fn team_replace_share_link(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
    ) -> Result<TeamSaved> {
        mailing::replace_link(&ctx.team()?, &id).await.map_err(|error| to_graphql(&error))
    }

    /// Switches the share link of an invoice off.
    #[graphql(guard = "CHANGES_INVOICES", visible = "changes_invoices")]
    async fn team_revoke_share_link(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
    ) -> Result<TeamSaved> {
        mailing::revoke_link(&ctx.team()?, &id).await.map_err(|error| to_graphql(&error))
    }

    /// Lets a part of an invoice be paid online, or not; false where there is none such, or it is so already.
    #[graphql(guard = "CHANGES_INVOICES", visible = "changes_invoices")]
    async fn team_allow_part(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Whether it can.")] allowed: bool,
    ) -> Result<bool> {
        invoice::allow_part(&ctx.team()?, &id, allowed).await.map_err(|error| to_graphql(&error))
    }

    /// Cancels an invoice on which nothing is paid. It shows as void and counts for nothing.
    #[graphql(guard = "CHANGES_INVOICES", visible = "changes_invoices")]
    async fn team_void_invoice(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
    ) -> Result<TeamSaved> {
        invoice::void(&ctx.team()?, &id).await.map_err(|error| to_graphql(&error))
    }
}
