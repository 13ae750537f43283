//! Visitors of no org there is, for tests of what is decided by who asks alone (feature `testing`).

use std::sync::Arc;

use chrono_tz::Tz;
use uuid::Uuid;

use super::{
    actor::{Access, Credential, GuestActor, PortalActor, Role, TeamActor},
    scopes::Scopes,
    session::{OrgBrand, PortalVisit},
    share_link::GuestVisit,
    team_session::TeamVisit,
};
use crate::id::{
    ApiTokenId, ClientId, ContactId, InvoiceId, MemberId, OrgId, PersonId, SessionId, TeamSessionId,
};

const ID: Uuid = Uuid::nil();

const fn brand() -> OrgBrand {
    OrgBrand {
        org_slug: String::new(),
        org_name: String::new(),
        org_email: String::new(),
        accent: String::new(),
        logo_sha256: None,
    }
}

/// A contact who is signed in.
#[must_use]
pub(crate) fn contact() -> Arc<PortalVisit> {
    Arc::new(PortalVisit {
        actor: PortalActor::new(
            OrgId::from_uuid(ID),
            ClientId::from_uuid(ID),
            ContactId::from_uuid(ID),
            SessionId::from_uuid(ID),
            Access::Full,
        ),
        brand: brand(),
        locale: String::new(),
        time_zone: Tz::UTC,
        payment_instructions: String::new(),
        takes_payments: false,
        client_name: String::new(),
        client_currency: None,
        contact_name: String::new(),
        contact_email: String::new(),
    })
}

/// Whoever follows a share link.
#[must_use]
pub(crate) fn guest() -> Arc<GuestVisit> {
    Arc::new(GuestVisit {
        actor: GuestActor::new(OrgId::from_uuid(ID), ClientId::from_uuid(ID), InvoiceId::from_uuid(ID)),
        brand: brand(),
        locale: String::new(),
        time_zone: Tz::UTC,
        payment_instructions: String::new(),
        takes_payments: false,
    })
}

/// A member with this role, in person.
#[must_use]
pub(crate) fn member(role: Role) -> Arc<TeamVisit> {
    visit(role, Credential::Session(TeamSessionId::from_uuid(ID)))
}

/// A program with a token of a member with this role.
#[must_use]
pub(crate) fn program(role: Role, scopes: &str) -> Arc<TeamVisit> {
    visit(role, Credential::Token(ApiTokenId::from_uuid(ID), Scopes::parse(scopes)))
}

fn visit(role: Role, credential: Credential) -> Arc<TeamVisit> {
    Arc::new(TeamVisit {
        actor: TeamActor::new(
            OrgId::from_uuid(ID),
            MemberId::from_uuid(ID),
            PersonId::from_uuid(ID),
            credential,
            role,
        ),
        brand: brand(),
        plan: String::new(),
        locale: String::new(),
        time_zone: Tz::UTC,
        person_name: String::new(),
        person_email: String::new(),
        last_used_at: None,
        has_other_orgs: false,
    })
}
