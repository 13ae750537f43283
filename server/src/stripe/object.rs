//! Stripe's objects, as far as they are read. A field that Stripe adds, or a word that it has not used before, breaks
//! nothing: statuses stay words and are compared where something follows from them.

use std::collections::BTreeMap;

use miniserde::Deserialize;

/// A connected account (<https://docs.stripe.com/api/accounts/object>).
#[derive(Debug, Clone, Deserialize)]
pub struct Account {
    /// `acct_…`
    pub id: String,
    /// Whether it can take payments.
    pub charges_enabled: Option<bool>,
    /// Whether the owner has told everything that was asked first.
    pub details_submitted: Option<bool>,
    /// What is still wanted.
    pub requirements: Option<Requirements>,
}

/// What Stripe still wants to know.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Requirements {
    /// To go on, such as `business_profile.url`.
    pub currently_due: Option<Vec<String>>,
    /// What is late, and holds payments up.
    pub past_due: Option<Vec<String>>,
    /// Why payments are held up.
    pub disabled_reason: Option<String>,
}

impl Account {
    /// What is still wanted, each once.
    #[must_use]
    pub fn wants(&self) -> Vec<String> {
        let Some(requirements) = &self.requirements else { return vec![] };
        let lists = [&requirements.past_due, &requirements.currently_due];
        let mut wants: Vec<String> = lists.into_iter().flatten().flatten().cloned().collect();
        wants.sort();
        wants.dedup();
        wants
    }
}

/// A page on which somebody pays (<https://docs.stripe.com/api/checkout/sessions/object>).
#[derive(Debug, Clone, Deserialize)]
pub struct Session {
    /// `cs_…`
    pub id: String,
    /// Where it is paid; none once it is not open any more.
    pub url: Option<String>,
    /// `open`, `complete` or `expired`.
    pub status: Option<String>,
    /// `paid`, `unpaid` or `no_payment_required`.
    pub payment_status: String,
    /// In Stripe's smallest unit.
    pub amount_total: Option<i64>,
    /// ISO 4217, in lower case.
    pub currency: Option<String>,
    /// What we gave it along.
    pub metadata: Option<BTreeMap<String, String>>,
    /// The payment; asked for in full.
    pub payment_intent: Option<Intent>,
    /// Who paid, as they told Stripe.
    pub customer_details: Option<Customer>,
}

/// A session that was opened or closed just now, of which nothing more is read.
#[derive(Debug, Clone, Deserialize)]
pub struct SessionHead {
    /// `cs_…`
    pub id: String,
    /// Where it is paid; none once it is not open any more.
    pub url: Option<String>,
    /// `open`, `complete` or `expired`.
    pub status: Option<String>,
    /// What we gave it along.
    pub metadata: Option<BTreeMap<String, String>>,
}

/// Who paid.
#[derive(Debug, Clone, Deserialize)]
pub struct Customer {
    /// Where the receipt goes.
    pub email: Option<String>,
}

/// A payment (<https://docs.stripe.com/api/payment_intents/object>).
#[derive(Debug, Clone, Deserialize)]
pub struct Intent {
    /// `pi_…`
    pub id: String,
    /// `succeeded`, `processing`, `requires_payment_method`, `canceled` …
    pub status: String,
    /// What was asked for.
    pub amount: i64,
    /// What has come.
    pub amount_received: Option<i64>,
    /// ISO 4217, in lower case.
    pub currency: String,
    /// What we gave it along.
    pub metadata: Option<BTreeMap<String, String>>,
    /// The last try; asked for in full.
    pub latest_charge: Option<Charge>,
}

/// One try to get the money (<https://docs.stripe.com/api/charges/object>).
#[derive(Debug, Clone, Deserialize)]
pub struct Charge {
    /// `ch_…` or `py_…`
    pub id: String,
    /// Unix seconds.
    pub created: i64,
    /// What was given back.
    pub amount_refunded: i64,
    /// Whether the payer's bank has ever taken it back.
    pub disputed: bool,
}

/// Money given back (<https://docs.stripe.com/api/refunds/object>).
#[derive(Debug, Clone, Deserialize)]
pub struct Refund {
    /// `re_…`
    pub id: String,
    /// How much.
    pub amount: i64,
    /// Unix seconds.
    pub created: i64,
    /// `pending`, `requires_action`, `succeeded`, `failed` or `canceled`.
    pub status: Option<String>,
}

/// Money that the payer's bank took back (<https://docs.stripe.com/api/disputes/object>).
#[derive(Debug, Clone, Deserialize)]
pub struct Dispute {
    /// `dp_…` or `du_…`
    pub id: String,
    /// How much.
    pub amount: i64,
    /// Unix seconds.
    pub created: i64,
    /// `needs_response`, `under_review`, `won`, `lost`; `warning_…` and `prevented` where no money moves.
    pub status: String,
}

/// One page of a list.
#[derive(Debug, Deserialize)]
pub(super) struct List<T> {
    pub(super) data: Vec<T>,
}
