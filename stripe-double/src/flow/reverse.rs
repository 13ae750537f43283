//! A payment is given back, or disputed.

use crate::{
    currency,
    error::ApiError,
    ids,
    model::{Dispute, DisputeStatus, Metadata, Refund, RefundStatus},
    state::State,
};

impl State {
    /// Gives back a part of a charge, or what is left of it. Money that came by card goes at once; a debit's
    /// refund is pending until [`State::refund_ends`].
    pub(crate) fn refund(
        &mut self,
        charge: &str,
        amount: Option<i64>,
        reason: Option<String>,
        metadata: Metadata,
    ) -> Result<String, ApiError> {
        let charge =
            self.charges.get_mut(charge).ok_or_else(|| ApiError::not_found("charge", charge, "charge"))?;
        let id = &charge.id;
        if !charge.paid() {
            let message = format!("Charge {id} is {} and cannot be refunded.", charge.status.as_str());
            return Err(ApiError::refused(None, message));
        }
        if charge.disputed {
            let message = format!("Charge {id} has been charged back; cannot issue a refund.");
            return Err(ApiError::refused(Some("charge_disputed"), message));
        }
        let left = charge.refundable();
        if left == 0 {
            let message = format!("Charge {id} has already been refunded.");
            return Err(ApiError::refused(Some("charge_already_refunded"), message));
        }
        let amount = amount.unwrap_or(left);
        if amount > left {
            let message = format!(
                "Refund amount ({}) is greater than unrefunded amount on charge ({})",
                currency::display(amount, &charge.currency),
                currency::display(left, &charge.currency),
            );
            return Err(ApiError::refused(None, message).at("amount"));
        }
        charge.amount_refunded += amount;
        let status = if charge.method == "card" { RefundStatus::Succeeded } else { RefundStatus::Pending };
        let refund = Refund {
            id: ids::new("re", 24),
            account: charge.account.clone(),
            created: self.now,
            charge: charge.id.clone(),
            payment_intent: charge.payment_intent.clone(),
            amount,
            currency: charge.currency.clone(),
            status,
            reason,
            metadata,
        };
        let (id, charge) = (refund.id.clone(), refund.charge.clone());
        self.emit(&refund.account, "refund.created", refund.json());
        self.refunds.insert(refund);
        self.emit_charge(&charge, "charge.refunded");
        Ok(id)
    }

    /// The payer's bank takes a refund, or sends it back. That the charge then counts less as given back is the
    /// double's reading: Stripe's documentation says that the money returns to the balance, and not what the
    /// charge says.
    pub(crate) fn refund_ends(&mut self, id: &str, arrived: bool) -> Result<(), ApiError> {
        let refund = self.refunds.get_mut(id).ok_or_else(|| ApiError::not_found("refund", id, "refund"))?;
        if refund.status == RefundStatus::Failed {
            return Err(ApiError::refused(None, "This refund has failed already."));
        }
        refund.status = if arrived { RefundStatus::Succeeded } else { RefundStatus::Failed };
        let refund = refund.clone();
        if !arrived && let Some(charge) = self.charges.get_mut(&refund.charge) {
            charge.amount_refunded -= refund.amount;
        }
        self.emit(&refund.account, "refund.updated", refund.json());
        if !arrived {
            self.emit(&refund.account, "refund.failed", refund.json());
        }
        Ok(())
    }

    /// The payer asks their bank for the money: all of it, or a part. Stripe says that a card's charge which was
    /// given back whole is not disputed (<https://docs.stripe.com/refunds>); the double allows it, since a platform
    /// should survive it.
    pub(crate) fn dispute(&mut self, charge: &str, amount: Option<i64>) -> Result<String, ApiError> {
        let charge =
            self.charges.get_mut(charge).ok_or_else(|| ApiError::not_found("charge", charge, "charge"))?;
        if !charge.paid() || charge.disputed {
            return Err(ApiError::refused(
                None,
                "Only a charge that was paid can be disputed, and only once.",
            ));
        }
        charge.disputed = true;
        let dispute = Dispute {
            id: ids::new("du", 24),
            account: charge.account.clone(),
            created: self.now,
            charge: charge.id.clone(),
            payment_intent: charge.payment_intent.clone(),
            amount: amount.unwrap_or(charge.amount),
            currency: charge.currency.clone(),
            status: DisputeStatus::NeedsResponse,
        };
        self.emit(&dispute.account, "charge.dispute.created", dispute.json());
        self.emit(&dispute.account, "charge.dispute.funds_withdrawn", dispute.json());
        let id = dispute.id.clone();
        self.disputes.insert(dispute);
        Ok(id)
    }

    /// The bank decides.
    pub(crate) fn dispute_ends(&mut self, id: &str, won: bool) -> Result<(), ApiError> {
        let dispute =
            self.disputes.get_mut(id).ok_or_else(|| ApiError::not_found("dispute", id, "dispute"))?;
        if dispute.status != DisputeStatus::NeedsResponse {
            return Err(ApiError::refused(None, "This dispute is closed."));
        }
        dispute.status = if won { DisputeStatus::Won } else { DisputeStatus::Lost };
        let (account, json) = (dispute.account.clone(), dispute.json());
        if won {
            self.emit(&account, "charge.dispute.funds_reinstated", json.clone());
        }
        self.emit(&account, "charge.dispute.closed", json);
        Ok(())
    }

    /// The newest charge of a payment.
    pub(crate) fn charge_of(&self, intent: &str) -> Result<String, ApiError> {
        let found = self.intents.get(intent).and_then(|found| found.latest_charge.clone());
        found.ok_or_else(|| ApiError::not_found("payment_intent", intent, "payment_intent"))
    }
}
