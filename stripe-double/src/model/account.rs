//! A connected account (<https://docs.stripe.com/api/accounts/object>): who the money is for.

use serde_json::{Value, json};

use super::Metadata;

/// A connected account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// `acct_…`
    pub id: String,
    /// When it was made.
    pub created: i64,
    /// Two letters, uppercase.
    pub country: String,
    /// Where its owner is reached.
    pub email: Option<String>,
    /// Three letters, lowercase.
    pub default_currency: String,
    /// The name that payers read.
    pub name: Option<String>,
    /// `business_profile[url]`.
    pub website: Option<String>,
    /// What the platform wrote on it.
    pub metadata: Metadata,
    /// Whether it can take charges.
    pub charges_enabled: bool,
    /// Whether its form was filled in.
    pub details_submitted: bool,
    /// Why it cannot take charges.
    pub disabled_reason: Option<String>,
    /// What Stripe still wants before it may take charges.
    pub currently_due: Vec<String>,
    /// What Stripe wanted by a day that has passed.
    pub past_due: Vec<String>,
    /// What Stripe is looking at.
    pub pending_verification: Vec<String>,
    /// Whether the platform still has access to it.
    pub authorised: bool,
    /// `standard`, `express`, `custom` or `none`.
    pub kind: String,
}

impl Account {
    /// What a new account is asked for.
    pub(crate) const FORM: [&str; 4] =
        ["business_type", "external_account", "tos_acceptance.date", "tos_acceptance.ip"];

    /// The name that payers read, or something in its place.
    #[must_use]
    pub fn display_name(&self) -> &str {
        self.name.as_deref().or(self.email.as_deref()).unwrap_or(&self.id)
    }

    pub(crate) fn json(&self) -> Value {
        let capability = if self.charges_enabled { "active" } else { "inactive" };
        json!({
            "id": self.id,
            "object": "account",
            "business_profile": { "name": self.name, "url": self.website },
            "capabilities": { "card_payments": capability, "transfers": capability },
            "charges_enabled": self.charges_enabled,
            "controller": { "type": "application", "is_controller": true },
            "country": self.country,
            "created": self.created,
            "default_currency": self.default_currency,
            "details_submitted": self.details_submitted,
            "email": self.email,
            "metadata": self.metadata,
            "payouts_enabled": self.charges_enabled,
            "requirements": {
                "alternatives": [],
                "current_deadline": null,
                "currently_due": self.currently_due,
                "disabled_reason": self.disabled_reason,
                "errors": [],
                "eventually_due": self.currently_due,
                "past_due": self.past_due,
                "pending_verification": self.pending_verification,
            },
            "type": self.kind,
        })
    }
}
