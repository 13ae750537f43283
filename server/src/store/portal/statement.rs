//! A client's own statement.

use super::{PortalScope, own_rows};
use crate::{
    error::Result,
    store::{
        row::{StatementEntryRow, StatementOpeningRow, StatementPartiesRow},
        statement::{ENTRIES, OPENING, PARTIES, Period, StatementRows, limit},
    },
};

impl PortalScope<'_> {
    /// What happened within a period.
    pub async fn statement(&self, period: &Period) -> Result<Option<StatementRows>> {
        let Period { first, last, begins, ends } = *period;
        let mut conn = self.read_together().await?;
        let parties = own_rows!(self, conn, StatementPartiesRow, PARTIES)?;
        let opening = own_rows!(self, conn, StatementOpeningRow, OPENING, first, begins)?;
        let entries = own_rows!(self, conn, StatementEntryRow, ENTRIES, first, last, begins, ends, limit())?;
        conn.commit().await?;
        let Some(parties) = self.recheck(parties).await?.into_iter().next() else { return Ok(None) };
        let (opening, entries) = (self.recheck(opening).await?, self.recheck(entries).await?);
        Ok(Some(StatementRows { parties, opening, entries }))
    }
}
