//! Who is asking.

use async_graphql::{Enum, SimpleObject};

use super::{TeamOnly, visible_to_team};
use crate::auth::{actor::Role, team_session::TeamVisit};

/// What a member may do in the org.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(visible = "visible_to_team")]
pub(super) enum TeamRole {
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

impl TeamViewer {
    pub(super) fn new(visit: &TeamVisit) -> Self {
        Self {
            name: visit.person_name.clone(),
            email: visit.person_email.clone(),
            role: match visit.actor.role() {
                Role::Owner => TeamRole::Owner,
                Role::Admin => TeamRole::Admin,
                Role::Member => TeamRole::Member,
            },
            org_name: visit.brand.org_name.clone(),
            org_slug: visit.brand.org_slug.clone(),
            plan: visit.plan.clone(),
        }
    }
}
