//! How an invitation becomes a member. It is found by the hash of its token: whoever has the link has
//! nothing else yet.

use crate::{
    auth::session::OrgBrand,
    error::Result,
    id::{InvitationId, MemberId, OrgId, PersonId},
    store::{
        ActivityKind, Origin,
        db::{execute, fetch_all, fetch_optional},
        seats,
        system::{System, SystemTx, account::MembershipRow},
    },
};

/// An invitation that is still good, as its page shows it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct FoundInvitation {
    /// Whose team.
    #[sqlx(flatten)]
    pub brand: OrgBrand,
    /// The address that is invited, and has proven itself by having the link.
    pub email: String,
    /// In the form under which addresses are compared.
    pub email_norm: String,
    /// `admin` or `member`.
    pub role: String,
    /// The name of whoever sent it.
    pub invited_by: String,
    /// Whether the address has an account.
    pub has_account: bool,
}

/// An invitation as its mail needs it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct MailedInvitation {
    pub(crate) nonce: Vec<u8>,
    pub(crate) token_hash: Vec<u8>,
    pub(crate) org_name: String,
    pub(crate) role: String,
    pub(crate) invited_by: String,
}

/// What came of an invitation that somebody wanted to accept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Accepted {
    /// A member now, or one already.
    In(MembershipRow),
    /// All places of the plan are taken. The invitation is still good.
    Full,
    /// It is used, revoked, expired or unknown, or whoever sent it may invite no more.
    Gone,
}

#[derive(sqlx::FromRow)]
struct Key {
    org_id: OrgId,
    id: InvitationId,
}

#[derive(sqlx::FromRow)]
struct Granted {
    role: String,
}

#[derive(sqlx::FromRow)]
struct Token {
    name: String,
}

/// Of an inviter `m`: an invitation is worth no more than whoever sent it may do now (rule T1a). They are revoked as
/// somebody is removed or made a member; this is the wall behind.
macro_rules! may_still_invite {
    () => {
        "m.removed_at IS NULL AND m.role IN ('owner', 'admin')"
    };
}

/// Where one is looked for: whose it is, and that it is still good at `$2`.
macro_rules! still_good {
    ($key:literal) => {
        concat!(
            " FROM invitations i JOIN orgs o ON o.id = i.org_id \
            JOIN members m ON m.org_id = i.org_id AND m.id = i.invited_by JOIN persons p ON p.id = m.person_id \
            WHERE i.",
            $key,
            " = $1 AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > $2 AND ",
            may_still_invite!()
        )
    };
}

const FIND: &str = concat!(
    "SELECT o.slug AS org_slug, o.name AS org_name, o.email AS org_email, o.accent, \
    (SELECT a.sha256 FROM brand_assets a WHERE a.org_id = o.id AND a.kind = 'logo') AS logo_sha256, \
    i.email, i.email_norm, i.role, p.name AS invited_by, \
    EXISTS (SELECT 1 FROM persons q WHERE q.email_norm = i.email_norm) AS has_account",
    still_good!("token_hash")
);
const MAILED: &str = concat!(
    "SELECT i.nonce, i.token_hash, o.name AS org_name, i.role, p.name AS invited_by",
    still_good!("id")
);
const KEY: &str = "SELECT org_id, id FROM invitations WHERE token_hash = $1";
const ACCEPT: &str = concat!(
    "UPDATE invitations SET accepted_at = $4 \
    WHERE org_id = $1 AND id = $2 AND token_hash = $3 \
    AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > $4 AND EXISTS \
    (SELECT 1 FROM members m WHERE m.org_id = $1 AND m.id = invitations.invited_by AND ",
    may_still_invite!(),
    ") RETURNING role"
);
const MEMBERSHIP: &str = "SELECT org_id, id AS member_id, person_id FROM members \
    WHERE org_id = $1 AND person_id = $2 AND removed_at IS NULL";
/// Somebody who was removed gets their old row back, to which the log points.
const ADD: &str = "INSERT INTO members (org_id, id, person_id, role, created_at) VALUES ($1, $2, $3, $4, $5) \
    ON CONFLICT (org_id, person_id) DO UPDATE \
    SET role = excluded.role, created_at = excluded.created_at, removed_at = NULL \
    RETURNING org_id, id AS member_id, person_id";
/// What is left of an earlier place in the org. It opened nothing while they were out, and would again.
const END_SESSIONS: &str = "UPDATE team_sessions SET ended_at = $3 \
    WHERE org_id = $1 AND person_id = $2 AND ended_at IS NULL";
const REVOKE_TOKENS: &str = "UPDATE api_tokens SET revoked_at = $3 WHERE org_id = $1 AND revoked_at IS NULL \
    AND member_id IN (SELECT id FROM members WHERE org_id = $1 AND person_id = $2) RETURNING name";

impl System<'_> {
    /// An invitation that is still good.
    pub(crate) async fn find_invitation(&self, token_hash: &[u8; 32]) -> Result<Option<FoundInvitation>> {
        let mut conn = self.read().await?;
        let now = self.store.clock.now();
        let row = fetch_optional!(conn, FoundInvitation, FIND, &token_hash[..], now)?;
        conn.commit().await?;
        Ok(row)
    }

    /// What an invitation's mail is made of; `None` once it is no longer good.
    pub(crate) async fn mailed_invitation(&self, id: InvitationId) -> Result<Option<MailedInvitation>> {
        let mut conn = self.read().await?;
        let row = fetch_optional!(conn, MailedInvitation, MAILED, id, self.store.clock.now())?;
        conn.commit().await?;
        Ok(row)
    }
}

impl SystemTx {
    /// Makes a person a member, if the invitation is still good, whoever sent it may still invite, and the plan has
    /// a place. Of many who try at once, each waits for the one before (`store::seats`). What was written is worth
    /// keeping only where they are in. Somebody who was removed begins anew: sessions and API tokens from before stay
    /// dead.
    pub(crate) async fn accept_invitation(
        &mut self,
        token_hash: &[u8; 32],
        person: PersonId,
        origin: &Origin,
    ) -> Result<Accepted> {
        let now = self.now();
        let Some(Key { org_id, id }) = fetch_optional!(self.conn, Key, KEY, &token_hash[..])? else {
            return Ok(Accepted::Gone);
        };
        let Some(seats) = seats::lock(&mut self.conn, org_id, now).await? else { return Ok(Accepted::Gone) };
        let used = fetch_optional!(self.conn, Granted, ACCEPT, org_id, id, &token_hash[..], now)?;
        let Some(Granted { role }) = used else { return Ok(Accepted::Gone) };
        if let Some(own) = fetch_optional!(self.conn, MembershipRow, MEMBERSHIP, org_id, person)? {
            return Ok(Accepted::In(own));
        }
        if seats.refuse_member().is_some() {
            return Ok(Accepted::Full);
        }
        // Sessions before members, as every request that notes its use takes them.
        execute!(self.conn, END_SESSIONS, org_id, person, now)?;
        let tokens = fetch_all!(self.conn, Token, REVOKE_TOKENS, org_id, person, now)?;
        let member = MemberId::new(now);
        let joined =
            fetch_optional!(self.conn, MembershipRow, ADD, org_id, member, person, role.as_str(), now)?;
        let Some(joined) = joined else { return Ok(Accepted::Gone) };
        let own = (org_id, joined.member_id);
        self.log_member(ActivityKind::MemberJoined, own, &role, origin).await?;
        for token in tokens {
            self.log_member(ActivityKind::TokenRevoked, own, &token.name, origin).await?;
        }
        Ok(Accepted::In(joined))
    }
}
