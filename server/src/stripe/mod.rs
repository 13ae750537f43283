//! What is asked of Stripe, and how it is asked. A leaf: it knows nothing of orgs, invoices or the database.
//!
//! Every object is asked for on the org's own connected account (a *direct charge*,
//! <https://docs.stripe.com/connect/direct-charges>), so the money never passes through the operator's. What creates
//! something carries an idempotency key that the caller derives from what is created, so that asking again after a
//! crash creates nothing twice (<https://docs.stripe.com/api/idempotent_requests>).

mod amount;
mod id;
mod object;
mod request;
pub mod signature;

use std::time::Duration;

use miniserde::Deserialize;
use serde::Serialize;
use stripe_client_core::{IdempotencyKey, RequestBuilder, RequestStrategy, StripeMethod};

pub use amount::{NotPayable, from_stripe, to_stripe};
pub use id::{AccountId, EventId, IntentId, SessionId};
pub use object::{Account, Charge, Customer, Dispute, Intent, Refund, Requirements, Session, SessionHead};
pub use request::{NewSession, SessionLine};

use object::List;

/// How long one request may take. Nobody waits longer in front of a page.
const TIME_LIMIT: Duration = Duration::from_secs(8);
/// More refunds or disputes of one payment than this are not looked at; Stripe gives no more at once.
const PAGE: u32 = 100;

/// Why Stripe did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StripeFailure {
    /// It cannot be reached, is busy, or has a fault of its own. It may have done it all the same: ask again with
    /// the same key.
    #[error("Stripe does not answer: {0}")]
    Unreachable(String),
    /// It has answered that it failed. It may have done it all the same, and it answers the same key in the same way
    /// for a day, so asking again is of no use (<https://docs.stripe.com/error-low-level#server-errors>).
    #[error("Stripe has a fault of its own ({0})")]
    Fault(u16),
    /// The same request is under way already; its answer can be asked for in a moment.
    #[error("Stripe is at it already")]
    UnderWay,
    /// It will not do it, however often it is asked.
    #[error("Stripe refused ({status}, {code}): {message}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// Stripe's error code, such as `amount_too_small`; may be empty.
        code: String,
        /// Stripe's words, for the log.
        message: String,
    },
}

impl StripeFailure {
    /// Whether there is no such thing, or none that we may see.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Refused { status: 404, .. })
    }

    /// Whether the account has taken the operator's access away.
    #[must_use]
    pub fn is_without_access(&self) -> bool {
        matches!(self, Self::Refused { status: 401 | 403, .. })
    }
}

/// No parameters. A unit would be written as `=`.
#[derive(Serialize)]
struct Nothing {}

/// What a request gives.
pub type StripeResult<T> = Result<T, StripeFailure>;

/// A connection to Stripe with the operator's key. Cheap to clone.
#[derive(Clone)]
pub struct Stripe {
    client: ::stripe::Client,
    is_live: bool,
}

impl std::fmt::Debug for Stripe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stripe").field("is_live", &self.is_live).finish_non_exhaustive()
    }
}

impl Stripe {
    /// With a secret key, at Stripe's own address or another one that speaks as it does.
    ///
    /// # Errors
    /// A key or an address that no request can be made of.
    pub fn new(secret_key: &str, api_url: Option<&str>) -> Result<Self, String> {
        let mut builder = ::stripe::ClientBuilder::new(secret_key)
            .request_strategy(RequestStrategy::Once)
            .timeout(TIME_LIMIT)
            .app_info("postern", Some(env!("CARGO_PKG_VERSION").to_owned()), None);
        if let Some(url) = api_url {
            // The library puts its path right behind it.
            builder = builder.url(format!("{}/", url.trim_end_matches('/')));
        }
        let client = builder.build().map_err(|error| error.to_string())?;
        // Also restricted keys say which mode they are of: https://docs.stripe.com/keys
        Ok(Self { client, is_live: secret_key.contains("_live_") })
    }

    /// Whether the key moves real money.
    #[must_use]
    pub const fn is_live(&self) -> bool {
        self.is_live
    }

