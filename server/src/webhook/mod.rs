//! Outgoing webhooks, as Standard Webhooks has them (<https://www.standardwebhooks.com>): how a message is signed, to
//! where one may be sent, how it leaves. A leaf: it knows nothing of orgs, invoices or the database.

mod send;
mod sign;
mod target;

pub use send::{Sender, Sent};
pub use sign::{SigningSecret, signature};
pub use target::{Reach, Target, TargetProblem, is_public, whereabouts};
