//! The worker's part of a login: who is it, may they, make the links and write the mail.

use chrono::TimeDelta;

use crate::{
    auth::{
        secret::{Purpose, Secrets},
        session::has_portal,
        token::LinkNonce,
    },
    error::Result,
    id::LoginRequestId,
    login::mailbox,
    store::{
        ActivityKind, Origin, Store,
        system::{ClaimedJob, KnownContact, MailKind, RequestOutcome, StoredRequest},
    },
};

/// At most this many requests an address (rule L3) …
const MOST_REQUESTS: i64 = 5;
/// … within this time.
const WINDOW: TimeDelta = TimeDelta::minutes(10);

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
    let over_limit = tx.count_requests(&request.email_norm, WINDOW).await? >= MOST_REQUESTS;
    let contacts = tx.known_contacts(&request.email_norm, request.org_slug.as_deref()).await?;

    // One mail for each mailbox (rule L6), to the address as an org wrote it. Two orgs may have written it in
    // two ways, and a mail server may tell them apart: then each gets its own links, and a code of its own.
    let mut mails: Vec<(String, StoredRequest)> = vec![];
    for contact in &contacts {
        let refusal = if over_limit { Some("over the limit") } else { refusal(contact) };
        let keys = (contact.org_id, contact.client_id, contact.id);
        if let Some(why) = refusal {
            tx.log(ActivityKind::LinkRefused, keys, why, &origin).await?;
            continue;
        }
        let mailbox = mailbox(&contact.email);
        let known = mails.iter().find(|(known, _)| *known == mailbox);
        let of_mail = if let Some((_, of_mail)) = known {
            of_mail.clone()
        } else {
            let of_mail = if mails.is_empty() { request.clone() } else { tx.copy_request(&request).await? };
            tx.enqueue_mail(MailKind::LoginLink, &contact.email, &of_mail.id.to_string()).await?;
            mails.push((mailbox, of_mail.clone()));
            of_mail
        };
        let nonce = LinkNonce::random();
        tx.add_link(contact, &of_mail, nonce.bytes(), &nonce.token(secrets, Purpose::MagicLink).hash())
            .await?;
        tx.log(ActivityKind::LinkRequested, keys, "", &origin).await?;
    }
    let outcome = match (over_limit, mails.is_empty()) {
        (true, _) => RequestOutcome::OverLimit,
        (false, false) => RequestOutcome::Mailed,
        (false, true) => RequestOutcome::Nobody,
    };
    tx.set_outcome(request.id, outcome).await?;
    tx.finish(job.id).await?;
    tx.commit().await
}

/// Why a known contact gets no link; the client reads it in its access log.
fn refusal(contact: &KnownContact) -> Option<&'static str> {
    if !contact.portal_access {
        Some("access is off")
    } else if !has_portal(&contact.plan) {
        Some("the plan has no portal")
    } else {
        None
    }
}
