//! Actors: who is asking, as a type. Only this folder can make one, and only from a session that
//! was found; whoever holds one may ask the store for a scope.

use crate::id::{ClientId, ContactId, OrgId, SessionId};

/// A contact of a client, signed in to the portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "four ids are what it is")]
pub struct PortalActor {
    org_id: OrgId,
    client_id: ClientId,
    contact_id: ContactId,
    session_id: SessionId,
}

impl PortalActor {
    pub(super) const fn new(
        org_id: OrgId,
        client_id: ClientId,
        contact_id: ContactId,
        session_id: SessionId,
    ) -> Self {
        Self { org_id, client_id, contact_id, session_id }
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
}
