//! The worker's part of a login: who is it, may they, make the links and write the mail.

use chrono::TimeDelta;

use crate::{
    auth::{
        secret::{Purpose, Secrets},
        token::LinkNonce,
    },
    error::Result,
    id::{ClientId, ContactId, LoginRequestId, OrgId},
    login::mailbox,
    store::{
        ActivityKind, Origin, Store,
        system::{ClaimedJob, KnownContact, MailKind, RequestOutcome, StoredRequest, SystemTx},
    },
};

/// At most this many requests an address (rule L3) …
const MOST_REQUESTS: i64 = 5;
/// … within this time, by when they were asked.
const WINDOW: TimeDelta = TimeDelta::minutes(10);
/// Links of one request (rule L6). Each org has its turn before any has its second.
const MOST_LINKS: i64 = 50;
/// Mails of one request: ways in which orgs have written the address.
const MOST_MAILS: usize = 5;
/// Rows of the log about contacts who get no link of one request.
const MOST_REFUSALS: i64 = 20;

/// Answers one request in one transaction: links, mail, log and the end of the job stand or fall
/// together. A request that was answered before is left alone.
pub async fn answer_request(store: &Store, secrets: &Secrets, job: &ClaimedJob) -> Result<()> {
    let mut tx = store.system().begin().await?;
    let request = match job.payload.parse::<LoginRequestId>() {
        Ok(id) => tx.login_request(id).await?,
        Err(_) => None,
    };
    let Some(request) = request.filter(|request| request.outcome.is_none()) else {
        tx.finish(job.id).await?;
        return tx.commit().await;
    };
    let origin = Origin { browser: request.browser.clone(), ip_short: request.ip_short.clone() };
    let outcome = if tx.count_requests(&request, WINDOW).await? >= MOST_REQUESTS {
        refuse_too_many(&mut tx, &request, &origin).await?;
        RequestOutcome::OverLimit
    } else {
        let mails = mail_links(&mut tx, secrets, &request, &origin).await?;
        for contact in tx.refused_contacts(&request, MOST_REFUSALS).await? {
            tx.log(ActivityKind::LinkRefused, keys(&contact), refusal(&contact), &origin).await?;
        }
        if mails == 0 { RequestOutcome::Nobody } else { RequestOutcome::Mailed }
    };
    tx.set_outcome(request.id, outcome).await?;
    tx.finish(job.id).await?;
    tx.commit().await
}

/// Makes the links and writes the mails; gives how many mails there are.
///
/// There is one mail for each mailbox (rule L6), to the address as an org wrote it. Two orgs may have written it in two
/// ways, and a mail server may tell them apart: then each gets its own links, and a code of its own.
async fn mail_links(
    tx: &mut SystemTx,
    secrets: &Secrets,
    request: &StoredRequest,
    origin: &Origin,
) -> Result<usize> {
    let mut mails: Vec<(String, StoredRequest)> = vec![];
    for contact in tx.welcome_contacts(request, MOST_LINKS).await? {
        let mailbox = mailbox(&contact.email);
        let known = mails.iter().find(|(known, _)| *known == mailbox);
        let of_mail = if let Some((_, of_mail)) = known {
            of_mail.clone()
        } else if mails.len() == MOST_MAILS {
            tx.log(ActivityKind::LinkRefused, keys(&contact), "too many spellings", origin).await?;
            continue;
        } else {
            let of_mail = if mails.is_empty() { request.clone() } else { tx.copy_request(request).await? };
            tx.enqueue_mail(MailKind::LoginLink, &contact.email, &of_mail.id.to_string()).await?;
            mails.push((mailbox, of_mail.clone()));
            of_mail
        };
        let nonce = LinkNonce::random();
        let hash = nonce.token(secrets, Purpose::MagicLink).hash();
        tx.add_link(&contact, &of_mail, nonce.bytes(), &hash).await?;
        tx.log(ActivityKind::LinkRequested, keys(&contact), "", origin).await?;
    }
    Ok(mails.len())
}

/// Writes down that a request was one too many. The log is never emptied: of a flood it has the first such
/// request alone.
async fn refuse_too_many(tx: &mut SystemTx, request: &StoredRequest, origin: &Origin) -> Result<()> {
    if tx.was_over_limit(request, WINDOW).await? {
        return Ok(());
    }
    for contact in tx.welcome_contacts(request, MOST_REFUSALS).await? {
        tx.log(ActivityKind::LinkRefused, keys(&contact), "over the limit", origin).await?;
    }
    Ok(())
}

const fn keys(contact: &KnownContact) -> (OrgId, ClientId, ContactId) {
    (contact.org_id, contact.client_id, contact.id)
}

/// Why a known contact gets no link; the client reads it in its access log.
const fn refusal(contact: &KnownContact) -> &'static str {
    if contact.portal_access { "the plan has no portal" } else { "access is off" }
}
