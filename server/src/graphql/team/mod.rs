//! The team's half of the schema: what a member may see and do. Every type names its guard; what not
//! every role may do has a guard of its own.

mod activity;
mod batch;
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
mod statement;
mod stripe;
mod token;
mod viewer;
mod webhook;

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};

pub(crate) use self::document::parse_id as parse_document_id;
use self::{
    activity::{TeamActivityConnection, TeamActivityFilter, TeamPerson},
    client::{TeamClient, TeamClientConnection, TeamClientShelf},
    document::TeamDocument,
    invoice::{TeamInvoice, TeamInvoiceConnection, TeamInvoiceFilterInput, TeamInvoiceOrderInput},
    member::TeamPeople,
    org::TeamOrg,
    overview::TeamOverview,
    payment::{TeamPaymentConnection, TeamPaymentFilter},
    statement::TeamStatement,
    stripe::TeamStripeAccount,
    token::TeamToken,
    viewer::TeamViewer,
    webhook::{TeamWebhook, TeamWebhookDeliveryConnection},
};
pub(super) use self::{
    batch::{TeamDraftAdded, TeamNewClientInput, TeamNewDraftInput, TeamNewPaymentInput},
    client::{TeamClientInput, TeamSaved},
    contact::TeamContactInput,
    draft::{TeamDraftInput, TeamDraftSaved},
    import::{TeamImport, TeamImportInput},
    mailing::TeamMailInput,
    node::Node,
    org::{TeamOrgInput, TeamPlan},
    payment::TeamPaymentInput,
    token::{TeamTokenInput, TeamTokenMade},
    viewer::TeamRole,
    webhook::TeamWebhookInput,
};
use super::{
    guard::{
        ADMIN_IN_PERSON, AskTeam as _, CHANGES_INVOICES, HANDS_OUT, SEES_ACTIVITY, SEES_CLIENTS,
        SEES_INVOICES, SEES_PAYMENTS, SEES_SETTINGS, SEES_TEAM, TeamOnly, changes_clients, changes_invoices,
        changes_payments, hands_out, is_admin_in_person, sees_activity, sees_clients, sees_invoices,
        sees_payments, sees_settings, sees_team, visible_to_team,
    },
    look::Look,
    new_ids::NewIds,
    scalar::Date,
    to_graphql,
};
use crate::store::page::{PageArgs, PageRequest, TextPageRequest};

/// What a member of the team sees of the org.
pub(super) struct Team;

/// What a member of the team sees of the org.
#[Object(guard = "TeamOnly", visible = "visible_to_team")]
impl Team {
    /// Who is asking, in which org, and what they may do.
    #[allow(clippy::unused_async, reason = "the engine takes no other functions")]
    async fn viewer(&self, ctx: &Context<'_>) -> Result<TeamViewer> {
        Ok(TeamViewer::new(ctx.team()?.visit))
    }

    /// The org's settings and its plan.
    #[graphql(guard = "SEES_SETTINGS", visible = "sees_settings")]
    async fn org(&self, ctx: &Context<'_>) -> Result<TeamOrg> {
        org::resolve(&ctx.team()?).await.map_err(|error| to_graphql(&error))
    }

    /// The Stripe account that the org is connected to; null where it is connected to none. For admins and owners.
    #[graphql(guard = "SEES_TEAM", visible = "sees_team")]
    async fn stripe(&self, ctx: &Context<'_>) -> Result<Option<TeamStripeAccount>> {
        stripe::resolve(&ctx.team()?).await.map_err(|error| to_graphql(&error))
    }

    /// The people of the team, and who is invited. For admins and owners.
    #[graphql(guard = "SEES_TEAM", visible = "sees_team")]
    async fn people(&self, ctx: &Context<'_>) -> Result<TeamPeople> {
        member::people(&ctx.team()?).await.map_err(|error| to_graphql(&error))
    }

    /// The org's tokens for programs, newest first. In person only, for admins and owners.
    #[graphql(guard = "ADMIN_IN_PERSON", visible = "is_admin_in_person")]
    async fn tokens(&self, ctx: &Context<'_>) -> Result<Vec<TeamToken>> {
        token::list(&ctx.team()?).await.map_err(|error| to_graphql(&error))
    }

