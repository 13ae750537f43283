//! A wrong password is told in the logs of whose account it is for (rules T1, A1). Whoever typed it waits for nothing
//! that there is to do for known addresses alone: a worker looks up whose address it is, and writes the log.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, Result},
    login::Address,
    store::{
        ActivityKind, Origin, Store,
        system::{ClaimedJob, JobKind},
    },
};

/// What was refused, before anybody looks whose account it is.
#[derive(Debug, Serialize, Deserialize)]
struct Refusal {
    /// The normalised address.
    email_norm: String,
    /// From where.
    browser: String,
    ip_short: String,
    /// When.
    at: DateTime<Utc>,
}

/// Writes down that there is no such account, or that this was not its password. Nobody is woken for it: no one waits.
pub(super) async fn note_refusal(store: &Store, address: &Address, origin: &Origin) -> Result<()> {
    let mut tx = store.system().begin().await?;
    let refusal = Refusal {
        email_norm: address.as_str().to_owned(),
        browser: origin.browser.clone(),
        ip_short: origin.ip_short.clone(),
        at: tx.now(),
    };
    let payload = serde_json::to_string(&refusal).map_err(Error::bug)?;
    tx.enqueue(JobKind::SignInRefused, None, &payload).await?;
    tx.commit().await
}

/// The worker's part: tells the logs of all orgs of whose account it is, if it is anybody's. The log and the end of the
/// job stand or fall together.
pub async fn log_refusal(store: &Store, job: &ClaimedJob) -> Result<()> {
    let refusal: Refusal = serde_json::from_str(&job.payload).map_err(Error::bug)?;
    let origin = Origin { browser: refusal.browser, ip_short: refusal.ip_short };
    let mut tx = store.system().begin().await?;
    if tx.finish(job.id).await?
        && let Some(person) = tx.person_by_email(&refusal.email_norm).await?
    {
        tx.log_person_late(refusal.at, ActivityKind::TeamSignInRefused, person.id, &origin).await?;
    }
    tx.commit().await
}
