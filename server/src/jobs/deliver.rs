//! Sends what is in the outbox. The text is made here, not when the mail was written: so what opens
//! a door is nowhere at rest.

use std::time::{Duration, Instant};

use app::{brand::Accent, format::Formats};

use super::{NAP, invoice_mail, member_mail, pause, payment_mail, team_mail, under_way::UnderWay, webhook};
use crate::{
    auth::{
        secret::Purpose,
        token::{Code, LinkNonce},
    },
    error::{Error, Result},
    id::{LoginRequestId, MailId},
    login::{mailbox, masked},
    mail::{LinkInMail, LoginLinkMail, Logo, Message, SendError},
    state::App,
    store::system::{ClaimedMail, MailKind, MailedLink, StoredRequest},
};

/// About three days of tries.
const MOST_ATTEMPTS: i64 = 80;

/// How many mails are on their way at once: a recipient whose server takes its time holds up nobody else.
const AT_ONCE: usize = 4;
/// For how long it is tried to note that a mail was taken: while it is still held, so that no other sends it.
const NOTING: Duration = Duration::from_secs(80);

/// Sends what is due, until nothing is or it is told to stop; whether that was anything. What one person gets comes one
/// after the other.
pub(super) async fn all(app: &App, is_to_stop: impl Fn() -> bool) -> Result<bool> {
    let (mut under_way, mut worked, mut failure) = (UnderWay::<String>::none(), false, None);
    let mut waiting = None::<ClaimedMail>;
    loop {
        while under_way.len() < AT_ONCE {
            if waiting.is_none() && failure.is_none() && !is_to_stop() {
                match app.store.system().claim_mail().await {
                    Ok(mail) => waiting = mail,
                    Err(error) => failure = Some(error),
                }
            }
            let Some(mail) = waiting.take_if(|mail| under_way.of(&mail.recipient) == 0) else { break };
            let (app, recipient) = (app.clone(), mail.recipient.clone());
            under_way.begin(recipient, async move { send(&app, mail).await });
        }
        // What is on its way is waited for, come what may: it would be sent again otherwise.
        let ended = tokio::select! {
            ended = under_way.ended() => ended,
            // Another may have become due since.
            () = tokio::time::sleep(NAP) => continue,
        };
        match ended {
            Some(Ok(())) => worked = true,
            Some(Err(error)) => failure = Some(error),
            None => return failure.map_or(Ok(worked), Err),
        }
    }
}

/// Sends one mail.
async fn send(app: &App, mail: ClaimedMail) -> Result<()> {
    let system = app.store.system();
    let message = match compose(app, &mail).await {
        Ok(Some(message)) => {
            Message { to: mailbox(&message.to), reply_to: mailbox(&message.reply_to), ..message }
        }
        Ok(None) => {
            return system.mail_failed(mail.id, "it would have come too late").await;
        }
        Err(error) => {
            error.log();
            let run_at = app.clock.now() + pause(mail.attempts);
            return system.retry_mail(mail.id, run_at, &error.to_string()).await;
        }
    };
    let (recipient, to) = (message.to.clone(), masked(&message.to));
    match app.mailer.send(message, app.clock.now()).await {
        Ok(()) => {
            tracing::info!(mail = %mail.id, kind = mail.kind, to, "mail sent");
            note_sent(app, mail.id).await
        }
        Err(SendError::Passing(error)) if mail.attempts < MOST_ATTEMPTS => {
            // Servers like to repeat the address in what they say.
            let error = error.replace(&recipient, &to);
            tracing::warn!(mail = %mail.id, to, error, "mail not sent, to be tried again");
            system.retry_mail(mail.id, app.clock.now() + pause(mail.attempts), &error).await
        }
        Err(SendError::Passing(error) | SendError::Final(error)) => {
            let error = error.replace(&recipient, &to);
            tracing::error!(mail = %mail.id, to, error, "mail given up");
            system.mail_failed(mail.id, &error).await
        }
    }
}

