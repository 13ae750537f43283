//! A word to the client that an invoice is still to be paid. Never of one on which nothing is due.

use chrono::NaiveDate;
use uuid::Uuid;

use super::send_invoice::chosen;
use crate::{
    error::Result,
    id::{ContactId, InvoiceId},
    store::{
        ActivityKind, Origin,
        team::{InvoiceMailKind, TeamScope},
    },
};

/// Of what is to be reminded, and whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminder {
    /// Made with the form that is sent, so that a form that is sent twice is one reminder.
    pub key: Uuid,
    /// The invoice.
    pub invoice_id: InvoiceId,
    /// Contacts of the client, at least one.
    pub contacts: Vec<ContactId>,
    /// The org's own words; trimmed and checked by whoever makes one.
    pub message: String,
}

/// Why nobody was reminded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReminderRefused {
    /// There is no such invoice in this org.
    NotFound,
    /// Nothing is due on it.
    NothingDue,
    /// One of them is no contact of the client's, or nobody was chosen.
    NoContact,
    /// The share link, which the mail would carry, is switched off.
    LinkOff,
    /// As many mails as may go out within a day have gone, of the org or to one of the addresses.
    TooManyMails,
}

/// Reminds contacts of an invoice.
pub async fn remind(
    scope: &TeamScope<'_>,
    reminder: &Reminder,
    today: NaiveDate,
    origin: &Origin,
) -> Result<Result<(), ReminderRefused>> {
    if !scope.may_mail(InvoiceMailKind::Reminder, reminder.invoice_id, &reminder.contacts).await? {
        return Ok(Err(ReminderRefused::TooManyMails));
    }
    let mut tx = scope.begin(today).await?;
    let Some(invoice) = tx.lock_invoice(reminder.invoice_id).await? else {
        return Ok(Err(ReminderRefused::NotFound));
    };
    if !invoice.may_remind() {
        let is_draft = invoice.status == "draft";
        return Ok(Err(if is_draft { ReminderRefused::NotFound } else { ReminderRefused::NothingDue }));
    }
    if !tx.has_share_link(&invoice).await? {
        return Ok(Err(ReminderRefused::LinkOff));
    }
    let known = tx.recipients(invoice.client_id).await?;
    let Some(recipients) = chosen(&known, &reminder.contacts).filter(|chosen| !chosen.is_empty()) else {
        return Ok(Err(ReminderRefused::NoContact));
    };
    let mut written = 0;
    for to in recipients {
        let act = (InvoiceMailKind::Reminder, reminder.key);
        let is_new = tx.enqueue_invoice_mail(act, &invoice, to, &reminder.message).await?;
        written += u32::from(is_new);
    }
    if written > 0 {
        tx.log(ActivityKind::InvoiceReminded, &invoice, &written.to_string(), origin).await?;
        tx.commit().await?;
    }
    Ok(Ok(()))
}
