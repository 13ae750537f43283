//! What a contact may change.

use async_graphql::{Context, ID, Object, Result};

use super::access;
use crate::graphql::{
    guard::{AskPortal as _, PortalOnly, visible_to_portal},
    to_graphql,
};

/// What a contact changes of their own sessions.
#[derive(Default)]
pub(in crate::graphql) struct PortalChanges;

/// What a contact changes of their own sessions.
#[Object]
impl PortalChanges {
    /// Ends one session of the contact who asks; false where there is none such.
    #[graphql(guard = "PortalOnly", visible = "visible_to_portal")]
    async fn portal_end_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
    ) -> Result<bool> {
        access::end_session(&ctx.portal()?, &id).await.map_err(|error| to_graphql(&error))
    }

    /// Ends the sessions of the contact who asks, everywhere; gives how many there were.
    #[graphql(guard = "PortalOnly", visible = "visible_to_portal")]
    async fn portal_end_sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whether the session that asks goes on.")] keep_current: bool,
    ) -> Result<i32> {
        access::end_sessions(&ctx.portal()?, keep_current).await.map_err(|error| to_graphql(&error))
    }
}
