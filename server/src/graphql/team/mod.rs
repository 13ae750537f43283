//! The team's half of the schema: what a member may see and do. Every type names its guard; what not
//! every role may do has a guard of its own.

mod activity;
mod batch;
mod changes;
mod client;
mod contact;
mod document;
mod draft;
mod import;
mod invoice;
mod mailing;
mod member;
mod node;
mod org;
mod overview;
mod payment;
mod root;
mod statement;
mod stripe;
mod token;
mod viewer;
mod webhook;

use async_graphql::{Context, ID, Result};

pub(crate) use self::document::parse_id as parse_document_id;
pub use self::invoice::OnPaper;
pub(super) use self::{
    changes::{ClientChanges, InvoiceChanges, OrgChanges, PaymentChanges, PeopleChanges, ProgramChanges},
    node::Node,
    root::Team,
};
use super::{
    guard::{
        ADMIN_IN_PERSON, AskTeam as _, CHANGES_INVOICES, HANDS_OUT, SEES_ACTIVITY, SEES_CLIENTS,
        SEES_INVOICES, SEES_PAYMENTS, SEES_SETTINGS, SEES_TEAM, TeamOnly, changes_clients, changes_invoices,
        changes_payments, hands_out, is_admin_in_person, sees_activity, sees_clients, sees_invoices,
        sees_payments, sees_settings, sees_team, visible_to_team,
    },
    look::Look,
    to_graphql,
};

/// What an id names, as far as the scopes of whoever asks go.
pub(super) async fn node(ctx: &Context<'_>, id: &ID) -> Result<Option<Node>> {
    node::by_id(&ctx.team()?, id, &Look::at(ctx)).await.map_err(|error| to_graphql(&error))
}
