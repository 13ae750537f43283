//! A password becomes a session (rule T1).

use chrono::TimeDelta;

use super::{Device, Entered, attempts_key};
use crate::{
    auth::{password::Passwords, token::Token},
    error::Result,
    login::Address,
    store::{Origin, Store, system::SystemTx},
};

/// At most this many attempts at one account …
const MOST_ATTEMPTS: i64 = 10;
/// … within this time. A browser that has signed in before has as many of its own.
const WINDOW: TimeDelta = TimeDelta::minutes(15);

/// What was typed, and from which browser.
#[derive(Debug)]
pub struct Credentials<'a> {
    /// Whose account.
    pub address: &'a Address,
    /// The password.
    pub password: &'a str,
    /// The browser, if it has signed in to some account before.
    pub device: Option<Device>,
    /// From where.
    pub origin: &'a Origin,
}

/// What came of it.
pub enum SignIn {
    /// In.
    Entered(Entered),
    /// Wrong, or no such account: the same answer.
    Refused,
    /// Too many attempts, whether there is such an account or not. The password was not looked at.
    TooMany,
}

/// Signs in. The attempt is counted before the password is looked at, so that many at once do not get
/// more looks than one after the other.
pub async fn sign_in(store: &Store, passwords: &Passwords, credentials: Credentials<'_>) -> Result<SignIn> {
    let Credentials { address, password, device, origin } = credentials;
    let known = device.filter(|device| device.known_to(address).is_some());
    let browser = known.as_ref().and_then(|device| device.known_to(address)).map_or(&b""[..], |id| &id[..]);
    let key = attempts_key(&[b"sign-in", address.as_str().as_bytes(), browser]);

    let mut tx = store.system().begin().await?;
    let attempts = tx.count_attempt(&key, WINDOW).await?;
    let person = tx.person_by_email(address.as_str()).await?;
    tx.commit().await?;
    if attempts > MOST_ATTEMPTS {
        return Ok(SignIn::TooMany);
    }
    let hash = person.as_ref().and_then(|person| person.password_hash.as_deref());
    let is_right = passwords.verify(password, hash).await?;

    let mut tx = store.system().begin().await?;
    let outcome = match person {
        Some(person) if is_right => {
            tx.forget_attempts(&key).await?;
            match enter(&mut tx, person.id, origin).await? {
                Some(token) => {
                    let device = known.unwrap_or_else(|| Device::new(address));
                    SignIn::Entered(Entered { token, device })
                }
                None => SignIn::Refused,
            }
        }
        Some(person) => {
            tx.log_refused_sign_in(person.id, origin).await?;
            SignIn::Refused
        }
        None => SignIn::Refused,
    };
    tx.commit().await?;
    Ok(outcome)
}

/// Begins a session in the org that the person used last. `None` for somebody who is no longer a member
/// of any.
pub(super) async fn enter(
    tx: &mut SystemTx,
    person: crate::id::PersonId,
    origin: &Origin,
) -> Result<Option<Token>> {
    let Some(member) = tx.last_used_membership(person).await? else { return Ok(None) };
    let token = Token::random();
    tx.add_team_session(&member, &token.hash(), origin).await?;
    Ok(Some(token))
}
