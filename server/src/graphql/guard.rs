//! Guards: every type names the audience it is for, and is absent from everybody else's
//! introspection. A test refuses a type without.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_graphql::{Context, ContextBase, Guard, Result};
use chrono::{DateTime, NaiveDate, Utc};

use super::{Caller, to_graphql};
use crate::{
    auth::{
        actor::{Credential, Role},
        scopes::{Area, Level},
        secret::Secrets,
        session::PortalVisit,
        share_link::{GuestVisit, ShareLinks},
        team_session::TeamVisit,
    },
    clock::{Clock, calendar_day},
    error::Error,
    store::{Origin, Store, guest::GuestScope, portal::PortalScope, team::TeamScope},
    webhook::Reach,
};

/// What the links in mails of the team's side are signed with.
pub(super) struct TeamSecrets(pub(super) Secrets);

/// What webhooks are signed with, and how far they reach.
pub(super) struct WebhookRules {
    pub(super) secrets: Secrets,
    pub(super) reach: Reach,
}

/// What a guard says, unless a test has taken the guards down to see the walls behind them hold.
#[cfg_attr(
    not(feature = "testing"),
    expect(unused_variables, reason = "outside of tests no guard is ever taken down")
)]
fn stand(ctx: &Context<'_>, said: Result<(), Error>) -> Result<()> {
    #[cfg(feature = "testing")]
    if ctx.data_opt::<Store>().is_some_and(Store::is_without_guards) {
        return Ok(());
    }
    said.map_err(|error| to_graphql(&error))
}

/// Only for a contact who is signed in.
pub(super) struct PortalOnly;

impl Guard for PortalOnly {
    async fn check(&self, ctx: &Context<'_>) -> Result<()> {
        stand(ctx, contact(ctx).map(drop))
    }
}

/// Only for whoever follows a share link.
pub(super) struct GuestOnly;

impl Guard for GuestOnly {
    async fn check(&self, ctx: &Context<'_>) -> Result<()> {
        stand(ctx, guest(ctx).map(drop))
    }
}

/// For a contact who is signed in and for whoever follows a share link: what an invoice shows to both.
pub(super) struct ReaderOnly;

impl Guard for ReaderOnly {
    async fn check(&self, ctx: &Context<'_>) -> Result<()> {
        match guest(ctx) {
            Ok(_) => Ok(()),
            Err(_) => stand(ctx, contact(ctx).map(drop)),
        }
    }
}

/// For whoever is anybody: a contact, a member, or whoever follows a share link.
pub(super) struct SomebodyOnly;

impl Guard for SomebodyOnly {
    async fn check(&self, ctx: &Context<'_>) -> Result<()> {
        if member(ctx).is_ok() { Ok(()) } else { ReaderOnly.check(ctx).await }
    }
}

/// Only for a member of the team who is signed in.
pub(super) struct TeamOnly;

impl Guard for TeamOnly {
    async fn check(&self, ctx: &Context<'_>) -> Result<()> {
        stand(ctx, member(ctx).map(drop))
    }
}

/// Only for whoever of the team may do this: by their role (rule T1), and by the scopes of their token where they
/// came by one (rule G1).
#[derive(Clone, Copy)]
pub(super) struct Needs {
    role: Role,
    area: Area,
    level: Level,
}

impl Guard for Needs {
    async fn check(&self, ctx: &Context<'_>) -> Result<()> {
        let allowed =
            member(ctx).and_then(|visit| if self.allows(visit) { Ok(()) } else { Err(Error::Forbidden) });
        stand(ctx, allowed)
    }
}

impl Needs {
    /// Whether it lets this member, or this program of theirs, by.
    pub(super) fn allows(self, visit: &TeamVisit) -> bool {
        visit.actor.role() >= self.role && visit.actor.may(self.area, self.level)
    }
}

/// Only for whoever is there in person, with this role or a more powerful one: what would let a program outlive its
/// token, or act as the person.
#[derive(Clone, Copy)]
pub(super) struct InPerson(Role);

impl Guard for InPerson {
    async fn check(&self, ctx: &Context<'_>) -> Result<()> {
        let allowed =
            member(ctx).and_then(|visit| if self.allows(visit) { Ok(()) } else { Err(Error::Forbidden) });
        stand(ctx, allowed)
    }
}

