//! How many people an org's plan has places for (rule B1), counted while nobody else can take one.

use chrono::{DateTime, Utc};

use super::db::{Conn, fetch_one, fetch_optional};
use crate::{auth::session::most_members, error::Result, id::OrgId};

/// The places of an org, as they are until the transaction ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seats {
    /// How many there are; `None` for as many as one likes.
    most: Option<i64>,
    members: i64,
    /// Invitations that are open and have not expired.
    invited: i64,
}

#[derive(sqlx::FromRow)]
struct Locked {
    plan: String,
}

#[derive(sqlx::FromRow)]
struct Taken {
    members: i64,
    invited: i64,
}

/// Changes nothing. Whoever has run it holds the org's row until the transaction ends, so that those who
/// join, leave, invite or change roles follow one another.
const LOCK: &str = "UPDATE orgs SET plan = plan WHERE id = $1 RETURNING plan";
const TAKEN: &str = "SELECT \
    (SELECT COUNT(*) FROM members WHERE org_id = $1 AND removed_at IS NULL) AS members, \
    (SELECT COUNT(*) FROM invitations WHERE org_id = $1 AND accepted_at IS NULL AND revoked_at IS NULL \
        AND expires_at > $2) AS invited";

/// Takes hold of the org, and counts; `None` where there is no such org.
pub(super) async fn lock(conn: &mut Conn, org: OrgId, now: DateTime<Utc>) -> Result<Option<Seats>> {
    let Some(Locked { plan }) = fetch_optional!(*conn, Locked, LOCK, org)? else { return Ok(None) };
    let Taken { members, invited } = fetch_one!(*conn, Taken, TAKEN, org, now)?;
    Ok(Some(Seats { most: most_members(&plan), members, invited }))
}

impl Seats {
    /// The number of places, if there is none left for one more invitation.
    pub(super) fn refuse_invitation(self) -> Option<i64> {
        self.most.filter(|most| self.members + self.invited >= *most)
    }

    /// The number of places, if there is none left for one more member. Whoever joins takes the place of
    /// their invitation, so other invitations do not count.
    pub(super) fn refuse_member(self) -> Option<i64> {
        self.most.filter(|most| self.members >= *most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_invitation_keeps_its_place() {
        let seats = Seats { most: Some(5), members: 3, invited: 2 };
        assert_eq!((seats.refuse_invitation(), seats.refuse_member()), (Some(5), None));
        let full = Seats { members: 5, ..seats };
        assert_eq!(full.refuse_member(), Some(5));
        let over = Seats { most: Some(1), members: 4, invited: 0 };
        assert_eq!((over.refuse_invitation(), over.refuse_member()), (Some(1), Some(1)));
        let unlimited = Seats { most: None, ..over };
        assert_eq!((unlimited.refuse_invitation(), unlimited.refuse_member()), (None, None));
    }
}
