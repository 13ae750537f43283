//! Sessions of the team's side: found by the hash of their token, seen and ended by the person whose they
//! are, and ended for every copy.

use chrono::{DateTime, Utc};

use crate::{
    auth::{
        actor::TeamActor,
        team_session::{IDLE, LAG, LONGEST, TeamSessionRow},
    },
    error::Result,
    id::{MemberId, OrgId, PersonId, TeamSessionId},
    store::{
        ActivityKind, Origin,
        db::{execute, fetch_all, fetch_optional},
        system::{System, SystemTx, account::MembershipRow},
    },
};

/// A session under way of the person who asks.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct OwnSessionRow {
    /// Id.
    pub id: TeamSessionId,
    /// The browser in a few words; may be empty.
    pub browser: String,
    /// The network address, shortened; may be empty.
    pub ip_short: String,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the hour.
    pub last_used_at: DateTime<Utc>,
}

/// A session that was ended, and whose it was, if they are still a member.
#[derive(sqlx::FromRow)]
struct Replaced {
    org_id: OrgId,
    member_id: Option<MemberId>,
}

const ADD_SESSION: &str = "INSERT INTO team_sessions \
    (id, person_id, org_id, token_hash, browser, ip_short, created_at, last_used_at, expires_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)";
const SESSION: &str = "SELECT s.org_id, m.id AS member_id, s.person_id, s.id AS session_id, m.role, o.plan, \
    o.slug AS org_slug, o.name AS org_name, o.email AS org_email, o.accent, o.locale, o.time_zone, \
    (SELECT a.sha256 FROM brand_assets a WHERE a.org_id = s.org_id AND a.kind = 'logo') AS logo_sha256, \
    p.name AS person_name, p.email AS person_email, s.last_used_at, \
    EXISTS (SELECT 1 FROM members x WHERE x.person_id = s.person_id AND x.org_id <> s.org_id \
        AND x.removed_at IS NULL) AS has_other_orgs \
    FROM team_sessions s \
    JOIN members m ON m.org_id = s.org_id AND m.person_id = s.person_id AND m.removed_at IS NULL \
    JOIN persons p ON p.id = s.person_id \
    JOIN orgs o ON o.id = s.org_id \
    WHERE s.token_hash = $1 AND s.ended_at IS NULL AND s.expires_at > $2 AND s.last_used_at > $3";
const TOUCH_SESSION: &str = "UPDATE team_sessions SET last_used_at = $2 WHERE id = $1 AND last_used_at < $3";
const SEEN: &str = "UPDATE members SET last_seen_at = $3 WHERE org_id = $1 AND id = $2";
const OWN_SESSIONS: &str = "SELECT id, browser, ip_short, created_at, last_used_at FROM team_sessions \
    WHERE person_id = $1 AND ended_at IS NULL AND expires_at > $2 AND last_used_at > $3 \
    ORDER BY id DESC LIMIT 50";
const END_OWN: &str = "UPDATE team_sessions SET ended_at = $3 \
    WHERE id = $2 AND person_id = $1 AND ended_at IS NULL AND expires_at > $3";
const END_OTHERS: &str = "UPDATE team_sessions SET ended_at = $3 \
    WHERE person_id = $1 AND id <> $2 AND ended_at IS NULL AND expires_at > $3";
const LOOK_AT: &str =
    "UPDATE team_sessions SET org_id = $2, last_used_at = $3 WHERE id = $1 AND ended_at IS NULL";
const END_SESSION: &str = "UPDATE team_sessions SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL";
const END_SESSIONS: &str = "UPDATE team_sessions SET ended_at = $2 WHERE person_id = $1 AND ended_at IS NULL";

const REPLACE: &str = "UPDATE team_sessions SET ended_at = $2 \
    WHERE token_hash = $1 AND ended_at IS NULL AND expires_at > $2 \
    RETURNING org_id, (SELECT m.id FROM members m WHERE m.org_id = team_sessions.org_id \
        AND m.person_id = team_sessions.person_id AND m.removed_at IS NULL) AS member_id";
const RENEW: &str = "UPDATE team_sessions SET token_hash = $2 WHERE id = $1 AND ended_at IS NULL";

