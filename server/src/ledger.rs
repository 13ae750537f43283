//! The rules of an invoice that was sent: what may be paid on it, taken back from it, and when it may be
//! cancelled. Pure; amounts are minor units.

use chrono::NaiveDate;

use crate::id::{ClientId, InvoiceId, PaymentId};

/// How money came that the team writes down by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// To the org's bank account.
    BankTransfer,
    /// In coins and notes.
    Cash,
    /// In any other way.
    Other,
}

impl Method {
    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BankTransfer => "bank_transfer",
            Self::Cash => "cash",
            Self::Other => "other",
        }
    }
}

/// Why nothing was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BillingError {
    /// There is no such invoice or payment in this org, or the invoice is a draft.
    NotFound,
    /// The invoice is void.
    Void,
    /// More than is due.
    MoreThanDue {
        /// What is due.
        due_minor: i64,
    },
    /// The payment was taken back already, or is itself no payment made by hand.
    NotReversible,
    /// Something is paid on the invoice: it must be taken back first.
    Paid,
    /// Another payment of the org has the id.
    IdTaken,
}

/// A payment as the team writes it down. Texts are trimmed and checked by whoever makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPayment {
    /// Made with the form that is sent, so that a form that is sent twice is one payment.
    pub id: PaymentId,
    /// For which invoice.
    pub invoice_id: InvoiceId,
    /// Minor units of the invoice's currency.
    pub amount_minor: i64,
    /// How it came.
    pub method: Method,
    /// When it came.
    pub received_on: NaiveDate,
    /// The payer's reference; may be empty.
    pub reference: String,
}

/// An invoice that this transaction holds.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct LockedInvoice {
    /// Id.
    pub id: InvoiceId,
    /// The client.
    pub client_id: ClientId,
    /// `draft`, `sent` or `void`.
    pub status: String,
    /// ISO 4217.
    pub currency: String,
    /// Last day to pay in time.
    pub due_on: NaiveDate,
    /// Total, taxes included.
    pub total_minor: i64,
    /// Paid so far.
    pub paid_minor: i64,
}

impl LockedInvoice {
    /// Whether it was sent, counts, and nothing is due on it any more.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.status == "sent" && self.paid_minor >= self.total_minor
    }
}

/// What a change does to a client's balance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BalanceChange {
    /// Added to what is outstanding.
    pub outstanding_minor: i64,
    /// Added to the number of open invoices.
    pub open_count: i64,
}

impl LockedInvoice {
    /// What is due on it.
    #[must_use]
    pub fn due_minor(&self) -> i64 {
        if self.status == "sent" { (self.total_minor - self.paid_minor).max(0) } else { 0 }
    }

    fn is_open(&self) -> bool {
        self.status == "sent" && self.paid_minor < self.total_minor
    }

    /// Sends a draft: from now on this is due on it.
    ///
    /// # Errors
    /// [`BillingError::NotFound`] where it is no draft.
    pub fn send(&mut self, total_minor: i64, due_on: NaiveDate) -> Result<BalanceChange, BillingError> {
        if self.status != "draft" {
            return Err(BillingError::NotFound);
        }
        Ok(self.change(|invoice| {
            "sent".clone_into(&mut invoice.status);
            invoice.total_minor = total_minor;
            invoice.due_on = due_on;
        }))
    }

    /// Whether somebody may be reminded of it: something is due.
    #[must_use]
    pub fn may_remind(&self) -> bool {
        self.is_open()
    }

    /// Pays a part of it, or all; never more than is due (rule M6a).
    ///
    /// # Errors
    /// [`BillingError::Void`], [`BillingError::NotFound`] for a draft, [`BillingError::MoreThanDue`].
    pub fn pay(&mut self, amount_minor: i64) -> Result<BalanceChange, BillingError> {
        match self.status.as_str() {
            "sent" => {}
            "void" => return Err(BillingError::Void),
            _ => return Err(BillingError::NotFound),
        }
        if amount_minor <= 0 || amount_minor > self.due_minor() {
            return Err(BillingError::MoreThanDue { due_minor: self.due_minor() });
        }
        Ok(self.change(|invoice| invoice.paid_minor += amount_minor))
    }

    /// Money that Stripe says has come: it is there, whatever is due. Says what is odd about it, if anything.
    pub fn receive(&mut self, amount_minor: i64) -> (BalanceChange, Option<&'static str>) {
        let flag = match self.status.as_str() {
            "sent" if amount_minor <= self.due_minor() => None,
            "sent" => Some("more_than_due"),
            _ => Some("void"),
        };
        (self.change(|invoice| invoice.paid_minor += amount_minor), flag)
    }

    /// Takes a payment back.
    pub fn take_back(&mut self, amount_minor: i64) -> BalanceChange {
        self.change(|invoice| invoice.paid_minor -= amount_minor)
    }

    /// Cancels it (rule M8).
    ///
    /// # Errors
    /// [`BillingError::Void`] where it is so already, [`BillingError::NotFound`] for a draft,
    /// [`BillingError::Paid`] where something is paid on it.
    pub fn cancel(&mut self) -> Result<BalanceChange, BillingError> {
        match self.status.as_str() {
            "sent" if self.paid_minor != 0 => Err(BillingError::Paid),
            "sent" => Ok(self.change(|invoice| "void".clone_into(&mut invoice.status))),
            "void" => Err(BillingError::Void),
            _ => Err(BillingError::NotFound),
        }
    }

