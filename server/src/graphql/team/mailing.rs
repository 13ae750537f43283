//! Sending an invoice, reminding of one, and its share link.

use app::problem::{FieldProblem, Problem};
use async_graphql::{ID, InputObject};
use uuid::Uuid;

use super::{client::TeamSaved, draft::reading, payment::refuse, sees_invoices};
use crate::{
    billing::{self, Outgoing, Reminder, ReminderRefused, SendRefused},
    error::{Error, Result},
    fields::Check,
    graphql::guard::Team,
    id::{ContactId, InvoiceId},
    ledger::BillingError,
};

const LONGEST_MESSAGE: usize = 4_000;

/// To whom a mail about an invoice goes, and what it says besides.
#[derive(Debug, InputObject)]
#[graphql(visible = "sees_invoices")]
pub(in crate::graphql) struct TeamMailInput {
    /// Contacts of the client.
    contact_ids: Vec<ID>,
    /// The org's own words, at most 4,000 characters; may be empty.
    #[graphql(default)]
    message: String,
}

impl TeamMailInput {
    fn check(&self) -> std::result::Result<(Vec<ContactId>, String), Vec<FieldProblem>> {
        let mut check = Check::default();
        let message = check.lines("message", &self.message, LONGEST_MESSAGE);
        let contacts: Vec<ContactId> = self.contact_ids.iter().filter_map(|id| id.parse().ok()).collect();
        if contacts.len() != self.contact_ids.len() {
            check.refuse("contacts", Problem::NoContact);
        }
        if check.is_clean() { Ok((contacts, message)) } else { Err(check.into_problems()) }
    }
}

pub(super) async fn send(
    team: &Team<'_>,
    id: &str,
    version: i32,
    input: &TeamMailInput,
) -> Result<TeamSaved> {
    let id: InvoiceId = id.parse().map_err(|_| Error::NotFound)?;
    let (contacts, message) = match input.check() {
        Ok(checked) => checked,
        Err(problems) => return Ok(TeamSaved::refused(problems)),
    };
    let outgoing = Outgoing { id, version: version.into(), contacts, message };
    let reading = reading(team);
    let read_by = |draft: &crate::store::team::DraftRow| {
        Ok(reading(draft.currency.parse().map_err(Error::bug)?, draft.payment_days))
    };
    match billing::send_invoice(&team.scope, team.links, &outgoing, team.today, read_by, team.origin).await? {
        Ok(()) => Ok(TeamSaved::saved(id)),
        Err(SendRefused::Stale(stale)) => TeamSaved::stale(stale),
        Err(SendRefused::Problems(problems)) => Ok(TeamSaved::refused(problems)),
    }
}

pub(super) async fn remind(team: &Team<'_>, id: &str, key: &str, input: &TeamMailInput) -> Result<TeamSaved> {
    let invoice_id: InvoiceId = id.parse().map_err(|_| Error::NotFound)?;
    let key: Uuid = key.parse().map_err(|_| Error::Invalid { field: "key" })?;
    let (contacts, message) = match input.check() {
        Ok(checked) => checked,
        Err(problems) => return Ok(TeamSaved::refused(problems)),
    };
    let reminder = Reminder { key, invoice_id, contacts, message };
    let told = |field, problem| Ok(TeamSaved::refused(vec![FieldProblem::new(field, problem)]));
    match billing::remind(&team.scope, &reminder, team.today, team.origin).await? {
        Ok(()) => Ok(TeamSaved::saved(invoice_id)),
        Err(ReminderRefused::NotFound) => Err(Error::NotFound),
        Err(ReminderRefused::NothingDue) => told("invoice", Problem::NothingDue),
        Err(ReminderRefused::LinkOff) => told("invoice", Problem::LinkOff),
        Err(ReminderRefused::TooManyMails) => told("contacts", Problem::TooManyMailsToday),
        Err(ReminderRefused::NoContact) => told("contacts", Problem::NoContact),
    }
}

pub(super) async fn replace_link(team: &Team<'_>, id: &str) -> Result<TeamSaved> {
    let id: InvoiceId = id.parse().map_err(|_| Error::NotFound)?;
    let done = billing::replace_share_link(&team.scope, team.links, id, team.today, team.origin).await?;
    linked(id, done)
}

pub(super) async fn revoke_link(team: &Team<'_>, id: &str) -> Result<TeamSaved> {
    let id: InvoiceId = id.parse().map_err(|_| Error::NotFound)?;
    linked(id, billing::revoke_share_link(&team.scope, id, team.today, team.origin).await?)
}

fn linked(id: InvoiceId, done: std::result::Result<(), BillingError>) -> Result<TeamSaved> {
    match done {
        Ok(()) => Ok(TeamSaved::saved(id)),
        Err(refused) => refuse(refused, "invoice"),
    }
}
