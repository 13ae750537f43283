//! Ids as types: an invoice's id cannot stand where a client's is wanted.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::Type, serde::Serialize, serde::Deserialize,
        )]
        #[sqlx(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new one; ids made later sort later.
            #[must_use]
            pub fn new(now: DateTime<Utc>) -> Self {
                Self(crate::random::uuid(now))
            }

            /// The id as the UUID it is.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }

            /// An id read from outside or computed, such as in seeded data.
            #[must_use]
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            /// Reads a UUID as anybody writes one; links carry it in lower case with hyphens.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

ids! {
    /// An organisation: the tenant.
    OrgId
    /// Who an org bills.
    ClientId
    /// A person at a client.
    ContactId
    /// An invoice.
    InvoiceId
    /// A payment, refund, reversal or dispute.
    PaymentId
    /// What somebody has begun to pay online.
    CheckoutId
    /// Something that the operator has to look at.
    AlertId
    /// The public link to one invoice.
    ShareLinkId
    /// A mail about an invoice.
    InvoiceMailId
    /// A portal session.
    SessionId
    /// A magic link.
    MagicLinkId
    /// A request for a magic link.
    LoginRequestId
    /// A row of the activity log.
    ActivityId
    /// A job.
    JobId
    /// A mail in the outbox.
    MailId
    /// A file of an org's brand.
    AssetId
    /// A person of a team, who may be a member of several orgs.
    PersonId
    /// A person's place in one org.
    MemberId
    /// An API token.
    ApiTokenId
    /// Where an org is told of what happens.
    WebhookId
    /// What it is told.
    WebhookEventId
    /// A session of the team's side.
    TeamSessionId
    /// A token that proves an address of the team's side.
    TeamTokenId
    /// An address that is asked to join an org.
    InvitationId
    /// A person's new address that is to be proven.
    EmailChangeId
}
