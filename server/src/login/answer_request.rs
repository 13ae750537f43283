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
    store::{
        ActivityKind, Origin, Store,
        system::{ClaimedJob, KnownContact, MailKind, RequestOutcome},
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

    let mut recipient = None;
    for contact in &contacts {
        let refusal = if over_limit { Some("over the limit") } else { refusal(contact) };
        let keys = (contact.org_id, contact.client_id, contact.id);
        if let Some(why) = refusal {
            tx.log(ActivityKind::LinkRefused, keys, why, &origin).await?;
            continue;
        }
        let nonce = LinkNonce::random();
        tx.add_link(contact, &request, nonce.bytes(), &nonce.token(secrets, Purpose::MagicLink).hash())
            .await?;
        tx.log(ActivityKind::LinkRequested, keys, "", &origin).await?;
        recipient.get_or_insert(&contact.email);
    }
    // One mail for all of them (rule L6), to the address as an org wrote it.
    if let Some(recipient) = recipient {
        tx.enqueue_mail(MailKind::LoginLink, recipient, &request.id.to_string()).await?;
    }
    let outcome = match (over_limit, recipient) {
        (true, _) => RequestOutcome::OverLimit,
        (false, Some(_)) => RequestOutcome::Mailed,
        (false, None) => RequestOutcome::Nobody,
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
