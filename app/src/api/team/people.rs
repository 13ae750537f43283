//! The people of the team, and who is invited to it.

use async_graphql_value::{ConstValue, Name, Variables};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::{Change, Saved, SavedAnswer, run, team, variables};
use crate::{
    api::{Document, Executor},
    error::AppError,
};

/// What a member may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Role {
    /// Clients and invoices.
    Member,
    /// All but plan, deletion and ownership.
    Admin,
    /// All.
    Owner,
}

impl Role {
    /// All of them, in the order of power.
    pub const ALL: [Self; 3] = [Self::Member, Self::Admin, Self::Owner];

    /// The word that a form sends.
    #[must_use]
    pub const fn as_form_value(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }

    /// Reads the word that a form sends.
    #[must_use]
    pub fn from_form_value(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_form_value() == word)
    }

    fn to_graphql(self) -> ConstValue {
        ConstValue::Enum(Name::new(self.as_form_value().to_ascii_uppercase()))
    }
}

/// A member of the team.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// Since when.
    pub joined_at: DateTime<Utc>,
    /// When they were last at work here.
    pub last_seen_at: Option<DateTime<Utc>>,
    /// Whether it is the one who asks.
    pub is_viewer: bool,
}

/// An invitation that was neither accepted nor taken back.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Invitation {
    /// Id.
    pub id: String,
    /// Whom it was sent to.
    pub email: String,
    /// What they will be.
    pub role: Role,
    /// The name of whoever sent it.
    pub invited_by: String,
    /// Until when its link works.
    pub expires_at: DateTime<Utc>,
    /// Whether that time is over.
    pub is_expired: bool,
}

/// The people of the team, and how many there may be.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct People {
    /// How many members the plan has places for; none for as many as one likes.
    pub most_members: Option<usize>,
    /// Everybody who is a member now.
    pub members: Vec<Member>,
    /// Who is invited.
    pub invitations: Vec<Invitation>,
}

/// An invitation as it stands in a form.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct InviteForm {
    /// The address.
    pub email: String,
    /// The role, as a form sends it.
    pub role: String,
}

pub(super) const PEOPLE: Document = Document {
    name: "TeamPeople",
    source: "query TeamPeople { team { people { mostMembers
        members { id name email role joinedAt lastSeenAt isViewer }
        invitations { id email role invitedBy expiresAt isExpired } } } }",
};

pub(super) const INVITE: Document = Document {
    name: "TeamInviteMember",
    source: "mutation TeamInviteMember($email: String!, $role: TeamRole!) {
        saved: teamInviteMember(email: $email, role: $role) { id problems { field message } } }",
};

pub(super) const SEND_INVITATION: Document = Document {
    name: "TeamSendInvitation",
    source: "mutation TeamSendInvitation($id: ID!) {
        saved: teamSendInvitation(id: $id) { id problems { field message } } }",
};

pub(super) const REVOKE_INVITATION: Document = Document {
    name: "TeamRevokeInvitation",
    source: "mutation TeamRevokeInvitation($id: ID!) { done: teamRevokeInvitation(id: $id) }",
};

pub(super) const SET_ROLE: Document = Document {
    name: "TeamSetMemberRole",
    source: "mutation TeamSetMemberRole($id: ID!, $role: TeamRole!) {
        saved: teamSetMemberRole(id: $id, role: $role) { id problems { field message } } }",
};

pub(super) const REMOVE: Document = Document {
    name: "TeamRemoveMember",
    source: "mutation TeamRemoveMember($id: ID!) {
        saved: teamRemoveMember(id: $id) { id problems { field message } } }",
};

pub(super) const LEAVE: Document = Document {
    name: "TeamLeave",
    source: "mutation TeamLeave { saved: teamLeave { id problems { field message } } }",
};

/// The people of the team, for admins and owners.
pub async fn people(executor: &dyn Executor) -> Result<People, AppError> {
    #[derive(Deserialize)]
    struct Answer {
        people: People,
    }
    team::<Answer>(executor, PEOPLE, Variables::default()).await.map(|answer| answer.people)
}

/// Invites somebody.
pub async fn invite(executor: &dyn Executor, email: &str, role: Role) -> Result<Saved, AppError> {
    saved(executor, INVITE, variables([("email", email.into()), ("role", role.to_graphql())])).await
}

/// Sends an invitation again.
pub async fn send_invitation(executor: &dyn Executor, id: &str) -> Result<Saved, AppError> {
    saved(executor, SEND_INVITATION, variables([("id", id.into())])).await
}

/// Takes an invitation back; `false` where there is none such.
pub async fn revoke_invitation(executor: &dyn Executor, id: &str) -> Result<bool, AppError> {
    let variables = variables([("id", id.into())]);
    run::<Change<bool>>(executor, REVOKE_INVITATION, variables).await.map(|change| change.done)
}

/// Lets a member do something else.
pub async fn set_member_role(executor: &dyn Executor, id: &str, role: Role) -> Result<Saved, AppError> {
    saved(executor, SET_ROLE, variables([("id", id.into()), ("role", role.to_graphql())])).await
}

/// Removes a member.
pub async fn remove_member(executor: &dyn Executor, id: &str) -> Result<Saved, AppError> {
    saved(executor, REMOVE, variables([("id", id.into())])).await
}

/// Whoever asks leaves the org.
pub async fn leave(executor: &dyn Executor) -> Result<Saved, AppError> {
    saved(executor, LEAVE, Variables::default()).await
}

async fn saved(executor: &dyn Executor, document: Document, variables: Variables) -> Result<Saved, AppError> {
    run::<Change<SavedAnswer>>(executor, document, variables).await.map(|change| change.done.into())
}