/// Notes that the server has taken a mail. Where the database is away in just that moment, the mail would be sent again:
/// so it is tried until the mail is not this worker's any more.
async fn note_sent(app: &App, mail: MailId) -> Result<()> {
    let since = Instant::now();
    loop {
        match app.store.system().mail_sent(mail).await {
            Err(error @ (Error::Unavailable(_) | Error::Damaged(_))) if since.elapsed() < NOTING => {
                error.log();
            }
            noted => return noted,
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

async fn compose(app: &App, mail: &ClaimedMail) -> Result<Option<Message>> {
    match MailKind::parse(&mail.kind) {
        Some(MailKind::LoginLink) => login_link(app, mail).await,
        Some(MailKind::SignUp) => team_mail::sign_up(app, mail).await,
        Some(MailKind::PasswordReset) => team_mail::password_reset(app, mail).await,
        Some(MailKind::Invoice) => invoice_mail::compose(app, mail).await,
        Some(MailKind::Invitation) => member_mail::invitation(app, mail).await,
        Some(MailKind::EmailChange) => member_mail::email_change(app, mail).await,
        Some(MailKind::EmailChangeNotice) => member_mail::email_change_notice(app, mail).await,
        Some(MailKind::PaymentReceipt) => payment_mail::receipt(app, mail).await,
        Some(MailKind::PaymentNotice) => payment_mail::notice(app, mail).await,
        Some(MailKind::WebhookDisabled) => webhook::disabled_mail(app, mail).await,
        // A newer version has written it; that one will send it.
        None => Err(Error::bug(format!("a mail of the unknown kind {}", mail.kind))),
    }
}

/// `None`: none of its links is open any more.
async fn login_link(app: &App, mail: &ClaimedMail) -> Result<Option<Message>> {
    let id: LoginRequestId = mail.payload.parse().map_err(Error::bug)?;
    let Some((request, links)) = app.store.system().request_with_links(id).await? else { return Ok(None) };
    let Some(first) = links.first() else { return Ok(None) };
    let in_mail: Vec<LinkInMail> = links.iter().filter_map(|link| link_in_mail(app, link)).collect();
    if in_mail.is_empty() {
        return Ok(None);
    }
    let one_org = links.iter().all(|link| link.org_slug == first.org_slug);
    let accent: Accent = if one_org { first.accent.parse().unwrap_or_default() } else { Accent::default() };
    let (accent, on_accent) = accent.button_colours();
    let compose = LoginLinkMail {
        sender: if one_org { first.org_name.clone() } else { "your portals".to_owned() },
        accent,
        on_accent,
        logo: if one_org { logo(app, first).await? } else { None },
        reply_to: if one_org { first.org_email.clone() } else { String::new() },
        links: in_mail,
        code: Code::of_request(&app.config.portal_secrets, request.id).to_text(),
        minutes: app.config.magic_link_ttl.as_secs() / 60,
        asked_at: asked_at(&request, first),
        browser: request.browser,
        network: request.ip_short,
    };
    compose.compose(mail.id.to_string(), mail.recipient.clone()).map(Some).map_err(Error::bug)
}

/// `None` where the secret that made the link has been taken away since.
fn link_in_mail(app: &App, link: &MailedLink) -> Option<LinkInMail> {
    let nonce = LinkNonce::from_stored(&link.nonce)?;
    let token = nonce.token_for(&app.config.portal_secrets, Purpose::MagicLink, &link.token_hash)?;
    Some(LinkInMail {
        org_name: link.org_name.clone(),
        client_name: link.client_name.clone(),
        url: app.config.public_url.link(&app::routes::portal_link(&token.to_text())),
    })
}

async fn logo(app: &App, link: &MailedLink) -> Result<Option<Logo>> {
    let Some(sha256) = &link.logo_sha256 else { return Ok(None) };
    let logo = app.store.system().logo(&link.org_slug, sha256).await?;
    Ok(logo.map(|logo| Logo { content_type: logo.content_type, bytes: logo.bytes }))
}

/// In the client's words and on the org's clock, which the mail names.
fn asked_at(request: &StoredRequest, link: &MailedLink) -> String {
    let time = Formats::new(&link.locale, &link.time_zone).date_time(request.requested_at);
    format!("{time} ({})", link.time_zone.replace('_', " "))
}