impl System<'_> {
    /// Ends the session whose token hashes to this: its browser has signed in anew.
    pub(crate) async fn replace_team_session(&self, token_hash: &[u8; 32], origin: &Origin) -> Result<()> {
        let mut tx = self.begin().await?;
        let now = tx.now();
        let ended = fetch_optional!(tx.conn, Replaced, REPLACE, &token_hash[..], now)?;
        if let Some(Replaced { org_id, member_id: Some(member) }) = ended {
            tx.log_member(ActivityKind::TeamSignedOut, (org_id, member), "by signing in anew", origin)
                .await?;
        }
        tx.commit().await
    }

    /// The team session whose token hashes to this, if it is under way.
    pub(crate) async fn team_session(&self, token_hash: &[u8; 32]) -> Result<Option<TeamSessionRow>> {
        let now = self.store.clock.now();
        let mut conn = self.read().await?;
        let row = fetch_optional!(conn, TeamSessionRow, SESSION, &token_hash[..], now, now - IDLE)?;
        conn.commit().await?;
        Ok(row)
    }

    /// Notes that a session is in use and its member at work, once in a while.
    pub(crate) async fn touch_team_session(&self, actor: &TeamActor) -> Result<()> {
        let mut tx = self.begin().await?;
        let now = tx.now();
        execute!(tx.conn, TOUCH_SESSION, actor.session_id()?, now, now - LAG)?;
        execute!(tx.conn, SEEN, actor.org_id(), actor.member_id(), now)?;
        tx.commit().await
    }

    /// The sessions under way of whoever asks, in whichever of their orgs, newest first.
    pub(crate) async fn own_team_sessions(&self, actor: &TeamActor) -> Result<Vec<OwnSessionRow>> {
        let mut conn = self.read().await?;
        let now = self.store.clock.now();
        let rows = fetch_all!(conn, OwnSessionRow, OWN_SESSIONS, actor.person_id(), now, now - IDLE)?;
        conn.commit().await?;
        Ok(rows)
    }

    /// Ends one session of whoever asks; `false` where there is none such, or it is somebody else's.
    pub(crate) async fn end_own_team_session(
        &self,
        actor: &TeamActor,
        session: TeamSessionId,
        origin: &Origin,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        let now = tx.now();
        let ended = execute!(tx.conn, END_OWN, actor.person_id(), session, now)? > 0;
        if ended {
            let member = (actor.org_id(), actor.member_id());
            tx.log_member(ActivityKind::TeamSignedOut, member, "in another browser", origin).await?;
            tx.commit().await?;
        }
        Ok(ended)
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
        execute!(self.conn, SEEN, member.org_id, member.member_id, now)?;
        self.log_member(ActivityKind::TeamSignedIn, (member.org_id, member.member_id), "", origin).await
    }

    /// Gives a session another token: nobody who has a copy of the old one goes on with it.
    pub(crate) async fn renew_team_session(
        &mut self,
        session: TeamSessionId,
        token_hash: &[u8; 32],
    ) -> Result<()> {
        execute!(self.conn, RENEW, session, &token_hash[..])?;
        Ok(())
    }

    /// Ends every session of whoever asks but the one that asks; gives how many there were.
    pub(crate) async fn end_other_team_sessions(
        &mut self,
        actor: &TeamActor,
        origin: &Origin,
    ) -> Result<u64> {
        let now = self.now();
        let ended = execute!(self.conn, END_OTHERS, actor.person_id(), actor.session_id()?, now)?;
        if ended > 0 {
            let member = (actor.org_id(), actor.member_id());
            self.log_member(ActivityKind::TeamSignedOut, member, "in all other browsers", origin).await?;
        }
        Ok(ended)
    }

    /// Lets a session look at another org of its person.
    pub(crate) async fn look_at(
        &mut self,
        session: TeamSessionId,
        member: &MembershipRow,
        origin: &Origin,
    ) -> Result<()> {
        let now = self.now();
        execute!(self.conn, LOOK_AT, session, member.org_id, now)?;
        execute!(self.conn, SEEN, member.org_id, member.member_id, now)?;
        self.log_member(ActivityKind::TeamSignedIn, (member.org_id, member.member_id), "", origin).await
    }

    /// Ends every session of a person, in all of their orgs.
    pub(crate) async fn end_team_sessions(&mut self, person: PersonId) -> Result<()> {
        let now = self.now();
        execute!(self.conn, END_SESSIONS, person, now)?;
        Ok(())
    }
}
