//! A checkout that nobody is to pay any more is closed at Stripe: what is due has changed, the org is connected no more,
//! or its plan has no online payment. Somebody may have paid it just before; then that holds (rule M4).

use crate::{
    checkout::CheckoutState,
    error::Result,
    id::{ClientId, InvoiceId, OrgId},
    store::{CheckoutRow, Store, system::CheckoutName},
    stripe::{Stripe, StripeFailure},
};

use super::settle_checkout::{Settled, settle_checkout};

/// Closes it; gives how it stands then.
pub(super) async fn close_checkout(store: &Store, stripe: &Stripe, row: &CheckoutRow) -> Result<Settled> {
    let state = row.state()?;
    if state == CheckoutState::Processing {
        return Ok(Settled::As(state));
    }
    let mut row = row.clone();
    if row.session_id.is_none() {
        match settle_checkout(store, stripe, row.id, None).await? {
            Settled::As(CheckoutState::Open) => {}
            other => return Ok(other),
        }
        match store.system().checkout(&CheckoutName::Id(row.id)).await? {
            Some(again) => row = again,
            None => return Ok(Settled::Later),
        }
    }
    let Some(session) = &row.session_id else { return Ok(Settled::Later) };
    match stripe.expire_session(&row.account_id, session).await {
        // Refused: it is not open any more. Whatever it is, that is what holds.
        Ok(_) | Err(StripeFailure::Refused { .. }) => settle_checkout(store, stripe, row.id, None).await,
        Err(StripeFailure::Unreachable(_) | StripeFailure::Fault(_) | StripeFailure::UnderWay) => {
            Ok(Settled::Later)
        }
    }
}

/// Closes what is open on an invoice for an amount that is not due any more; `false` where it has to be tried again.
pub(crate) async fn review_checkouts(
    store: &Store,
    stripe: &Stripe,
    tenant: (OrgId, ClientId),
    invoice: InvoiceId,
) -> Result<bool> {
    let Some(row) = store.system().live_checkout_of(tenant, invoice).await? else { return Ok(true) };
    if !store.system().is_stale(&row).await? {
        return Ok(true);
    }
    Ok(close_checkout(store, stripe, &row).await? != Settled::Later)
}

/// Closes all that can be paid on an org's account; `false` where some of it has to be tried again.
pub(crate) async fn close_checkouts(store: &Store, stripe: &Stripe, org: OrgId) -> Result<bool> {
    let mut all_closed = true;
    for row in store.system().open_checkouts_of_org(org).await? {
        all_closed &= close_checkout(store, stripe, &row).await? != Settled::Later;
    }
    Ok(all_closed)
}
