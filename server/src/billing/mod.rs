//! What happens to money: one write a file. Each reads what it changes under a lock, decides by a pure
//! rule of `ledger` or `draft`, and writes all of it in one transaction: the invoice, the payment, the client's
//! balance, the mails, the log.

mod close_checkout;
mod connect_stripe;
mod record_payment;
mod remind;
mod reverse_payment;
mod send_invoice;
mod settle_checkout;
mod share_link;
mod start_checkout;
mod stripe_event;
mod void_invoice;
mod webhook_payload;
mod write_draft;

pub(crate) use close_checkout::{close_checkouts, review_checkouts};
pub use connect_stripe::connect_stripe;
pub use record_payment::record_payment;
pub use remind::{Reminder, ReminderRefused, remind};
pub use reverse_payment::reverse_payment;
pub use send_invoice::{Outgoing, SendRefused, send_invoice};
pub use settle_checkout::{Settled, put_off_until, settle_checkout};
pub use share_link::{replace_share_link, revoke_share_link};
pub use start_checkout::{Basket, Cashier, PayRefused, Wanted, start_checkout};
#[cfg(feature = "testing")]
pub(crate) use stripe_event::names_in_event;
pub(crate) use stripe_event::{handle_event, refresh_account};
pub use void_invoice::void_invoice;
pub use webhook_payload::webhook_payload;
pub use write_draft::{DraftSaved, add_draft, duplicate_invoice, save_draft};
