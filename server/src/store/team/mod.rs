//! Every statement that a member of the team can cause. `$1` is the org in each of them, bound here from
//! the actor and from nowhere else; every row that comes back is checked again.

mod activity;
mod api_token;
mod billing;
mod client;
mod clients;
mod contact;
mod document;
mod draft;
mod idempotency;
mod import;
mod invitation;
mod invoice;
mod invoices;
mod keyed;
mod mail_limit;
mod member;
mod node;
mod org;
mod overview;
mod payments;
mod preview;
mod sending;
mod statement;
mod stripe;
mod webhook;

use super::{
    Origin, Store,
    activity::{ActivityKind, MemberActivity, append_member},
    db::{Audience, Conn},
};
use crate::{
    auth::actor::TeamActor,
    error::Result,
    id::{ClientId, ContactId, OrgId},
};

pub use activity::{ActivityFilter, ActivityPerson, ActivityRow, ActivityTopic, PersonRow};
pub use api_token::{ApiTokenDraft, ApiTokenListRow, MOST_TOKENS};
pub use billing::{FoundPayment, TeamTx};
pub use client::{ClientBalanceRow, ClientDraft, ClientRow, ContactRow};
pub use clients::{ClientListRow, ClientShelf, ListedClient};
pub use contact::{ContactDraft, ContactRefused};
pub use document::{DocumentRow, MOST_DOCUMENTS};
pub use draft::{DraftDefaultsRow, DraftRow, DraftSums, from_json as read_typed};
pub use idempotency::{Claim, KEY_LIFETIME};
pub use import::{KnownAddressRow, KnownClient, KnownNameRow};
pub use invitation::{InvitationDraft, InvitationRefused, InvitationRow, InvitationToken};
pub use invoice::{InvoiceKey, InvoiceMailRow, ShareLinkRow, TeamInvoiceRow, TeamLineRow, TeamTaxRow};
pub use invoices::{TeamInvoiceFilter, TeamInvoiceOrder, TeamInvoiceStanding, TeamInvoiceSummaryRow};
pub use member::{MemberRefused, MemberRow};
pub use node::NodeRow;
pub use org::{LogoDraft, OrgDraft, OrgRow as OrgSettingsRow};
pub use overview::{BeginningRow, OrgFigureRow, PaidMonthRow};
pub use payments::{TeamPaymentFilter, TeamPaymentSummaryRow};
pub use preview::PREVIEW_TTL;
pub use sending::InvoiceMailKind;
pub(crate) use sending::Recipient;
pub use stripe::StripeAccountRow;
pub use webhook::{MOST_WEBHOOKS, WebhookAttemptRow, WebhookDeliveryRow, WebhookDraft, WebhookRow};

/// A row that belongs to an org.
pub(super) trait OrgRow {
    /// Whose it is.
    fn org(&self) -> OrgId;
}

/// What one member of a team may see and do. Which role may do what is decided by the schema's guards; what
/// is about roles themselves is decided again while nobody can change one.
#[derive(Debug, Clone, Copy)]
pub struct TeamScope<'a> {
    store: &'a Store,
    actor: TeamActor,
}

/// What a change is about, for the log.
#[derive(Debug, Clone, Copy, Default)]
struct Subject {
    client: Option<ClientId>,
    contact: Option<ContactId>,
}

impl<'a> TeamScope<'a> {
    pub(super) const fn new(store: &'a Store, actor: TeamActor) -> Self {
        Self { store, actor }
    }

    async fn read_together(&self) -> Result<Conn> {
        self.store.db.read_together(Audience::Team(&self.actor)).await
    }

    async fn read(&self) -> Result<Conn> {
        self.store.db.read(Audience::Team(&self.actor)).await
    }

    async fn write(&self) -> Result<Conn> {
        self.store.db.write(Audience::Team(&self.actor)).await
    }

    /// Lets rows out that are the org's own.
    async fn recheck<T: OrgRow>(&self, rows: Vec<T>) -> Result<Vec<T>> {
        let own = self.actor.org_id();
        self.store.recheck(Audience::Team(&self.actor), rows, |row| row.org() == own).await
    }

    async fn log(
        &self,
        conn: &mut Conn,
        kind: ActivityKind,
        about: Subject,
        detail: &str,
        origin: &Origin,
    ) -> Result<()> {
        let row = MemberActivity {
            client_id: about.client,
            contact_id: about.contact,
            detail,
            ..MemberActivity::by(&self.actor, kind, origin)
        };
        append_member(conn, self.store.clock.now(), &row).await
    }
}

/// A change that came too late, or to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stale {
    /// There is no such thing in this org.
    NotFound,
    /// Somebody else has changed it since it was read.
    Changed,
}

/// The rows of one statement of a scope: the org bound first, every row checked again.
macro_rules! team_rows {
    ($scope:expr, $row:ty, $sql:expr $(, $bind:expr)* $(,)?) => {{
        let mut conn = $scope.read().await?;
        let rows = $crate::store::db::fetch_all!(
            conn, $row, $scope.store.scoped_to_org($sql), $scope.actor.org_id() $(, $bind)*
        )?;
        conn.commit().await?;
        $scope.recheck::<$row>(rows).await
    }};
}

macro_rules! org_rows {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
        pub struct $name {
            /// The tenant.
            pub org_id: $crate::id::OrgId,
            $($(#[$field_doc])* pub $field: $type,)*
        }

        impl $crate::store::team::OrgRow for $name {
            fn org(&self) -> $crate::id::OrgId {
                self.org_id
            }
        }
    )*};
}

use {org_rows, team_rows};

/// The statements that fill lists and figures, with a name each, for the test that reads their
/// query plans.
#[cfg(feature = "testing")]
#[must_use]
pub fn planned_statements() -> Vec<(String, &'static str)> {
    [
        clients::planned_statements(),
        client::planned_statements(),
        invoices::planned_statements(),
        invoice::planned_statements(),
        draft::planned_statements(),
        org::planned_statements(),
        member::planned_statements(),
        invitation::planned_statements(),
        mail_limit::planned_statements(),
        overview::planned_statements(),
        payments::planned_statements(),
        stripe::planned_statements(),
        activity::planned_statements(),
        api_token::planned_statements(),
        document::planned_statements(),
        node::planned_statements(),
        webhook::planned_statements(),
    ]
    .concat()
}