impl InPerson {
    fn allows(self, visit: &TeamVisit) -> bool {
        visit.actor.role() >= self.0 && matches!(visit.actor.credential(), Credential::Session(_))
    }
}

/// Only for whoever may change settings and see all that webhooks tell: what goes out by one must not be more than whoever
/// sets it up may see.
#[derive(Clone, Copy)]
pub(super) struct HandsOut;

impl Guard for HandsOut {
    async fn check(&self, ctx: &Context<'_>) -> Result<()> {
        let allowed =
            member(ctx).and_then(|visit| if self.allows(visit) { Ok(()) } else { Err(Error::Forbidden) });
        stand(ctx, allowed)
    }
}

impl HandsOut {
    #[expect(clippy::unused_self, reason = "as the other guards")]
    fn allows(self, visit: &TeamVisit) -> bool {
        let needed = [CHANGES_SETTINGS, SEES_CLIENTS, SEES_INVOICES, SEES_PAYMENTS];
        needed.into_iter().all(|needs| needs.allows(visit))
    }
}

/// A guard, and whether the caller may know what is behind it: the two always go together.
macro_rules! guards {
    ($($(#[$doc:meta])* $name:ident, $visible:ident: $kind:ident = $guard:expr;)*) => {$(
        $(#[$doc])*
        pub(super) const $name: $kind = $guard;

        #[doc = concat!("Whether the caller may know what is behind [`", stringify!($name), "`].")]
        pub(super) fn $visible(ctx: &Context<'_>) -> bool {
            member(ctx).is_ok_and(|visit| $name.allows(visit))
        }
    )*};
}

guards! {
    /// To see clients and contacts.
    SEES_CLIENTS, sees_clients: Needs = Needs { role: Role::Member, area: Area::Clients, level: Level::Read };
    /// To change them.
    CHANGES_CLIENTS, changes_clients: Needs = Needs { role: Role::Member, area: Area::Clients, level: Level::Write };
    /// To see invoices and drafts.
    SEES_INVOICES, sees_invoices: Needs = Needs { role: Role::Member, area: Area::Invoices, level: Level::Read };
    /// To write, send, share and cancel them.
    CHANGES_INVOICES, changes_invoices: Needs = Needs { role: Role::Member, area: Area::Invoices, level: Level::Write };
    /// To see payments.
    SEES_PAYMENTS, sees_payments: Needs = Needs { role: Role::Member, area: Area::Payments, level: Level::Read };
    /// To write them down and to take them back.
    CHANGES_PAYMENTS, changes_payments: Needs = Needs { role: Role::Member, area: Area::Payments, level: Level::Write };
    /// To see the log.
    SEES_ACTIVITY, sees_activity: Needs = Needs { role: Role::Member, area: Area::Activity, level: Level::Read };
    /// To see the org's settings.
    SEES_SETTINGS, sees_settings: Needs = Needs { role: Role::Member, area: Area::Settings, level: Level::Read };
    /// To see the people of the team, and what else admins and owners alone see.
    SEES_TEAM, sees_team: Needs = Needs { role: Role::Admin, area: Area::Settings, level: Level::Read };
    /// To change settings, and to take invitations back.
    CHANGES_SETTINGS, changes_settings: Needs = Needs { role: Role::Admin, area: Area::Settings, level: Level::Write };
    /// To change what only owners change.
    OWNS, owns: Needs = Needs { role: Role::Owner, area: Area::Settings, level: Level::Write };
    /// To set webhooks up, and to see what they told.
    HANDS_OUT, hands_out: HandsOut = HandsOut;
    /// To be there oneself.
    IN_PERSON, is_in_person: InPerson = InPerson(Role::Member);
    /// To be there oneself, as an admin or an owner: for tokens, and for the people of the team.
    ADMIN_IN_PERSON, is_admin_in_person: InPerson = InPerson(Role::Admin);
}

/// Whether the caller may know that the portal's types exist.
pub(super) fn visible_to_portal(ctx: &Context<'_>) -> bool {
    contact(ctx).is_ok()
}

/// Whether the caller may know that there is a root for guests.
pub(super) fn visible_to_guest(ctx: &Context<'_>) -> bool {
    guest(ctx).is_ok()
}

/// Whether the caller may know that there are invoices for whom they are sent to.
pub(super) fn visible_to_reader(ctx: &Context<'_>) -> bool {
    visible_to_portal(ctx) || visible_to_guest(ctx)
}

/// Whether the caller is anybody.
pub(super) fn visible_to_somebody(ctx: &Context<'_>) -> bool {
    visible_to_team(ctx) || visible_to_reader(ctx)
}

/// Whether the caller may know that the team's types exist.
pub(super) fn visible_to_team(ctx: &Context<'_>) -> bool {
    member(ctx).is_ok()
}

fn contact<'a, T>(ctx: &ContextBase<'a, T>) -> Result<&'a Arc<PortalVisit>, Error> {
    match ctx.data_opt::<Caller>() {
        Some(Caller::Portal(visit)) => Ok(visit),
        Some(Caller::Disabled) => Err(Error::PortalDisabled),
        Some(Caller::Team(_) | Caller::Guest(_)) => Err(Error::Forbidden),
        Some(Caller::Nobody) | None => Err(Error::SignedOut),
    }
}

