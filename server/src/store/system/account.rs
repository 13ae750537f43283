//! Accounts of the team before anybody is signed in: persons by address, tokens by hash, sessions by
//! hash, and how often something was tried.

use chrono::{DateTime, TimeDelta, Utc};

use super::{System, SystemTx};
use crate::{
    auth::{
        session::Plan,
        team_session::{IDLE, LAG, LONGEST, TeamSessionRow},
    },
    error::Result,
    id::{ActivityId, MemberId, OrgId, PersonId, TeamSessionId, TeamTokenId},
    store::{
        ActivityKind, Origin,
        activity::{self, MemberActivity},
        db::{execute, fetch_all, fetch_one, fetch_optional},
    },
};

/// What a mailed token of this side is for. One of one purpose is worth nothing for another (rule L4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TeamTokenPurpose {
    /// To prove the address of a new account.
    SignUp,
    /// To set a new password.
    PasswordReset,
}

impl TeamTokenPurpose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::SignUp => "sign_up",
            Self::PasswordReset => "password_reset",
        }
    }
}

/// A token that is about to be mailed, with what was typed.
#[derive(Debug)]
pub(crate) struct NewTeamToken<'a> {
    pub(crate) purpose: TeamTokenPurpose,
    pub(crate) email: &'a str,
    pub(crate) email_norm: &'a str,
    pub(crate) person_name: &'a str,
    pub(crate) org_name: &'a str,
    pub(crate) password_hash: &'a str,
    pub(crate) locale: &'a str,
    pub(crate) nonce: &'a [u8; 32],
    pub(crate) token_hash: &'a [u8; 32],
    pub(crate) lifetime: TimeDelta,
    pub(crate) origin: &'a Origin,
}

/// A token that was found and is still good.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct FoundTeamToken {
    /// The address as it was typed.
    pub email: String,
    /// In the form under which addresses are compared.
    pub email_norm: String,
    /// The person's name, of a sign-up.
    pub person_name: String,
    /// The org's name, of a sign-up.
    pub org_name: String,
    /// The hash of the password, of a sign-up.
    pub password_hash: String,
    /// BCP 47 tag, of a sign-up.
    pub locale: String,
}

/// A token as its mail needs it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct MailedTeamToken {
    pub(crate) nonce: Vec<u8>,
    pub(crate) token_hash: Vec<u8>,
    pub(crate) person_name: String,
    pub(crate) org_name: String,
    pub(crate) browser: String,
    pub(crate) ip_short: String,
    pub(crate) created_at: DateTime<Utc>,
    /// Whether the address has an account now.
    pub(crate) has_account: bool,
}

/// A person who may sign in.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct PersonRow {
    pub(crate) id: PersonId,
    pub(crate) password_hash: Option<String>,
}

/// A place in an org.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
#[expect(clippy::struct_field_names, reason = "three ids are what it is")]
pub(crate) struct MembershipRow {
    pub(crate) org_id: OrgId,
    pub(crate) member_id: MemberId,
    pub(crate) person_id: PersonId,
}

/// An org that somebody signs up.
#[derive(Debug)]
pub(crate) struct NewOrg<'a> {
    pub(crate) slug: &'a str,
    pub(crate) sign_up: &'a FoundTeamToken,
    pub(crate) owner: PersonId,
}

#[derive(sqlx::FromRow)]
struct Slug {
    slug: String,
}

#[derive(sqlx::FromRow)]
struct OrgKey {
    id: OrgId,
}

#[derive(sqlx::FromRow)]
struct Made {
    made: i64,
}

const COUNT_ATTEMPT: &str = "INSERT INTO attempts (key, made, ends_at) VALUES ($1, 1, $3) \
    ON CONFLICT (key) DO UPDATE SET \
    made = CASE WHEN attempts.ends_at <= $2 THEN 1 ELSE attempts.made + 1 END, \
    ends_at = CASE WHEN attempts.ends_at <= $2 THEN $3 ELSE attempts.ends_at END \
    RETURNING made";
