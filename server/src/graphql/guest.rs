//! The half of the schema for whoever follows a share link: one invoice, and nothing that leads to another
//! (rule V1). The invoice is of the same type as in the portal.

use async_graphql::{Context, Object, Result};

use super::{
    guard::{AskGuest as _, GuestOnly, visible_to_guest},
    portal::invoice::{self, PortalInvoice},
    to_graphql,
};

/// What a share link shows.
pub(super) struct Guest;

/// What a share link shows.
#[Object(serial, guard = "GuestOnly", visible = "visible_to_guest")]
impl Guest {
    /// The invoice.
    async fn invoice(&self, ctx: &Context<'_>) -> Result<Option<PortalInvoice>> {
        invoice::of_guest(&ctx.guest()?).await.map_err(|error| to_graphql(&error))
    }
}
