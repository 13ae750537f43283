//! The org's settings and its plan.

use std::{sync::LazyLock, time::Duration};

use app::problem::FieldProblem;
use async_graphql::{Enum, InputObject, SimpleObject};
use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{SEES_SETTINGS, client::TeamSaved, sees_settings};
use crate::{
    auth::session::Plan,
    directory::{OrgFields, read_logo},
    error::{Error, Result},
    graphql::{guard::Team, scalar::Int64},
    line::Line,
    store::team::OrgSettingsRow,
};

/// What an org has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(visible = "sees_settings")]
pub(in crate::graphql) enum TeamPlan {
    /// Clients, invoices, share links.
    Free,
    /// The client portal and online payment besides.
    Studio,
    /// As many members as one likes.
    Agency,
}

/// The org, as its settings show it.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "SEES_SETTINGS", visible = "sees_settings")]
pub(super) struct TeamOrg {
    /// Name.
    name: String,
    /// Where its clients write to; may be empty.
    email: String,
    /// Lines of the address that stands on invoices.
    address: String,
    /// Tax id; may be empty.
    tax_id: String,
    /// BCP 47 tag: how dates and money are written.
    locale: String,
    /// IANA name: by its calendar day invoices are overdue.
    time_zone: String,
    /// Accent colour, `#rrggbb`.
    accent: String,
    /// How to pay, in the org's own words; may be empty.
    payment_instructions: String,
    /// What invoice numbers begin with; may be empty.
    invoice_prefix: String,
    /// What its tax is called on invoices; may be empty.
    tax_name: String,
    /// What a new line is taxed at, in millionths: 190000 is 19 %.
    default_tax_ppm: Int64,
    /// How many days its clients have to pay.
    payment_days: i32,
    /// What it has.
    plan: TeamPlan,
    /// Counts changes: to be given back with a change, so that a stale one is noticed.
    version: i32,
}

/// What can be set of an org.
#[derive(Debug, InputObject)]
#[graphql(visible = "sees_settings")]
pub(in crate::graphql) struct TeamOrgInput {
    /// Name, at most 120 characters.
    name: String,
    /// Where its clients write to; may be empty.
    email: String,
    /// Lines of the address that stands on invoices, at most 600 characters.
    address: String,
    /// Tax id, at most 60 characters.
    tax_id: String,
    /// BCP 47 tag such as `de-AT`.
    locale: String,
    /// IANA name such as `Europe/Vienna`.
    time_zone: String,
    /// Accent colour, `#rrggbb`.
    accent: String,
    /// How to pay, at most 1,000 characters.
    payment_instructions: String,
    /// What invoice numbers begin with, at most 20 characters, the last of them no digit. Applies to invoices
    /// that are sent from now on.
    invoice_prefix: String,
    /// What its tax is called on invoices, at most 30 characters.
    #[graphql(default)]
    tax_name: String,
    /// What a new line is taxed at, in percent, such as `19`; empty: nothing.
    #[graphql(default)]
    default_tax_rate: String,
    /// How many days its clients have to pay, from 0 to 365; empty: 14.
    #[graphql(default)]
    payment_days: String,
}

impl From<TeamPlan> for Plan {
    fn from(plan: TeamPlan) -> Self {
        match plan {
            TeamPlan::Free => Self::Free,
            TeamPlan::Studio => Self::Studio,
            TeamPlan::Agency => Self::Agency,
        }
    }
}

pub(super) async fn resolve(team: &Team<'_>) -> Result<TeamOrg> {
    let row: OrgSettingsRow = team.scope.org().await?.ok_or(Error::NotFound)?;
    Ok(TeamOrg {
        name: row.name,
        email: row.email,
        address: row.address,
        tax_id: row.tax_id,
        locale: row.locale,
        time_zone: row.time_zone,
        accent: row.accent,
        payment_instructions: row.payment_instructions,
        invoice_prefix: row.invoice_prefix,
        tax_name: row.tax_name,
        default_tax_ppm: Int64(row.default_tax_ppm),
        payment_days: i32::try_from(row.payment_days).unwrap_or(i32::MAX),
        plan: match row.plan.parse() {
            Ok(Plan::Studio) => TeamPlan::Studio,
            Ok(Plan::Agency) => TeamPlan::Agency,
            Ok(Plan::Free) | Err(_) => TeamPlan::Free,
        },
        version: i32::try_from(row.version).unwrap_or(i32::MAX),
    })
}

pub(super) async fn save(team: &Team<'_>, version: i32, input: &TeamOrgInput) -> Result<TeamSaved> {
    let fields = OrgFields {
        name: &input.name,
        email: &input.email,
        address: &input.address,
        tax_id: &input.tax_id,
        locale: &input.locale,
        time_zone: &input.time_zone,
        accent: &input.accent,
        payment_instructions: &input.payment_instructions,
        invoice_prefix: &input.invoice_prefix,
        tax_name: &input.tax_name,
        default_tax_rate: &input.default_tax_rate,
        payment_days: &input.payment_days,
    };
    let draft = match fields.check() {
        Ok(draft) => draft,
        Err(problems) => return Ok(TeamSaved::refused(problems)),
    };
    match team.scope.change_org(version.into(), &draft, team.origin).await? {
        Ok(()) => Ok(TeamSaved::saved(team.visit.actor.org_id())),
        Err(stale) => TeamSaved::stale(stale),
    }
}

/// A large picture takes a hundred megabytes while it is read: one at a time, and a few in line.
static DECODING: LazyLock<Line> = LazyLock::new(|| Line::new(1, 8, Duration::from_secs(2)));

/// A picture is read where blocking is allowed: decoding may take a while.
pub(super) async fn set_logo(team: &Team<'_>, image: &str) -> Result<TeamSaved> {
    let file = STANDARD.decode(image).map_err(|_| Error::Invalid { field: "image" })?;
    let place = DECODING.enter().await?;
    let read = move || {
        let read = read_logo(&file);
        // Not before: the work goes on where whoever asked has gone away.
        drop(place);
        read
    };
    let read = tokio::task::spawn_blocking(read).await.map_err(Error::bug)?;
    match read {
        Ok(logo) => {
            team.scope.set_logo(&logo, team.origin).await?;
            Ok(TeamSaved::saved(team.visit.actor.org_id()))
        }
        Err(problem) => Ok(TeamSaved::refused(vec![FieldProblem::new("logo", problem)])),
    }
}

pub(super) async fn set_plan(team: &Team<'_>, plan: TeamPlan) -> Result<bool> {
    team.scope.set_plan(plan.into(), team.origin).await
}