const FORGET_ATTEMPTS: &str = "DELETE FROM attempts WHERE key = $1";
const PERSON_BY_EMAIL: &str = "SELECT id, password_hash FROM persons WHERE email_norm = $1";
const ADD_PERSON: &str = "INSERT INTO persons (id, email, email_norm, name, password_hash, created_at) \
    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (email_norm) DO NOTHING RETURNING id, password_hash";
const SET_PASSWORD: &str = "UPDATE persons SET password_hash = $2 WHERE id = $1";
/// The org that the person's newest session looked at, or else the one joined last.
const LAST_USED: &str = "SELECT m.org_id, m.id AS member_id, m.person_id FROM members m \
    WHERE m.person_id = $1 AND m.removed_at IS NULL \
    ORDER BY COALESCE((SELECT MAX(s.last_used_at) FROM team_sessions s \
        WHERE s.person_id = m.person_id AND s.org_id = m.org_id), m.created_at) DESC, m.id DESC LIMIT 1";
const ADD_TOKEN: &str = "INSERT INTO team_tokens (id, purpose, email, email_norm, person_name, org_name, \
    password_hash, locale, nonce, token_hash, browser, ip_short, created_at, expires_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
const FIND_TOKEN: &str = "SELECT email, email_norm, person_name, org_name, password_hash, locale FROM team_tokens \
    WHERE token_hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3";
const USE_TOKEN: &str = "UPDATE team_tokens SET used_at = $3 \
    WHERE token_hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3 \
    RETURNING email, email_norm, person_name, org_name, password_hash, locale";
const CLOSE_TOKENS: &str =
    "UPDATE team_tokens SET used_at = $3 WHERE email_norm = $1 AND purpose = $2 AND used_at IS NULL";
const MAILED_TOKEN: &str = "SELECT t.nonce, t.token_hash, t.person_name, t.org_name, t.browser, t.ip_short, t.created_at, \
    EXISTS (SELECT 1 FROM persons p WHERE p.email_norm = t.email_norm) AS has_account \
    FROM team_tokens t WHERE t.id = $1 AND t.used_at IS NULL AND t.expires_at > $2";
const ORG_BY_SLUG: &str = "SELECT id FROM orgs WHERE slug = $1";
const SET_PLAN: &str = "UPDATE orgs SET plan = $2, version = version + 1 WHERE id = $1 AND plan <> $2";
const LOG_OF_OPERATOR: &str = "INSERT INTO activity \
    (org_id, id, at, kind, actor_kind, actor_name, client_visible, detail, browser, ip_short) \
    VALUES ($1, $2, $3, $4, 'system', 'Operator', FALSE, $5, '', '')";
const ANY_ORG: &str = "SELECT slug FROM orgs LIMIT 1";
const SLUGS_LIKE: &str = "SELECT slug FROM orgs WHERE slug = $1 OR slug LIKE $2";
const ADD_ORG: &str = "INSERT INTO orgs (id, slug, name, plan, locale, time_zone, accent, email, address, tax_id, \
    payment_instructions, invoice_prefix, next_invoice_number, created_at) \
    VALUES ($1, $2, $3, 'free', $4, 'UTC', $5, $6, '', '', '', '', 1, $7)";
