//! Mails to the team. What they say is decided here, when they are sent: so whoever asked for one could
//! not see by the answer whether the address has an account.

use chrono::{DateTime, Utc};

use crate::{
    auth::{secret::Purpose, token::LinkNonce},
    error::{Error, Result},
    id::TeamTokenId,
    mail::{IF_NOT_YOU, Message, TeamMail},
    state::App,
    store::system::{ClaimedMail, MailedTeamToken},
};

/// To prove the address of a new account; for an address that has one, a word that it does.
pub(super) async fn sign_up(app: &App, mail: &ClaimedMail) -> Result<Option<Message>> {
    let Some(token) = find(app, mail).await? else { return Ok(None) };
    let has_account = token.account_email.is_some();
    let team_mail = if has_account {
        TeamMail {
            subject: "You have an account already".to_owned(),
            paragraphs: vec![
                format!("Somebody wanted to set up “{}” with this address.", token.org_name),
                "The address has an account. Sign in with its password, or set a new one.".to_owned(),
            ],
            button: ("Sign in".to_owned(), app.config.public_url.link(app::routes::APP_LOGIN)),
            asked: asked(&token),
            closing: IF_NOT_YOU,
        }
    } else {
        let Some(link) = link(app, &token, app::routes::app_sign_up_link) else { return Ok(None) };
        TeamMail {
            subject: format!("Open {}", token.org_name),
            paragraphs: vec![
                format!("Hello {},", token.person_name),
                format!("one step more, and the books of {} are open.", token.org_name),
                "The link works once, for one hour. It asks for the password that you chose.".to_owned(),
            ],
            button: ("Open my organisation".to_owned(), link),
            asked: asked(&token),
            closing: IF_NOT_YOU,
        }
    };
    compose_to(team_mail, mail, token.account_email.as_deref().unwrap_or(&mail.recipient))
}

/// To set a new password; an address without an account gets nothing. It goes to the address that the person
/// has, never to what was typed: that is compared in a form of its own, and may name another mailbox.
pub(super) async fn password_reset(app: &App, mail: &ClaimedMail) -> Result<Option<Message>> {
    let Some(token) = find(app, mail).await? else { return Ok(None) };
    let Some(to) = &token.account_email else { return Ok(None) };
    let Some(link) = link(app, &token, app::routes::app_reset_link) else { return Ok(None) };
    let team_mail = TeamMail {
        subject: "Set a new password".to_owned(),
        paragraphs: vec![
            "Somebody asked for a new password for this address.".to_owned(),
            "The link works once, for one hour. Until you use it, the old password stays.".to_owned(),
        ],
        button: ("Set a new password".to_owned(), link),
        asked: asked(&token),
        closing: IF_NOT_YOU,
    };
    compose_to(team_mail, mail, to)
}

async fn find(app: &App, mail: &ClaimedMail) -> Result<Option<MailedTeamToken>> {
    let id: TeamTokenId = mail.payload.parse().map_err(Error::bug)?;
    app.store.system().mailed_team_token(id).await
}

/// `None` where the secret that made the link has been taken away since.
fn link(app: &App, token: &MailedTeamToken, path: impl Fn(&str) -> String) -> Option<String> {
    let nonce = LinkNonce::from_stored(&token.nonce)?;
    let token = nonce.token_for(&app.config.team_secrets, Purpose::TeamLink, &token.token_hash)?;
    Some(app.config.public_url.link(&path(&token.to_text())))
}

/// Browser, network and time, as far as they are known. Nobody's time zone is known yet.
fn asked(token: &MailedTeamToken) -> String {
    asked_from(&token.browser, &token.ip_short, token.created_at)
}

pub(super) fn asked_from(browser: &str, ip_short: &str, at: DateTime<Utc>) -> String {
    let at = at.format("%-d %b %Y, %H:%M UTC").to_string();
    let parts = [browser, ip_short, at.as_str()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

pub(super) fn compose(mail: TeamMail, claimed: &ClaimedMail) -> Result<Option<Message>> {
    compose_to(mail, claimed, &claimed.recipient)
}

fn compose_to(mail: TeamMail, claimed: &ClaimedMail, to: &str) -> Result<Option<Message>> {
    mail.compose(claimed.id.to_string(), to.to_owned()).map(Some).map_err(Error::bug)
}
