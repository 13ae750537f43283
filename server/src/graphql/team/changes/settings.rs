//! What the team changes of the org.

use async_graphql::{Context, Object, Result};

use super::super::{
    client::TeamSaved,
    org::{self, TeamOrgInput, TeamPlan},
};
use crate::graphql::{
    guard::{AskTeam as _, CHANGES_SETTINGS, OWNS, changes_settings, owns},
    to_graphql,
};

/// What the team changes of the org.
#[derive(Default)]
pub(in crate::graphql) struct OrgChanges;

/// What the team changes of the org.
#[Object]
impl OrgChanges {
    /// Changes the org's settings.
    #[graphql(guard = "CHANGES_SETTINGS", visible = "changes_settings")]
    async fn team_save_org(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The version that was read.")] version: i32,
        #[graphql(desc = "What it is to be.")] input: TeamOrgInput,
    ) -> Result<TeamSaved> {
        org::save(&ctx.team()?, version, &input).await.map_err(|error| to_graphql(&error))
    }

    /// Gives the org a logo: a PNG, JPEG or WebP of at most 1 MiB and 4096 pixels either way. It is written anew,
    /// as PNG and no larger than needed.
    #[graphql(guard = "CHANGES_SETTINGS", visible = "changes_settings")]
    async fn team_set_logo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The file in base64 (RFC 4648).")] image: String,
    ) -> Result<TeamSaved> {
        org::set_logo(&ctx.team()?, &image).await.map_err(|error| to_graphql(&error))
    }

    /// Takes the org's logo away; false where there is none.
    #[graphql(guard = "CHANGES_SETTINGS", visible = "changes_settings")]
    async fn team_remove_logo(&self, ctx: &Context<'_>) -> Result<bool> {
        let team = ctx.team()?;
        team.scope.remove_logo(team.origin).await.map_err(|error| to_graphql(&error))
    }

    /// Changes the org's plan; false where it is so already. Back on Free, contacts who are signed in see
    /// that the portal is switched off, and no data; going up again brings their sessions back.
    #[graphql(guard = "OWNS", visible = "owns")]
    async fn team_set_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] plan: TeamPlan,
    ) -> Result<bool> {
        org::set_plan(&ctx.team()?, plan).await.map_err(|error| to_graphql(&error))
    }
}
