//! What takes a payment back: a refund, which the payee makes, and a dispute, which the payer makes at the
//! bank (<https://docs.stripe.com/api/refunds/object>, <https://docs.stripe.com/api/disputes/object>).

use serde_json::{Value, json};

use super::{Metadata, words};

words! {
    /// How far a refund is.
    RefundStatus {
        /// The bank is at it.
        Pending = "pending",
        /// The money is on its way to the payer.
        Succeeded = "succeeded",
        /// It came back to the payee.
        Failed = "failed",
    }
}

words! {
    /// How far a dispute is.
    DisputeStatus {
        /// The payee may answer.
        NeedsResponse = "needs_response",
        /// The payee keeps the money.
        Won = "won",
        /// The payer has it back.
        Lost = "lost",
    }
}

/// Money given back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    /// `re_…`
    pub id: String,
    /// The connected account that gives it back.
    pub account: String,
    /// When it was made.
    pub created: i64,
    /// The charge it is taken from.
    pub charge: String,
    /// The payment it is taken from.
    pub payment_intent: String,
    /// How much, in minor units.
    pub amount: i64,
    /// Three letters, lowercase.
    pub currency: String,
    /// How far it is.
    pub status: RefundStatus,
    /// Why it was made.
    pub reason: Option<String>,
    /// What the platform wrote on it.
    pub metadata: Metadata,
}

impl Refund {
    pub(crate) fn json(&self) -> Value {
        let failed = self.status == RefundStatus::Failed;
        let mut refund = json!({
            "id": self.id,
            "object": "refund",
            "amount": self.amount,
            "balance_transaction": self.id.replace("re_", "txn_"),
            "charge": self.charge,
            "created": self.created,
            "currency": self.currency,
            "customer": null,
            "customer_account": null,
            "metadata": self.metadata,
            "payment_intent": self.payment_intent,
            "payment_method": null,
            "reason": self.reason,
            "receipt_number": null,
            "source_transfer_reversal": null,
            "status": self.status.as_str(),
            "transfer_reversal": null,
        });
        if failed {
            refund["failure_reason"] = "unknown".into();
        }
        refund
    }
}

/// Money a payer's bank wants back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispute {
    /// `du_…`
    pub id: String,
    /// The connected account it is wanted from.
    pub account: String,
    /// When it was opened.
    pub created: i64,
    /// The charge it is about.
    pub charge: String,
    /// The payment it is about.
    pub payment_intent: String,
    /// How much, in minor units.
    pub amount: i64,
    /// Three letters, lowercase.
    pub currency: String,
    /// How far it is.
    pub status: DisputeStatus,
}

impl Dispute {
    pub(crate) fn json(&self) -> Value {
        let reinstated = self.status == DisputeStatus::Won;
        let movement = |amount: i64, category: &str| {
            json!({
                "id": self.id.replace("du_", "txn_"),
                "object": "balance_transaction",
                "amount": amount,
                "currency": self.currency,
                "fee": 0,
                "net": amount,
                "reporting_category": category,
                "type": "adjustment",
            })
        };
        let mut movements = vec![movement(-self.amount, "dispute")];
        if reinstated {
            movements.push(movement(self.amount, "dispute_reversal"));
        }
        json!({
            "id": self.id,
            "object": "dispute",
            "amount": self.amount,
            "balance_transactions": movements,
            "charge": self.charge,
            "created": self.created,
            "currency": self.currency,
            "enhanced_eligibility_types": [],
            "evidence": {},
            "evidence_details": {
                "due_by": self.created + 604_800,
                "has_evidence": false,
                "past_due": false,
                "submission_count": 0,
            },
            "intended_submission_method": null,
            "is_charge_refundable": false,
            "livemode": false,
            "metadata": {},
            "payment_intent": self.payment_intent,
            "reason": "general",
            "status": self.status.as_str(),
        })
    }
}
