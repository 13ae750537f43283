//! What a test or a demo does to the double from within its process.

mod asking;
mod webhooks;

use std::{
    fmt,
    future::Future,
    sync::{Arc, PoisonError},
};

use axum::Router;

use crate::{
    Hook, Method, Options, Rule, Tamper, core::Core, error::ApiError, model::Metadata, web, webhook,
};

/// Why something could not be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The status the API would have answered with.
    pub status: u16,
    /// The error's code, where it has one.
    pub code: Option<&'static str>,
    /// What is the matter.
    pub message: String,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refused {}

impl From<ApiError> for Refused {
    fn from(error: ApiError) -> Self {
        Self { status: error.status, code: error.code, message: error.message }
    }
}

type Result<T> = std::result::Result<T, Refused>;

/// Changes a double and asks it. Clones are of the same double.
#[derive(Clone)]
pub struct Handle {
    core: Arc<Core>,
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle").finish_non_exhaustive()
    }
}

impl Handle {
    /// A double that listens nowhere: whoever makes it serves [`Handle::router`] and polls
    /// [`Handle::send_webhooks`].
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self { core: Core::new(options) }
    }

    /// The API, the pages and the control of this double.
    pub fn router(&self) -> Router {
        web::router(self.core.clone())
    }

    /// Sends webhooks for as long as it is polled.
    pub fn send_webhooks(&self) -> impl Future<Output = ()> + Send + 'static {
        webhook::run(self.core.clone())
    }

    /// Where browsers find it, unless [`Options::public_url`] said so already.
    pub fn set_public_url_if_none(&self, url: &str) {
        self.core.with(|state| {
            if state.public_url.is_empty() {
                url.trim_end_matches('/').clone_into(&mut state.public_url);
            }
        });
    }

    /// An account with an id that is known already: an earlier double made it, and whoever asked for it has kept it.
    /// One that is there stays as it is.
    pub fn restore_account(&self, id: &str, name: &str, charges_enabled: bool) {
        self.core.with(|state| state.restore_account(id, name, charges_enabled));
    }

    /// The account may take charges.
    pub fn enable_account(&self, account: &str) -> Result<()> {
        Ok(self.core.with(|state| state.enable(account))?)
    }

    /// The account may not take charges any more.
    pub fn disable_account(&self, account: &str) -> Result<()> {
        Ok(self.core.with(|state| state.disable(account))?)
    }

    /// The account's form was filled in, and Stripe is still looking at it.
    pub fn await_verification(&self, account: &str) -> Result<()> {
        Ok(self.core.with(|state| state.await_verification(account))?)
    }

    /// The account's owner ends the platform's access to it.
    pub fn deauthorize(&self, account: &str) -> Result<()> {
        Ok(self.core.with(|state| state.deauthorise(account))?)
    }

    /// The payer types their address on a session's page.
    pub fn type_email(&self, session: &str, email: &str) -> Result<()> {
        Ok(self.core.with(|state| state.type_email(session, email))?)
    }

    /// The payer does their part on a session's page. Gives the payment's id.
    pub fn pay(&self, session: &str, method: Method) -> Result<String> {
        Ok(self.core.with(|state| state.pay(session, method))?)
    }

    /// The session ends, as by its time.
    pub fn expire(&self, session: &str) -> Result<()> {
        Ok(self.core.with(|state| state.expire(session))?)
    }

    /// The bank has the money of a debit or a voucher.
    pub fn settle(&self, payment_intent: &str) -> Result<()> {
        Ok(self.core.with(|state| state.debit_ends(payment_intent, true))?)
    }

    /// The bank has no money for a debit, or a voucher was not paid in its time.
    pub fn fail(&self, payment_intent: &str) -> Result<()> {
        Ok(self.core.with(|state| state.debit_ends(payment_intent, false))?)
    }

    /// The payee gives a part back, or what is left. Gives the refund's id.
    pub fn refund(&self, payment_intent: &str, amount: Option<i64>) -> Result<String> {
        Ok(self.core.with(|state| {
            let charge = state.charge_of(payment_intent)?;
            state.refund(&charge, amount, Some("requested_by_customer".into()), Metadata::new())
        })?)
    }

    /// A pending refund reaches the payer.
    pub fn settle_refund(&self, refund: &str) -> Result<()> {
        Ok(self.core.with(|state| state.refund_ends(refund, true))?)
    }

    /// A refund comes back from the payer's bank.
    pub fn fail_refund(&self, refund: &str) -> Result<()> {
        Ok(self.core.with(|state| state.refund_ends(refund, false))?)
    }

    /// The payer disputes a payment. Gives the dispute's id.
    pub fn open_dispute(&self, payment_intent: &str) -> Result<String> {
        self.open_dispute_over(payment_intent, None)
    }

    /// The payer disputes a part of a payment.
    pub fn open_dispute_over(&self, payment_intent: &str, amount: Option<i64>) -> Result<String> {
        Ok(self.core.with(|state| {
            let charge = state.charge_of(payment_intent)?;
            state.dispute(&charge, amount)
        })?)
    }

    /// The bank decides a dispute, for the payee or for the payer.
    pub fn close_dispute(&self, dispute: &str, won: bool) -> Result<()> {
        Ok(self.core.with(|state| state.dispute_ends(dispute, won))?)
    }

    /// Sets what was agreed to something else: on the session, its payment and its charges, and on the events
    /// of them that still wait. For tests of what checks it.
    pub fn tamper(&self, session: &str, tamper: &Tamper) -> Result<()> {
        Ok(self.core.with(|state| state.tamper(session, tamper))?)
    }

    /// A payment that no session of the platform asked for. Gives its id.
    pub fn create_foreign_payment(
        &self,
        account: &str,
        amount: i64,
        currency: &str,
        metadata: Metadata,
    ) -> Result<String> {
        Ok(self.core.with(|state| state.foreign(account, amount, currency, metadata))?)
    }

    /// Something goes wrong with the requests that this rule is for. Rules are tried in the order they were
    /// given.
    pub fn misbehave(&self, rule: Rule) {
        self.core.with(|state| state.rules.push(rule));
    }

    /// All is well again.
    pub fn behave(&self) {
        self.core.with(|state| state.rules.clear());
    }

    /// Tells of each request, when it has come in and when it was carried out; in place of who was told
    /// before. It is called on a thread of the runtime, and the request waits for it.
    pub fn on_request(&self, hook: Hook) {
        *self.core.hook.lock().unwrap_or_else(PoisonError::into_inner) = Some(hook);
    }

    /// Tells nobody any more.
    pub fn forget_hook(&self) {
        *self.core.hook.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