const ADD_MEMBER: &str =
    "INSERT INTO members (org_id, id, person_id, role, created_at) VALUES ($1, $2, $3, 'owner', $4)";
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
const MEMBERSHIPS: &str = "SELECT m.org_id, m.id AS member_id, m.person_id FROM members m \
    WHERE m.person_id = $1 AND m.removed_at IS NULL";

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
            tx.log_member(ActivityKind::TeamSignedOut, member, origin).await?;
        }
        tx.commit().await
    }

    /// Changes the plan of the org with this short name, as the operator; `None`: there is no such org,
    /// `Some(false)`: it is so already.
    pub(crate) async fn set_plan(&self, slug: &str, plan: Plan) -> Result<Option<bool>> {
        let mut tx = self.begin().await?;
        let Some(org) = fetch_optional!(tx.conn, OrgKey, ORG_BY_SLUG, slug)? else { return Ok(None) };
        let changed = execute!(tx.conn, SET_PLAN, org.id, plan.as_str())? > 0;
        if changed {
            let now = tx.now();
            let kind = ActivityKind::PlanChanged.as_str();
            execute!(tx.conn, LOG_OF_OPERATOR, org.id, ActivityId::new(now), now, kind, plan.as_str())?;
        }
        tx.commit().await?;
        Ok(Some(changed))
    }

    /// Whether nobody has made an org yet.
    pub(crate) async fn has_no_org(&self) -> Result<bool> {
        let mut conn = self.read().await?;
        let org = fetch_optional!(conn, Slug, ANY_ORG)?;
        conn.commit().await?;
        Ok(org.is_none())
    }

    /// A token that is still good.
    pub(crate) async fn find_team_token(
        &self,
        purpose: TeamTokenPurpose,
        token_hash: &[u8; 32],
    ) -> Result<Option<FoundTeamToken>> {
        let mut conn = self.read().await?;
        let now = self.store.clock.now();
        let row = fetch_optional!(conn, FoundTeamToken, FIND_TOKEN, &token_hash[..], purpose.as_str(), now)?;
        conn.commit().await?;
        Ok(row)
    }

    /// What a token's mail is made of; `None` once it is used or has expired.
    pub(crate) async fn mailed_team_token(&self, id: TeamTokenId) -> Result<Option<MailedTeamToken>> {
        let mut conn = self.read().await?;
        let row = fetch_optional!(conn, MailedTeamToken, MAILED_TOKEN, id, self.store.clock.now())?;
        conn.commit().await?;
        Ok(row)
    }
}

impl SystemTx {
    /// Counts one attempt and gives how many there have been within the window.
    pub(crate) async fn count_attempt(&mut self, key: &[u8; 32], window: TimeDelta) -> Result<i64> {
        let now = self.now();
        let row = fetch_one!(self.conn, Made, COUNT_ATTEMPT, &key[..], now, now + window)?;
        Ok(row.made)
    }

    /// Begins to count anew.
    pub(crate) async fn forget_attempts(&mut self, key: &[u8; 32]) -> Result<()> {
        execute!(self.conn, FORGET_ATTEMPTS, &key[..])?;
        Ok(())
    }

    /// Whose address this is.
    pub(crate) async fn person_by_email(&mut self, email_norm: &str) -> Result<Option<PersonRow>> {
        fetch_optional!(self.conn, PersonRow, PERSON_BY_EMAIL, email_norm)
    }

    /// Makes a person of a sign-up; `None` where the address has an account by now.
    pub(crate) async fn add_person(&mut self, sign_up: &FoundTeamToken) -> Result<Option<PersonId>> {
        let now = self.now();
        let row = fetch_optional!(
            self.conn,
            PersonRow,
            ADD_PERSON,
            PersonId::new(now),
            sign_up.email.as_str(),
            sign_up.email_norm.as_str(),
            sign_up.person_name.as_str(),
            sign_up.password_hash.as_str(),
            now,
        )?;
        Ok(row.map(|row| row.id))
    }

    /// Sets the hash of a person's password.
    pub(crate) async fn set_password(&mut self, person: PersonId, hash: &str) -> Result<()> {
        execute!(self.conn, SET_PASSWORD, person, hash)?;
        Ok(())
    }

    /// The short name, or the first of those with a number behind it that nobody has.
    pub(crate) async fn free_slug(&mut self, wanted: &str) -> Result<String> {
        // Of letters, digits and hyphens: nothing in it is a wildcard.
        let taken = fetch_all!(self.conn, Slug, SLUGS_LIKE, wanted, format!("{wanted}-%").as_str())?;
        let is_free = |slug: &str| taken.iter().all(|row| row.slug != slug);
        if is_free(wanted) {
            return Ok(wanted.to_owned());
        }
        let mut number = 2;
        loop {
            let slug = format!("{wanted}-{number}");
            if is_free(&slug) {
                return Ok(slug);
            }
            number += 1;
        }
    }

