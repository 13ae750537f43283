//! Actors: who is asking, as a type. Only this folder can make one, and only from a session that
//! was found; whoever holds one may ask the store for a scope.
//!
//! So what follows does not compile (rule I1). An actor cannot be made by hand:
//!
//! ```compile_fail,E0624
//! use postern::{auth::actor::GuestActor, id::{ClientId, InvoiceId, OrgId}};
//! fn forge(org: OrgId, client: ClientId, invoice: InvoiceId) -> GuestActor {
//!     GuestActor::new(org, client, invoice)
//! }
//! ```
//!
//! Nor be changed into another one's:
//!
//! ```compile_fail,E0616
//! fn become_another(actor: &mut postern::auth::actor::PortalActor, client: postern::id::ClientId) {
//!     actor.client_id = client;
//! }
//! ```
//!
//! Nor is there a scope without one, and what works for nobody in particular is not to be had from outside:
//!
//! ```compile_fail,E0624
//! fn everything(store: &postern::store::Store) {
//!     let _ = store.system();
//! }
//! ```

use super::scopes::{Area, Level, Scopes};
use crate::{
    error::{Error, Result},
    id::{ApiTokenId, ClientId, ContactId, InvoiceId, MemberId, OrgId, PersonId, SessionId, TeamSessionId},
};

/// How a portal is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// By the contact.
    Full,
    /// By a member of the team who sees what the contact sees, and can change nothing.
    Preview,
}

/// A contact of a client, signed in to the portal; or a member of the team who looks at it through the contact's eyes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PortalActor {
    org_id: OrgId,
    client_id: ClientId,
    contact_id: ContactId,
    session_id: SessionId,
    access: Access,
}

impl PortalActor {
    pub(super) const fn new(
        org_id: OrgId,
        client_id: ClientId,
        contact_id: ContactId,
        session_id: SessionId,
        access: Access,
    ) -> Self {
        Self { org_id, client_id, contact_id, session_id, access }
    }

    /// The tenant.
    #[must_use]
    pub const fn org_id(&self) -> OrgId {
        self.org_id
    }

    /// The client whose portal this is.
    #[must_use]
    pub const fn client_id(&self) -> ClientId {
        self.client_id
    }

    /// The person.
    #[must_use]
    pub const fn contact_id(&self) -> ContactId {
        self.contact_id
    }

    /// The session by which the person came.
    #[must_use]
    pub const fn session_id(&self) -> SessionId {
        self.session_id
    }

    /// A member of the team is looking: nothing can be changed, and nothing counts as the contact's own doing.
    #[must_use]
    pub const fn is_preview(&self) -> bool {
        matches!(self.access, Access::Preview)
    }
}

/// Whoever follows the share link of one invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "three ids are what it is")]
pub struct GuestActor {
    org_id: OrgId,
    client_id: ClientId,
    invoice_id: InvoiceId,
}

impl GuestActor {
    pub(super) const fn new(org_id: OrgId, client_id: ClientId, invoice_id: InvoiceId) -> Self {
        Self { org_id, client_id, invoice_id }
    }

    /// The tenant.
    #[must_use]
    pub const fn org_id(&self) -> OrgId {
        self.org_id
    }

    /// Whose invoice it is.
    #[must_use]
    pub const fn client_id(&self) -> ClientId {
        self.client_id
    }

    /// The one invoice.
    #[must_use]
    pub const fn invoice_id(&self) -> InvoiceId {
        self.invoice_id
    }
}

/// What a member may do in the org (rule T1). The order is that of power.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Clients and invoices.
    Member,
    /// All but plan, deletion and ownership.
    Admin,
    /// All.
    Owner,
}

impl Role {
    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }

    /// Reads the word; `None` for one that this version does not know.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Member, Self::Admin, Self::Owner].into_iter().find(|role| role.as_str() == word)
    }
}

/// By what a member came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    /// In person, by a session.
    Session(TeamSessionId),
    /// By a program that holds a token of the member's, as far as its scopes go.
    Token(ApiTokenId, Scopes),
}

/// A member of an org's team: signed in, or a program with a token of theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TeamActor {
    org_id: OrgId,
    member_id: MemberId,
    person_id: PersonId,
    credential: Credential,
    role: Role,
}

impl TeamActor {
    pub(super) const fn new(
        org_id: OrgId,
        member_id: MemberId,
        person_id: PersonId,
        credential: Credential,
        role: Role,
    ) -> Self {
        Self { org_id, member_id, person_id, credential, role }
    }

    /// The tenant.
    #[must_use]
    pub const fn org_id(&self) -> OrgId {
        self.org_id
    }

    /// The person's place in the org.
    #[must_use]
    pub const fn member_id(&self) -> MemberId {
        self.member_id
    }

    /// The person.
    #[must_use]
    pub const fn person_id(&self) -> PersonId {
        self.person_id
    }

    /// The session by which the person came.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for a token: what is done in person alone, no program does.
    pub const fn session_id(&self) -> Result<TeamSessionId> {
        match self.credential {
            Credential::Session(id) => Ok(id),
            Credential::Token(..) => Err(Error::Forbidden),
        }
    }

    /// By what the member came.
    #[must_use]
    pub const fn credential(&self) -> Credential {
        self.credential
    }

    /// Whether the credential goes as far as this. What the role allows besides is asked by [`TeamActor::role`].
    #[must_use]
    pub fn may(&self, area: Area, level: Level) -> bool {
        match self.credential {
            Credential::Session(_) => true,
            Credential::Token(_, scopes) => scopes.allow(area, level),
        }
    }

    /// What the person may do.
    #[must_use]
    pub const fn role(&self) -> Role {
        self.role
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_may_more_than_an_admin_and_an_admin_more_than_a_member() {
        assert!(Role::Owner > Role::Admin && Role::Admin > Role::Member);
        for role in [Role::Member, Role::Admin, Role::Owner] {
            assert_eq!(Role::parse(role.as_str()), Some(role));
        }
        assert_eq!(Role::parse("root"), None);
    }
}
