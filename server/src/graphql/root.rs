//! The roots of the schema: one field for each audience to read by, and everything that changes anything.
//! Each field has its guard, and is absent from the introspection of everybody else.

use async_graphql::{Context, ID, MergedObject, Object, Result};

use super::{
    guard::{GuestOnly, PortalOnly, TeamOnly, visible_to_guest, visible_to_portal, visible_to_team},
    guest::Guest,
    portal::{Portal, PortalChanges},
    team::{
        self, ClientChanges, InvoiceChanges, Node, OrgChanges, PaymentChanges, PeopleChanges, ProgramChanges,
        Team,
    },
};

/// Everything that can be read.
pub struct Query;

/// Everything that can be read.
#[Object]
impl Query {
    /// What the client whose contact is signed in may see.
    #[graphql(guard = "PortalOnly", visible = "visible_to_portal")]
    async fn portal(&self) -> Portal {
        Portal
    }

    /// The invoice that a share link leads to.
    #[graphql(guard = "GuestOnly", visible = "visible_to_guest")]
    async fn guest(&self) -> Guest {
        Guest
    }

    /// What a member of the org's team may see.
    #[graphql(guard = "TeamOnly", visible = "visible_to_team")]
    async fn team(&self) -> Team {
        Team
    }

    /// A client, contact, invoice or payment by its id alone, as far as the scopes go; null for everything else.
    #[graphql(guard = "TeamOnly", visible = "visible_to_team")]
    async fn node(&self, ctx: &Context<'_>, #[graphql(desc = "The id.")] id: ID) -> Result<Option<Node>> {
        team::node(ctx, &id).await
    }
}

/// Everything that can be changed.
#[derive(Default, MergedObject)]
pub struct Mutation(
    PortalChanges,
    InvoiceChanges,
    PaymentChanges,
    ClientChanges,
    OrgChanges,
    PeopleChanges,
    ProgramChanges,
);
