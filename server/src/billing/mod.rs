//! What happens to money: one write a file. Each reads what it changes under a lock, decides by a pure
//! rule of `ledger`, and writes all of it in one transaction: the payment, the invoice, the client's
//! balance, the log.

mod record_payment;
mod reverse_payment;
mod void_invoice;

pub use record_payment::record_payment;
pub use reverse_payment::reverse_payment;
pub use void_invoice::void_invoice;
