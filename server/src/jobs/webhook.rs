//! Tells the org's systems what has happened (rule G3): hands events out, sends them, and tries again for three days.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use super::{NAP, under_way::UnderWay};
use crate::{
    auth::{secret::Purpose, token::LinkNonce},
    billing::webhook_payload,
    error::{Error, Result},
    id::OrgId,
    mail::{Message, TeamMail},
    state::App,
    store::system::{
        AttemptOutcome, ClaimedDelivery, ClaimedMail, DeliveryFate, Lane, MOST_BUSY, OutgoingWebhook,
        parse_webhook,
    },
    webhook::SigningSecret,
};
use chrono::TimeDelta;

/// How many deliveries of one org are under way at once: where its receivers hang, it waits for itself.
const OF_ONE_ORG: usize = 2;
/// How many are under way at once. While one place is free, those that have all of theirs are few enough to be passed over.
const AT_ONCE: usize = OF_ONE_ORG * (MOST_BUSY + 1);
/// How long after each try the next one is made: three days in all
/// (<https://www.standardwebhooks.com>, "Retries").
const PAUSES: [TimeDelta; 9] = [
    TimeDelta::seconds(5),
    TimeDelta::minutes(5),
    TimeDelta::minutes(30),
    TimeDelta::hours(2),
    TimeDelta::hours(5),
    TimeDelta::hours(10),
    TimeDelta::hours(14),
    TimeDelta::hours(20),
    TimeDelta::hours(20),
];
/// An endpoint that has taken nothing for so long is switched off.
const LONGEST_FAILURE: TimeDelta = TimeDelta::days(3);
/// The receiver says that it is there no more.
const GONE: u16 = 410;

/// Hands out and delivers what is due, until nothing is or it is told to stop; whether anything was delivered. As soon as
/// one delivery has ended, another begins.
pub(super) async fn all(app: &App, is_to_stop: impl Fn() -> bool) -> Result<bool> {
    let (mut under_way, mut worked, mut failure) = (UnderWay::none(), false, None);
    loop {
        let mut may_be_more = false;
        if failure.is_none() && !is_to_stop() {
            match take_up(app, &mut under_way).await {
                Ok(handed_out) => may_be_more = handed_out,
                Err(error) => failure = Some(error),
            }
        }
        // What is on its way is waited for, come what may: it would be sent again otherwise.
        let ended = tokio::select! {
            biased;
            ended = under_way.ended() => ended,
            () = app.bell.heard(Lane::Webhooks) => continue,
            // Another may have become due since.
            () = tokio::time::sleep(if may_be_more { Duration::ZERO } else { NAP }) => continue,
        };
        match ended {
            Some(Ok(())) => worked = true,
            Some(Err(error)) => failure = Some(error),
            None if may_be_more => {}
            None => return failure.map_or(Ok(worked), Err),
        }
    }
}

/// Takes up what is due, as far as there are places. Where some are left, what has happened since is handed out:
/// whether that was anything.
async fn take_up(app: &App, under_way: &mut UnderWay<OrgId>) -> Result<bool> {
    let system = app.store.system();
    while under_way.len() < AT_ONCE {
        let Some((delivery, outgoing)) = system.claim_webhook(&busy(under_way)).await? else {
            return system.hand_out_webhooks().await;
        };
        let (app, org) = (app.clone(), delivery.org_id);
        under_way.begin(org, async move { deliver(&app, &delivery, &outgoing).await });
    }
    Ok(false)
}

/// The orgs that have all the places that one may have.
fn busy(under_way: &UnderWay<OrgId>) -> Vec<OrgId> {
    let orgs: BTreeSet<OrgId> = under_way.whose().copied().collect();
    orgs.into_iter().filter(|org| under_way.of(org) >= OF_ONE_ORG).collect()
}

async fn deliver(app: &App, delivery: &ClaimedDelivery, outgoing: &OutgoingWebhook) -> Result<()> {
    let began = Instant::now();
    let outcome = match secret(app, &outgoing.nonce, &outgoing.secret_hash) {
        Some(secret) if outgoing.is_live => {
            let id = delivery.event_id.to_string();
            let now = app.clock.now().timestamp();
            let body = webhook_payload(&id, &outgoing.org_slug, &outgoing.facts).to_string();
            let sent = app.webhooks.send(&outgoing.url, secret, (&id, now), body).await;
            let millis = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
            AttemptOutcome { status: sent.status.map(|status| status.as_u16()), answer: sent.answer, millis }
        }
        Some(_) => AttemptOutcome { status: None, answer: "switched off".to_owned(), millis: 0 },
        None => AttemptOutcome {
            status: None,
            answer: "the secret that signed it was taken away by the operator".to_owned(),
            millis: 0,
        },
    };
    let was_taken = outcome.status.is_some_and(|status| (200..300).contains(&status));
    let mut tx = app.store.system().begin().await?;
    let tried = usize::try_from(delivery.attempts).unwrap_or(usize::MAX);
    let pause = PAUSES.get(tried.saturating_sub(1)).filter(|_| outgoing.is_live);
    let fate = match (was_taken, pause) {
        (true, _) => DeliveryFate::Delivered,
        (false, Some(pause)) => DeliveryFate::Again(tx.now() + *pause),
        (false, None) => DeliveryFate::Failed,
    };
    tx.webhook_tried(delivery, &outcome, fate).await?;
    let endpoint = (delivery.org_id, delivery.endpoint_id);
    let is_failing_for_long = outgoing.failing_since.is_some_and(|since| tx.now() - since >= LONGEST_FAILURE);
    if outcome.status == Some(GONE) {
        tx.disable_webhook(endpoint, "gone").await?;
    } else if fate == DeliveryFate::Failed && is_failing_for_long {
        tx.disable_webhook(endpoint, "failures").await?;
    }
    tx.commit().await?;
    if !was_taken {
        tracing::info!(event = %delivery.event_id, status = outcome.status, tried, "a webhook was not taken");
    }
    Ok(())
}

/// What an endpoint's messages are signed with; `None` where the operator's secret that made it was taken away.
pub(crate) fn secret(app: &App, nonce: &[u8], hash: &[u8]) -> Option<SigningSecret> {
    let nonce = LinkNonce::from_stored(nonce)?;
    let token = nonce.token_for(&app.config.share_secrets, Purpose::Webhook, hash)?;
    Some(SigningSecret::new(*token.bytes()))
}

/// To whoever can do something about an endpoint that was switched off.
pub(super) async fn disabled_mail(app: &App, mail: &ClaimedMail) -> Result<Option<Message>> {
    let (org, id) = parse_webhook(&mail.payload).ok_or_else(|| Error::bug("a mail about no webhook"))?;
    let Some(found) = app.store.system().mailed_webhook(org, id).await? else { return Ok(None) };
    if !found.is_disabled {
        return Ok(None);
    }
    let why = if found.disabled_by.as_deref() == Some("gone") {
        "It said that it is gone for good (status 410)."
    } else {
        "It has taken nothing for three days."
    };
    let team_mail = TeamMail {
        subject: format!("A webhook of {} was switched off", found.org_name),
        paragraphs: vec![
            format!("The webhook at {} was switched off. {why}", found.url),
            "Nothing is sent there any more. What was not delivered can be sent again from its page, once the receiver works and the webhook is switched on.".to_owned(),
        ],
        button: ("Look at it".to_owned(), app.config.public_url.link(&app::routes::app_webhook(&id.to_string()))),
        asked: String::new(),
        closing: "You get this mail because you are an owner or an admin there.",
    };
    super::team_mail::compose(team_mail, mail)
}
