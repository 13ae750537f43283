//! Invitations to the team, as the team writes them. How one becomes a member is told in
//! `store::system::account::invitations`, since nobody of the org does it.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Subject, TeamScope, org_rows, team_rows};
use crate::{
    auth::actor::Role,
    error::{Error, Result},
    id::{InvitationId, MemberId, OrgId},
    store::{
        ActivityKind, Origin,
        db::{Conn, execute, fetch_all, fetch_optional},
        seats::Seats,
        system::{MailKind, enqueue},
    },
};

org_rows! {
    /// An invitation that was neither accepted nor taken back.
    InvitationRow {
        /// Id.
        id: InvitationId,
        /// Whom it was sent to.
        email: String,
        /// `admin` or `member`.
        role: String,
        /// The name of whoever sent it.
        invited_by: String,
        /// Until when its link works.
        expires_at: DateTime<Utc>,
    }
}

/// An invitation that is about to be sent. The address is checked by whoever makes one.
#[derive(Debug)]
pub struct InvitationDraft<'a> {
    /// Address as it was typed.
    pub email: &'a str,
    /// In the form under which addresses are compared.
    pub email_norm: &'a str,
    /// What they will be: an admin or a member.
    pub role: Role,
    /// The token of its link.
    pub token: InvitationToken<'a>,
}

/// What the link of an invitation is found by.
#[derive(Debug, Clone, Copy)]
pub struct InvitationToken<'a> {
    /// What the token is made of.
    pub nonce: &'a [u8; 32],
    /// What it hashes to.
    pub hash: &'a [u8; 32],
    /// How long it lives.
    pub lifetime: TimeDelta,
}

/// Why nobody was invited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvitationRefused {
    /// There is no such invitation in this org.
    NotFound,
    /// A member has the address.
    IsMember,
    /// There is an open invitation for the address.
    IsInvited,
    /// All places of the plan are taken.
    NoPlace {
        /// How many there are.
        most: i64,
    },
}

#[derive(sqlx::FromRow)]
struct Known {
    org_id: OrgId,
}

#[derive(sqlx::FromRow)]
struct Revoked {
    org_id: OrgId,
    id: InvitationId,
    email: String,
}

#[derive(sqlx::FromRow)]
struct Open {
    org_id: OrgId,
    email: String,
    expires_at: DateTime<Utc>,
}

const INVITATIONS: &str = "SELECT i.org_id, i.id, i.email, i.role, p.name AS invited_by, i.expires_at \
    FROM invitations i \
    JOIN members m ON m.org_id = i.org_id AND m.id = i.invited_by \
    JOIN persons p ON p.id = m.person_id \
    WHERE i.org_id = $1 AND i.accepted_at IS NULL AND i.revoked_at IS NULL ORDER BY i.id";
const OPEN: &str = "SELECT org_id, email, expires_at FROM invitations \
    WHERE org_id = $1 AND id = $2 AND accepted_at IS NULL AND revoked_at IS NULL";
const IS_MEMBER: &str = "SELECT m.org_id FROM members m JOIN persons p ON p.id = m.person_id \
    WHERE m.org_id = $1 AND p.email_norm = $2 AND m.removed_at IS NULL";
/// One that has expired stands in nobody's way.
const CLOSE_EXPIRED: &str = "UPDATE invitations SET revoked_at = $3 \
    WHERE org_id = $1 AND email_norm = $2 AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at <= $3";
const ADD: &str = "INSERT INTO invitations \
    (org_id, id, email, email_norm, role, invited_by, nonce, token_hash, created_at, expires_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING";
const RENEW: &str = "UPDATE invitations SET nonce = $3, token_hash = $4, expires_at = $5, invited_by = $6 \
    WHERE org_id = $1 AND id = $2 AND accepted_at IS NULL AND revoked_at IS NULL";
const REVOKE: &str = "UPDATE invitations SET revoked_at = $3 \
    WHERE org_id = $1 AND id = $2 AND accepted_at IS NULL AND revoked_at IS NULL";
const REVOKE_OF: &str = "UPDATE invitations SET revoked_at = $3 \
    WHERE org_id = $1 AND invited_by = $2 AND accepted_at IS NULL AND revoked_at IS NULL \
    RETURNING org_id, id, email";