    /// The documents that programs run by their hash, by name.
    #[graphql(guard = "SEES_SETTINGS", visible = "sees_settings", complexity = "20 * child_complexity + 1")]
    async fn documents(&self, ctx: &Context<'_>) -> Result<Vec<TeamDocument>> {
        document::list(&ctx.team()?).await.map_err(|error| to_graphql(&error))
    }

    /// The org's webhooks, in the order in which they were added.
    #[graphql(guard = "HANDS_OUT", visible = "hands_out", complexity = "10 * child_complexity + 1")]
    async fn webhooks(&self, ctx: &Context<'_>) -> Result<Vec<TeamWebhook>> {
        webhook::list(&ctx.team()?, ctx.data()?).await.map_err(|error| to_graphql(&error))
    }

    /// What was sent to a webhook in the last month, newest first; empty where there is no such webhook.
    #[graphql(
        guard = "HANDS_OUT",
        visible = "hands_out",
        complexity = "PageArgs::size(first, last) * child_complexity + 1"
    )]
    async fn webhook_deliveries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which webhook.")] webhook_id: ID,
        #[graphql(
            desc = "How many from the beginning, or after `after`: from 1 to 100; 25 where nothing is said."
        )]
        first: Option<i32>,
        #[graphql(desc = "Those after this cursor.")] after: Option<String>,
        #[graphql(
            desc = "How many to the end, or before `before`: from 1 to 100. Not together with `first`."
        )]
        last: Option<i32>,
        #[graphql(desc = "Those before this cursor. Not together with `after`.")] before: Option<String>,
    ) -> Result<TeamWebhookDeliveryConnection> {
        let page = PageRequest::parse(args(first, after.as_ref(), last, before.as_ref()))
            .map_err(|error| to_graphql(&error))?;
        webhook::deliveries(&ctx.team()?, &webhook_id, &page, &Look::nodes(ctx))
            .await
            .map_err(|error| to_graphql(&error))
    }

    /// Clients by name.
    #[graphql(
        guard = "SEES_CLIENTS",
        visible = "sees_clients",
        complexity = "PageArgs::size(first, last) * child_complexity + 1"
    )]
    #[allow(clippy::too_many_arguments, reason = "the arguments of a field of the schema")]
    async fn clients(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "shelf", desc = "Which of them.", default_with = "TeamClientShelf::Active")]
        on_shelf: TeamClientShelf,
        #[graphql(
            desc = "Text to be found in the client's name or tax id, or in a contact's name or address; at most 100 characters."
        )]
        search: Option<String>,
        #[graphql(
            desc = "How many from the beginning, or after `after`: from 1 to 100; 25 where nothing is said."
        )]
        first: Option<i32>,
        #[graphql(desc = "Those after this cursor.")] after: Option<String>,
        #[graphql(
            desc = "How many to the end, or before `before`: from 1 to 100. Not together with `first`."
        )]
        last: Option<i32>,
        #[graphql(desc = "Those before this cursor. Not together with `after`.")] before: Option<String>,
    ) -> Result<TeamClientConnection> {
        let page = TextPageRequest::parse(args(first, after.as_ref(), last, before.as_ref()))
            .map_err(|error| to_graphql(&error))?;
        client::list(&ctx.team()?, on_shelf, search.as_deref().unwrap_or_default(), &page, &Look::nodes(ctx))
            .await
            .map_err(|error| to_graphql(&error))
    }

    /// Invoices of all clients, or of one. Open and overdue ones come in the order of their due day, the others newest
    /// first, if no order is asked for.
    #[graphql(
        guard = "SEES_INVOICES",
        visible = "sees_invoices",
        complexity = "PageArgs::size(first, last) * child_complexity + 1"
    )]
    #[allow(clippy::too_many_arguments, reason = "the arguments of a field of the schema")]
    async fn invoices(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them; all if left out.")] filter: Option<TeamInvoiceFilterInput>,
        #[graphql(desc = "In which order.")] order_by: Option<TeamInvoiceOrderInput>,
        #[graphql(
            desc = "How many from the beginning, or after `after`: from 1 to 100; 25 where nothing is said."
        )]
        first: Option<i32>,
        #[graphql(desc = "Those after this cursor.")] after: Option<String>,
        #[graphql(
            desc = "How many to the end, or before `before`: from 1 to 100. Not together with `first`."
        )]
        last: Option<i32>,
        #[graphql(desc = "Those before this cursor. Not together with `after`.")] before: Option<String>,
    ) -> Result<TeamInvoiceConnection> {
        let page = PageRequest::parse(args(first, after.as_ref(), last, before.as_ref()))
            .map_err(|error| to_graphql(&error))?;
        invoice::list(&ctx.team()?, &filter.unwrap_or_default(), order_by, &page, &Look::nodes(ctx))
            .await
            .map_err(|error| to_graphql(&error))
    }

    /// One invoice; null where it does not exist or is not this org's.
    #[graphql(guard = "SEES_INVOICES", visible = "sees_invoices")]
    async fn invoice(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
    ) -> Result<Option<TeamInvoice>> {
        invoice::by_id(&ctx.team()?, &id, &Look::at(ctx)).await.map_err(|error| to_graphql(&error))
    }

    /// One client; null where it does not exist or is not this org's.
    #[graphql(guard = "SEES_CLIENTS", visible = "sees_clients")]
    async fn client(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
    ) -> Result<Option<Arc<TeamClient>>> {
        client::by_id(&ctx.team()?, &id, &Look::at(ctx)).await.map_err(|error| to_graphql(&error))
    }

    /// What was billed to a client and paid by it from one day to another, not later than today, with the balances
    /// before and after; null where the client does not exist or is not this org's.
    #[graphql(guard = "SEES_PAYMENTS", visible = "sees_payments", complexity = "20 * child_complexity + 1")]
    async fn statement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which client.")] client_id: ID,
        #[graphql(desc = "The first day.")] from: Date,
        #[graphql(desc = "The last day; not before the first and not after today.")] to: Date,
    ) -> Result<Option<TeamStatement>> {
        statement::resolve(&ctx.team()?, &client_id, from.0, to.0).await.map_err(|error| to_graphql(&error))
    }

    /// What a member sees first: the figures, what needs somebody, what happened lately.
    #[graphql(guard = "SEES_INVOICES", visible = "sees_invoices", complexity = "10 * child_complexity + 1")]
    async fn overview(&self, ctx: &Context<'_>) -> Result<TeamOverview> {
        overview::resolve(&ctx.team()?, &Look::at(ctx)).await.map_err(|error| to_graphql(&error))
    }

    /// Payments of all clients, or of one, newest first.
    #[graphql(
        guard = "SEES_PAYMENTS",
        visible = "sees_payments",
        complexity = "PageArgs::size(first, last) * child_complexity + 1"
    )]
    #[allow(clippy::too_many_arguments, reason = "the arguments of a field of the schema")]
    async fn payments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them; all if left out.")] filter: Option<TeamPaymentFilter>,
        #[graphql(
            desc = "How many from the beginning, or after `after`: from 1 to 100; 25 where nothing is said."
        )]
        first: Option<i32>,
        #[graphql(desc = "Those after this cursor.")] after: Option<String>,
        #[graphql(
            desc = "How many to the end, or before `before`: from 1 to 100. Not together with `first`."
        )]
        last: Option<i32>,
        #[graphql(desc = "Those before this cursor. Not together with `after`.")] before: Option<String>,
    ) -> Result<TeamPaymentConnection> {
        let page = PageRequest::parse(args(first, after.as_ref(), last, before.as_ref()))
            .map_err(|error| to_graphql(&error))?;
        payment::list(&ctx.team()?, &filter.unwrap_or_default(), &page, &Look::nodes(ctx))
            .await
            .map_err(|error| to_graphql(&error))
    }

    /// The org's log, newest first. It is append-only: nobody can change or delete a row.
    #[graphql(
        guard = "SEES_ACTIVITY",
        visible = "sees_activity",
        complexity = "PageArgs::size(first, last) * child_complexity + 1"
    )]
    #[allow(clippy::too_many_arguments, reason = "the arguments of a field of the schema")]
    async fn activity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which rows; all if left out.")] filter: Option<TeamActivityFilter>,
        #[graphql(
            desc = "How many from the beginning, or after `after`: from 1 to 100; 25 where nothing is said."
        )]
        first: Option<i32>,
        #[graphql(desc = "Those after this cursor.")] after: Option<String>,
        #[graphql(
            desc = "How many to the end, or before `before`: from 1 to 100. Not together with `first`."
        )]
        last: Option<i32>,
        #[graphql(desc = "Those before this cursor. Not together with `after`.")] before: Option<String>,
    ) -> Result<TeamActivityConnection> {
        let page = PageRequest::parse(args(first, after.as_ref(), last, before.as_ref()))
            .map_err(|error| to_graphql(&error))?;
        activity::list(&ctx.team()?, filter.unwrap_or_default(), &page)
            .await
            .map_err(|error| to_graphql(&error))
    }

    /// Whom the log can be filtered by: every member, and the contacts of a client.
    #[graphql(guard = "SEES_ACTIVITY", visible = "sees_activity", complexity = "20 * child_complexity + 1")]
    async fn activity_people(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose contacts; null for none.")] client_id: Option<ID>,
    ) -> Result<Vec<TeamPerson>> {
        activity::people(&ctx.team()?, client_id.as_ref()).await.map_err(|error| to_graphql(&error))
    }
}