fn guest<'a, T>(ctx: &ContextBase<'a, T>) -> Result<&'a Arc<GuestVisit>, Error> {
    match ctx.data_opt::<Caller>() {
        Some(Caller::Guest(visit)) => Ok(visit),
        Some(Caller::Portal(_) | Caller::Disabled | Caller::Team(_)) => Err(Error::Forbidden),
        Some(Caller::Nobody) | None => Err(Error::SignedOut),
    }
}

fn member<'a, T>(ctx: &ContextBase<'a, T>) -> Result<&'a Arc<TeamVisit>, Error> {
    match ctx.data_opt::<Caller>() {
        Some(Caller::Team(visit)) => Ok(visit),
        Some(Caller::Portal(_) | Caller::Disabled | Caller::Guest(_)) => Err(Error::Forbidden),
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

/// What a resolver of the team works with.
pub(super) struct Team<'a> {
    /// What the member may see and do.
    pub(super) scope: TeamScope<'a>,
    /// Who is asking.
    pub(super) visit: &'a TeamVisit,
    /// The time.
    pub(super) now: DateTime<Utc>,
    /// The org's calendar day.
    pub(super) today: NaiveDate,
    /// From where the request came.
    pub(super) origin: &'a Origin,
    /// Makes share links.
    pub(super) links: &'a ShareLinks,
}

/// What a resolver for guests works with.
pub(super) struct Guest<'a> {
    /// What the guest may see.
    pub(super) scope: GuestScope<'a>,
    /// The org's calendar day.
    pub(super) today: NaiveDate,
}

/// The way from a resolver for guests to the store.
pub(super) trait AskGuest<'a> {
    /// The scope of the guest who asks.
    fn guest(&self) -> Result<Guest<'a>>;
}

impl<'a> AskGuest<'a> for Context<'a> {
    fn guest(&self) -> Result<Guest<'a>> {
        let visit = guest(self).map_err(|error| to_graphql(&error))?;
        let scope = self.data::<Store>()?.for_guest(&visit.actor);
        Ok(Guest { scope, today: calendar_day(self.data::<Clock>()?.now(), visit.time_zone) })
    }
}

/// The way from a resolver of the portal to the store.
pub(super) trait AskPortal<'a> {
    /// The scope of the contact who asks.
    fn portal(&self) -> Result<Portal<'a>>;
}

/// The way from a resolver of the team to the store.
pub(super) trait AskTeam<'a> {
    /// The scope of the member who asks.
    fn team(&self) -> Result<Team<'a>>;
}

impl<'a> AskPortal<'a> for Context<'a> {
    fn portal(&self) -> Result<Portal<'a>> {
        let visit = contact(self).map_err(|error| to_graphql(&error))?;
        let scope = self.data::<Store>()?.for_actor(&visit.actor);
        let today = calendar_day(self.data::<Clock>()?.now(), visit.time_zone);
        Ok(Portal { scope, visit, today, origin: self.data::<Origin>()? })
    }
}

impl<'a> AskTeam<'a> for Context<'a> {
    fn team(&self) -> Result<Team<'a>> {
        let visit = member(self).map_err(|error| to_graphql(&error))?;
        let scope = self.data::<Store>()?.for_team(&visit.actor);
        let now = self.data::<Clock>()?.now();
        let today = calendar_day(now, visit.time_zone);
        let (origin, links) = (self.data::<Origin>()?, self.data::<ShareLinks>()?);
        Ok(Team { scope, visit, now, today, origin, links })
    }
}
