//! The outbox (rule O3): mail is written in the transaction that causes it and sent by a worker. A
//! mail is claimed before it is sent and marked after; a crash in between repeats it at most once.

use chrono::{DateTime, TimeDelta, Utc};

use super::{System, SystemTx};
use crate::{
    error::Result,
    id::MailId,
    store::db::{Conn, execute, fetch_optional},
};

/// What kind of mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailKind {
    /// Magic links. Payload: the request's id.
    LoginLink,
    /// To prove the address of a new account. Payload: the token's id.
    SignUp,
    /// To set a new password. Payload: the token's id.
    PasswordReset,
    /// About an invoice, to one contact. Payload: the id of its row in `invoice_mails`.
    Invoice,
    /// To join a team. Payload: the invitation's id.
    Invitation,
    /// To prove a person's new address. Payload: the change's id.
    EmailChange,
    /// To the address that is about to be left. Payload: the change's id.
    EmailChangeNotice,
    /// To whoever paid online. Payload: the checkout's id.
    PaymentReceipt,
    /// To the org that was paid online. Payload: the checkout's id.
    PaymentNotice,
    /// A webhook was switched off. Payload: org and endpoint.
    WebhookDisabled,
}

impl MailKind {
    /// All of them.
    const ALL: [Self; 10] = [
        Self::LoginLink,
        Self::SignUp,
        Self::PasswordReset,
        Self::Invoice,
        Self::Invitation,
        Self::EmailChange,
        Self::EmailChangeNotice,
        Self::PaymentReceipt,
        Self::PaymentNotice,
        Self::WebhookDisabled,
    ];

    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LoginLink => "login_link",
            Self::SignUp => "sign_up",
            Self::PasswordReset => "password_reset",
            Self::Invoice => "invoice",
            Self::Invitation => "invitation",
            Self::EmailChange => "email_change",
            Self::EmailChangeNotice => "email_change_notice",
            Self::PaymentReceipt => "payment_receipt",
            Self::PaymentNotice => "payment_notice",
            Self::WebhookDisabled => "webhook_disabled",
        }
    }

    /// Reads the word; `None` for one that this version does not know.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// A mail that this worker holds.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ClaimedMail {
    /// Id; also the first half of its `Message-ID`, so that a repeated mail can be known.
    pub id: MailId,
    /// As [`MailKind`] names it.
    pub kind: String,
    /// The address it goes to.
    pub recipient: String,
    /// What the kind needs to know. Nothing in it opens a door.
    pub payload: String,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// How often it has been claimed, this time included.
    pub attempts: i64,
}

const ENQUEUE: &str = "INSERT INTO outbox (id, kind, recipient, payload, created_at, run_at, attempts) \
    VALUES ($1, $2, $3, $4, $5, $5, 0)";
const CLAIM: &str = "UPDATE outbox SET run_at = $2, attempts = attempts + 1 \
    WHERE id = (SELECT id FROM outbox WHERE sent_at IS NULL AND failed_at IS NULL AND run_at <= $1 ORDER BY run_at LIMIT 1) \
    AND sent_at IS NULL AND failed_at IS NULL AND run_at <= $1 \
    RETURNING id, kind, recipient, payload, created_at, attempts";
const SENT: &str = "UPDATE outbox SET sent_at = $2, last_error = NULL WHERE id = $1";
const RETRY: &str = "UPDATE outbox SET run_at = $2, last_error = $3 WHERE id = $1";
const FAILED: &str = "UPDATE outbox SET failed_at = $2, last_error = $3 WHERE id = $1";

/// How long a worker may take over one mail before another may try; longer than the SMTP time-out.
const LEASE: TimeDelta = TimeDelta::minutes(2);

impl SystemTx {
    /// Writes a mail into the outbox.
    pub(crate) async fn enqueue_mail(
        &mut self,
        kind: MailKind,
        recipient: &str,
        payload: &str,
    ) -> Result<()> {
        let now = self.clock.now();
        enqueue(&mut self.conn, now, kind, recipient, payload).await
    }
}

/// Writes a mail into the outbox, in whosever transaction causes it.
pub(in crate::store) async fn enqueue(
    conn: &mut Conn,
    now: DateTime<Utc>,
    kind: MailKind,
    recipient: &str,
    payload: &str,
) -> Result<()> {
    execute!(*conn, ENQUEUE, MailId::new(now), kind.as_str(), recipient, payload, now)?;
    Ok(())
}

impl System<'_> {
    /// Claims the mail that is due first, if one is due.
    pub(crate) async fn claim_mail(&self) -> Result<Option<ClaimedMail>> {
        let now = self.store.clock.now();
        let mut tx = self.begin().await?;
        let mail = fetch_optional!(tx.conn, ClaimedMail, CLAIM, now, now + LEASE)?;
        tx.commit().await?;
        Ok(mail)
    }

    /// Marks a mail that the server has taken.
    pub(crate) async fn mail_sent(&self, mail: MailId) -> Result<()> {
        let mut tx = self.begin().await?;
        execute!(tx.conn, SENT, mail, tx.clock.now())?;
        tx.commit().await
    }

    /// Puts a mail back to be tried again.
    pub(crate) async fn retry_mail(&self, mail: MailId, run_at: DateTime<Utc>, error: &str) -> Result<()> {
        let mut tx = self.begin().await?;
        execute!(tx.conn, RETRY, mail, run_at, error)?;
        tx.commit().await
    }

    /// Gives a mail up; it stays in the outbox with its error.
    pub(crate) async fn mail_failed(&self, mail: MailId, error: &str) -> Result<()> {
        let mut tx = self.begin().await?;
        execute!(tx.conn, FAILED, mail, tx.clock.now(), error)?;
        tx.commit().await
    }
}
