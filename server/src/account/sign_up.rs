//! Signing up: a person and an org, once the address is proven (rule T1).

use app::problem::FieldProblem;

use super::{
    Device, Entered, LINK_LIFETIME, MAIL_WINDOW, MOST_MAILS, attempts_key, sign_in::enter, slug::slug_of,
};
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
        Origin, Store,
        system::{FoundTeamToken, MailKind, NewOrg, NewPerson, NewTeamToken, TeamTokenPurpose},
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

/// Makes the person and the org, and signs in. `None`: the link is used, expired or unknown, or the
/// address has got an account in the meantime.
pub async fn confirm_sign_up(store: &Store, token: &str, origin: &Origin) -> Result<Option<Entered>> {
    let Some(token) = Token::parse(token) else { return Ok(None) };
    let mut tx = store.system().begin().await?;
    let Some(sign_up) = tx.use_team_token(TeamTokenPurpose::SignUp, &token.hash()).await? else {
        return Ok(None);
    };
    let new = NewPerson {
        email: &sign_up.email,
        email_norm: &sign_up.email_norm,
        name: &sign_up.person_name,
        password_hash: &sign_up.password_hash,
    };
    let Some(owner) = tx.add_person(&new).await? else {
        // Used up all the same.
        tx.commit().await?;
        return Ok(None);
    };
    let slug = tx.free_slug(&slug_of(&sign_up.org_name)).await?;
    let new = NewOrg {
        slug: &slug,
        name: &sign_up.org_name,
        locale: &sign_up.locale,
        email: &sign_up.email,
        owner,
    };
    tx.add_org(&new).await?;
    let entered = enter(&mut tx, owner, origin).await?;
    tx.commit().await?;
    Ok(entered
        .zip(Address::parse(&sign_up.email).ok())
        .map(|(token, address)| Entered { token, device: Device::new(&address) }))
}