fn args<'a>(
    first: Option<i32>,
    after: Option<&'a String>,
    last: Option<i32>,
    before: Option<&'a String>,
) -> PageArgs<'a> {
    PageArgs { first, after: after.map(String::as_str), last, before: before.map(String::as_str) }
}

/// What an id names, as far as the scopes of whoever asks go.
pub(super) async fn node(ctx: &Context<'_>, id: &ID) -> Result<Option<Node>> {
    node::by_id(&ctx.team()?, id, &Look::at(ctx)).await.map_err(|error| to_graphql(&error))
}

pub(super) async fn save_client(
    ctx: &Context<'_>,
    id: Option<ID>,
    version: Option<i32>,
    input: &TeamClientInput,
) -> Result<TeamSaved> {
    client::save(&ctx.team()?, id.as_ref().map(|id| id.as_str()), version, input, NewIds::of(ctx))
        .await
        .map_err(|error| to_graphql(&error))
}

pub(super) async fn allow_part(ctx: &Context<'_>, id: &ID, allowed: bool) -> Result<bool> {
    invoice::allow_part(&ctx.team()?, id, allowed).await.map_err(|error| to_graphql(&error))
}

pub(super) async fn shelve_client(ctx: &Context<'_>, id: &ID, archived: bool) -> Result<bool> {
    client::shelve(&ctx.team()?, id, archived).await.map_err(|error| to_graphql(&error))
}

