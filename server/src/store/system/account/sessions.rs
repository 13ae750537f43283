//! Sessions of the team's side: found by the hash of their token, and ended for every copy of it.

use crate::{
    auth::team_session::{IDLE, LAG, LONGEST, TeamSessionRow},
    error::Result,
    id::{MemberId, OrgId, PersonId, TeamSessionId},
    store::{
        ActivityKind, Origin,
        db::{execute, fetch_optional},
        system::{System, SystemTx, account::MembershipRow},
    },
};

const ADD_SESSION: &str = "INSERT INTO team_sessions \
    (id, person_id, org_id, token_hash, browser, ip_short, created_at, last_used_at, expires_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)";
const SESSION: &str = "SELECT s.org_id, m.id AS member_id, s.person_id, s.id AS session_id, m.role, o.plan, \
    o.slug AS org_slug, o.name AS org_name, o.email AS org_email, o.accent, o.locale, o.time_zone, \
    (SELECT a.sha256 FROM brand_assets a WHERE a.org_id = s.org_id AND a.kind = 'logo') AS logo_sha256, \
    p.name AS person_name, p.email AS person_email, s.last_used_at \
    FROM team_sessions s \
    JOIN members m ON m.org_id = s.org_id AND m.person_id = s.person_id AND m.removed_at IS NULL \
    JOIN persons p ON p.id = s.person_id \
    JOIN orgs o ON o.id = s.org_id \
    WHERE s.token_hash = $1 AND s.ended_at IS NULL AND s.expires_at > $2 AND s.last_used_at > $3";
const TOUCH_SESSION: &str = "UPDATE team_sessions SET last_used_at = $2 WHERE id = $1 AND last_used_at < $3";
const END_SESSION: &str = "UPDATE team_sessions SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL";
const END_SESSIONS: &str = "UPDATE team_sessions SET ended_at = $2 WHERE person_id = $1 AND ended_at IS NULL";

impl System<'_> {
    /// The team session whose token hashes to this, if it is under way.
    pub(crate) async fn team_session(&self, token_hash: &[u8; 32]) -> Result<Option<TeamSessionRow>> {
        let now = self.store.clock.now();
        let mut conn = self.read().await?;
        let row = fetch_optional!(conn, TeamSessionRow, SESSION, &token_hash[..], now, now - IDLE)?;
        conn.commit().await?;
        Ok(row)
    }

    /// Notes that a session is in use, once in a while.
    pub(crate) async fn touch_team_session(&self, session: TeamSessionId) -> Result<()> {
        let mut tx = self.begin().await?;
        let now = tx.now();
        execute!(tx.conn, TOUCH_SESSION, session, now, now - LAG)?;
        tx.commit().await
    }

    /// Ends one session.
    pub(crate) async fn end_team_session(
        &self,
        session: TeamSessionId,
        member: (OrgId, MemberId),
        origin: &Origin,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        let now = tx.now();
        if execute!(tx.conn, END_SESSION, session, now)? > 0 {
            tx.log_member(ActivityKind::TeamSignedOut, member, "", origin).await?;
        }
        tx.commit().await
    }
}

impl SystemTx {
    /// Begins a session.
    pub(crate) async fn add_team_session(
        &mut self,
        member: &MembershipRow,
        token_hash: &[u8; 32],
        origin: &Origin,
    ) -> Result<()> {
        let now = self.now();
        execute!(
            self.conn,
            ADD_SESSION,
            TeamSessionId::new(now),
            member.person_id,
            member.org_id,
            &token_hash[..],
            origin.browser.as_str(),
            origin.ip_short.as_str(),
            now,
            now + LONGEST,
        )?;
        self.log_member(ActivityKind::TeamSignedIn, (member.org_id, member.member_id), "", origin).await
    }

    /// Ends every session of a person, in all of their orgs.
    pub(crate) async fn end_team_sessions(&mut self, person: PersonId) -> Result<()> {
        let now = self.now();
        execute!(self.conn, END_SESSIONS, person, now)?;
        Ok(())
    }
}
