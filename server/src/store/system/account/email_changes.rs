//! A person's new address, from the form to the proof (rule T1d).

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    error::Result,
    id::{EmailChangeId, PersonId},
    store::{
        Origin,
        db::{execute, fetch_optional},
        system::{System, SystemTx},
    },
};

/// A change that is about to be mailed.
#[derive(Debug)]
pub(crate) struct NewEmailChange<'a> {
    pub(crate) person: PersonId,
    pub(crate) email: &'a str,
    pub(crate) email_norm: &'a str,
    pub(crate) nonce: &'a [u8; 32],
    pub(crate) token_hash: &'a [u8; 32],
    pub(crate) lifetime: TimeDelta,
    pub(crate) origin: &'a Origin,
}

/// A change whose link is still good.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct FoundEmailChange {
    /// Whose address it will be.
    pub person_id: PersonId,
    /// The new address as it was typed.
    pub email: String,
    /// In the form under which addresses are compared.
    pub email_norm: String,
}

/// A change as its mails need it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct MailedEmailChange {
    pub(crate) email: String,
    pub(crate) nonce: Vec<u8>,
    pub(crate) token_hash: Vec<u8>,
    pub(crate) person_name: String,
    pub(crate) browser: String,
    pub(crate) ip_short: String,
    pub(crate) created_at: DateTime<Utc>,
    /// Whether its link is still good.
    pub(crate) is_open: bool,
    /// Whether the address is another person's.
    pub(crate) is_taken: bool,
}

const ADD: &str = "INSERT INTO email_changes \
    (id, person_id, email, email_norm, nonce, token_hash, browser, ip_short, created_at, expires_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
const FIND: &str = "SELECT person_id, email, email_norm FROM email_changes \
    WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2";
const USE: &str = "UPDATE email_changes SET used_at = $2 \
    WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2 RETURNING person_id, email, email_norm";
const CLOSE: &str = "UPDATE email_changes SET used_at = $2 WHERE person_id = $1 AND used_at IS NULL";
const MAILED: &str = "SELECT c.email, c.nonce, c.token_hash, p.name AS person_name, c.browser, c.ip_short, c.created_at, \
    (c.used_at IS NULL AND c.expires_at > $2) AS is_open, \
    EXISTS (SELECT 1 FROM persons q WHERE q.email_norm = c.email_norm AND q.id <> c.person_id) AS is_taken \
    FROM email_changes c JOIN persons p ON p.id = c.person_id WHERE c.id = $1";
/// Where somebody signs up with the address at this very moment, the unique key refuses one of the two.
const SET_EMAIL: &str = "UPDATE persons SET email = $2, email_norm = $3 WHERE id = $1 \
    AND NOT EXISTS (SELECT 1 FROM persons q WHERE q.email_norm = $3 AND q.id <> $1)";

impl System<'_> {
    /// A change whose link is still good.
    pub(crate) async fn find_email_change(&self, token_hash: &[u8; 32]) -> Result<Option<FoundEmailChange>> {
        let mut conn = self.read().await?;
        let now = self.store.clock.now();
        let row = fetch_optional!(conn, FoundEmailChange, FIND, &token_hash[..], now)?;
        conn.commit().await?;
        Ok(row)
    }

    /// What the mails about a change are made of.
    pub(crate) async fn mailed_email_change(&self, id: EmailChangeId) -> Result<Option<MailedEmailChange>> {
        let mut conn = self.read().await?;
        let row = fetch_optional!(conn, MailedEmailChange, MAILED, id, self.store.clock.now())?;
        conn.commit().await?;
        Ok(row)
    }
}

impl SystemTx {
    /// Writes a change down.
    pub(crate) async fn add_email_change(&mut self, new: &NewEmailChange<'_>) -> Result<EmailChangeId> {
        let now = self.now();
        let id = EmailChangeId::new(now);
        execute!(
            self.conn,
            ADD,
            id,
            new.person,
            new.email,
            new.email_norm,
            &new.nonce[..],
            &new.token_hash[..],
            new.origin.browser.as_str(),
            new.origin.ip_short.as_str(),
            now,
            now + new.lifetime,
        )?;
        Ok(id)
    }

    /// Uses a link up: of two who try, one gets it.
    pub(crate) async fn use_email_change(
        &mut self,
        token_hash: &[u8; 32],
    ) -> Result<Option<FoundEmailChange>> {
        let now = self.now();
        fetch_optional!(self.conn, FoundEmailChange, USE, &token_hash[..], now)
    }

    /// Gives a person their new address; `false` where it has become somebody else's.
    pub(crate) async fn set_email(&mut self, change: &FoundEmailChange) -> Result<bool> {
        let (email, email_norm) = (change.email.as_str(), change.email_norm.as_str());
        Ok(execute!(self.conn, SET_EMAIL, change.person_id, email, email_norm)? > 0)
    }

    /// Closes the changes of a person that are under way.
    pub(crate) async fn close_email_changes(&mut self, person: PersonId) -> Result<()> {
        let now = self.now();
        execute!(self.conn, CLOSE, person, now)?;
        Ok(())
    }
}
