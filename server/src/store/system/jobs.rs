//! Jobs: rows that say what is to be done soon. A worker claims one by moving its `run_at` into the
//! future in one UPDATE, so that each is done once, on whichever machine; a worker that dies leaves
//! the job to be claimed again when that time has come.

use chrono::{DateTime, TimeDelta, Utc};

use super::{System, SystemTx};
use crate::{
    error::Result,
    id::JobId,
    store::db::{execute, fetch_optional},
};

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobKind {
    /// Look a request for a magic link up and answer it. Payload: the request's id.
    LoginRequest,
    /// Tell the log of a wrong password, if there is an account. Payload: what was refused, as `account` reads it.
    SignInRefused,
    /// Count what has become overdue into the balances. Payload: none.
    RollOverdue,
    /// Delete what has served its time: old requests, sessions, mails. Payload: none.
    Housekeeping,
    /// Look at what Stripe told. Payload: the event's id.
    StripeEvent,
    /// What is due on an invoice has changed: close what is open for the old amount. Payload: org, client, invoice.
    ReviewCheckouts,
    /// An org takes no payments online any more: close what is open on its account. Payload: the org's id.
    CloseCheckouts,
}

impl JobKind {
    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LoginRequest => "login_request",
            Self::SignInRefused => "sign_in_refused",
            Self::RollOverdue => "roll_overdue",
            Self::Housekeeping => "housekeeping",
            Self::StripeEvent => "stripe_event",
            Self::ReviewCheckouts => "review_checkouts",
            Self::CloseCheckouts => "close_checkouts",
        }
    }

    /// Reads the word; `None` for one that this version does not know.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [
            Self::LoginRequest,
            Self::SignInRefused,
            Self::RollOverdue,
            Self::Housekeeping,
            Self::StripeEvent,
            Self::ReviewCheckouts,
            Self::CloseCheckouts,
        ]
        .into_iter()
        .find(|kind| kind.as_str() == word)
    }
}

/// Who does a job. Stripe and mail servers may be slow or away, and nothing else waits for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// All that asks Stripe.
    Payments,
    /// Everything else, kinds that this version does not know included.
    Desk,
    /// Sending mail. It has a table of its own and no jobs.
    Mail,
    /// Telling the orgs' own systems, which may be slow or away as well. It has a table of its own and no jobs.
    Webhooks,
}

impl Lane {
    /// Every lane.
    pub const ALL: [Self; 4] = [Self::Payments, Self::Desk, Self::Mail, Self::Webhooks];
}

/// A job that this worker holds.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ClaimedJob {
    /// Id.
    pub id: JobId,
    /// As [`JobKind`] names it.
    pub kind: String,
    /// What the kind needs to know.
    pub payload: String,
    /// How often it has been claimed, this time included.
    pub attempts: i64,
}

const ENQUEUE: &str = "INSERT INTO jobs (id, kind, dedupe_key, payload, run_at, attempts) \
    VALUES ($1, $2, $3, $4, $5, 0) ON CONFLICT (dedupe_key) DO NOTHING";
/// `$1`: now. `$2`: until when it is held. Each lane has an index of its own.
macro_rules! claim {
    ($in:literal) => {
        concat!(
            "UPDATE jobs SET run_at = $2, attempts = attempts + 1 WHERE id = (SELECT id FROM jobs WHERE run_at <= $1 \
            AND kind ",
            $in,
            " ('stripe_event', 'review_checkouts', 'close_checkouts') ORDER BY run_at LIMIT 1) AND run_at <= $1 \
            RETURNING id, kind, payload, attempts"
        )
    };
}

const CLAIM_OF_PAYMENTS: &str = claim!("IN");
const CLAIM_OF_DESK: &str = claim!("NOT IN");
const DONE: &str = "DELETE FROM jobs WHERE id = $1";
const RETRY: &str = "UPDATE jobs SET run_at = $2, last_error = $3 WHERE id = $1";

/// How long a worker may hold a job before another may take it.
const LEASE: TimeDelta = TimeDelta::minutes(1);

impl SystemTx {
    /// Puts a job into the queue. With a key it is put there only if none with that key waits.
    pub(crate) async fn enqueue(&mut self, kind: JobKind, key: Option<&str>, payload: &str) -> Result<()> {
        let now = self.clock.now();
        execute!(self.conn, ENQUEUE, JobId::new(now), kind.as_str(), key, payload, now)?;
        Ok(())
    }

    /// Takes a job that is done out of the queue, in the transaction that did it. Whether it was still there: a worker
    /// that took too long over it finds that another has done it.
    pub(crate) async fn finish(&mut self, job: JobId) -> Result<bool> {
        Ok(execute!(self.conn, DONE, job)? > 0)
    }
}

impl System<'_> {
    /// Claims the job of this lane that is due first, if one is due.
    pub(crate) async fn claim_job(&self, lane: Lane) -> Result<Option<ClaimedJob>> {
        let claim = match lane {
            Lane::Payments => CLAIM_OF_PAYMENTS,
            Lane::Desk => CLAIM_OF_DESK,
            Lane::Mail | Lane::Webhooks => return Ok(None),
        };
        let now = self.store.clock.now();
        let mut tx = self.begin().await?;
        let job = fetch_optional!(tx.conn, ClaimedJob, claim, now, now + LEASE)?;
        tx.commit().await?;
        Ok(job)
    }

    /// Puts a job back that failed.
    pub(crate) async fn retry_job(&self, job: JobId, run_at: DateTime<Utc>, error: &str) -> Result<()> {
        let mut tx = self.begin().await?;
        execute!(tx.conn, RETRY, job, run_at, error)?;
        tx.commit().await
    }
}
