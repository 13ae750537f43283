//! The work that no actor does: finding a session, login, jobs, mail. Nothing here is reachable
//! with an id that came from outside: it takes hashes of tokens, addresses, and rows of its own.

mod account;
mod api_token;
mod brand;
mod checkout;
mod invoice_mail;
mod jobs;
pub(crate) mod load;
mod login_request;
mod magic_link;
mod outbox;
mod overdue;
mod session;
mod share_link;
mod simulation;
mod stripe;
mod webhook;

use chrono::{DateTime, Utc};

use super::{
    Store,
    db::{Audience, Conn},
};
use crate::{clock::Clock, error::Result};

pub(crate) use account::{
    Accepted, MailedEmailChange, MailedTeamToken, NewEmailChange, NewOrg, NewPerson, NewTeamToken,
    attempts_key,
};
pub use account::{
    FoundEmailChange, FoundInvitation, FoundTeamToken, OwnOrgRow, OwnSessionRow, TeamTokenPurpose,
};
pub use brand::Logo;
pub(crate) use checkout::{CheckoutName, PaidBy, PaidCheckout, PaidInvoice};
pub(crate) use invoice_mail::MailedInvoice;
pub use jobs::{ClaimedJob, JobKind, Lane};
pub use login_request::{KnownContact, NewLoginRequest, OpenRequest, RequestOutcome, StoredRequest};
pub use magic_link::{FoundLink, MailedLink};
pub(super) use outbox::enqueue;
pub use outbox::{ClaimedMail, MailKind};
pub(crate) use stripe::{Alert, StripeAccountRow, StripeEventRow};
pub(crate) use webhook::{
    AttemptOutcome, ClaimedDelivery, DeliveryFate, MOST_BUSY, OutgoingWebhook, parse_webhook,
};

/// The system's own scope.
#[derive(Debug, Clone, Copy)]
pub(crate) struct System<'a> {
    store: &'a Store,
}

/// A transaction of the system's. Dropped without [`SystemTx::commit`], it leaves nothing behind.
pub(crate) struct SystemTx {
    conn: Conn,
    clock: Clock,
}

/// The statements that look for work among everybody's rows again and again, for the test that reads query plans.
#[cfg(feature = "testing")]
#[must_use]
pub fn planned_statements() -> Vec<(String, &'static str)> {
    [webhook::planned_statements(), login_request::planned_statements()].concat()
}

impl<'a> System<'a> {
    pub(super) const fn new(store: &'a Store) -> Self {
        Self { store }
    }

    async fn read(&self) -> Result<Conn> {
        self.store.db.read(Audience::System).await
    }

    /// Begins a transaction that writes.
    pub(crate) async fn begin(&self) -> Result<SystemTx> {
        let conn = self.store.db.write(Audience::System).await?;
        Ok(SystemTx { conn, clock: self.store.clock.clone() })
    }
}

impl SystemTx {
    /// The time at which this transaction's rows are written.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Keeps what was written.
    pub(crate) async fn commit(self) -> Result<()> {
        self.conn.commit().await
    }
}
