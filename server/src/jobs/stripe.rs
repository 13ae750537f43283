//! What is to be done about online payments: look at what Stripe told, close what is not to be paid any more, and
//! find what nobody told of (rule M6).

use super::finish;
use crate::{
    billing::{self, Settled},
    error::{Error, Result},
    id::OrgId,
    state::App,
    store::system::ClaimedJob,
};

/// How many checkouts one look takes at once.
const AT_ONCE: i64 = 20;

/// Stripe does not answer: the job is tried again, later each time.
fn later() -> Error {
    Error::Unavailable("Stripe does not answer".into())
}

/// Looks at an event.
pub(super) async fn event(app: &App, job: &ClaimedJob) -> Result<()> {
    let Some(payments) = &app.payments else { return Err(later()) };
    let id = job.payload.parse().map_err(Error::bug)?;
    let Some(event) = app.store.system().stripe_event(&id).await? else { return finish(app, job).await };
    let outcome = billing::handle_event(&app.store, &payments.stripe, &event).await?.ok_or_else(later)?;
    let mut tx = app.store.system().begin().await?;
    tx.event_handled(&id, outcome).await?;
    tx.finish(job.id).await?;
    tx.commit().await?;
    app.changes.announce();
    Ok(())
}

/// What is due on an invoice has changed.
pub(super) async fn review(app: &App, job: &ClaimedJob) -> Result<()> {
    let Some(payments) = &app.payments else { return finish(app, job).await };
    let mut ids = job.payload.split(' ').map(str::parse::<uuid::Uuid>);
    let (Some(Ok(org)), Some(Ok(client)), Some(Ok(invoice))) = (ids.next(), ids.next(), ids.next()) else {
        return Err(Error::bug("a job without its ids"));
    };
    let tenant = (OrgId::from_uuid(org), crate::id::ClientId::from_uuid(client));
    let invoice = crate::id::InvoiceId::from_uuid(invoice);
    if billing::review_checkouts(&app.store, &payments.stripe, tenant, invoice).await? {
        return finish(app, job).await;
    }
    Err(later())
}

/// An org takes no payments online any more.
pub(super) async fn close(app: &App, job: &ClaimedJob) -> Result<()> {
    let Some(payments) = &app.payments else { return finish(app, job).await };
    let org = job.payload.parse().map_err(Error::bug)?;
    if billing::close_checkouts(&app.store, &payments.stripe, org).await? {
        finish(app, job).await
    } else {
        Err(later())
    }
}

/// Looks at checkouts of which nobody has told for too long; whether there were any.
pub(super) async fn sweep(app: &App) -> Result<bool> {
    let Some(payments) = &app.payments else { return Ok(false) };
    let due = app.store.system().claim_due_checkouts(AT_ONCE).await?;
    for row in &due {
        // One that cannot be looked at keeps nobody from the others; its time comes again.
        let settled = match billing::settle_checkout(&app.store, &payments.stripe, row.id, None).await {
            Ok(Settled::As(_)) => {
                app.changes.announce();
                continue;
            }
            Ok(settled) => Some(settled),
            Err(error) => {
                error.log();
                None
            }
        };
        let until = billing::put_off_until(row, settled, app.clock.now());
        app.store.system().put_checkout_off(row.id, until).await?;
    }
    Ok(!due.is_empty())
}
