//! A payment that was written down by mistake is taken back by a row of its own, never deleted.

use chrono::NaiveDate;

use crate::{
    error::Result,
    id::{InvoiceId, PaymentId},
    ledger::BillingError,
    store::{ActivityKind, Money, Origin, WebhookKind, team::TeamScope},
};

/// Takes a payment back; gives the invoice it was for.
pub async fn reverse_payment(
    scope: &TeamScope<'_>,
    payment: PaymentId,
    today: NaiveDate,
    origin: &Origin,
) -> Result<Result<InvoiceId, BillingError>> {
    let mut tx = scope.begin(today).await?;
    let Some(found) = tx.payment(payment).await? else { return Ok(Err(BillingError::NotFound)) };
    let Some(mut invoice) = tx.lock_invoice(found.invoice_id).await? else {
        return Ok(Err(BillingError::NotFound));
    };
    // Money that came through Stripe goes back through Stripe.
    let by_hand = found.kind == "payment" && found.method != "card";
    if !by_hand || !tx.add_reversal(&invoice, &found).await? {
        return Ok(Err(BillingError::NotReversible));
    }
    let change = invoice.take_back(found.amount_minor);
    tx.save_paid(&invoice).await?;
    tx.change_balance(&invoice, change).await?;
    tx.log(ActivityKind::PaymentReversed, &invoice, &found.method, origin).await?;
    let money = Money { payment, amount_minor: -found.amount_minor, method: &found.method };
    tx.emit(WebhookKind::PaymentReversed, &invoice, Some(money)).await?;
    tx.commit().await?;
    Ok(Ok(invoice.id))
}
