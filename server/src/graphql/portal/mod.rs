//! The portal's half of the schema: what a contact may see and do.

mod access;
mod balance;
mod changes;
pub(super) mod invoice;
mod overview;
mod payment;
mod statement;

use async_graphql::{Context, ID, Object, Result};

pub(super) use self::changes::PortalChanges;
use self::{
    access::{PortalAccessPage, PortalSession},
    balance::PortalBalance,
    invoice::{PortalInvoice, PortalInvoiceFilter, PortalInvoicePage},
    overview::PortalOverview,
    payment::PortalPaymentPage,
    statement::PortalStatement,
};
use super::{
    guard::{AskPortal as _, PortalOnly, ReaderOnly, visible_to_portal, visible_to_reader},
    scalar::Date,
    to_graphql,
};
use crate::store::page::{PageArgs, PageRequest};

/// What a client sees of its own side.
pub(super) struct Portal;

/// What a client sees of its own side.
#[Object(serial, guard = "PortalOnly", visible = "visible_to_portal")]
impl Portal {
    /// What a client wants to know first: what is owed, what to pay next, what was settled last.
    #[graphql(complexity = "overview::length_of(open_first, settled_first) * child_complexity + 1")]
    async fn overview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many open invoices, from 1 to 100.", default = 12)] open_first: i32,
        #[graphql(desc = "How many settled invoices, from 1 to 100.", default = 8)] settled_first: i32,
    ) -> Result<PortalOverview> {
        overview::resolve(&ctx.portal()?, open_first, settled_first).await.map_err(|error| to_graphql(&error))
    }

    /// What is owed, one entry for each currency in which an invoice is open; the client's own
    /// currency first.
    async fn balances(&self, ctx: &Context<'_>) -> Result<Vec<PortalBalance>> {
        balance::resolve(&ctx.portal()?).await.map_err(|error| to_graphql(&error))
    }

    /// Invoices that were sent. Open and overdue ones come in the order of their due day, the
    /// others newest first.
    #[graphql(complexity = "PageArgs::size(first, last) * child_complexity + 1")]
    #[allow(clippy::too_many_arguments, reason = "the arguments of a field of the schema")]
    async fn invoices(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them.", default_with = "PortalInvoiceFilter::All")]
        filter: PortalInvoiceFilter,
        #[graphql(desc = "Text to be found in number, title, reference or amount; at most 100 characters.")]
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
    ) -> Result<PortalInvoicePage> {
        let page = page_request(first, after.as_ref(), last, before.as_ref())?;
        invoice::list(&ctx.portal()?, filter, search.as_deref().unwrap_or_default(), &page)
            .await
            .map_err(|error| to_graphql(&error))
    }

    /// One invoice; null where it does not exist or is not this client's to see.
    async fn invoice(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
    ) -> Result<Option<PortalInvoice>> {
        invoice::by_id(&ctx.portal()?, &id).await.map_err(|error| to_graphql(&error))
    }

    /// Payments, refunds and corrections, newest first.
    #[graphql(complexity = "PageArgs::size(first, last) * child_complexity + 1")]
    #[allow(clippy::too_many_arguments, reason = "the arguments of a field of the schema")]
    async fn payments(
        &self,
        ctx: &Context<'_>,
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
    ) -> Result<PortalPaymentPage> {
        let page = page_request(first, after.as_ref(), last, before.as_ref())?;
        payment::list(&ctx.portal()?, &page).await.map_err(|error| to_graphql(&error))
    }

    /// What was billed and paid from one day to another, not later than today, with the balances before and after.
    #[graphql(complexity = "20 * child_complexity + 1")]
    async fn statement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first day.")] from: Date,
        #[graphql(desc = "The last day; not before the first and not after today.")] to: Date,
    ) -> Result<PortalStatement> {
        statement::resolve(&ctx.portal()?, from.0, to.0).await.map_err(|error| to_graphql(&error))
    }

    /// What the client's contacts did in the portal, newest first.
    #[graphql(complexity = "PageArgs::size(first, last) * child_complexity + 1")]
    async fn access_log(
        &self,
        ctx: &Context<'_>,
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
    ) -> Result<PortalAccessPage> {
        let page = page_request(first, after.as_ref(), last, before.as_ref())?;
        access::log(&ctx.portal()?, &page).await.map_err(|error| to_graphql(&error))
    }

    /// The sessions under way of the contact who asks, newest first.
    async fn sessions(&self, ctx: &Context<'_>) -> Result<Vec<PortalSession>> {
        access::sessions(&ctx.portal()?).await.map_err(|error| to_graphql(&error))
    }
}

fn page_request(
    first: Option<i32>,
    after: Option<&String>,
    last: Option<i32>,
    before: Option<&String>,
) -> Result<PageRequest> {
    let args = PageArgs { first, after: after.map(String::as_str), last, before: before.map(String::as_str) };
    PageRequest::parse(args).map_err(|error| to_graphql(&error))
}
