//! The people of the team, and who is invited to it.

use app::problem::{FieldProblem, Problem};
use async_graphql::{ID, SimpleObject};
use chrono::{DateTime, Utc};

use super::{SEES_TEAM, client::TeamSaved, sees_team, viewer::TeamRole};
use crate::{
    account,
    auth::{actor::Role, session::most_members},
    error::{Error, Result},
    graphql::guard::{Team, TeamSecrets},
    id::{InvitationId, MemberId},
    store::{
        Store,
        team::{InvitationRow, MemberRefused, MemberRow},
    },
};

/// The people of the team, and how many there may be.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "SEES_TEAM", visible = "sees_team")]
pub(super) struct TeamPeople {
    /// How many members the plan has places for; null for as many as one likes.
    most_members: Option<i32>,
    /// Everybody who is a member now, in the order in which they came.
    members: Vec<TeamMember>,
    /// Invitations that were neither accepted nor taken back.
    invitations: Vec<TeamInvitation>,
}

/// A member of the team.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "SEES_TEAM", visible = "sees_team")]
pub(super) struct TeamMember {
    /// Id.
    id: ID,
    /// Name.
    name: String,
    /// E-mail address.
    email: String,
    /// What they may do.
    role: TeamRole,
    /// Since when.
    joined_at: DateTime<Utc>,
    /// When they were last at work here, to the hour; null for somebody who never was.
    last_seen_at: Option<DateTime<Utc>>,
    /// Whether it is the one who asks.
    is_viewer: bool,
}

/// An invitation that was neither accepted nor taken back.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "SEES_TEAM", visible = "sees_team")]
pub(super) struct TeamInvitation {
    /// Id.
    id: ID,
    /// Whom it was sent to.
    email: String,
    /// What they will be.
    role: TeamRole,
    /// The name of whoever sent it.
    invited_by: String,
    /// Until when its link works.
    expires_at: DateTime<Utc>,
    /// Whether that time is over. It takes no place of the plan then, and can be sent again.
    is_expired: bool,
}

pub(super) async fn people(team: &Team<'_>) -> Result<TeamPeople> {
    let own = team.visit.actor.member_id();
    let members = team.scope.members().await?;
    let invitations = team.scope.invitations().await?;
    Ok(TeamPeople {
        most_members: most_members(&team.visit.plan).and_then(|most| i32::try_from(most).ok()),
        members: members.into_iter().map(|row| member(row, own)).collect(),
        invitations: invitations.into_iter().map(|row| invitation(row, team.now)).collect(),
    })
}

fn member(row: MemberRow, own: MemberId) -> TeamMember {
    TeamMember {
        is_viewer: row.id == own,
        id: row.id.to_string().into(),
        name: row.name,
        email: row.email,
        role: role(&row.role),
        joined_at: row.created_at,
        last_seen_at: row.last_seen_at,
    }
}

fn invitation(row: InvitationRow, now: DateTime<Utc>) -> TeamInvitation {
    TeamInvitation {
        id: row.id.to_string().into(),
        email: row.email,
        role: role(&row.role),
        invited_by: row.invited_by,
        is_expired: row.expires_at <= now,
        expires_at: row.expires_at,
    }
}

/// A role that this version does not know may do nothing that it knows of.
fn role(word: &str) -> TeamRole {
    Role::parse(word).unwrap_or(Role::Member).into()
}

pub(super) async fn invite(
    team: &Team<'_>,
    store: &Store,
    TeamSecrets(secrets): &TeamSecrets,
    email: &str,
    role: TeamRole,
) -> Result<TeamSaved> {
    let invited =
        account::invite(store, secrets, &team.visit.actor, (email, role.into()), team.origin).await?;
    Ok(match invited {
        Ok(id) => TeamSaved::saved(id),
        Err(problems) => TeamSaved::refused(problems),
    })
}

pub(super) async fn send_again(
    team: &Team<'_>,
    store: &Store,
    TeamSecrets(secrets): &TeamSecrets,
    id: &str,
) -> Result<TeamSaved> {
    let id: InvitationId = id.parse().map_err(|_| Error::NotFound)?;
    let sent = account::send_again(store, secrets, &team.visit.actor, id, team.origin).await?;
    Ok(match sent {
        Ok(()) => TeamSaved::saved(id),
        Err(problems) => TeamSaved::refused(problems),
    })
}

pub(super) async fn revoke(team: &Team<'_>, id: &str) -> Result<bool> {
    match id.parse() {
        Ok(id) => team.scope.revoke_invitation(id, team.origin).await,
        Err(_) => Ok(false),
    }
}

pub(super) async fn set_role(team: &Team<'_>, id: &str, role: TeamRole) -> Result<TeamSaved> {
    let id: MemberId = id.parse().map_err(|_| Error::NotFound)?;
    saved(id, team.scope.set_member_role(id, role.into(), team.origin).await?)
}

pub(super) async fn remove(team: &Team<'_>, id: &str) -> Result<TeamSaved> {
    let id: MemberId = id.parse().map_err(|_| Error::NotFound)?;
    saved(id, team.scope.remove_member(id, team.origin).await?)
}

pub(super) async fn leave(team: &Team<'_>) -> Result<TeamSaved> {
    saved(team.visit.actor.member_id(), team.scope.leave(team.origin).await?)
}

fn saved(id: MemberId, done: Result<(), MemberRefused>) -> Result<TeamSaved> {
    match done {
        Ok(()) => Ok(TeamSaved::saved(id)),
        Err(MemberRefused::NotFound) => Err(Error::NotFound),
        Err(MemberRefused::LastOwner) => {
            Ok(TeamSaved::refused(vec![FieldProblem::new("member", Problem::LastOwner)]))
        }
    }
}
