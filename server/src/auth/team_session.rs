//! The team's session: as the portal's, a signed cookie outside and a row inside (rules S1, S2), with a
//! cookie, a secret and a table of its own.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::{
    actor::{Credential, Role, TeamActor},
    session::OrgBrand,
};
use crate::id::{MemberId, OrgId, PersonId, TeamSessionId};

/// A session that nobody uses ends after this time (rule S3) …
pub const IDLE: TimeDelta = TimeDelta::days(14);
/// … and any session after this.
pub const LONGEST: TimeDelta = TimeDelta::days(60);
/// How far the note of a session's last use may lag behind, so that not every request writes one.
pub const LAG: TimeDelta = TimeDelta::hours(1);

/// A session with what every page of the team shows: the one statement that each request begins with
/// reads all of it. Fields are private; [`TeamSessionRow::admit`] is the way on.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct TeamSessionRow {
    #[sqlx(flatten)]
    visitor: VisitorRow,
    session_id: TeamSessionId,
    last_used_at: DateTime<Utc>,
    has_other_orgs: bool,
}

/// Who comes, whatever lets them in: the part that the rows of a session and of an API token have in common.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct VisitorRow {
    org_id: OrgId,
    member_id: MemberId,
    person_id: PersonId,
    role: String,
    plan: String,
    org_slug: String,
    org_name: String,
    org_email: String,
    accent: String,
    locale: String,
    time_zone: String,
    logo_sha256: Option<String>,
    person_name: String,
    person_email: String,
}

/// One request of a member who is signed in: the actor, and what every page shows.
#[derive(Debug, Clone)]
pub struct TeamVisit {
    /// Who is asking.
    pub actor: TeamActor,
    /// The org's brand.
    pub brand: OrgBrand,
    /// The org's plan, as the database names it.
    pub plan: String,
    /// BCP 47 tag.
    pub locale: String,
    /// The org's time zone; UTC if the database holds a name that is none.
    pub time_zone: Tz,
    /// The person's name.
    pub person_name: String,
    /// The person's address.
    pub person_email: String,
    /// When this session was last noted as used; none for a token, which is noted in its own place.
    pub last_used_at: Option<DateTime<Utc>>,
    /// Whether the person is a member of other orgs as well.
    pub has_other_orgs: bool,
}

impl VisitorRow {
    /// Turns whoever comes into an actor. `None` where the database holds a role that this version does not
    /// know: whoever has it may do nothing.
    pub(super) fn admit(self, credential: Credential) -> Option<TeamVisit> {
        let role = Role::parse(&self.role)?;
        Some(TeamVisit {
            actor: TeamActor::new(self.org_id, self.member_id, self.person_id, credential, role),
            brand: OrgBrand {
                org_slug: self.org_slug,
                org_name: self.org_name,
                org_email: self.org_email,
                accent: self.accent,
                logo_sha256: self.logo_sha256,
            },
            plan: self.plan,
            locale: self.locale,
            time_zone: self.time_zone.parse().unwrap_or(Tz::UTC),
            person_name: self.person_name,
            person_email: self.person_email,
            last_used_at: None,
            has_other_orgs: false,
        })
    }
}

impl TeamSessionRow {
    /// Turns a session into an actor. `None` where the database holds a role that this version does not know.
    #[must_use]
    pub fn admit(self) -> Option<Arc<TeamVisit>> {
        let visit = self.visitor.admit(Credential::Session(self.session_id))?;
        let last_used_at = Some(self.last_used_at);
        Some(Arc::new(TeamVisit { last_used_at, has_other_orgs: self.has_other_orgs, ..visit }))
    }
}
