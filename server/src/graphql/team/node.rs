//! Anything that has an id, found by its id alone: the Relay specification of object identification
//! (<https://relay.dev/graphql/objectidentification.htm>).

use std::sync::Arc;

use async_graphql::{ID, Interface};
use uuid::Uuid;

use super::{
    client::{self, TeamClient},
    contact::{self, TeamContact},
    invoice::{self, TeamInvoice},
    payment::{self, TeamPayment},
    visible_to_team,
};
use crate::{
    auth::scopes::{Area, Level},
    error::Result,
    graphql::{guard::Team, look::Look},
};

/// Something that has an id.
#[derive(Debug, Interface)]
#[graphql(
    visible = "visible_to_team",
    field(name = "id", ty = "&ID", desc = "A UUID, which no two things share.")
)]
pub(in crate::graphql) enum Node {
    /// A client.
    Client(Arc<TeamClient>),
    /// A person at a client.
    Contact(TeamContact),
    /// An invoice.
    Invoice(TeamInvoice),
    /// A payment.
    Payment(TeamPayment),
}

/// What an id names, as far as the scopes of whoever asks go; `None` for everything else (rule I5).
pub(super) async fn by_id(team: &Team<'_>, id: &str, look: &Look<'_>) -> Result<Option<Node>> {
    let Ok(uuid) = id.parse::<Uuid>() else { return Ok(None) };
    let Some(row) = team.scope.node(uuid).await? else { return Ok(None) };
    let may = |area| team.visit.actor.may(area, Level::Read);
    Ok(match row.kind.as_str() {
        "client" if may(Area::Clients) => client::by_id(team, id, look).await?.map(Node::Client),
        "contact" if may(Area::Clients) => {
            contact::of_client(team, row.client_id, &uuid.to_string()).await?.map(Node::Contact)
        }
        "invoice" if may(Area::Invoices) => invoice::by_id(team, id, look).await?.map(Node::Invoice),
        "payment" if may(Area::Payments) => payment::by_id(team, id, look).await?.map(Node::Payment),
        _ => None,
    })
}
