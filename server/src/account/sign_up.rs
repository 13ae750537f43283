//! Signing up: a person and an org, once whoever chose the password has proven the address (rule T1).

use app::problem::FieldProblem;

use super::{
    Device, Entered, LINK_LIFETIME, MAIL_WINDOW, MOST_MAILS, attempts_key,
    sign_in::{MOST_ATTEMPTS, WINDOW, enter},
    slug::slug_of,
};
use crate::{
    auth::{
        password::Passwords,
        secret::{Purpose, Secrets},
        token::{LinkNonce, Token},
    },
    error::Result,
    fields::Check,
    log,
    login::Address,
    store::{
        Origin, Store,
        system::{FoundTeamToken, MailKind, NewOrg, NewPerson, NewTeamToken, SystemTx, TeamTokenPurpose},
    },
};

/// What was typed into the form.
#[derive(Debug, Clone, Default)]
pub struct NewAccount {
    /// The person's name.
    pub name: String,
    /// What the org is to be called.
    pub org_name: String,
    /// The person's address.
    pub email: String,
    /// The password.
    pub password: String,
    /// The browser's language, a BCP 47 tag; how the org will write dates and money until it says
    /// otherwise.
    pub locale: String,
}

/// Writes a sign-up down and mails its link. What is wrong with the form comes back by field; whether
/// the address has an account already does not show (the mail says it).
pub async fn request_sign_up(
    store: &Store,
    passwords: &Passwords,
    secrets: &Secrets,
    account: &NewAccount,
    origin: &Origin,
) -> Result<Vec<FieldProblem>> {
    let mut check = Check::default();
    let name = check.name("name", &account.name);
    let org_name = check.name("orgName", &account.org_name);
    let address = check.address("email", &account.email);
    let about = [account.email.as_str(), &account.name, &account.org_name];
    check.password("password", &account.password, &about);
    let Some(address) = address.filter(|_| check.is_clean()) else { return Ok(check.into_problems()) };

    let password_hash = passwords.hash(&account.password).await?;
    let mut tx = store.system().begin().await?;
    let key = attempts_key(&[b"sign-up mail", address.as_str().as_bytes()]);
    if tx.count_attempt(&key, MAIL_WINDOW).await? <= MOST_MAILS {
        let nonce = LinkNonce::random();
        let id = tx
            .add_team_token(&NewTeamToken {
                purpose: TeamTokenPurpose::SignUp,
                email: account.email.trim(),
                email_norm: address.as_str(),
                person_name: &name,
                org_name: &org_name,
                password_hash: &password_hash,
                locale: &account.locale,
                nonce: nonce.bytes(),
                token_hash: &nonce.token(secrets, Purpose::TeamLink).hash(),
                lifetime: LINK_LIFETIME,
                origin,
            })
            .await?;
        tx.enqueue_mail(MailKind::SignUp, account.email.trim(), &id.to_string()).await?;
    }
    tx.commit().await?;
    Ok(vec![])
}

/// What the page behind the link shows. Looks only (rule L5).
pub async fn find_sign_up(store: &Store, token: &str) -> Result<Option<FoundTeamToken>> {
    match Token::parse(token) {
        Some(token) => store.system().find_team_token(TeamTokenPurpose::SignUp, &token.hash()).await,
        None => Ok(None),
    }
}

/// Somebody at the link of a sign-up.
#[derive(Debug, Clone, Copy)]
pub struct Confirming<'a> {
    /// What was typed: the link alone shows that the address is theirs, and not that the password is.
    pub password: &'a str,
    /// Whether an org may be made only as long as there is none.
    pub is_for_the_first: bool,
    /// From where.
    pub origin: &'a Origin,
}

/// What came of it.
pub enum Confirmed {
    /// Person and org are made, and a session has begun.
    Entered(Entered),
    /// This is not the password of the sign-up. The link is still good, as it is in the next two cases.
    Refused,
    /// Too many attempts at this link. The password was not looked at.
    TooMany,
    /// There is an org by now, and it was to be the only one.
    Closed,
    /// The link is used, expired or unknown, or the address has got an account in the meantime.
    Dead,
}

/// Makes the person and the org, and signs in: for whoever has the mail and knows the password. Else a stranger
/// could sign somebody up, and know the password of an account whose address its owner has proven.
pub async fn confirm_sign_up(
    store: &Store,
    passwords: &Passwords,
    token: &str,
    confirming: &Confirming<'_>,
) -> Result<Confirmed> {
    let Some(token) = Token::parse(token) else { return Ok(Confirmed::Dead) };
    let hash = token.hash();
    // A dead link is not worth a hash.
    let found = store.system().find_team_token(TeamTokenPurpose::SignUp, &hash).await?;
    let Some(sign_up) = found else { return Ok(Confirmed::Dead) };
    let Confirming { password, is_for_the_first, origin } = *confirming;
    if !is_within_attempts(store, &hash).await? {
        log::refused("too many attempts", origin);
        return Ok(Confirmed::TooMany);
    }
    if !passwords.verify(password, Some(&sign_up.password_hash)).await? {
        log::refused("wrong password", origin);
        return Ok(Confirmed::Refused);
    }
    let mut tx = store.system().begin().await?;
    if is_for_the_first && !tx.hold_the_first_org().await? {
        return Ok(Confirmed::Closed);
    }
    let Some(sign_up) = tx.use_team_token(TeamTokenPurpose::SignUp, &hash).await? else {
        return Ok(Confirmed::Dead);
    };
    let entered = found_org(&mut tx, &sign_up, origin).await?;
    // Used up all the same where the address has an account.
    tx.commit().await?;
    Ok(entered.map_or(Confirmed::Dead, Confirmed::Entered))
}

/// Counts an attempt at a link before the password is looked at, as at the sign-in: by the link, which no stranger
/// has, so that none can use it up.
async fn is_within_attempts(store: &Store, link: &[u8; 32]) -> Result<bool> {
    let mut tx = store.system().begin().await?;
    let made = tx.count_attempt(&attempts_key(&[b"sign-up", link]), WINDOW).await?;
    tx.commit().await?;
    Ok(made <= MOST_ATTEMPTS)
}

/// `None` where the address has an account already.
async fn found_org(tx: &mut SystemTx, sign_up: &FoundTeamToken, origin: &Origin) -> Result<Option<Entered>> {
    let new = NewPerson {
        email: &sign_up.email,
        email_norm: &sign_up.email_norm,
        name: &sign_up.person_name,
        password_hash: &sign_up.password_hash,
    };
    let Some(owner) = tx.add_person(&new).await? else { return Ok(None) };
    let slug = tx.free_slug(&slug_of(&sign_up.org_name)).await?;
    let new = NewOrg {
        slug: &slug,
        name: &sign_up.org_name,
        locale: &sign_up.locale,
        email: &sign_up.email,
        owner,
    };
    tx.add_org(&new).await?;
    let entered = enter(tx, owner, origin).await?;
    let address = Address::parse(&sign_up.email).ok();
    Ok(entered.zip(address).map(|(token, address)| Entered { token, device: Device::new(&address) }))
}
