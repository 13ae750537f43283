//! Another address for one's account (rule T1d). The new one is proven by a link, the old one is told, and
//! nobody learns whether an address is somebody else's: then no mail is sent, and the answer is the same.

use app::problem::{FieldProblem, Problem};

use super::{Change, LINK_LIFETIME, MAIL_WINDOW, MOST_MAILS, Own, attempts_key};
use crate::{
    auth::{
        password::Passwords,
        secret::{Purpose, Secrets},
        token::{LinkNonce, Token},
    },
    error::Result,
    fields::Check,
    store::{
        ActivityKind, Origin, Store,
        system::{FoundEmailChange, MailKind, NewEmailChange, TeamTokenPurpose},
    },
};

/// Writes a change down and mails its link to the new address, and a notice to the old one. What the mails
/// say, and whether there are any, is decided when they are sent.
pub async fn request_email_change(
    store: &Store,
    passwords: &Passwords,
    secrets: &Secrets,
    own: Own<'_>,
    typed: &str,
    password: &str,
) -> Result<Change> {
    let mut check = Check::default();
    let Some(address) = check.address("email", typed) else {
        return Ok(Change::Problems(check.into_problems()));
    };
    if address == own.address()? {
        return Ok(Change::Problems(vec![FieldProblem::new("email", Problem::SameAddress)]));
    }
    let proven = match own.prove(store, passwords, ("password", password)).await? {
        Ok(proven) => proven,
        Err(problems) => return Ok(Change::Problems(problems)),
    };
    let mut tx = store.system().begin().await?;
    tx.forget_attempts(&proven.attempts).await?;
    // Both are counted, so that nobody is written to too often and nobody writes to too many.
    let to = attempts_key(&[b"new address", address.as_str().as_bytes()]);
    let by = attempts_key(&[b"new address of", proven.person.uuid().as_bytes()]);
    let most = tx.count_attempt(&to, MAIL_WINDOW).await?.max(tx.count_attempt(&by, MAIL_WINDOW).await?);
    if most <= MOST_MAILS {
        let nonce = LinkNonce::random();
        let id = tx
            .add_email_change(&NewEmailChange {
                person: proven.person,
                email: typed.trim(),
                email_norm: address.as_str(),
                nonce: nonce.bytes(),
                token_hash: &nonce.token(secrets, Purpose::EmailChange).hash(),
                lifetime: LINK_LIFETIME,
                origin: own.origin,
            })
            .await?;
        tx.enqueue_mail(MailKind::EmailChange, typed.trim(), &id.to_string()).await?;
        tx.enqueue_mail(MailKind::EmailChangeNotice, &own.visit.person_email, &id.to_string()).await?;
    }
    tx.commit().await?;
    Ok(Change::Made)
}

/// What the page behind the link shows. Looks only (rule L5).
pub async fn find_email_change(store: &Store, token: &str) -> Result<Option<FoundEmailChange>> {
    match Token::parse(token) {
        Some(token) => store.system().find_email_change(&token.hash()).await,
        None => Ok(None),
    }
}

/// Changes the address. `false`: the link is used, expired or unknown, or the address has become somebody
/// else's.
pub async fn confirm_email_change(store: &Store, token: &str, origin: &Origin) -> Result<bool> {
    let Some(token) = Token::parse(token) else { return Ok(false) };
    let mut tx = store.system().begin().await?;
    let Some(change) = tx.use_email_change(&token.hash()).await? else { return Ok(false) };
    if !tx.set_email(&change).await? {
        return Ok(false);
    }
    tx.close_email_changes(change.person_id).await?;
    // Links for a forgotten password that went to the old address find nobody any more. Those that were
    // asked for the new one before it was theirs must not find them.
    tx.close_team_tokens(TeamTokenPurpose::PasswordReset, &change.email_norm).await?;
    tx.log_person(ActivityKind::AddressChanged, change.person_id, origin).await?;
    tx.commit().await?;
    Ok(true)
}
