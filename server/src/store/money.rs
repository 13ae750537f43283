//! What follows from money that came or went: what is paid on an invoice, and what client and org are owed. All of it
//! is written in the transaction that causes it, whoever does.

use chrono::NaiveDate;

use super::db::{Conn, execute};
use crate::{
    clock::first_of_month,
    error::Result,
    id::OrgId,
    ledger::{BalanceChange, LockedInvoice},
};

/// The day of the last payment is that of the newest one that was not taken back.
const SAVE_PAID: &str = "UPDATE invoices SET paid_minor = $4, last_paid_on = (SELECT MAX(p.received_on) FROM payments p \
    WHERE p.org_id = $1 AND p.client_id = $2 AND p.invoice_id = $3 AND p.kind = 'payment' AND NOT EXISTS (\
        SELECT 1 FROM payments r WHERE r.org_id = p.org_id AND r.client_id = p.client_id AND r.reverses_id = p.id AND r.kind = 'reversal')) \
    WHERE org_id = $1 AND client_id = $2 AND id = $3";
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

/// Keeps what is paid on an invoice.
pub(super) async fn save_paid(conn: &mut Conn, org: OrgId, invoice: &LockedInvoice) -> Result<()> {
    execute!(*conn, SAVE_PAID, org, invoice.client_id, invoice.id, invoice.paid_minor)?;
    Ok(())
}

/// Moves along what came in a month: the amount, and the number of payments.
pub(super) async fn change_paid_month(
    conn: &mut Conn,
    org: OrgId,
    invoice: &LockedInvoice,
    day: NaiveDate,
    (paid_minor, payments): (i64, i64),
) -> Result<()> {
    let month = first_of_month(day);
    execute!(*conn, CHANGE_PAID_MONTH, org, invoice.currency.as_str(), month, paid_minor, payments)?;
    Ok(())
}

/// Moves the balances of the client and of the whole org along; `today` is the org's calendar day.
pub(super) async fn change_balance(
    conn: &mut Conn,
    org: OrgId,
    today: NaiveDate,
    invoice: &LockedInvoice,
    change: BalanceChange,
) -> Result<()> {
    let (client, currency) = (invoice.client_id, invoice.currency.as_str());
    let BalanceChange { outstanding_minor, open_count } = change;
    execute!(*conn, OPEN_BALANCE, org, client, currency, today)?;
    execute!(*conn, CHANGE_BALANCE, org, client, currency, outstanding_minor, open_count, invoice.due_on)?;
    // The org's row last: all of its writers meet there, and then wait for no other.
    execute!(*conn, OPEN_ORG_BALANCE, org, currency, today)?;
    execute!(*conn, CHANGE_ORG_BALANCE, org, currency, outstanding_minor, open_count, invoice.due_on)?;
    Ok(())
}
