//! A forgotten password: a link by mail, and a new one (rule T1).

use app::problem::FieldProblem;

use super::{Device, Entered, LINK_LIFETIME, MAIL_WINDOW, MOST_MAILS, attempts_key, sign_in::enter};
use crate::{
    auth::{
        password::Passwords,
        secret::{Purpose, Secrets},
        token::{LinkNonce, Token},
    },
    error::Result,
    fields::Check,
    login::Address,
    store::{
        ActivityKind, Origin, Store,
        system::{FoundTeamToken, MailKind, NewTeamToken, TeamTokenPurpose},
    },
};

/// Writes down that somebody asks for a new password. Nothing is looked up; an address without an
/// account gets no mail.
pub async fn request_reset(
    store: &Store,
    secrets: &Secrets,
    typed: &str,
    origin: &Origin,
) -> Result<Vec<FieldProblem>> {
    let mut check = Check::default();
    let Some(address) = check.address("email", typed) else { return Ok(check.into_problems()) };
    let mut tx = store.system().begin().await?;
    let key = attempts_key(&[b"reset mail", address.as_str().as_bytes()]);
    if tx.count_attempt(&key, MAIL_WINDOW).await? <= MOST_MAILS {
        let nonce = LinkNonce::random();
        let id = tx
            .add_team_token(&NewTeamToken {
                purpose: TeamTokenPurpose::PasswordReset,
                email: typed.trim(),
                email_norm: address.as_str(),
                person_name: "",
                org_name: "",
                password_hash: "",
                locale: "",
                nonce: nonce.bytes(),
                token_hash: &nonce.token(secrets, Purpose::TeamLink).hash(),
                lifetime: LINK_LIFETIME,
                origin,
            })
            .await?;
        tx.enqueue_mail(MailKind::PasswordReset, typed.trim(), &id.to_string()).await?;
    }
    tx.commit().await?;
    Ok(vec![])
}

/// What the page behind the link shows. Looks only (rule L5).
pub async fn find_reset(store: &Store, token: &str) -> Result<Option<FoundTeamToken>> {
    match Token::parse(token) {
        Some(token) => store.system().find_team_token(TeamTokenPurpose::PasswordReset, &token.hash()).await,
        None => Ok(None),
    }
}

/// What came of a new password.
pub enum Reset {
    /// Set; all other sessions have ended, and this one has begun.
    Entered(Entered),
    /// The password cannot be used; the link still can.
    Problems(Vec<FieldProblem>),
    /// The link is used, expired or unknown.
    Dead,
}

/// Sets a new password, ends every session of the person, and begins one.
pub async fn reset_password(
    store: &Store,
    passwords: &Passwords,
    token: &str,
    password: &str,
    origin: &Origin,
) -> Result<Reset> {
    let Some(token) = Token::parse(token) else { return Ok(Reset::Dead) };
    // A dead link is not worth a hash.
    let purpose = TeamTokenPurpose::PasswordReset;
    let Some(found) = store.system().find_team_token(purpose, &token.hash()).await? else {
        return Ok(Reset::Dead);
    };
    let mut check = Check::default();
    check.password("password", password, &[&found.email]);
    if !check.is_clean() {
        return Ok(Reset::Problems(check.into_problems()));
    }
    let hash = passwords.hash(password).await?;
    let mut tx = store.system().begin().await?;
    let Some(reset) = tx.use_team_token(purpose, &token.hash()).await? else {
        return Ok(Reset::Dead);
    };
    let entered = match tx.person_by_email(&reset.email_norm).await? {
        Some(person) => {
            tx.set_password(person.id, &hash).await?;
            tx.end_team_sessions(person.id).await?;
            tx.close_team_tokens(purpose, &reset.email_norm).await?;
            tx.log_person(ActivityKind::PasswordChanged, person.id, origin).await?;
            enter(&mut tx, person.id, origin).await?
        }
        None => None,
    };
    tx.commit().await?;
    let address = Address::parse(&reset.email).ok();
    Ok(entered.zip(address).map_or(Reset::Dead, |(token, address)| {
        Reset::Entered(Entered { token, device: Device::new(&address) })
    }))
}
