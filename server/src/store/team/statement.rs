//! The statement of one client.

use super::{OrgRow, TeamScope};
use crate::{
    error::Result,
    id::{ClientId, OrgId},
    store::{
        db::fetch_all,
        row::{StatementEntryRow, StatementOpeningRow, StatementPartiesRow},
        statement::{ENTRIES, OPENING, PARTIES, Period, StatementRows, limit},
    },
};

macro_rules! of_orgs {
    ($($row:ty),*) => {$(
        impl OrgRow for $row {
            fn org(&self) -> OrgId {
                self.org_id
            }
        }
    )*};
}
of_orgs!(StatementPartiesRow, StatementOpeningRow, StatementEntryRow);

macro_rules! rows_of_client {
    ($scope:expr, $conn:expr, $client:expr, $row:ty, $sql:expr $(, $bind:expr)*) => {
        fetch_all!($conn, $row, $scope.store.scoped_to_org($sql), $scope.actor.org_id(), $client $(, $bind)*)
    };
}

impl TeamScope<'_> {
    /// What happened within a period with one client; `None` where it is not the org's.
    pub async fn statement(&self, client: ClientId, period: &Period) -> Result<Option<StatementRows>> {
        let Period { first, last, begins, ends } = *period;
        let mut conn = self.read_together().await?;
        let parties = rows_of_client!(self, conn, client, StatementPartiesRow, PARTIES)?;
        let opening = rows_of_client!(self, conn, client, StatementOpeningRow, OPENING, first, begins)?;
        let entries = rows_of_client!(
            self,
            conn,
            client,
            StatementEntryRow,
            ENTRIES,
            first,
            last,
            begins,
            ends,
            limit()
        )?;
        conn.commit().await?;
        let Some(parties) = self.recheck(parties).await?.into_iter().next() else { return Ok(None) };
        let (opening, entries) = (self.recheck(opening).await?, self.recheck(entries).await?);
        Ok(Some(StatementRows { parties, opening, entries }))
    }
}
