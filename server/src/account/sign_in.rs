//! A password becomes a session (rule T1).

use chrono::TimeDelta;

use super::{Device, Entered, attempts_key, refusal::note_refusal};
use crate::{
    auth::{password::Passwords, token::Token},
    error::Result,
    id::PersonId,
    log,
    login::Address,
    store::{Origin, Store, system::SystemTx},
};

/// At most this many attempts at one account …
pub(super) const MOST_ATTEMPTS: i64 = 10;
/// … within this time. A browser that has signed in before has as many of its own.
pub(super) const WINDOW: TimeDelta = TimeDelta::minutes(15);

/// What was typed, and from which browser.
#[derive(Debug, Clone, Copy)]
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

/// Signs in.
pub async fn sign_in(store: &Store, passwords: &Passwords, credentials: &Credentials<'_>) -> Result<SignIn> {
    let proven = match prove(store, passwords, credentials).await? {
        Proof::Right(proven) => proven,
        Proof::Wrong => return Ok(SignIn::Refused),
        Proof::TooMany => return Ok(SignIn::TooMany),
    };
    let mut tx = store.system().begin().await?;
    tx.forget_attempts(&proven.attempts).await?;
    let entered = enter(&mut tx, proven.person, credentials.origin).await?;
    tx.commit().await?;
    Ok(entered.map_or(SignIn::Refused, |token| SignIn::Entered(Entered { token, device: proven.device })))
}

/// What a password proves.
pub(super) enum Proof {
    /// It is the account's.
    Right(Proven),
    /// It is not, or there is no such account.
    Wrong,
    /// It was not looked at.
    TooMany,
}

/// A person who has shown their password.
pub(super) struct Proven {
    /// Who.
    pub(super) person: PersonId,
    /// Under what their attempts were counted. Whoever goes on forgets them.
    pub(super) attempts: [u8; 32],
    /// The browser, known to the account.
    pub(super) device: Device,
}

/// Whether this is the account's password. The attempt is counted before the password is looked at, so
/// that many at once do not get more looks than one after the other. Whoever is refused has made us do the same,
/// whether there is such an account or not: time does not tell.
pub(super) async fn prove(
    store: &Store,
    passwords: &Passwords,
    credentials: &Credentials<'_>,
) -> Result<Proof> {
    let Credentials { address, password, device, origin } = *credentials;
    let known = device.filter(|device| device.known_to(address).is_some());
    let browser = known.as_ref().and_then(|device| device.known_to(address)).map_or(&b""[..], |id| &id[..]);
    let attempts = attempts_key(&[b"sign-in", address.as_str().as_bytes(), browser]);

    let mut tx = store.system().begin().await?;
    let made = tx.count_attempt(&attempts, WINDOW).await?;
    let person = tx.person_by_email(address.as_str()).await?;
    tx.commit().await?;
    if made > MOST_ATTEMPTS {
        log::refused("too many attempts", origin);
        return Ok(Proof::TooMany);
    }
    let hash = person.as_ref().and_then(|person| person.password_hash.as_deref());
    let is_right = passwords.verify(password, hash).await?;
    let Some(person) = person.filter(|_| is_right) else {
        log::refused("wrong password", origin);
        note_refusal(store, address, origin).await?;
        return Ok(Proof::Wrong);
    };
    let device = known.unwrap_or_else(|| Device::new(address));
    Ok(Proof::Right(Proven { person: person.id, attempts, device }))
}

/// Begins a session in the org that the person used last. `None` for somebody who is no longer a member
/// of any.
pub(super) async fn enter(tx: &mut SystemTx, person: PersonId, origin: &Origin) -> Result<Option<Token>> {
    let Some(member) = tx.last_used_membership(person).await? else { return Ok(None) };
    let token = Token::random();
    tx.add_team_session(&member, &token.hash(), origin).await?;
    Ok(Some(token))
}
