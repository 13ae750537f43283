//! Accounts of the team, before anybody is signed in and beside any org: persons by address, their places
//! in orgs, and what they do with their own account.

mod attempts;
mod email_changes;
mod invitations;
mod orgs;
mod sessions;
mod tokens;

use chrono::{DateTime, Utc};

use super::SystemTx;
use crate::{
    error::Result,
    id::{MemberId, OrgId, PersonId},
    store::{
        ActivityKind, Origin,
        activity::{self, MemberActivity},
        db::{execute, fetch_all, fetch_optional},
    },
};

pub(crate) use attempts::attempts_key;
pub use email_changes::FoundEmailChange;
pub(crate) use email_changes::{MailedEmailChange, NewEmailChange};
pub(crate) use invitations::Accepted;
pub use invitations::FoundInvitation;
pub(crate) use orgs::NewOrg;
pub use orgs::OwnOrgRow;
pub use sessions::OwnSessionRow;
pub use tokens::{FoundTeamToken, TeamTokenPurpose};
pub(crate) use tokens::{MailedTeamToken, NewTeamToken};

/// A person who may sign in.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct PersonRow {
    pub(crate) id: PersonId,
    pub(crate) password_hash: Option<String>,
}

/// A person whose address is proven.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NewPerson<'a> {
    pub(crate) email: &'a str,
    pub(crate) email_norm: &'a str,
    pub(crate) name: &'a str,
    pub(crate) password_hash: &'a str,
}

/// A place in an org.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
#[expect(clippy::struct_field_names, reason = "three ids are what it is")]
pub(crate) struct MembershipRow {
    pub(crate) org_id: OrgId,
    pub(crate) member_id: MemberId,
    pub(crate) person_id: PersonId,
}

const PERSON_BY_EMAIL: &str = "SELECT id, password_hash FROM persons WHERE email_norm = $1";
const ADD_PERSON: &str = "INSERT INTO persons (id, email, email_norm, name, password_hash, created_at) \
    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (email_norm) DO NOTHING RETURNING id, password_hash";
const SET_PASSWORD: &str = "UPDATE persons SET password_hash = $2 WHERE id = $1";
const RENAME: &str = "UPDATE persons SET name = $2 WHERE id = $1";
/// The org in which the person was seen last, or else the one joined last.
const LAST_USED: &str = "SELECT m.org_id, m.id AS member_id, m.person_id FROM members m \
    WHERE m.person_id = $1 AND m.removed_at IS NULL \
    ORDER BY COALESCE(m.last_seen_at, m.created_at) DESC, m.id DESC LIMIT 1";
const MEMBERSHIPS: &str = "SELECT m.org_id, m.id AS member_id, m.person_id FROM members m \
    WHERE m.person_id = $1 AND m.removed_at IS NULL";

impl SystemTx {
    /// Whose address this is.
    pub(crate) async fn person_by_email(&mut self, email_norm: &str) -> Result<Option<PersonRow>> {
        fetch_optional!(self.conn, PersonRow, PERSON_BY_EMAIL, email_norm)
    }

    /// Makes a person; `None` where the address has an account by now.
    pub(crate) async fn add_person(&mut self, new: &NewPerson<'_>) -> Result<Option<PersonId>> {
        let now = self.now();
        let NewPerson { email, email_norm, name, password_hash } = *new;
        let id = PersonId::new(now);
        let row = fetch_optional!(
            self.conn,
            PersonRow,
            ADD_PERSON,
            id,
            email,
            email_norm,
            name,
            password_hash,
            now
        )?;
        Ok(row.map(|row| row.id))
    }

    /// Sets the hash of a person's password. A change of address that was asked for under the old one is
    /// closed: whoever knew that password must not keep the account by it.
    pub(crate) async fn set_password(&mut self, person: PersonId, hash: &str) -> Result<()> {
        execute!(self.conn, SET_PASSWORD, person, hash)?;
        self.close_email_changes(person).await
    }

    /// Gives a person another name.
    pub(crate) async fn rename_person(&mut self, person: PersonId, name: &str) -> Result<()> {
        execute!(self.conn, RENAME, person, name)?;
        Ok(())
    }

    /// The place in an org that the person used last.
    pub(crate) async fn last_used_membership(&mut self, person: PersonId) -> Result<Option<MembershipRow>> {
        fetch_optional!(self.conn, MembershipRow, LAST_USED, person)
    }

    /// Writes what concerns a person's account into the logs of all of their orgs.
    pub(crate) async fn log_person(
        &mut self,
        kind: ActivityKind,
        person: PersonId,
        origin: &Origin,
    ) -> Result<()> {
        let now = self.now();
        self.log_person_late(now, kind, person, origin).await
    }

    /// The same of what happened at a time before now.
    pub(crate) async fn log_person_late(
        &mut self,
        at: DateTime<Utc>,
        kind: ActivityKind,
        person: PersonId,
        origin: &Origin,
    ) -> Result<()> {
        for member in fetch_all!(self.conn, MembershipRow, MEMBERSHIPS, person)? {
            self.log_member_late(at, kind, (member.org_id, member.member_id), "", origin).await?;
        }
        Ok(())
    }

    async fn log_member(
        &mut self,
        kind: ActivityKind,
        own: (OrgId, MemberId),
        detail: &str,
        origin: &Origin,
    ) -> Result<()> {
        let now = self.now();
        self.log_member_late(now, kind, own, detail, origin).await
    }

    async fn log_member_late(
        &mut self,
        at: DateTime<Utc>,
        kind: ActivityKind,
        (org_id, member_id): (OrgId, MemberId),
        detail: &str,
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
            detail,
            origin,
        };
        activity::append_late(&mut self.conn, now, at, &row).await
    }
}
