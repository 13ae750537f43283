//! What the team changes of itself.

use async_graphql::{Context, ID, Object, Result};

use super::super::{client::TeamSaved, member, viewer::TeamRole};
use crate::graphql::{
    guard::{
        ADMIN_IN_PERSON, AskTeam as _, CHANGES_SETTINGS, IN_PERSON, changes_settings, is_admin_in_person,
        is_in_person,
    },
    to_graphql,
};

/// What the team changes of itself.
#[derive(Default)]
pub(in crate::graphql) struct PeopleChanges;

/// What the team changes of itself.
#[Object]
impl PeopleChanges {
    /// Invites somebody to the team, as an admin or a member. Whether the address has an account does not
    /// show. In person only: no token makes somebody who stays when it is gone.
    #[graphql(guard = "ADMIN_IN_PERSON", visible = "is_admin_in_person")]
    async fn team_invite_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The address that gets the link.")] email: String,
        #[graphql(desc = "What they will be; owners are made of members.")] role: TeamRole,
    ) -> Result<TeamSaved> {
        member::invite(&ctx.team()?, ctx.data()?, ctx.data()?, &email, role)
            .await
            .map_err(|error| to_graphql(&error))
    }

    /// Sends an invitation again, with a new link that lives for seven days. The earlier link is dead. In person only.
    #[graphql(guard = "ADMIN_IN_PERSON", visible = "is_admin_in_person")]
    async fn team_send_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
    ) -> Result<TeamSaved> {
        member::send_again(&ctx.team()?, ctx.data()?, ctx.data()?, &id)
            .await
            .map_err(|error| to_graphql(&error))
    }

    /// Takes an invitation back; false where there is none such.
    #[graphql(guard = "CHANGES_SETTINGS", visible = "changes_settings")]
    async fn team_revoke_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
    ) -> Result<bool> {
        member::revoke(&ctx.team()?, &id).await.map_err(|error| to_graphql(&error))
    }

    /// Lets a member do something else. Only owners make owners, or anything else of one; there is always
    /// one left. In person only.
    #[graphql(guard = "ADMIN_IN_PERSON", visible = "is_admin_in_person")]
    async fn team_set_member_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "What they will be.")] role: TeamRole,
    ) -> Result<TeamSaved> {
        member::set_role(&ctx.team()?, &id, role).await.map_err(|error| to_graphql(&error))
    }

    /// Removes a member, who is out at their next request. Only owners remove owners, and never the last. In person
    /// only.
    #[graphql(guard = "ADMIN_IN_PERSON", visible = "is_admin_in_person")]
    async fn team_remove_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
    ) -> Result<TeamSaved> {
        member::remove(&ctx.team()?, &id).await.map_err(|error| to_graphql(&error))
    }

    /// Whoever asks leaves the org; its only owner cannot.
    #[graphql(guard = "IN_PERSON", visible = "is_in_person")]
    async fn team_leave(&self, ctx: &Context<'_>) -> Result<TeamSaved> {
        member::leave(&ctx.team()?).await.map_err(|error| to_graphql(&error))
    }
}
