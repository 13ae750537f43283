//! An invitation becomes a member (rule T1a). Who has the link has the address; who has an account besides
//! proves it by the password, or by being signed in to it.

use app::problem::{FieldProblem, Problem};

use super::{
    Credentials, Device, Entered,
    sign_in::{Proof, prove},
};
use crate::{
    auth::{password::Passwords, team_session::TeamVisit, token::Token},
    error::Result,
    fields::Check,
    id::PersonId,
    login::Address,
    store::{
        Origin, Store,
        system::{Accepted, FoundInvitation, NewPerson, SystemTx},
    },
};

/// What was typed, and by whom.
#[derive(Debug, Clone, Copy)]
pub struct Joining<'a> {
    /// The person's name, of somebody who has no account.
    pub name: &'a str,
    /// The password: of the account, or for a new one.
    pub password: &'a str,
    /// Who is signed in in this browser.
    pub visit: Option<&'a TeamVisit>,
    /// The browser, if it has signed in to some account before.
    pub device: Option<Device>,
    /// From where.
    pub origin: &'a Origin,
}

/// What came of it.
pub enum Join {
    /// A member, with a session that has just begun.
    Entered(Entered),
    /// A member, in the session that there was.
    Switched,
    /// What is wrong with what was typed.
    Problems(Vec<FieldProblem>),
    /// The org's plan has no place left. The link is still good.
    Full,
    /// The link is used, revoked, expired or unknown.
    Dead,
}

/// What the page behind the link shows. Looks only (rule L5).
pub async fn find_invitation(store: &Store, token: &str) -> Result<Option<FoundInvitation>> {
    match Token::parse(token) {
        Some(token) => store.system().find_invitation(&token.hash()).await,
        None => Ok(None),
    }
}

/// Whether the invitation is for the person who is signed in.
#[must_use]
pub fn is_for(invitation: &FoundInvitation, visit: &TeamVisit) -> bool {
    Address::parse(&visit.person_email).is_ok_and(|own| own.as_str() == invitation.email_norm)
}

/// Joins the org: as whoever is signed in, as whoever knows the account's password, or with a new account.
pub async fn join(store: &Store, passwords: &Passwords, token: &str, joining: &Joining<'_>) -> Result<Join> {
    let Some(token) = Token::parse(token) else { return Ok(Join::Dead) };
    let Some(found) = store.system().find_invitation(&token.hash()).await? else { return Ok(Join::Dead) };
    let Ok(address) = Address::parse(&found.email) else { return Ok(Join::Dead) };
    if let Some(visit) = joining.visit.filter(|visit| is_for(&found, visit)) {
        return as_signed_in(store, &token, visit, joining.origin).await;
    }
    if found.has_account {
        as_account(store, passwords, &token, &address, joining).await
    } else {
        as_newcomer(store, passwords, &token, &found, &address, joining).await
    }
}

async fn as_signed_in(store: &Store, token: &Token, visit: &TeamVisit, origin: &Origin) -> Result<Join> {
    let mut tx = store.system().begin().await?;
    match tx.accept_invitation(&token.hash(), visit.actor.person_id(), origin).await? {
        Accepted::In(member) => {
            tx.look_at(visit.actor.session_id()?, &member, origin).await?;
            tx.commit().await?;
            Ok(Join::Switched)
        }
        Accepted::Full => Ok(Join::Full),
        Accepted::Gone => Ok(Join::Dead),
    }
}

async fn as_account(
    store: &Store,
    passwords: &Passwords,
    token: &Token,
    address: &Address,
    joining: &Joining<'_>,
) -> Result<Join> {
    let Joining { password, device, origin, .. } = *joining;
    let proof = prove(store, passwords, &Credentials { address, password, device, origin }).await?;
    let proven = match proof {
        Proof::Right(proven) => proven,
        Proof::Wrong => return Ok(wrong(Problem::WrongPassword)),
        Proof::TooMany => return Ok(wrong(Problem::TooManyAttempts)),
    };
    let mut tx = store.system().begin().await?;
    tx.forget_attempts(&proven.attempts).await?;
    enter(tx, token, proven.person, proven.device, origin).await
}

async fn as_newcomer(
    store: &Store,
    passwords: &Passwords,
    token: &Token,
    found: &FoundInvitation,
    address: &Address,
    joining: &Joining<'_>,
) -> Result<Join> {
    let mut check = Check::default();
    let name = check.name("name", joining.name);
    check.password("password", joining.password, &[&found.email, joining.name, &found.brand.org_name]);
    if !check.is_clean() {
        return Ok(Join::Problems(check.into_problems()));
    }
    let password_hash = passwords.hash(joining.password).await?;
    let mut tx = store.system().begin().await?;
    let new = NewPerson {
        email: &found.email,
        email_norm: &found.email_norm,
        name: &name,
        password_hash: &password_hash,
    };
    let Some(person) = tx.add_person(&new).await? else { return Ok(wrong(Problem::HasAccount)) };
    enter(tx, token, person, Device::new(address), joining.origin).await
}

/// Accepts the invitation and begins a session in the org. Nothing is kept where it cannot be accepted.
async fn enter(
    mut tx: SystemTx,
    token: &Token,
    person: PersonId,
    device: Device,
    origin: &Origin,
) -> Result<Join> {
    match tx.accept_invitation(&token.hash(), person, origin).await? {
        Accepted::In(member) => {
            let token = Token::random();
            tx.add_team_session(&member, &token.hash(), origin).await?;
            tx.commit().await?;
            Ok(Join::Entered(Entered { token, device }))
        }
        Accepted::Full => Ok(Join::Full),
        Accepted::Gone => Ok(Join::Dead),
    }
}

fn wrong(problem: Problem) -> Join {
    Join::Problems(vec![FieldProblem::new("password", problem)])
}
