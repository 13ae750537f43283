//! Stripe's ids as types: a session's id cannot stand where an account's is wanted.

use std::{fmt, str::FromStr};

/// Longer ids are none: <https://docs.stripe.com/upgrades#what-changes-does-stripe-consider-to-be-backwards-compatible>.
const LONGEST: usize = 255;

macro_rules! stripe_ids {
    ($($(#[$doc:meta])* $name:ident: $prefix:literal)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::Type)]
        #[sqlx(transparent)]
        pub struct $name(String);

        impl $name {
            /// As Stripe writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = &'static str;

            /// An id goes into paths of requests: what is none is refused here.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let is_word = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
                if text.starts_with($prefix) && text.len() <= LONGEST && is_word {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(concat!("must be an id that begins with ", $prefix))
                }
            }
        }
    )*};
}

stripe_ids! {
    /// A connected account.
    AccountId: "acct_"
    /// A Checkout Session.
    SessionId: "cs_"
    /// A payment intent.
    IntentId: "pi_"
    /// An event.
    EventId: "evt_"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_id_never_gets_into_a_path() {
        assert!("acct_1A".parse::<AccountId>().is_ok());
        for bad in ["", "cs_1", "acct_../x", "acct_1?x", "acct_1 ", "acct_é"] {
            assert!(bad.parse::<AccountId>().is_err(), "{bad}");
        }
        assert!(format!("acct_{}", "a".repeat(300)).parse::<AccountId>().is_err());
    }
}
