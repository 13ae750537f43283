//! What is mailed to prove an address of the team's side: a token that works once, found by its hash.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    error::Result,
    id::TeamTokenId,
    store::{
        Origin,
        db::{execute, fetch_optional},
        system::{System, SystemTx},
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
    /// The address of the account, as its person has it; `None` where there is no account now.
    pub(crate) account_email: Option<String>,
}

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
    (SELECT p.email FROM persons p WHERE p.email_norm = t.email_norm) AS account_email \
    FROM team_tokens t WHERE t.id = $1 AND t.used_at IS NULL AND t.expires_at > $2";

impl System<'_> {
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
}
