//! The org's settings and its plan.

use async_graphql_value::{ConstValue, Name, Variables};
use serde::Deserialize;

use super::{Change, Saved, SavedAnswer, object, run, team, variables};
use crate::{
    api::{Document, Executor},
    error::AppError,
};

/// What an org has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Plan {
    /// Clients, invoices, share links.
    Free,
    /// The client portal and online payment besides.
    Studio,
    /// As many members as one likes.
    Agency,
}

impl Plan {
    /// All of them, the smallest first.
    pub const ALL: [Self; 3] = [Self::Free, Self::Studio, Self::Agency];

    /// The word that a form sends.
    #[must_use]
    pub const fn as_form_value(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Studio => "studio",
            Self::Agency => "agency",
        }
    }

    /// Reads the word that a form sends.
    #[must_use]
    pub fn from_form_value(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|plan| plan.as_form_value() == word)
    }
}

/// The org, as its settings show it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Org {
    /// What can be set, but for the two below.
    #[serde(flatten)]
    pub form: OrgForm,
    /// What a new line is taxed at, in millionths.
    pub default_tax_ppm: i64,
    /// How many days its clients have to pay.
    pub days: i64,
    /// What it has.
    pub plan: Plan,
}

/// An org as it stands in a form.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct OrgForm {
    /// Name.
    pub name: String,
    /// Where its clients write to.
    pub email: String,
    /// Lines of the address.
    pub address: String,
    /// Tax id.
    pub tax_id: String,
    /// BCP 47 tag.
    pub locale: String,
    /// IANA name.
    pub time_zone: String,
    /// `#rrggbb`.
    pub accent: String,
    /// How to pay.
    pub payment_instructions: String,
    /// What invoice numbers begin with.
    pub invoice_prefix: String,
    /// What its tax is called on invoices.
    pub tax_name: String,
    /// What a new line is taxed at, in percent.
    pub default_tax_rate: String,
    /// How many days its clients have to pay.
    pub payment_days: String,
    /// The version that was read.
    pub version: i32,
}

pub(super) const ORG: Document = Document {
    name: "TeamOrg",
    source: "query TeamOrg { team { org { name email address taxId locale timeZone accent paymentInstructions
        invoicePrefix taxName defaultTaxPpm days: paymentDays version plan } } }",
};

pub(super) const SAVE_ORG: Document = Document {
    name: "TeamSaveOrg",
    source: "mutation TeamSaveOrg($version: Int!, $input: TeamOrgInput!) {
        saved: teamSaveOrg(version: $version, input: $input) { id problems { field message } } }",
};

pub(super) const SET_PLAN: Document = Document {
    name: "TeamSetPlan",
    source: "mutation TeamSetPlan($plan: TeamPlan!) { done: teamSetPlan(plan: $plan) }",
};

pub(super) const SET_LOGO: Document = Document {
    name: "TeamSetLogo",
    source: "mutation TeamSetLogo($image: String!) { saved: teamSetLogo(image: $image) { id problems { field message } } }",
};

pub(super) const REMOVE_LOGO: Document =
    Document { name: "TeamRemoveLogo", source: "mutation TeamRemoveLogo { done: teamRemoveLogo }" };

/// Gives the org a logo; `image` is the file in base64.
pub async fn set_logo(executor: &dyn Executor, image: &str) -> Result<Saved, AppError> {
    let change: Change<SavedAnswer> = run(executor, SET_LOGO, variables([("image", image.into())])).await?;
    Ok(change.done.into())
}

/// Takes the logo away; `false` where there is none.
pub async fn remove_logo(executor: &dyn Executor) -> Result<bool, AppError> {
    run::<Change<bool>>(executor, REMOVE_LOGO, Variables::default()).await.map(|change| change.done)
}

/// The org of whoever asks.
pub async fn org(executor: &dyn Executor) -> Result<Org, AppError> {
    #[derive(Deserialize)]
    struct Answer {
        org: Org,
    }
    team::<Answer>(executor, ORG, Variables::default()).await.map(|answer| answer.org)
}

/// Changes the org.
pub async fn save_org(executor: &dyn Executor, form: &OrgForm) -> Result<Saved, AppError> {
    let input = object([
        ("name", form.name.as_str().into()),
        ("email", form.email.as_str().into()),
        ("address", form.address.as_str().into()),
        ("taxId", form.tax_id.as_str().into()),
        ("locale", form.locale.as_str().into()),
        ("timeZone", form.time_zone.as_str().into()),
        ("accent", form.accent.as_str().into()),
        ("paymentInstructions", form.payment_instructions.as_str().into()),
        ("invoicePrefix", form.invoice_prefix.as_str().into()),
        ("taxName", form.tax_name.as_str().into()),
        ("defaultTaxRate", form.default_tax_rate.as_str().into()),
        ("paymentDays", form.payment_days.as_str().into()),
    ]);
    let variables = variables([("version", form.version.into()), ("input", input)]);
    let change: Change<SavedAnswer> = run(executor, SAVE_ORG, variables).await?;
    Ok(change.done.into())
}

/// Changes the plan; `false` where it is so already.
pub async fn set_plan(executor: &dyn Executor, plan: Plan) -> Result<bool, AppError> {
    let word = Name::new(plan.as_form_value().to_ascii_uppercase());
    let variables = variables([("plan", ConstValue::Enum(word))]);
    run::<Change<bool>>(executor, SET_PLAN, variables).await.map(|change| change.done)
}
