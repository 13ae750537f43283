//! The overview: the figures of the org, what needs somebody, and what happened lately.

use std::collections::BTreeMap;

use async_graphql::SimpleObject;
use chrono::{Months, NaiveDate};

use super::{
    SEES_ACTIVITY, SEES_INVOICES,
    activity::{self, TeamActivity},
    invoice::{self, TeamInvoice},
    sees_activity, sees_invoices,
};
use crate::{
    clock::first_of_month,
    error::{Error, Result},
    graphql::{
        guard::Team,
        look::Look,
        scalar::{Date, MinorUnits},
    },
    store::{
        page::PageRequest,
        team::{OrgFigureRow, PaidMonthRow, TeamInvoiceFilter, TeamInvoiceOrder, TeamInvoiceStanding},
    },
};

/// What the org is owed and has been paid in one currency.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "SEES_INVOICES", visible = "sees_invoices")]
pub(super) struct TeamFigures {
    /// ISO 4217 code.
    currency: String,
    /// Sum of what is due on open invoices.
    outstanding_minor: MinorUnits,
    /// Number of open invoices.
    open_count: i32,
    /// The part whose due day has passed.
    overdue_minor: MinorUnits,
    /// Number of overdue invoices.
    overdue_count: i32,
    /// The oldest due day that has passed; null where none has.
    overdue_since: Option<Date>,
    /// What came in each of the last twelve calendar months, less what went back; the current month last.
    paid_months: Vec<TeamPaidMonth>,
}

/// What came in one calendar month.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "SEES_INVOICES", visible = "sees_invoices")]
pub(super) struct TeamPaidMonth {
    /// The first day of the month.
    month: Date,
    /// Payments, less what went back.
    paid_minor: MinorUnits,
}

/// What a member sees first.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "SEES_INVOICES", visible = "sees_invoices")]
pub(super) struct TeamOverview {
    /// One entry for each currency in which something is owed or was paid in the last twelve months; the
    /// currency with most payments first.
    figures: Vec<TeamFigures>,
    /// The invoices that are overdue for longest, at most five.
    overdue: Vec<TeamInvoice>,
    /// The newest drafts, at most five.
    drafts: Vec<TeamInvoice>,
    /// Who has last opened an invoice: each person and invoice once, at most five.
    #[graphql(guard = "SEES_ACTIVITY", visible = "sees_activity")]
    views: Vec<TeamActivity>,
    /// What happened lately, at most eight rows.
    #[graphql(guard = "SEES_ACTIVITY", visible = "sees_activity")]
    lately: Vec<TeamActivity>,
    /// The org has a client.
    has_client: bool,
    /// The org has an invoice, if only a draft.
    has_invoice: bool,
    /// The org has a logo, or its settings were changed.
    has_brand: bool,
}

/// How many months the chart shows.
const MONTHS: u32 = 12;
const VIEWS_SHOWN: i64 = 5;
/// Views that are looked through for different ones: who opens one invoice every hour must not hide the
/// others.
const VIEWS_LOOKED_AT: i64 = 40;

pub(super) async fn resolve(team: &Team<'_>, look: &Look<'_>) -> Result<TeamOverview> {
    let this_month = first_of_month(team.today);
    let months: Vec<NaiveDate> =
        (0..MONTHS).rev().filter_map(|back| this_month.checked_sub_months(Months::new(back))).collect();
    let since = months.first().copied().unwrap_or(this_month);
    let (five, eight) = (PageRequest::beginning(5), PageRequest::beginning(8));
    let scope = &team.scope;
    let figures = scope.figures(team.today).await?;
    let paid = scope.paid_months(since).await?;
    let invoices = |standing| async move {
        let filter = TeamInvoiceFilter { standing, ..TeamInvoiceFilter::default() };
        scope.invoices(&filter, TeamInvoiceOrder::usual(standing), team.today, &five).await
    };
    let overdue = invoices(TeamInvoiceStanding::Overdue).await?;
    let drafts = invoices(TeamInvoiceStanding::Draft).await?;
    let views = scope.last_views(VIEWS_SHOWN, VIEWS_LOOKED_AT).await?;
    let lately = scope.activity(&crate::store::team::ActivityFilter::default(), &eight).await?;
    let beginning = scope.beginning().await?.ok_or(Error::NotFound)?;
    Ok(TeamOverview {
        figures: by_currency(figures, paid, &months),
        overdue: invoice::of_rows(team, overdue.rows, &look.field("overdue")).await?,
        drafts: invoice::of_rows(team, drafts.rows, &look.field("drafts")).await?,
        views: activity::rows(team, views),
        lately: activity::rows(team, lately.rows),
        has_client: beginning.has_client,
        has_invoice: beginning.has_invoice,
        has_brand: beginning.has_brand,
    })
}

fn by_currency(
    figures: Vec<OrgFigureRow>,
    paid: Vec<PaidMonthRow>,
    months: &[NaiveDate],
) -> Vec<TeamFigures> {
    let mut paid_in: BTreeMap<(String, NaiveDate), i64> = BTreeMap::new();
    let mut payments: BTreeMap<String, i64> = BTreeMap::new();
    for row in paid {
        *payments.entry(row.currency.clone()).or_default() += row.payment_count;
        paid_in.insert((row.currency, row.month), row.paid_minor);
    }
    let mut owed: BTreeMap<String, OrgFigureRow> =
        figures.into_iter().map(|row| (row.currency.clone(), row)).collect();
    let is_shown = |row: &OrgFigureRow| row.open_count > 0 || payments.contains_key(&row.currency);
    owed.retain(|_, row| is_shown(row));
    let currencies: std::collections::BTreeSet<String> =
        owed.keys().chain(payments.keys()).cloned().collect();
    let mut all: Vec<TeamFigures> = currencies
        .into_iter()
        .map(|currency| {
            let paid_months = months
                .iter()
                .map(|month| TeamPaidMonth {
                    month: Date(*month),
                    paid_minor: MinorUnits(
                        paid_in.get(&(currency.clone(), *month)).copied().unwrap_or_default(),
                    ),
                })
                .collect();
            TeamFigures::new(owed.get(&currency), currency, paid_months)
        })
        .collect();
    let count = |figures: &TeamFigures| payments.get(&figures.currency).copied().unwrap_or_default();
    all.sort_by_key(|figures| std::cmp::Reverse((count(figures), figures.open_count)));
    all
}

impl TeamFigures {
    fn new(owed: Option<&OrgFigureRow>, currency: String, paid_months: Vec<TeamPaidMonth>) -> Self {
        let count = |count: Option<i64>| i32::try_from(count.unwrap_or_default()).unwrap_or(i32::MAX);
        Self {
            currency,
            outstanding_minor: MinorUnits(owed.map_or(0, |row| row.outstanding_minor)),
            open_count: count(owed.map(|row| row.open_count)),
            overdue_minor: MinorUnits(owed.map_or(0, |row| row.overdue_minor)),
            overdue_count: count(owed.map(|row| row.overdue_count)),
            overdue_since: owed.and_then(|row| row.overdue_since).map(Date),
            paid_months,
        }
    }
}
