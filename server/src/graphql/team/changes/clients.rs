//! What the team changes of clients and their contacts.

use async_graphql::{Context, ID, Object, Result};

use super::super::{
    batch::{self, TeamNewClientInput},
    client::{self, TeamClientInput, TeamSaved},
    contact::{self, TeamContactInput},
    import::{self, TeamImport, TeamImportInput},
};
use crate::graphql::{
    guard::{AskTeam as _, CHANGES_CLIENTS, changes_clients},
    new_ids::NewIds,
    to_graphql,
};

/// What the team changes of clients and their contacts.
#[derive(Default)]
pub(in crate::graphql) struct ClientChanges;

/// What the team changes of clients and their contacts.
#[Object]
impl ClientChanges {
    /// Adds a client, or changes one.
    #[graphql(guard = "CHANGES_CLIENTS", visible = "changes_clients")]
    async fn team_save_client(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which client; null adds one.")] id: Option<ID>,
        #[graphql(desc = "The version that was read; needed with an id.")] version: Option<i32>,
        #[graphql(desc = "What it is to be.")] input: TeamClientInput,
    ) -> Result<TeamSaved> {
        client::save(&ctx.team()?, id.as_ref().map(|id| id.as_str()), version, &input, NewIds::of(ctx))
            .await
            .map_err(|error| to_graphql(&error))
    }

    /// Puts a client away, or takes it back; false where there is none such, or it is so already. The
    /// contacts of a client that is put away are signed out.
    #[graphql(guard = "CHANGES_CLIENTS", visible = "changes_clients")]
    async fn team_archive_client(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Put away, or taken back.")] archived: bool,
    ) -> Result<bool> {
        client::shelve(&ctx.team()?, &id, archived).await.map_err(|error| to_graphql(&error))
    }

    /// Adds clients with their contacts, at most 100 at once; one answer a row, in order.
    #[graphql(guard = "CHANGES_CLIENTS", visible = "changes_clients")]
    async fn team_add_clients(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The rows; each is done by itself.")] rows: Vec<TeamNewClientInput>,
    ) -> Result<Vec<TeamSaved>> {
        batch::add_clients(&ctx.team()?, rows).await.map_err(|error| to_graphql(&error))
    }

    /// Adds clients and contacts from a file. Without a fingerprint it says what would be made, and writes nothing;
    /// with that of what was said, it makes just that, all of it or nothing. Nobody is mailed. Sent again, it finds
    /// all of it there, and changes nothing.
    #[graphql(guard = "CHANGES_CLIENTS", visible = "changes_clients")]
    async fn team_import_clients(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is to be.")] input: TeamImportInput,
        #[graphql(desc = "Of what is to be imported; null only checks.")] fingerprint: Option<String>,
    ) -> Result<TeamImport> {
        import::import(&ctx.team()?, &input, fingerprint.as_deref()).await.map_err(|error| to_graphql(&error))
    }

    /// Adds a contact to a client, or changes one.
    #[graphql(guard = "CHANGES_CLIENTS", visible = "changes_clients")]
    async fn team_save_contact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which client.")] client_id: ID,
        #[graphql(desc = "Which contact; null adds one.")] id: Option<ID>,
        #[graphql(desc = "The version that was read; needed with an id.")] version: Option<i32>,
        #[graphql(desc = "What it is to be.")] input: TeamContactInput,
    ) -> Result<TeamSaved> {
        contact::save(&ctx.team()?, &client_id, id.as_ref().map(|id| id.as_str()), version, &input)
            .await
            .map_err(|error| to_graphql(&error))
    }

    /// Switches a contact's portal access. Switched off, no links are sent any more, and sessions under
    /// way run out by themselves. False where there is no such contact.
    #[graphql(guard = "CHANGES_CLIENTS", visible = "changes_clients")]
    async fn team_set_portal_access(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which client.")] client_id: ID,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Whether the portal lets them in.")] on: bool,
    ) -> Result<bool> {
        contact::set_portal_access(&ctx.team()?, &client_id, &id, on)
            .await
            .map_err(|error| to_graphql(&error))
    }

    /// Ends a contact's portal sessions at once; gives how many there were, or null where there is no
    /// such contact.
    #[graphql(guard = "CHANGES_CLIENTS", visible = "changes_clients")]
    async fn team_end_contact_sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which client.")] client_id: ID,
        #[graphql(desc = "Which one.")] id: ID,
    ) -> Result<Option<i32>> {
        contact::end_sessions(&ctx.team()?, &client_id, &id).await.map_err(|error| to_graphql(&error))
    }

    /// Removes a contact: signed out at once, and no longer let in. False where there is none such.
    #[graphql(guard = "CHANGES_CLIENTS", visible = "changes_clients")]
    async fn team_remove_contact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which client.")] client_id: ID,
        #[graphql(desc = "Which one.")] id: ID,
    ) -> Result<bool> {
        contact::remove(&ctx.team()?, &client_id, &id).await.map_err(|error| to_graphql(&error))
    }
}
