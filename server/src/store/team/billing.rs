//! What the writes of `billing` are made of: an invoice is locked, and everything that follows from the
//! change is written in the same transaction.

use chrono::NaiveDate;

use super::TeamScope;
use crate::{
    auth::actor::TeamActor,
    clock::Clock,
    error::Result,
    id::{InvoiceId, OrgId, PaymentId},
    ledger::{BalanceChange, LockedInvoice, NewPayment},
    store::{
        ActivityKind, Money, Origin, WebhookKind,
        activity::{self, MemberActivity},
        checkout,
        db::{Conn, execute, fetch_optional},
        money, webhook,
    },
};

/// A transaction of one member. Dropped without a commit, it leaves nothing behind.
pub struct TeamTx {
    pub(super) conn: Conn,
    pub(super) actor: TeamActor,
    pub(super) clock: Clock,
    today: NaiveDate,
}

/// A payment that is to be taken back.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct FoundPayment {
    /// Id.
    pub id: PaymentId,
    /// The invoice it is for.
    pub invoice_id: InvoiceId,
    /// `payment`, `refund`, `reversal` or `dispute`.
    pub kind: String,
    /// `card`, `bank_transfer`, `cash` or `other`.
    pub method: String,
    /// Minor units.
    pub amount_minor: i64,
}

/// The row stays locked until the transaction ends, on either database.
const LOCK: &str = "UPDATE invoices SET version = version + 1 WHERE org_id = $1 AND id = $2 \
    RETURNING id, client_id, status, currency, due_on, total_minor, paid_minor";
const PAYMENT: &str =
    "SELECT id, invoice_id, kind, method, amount_minor FROM payments WHERE org_id = $1 AND id = $2";
const ADD_PAYMENT: &str = "INSERT INTO payments (org_id, client_id, id, invoice_id, kind, method, currency, amount_minor, \
    received_on, reference, created_at) VALUES ($1, $2, $3, $4, 'payment', $5, $6, $7, $8, $9, $10) \
    ON CONFLICT DO NOTHING";
const ADD_REVERSAL: &str = "INSERT INTO payments (org_id, client_id, id, invoice_id, kind, method, currency, amount_minor, \
    received_on, reference, reverses_id, created_at) \
    SELECT $1, $2, $3, invoice_id, 'reversal', method, currency, -amount_minor, $5, reference, id, $6 \
    FROM payments WHERE org_id = $1 AND client_id = $2 AND id = $4 \
    ON CONFLICT (org_id, client_id, reverses_id) WHERE kind = 'reversal' DO NOTHING";
const SAVE_VOID: &str =
    "UPDATE invoices SET status = 'void', voided_at = $4 WHERE org_id = $1 AND client_id = $2 AND id = $3";
impl TeamScope<'_> {
    /// Begins a transaction of several steps; `today` is the org's calendar day.
    pub(crate) async fn begin(&self, today: NaiveDate) -> Result<TeamTx> {
        Ok(TeamTx { conn: self.write().await?, actor: self.actor, clock: self.store.clock.clone(), today })
    }
}

impl TeamTx {
    pub(super) const fn org(&self) -> OrgId {
        self.actor.org_id()
    }

    /// Tells the org's webhooks what has happened to an invoice, as it stands by now.
    pub(crate) async fn emit(
        &mut self,
        kind: WebhookKind,
        invoice: &LockedInvoice,
        money: Option<Money<'_>>,
    ) -> Result<()> {
        let (org, now) = (self.org(), self.clock.now());
        webhook::emit(&mut self.conn, now, kind, (org, invoice.id), money).await
    }

    /// Keeps what was written.
    pub(crate) async fn commit(self) -> Result<()> {
        self.conn.commit().await
    }

    /// A payment of the org.
    pub(crate) async fn payment(&mut self, id: PaymentId) -> Result<Option<FoundPayment>> {
        let org = self.org();
        fetch_optional!(self.conn, FoundPayment, PAYMENT, org, id)
    }

    /// An invoice of the org, which nobody else changes until this transaction ends.
    pub(crate) async fn lock_invoice(&mut self, id: InvoiceId) -> Result<Option<LockedInvoice>> {
        let org = self.org();
        fetch_optional!(self.conn, LockedInvoice, LOCK, org, id)
    }

    /// Writes a payment down; `false` where another one of the org has its id.
    pub(crate) async fn add_payment(
        &mut self,
        invoice: &LockedInvoice,
        payment: &NewPayment,
    ) -> Result<bool> {
        let (org, now) = (self.org(), self.clock.now());
        let added = execute!(
            self.conn,
            ADD_PAYMENT,
            org,
            invoice.client_id,
            payment.id,
            invoice.id,
            payment.method.as_str(),
            invoice.currency.as_str(),
            payment.amount_minor,
            payment.received_on,
            payment.reference.as_str(),
            now,
        )?;
        if added > 0 {
            money::change_paid_month(
                &mut self.conn,
                org,
                invoice,
                payment.received_on,
                (payment.amount_minor, 1),
            )
            .await?;
        }
        Ok(added > 0)
    }

    /// Writes down that a payment is taken back; `false` where it was so already.
    pub(crate) async fn add_reversal(
        &mut self,
        invoice: &LockedInvoice,
        payment: &FoundPayment,
    ) -> Result<bool> {
        let (org, now) = (self.org(), self.clock.now());
        let today = self.today;
        let id = PaymentId::new(now);
        let added = execute!(self.conn, ADD_REVERSAL, org, invoice.client_id, id, payment.id, today, now)?;
        if added > 0 {
            money::change_paid_month(&mut self.conn, org, invoice, today, (-payment.amount_minor, -1))
                .await?;
        }
        Ok(added > 0)
    }

    /// Keeps what is paid on an invoice.
    pub(crate) async fn save_paid(&mut self, invoice: &LockedInvoice) -> Result<()> {
        let org = self.org();
        money::save_paid(&mut self.conn, org, invoice).await
    }

    /// Keeps that an invoice is void.
    pub(crate) async fn save_void(&mut self, invoice: &LockedInvoice) -> Result<()> {
        let (org, now) = (self.org(), self.clock.now());
        execute!(self.conn, SAVE_VOID, org, invoice.client_id, invoice.id, now)?;
        Ok(())
    }

    /// Moves the balances of the client and of the whole org along. What is due has changed, so what somebody is
    /// about to pay online is looked at again (rule M4).
    pub(crate) async fn change_balance(
        &mut self,
        invoice: &LockedInvoice,
        change: BalanceChange,
    ) -> Result<()> {
        let (org, today, now) = (self.org(), self.today, self.clock.now());
        money::change_balance(&mut self.conn, org, today, invoice, change).await?;
        checkout::enqueue_review(&mut self.conn, now, org, invoice.client_id, invoice.id).await
    }

    /// Writes down who did it.
    pub(crate) async fn log(
        &mut self,
        kind: ActivityKind,
        invoice: &LockedInvoice,
        detail: &str,
        origin: &Origin,
    ) -> Result<()> {
        let row = MemberActivity {
            client_id: Some(invoice.client_id),
            invoice_id: Some(invoice.id),
            detail,
            ..MemberActivity::by(&self.actor, kind, origin)
        };
        activity::append_member(&mut self.conn, self.clock.now(), &row).await
    }
}
