//! What Stripe keeps: the objects of the API, each with the JSON that the API gives of it.

mod account;
mod charge;
mod event;
mod intent;
mod reversal;
mod session;

use std::collections::BTreeMap;

use serde_json::Value;

pub use account::Account;
pub use charge::{Charge, ChargeStatus};
pub use event::Event;
pub use intent::{Intent, IntentStatus};
pub use reversal::{Dispute, DisputeStatus, Refund, RefundStatus};
pub use session::{Item, PaymentStatus, Session, SessionStatus};

/// Metadata of an object.
pub type Metadata = BTreeMap<String, String>;

/// A row of a table, by its fields `id`, `account` and `created`.
macro_rules! rows {
    ($($type:ty),+) => {
        $(impl crate::table::Row for $type {
            fn id(&self) -> &str {
                &self.id
            }
            fn account(&self) -> &str {
                &self.account
            }
            fn created(&self) -> i64 {
                self.created
            }
        })+
    };
}

rows!(Session, Intent, Charge, Refund, Dispute, Event);

impl crate::table::Row for Account {
    fn id(&self) -> &str {
        &self.id
    }
    fn account(&self) -> &str {
        &self.id
    }
    fn created(&self) -> i64 {
        self.created
    }
}

/// An enum whose variants are words in JSON.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($(#[$variant_doc])* $variant),+
        }

        impl $name {
            /// The word for it in the API.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }
        }
    };
}

pub(crate) use words;

/// The object with properties that are always there, and always empty here.
fn with_nulls(mut object: Value, names: &[&str]) -> Value {
    for name in names {
        object[*name] = Value::Null;
    }
    object
}
