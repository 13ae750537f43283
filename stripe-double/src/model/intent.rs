//! A `PaymentIntent` (<https://docs.stripe.com/api/payment_intents/object>): one payment, through all its
//! attempts.

use serde_json::{Value, json};

use super::{Metadata, with_nulls, words};

words! {
    /// How far a payment is.
    IntentStatus {
        /// Nothing was taken; another attempt may be made.
        RequiresPaymentMethod = "requires_payment_method",
        /// The payer has something to do elsewhere: a voucher to pay, two small amounts to tell.
        RequiresAction = "requires_action",
        /// The bank is at it.
        Processing = "processing",
        /// The money is there.
        Succeeded = "succeeded",
        /// It will never be paid.
        Canceled = "canceled",
    }
}

/// What Stripe always tells of it, and has no value here.
const ABSENT: [&str; 22] = [
    "allowed_payment_method_types",
    "application_fee_amount",
    "automatic_payment_methods",
    "customer",
    "customer_account",
    "excluded_payment_method_types",
    "managed_payments",
    "next_action",
    "on_behalf_of",
    "payment_method",
    "payment_method_configuration_details",
    "payment_record",
    "processing",
    "receipt_email",
    "review",
    "setup_future_usage",
    "shipping",
    "source",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_data",
    "transfer_group",
];

/// One payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// `pi_…`
    pub id: String,
    /// The connected account that is paid.
    pub account: String,
    /// When it was made.
    pub created: i64,
    /// What is paid, in minor units.
    pub amount: i64,
    /// Three letters, lowercase.
    pub currency: String,
    /// How far it is.
    pub status: IntentStatus,
    /// What the platform wrote on it.
    pub metadata: Metadata,
    /// How it is described.
    pub description: Option<String>,
    /// The newest attempt.
    pub latest_charge: Option<String>,
    /// Why the newest attempt failed.
    pub last_error: Option<String>,
    /// When it was given up.
    pub canceled_at: Option<i64>,
    /// The session it came from.
    pub session: Option<String>,
    /// By what it may be paid.
    pub payment_method_types: Vec<String>,
}

impl Intent {
    pub(crate) fn json(&self) -> Value {
        let succeeded = self.status == IntentStatus::Succeeded;
        let canceled = self.status == IntentStatus::Canceled;
        let error = self.last_error.as_ref().map(|code| {
            json!({
                "type": "card_error",
                "code": code,
                "charge": self.latest_charge,
                "message": "The payment was declined.",
            })
        });
        let object = json!({
            "id": self.id,
            "object": "payment_intent",
            "amount": self.amount,
            "amount_capturable": 0,
            "amount_received": if succeeded { self.amount } else { 0 },
            "application": "ca_double",
            "canceled_at": self.canceled_at,
            "cancellation_reason": canceled.then_some("expired"),
            "capture_method": "automatic_async",
            "client_secret": format!("{}_secret_double", self.id),
            "confirmation_method": "automatic",
            "created": self.created,
            "currency": self.currency,
            "description": self.description,
            "last_payment_error": error,
            "latest_charge": self.latest_charge,
            "livemode": false,
            "metadata": self.metadata,
            "payment_method_options": {},
            "payment_method_types": self.payment_method_types,
            "status": self.status.as_str(),
        });
        with_nulls(object, &ABSENT)
    }
}
