//! Mails to people who are about to join a team, or about to change their address.

use super::team_mail::{asked_from, compose};
use crate::{
    auth::{secret::Purpose, token::LinkNonce},
    error::{Error, Result},
    id::{EmailChangeId, InvitationId},
    mail::{IF_NOT_YOU, Message, TeamMail},
    state::App,
    store::system::{ClaimedMail, MailedEmailChange},
};

/// To join a team. It says the same to whoever has an account and to whoever has none.
pub(super) async fn invitation(app: &App, mail: &ClaimedMail) -> Result<Option<Message>> {
    let id: InvitationId = mail.payload.parse().map_err(Error::bug)?;
    let Some(found) = app.store.system().mailed_invitation(id).await? else { return Ok(None) };
    let stored = (&found.nonce[..], &found.token_hash[..]);
    let Some(link) = link(app, Purpose::Invitation, stored, app::routes::app_join) else { return Ok(None) };
    let what = if found.role == "admin" { "as an admin" } else { "as a member" };
    let team_mail = TeamMail {
        subject: format!("Join {}", found.org_name),
        paragraphs: vec![
            format!("{} invites you to the team of {}, {what}.", found.invited_by, found.org_name),
            "The link works once, for seven days.".to_owned(),
        ],
        button: (format!("Join {}", found.org_name), link),
        asked: String::new(),
        closing: "If you do not expect it, do nothing: without the link, nothing happens.",
    };
    compose(team_mail, mail)
}

/// To prove a new address; one that is somebody else's gets nothing.
pub(super) async fn email_change(app: &App, mail: &ClaimedMail) -> Result<Option<Message>> {
    let Some(change) = find(app, mail).await?.filter(|change| change.is_open) else { return Ok(None) };
    let stored = (&change.nonce[..], &change.token_hash[..]);
    let Some(link) = link(app, Purpose::EmailChange, stored, app::routes::app_email_link) else {
        return Ok(None);
    };
    let team_mail = TeamMail {
        subject: "Confirm your new address".to_owned(),
        paragraphs: vec![
            format!("Hello {},", change.person_name),
            "one click more, and you sign in with this address.".to_owned(),
            "The link works once, for one hour. Until you use it, the old address stays.".to_owned(),
        ],
        button: ("Use this address".to_owned(), link),
        asked: asked(&change),
        closing: IF_NOT_YOU,
    };
    compose(team_mail, mail)
}

/// To the address that is about to be left, so that nobody loses an account unseen.
pub(super) async fn email_change_notice(app: &App, mail: &ClaimedMail) -> Result<Option<Message>> {
    let Some(change) = find(app, mail).await? else { return Ok(None) };
    let team_mail = TeamMail {
        subject: "Your address is about to change".to_owned(),
        paragraphs: vec![
            format!("Hello {},", change.person_name),
            format!(
                "somebody who knows your password wants to sign in with {} from now on. We sent a link there.",
                change.email
            ),
        ],
        button: ("Set a new password".to_owned(), app.config.public_url.link(app::routes::APP_FORGOT)),
        asked: asked(&change),
        closing: "If it was not you, set a new password at once: the link that we sent is dead then. If it was you, there is nothing to do here.",
    };
    compose(team_mail, mail)
}

/// `None` for an address that is another person's: then there is no mail to anybody.
async fn find(app: &App, mail: &ClaimedMail) -> Result<Option<MailedEmailChange>> {
    let id: EmailChangeId = mail.payload.parse().map_err(Error::bug)?;
    let change = app.store.system().mailed_email_change(id).await?;
    Ok(change.filter(|change| !change.is_taken))
}

/// `None` where the secret that made the link has been taken away since.
fn link(
    app: &App,
    purpose: Purpose,
    (nonce, token_hash): (&[u8], &[u8]),
    path: impl Fn(&str) -> String,
) -> Option<String> {
    let nonce = LinkNonce::from_stored(nonce)?;
    let token = nonce.token_for(&app.config.team_secrets, purpose, token_hash)?;
    Some(app.config.public_url.link(&path(&token.to_text())))
}

fn asked(change: &MailedEmailChange) -> String {
    asked_from(&change.browser, &change.ip_short, change.created_at)
}
