//! An invoice that was sent does not change: it is cancelled, and another is sent (rule M8).

use chrono::NaiveDate;

use crate::{
    error::Result,
    id::InvoiceId,
    ledger::BillingError,
    store::{ActivityKind, Origin, WebhookKind, team::TeamScope},
};

/// Cancels an invoice. It shows as void, counts for nothing, and its share link is dead (rule V1).
pub async fn void_invoice(
    scope: &TeamScope<'_>,
    id: InvoiceId,
    today: NaiveDate,
    origin: &Origin,
) -> Result<Result<(), BillingError>> {
    let mut tx = scope.begin(today).await?;
    let Some(mut invoice) = tx.lock_invoice(id).await? else { return Ok(Err(BillingError::NotFound)) };
    let change = match invoice.cancel() {
        Ok(change) => change,
        Err(refused) => return Ok(Err(refused)),
    };
    tx.save_void(&invoice).await?;
    tx.revoke_share_link(&invoice).await?;
    tx.change_balance(&invoice, change).await?;
    tx.log(ActivityKind::InvoiceVoided, &invoice, "", origin).await?;
    tx.emit(WebhookKind::InvoiceVoided, &invoice, None).await?;
    tx.commit().await?;
    Ok(Ok(()))
}
