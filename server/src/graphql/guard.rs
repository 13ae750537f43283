//! Guards: every type names the audience it is for, and is absent from everybody else's
//! introspection. A test refuses a type without.

use std::sync::Arc;

use async_graphql::{Context, ContextBase, Guard, Result};
use chrono::NaiveDate;

use super::{Caller, to_graphql};
use crate::{
    auth::session::PortalVisit,
    clock::{Clock, calendar_day},
    error::Error,
    store::{Origin, Store, portal::PortalScope},
};

/// Only for a contact who is signed in.
pub(super) struct PortalOnly;

impl Guard for PortalOnly {
    async fn check(&self, ctx: &Context<'_>) -> Result<()> {
        visit(ctx).map(drop).map_err(|error| to_graphql(&error))
    }
}

/// Whether the caller may know that the portal's types exist.
pub(super) fn visible_to_portal(ctx: &Context<'_>) -> bool {
    visit(ctx).is_ok()
}

fn visit<'a, T>(ctx: &ContextBase<'a, T>) -> Result<&'a Arc<PortalVisit>, Error> {
    match ctx.data_opt::<Caller>() {
        Some(Caller::Portal(visit)) => Ok(visit),
        Some(Caller::Disabled) => Err(Error::PortalDisabled),
        Some(Caller::Nobody) | None => Err(Error::SignedOut),
    }
}

/// What a resolver of the portal works with.
pub(super) struct Portal<'a> {
    /// What the contact may see and do.
    pub(super) scope: PortalScope<'a>,
    /// Who is asking.
    pub(super) visit: &'a PortalVisit,
    /// The org's calendar day.
    pub(super) today: NaiveDate,
    /// From where the request came.
    pub(super) origin: &'a Origin,
}

/// The way from a resolver to the store.
pub(super) trait Ask<'a> {
    /// The portal's scope of whoever asks.
    fn portal(&self) -> Result<Portal<'a>>;
}

impl<'a> Ask<'a> for Context<'a> {
    fn portal(&self) -> Result<Portal<'a>> {
        let visit = visit(self).map_err(|error| to_graphql(&error))?;
        let scope = self.data::<Store>()?.for_actor(&visit.actor);
        let today = calendar_day(self.data::<Clock>()?.now(), visit.time_zone);
        Ok(Portal { scope, visit, today, origin: self.data::<Origin>()? })
    }
}
