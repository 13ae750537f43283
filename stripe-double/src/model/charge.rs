//! A charge (<https://docs.stripe.com/api/charges/object>): one attempt to take money, and what was given
//! back of it.

use serde_json::{Value, json};

use super::{Metadata, with_nulls, words};

words! {
    /// How an attempt ended.
    ChargeStatus {
        /// It has not ended.
        Pending = "pending",
        /// The money is there.
        Succeeded = "succeeded",
        /// It is not.
        Failed = "failed",
    }
}

/// What Stripe always tells of it, and has no value here.
const ABSENT: [&str; 19] = [
    "application_fee",
    "application_fee_amount",
    "calculated_statement_descriptor",
    "customer",
    "failure_balance_transaction",
    "on_behalf_of",
    "outcome",
    "payment_method",
    "receipt_email",
    "receipt_number",
    "receipt_url",
    "review",
    "shipping",
    "source",
    "source_transfer",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_data",
    "transfer_group",
];

/// One attempt to take money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// `ch_…`
    pub id: String,
    /// The connected account that is paid.
    pub account: String,
    /// When it was made.
    pub created: i64,
    /// The payment it is an attempt of.
    pub payment_intent: String,
    /// What is taken, in minor units.
    pub amount: i64,
    /// Three letters, lowercase.
    pub currency: String,
    /// How it ended.
    pub status: ChargeStatus,
    /// What was given back.
    pub amount_refunded: i64,
    /// Whether the payer disputes it.
    pub disputed: bool,
    /// `card_declined` and the like.
    pub failure_code: Option<String>,
    /// The payment's metadata, as it was then.
    pub metadata: Metadata,
    /// The payment's description.
    pub description: Option<String>,
    /// `card`, `sepa_debit` and the like.
    pub method: String,
    /// Who paid.
    pub email: Option<String>,
}

impl Charge {
    /// Whether money was taken.
    #[must_use]
    pub fn paid(&self) -> bool {
        self.status == ChargeStatus::Succeeded
    }

    /// What could still be given back.
    #[must_use]
    pub fn refundable(&self) -> i64 {
        if self.paid() { self.amount - self.amount_refunded } else { 0 }
    }

    pub(crate) fn json(&self) -> Value {
        let details = match self.method.as_str() {
            "card" => {
                json!({ "type": "card", "card": { "brand": "visa", "last4": "4242", "country": "US" } })
            }
            other => json!({ "type": other, other: { "last4": "3000", "country": "DE" } }),
        };
        let object = json!({
            "id": self.id,
            "object": "charge",
            "amount": self.amount,
            "amount_captured": if self.paid() { self.amount } else { 0 },
            "amount_refunded": self.amount_refunded,
            "application": "ca_double",
            "balance_transaction": self.paid().then(|| self.id.replace("ch_", "txn_")),
            "billing_details": { "address": null, "email": self.email, "name": null, "phone": null },
            "captured": self.status != ChargeStatus::Failed,
            "created": self.created,
            "currency": self.currency,
            "description": self.description,
            "disputed": self.disputed,
            "failure_code": self.failure_code,
            "failure_message": self.failure_code.as_ref().map(|_| "The payment was declined."),
            "fraud_details": {},
            "livemode": false,
            "metadata": self.metadata,
            "paid": self.paid(),
            "payment_intent": self.payment_intent,
            "payment_method_details": details,
            "refunded": self.paid() && self.amount_refunded == self.amount,
            "status": self.status.as_str(),
        });
        with_nulls(object, &ABSENT)
    }
}