pub(super) async fn add_draft(ctx: &Context<'_>, client: &ID, id: &ID) -> Result<TeamSaved> {
    draft::add(&ctx.team()?, client, id).await.map_err(|error| to_graphql(&error))
}

pub(super) async fn save_draft(
    ctx: &Context<'_>,
    id: &ID,
    version: i32,
    input: TeamDraftInput,
) -> Result<TeamDraftSaved> {
    draft::save(&ctx.team()?, id, version, input).await.map_err(|error| to_graphql(&error))
}

pub(super) async fn delete_draft(ctx: &Context<'_>, id: &ID) -> Result<bool> {
    draft::delete(&ctx.team()?, id).await.map_err(|error| to_graphql(&error))
}

pub(super) async fn duplicate_invoice(ctx: &Context<'_>, id: &ID, new_id: &ID) -> Result<TeamSaved> {
    draft::duplicate(&ctx.team()?, id, new_id).await.map_err(|error| to_graphql(&error))
}

pub(super) async fn send_invoice(
    ctx: &Context<'_>,
    id: &ID,
    version: i32,
    input: &TeamMailInput,
) -> Result<TeamSaved> {
    mailing::send(&ctx.team()?, id, version, input).await.map_err(|error| to_graphql(&error))
}

pub(super) async fn remind(ctx: &Context<'_>, id: &ID, key: &ID, input: &TeamMailInput) -> Result<TeamSaved> {
    mailing::remind(&ctx.team()?, id, key, input).await.map_err(|error| to_graphql(&error))
}

