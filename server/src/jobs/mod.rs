//! The worker: answers requests for links, sends mail, and does what time asks for.
//!
//! Several workers, on several machines, share the work through the database; each job is claimed
//! by one of them. On each machine one worker asks Stripe, one sends mail, one tells other systems, and one does the rest,
//! so that none waits for another's time limits.

mod deliver;
mod invoice_mail;
mod member_mail;
mod payment_mail;
mod stripe;
mod team_mail;
mod under_way;
pub(crate) mod webhook;

use std::time::Duration;

use chrono::TimeDelta;
use tokio::{sync::watch, task::JoinSet};

use crate::{
    account::log_refusal,
    error::{Error, Result},
    login::answer_request,
    state::App,
    store::system::{ClaimedJob, JobKind, Lane},
};

/// How long the worker sleeps when there is nothing to do and nobody wakes it: another machine may
/// have written a job down.
const NAP: Duration = Duration::from_secs(1);
/// How often the recurring jobs are put into the queue.
const RECURRING: TimeDelta = TimeDelta::minutes(10);
/// The longest pause between two tries.
const LONGEST_PAUSE: TimeDelta = TimeDelta::hours(1);

/// Works in every lane until told to stop; what is in hand is finished first.
pub async fn work(app: App, stop: watch::Receiver<bool>) {
    let workers: JoinSet<()> =
        Lane::ALL.into_iter().map(|lane| work_in(lane, app.clone(), stop.clone())).collect();
    workers.join_all().await;
}

async fn work_in(lane: Lane, app: App, mut stop: watch::Receiver<bool>) {
    let mut recurring_at = app.clock.now();
    while !*stop.borrow() {
        if lane == Lane::Desk && app.clock.now() >= recurring_at {
            recurring_at = app.clock.now() + RECURRING;
            log_failure(enqueue_recurring(&app).await);
        }
        match guarded(lane, &app, stop.clone()).await {
            // What a payment or a request for a link brings about is told by mail.
            Ok(true) if matches!(lane, Lane::Payments | Lane::Desk) => app.bell.ring(),
            worked => log_failure(worked),
        }
        tokio::select! {
            () = app.bell.heard(lane) => {}
            () = tokio::time::sleep(NAP) => {}
            _ = stop.changed() => {}
        }
    }
}

/// A panic over one job must not end the work on all others: what was in hand is tried again when
/// its time comes.
async fn guarded(lane: Lane, app: &App, stop: watch::Receiver<bool>) -> Result<bool> {
    let app = app.clone();
    tokio::spawn(async move { work_until(lane, &app, || *stop.borrow()).await }).await.map_err(Error::bug)?
}

/// Does everything that is due, in one lane after the other.
///
/// # Errors
/// When the database does not answer; what was in hand is tried again later.
pub async fn work_until_idle(app: &App) -> Result<()> {
    loop {
        let mut worked = false;
        for lane in Lane::ALL {
            worked |= work_until_idle_in(lane, app).await?;
        }
        if !worked {
            return Ok(());
        }
    }
}

/// Does everything that is due in this lane; whether that was anything.
///
/// # Errors
/// When the database does not answer; what was in hand is tried again later.
pub async fn work_until_idle_in(lane: Lane, app: &App) -> Result<bool> {
    work_until(lane, app, || false).await
}

/// The same, unless told to stop between two jobs.
async fn work_until(lane: Lane, app: &App, is_to_stop: impl Fn() -> bool) -> Result<bool> {
    let mut worked = false;
    while !is_to_stop() {
        let job = app.store.system().claim_job(lane).await?;
        if let Some(job) = &job {
            run(app, job).await?;
        }
        // The sweep is for what nobody told, and waits until what was told is done.
        let more = match lane {
            Lane::Desk => job.is_some(),
            Lane::Mail => deliver::all(app, &is_to_stop).await?,
            Lane::Payments => job.is_some() || stripe::sweep(app).await?,
            Lane::Webhooks => webhook::all(app, &is_to_stop).await?,
        };
        if !more {
            return Ok(worked);
        }
        worked = true;
    }
    Ok(worked)
}

/// Puts the jobs into the queue that come again and again.
///
/// # Errors
/// When the database does not answer.
pub async fn enqueue_recurring(app: &App) -> Result<()> {
    let mut tx = app.store.system().begin().await?;
    for kind in [JobKind::RollOverdue, JobKind::Housekeeping] {
        tx.enqueue(kind, Some(kind.as_str()), "").await?;
    }
    tx.commit().await
}

/// Runs one job. A job that fails is tried again, later each time.
async fn run(app: &App, job: &ClaimedJob) -> Result<()> {
    let done = match JobKind::parse(&job.kind) {
        Some(JobKind::LoginRequest) => answer_request(&app.store, &app.config.portal_secrets, job).await,
        Some(JobKind::SignInRefused) => log_refusal(&app.store, job).await,
        Some(JobKind::RollOverdue) => roll_overdue(app, job).await,
        Some(JobKind::Housekeeping) => housekeeping(app, job).await,
        Some(JobKind::StripeEvent) => stripe::event(app, job).await,
        Some(JobKind::ReviewCheckouts) => stripe::review(app, job).await,
        Some(JobKind::CloseCheckouts) => stripe::close(app, job).await,
        // A newer version has written it; that one will run it.
        None => Err(Error::bug(format!("a job of the unknown kind {}", job.kind))),
    };
    match done {
        Ok(()) => Ok(()),
        Err(error) => {
            error.log();
            app.store
                .system()
                .retry_job(job.id, app.clock.now() + pause(job.attempts), &error.to_string())
                .await
        }
    }
}

async fn roll_overdue(app: &App, job: &ClaimedJob) -> Result<()> {
    while app.store.system().roll_overdue().await? > 0 {
        tokio::task::yield_now().await;
    }
    while app.store.system().roll_overdue_of_orgs().await? > 0 {
        tokio::task::yield_now().await;
    }
    finish(app, job).await
}

async fn housekeeping(app: &App, job: &ClaimedJob) -> Result<()> {
    app.store.system().delete_old().await?;
    finish(app, job).await
}

async fn finish(app: &App, job: &ClaimedJob) -> Result<()> {
    let mut tx = app.store.system().begin().await?;
    tx.finish(job.id).await?;
    tx.commit().await
}

/// Two seconds after the first failure, then twice as long each time.
fn pause(attempts: i64) -> TimeDelta {
    let doublings = u32::try_from(attempts.clamp(0, 20)).unwrap_or(20);
    TimeDelta::seconds(1 << doublings).min(LONGEST_PAUSE)
}

fn log_failure<T>(done: Result<T>) {
    if let Err(error) = done {
        error.log();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_pause_is_twice_the_one_before_up_to_an_hour() {
        assert_eq!([1, 2, 3].map(|attempts| pause(attempts).num_seconds()), [2, 4, 8]);
        assert_eq!(pause(12), LONGEST_PAUSE);
        assert_eq!(pause(i64::MAX), LONGEST_PAUSE);
    }
}