    /// The balance counts what is due on open invoices, before and after.
    fn change(&mut self, make: impl FnOnce(&mut Self)) -> BalanceChange {
        let (due, open) = (self.due_minor(), i64::from(self.is_open()));
        make(self);
        BalanceChange {
            outstanding_minor: self.due_minor() - due,
            open_count: i64::from(self.is_open()) - open,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(total: i64, paid: i64) -> LockedInvoice {
        let day = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
        LockedInvoice {
            id: InvoiceId::from_uuid(uuid::Uuid::nil()),
            client_id: ClientId::from_uuid(uuid::Uuid::nil()),
            status: "sent".to_owned(),
            currency: "EUR".to_owned(),
            due_on: day,
            total_minor: total,
            paid_minor: paid,
        }
    }

    #[test]
    fn a_part_leaves_it_open_and_the_rest_closes_it() {
        let mut invoice = sent(100, 0);
        assert_eq!(invoice.pay(40), Ok(BalanceChange { outstanding_minor: -40, open_count: 0 }));
        assert_eq!(invoice.pay(61), Err(BillingError::MoreThanDue { due_minor: 60 }));
        assert_eq!(invoice.pay(0), Err(BillingError::MoreThanDue { due_minor: 60 }));
        assert_eq!(invoice.pay(60), Ok(BalanceChange { outstanding_minor: -60, open_count: -1 }));
        assert_eq!(invoice.pay(1), Err(BillingError::MoreThanDue { due_minor: 0 }));
        assert_eq!(invoice.take_back(60), BalanceChange { outstanding_minor: 60, open_count: 1 });
    }

    #[test]
    fn what_is_paid_is_more_than_nothing() {
        assert_eq!(sent(100, 0).pay(-1), Err(BillingError::MoreThanDue { due_minor: 100 }));
        assert_eq!(sent(100, 130).due_minor(), 0);
        let void = LockedInvoice { status: "void".to_owned(), ..sent(100, 0) };
        assert_eq!(void.due_minor(), 0);
    }

    #[test]
    fn money_that_came_is_there_whatever_is_due() {
        assert_eq!(
            sent(100, 40).receive(60),
            (BalanceChange { outstanding_minor: -60, open_count: -1 }, None)
        );
        let mut invoice = sent(100, 40);
        assert_eq!(
            invoice.receive(61),
            (BalanceChange { outstanding_minor: -60, open_count: -1 }, Some("more_than_due"))
        );
        assert_eq!(invoice.paid_minor, 101);
        let mut void = LockedInvoice { status: "void".to_owned(), ..sent(100, 0) };
        assert_eq!(void.receive(1), (BalanceChange { outstanding_minor: 0, open_count: 0 }, Some("void")));
        assert_eq!(void.paid_minor, 1);
    }

    #[test]
    fn an_invoice_is_settled_once_it_was_sent_and_nothing_is_due() {
        let settled =
            |status: &str, paid| LockedInvoice { status: status.to_owned(), ..sent(100, paid) }.is_settled();
        assert!(settled("sent", 100) && settled("sent", 101));
        assert!(!settled("sent", 99) && !settled("void", 100) && !settled("draft", 100));
    }

    #[test]
    fn methods_are_named_as_in_the_database() {
        let names = [Method::BankTransfer, Method::Cash, Method::Other].map(Method::as_str);
        assert_eq!(names, ["bank_transfer", "cash", "other"]);
    }

    #[test]
    fn what_is_sent_is_due_and_is_sent_once() {
        let day = NaiveDate::from_ymd_opt(2026, 4, 1).unwrap();
        let mut invoice = LockedInvoice { status: "draft".to_owned(), ..sent(0, 0) };
        assert!(!invoice.may_remind());
        assert_eq!(invoice.send(100, day), Ok(BalanceChange { outstanding_minor: 100, open_count: 1 }));
        assert_eq!((invoice.due_on, invoice.may_remind()), (day, true));
        assert_eq!(invoice.send(100, day), Err(BillingError::NotFound));
        let mut free = LockedInvoice { status: "draft".to_owned(), ..sent(0, 0) };
        assert_eq!(free.send(0, day), Ok(BalanceChange { outstanding_minor: 0, open_count: 0 }));
        assert!(!free.may_remind());
    }

    #[test]
    fn only_what_nothing_is_paid_on_is_cancelled() {
        assert_eq!(sent(100, 40).cancel(), Err(BillingError::Paid));
        let mut invoice = sent(100, 0);
        assert_eq!(invoice.cancel(), Ok(BalanceChange { outstanding_minor: -100, open_count: -1 }));
        assert_eq!(invoice.cancel(), Err(BillingError::Void));
        assert_eq!(invoice.pay(1), Err(BillingError::Void));
        let mut draft = LockedInvoice { status: "draft".to_owned(), ..sent(100, 0) };
        assert_eq!(
            (draft.cancel(), draft.pay(1)),
            (Err(BillingError::NotFound), Err(BillingError::NotFound))
        );
    }
}
