//! Who is asking.

use async_graphql::{Enum, SimpleObject};

use super::{TeamOnly, visible_to_team};
use crate::auth::{actor::Role, team_session::TeamVisit};

/// What a member may do in the org.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(visible = "visible_to_team")]
pub(in crate::graphql) enum TeamRole {
    /// All.
    Owner,
    /// All but plan, deletion and ownership.
    Admin,
    /// Clients and invoices.
    Member,
}

/// Who is asking, in which org.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "TeamOnly", visible = "visible_to_team")]
pub(super) struct TeamViewer {
    /// The person's name.
    name: String,
    /// The person's e-mail address.
    email: String,
    /// What they may do.
    role: TeamRole,
    /// The org's name.
    org_name: String,
    /// The org's short name in addresses.
    org_slug: String,
    /// The org's plan: `free`, `studio` or `agency`.
    plan: String,
}

impl From<Role> for TeamRole {
    fn from(role: Role) -> Self {
        match role {
            Role::Owner => Self::Owner,
            Role::Admin => Self::Admin,
            Role::Member => Self::Member,
        }
    }
}

impl From<TeamRole> for Role {
    fn from(role: TeamRole) -> Self {
        match role {
            TeamRole::Owner => Self::Owner,
            TeamRole::Admin => Self::Admin,
            TeamRole::Member => Self::Member,
        }
    }
}

impl TeamViewer {
    pub(super) fn new(visit: &TeamVisit) -> Self {
        Self {
            name: visit.person_name.clone(),
            email: visit.person_email.clone(),
            role: visit.actor.role().into(),
            org_name: visit.brand.org_name.clone(),
            org_slug: visit.brand.org_slug.clone(),
            plan: visit.plan.clone(),
        }
    }
}
