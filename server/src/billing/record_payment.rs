//! Money that came, written down by the team.

use chrono::NaiveDate;

use crate::{
    error::Result,
    ledger::{BillingError, NewPayment},
    store::{ActivityKind, Money, Origin, WebhookKind, team::TeamScope},
};

/// Records a payment. One that is there already is left as it is.
pub async fn record_payment(
    scope: &TeamScope<'_>,
    payment: &NewPayment,
    today: NaiveDate,
    origin: &Origin,
) -> Result<Result<(), BillingError>> {
    let mut tx = scope.begin(today).await?;
    let Some(mut invoice) = tx.lock_invoice(payment.invoice_id).await? else {
        return Ok(Err(BillingError::NotFound));
    };
    // Asked under the lock: of two forms that were sent at once, the second finds the first's payment.
    if let Some(there) = tx.payment(payment.id).await? {
        return Ok(if there.invoice_id == invoice.id { Ok(()) } else { Err(BillingError::IdTaken) });
    }
    let change = match invoice.pay(payment.amount_minor) {
        Ok(change) => change,
        Err(refused) => return Ok(Err(refused)),
    };
    if !tx.add_payment(&invoice, payment).await? {
        return Ok(Err(BillingError::IdTaken));
    }
    tx.save_paid(&invoice).await?;
    tx.change_balance(&invoice, change).await?;
    tx.log(ActivityKind::PaymentRecorded, &invoice, payment.method.as_str(), origin).await?;
    let money =
        Money { payment: payment.id, amount_minor: payment.amount_minor, method: payment.method.as_str() };
    tx.emit(WebhookKind::PaymentReceived, &invoice, Some(money)).await?;
    if invoice.is_settled() {
        tx.emit(WebhookKind::InvoicePaid, &invoice, Some(money)).await?;
    }
    tx.commit().await?;
    Ok(Ok(()))
}