    /// Makes an account that the org completes by itself, with a dashboard of its own at Stripe
    /// (<https://docs.stripe.com/api/accounts/create>).
    pub async fn create_account(&self, key: &str, email: &str) -> StripeResult<Account> {
        #[derive(Serialize)]
        struct Params<'a> {
            r#type: &'static str,
            email: &'a str,
        }
        self.create("/accounts", &Params { r#type: "standard", email }, None, Some(key)).await
    }

    /// An account as it stands.
    pub async fn account(&self, account: &AccountId) -> StripeResult<Account> {
        self.read(format!("/accounts/{account}"), &Nothing {}, None).await
    }

    /// The address at which the owner tells Stripe what it wants to know; it works once, for a few minutes
    /// (<https://docs.stripe.com/api/account_links/create>).
    pub async fn account_link(
        &self,
        account: &AccountId,
        return_url: &str,
        refresh_url: &str,
    ) -> StripeResult<String> {
        #[derive(Serialize)]
        struct Params<'a> {
            account: &'a str,
            return_url: &'a str,
            refresh_url: &'a str,
            r#type: &'static str,
        }
        #[derive(Deserialize)]
        struct Link {
            url: String,
        }
        let params =
            Params { account: account.as_str(), return_url, refresh_url, r#type: "account_onboarding" };
        let link: Link = self.create("/account_links", &params, None, None).await?;
        Ok(link.url)
    }

    /// Opens a page on which the payer pays (<https://docs.stripe.com/api/checkout/sessions/create>).
    pub async fn create_session(
        &self,
        account: &AccountId,
        key: &str,
        session: &NewSession,
    ) -> StripeResult<SessionHead> {
        self.create("/checkout/sessions", &session.params(), Some(account), Some(key)).await
    }

    /// A session with its payment, if one was begun.
    pub async fn session(&self, account: &AccountId, id: &SessionId) -> StripeResult<Session> {
        #[derive(Serialize)]
        struct Params {
            expand: [&'static str; 1],
        }
        let params = Params { expand: ["payment_intent.latest_charge"] };
        self.read(format!("/checkout/sessions/{id}"), &params, Some(account)).await
    }

    /// The newest sessions that were opened since a moment, in Unix seconds; a hundred at most.
    pub async fn sessions_since(&self, account: &AccountId, since: i64) -> StripeResult<Vec<SessionHead>> {
        #[derive(Serialize)]
        struct Params {
            created: Created,
            limit: u32,
        }
        #[derive(Serialize)]
        struct Created {
            gte: i64,
        }
        let params = Params { created: Created { gte: since }, limit: PAGE };
        let list: List<SessionHead> =
            self.read("/checkout/sessions".to_owned(), &params, Some(account)).await?;
        Ok(list.data)
    }

    /// Closes a session that is open: nobody can pay it any more
    /// (<https://docs.stripe.com/api/checkout/sessions/expire>).
    pub async fn expire_session(&self, account: &AccountId, id: &SessionId) -> StripeResult<SessionHead> {
        self.create(&format!("/checkout/sessions/{id}/expire"), &Nothing {}, Some(account), None).await
    }

    /// A payment as it stands.
    pub async fn intent(&self, account: &AccountId, id: &IntentId) -> StripeResult<Intent> {
        #[derive(Serialize)]
        struct Params {
            expand: [&'static str; 1],
        }
        self.read(format!("/payment_intents/{id}"), &Params { expand: ["latest_charge"] }, Some(account))
            .await
    }

    /// What was given back of a payment, in the order in which it was begun.
    pub async fn refunds(&self, account: &AccountId, intent: &IntentId) -> StripeResult<Vec<Refund>> {
        let mut refunds: Vec<Refund> = self.of_intent("/refunds", account, intent).await?;
        refunds.sort_by(|a, b| (a.created, &a.id).cmp(&(b.created, &b.id)));
        Ok(refunds)
    }

    /// What the payer's bank took back of a payment, in the order in which it was begun.
    pub async fn disputes(&self, account: &AccountId, intent: &IntentId) -> StripeResult<Vec<Dispute>> {
        let mut disputes: Vec<Dispute> = self.of_intent("/disputes", account, intent).await?;
        disputes.sort_by(|a, b| (a.created, &a.id).cmp(&(b.created, &b.id)));
        Ok(disputes)
    }

    async fn of_intent<T: Deserialize>(
        &self,
        path: &str,
        account: &AccountId,
        intent: &IntentId,
    ) -> StripeResult<Vec<T>> {
        #[derive(Serialize)]
        struct Params<'a> {
            payment_intent: &'a str,
            limit: u32,
        }
        let params = Params { payment_intent: intent.as_str(), limit: PAGE };
        let list: List<T> = self.read(path.to_owned(), &params, Some(account)).await?;
        Ok(list.data)
    }

    async fn read<T: Deserialize>(
        &self,
        path: String,
        query: &impl Serialize,
        account: Option<&AccountId>,
    ) -> StripeResult<T> {
        self.send(RequestBuilder::new(StripeMethod::Get, path).query(query), account, None).await
    }

    async fn create<T: Deserialize>(
        &self,
        path: &str,
        params: &impl Serialize,
        account: Option<&AccountId>,
        key: Option<&str>,
    ) -> StripeResult<T> {
        self.send(RequestBuilder::new(StripeMethod::Post, path).form(params), account, key).await
    }

    async fn send<T: Deserialize>(
        &self,
        request: RequestBuilder,
        account: Option<&AccountId>,
        key: Option<&str>,
    ) -> StripeResult<T> {
        let mut request = request.customize::<T>();
        if let Some(account) = account {
            request = request.account_id(account.as_str().into());
        }
        if let Some(key) = key.and_then(|key| IdempotencyKey::new(key).ok()) {
            request = request.request_strategy(RequestStrategy::Idempotent(key));
        }
        request.send(&self.client).await.map_err(failure)
    }
}

/// Whether it is worth asking again is a matter of the status: <https://docs.stripe.com/error-low-level>. A 409 is
/// another request with the same key that is under way.
fn failure(error: ::stripe::StripeError) -> StripeFailure {
    match error {
        ::stripe::StripeError::Stripe(_, 409) => StripeFailure::UnderWay,
        ::stripe::StripeError::Stripe(_, status @ 500..) => StripeFailure::Fault(status),
        ::stripe::StripeError::Stripe(_, status @ (424 | 429)) => {
            StripeFailure::Unreachable(format!("status {status}"))
        }
        ::stripe::StripeError::Stripe(error, status) => StripeFailure::Refused {
            status,
            code: error.code.map(|code| code.as_str().to_owned()).unwrap_or_default(),
            message: error.message.unwrap_or_default(),
        },
        other => StripeFailure::Unreachable(other.to_string()),
    }
}
