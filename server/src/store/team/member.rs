//! The org's own people: who they are, what each may do, and that one of them is no longer there. All of
//! it holds the org's row, so that no two changes can leave an org without an owner.

use chrono::{DateTime, Utc};

use super::{Subject, TeamScope, invitation::may_invite, org_rows, team_rows};
use crate::{
    auth::actor::Role,
    error::{Error, Result},
    id::{MemberId, OrgId},
    store::{
        ActivityKind, Origin,
        db::{Conn, execute, fetch_one, fetch_optional},
        seats::{self, Seats},
    },
};

org_rows! {
    /// A member, as colleagues see them.
    MemberRow {
        /// Id.
        id: MemberId,
        /// The person's name.
        name: String,
        /// The person's address.
        email: String,
        /// `owner`, `admin` or `member`.
        role: String,
        /// Since when.
        created_at: DateTime<Utc>,
        /// When they were last at work in this org, to the hour.
        last_seen_at: Option<DateTime<Utc>>,
    }
}

/// Why a member stays what they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberRefused {
    /// There is no such member in this org.
    NotFound,
    /// The only owner.
    LastOwner,
}

#[derive(sqlx::FromRow)]
struct Held {
    org_id: OrgId,
    name: String,
    role: String,
}

#[derive(sqlx::FromRow)]
struct Owners {
    owners: i64,
}

/// In the order in which they came.
const MEMBERS: &str = "SELECT m.org_id, m.id, p.name, p.email, m.role, m.created_at, m.last_seen_at \
    FROM members m JOIN persons p ON p.id = m.person_id \
    WHERE m.org_id = $1 AND m.removed_at IS NULL ORDER BY m.id";
const MEMBER: &str = "SELECT m.org_id, p.name, m.role FROM members m JOIN persons p ON p.id = m.person_id \
    WHERE m.org_id = $1 AND m.id = $2 AND m.removed_at IS NULL";
const OWNERS: &str =
    "SELECT COUNT(*) AS owners FROM members WHERE org_id = $1 AND role = 'owner' AND removed_at IS NULL";
const SET_ROLE: &str = "UPDATE members SET role = $3 WHERE org_id = $1 AND id = $2 AND removed_at IS NULL";
const REMOVE: &str =
    "UPDATE members SET removed_at = $3 WHERE org_id = $1 AND id = $2 AND removed_at IS NULL";

impl TeamScope<'_> {
    /// Everybody who is a member now.
    pub async fn members(&self) -> Result<Vec<MemberRow>> {
        team_rows!(self, MemberRow, MEMBERS)
    }

    /// Lets a member do something else from their next request on. Only an owner makes owners, or
    /// anything else of one. Who may invite no more takes their open invitations with them.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for a change that whoever asks may not make.
    pub async fn set_member_role(
        &self,
        id: MemberId,
        role: Role,
        origin: &Origin,
    ) -> Result<Result<(), MemberRefused>> {
        let mut conn = self.write().await?;
        let (_, power) = self.hold_org(&mut conn).await?;
        let Some(member) = self.held(&mut conn, id).await? else { return Ok(Err(MemberRefused::NotFound)) };
        let before = Role::parse(&member.role);
        may_touch(power, before.max(Some(role)))?;
        if before == Some(role) {
            return Ok(Ok(()));
        }
        if self.is_last_owner(&mut conn, before).await? {
            return Ok(Err(MemberRefused::LastOwner));
        }
        execute!(conn, SET_ROLE, self.actor.org_id(), id, role.as_str())?;
        let detail = format!("{}: {}", member.name, role.as_str());
        self.log(&mut conn, ActivityKind::MemberRoleChanged, Subject::default(), &detail, origin).await?;
        if !may_invite(role) {
            self.revoke_invitations_of(&mut conn, id, origin).await?;
        }
        conn.commit().await?;
        Ok(Ok(()))
    }

    /// Removes a member: out at their next request, and their open invitations with them. The row stays,
    /// because the log points at it, and is theirs again should they be invited again.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for somebody whom whoever asks may not remove.
    pub async fn remove_member(&self, id: MemberId, origin: &Origin) -> Result<Result<(), MemberRefused>> {
        let mut conn = self.write().await?;
        let (_, power) = self.hold_org(&mut conn).await?;
        let Some(member) = self.held(&mut conn, id).await? else { return Ok(Err(MemberRefused::NotFound)) };
        may_touch(power, Role::parse(&member.role))?;
        self.take_out(conn, id, member, origin).await
    }

    /// Whoever asks leaves the org; everybody may, but for its only owner.
    pub async fn leave(&self, origin: &Origin) -> Result<Result<(), MemberRefused>> {
        let mut conn = self.write().await?;
        self.hold_org(&mut conn).await?;
        let own = self.actor.member_id();
        let Some(member) = self.held(&mut conn, own).await? else { return Ok(Err(MemberRefused::NotFound)) };
        self.take_out(conn, own, member, origin).await
    }

    async fn take_out(
        &self,
        mut conn: Conn,
        id: MemberId,
        member: Held,
        origin: &Origin,
    ) -> Result<Result<(), MemberRefused>> {
        if self.is_last_owner(&mut conn, Role::parse(&member.role)).await? {
            return Ok(Err(MemberRefused::LastOwner));
        }
        execute!(conn, REMOVE, self.actor.org_id(), id, self.store.clock.now())?;
        self.log(&mut conn, ActivityKind::MemberRemoved, Subject::default(), &member.name, origin).await?;
        self.revoke_invitations_of(&mut conn, id, origin).await?;
        conn.commit().await?;
        Ok(Ok(()))
    }

    /// Takes hold of the org, and says what whoever asks may do now: somebody may have changed it since
    /// the request began.
    pub(super) async fn hold_org(&self, conn: &mut Conn) -> Result<(Seats, Role)> {
        let seats = seats::lock(conn, self.actor.org_id(), self.store.clock.now()).await?;
        let own = self.held(conn, self.actor.member_id()).await?;
        let role = own.and_then(|member| Role::parse(&member.role));
        seats.zip(role).ok_or(Error::Forbidden)
    }

    async fn held(&self, conn: &mut Conn, id: MemberId) -> Result<Option<Held>> {
        let org = self.actor.org_id();
        let held = fetch_optional!(*conn, Held, MEMBER, org, id)?;
        Ok(held.filter(|member| member.org_id == org))
    }

    async fn is_last_owner(&self, conn: &mut Conn, role: Option<Role>) -> Result<bool> {
        if role != Some(Role::Owner) {
            return Ok(false);
        }
        let Owners { owners } = fetch_one!(*conn, Owners, OWNERS, self.actor.org_id())?;
        Ok(owners <= 1)
    }
}

/// Admins and owners change what members and admins may do; what an owner is, only owners change.
fn may_touch(power: Role, touched: Option<Role>) -> Result<()> {
    let needed = if touched == Some(Role::Owner) { Role::Owner } else { Role::Admin };
    if power >= needed { Ok(()) } else { Err(Error::Forbidden) }
}

#[cfg(feature = "testing")]
pub(super) fn planned_statements() -> Vec<(String, &'static str)> {
    vec![("team members".to_owned(), MEMBERS)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_owners_touch_owners() {
        for (power, touched, may) in [
            (Role::Owner, Role::Owner, true),
            (Role::Admin, Role::Owner, false),
            (Role::Admin, Role::Admin, true),
            (Role::Admin, Role::Member, true),
            (Role::Member, Role::Member, false),
        ] {
            assert_eq!(may_touch(power, Some(touched)).is_ok(), may, "{power:?} {touched:?}");
        }
    }
}