pub(super) async fn replace_share_link(ctx: &Context<'_>, id: &ID) -> Result<TeamSaved> {
    mailing::replace_link(&ctx.team()?, id).await.map_err(|error| to_graphql(&error))
}

pub(super) async fn revoke_share_link(ctx: &Context<'_>, id: &ID) -> Result<TeamSaved> {
    mailing::revoke_link(&ctx.team()?, id).await.map_err(|error| to_graphql(&error))
}

pub(super) async fn record_payment(
    ctx: &Context<'_>,
    invoice: &ID,
    input: &TeamPaymentInput,
) -> Result<TeamSaved> {
    payment::record(&ctx.team()?, invoice, input).await.map_err(|error| to_graphql(&error))
}

pub(super) async fn reverse_payment(ctx: &Context<'_>, id: &ID) -> Result<TeamSaved> {
    payment::reverse(&ctx.team()?, id).await.map_err(|error| to_graphql(&error))
}

pub(super) async fn void_invoice(ctx: &Context<'_>, id: &ID) -> Result<TeamSaved> {
    invoice::void(&ctx.team()?, id).await.map_err(|error| to_graphql(&error))
}

pub(super) async fn save_org(ctx: &Context<'_>, version: i32, input: &TeamOrgInput) -> Result<TeamSaved> {
    org::save(&ctx.team()?, version, input).await.map_err(|error| to_graphql(&error))
}

pub(super) async fn set_logo(ctx: &Context<'_>, image: &str) -> Result<TeamSaved> {
    org::set_logo(&ctx.team()?, image).await.map_err(|error| to_graphql(&error))
}

pub(super) async fn remove_logo(ctx: &Context<'_>) -> Result<bool> {
    let team = ctx.team()?;
    team.scope.remove_logo(team.origin).await.map_err(|error| to_graphql(&error))
}

pub(super) async fn set_plan(ctx: &Context<'_>, plan: TeamPlan) -> Result<bool> {
    org::set_plan(&ctx.team()?, plan).await.map_err(|error| to_graphql(&error))
}

pub(super) async fn save_contact(
    ctx: &Context<'_>,
    client_id: &ID,
    id: Option<ID>,
    version: Option<i32>,
    input: &TeamContactInput,
) -> Result<TeamSaved> {
    contact::save(&ctx.team()?, client_id, id.as_ref().map(|id| id.as_str()), version, input)
        .await
        .map_err(|error| to_graphql(&error))
}

pub(super) async fn import_clients(
    ctx: &Context<'_>,
    input: &TeamImportInput,
    fingerprint: Option<&str>,
) -> Result<TeamImport> {
    import::import(&ctx.team()?, input, fingerprint).await.map_err(|error| to_graphql(&error))
}

pub(super) async fn set_portal_access(ctx: &Context<'_>, client_id: &ID, id: &ID, on: bool) -> Result<bool> {
    contact::set_portal_access(&ctx.team()?, client_id, id, on).await.map_err(|error| to_graphql(&error))
}

pub(super) async fn end_contact_sessions(ctx: &Context<'_>, client_id: &ID, id: &ID) -> Result<Option<i32>> {
    contact::end_sessions(&ctx.team()?, client_id, id).await.map_err(|error| to_graphql(&error))
}

pub(super) async fn remove_contact(ctx: &Context<'_>, client_id: &ID, id: &ID) -> Result<bool> {
    contact::remove(&ctx.team()?, client_id, id).await.map_err(|error| to_graphql(&error))
}

pub(super) async fn invite_member(ctx: &Context<'_>, email: &str, role: TeamRole) -> Result<TeamSaved> {
    member::invite(&ctx.team()?, ctx.data()?, ctx.data()?, email, role)
        .await
        .map_err(|error| to_graphql(&error))
}

