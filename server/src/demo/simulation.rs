//! The demo has somebody to pay without an account at Stripe: a simulation of it, on a port of its own. No money
//! moves. It forgets everything when it ends; what the database has kept of it is told to the next one.

use std::{net::SocketAddr, sync::Arc};

use stripe_double::{Handle, Options, StripeDouble, WebhookTarget};

use super::org;
use crate::{
    auth::secret::hexadecimal,
    clock::Clock,
    config::{Config, StripeConfig},
    error::{Error, Result},
    random,
    state::App,
    stripe::AccountId,
};

/// The account that the demo's org is connected to.
const ACCOUNT: &str = "acct_simulation";
/// Where Stripe tells what happened.
const WEBHOOK: &str = "/stripe/webhook";

/// Starts one where the operator has not set Stripe up, and sets it up with that. `address` is where we listen.
pub(super) async fn start(
    config: &mut Config,
    address: SocketAddr,
    clock: &Clock,
) -> Result<Option<StripeDouble>> {
    if config.stripe.is_some() {
        return Ok(None);
    }
    let word = |prefix: &str| format!("{prefix}_{}", hexadecimal(&random::bytes::<16>()));
    let (key, secret) = (word("sk_test_simulation"), word("whsec_simulation"));
    let clock = clock.clone();
    let options = Options {
        api_key: key.clone(),
        clock: Arc::new(move || clock.now().timestamp()),
        webhook: Some(WebhookTarget { url: own_webhook(address), secrets: vec![secret.clone()] }),
        ..Options::default()
    };
    let double = listen(address, options).await?;
    config.stripe =
        Some(StripeConfig { secret_key: key, webhook_secrets: vec![secret], api_url: Some(double.url()) });
    Ok(Some(double))
}

/// Beside us if that port is free, so that its address is the same whenever the demo is started.
async fn listen(address: SocketAddr, options: Options) -> Result<StripeDouble> {
    let on = |port| SocketAddr::from(([127, 0, 0, 1], port));
    if let Some(port) = address.port().checked_add(1)
        && let Ok(double) = StripeDouble::start(Options { listen: on(port), ..options.clone() }).await
    {
        return Ok(double);
    }
    StripeDouble::start(Options { listen: on(0), ..options }).await.map_err(|error| {
        Error::Unavailable(format!("the simulation of Stripe cannot listen on 127.0.0.1: {error}").into())
    })
}

/// Where we hear what happened: whoever listens on every address is found on this machine's own.
fn own_webhook(address: SocketAddr) -> String {
    let mut address = address;
    if address.ip().is_unspecified() {
        address.set_ip(if address.is_ipv4() {
            [127, 0, 0, 1].into()
        } else {
            std::net::Ipv6Addr::LOCALHOST.into()
        });
    }
    format!("http://{address}{WEBHOOK}")
}

/// Connects the demo's org, and lets the simulation know what the one before it knew. Where the real Stripe is used,
/// the simulated account is ended.
pub(super) async fn join(app: &App, double: Option<&Handle>) -> Result<()> {
    let system = app.store.system();
    let Some(double) = double else {
        return match system.stripe_account(ACCOUNT).await? {
            Some(account) => system.end_stripe_account(&account).await,
            None => Ok(()),
        };
    };
    let account: AccountId = ACCOUNT.parse().map_err(Error::bug)?;
    let mut tx = system.begin().await?;
    tx.connect_simulated(org::SLUG, &account).await?;
    tx.end_simulated_checkouts().await?;
    tx.commit().await?;
    for account in system.simulated_accounts().await? {
        double.restore_account(account.account_id.as_str(), &account.name, account.charges_enabled);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_to_this_machine() {
        for (address, url) in [
            ("127.0.0.1:3000", "http://127.0.0.1:3000/stripe/webhook"),
            ("0.0.0.0:80", "http://127.0.0.1:80/stripe/webhook"),
            ("[::]:80", "http://[::1]:80/stripe/webhook"),
        ] {
            assert_eq!(own_webhook(address.parse().unwrap()), url);
        }
    }
}
