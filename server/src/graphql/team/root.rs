//! What a member of the team reads from: the root of the team's half.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};

use super::{
    activity::{self, TeamActivityConnection, TeamActivityFilter, TeamPerson},
    client::{self, TeamClient, TeamClientConnection, TeamClientShelf},
    document::{self, TeamDocument},
    invoice::{self, TeamInvoice, TeamInvoiceConnection, TeamInvoiceFilterInput, TeamInvoiceOrderInput},
    member::{self, TeamPeople},
    org::{self, TeamOrg},
    overview::{self, TeamOverview},
    payment::{self, TeamPaymentConnection, TeamPaymentFilter},
    statement::{self, TeamStatement},
    stripe::{self, TeamStripeAccount},
    token::{self, TeamToken},
    viewer::TeamViewer,
    webhook::{self, TeamWebhook, TeamWebhookDeliveryConnection},
};
use crate::{
    graphql::{
        guard::{
            ADMIN_IN_PERSON, AskTeam as _, HANDS_OUT, SEES_ACTIVITY, SEES_CLIENTS, SEES_INVOICES,
            SEES_PAYMENTS, SEES_SETTINGS, SEES_TEAM, TeamOnly, hands_out, is_admin_in_person, sees_activity,
            sees_clients, sees_invoices, sees_payments, sees_settings, sees_team, visible_to_team,
        },
        look::Look,
        scalar::Date,
        to_graphql,
    },
    store::page::{PageArgs, PageRequest, TextPageRequest},
};

/// What a member of the team sees of the org.
pub(in crate::graphql) struct Team;

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
