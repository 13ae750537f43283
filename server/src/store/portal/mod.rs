//! Every statement that a client can cause. `$1` is the org and `$2` the client in each of them,
//! bound here from the actor and from nowhere else; every row that comes back is checked again.

mod access;
mod balances;
mod download;
pub(super) mod invoice;
mod invoices;
mod overview;
pub(super) mod payments;
mod statement;

use super::{
    Store,
    activity::{self, ActivityKind, ContactActivity, Origin},
    db::{Audience, Conn},
    row::TenantRow,
};
use crate::{
    auth::actor::PortalActor,
    error::{Error, Result},
    id::InvoiceId,
};

pub use download::Taken;
pub use invoice::InvoiceParts;
pub use invoices::InvoiceFilter;
pub use overview::Overview;

/// What one portal actor may see and do.
#[derive(Debug, Clone, Copy)]
pub struct PortalScope<'a> {
    pub(super) store: &'a Store,
    pub(super) actor: PortalActor,
}

impl<'a> PortalScope<'a> {
    pub(super) const fn new(store: &'a Store, actor: PortalActor) -> Self {
        Self { store, actor }
    }

    async fn read_together(&self) -> Result<Conn> {
        self.store.db.read_together(Audience::Portal(&self.actor)).await
    }

    async fn read(&self) -> Result<Conn> {
        self.store.db.read(Audience::Portal(&self.actor)).await
    }

    /// A transaction for what the contact does. A member who previews the portal does nothing.
    async fn write(&self) -> Result<Conn> {
        if self.actor.is_preview() {
            return Err(Error::Forbidden);
        }
        self.store.db.write(Audience::Portal(&self.actor)).await
    }

    /// Lets rows out that are the client's own.
    async fn recheck<T: TenantRow>(&self, rows: Vec<T>) -> Result<Vec<T>> {
        let own = (self.actor.org_id(), self.actor.client_id());
        self.store.recheck(Audience::Portal(&self.actor), rows, |row| row.tenant() == own).await
    }

    async fn log(
        &self,
        conn: &mut Conn,
        kind: ActivityKind,
        invoice_id: Option<InvoiceId>,
        detail: &str,
        origin: &Origin,
    ) -> Result<()> {
        let row = ContactActivity { invoice_id, detail, ..ContactActivity::by(&self.actor, kind, origin) };
        activity::append(conn, self.store.clock.now(), &row).await
    }
}

/// The rows of one statement over a connection that is open, the actor's keys bound first. They are
/// still to be checked.
macro_rules! own_rows {
    ($scope:expr, $conn:expr, $row:ty, $sql:expr $(, $bind:expr)* $(,)?) => {
        $crate::store::db::fetch_all!(
            $conn,
            $row,
            $scope.store.scoped($sql),
            $scope.actor.org_id(),
            $scope.actor.client_id()
            $(, $bind)*
        )
    };
}

/// The rows of one statement of a scope: the actor's keys bound first, every row checked again.
macro_rules! rows {
    ($scope:expr, $row:ty, $sql:expr $(, $bind:expr)* $(,)?) => {{
        let mut conn = $scope.read().await?;
        let rows = $crate::store::portal::own_rows!($scope, conn, $row, $sql $(, $bind)*)?;
        conn.commit().await?;
        $scope.recheck::<$row>(rows).await
    }};
}

pub(super) use {own_rows, rows};

/// The statements that fill lists and figures, with a name each, for the test that reads their
/// query plans.
#[cfg(feature = "testing")]
#[must_use]
pub fn planned_statements() -> Vec<(String, &'static str)> {
    [
        balances::planned_statements(),
        invoices::planned_statements(),
        overview::planned_statements(),
        invoice::planned_statements(),
        payments::planned_statements(),
        access::planned_statements(),
        super::statement::planned_statements(),
    ]
    .concat()
}