impl TeamScope<'_> {
    /// The invitations that were neither accepted nor taken back, those that have expired among them.
    pub async fn invitations(&self) -> Result<Vec<InvitationRow>> {
        team_rows!(self, InvitationRow, INVITATIONS)
    }

    /// Invites an address and mails the link. Whether the address has an account somewhere is not asked.
    ///
    /// # Errors
    /// [`Error::Forbidden`] where whoever asks is no admin any more.
    pub async fn invite(
        &self,
        draft: &InvitationDraft<'_>,
        origin: &Origin,
    ) -> Result<Result<InvitationId, InvitationRefused>> {
        let mut conn = self.write().await?;
        let (org, now) = (self.actor.org_id(), self.store.clock.now());
        let seats = self.hold_org_as_admin(&mut conn).await?;
        if fetch_optional!(conn, Known, IS_MEMBER, org, draft.email_norm)?
            .is_some_and(|row| row.org_id == org)
        {
            return Ok(Err(InvitationRefused::IsMember));
        }
        execute!(conn, CLOSE_EXPIRED, org, draft.email_norm, now)?;
        let id = InvitationId::new(now);
        let added = execute!(
            conn,
            ADD,
            org,
            id,
            draft.email,
            draft.email_norm,
            draft.role.as_str(),
            self.actor.member_id(),
            &draft.token.nonce[..],
            &draft.token.hash[..],
            now,
            now + draft.token.lifetime,
        )?;
        if added == 0 {
            return Ok(Err(InvitationRefused::IsInvited));
        }
        if let Some(most) = seats.refuse_invitation() {
            return Ok(Err(InvitationRefused::NoPlace { most }));
        }
        self.mail_invitation(&mut conn, id, draft.email, origin).await?;
        conn.commit().await?;
        Ok(Ok(id))
    }

    /// The address of an invitation that can be sent again.
    pub async fn invited_address(&self, id: InvitationId) -> Result<Option<String>> {
        let mut conn = self.read().await?;
        let org = self.actor.org_id();
        let open = fetch_optional!(conn, Open, OPEN, org, id)?;
        conn.commit().await?;
        Ok(open.filter(|row| row.org_id == org).map(|row| row.email))
    }

    /// Sends an invitation again, with a link of its own and its whole time before it. The link that was
    /// sent before is dead. It is the invitation of whoever sends it now: it lasts as long as they may invite.
    ///
    /// # Errors
    /// [`Error::Forbidden`] where whoever asks is no admin any more.
    pub async fn renew_invitation(
        &self,
        id: InvitationId,
        token: InvitationToken<'_>,
        origin: &Origin,
    ) -> Result<Result<(), InvitationRefused>> {
        let mut conn = self.write().await?;
        let (org, now) = (self.actor.org_id(), self.store.clock.now());
        let seats = self.hold_org_as_admin(&mut conn).await?;
        let Some(open) = fetch_optional!(conn, Open, OPEN, org, id)?.filter(|row| row.org_id == org) else {
            return Ok(Err(InvitationRefused::NotFound));
        };
        // One that has not expired has its place already.
        if let Some(most) = seats.refuse_invitation().filter(|_| open.expires_at <= now) {
            return Ok(Err(InvitationRefused::NoPlace { most }));
        }
        let (expires_at, own) = (now + token.lifetime, self.actor.member_id());
        execute!(conn, RENEW, org, id, &token.nonce[..], &token.hash[..], expires_at, own)?;
        self.mail_invitation(&mut conn, id, &open.email, origin).await?;
        conn.commit().await?;
        Ok(Ok(()))
    }

    /// Takes an invitation back: its link is dead. `false`: there is none such.
    ///
    /// # Errors
    /// [`Error::Forbidden`] where whoever asks is no admin any more.
    pub async fn revoke_invitation(&self, id: InvitationId, origin: &Origin) -> Result<bool> {
        let mut conn = self.write().await?;
        let (org, now) = (self.actor.org_id(), self.store.clock.now());
        self.hold_org_as_admin(&mut conn).await?;
        let Some(open) = fetch_optional!(conn, Open, OPEN, org, id)?.filter(|row| row.org_id == org) else {
            return Ok(false);
        };
        execute!(conn, REVOKE, org, id, now)?;
        let kind = ActivityKind::MemberInvitationRevoked;
        self.log(&mut conn, kind, Subject::default(), &open.email, origin).await?;
        conn.commit().await?;
        Ok(true)
    }

    /// Takes back what somebody has sent who may invite no more, each logged as one that is taken back by hand.
    /// The org is held already.
    pub(super) async fn revoke_invitations_of(
        &self,
        conn: &mut Conn,
        inviter: MemberId,
        origin: &Origin,
    ) -> Result<()> {
        let (org, now) = (self.actor.org_id(), self.store.clock.now());
        let mut revoked = fetch_all!(*conn, Revoked, REVOKE_OF, org, inviter, now)?;
        revoked.retain(|row| row.org_id == org);
        revoked.sort_by_key(|row| row.id);
        for Revoked { email, .. } in revoked {
            self.log(conn, ActivityKind::MemberInvitationRevoked, Subject::default(), &email, origin).await?;
        }
        Ok(())
    }

    async fn hold_org_as_admin(&self, conn: &mut Conn) -> Result<Seats> {
        let (seats, role) = self.hold_org(conn).await?;
        if may_invite(role) { Ok(seats) } else { Err(Error::Forbidden) }
    }

    async fn mail_invitation(
        &self,
        conn: &mut Conn,
        id: InvitationId,
        email: &str,
        origin: &Origin,
    ) -> Result<()> {
        enqueue(conn, self.store.clock.now(), MailKind::Invitation, email, &id.to_string()).await?;
        self.log(conn, ActivityKind::MemberInvited, Subject::default(), email, origin).await
    }
}

/// Whether this role may invite: to whatever role one is invited to, which is never an owner's.
/// `store::system::account::invitations` asks the same when an invitation is accepted.
pub(super) const fn may_invite(role: Role) -> bool {
    matches!(role, Role::Admin | Role::Owner)
}

#[cfg(feature = "testing")]
pub(super) fn planned_statements() -> Vec<(String, &'static str)> {
    vec![("team invitations".to_owned(), INVITATIONS)]
}
