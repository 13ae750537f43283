//! The share link of an invoice: replaced by another, or switched off (rule V1).

use chrono::NaiveDate;

use crate::{
    auth::share_link::ShareLinks,
    error::Result,
    id::InvoiceId,
    ledger::BillingError,
    store::{ActivityKind, Origin, team::TeamScope},
};

/// Gives an invoice that was sent a new share link; the one before is dead from now on.
pub async fn replace_share_link(
    scope: &TeamScope<'_>,
    links: &ShareLinks,
    id: InvoiceId,
    today: NaiveDate,
    origin: &Origin,
) -> Result<Result<(), BillingError>> {
    let mut tx = scope.begin(today).await?;
    let Some(invoice) = tx.lock_invoice(id).await? else { return Ok(Err(BillingError::NotFound)) };
    match invoice.status.as_str() {
        "sent" => {}
        "void" => return Ok(Err(BillingError::Void)),
        _ => return Ok(Err(BillingError::NotFound)),
    }
    tx.revoke_share_link(&invoice).await?;
    let (nonce, token_hash) = links.mint();
    tx.add_share_link(&invoice, nonce.bytes(), &token_hash).await?;
    tx.log(ActivityKind::ShareLinkReplaced, &invoice, "", origin).await?;
    tx.commit().await?;
    Ok(Ok(()))
}

/// Switches an invoice's share link off; what is off already stays off.
pub async fn revoke_share_link(
    scope: &TeamScope<'_>,
    id: InvoiceId,
    today: NaiveDate,
    origin: &Origin,
) -> Result<Result<(), BillingError>> {
    let mut tx = scope.begin(today).await?;
    let Some(invoice) = tx.lock_invoice(id).await?.filter(|invoice| invoice.status != "draft") else {
        return Ok(Err(BillingError::NotFound));
    };
    if tx.revoke_share_link(&invoice).await? {
        tx.log(ActivityKind::ShareLinkRevoked, &invoice, "", origin).await?;
        tx.commit().await?;
    }
    Ok(Ok(()))
}
