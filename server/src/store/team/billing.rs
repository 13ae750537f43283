//! What the writes of `billing` are made of: an invoice is locked, and everything that follows from the
//! change is written in the same transaction.

use chrono::NaiveDate;

use super::TeamScope;
use crate::{
    auth::actor::TeamActor,
    clock::{Clock, first_of_month},
    error::Result,
    id::{InvoiceId, OrgId, PaymentId},
    ledger::{BalanceChange, LockedInvoice, NewPayment},
    store::{
        ActivityKind, Origin,
        activity::{self, MemberActivity},
        db::{Conn, execute, fetch_optional},
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
/// The day of the last payment is that of the newest one that was not taken back.
const SAVE_PAID: &str = "UPDATE invoices SET paid_minor = $4, last_paid_on = (SELECT MAX(p.received_on) FROM payments p \
    WHERE p.org_id = $1 AND p.client_id = $2 AND p.invoice_id = $3 AND p.kind = 'payment' AND NOT EXISTS (\
        SELECT 1 FROM payments r WHERE r.org_id = p.org_id AND r.client_id = p.client_id AND r.reverses_id = p.id AND r.kind = 'reversal')) \
    WHERE org_id = $1 AND client_id = $2 AND id = $3";
const SAVE_VOID: &str =
    "UPDATE invoices SET status = 'void', voided_at = $4 WHERE org_id = $1 AND client_id = $2 AND id = $3";
/// A row of nothing, where there is none yet; its day is today's.
const OPEN_BALANCE: &str = "INSERT INTO client_balances (org_id, client_id, currency, outstanding_minor, open_count, \
    overdue_minor, overdue_count, overdue_before) VALUES ($1, $2, $3, 0, 0, 0, 0, $4) \
    ON CONFLICT (org_id, client_id, currency) DO NOTHING";
const CHANGE_BALANCE: &str = "UPDATE client_balances SET outstanding_minor = outstanding_minor + $4, \
    open_count = open_count + $5, \
    overdue_minor = overdue_minor + CASE WHEN $6 < overdue_before THEN $4 ELSE 0 END, \
    overdue_count = overdue_count + CASE WHEN $6 < overdue_before THEN $5 ELSE 0 END \
    WHERE org_id = $1 AND client_id = $2 AND currency = $3";

const OPEN_ORG_BALANCE: &str = "INSERT INTO org_balances (org_id, currency, outstanding_minor, open_count, \
    overdue_minor, overdue_count, overdue_before) VALUES ($1, $2, 0, 0, 0, 0, $3) \
    ON CONFLICT (org_id, currency) DO NOTHING";
const CHANGE_ORG_BALANCE: &str = "UPDATE org_balances SET outstanding_minor = outstanding_minor + $3, \
    open_count = open_count + $4, \
    overdue_minor = overdue_minor + CASE WHEN $5 < overdue_before THEN $3 ELSE 0 END, \
    overdue_count = overdue_count + CASE WHEN $5 < overdue_before THEN $4 ELSE 0 END \
    WHERE org_id = $1 AND currency = $2";
/// `$3`: the first day of the month.
const CHANGE_PAID_MONTH: &str = "INSERT INTO org_paid_months (org_id, currency, month, paid_minor, payment_count) \
    VALUES ($1, $2, $3, $4, $5) ON CONFLICT (org_id, currency, month) DO UPDATE \
    SET paid_minor = org_paid_months.paid_minor + excluded.paid_minor, \
    payment_count = org_paid_months.payment_count + excluded.payment_count";

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
            self.change_paid_month(invoice, payment.received_on, (payment.amount_minor, 1)).await?;
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
            self.change_paid_month(invoice, today, (-payment.amount_minor, -1)).await?;
        }
        Ok(added > 0)
    }

    /// Moves along what came in a month: the amount, and the number of payments.
    async fn change_paid_month(
        &mut self,
        invoice: &LockedInvoice,
        day: NaiveDate,
        (paid_minor, payments): (i64, i64),
    ) -> Result<()> {
        let (org, month) = (self.org(), first_of_month(day));
        execute!(self.conn, CHANGE_PAID_MONTH, org, invoice.currency.as_str(), month, paid_minor, payments)?;
        Ok(())
    }

    /// Keeps what is paid on an invoice.
    pub(crate) async fn save_paid(&mut self, invoice: &LockedInvoice) -> Result<()> {
        let org = self.org();
        execute!(self.conn, SAVE_PAID, org, invoice.client_id, invoice.id, invoice.paid_minor)?;
        Ok(())
    }

    /// Keeps that an invoice is void.
    pub(crate) async fn save_void(&mut self, invoice: &LockedInvoice) -> Result<()> {
        let (org, now) = (self.org(), self.clock.now());
        execute!(self.conn, SAVE_VOID, org, invoice.client_id, invoice.id, now)?;
        Ok(())
    }

    /// Moves the balances of the client and of the whole org along.
    pub(crate) async fn change_balance(
        &mut self,
        invoice: &LockedInvoice,
        change: BalanceChange,
    ) -> Result<()> {
        let org = self.org();
        let today = self.today;
        let (client, currency) = (invoice.client_id, invoice.currency.as_str());
        execute!(self.conn, OPEN_BALANCE, org, client, currency, today)?;
        execute!(
            self.conn,
            CHANGE_BALANCE,
            org,
            client,
            currency,
            change.outstanding_minor,
            change.open_count,
            invoice.due_on,
        )?;
        // The org's row last: all of its writers meet there, and then wait for no other.
        execute!(self.conn, OPEN_ORG_BALANCE, org, currency, today)?;
        let BalanceChange { outstanding_minor, open_count } = change;
        execute!(
            self.conn,
            CHANGE_ORG_BALANCE,
            org,
            currency,
            outstanding_minor,
            open_count,
            invoice.due_on,
        )?;
        Ok(())
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
            kind,
            org_id: self.actor.org_id(),
            member_id: self.actor.member_id(),
            client_id: Some(invoice.client_id),
            contact_id: None,
            invoice_id: Some(invoice.id),
            detail,
            origin,
        };
        activity::append_member(&mut self.conn, self.clock.now(), &row).await
    }
}
