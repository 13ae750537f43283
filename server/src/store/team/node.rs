//! What an id is of: ids are the same everywhere, so one of them is enough to find what it names.

use uuid::Uuid;

use super::{TeamScope, org_rows, team_rows};
use crate::{error::Result, id::ClientId};

org_rows! {
    /// What an id names.
    NodeRow {
        /// `client`, `contact`, `invoice` or `payment`.
        kind: String,
        /// The client that it is, or is of.
        client_id: ClientId,
    }
}

const NODE: &str = "SELECT org_id, 'client' AS kind, id AS client_id FROM clients WHERE org_id = $1 AND id = $2 \
    UNION ALL SELECT org_id, 'invoice' AS kind, client_id FROM invoices WHERE org_id = $1 AND id = $2 \
    UNION ALL SELECT org_id, 'payment' AS kind, client_id FROM payments WHERE org_id = $1 AND id = $2 \
    UNION ALL SELECT org_id, 'contact' AS kind, client_id FROM contacts \
        WHERE org_id = $1 AND id = $2 AND archived_at IS NULL";

impl TeamScope<'_> {
    /// What an id names; `None` where there is no such thing, or it is not this org's.
    pub async fn node(&self, id: Uuid) -> Result<Option<NodeRow>> {
        let rows: Result<Vec<NodeRow>> = team_rows!(self, NodeRow, NODE, id);
        Ok(rows?.pop())
    }
}

#[cfg(feature = "testing")]
pub(super) fn planned_statements() -> Vec<(String, &'static str)> {
    vec![("team node".to_owned(), NODE)]
}
