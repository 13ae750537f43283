//! The owner connects the org's own Stripe account (rule T3). The money goes there, and never through us (rule M2).

use crate::{
    auth::actor::TeamActor,
    config::PublicUrl,
    error::{Error, Result},
    store::{Origin, Store},
    stripe::{Stripe, StripeFailure},
};

/// Where the owner goes to tell Stripe what it wants to know; `Err` where Stripe does not answer or refuses.
pub async fn connect_stripe(
    store: &Store,
    stripe: &Stripe,
    public_url: &PublicUrl,
    actor: &TeamActor,
    email: &str,
    origin: &Origin,
) -> Result<std::result::Result<String, StripeFailure>> {
    let scope = store.for_team(actor);
    let account = if let Some(row) = scope.stripe_account().await? {
        row.account_id
    } else {
        // The key says which of the org's accounts it is: a button that is pressed twice makes one.
        let count = scope.stripe_account_count().await?;
        let key = format!("postern-account-{}-{count}", actor.org_id());
        let made = match stripe.create_account(&key, email).await {
            Ok(made) => made,
            Err(failure) => return Ok(Err(failure)),
        };
        let account = made.id.parse().map_err(Error::bug)?;
        scope.connect_stripe(&account, origin).await?;
        account
    };
    let settings = public_url.link(app::routes::APP_SETTINGS_STRIPE);
    let (back, again) = (format!("{settings}?back"), format!("{settings}?again"));
    Ok(stripe.account_link(&account, &back, &again).await)
}