pub(super) async fn send_invitation(ctx: &Context<'_>, id: &ID) -> Result<TeamSaved> {
    member::send_again(&ctx.team()?, ctx.data()?, ctx.data()?, id).await.map_err(|error| to_graphql(&error))
}

pub(super) async fn revoke_invitation(ctx: &Context<'_>, id: &ID) -> Result<bool> {
    member::revoke(&ctx.team()?, id).await.map_err(|error| to_graphql(&error))
}

pub(super) async fn set_member_role(ctx: &Context<'_>, id: &ID, role: TeamRole) -> Result<TeamSaved> {
    member::set_role(&ctx.team()?, id, role).await.map_err(|error| to_graphql(&error))
}

pub(super) async fn remove_member(ctx: &Context<'_>, id: &ID) -> Result<TeamSaved> {
    member::remove(&ctx.team()?, id).await.map_err(|error| to_graphql(&error))
}

pub(super) async fn leave(ctx: &Context<'_>) -> Result<TeamSaved> {
    member::leave(&ctx.team()?).await.map_err(|error| to_graphql(&error))
}

pub(super) async fn add_token(ctx: &Context<'_>, input: &TeamTokenInput) -> Result<TeamTokenMade> {
    token::add(&ctx.team()?, input).await.map_err(|error| to_graphql(&error))
}

pub(super) async fn revoke_token(ctx: &Context<'_>, id: &ID) -> Result<bool> {
    token::revoke(&ctx.team()?, id).await.map_err(|error| to_graphql(&error))
}

pub(super) async fn trust_document(ctx: &Context<'_>, source: &str) -> Result<TeamSaved> {
    document::trust(&ctx.team()?, source).await.map_err(|error| to_graphql(&error))
}

pub(super) async fn distrust_document(ctx: &Context<'_>, id: &ID) -> Result<bool> {
    document::distrust(&ctx.team()?, id).await.map_err(|error| to_graphql(&error))
}

pub(super) async fn save_webhook(
    ctx: &Context<'_>,
    id: Option<&ID>,
    input: &TeamWebhookInput,
) -> Result<TeamSaved> {
    webhook::save(&ctx.team()?, ctx.data()?, id, input, NewIds::of(ctx))
        .await
        .map_err(|error| to_graphql(&error))
}

pub(super) async fn enable_webhook(ctx: &Context<'_>, id: &ID, enabled: bool) -> Result<bool> {
    webhook::enable(&ctx.team()?, id, enabled).await.map_err(|error| to_graphql(&error))
}

pub(super) async fn remove_webhook(ctx: &Context<'_>, id: &ID) -> Result<bool> {
    webhook::remove(&ctx.team()?, id).await.map_err(|error| to_graphql(&error))
}

pub(super) async fn test_webhook(ctx: &Context<'_>, id: &ID) -> Result<Option<ID>> {
    webhook::test(&ctx.team()?, id).await.map_err(|error| to_graphql(&error))
}

pub(super) async fn send_webhook_again(ctx: &Context<'_>, id: &ID, event: Option<&ID>) -> Result<i32> {
    webhook::send_again(&ctx.team()?, id, event).await.map_err(|error| to_graphql(&error))
}

pub(super) async fn add_clients(ctx: &Context<'_>, rows: Vec<TeamNewClientInput>) -> Result<Vec<TeamSaved>> {
    batch::add_clients(&ctx.team()?, rows).await.map_err(|error| to_graphql(&error))
}

pub(super) async fn add_drafts(
    ctx: &Context<'_>,
    rows: Vec<TeamNewDraftInput>,
) -> Result<Vec<TeamDraftAdded>> {
    batch::add_drafts(&ctx.team()?, rows).await.map_err(|error| to_graphql(&error))
}

pub(super) async fn record_payments(
    ctx: &Context<'_>,
    rows: Vec<TeamNewPaymentInput>,
) -> Result<Vec<TeamSaved>> {
    batch::record_payments(&ctx.team()?, rows).await.map_err(|error| to_graphql(&error))
}