    /// Makes an org with its owner, on the plan Free.
    pub(crate) async fn add_org(&mut self, new: &NewOrg<'_>) -> Result<()> {
        let now = self.now();
        let org = OrgId::new(now);
        let NewOrg { slug, sign_up, owner } = new;
        execute!(
            self.conn,
            ADD_ORG,
            org,
            *slug,
            sign_up.org_name.as_str(),
            sign_up.locale.as_str(),
            app::brand::DEFAULT_ACCENT,
            sign_up.email.as_str(),
            now,
        )?;
        let member = MemberId::new(now);
        execute!(self.conn, ADD_MEMBER, org, member, *owner, now)?;
        self.log_member(ActivityKind::SignedUp, (org, member), &Origin::default()).await
    }

    /// The place in an org that the person used last.
    pub(crate) async fn last_used_membership(&mut self, person: PersonId) -> Result<Option<MembershipRow>> {
        fetch_optional!(self.conn, MembershipRow, LAST_USED, person)
    }

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
        self.log_member(ActivityKind::TeamSignedIn, (member.org_id, member.member_id), origin).await
    }

    /// Ends every session of a person, in all of their orgs.
    pub(crate) async fn end_team_sessions(&mut self, person: PersonId) -> Result<()> {
        let now = self.now();
        execute!(self.conn, END_SESSIONS, person, now)?;
        Ok(())
    }

    /// Writes a wrong password into the logs of the person's orgs.
    pub(crate) async fn log_refused_sign_in(&mut self, person: PersonId, origin: &Origin) -> Result<()> {
        for member in fetch_all!(self.conn, MembershipRow, MEMBERSHIPS, person)? {
            self.log_member(ActivityKind::TeamSignInRefused, (member.org_id, member.member_id), origin)
                .await?;
        }
        Ok(())
    }

    /// Writes a token down.
    pub(crate) async fn add_team_token(&mut self, new: &NewTeamToken<'_>) -> Result<TeamTokenId> {
        let now = self.now();
        let id = TeamTokenId::new(now);
        execute!(
            self.conn,
            ADD_TOKEN,
            id,
            new.purpose.as_str(),
            new.email,
            new.email_norm,
            new.person_name,
            new.org_name,
            new.password_hash,
            new.locale,
            &new.nonce[..],
            &new.token_hash[..],
            new.origin.browser.as_str(),
            new.origin.ip_short.as_str(),
            now,
            now + new.lifetime,
        )?;
        Ok(id)
    }

    /// Uses a token up: of two who try, one gets it.
    pub(crate) async fn use_team_token(
        &mut self,
        purpose: TeamTokenPurpose,
        token_hash: &[u8; 32],
    ) -> Result<Option<FoundTeamToken>> {
        let now = self.now();
        fetch_optional!(self.conn, FoundTeamToken, USE_TOKEN, &token_hash[..], purpose.as_str(), now)
    }

    /// Closes the other tokens of an address.
    pub(crate) async fn close_team_tokens(
        &mut self,
        purpose: TeamTokenPurpose,
        email_norm: &str,
    ) -> Result<()> {
        let now = self.now();
        execute!(self.conn, CLOSE_TOKENS, email_norm, purpose.as_str(), now)?;
        Ok(())
    }

    async fn log_member(
        &mut self,
        kind: ActivityKind,
        (org_id, member_id): (OrgId, MemberId),
        origin: &Origin,
    ) -> Result<()> {
        let now = self.now();
        let row = MemberActivity {
            kind,
            org_id,
            member_id,
            client_id: None,
            contact_id: None,
            invoice_id: None,
            detail: "",
            origin,
        };
        activity::append_member(&mut self.conn, now, &row).await
    }
}
