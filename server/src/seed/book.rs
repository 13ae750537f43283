//! The book of one org: invoices are entered with their payments, and what the database keeps beside
//! them (sums paid, balances) comes out right.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::sheet::Priced;
use crate::{
    clock::first_of_month,
    error::Result,
    id::ClientId,
    store::system::{SystemTx, load},
};

/// The rows of one org that are not in the database yet, and its balances so far.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Book {
    overdue_before: NaiveDate,
    invoices: Vec<load::Invoice>,
    lines: Vec<load::Line>,
    taxes: Vec<load::Tax>,
    payments: Vec<load::Payment>,
    views: Vec<load::View>,
    activity: Vec<load::Activity>,
    balances: BTreeMap<(ClientId, &'static str), load::Balance>,
    paid_months: BTreeMap<(&'static str, NaiveDate), load::PaidMonth>,
}

impl Book {
    /// An empty book; what is due before this day counts as overdue.
    pub(crate) const fn new(overdue_before: NaiveDate) -> Self {
        Self {
            overdue_before,
            invoices: Vec::new(),
            lines: Vec::new(),
            taxes: Vec::new(),
            payments: Vec::new(),
            views: Vec::new(),
            activity: Vec::new(),
            balances: BTreeMap::new(),
            paid_months: BTreeMap::new(),
        }
    }

    /// Enters an invoice and everything that was paid for it.
    pub(crate) fn enter(&mut self, priced: Priced, payments: Vec<load::Payment>) {
        let Priced { mut invoice, lines, taxes } = priced;
        invoice.paid_minor = payments.iter().map(|payment| payment.amount_minor).sum();
        invoice.last_paid_on =
            payments.iter().filter(|paid| paid.kind == "payment").map(|paid| paid.received_on).max();
        if invoice.status == "sent" {
            self.count(&invoice);
        }
        for payment in &payments {
            self.count_paid(payment);
        }
        self.invoices.push(invoice);
        self.lines.extend(lines);
        self.taxes.extend(taxes);
        self.payments.extend(payments);
    }

    /// Enters that somebody has looked at an invoice.
    pub(crate) fn enter_view(&mut self, view: load::View) {
        self.views.push(view);
    }

    /// Enters a row of the log.
    pub(crate) fn enter_activity(&mut self, activity: load::Activity) {
        self.activity.push(activity);
    }

    /// How many rows wait to be written, balances aside.
    pub(crate) const fn rows(&self) -> usize {
        self.invoices.len()
            + self.lines.len()
            + self.taxes.len()
            + self.payments.len()
            + self.views.len()
            + self.activity.len()
    }

    /// Writes what waits; balances wait on.
    pub(crate) async fn write(&mut self, tx: &mut SystemTx) -> Result<()> {
        tx.load(&self.invoices).await?;
        tx.load(&self.lines).await?;
        tx.load(&self.taxes).await?;
        tx.load(&self.payments).await?;
        tx.load(&self.views).await?;
        tx.load(&self.activity).await?;
        self.invoices.clear();
        self.lines.clear();
        self.taxes.clear();
        self.payments.clear();
        self.views.clear();
        self.activity.clear();
        Ok(())
    }

    /// Writes what waits, and the balances.
    pub(crate) async fn close(mut self, tx: &mut SystemTx) -> Result<()> {
        self.write(tx).await?;
        let of_the_org: Vec<load::OrgBalance> = self.org_balances().into_values().collect();
        tx.load(&of_the_org).await?;
        let balances: Vec<load::Balance> = self.balances.into_values().collect();
        tx.load(&balances).await?;
        let months: Vec<load::PaidMonth> = self.paid_months.into_values().collect();
        tx.load(&months).await
    }

    /// What its clients owe together, by currency.
    pub(crate) fn org_balances(&self) -> BTreeMap<&'static str, load::OrgBalance> {
        let mut all = BTreeMap::new();
        for balance in self.balances.values() {
            let org = all.entry(balance.currency).or_insert_with(|| load::OrgBalance {
                org_id: balance.org_id,
                currency: balance.currency,
                outstanding_minor: 0,
                open_count: 0,
                overdue_minor: 0,
                overdue_count: 0,
                overdue_before: self.overdue_before,
            });
            org.outstanding_minor += balance.outstanding_minor;
            org.open_count += balance.open_count;
            org.overdue_minor += balance.overdue_minor;
            org.overdue_count += balance.overdue_count;
        }
        all
    }

    /// The invoices that wait to be written.
    #[cfg(test)]
    pub(crate) fn invoices(&self) -> &[load::Invoice] {
        &self.invoices
    }

    /// The balances so far.
    #[cfg(test)]
    pub(crate) fn balances(&self) -> impl Iterator<Item = &load::Balance> {
        self.balances.values()
    }

    /// What came in each month so far.
    #[cfg(test)]
    pub(crate) fn paid_months(&self) -> impl Iterator<Item = &load::PaidMonth> {
        self.paid_months.values()
    }

    /// Adds a payment, or what takes one back, to its month.
    fn count_paid(&mut self, payment: &load::Payment) {
        let month = first_of_month(payment.received_on);
        let paid = self.paid_months.entry((payment.currency, month)).or_insert_with(|| load::PaidMonth {
            org_id: payment.org_id,
            currency: payment.currency,
            month,
            paid_minor: 0,
            payment_count: 0,
        });
        paid.paid_minor += payment.amount_minor;
        paid.payment_count += match payment.kind {
            "payment" => 1,
            "reversal" => -1,
            _ => 0,
        };
    }

    /// Adds a sent invoice to its client's balance, as the database derives what is open.
    fn count(&mut self, invoice: &load::Invoice) {
        let balance =
            self.balances.entry((invoice.client_id, invoice.currency)).or_insert_with(|| load::Balance {
                org_id: invoice.org_id,
                client_id: invoice.client_id,
                currency: invoice.currency,
                outstanding_minor: 0,
                open_count: 0,
                overdue_minor: 0,
                overdue_count: 0,
                overdue_before: self.overdue_before,
            });
        let due_minor = invoice.total_minor - invoice.paid_minor;
        if due_minor <= 0 {
            return;
        }
        balance.outstanding_minor += due_minor;
        balance.open_count += 1;
        if invoice.due_on < self.overdue_before {
            balance.overdue_minor += due_minor;
            balance.overdue_count += 1;
        }
    }
}
