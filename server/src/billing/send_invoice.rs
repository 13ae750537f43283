//! A draft becomes an invoice: it takes its number, stays as it is from now on, counts in the client's
//! balance, and is mailed.

use app::problem::{FieldProblem, Problem};
use chrono::NaiveDate;

use crate::{
    auth::share_link::ShareLinks,
    draft::Reading,
    error::{Error, Result},
    id::{ContactId, InvoiceId},
    ledger::LockedInvoice,
    store::{
        ActivityKind, Origin, WebhookKind,
        team::{DraftRow, InvoiceMailKind, Recipient, Stale, TeamScope},
    },
};

/// What is to be sent, and to whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// The draft.
    pub id: InvoiceId,
    /// The version that was read.
    pub version: i64,
    /// Contacts of the client. Nobody: it is sent without a mail, to be passed on by its share link.
    pub contacts: Vec<ContactId>,
    /// The org's own words in the mail; trimmed and checked by whoever makes one.
    pub message: String,
}

/// Why a draft was not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendRefused {
    /// Somebody else has changed it, or there is none.
    Stale(Stale),
    /// Something in it hinders.
    Problems(Vec<FieldProblem>),
}

/// Sends a draft. One that was sent already is left as it is.
pub async fn send_invoice(
    scope: &TeamScope<'_>,
    links: &ShareLinks,
    outgoing: &Outgoing,
    today: NaiveDate,
    read_by: impl Fn(&DraftRow) -> Result<Reading> + Send,
    origin: &Origin,
) -> Result<Result<(), SendRefused>> {
    if !scope.may_mail(InvoiceMailKind::Invoice, outgoing.id, &outgoing.contacts).await? {
        let problem = FieldProblem::new("contacts", Problem::TooManyMailsToday);
        return Ok(Err(SendRefused::Problems(vec![problem])));
    }
    let mut tx = scope.begin(today).await?;
    let draft = match tx.lock_draft(outgoing.id, outgoing.version).await? {
        Ok(draft) if draft.row.status == "sent" => return Ok(Ok(())),
        Ok(draft) if draft.row.status == "draft" => draft,
        Ok(_) => return Ok(Err(SendRefused::Stale(Stale::NotFound))),
        Err(stale) => return Ok(Err(SendRefused::Stale(stale))),
    };
    let reading = read_by(&draft.row)?;
    let ready = match draft.typed.ready(&reading) {
        Ok(ready) => ready,
        Err(problems) => return Ok(Err(SendRefused::Problems(problems))),
    };
    let known = tx.recipients(draft.row.client_id).await?;
    let Some(recipients) = chosen(&known, &outgoing.contacts) else {
        let problem = FieldProblem::new("contacts", Problem::NoContact);
        return Ok(Err(SendRefused::Problems(vec![problem])));
    };
    let mut invoice = LockedInvoice {
        id: draft.row.id,
        client_id: draft.row.client_id,
        status: draft.row.status,
        currency: draft.row.currency,
        due_on: ready.due_on,
        total_minor: 0,
        paid_minor: 0,
    };
    let change = invoice
        .send(ready.totals.total_minor, ready.due_on)
        .map_err(|refused| Error::bug(format!("a draft that cannot be sent: {refused:?}")))?;
    let number = tx.take_number().await?;
    tx.save_sent(&invoice, &number, reading.currency, &ready).await?;
    tx.change_balance(&invoice, change).await?;
    let (nonce, token_hash) = links.mint();
    tx.add_share_link(&invoice, nonce.bytes(), &token_hash).await?;
    for to in recipients {
        let act = (InvoiceMailKind::Invoice, outgoing.id.uuid());
        tx.enqueue_invoice_mail(act, &invoice, to, &outgoing.message).await?;
    }
    tx.log(ActivityKind::InvoiceSent, &invoice, &number, origin).await?;
    tx.emit(WebhookKind::InvoiceSent, &invoice, None).await?;
    tx.commit().await?;
    Ok(Ok(()))
}

/// The contacts that were chosen; `None` where one of them is none of the client's.
pub(super) fn chosen<'a>(known: &'a [Recipient], wanted: &[ContactId]) -> Option<Vec<&'a Recipient>> {
    let mut wanted = wanted.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    wanted.iter().map(|id| known.iter().find(|contact| contact.id == *id)).collect()
}
