//! A session is paid, declined, or ends; a bank debit is settled or fails.

use crate::{
    error::ApiError,
    ids,
    model::{Charge, ChargeStatus, Intent, IntentStatus, Metadata, PaymentStatus, Session, SessionStatus},
    state::State,
};

/// How a payer pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// By card: the money is there at once.
    Card,
    /// By bank debit: it is there after days, or never.
    Debit,
    /// By a bank debit or a voucher that asks for another step elsewhere: the page is done with, and nothing is charged yet.
    Voucher,
    /// By a card that is declined.
    Declined,
}

impl Method {
    /// `card`, `debit`, `voucher` or `declined`.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "card" => Some(Self::Card),
            "debit" => Some(Self::Debit),
            "voucher" => Some(Self::Voucher),
            "declined" => Some(Self::Declined),
            _ => None,
        }
    }
}

impl State {
    /// The payer does their part on the session's page. Gives the payment.
    pub(crate) fn pay(&mut self, id: &str, method: Method) -> Result<String, ApiError> {
        let session = self.open_session(id)?.clone();
        self.chargeable(&session.account)?;
        let kind =
            if matches!(method, Method::Debit | Method::Voucher) { session.debit() } else { session.card() };
        let Some(kind) = kind.map(str::to_owned) else {
            return Err(ApiError::refused(None, "This Checkout Session does not take that payment method."));
        };
        let intent = self.intent_of(&session);
        if method == Method::Voucher {
            self.intent_becomes(&intent, IntentStatus::RequiresAction, "payment_intent.requires_action");
            self.session_becomes(id, PaymentStatus::Unpaid, "checkout.session.completed");
            return Ok(intent);
        }
        let charge = self.charge(&intent, &kind, session.payer_email().map(str::to_owned));
        match method {
            Method::Card => {
                self.charge_ends(&charge, None);
                self.intent_becomes(&intent, IntentStatus::Succeeded, "payment_intent.succeeded");
                self.session_becomes(id, PaymentStatus::Paid, "checkout.session.completed");
            }
            Method::Debit | Method::Voucher => {
                self.emit_charge(&charge, "charge.pending");
                self.intent_becomes(&intent, IntentStatus::Processing, "payment_intent.processing");
                self.session_becomes(id, PaymentStatus::Unpaid, "checkout.session.completed");
            }
            Method::Declined => {
                self.charge_ends(&charge, Some("card_declined"));
                self.set_error(&intent, Some("card_declined"));
                let failed = IntentStatus::RequiresPaymentMethod;
                self.intent_becomes(&intent, failed, "payment_intent.payment_failed");
            }
        }
        Ok(intent)
    }

    /// The bank has the money of a debit or a voucher, or says that there will be none.
    pub(crate) fn debit_ends(&mut self, intent: &str, settled: bool) -> Result<(), ApiError> {
        let found = self.intents.get(intent).ok_or_else(|| missing(intent))?.clone();
        if !matches!(found.status, IntentStatus::Processing | IntentStatus::RequiresAction) {
            let message = format!("This PaymentIntent is {}, not processing.", found.status.as_str());
            return Err(ApiError::refused(Some("payment_intent_unexpected_state"), message));
        }
        let session = found.session.unwrap_or_default();
        let charge = match (found.latest_charge, self.sessions.get(&session)) {
            (None, Some(of)) => {
                let (kind, email) =
                    (of.debit().unwrap_or("sepa_debit").to_owned(), of.payer_email().map(str::to_owned));
                self.charge(intent, &kind, email)
            }
            (charge, _) => charge.unwrap_or_default(),
        };
        if settled {
            self.charge_ends(&charge, None);
            self.intent_becomes(intent, IntentStatus::Succeeded, "payment_intent.succeeded");
            self.session_becomes(&session, PaymentStatus::Paid, "checkout.session.async_payment_succeeded");
        } else {
            self.charge_ends(&charge, Some("insufficient_funds"));
            self.set_error(intent, Some("insufficient_funds"));
            self.intent_becomes(intent, IntentStatus::RequiresPaymentMethod, "payment_intent.payment_failed");
            self.session_becomes(&session, PaymentStatus::Unpaid, "checkout.session.async_payment_failed");
        }
        Ok(())
    }

    /// Ends a session; who comes to its page cannot pay any more.
    pub(crate) fn type_email(&mut self, id: &str, email: &str) -> Result<(), ApiError> {
        self.open_session(id)?;
        if let Some(session) = self.sessions.get_mut(id) {
            session.typed_email = Some(email.to_owned());
        }
        Ok(())
    }

    pub(crate) fn expire(&mut self, id: &str) -> Result<(), ApiError> {
        let session = self.sessions.get_mut(id).ok_or_else(|| not_there(id))?;
        if session.status != SessionStatus::Open {
            return Err(ApiError::refused(
                None,
                format!(
                    "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has \
                     a status of `{}`.",
                    session.status.as_str()
                ),
            ));
        }
        session.status = SessionStatus::Expired;
        let (account, json, intent) =
            (session.account.clone(), session.json(), session.payment_intent.clone());
        if let Some(intent) = intent {
            self.intent_becomes(&intent, IntentStatus::Canceled, "payment_intent.canceled");
        }
        self.emit(&account, "checkout.session.expired", json);
        Ok(())
    }

    /// A payment that no session of the platform asked for: somebody made it in the account's dashboard.
    pub(crate) fn foreign(
        &mut self,
        account: &str,
        amount: i64,
        currency: &str,
        metadata: Metadata,
    ) -> Result<String, ApiError> {
        self.chargeable(account)?;
        let intent = Intent { amount, currency: currency.to_owned(), metadata, ..self.blank_intent(account) };
        let id = self.keep_intent(intent);
        let charge = self.charge(&id, "card", None);
        self.charge_ends(&charge, None);
        self.intent_becomes(&id, IntentStatus::Succeeded, "payment_intent.succeeded");
        Ok(id)
    }

    fn open_session(&self, id: &str) -> Result<&Session, ApiError> {
        let session = self.sessions.get(id).ok_or_else(|| not_there(id))?;
        if session.status == SessionStatus::Open {
            return Ok(session);
        }
        let message = format!("This Checkout Session is {} and cannot be paid.", session.status.as_str());
        Err(ApiError::refused(None, message))
    }

    fn blank_intent(&self, account: &str) -> Intent {
        Intent {
            id: ids::new("pi", 24),
            account: account.to_owned(),
            created: self.now,
            amount: 0,
            currency: String::new(),
            status: IntentStatus::RequiresPaymentMethod,
            metadata: Metadata::new(),
            description: None,
            latest_charge: None,
            last_error: None,
            canceled_at: None,
            session: None,
            payment_method_types: vec!["card".into()],
        }
    }

    fn keep_intent(&mut self, intent: Intent) -> String {
        let (id, account, json) = (intent.id.clone(), intent.account.clone(), intent.json());
        self.intents.insert(intent);
        self.emit(&account, "payment_intent.created", json);
        id
    }

    /// The payment of a session: made at the first attempt, and the same for each further one.
    fn intent_of(&mut self, session: &Session) -> String {
        if let Some(intent) = &session.payment_intent {
            return intent.clone();
        }
        let intent = self.keep_intent(Intent {
            amount: session.amount,
            currency: session.currency.clone(),
            metadata: session.payment_metadata.clone(),
            description: session.payment_description.clone(),
            session: Some(session.id.clone()),
            payment_method_types: session.payment_method_types.clone(),
            ..self.blank_intent(&session.account)
        });
        if let Some(session) = self.sessions.get_mut(&session.id) {
            session.payment_intent = Some(intent.clone());
        }
        intent
    }

    /// An attempt to take the money.
    fn charge(&mut self, intent: &str, method: &str, email: Option<String>) -> String {
        let id = ids::new("ch", 24);
        if let Some(intent) = self.intents.get_mut(intent) {
            intent.latest_charge = Some(id.clone());
            intent.last_error = None;
            self.charges.insert(Charge {
                id: id.clone(),
                account: intent.account.clone(),
                created: self.now,
                payment_intent: intent.id.clone(),
                amount: intent.amount,
                currency: intent.currency.clone(),
                status: ChargeStatus::Pending,
                amount_refunded: 0,
                disputed: false,
                failure_code: None,
                metadata: intent.metadata.clone(),
                description: intent.description.clone(),
                method: method.to_owned(),
                email,
            });
        }
        id
    }

    fn charge_ends(&mut self, id: &str, failure: Option<&str>) {
        if let Some(charge) = self.charges.get_mut(id) {
            charge.failure_code = failure.map(str::to_owned);
            charge.status = if failure.is_some() { ChargeStatus::Failed } else { ChargeStatus::Succeeded };
        }
        self.emit_charge(id, if failure.is_some() { "charge.failed" } else { "charge.succeeded" });
    }

    pub(crate) fn emit_charge(&mut self, id: &str, type_: &str) {
        if let Some((account, json)) = self.charges.get(id).map(|c| (c.account.clone(), c.json())) {
            self.emit(&account, type_, json);
        }
    }

    fn set_error(&mut self, intent: &str, error: Option<&str>) {
        if let Some(intent) = self.intents.get_mut(intent) {
            intent.last_error = error.map(str::to_owned);
        }
    }

    fn intent_becomes(&mut self, id: &str, status: IntentStatus, type_: &str) {
        let Some(intent) = self.intents.get_mut(id) else { return };
        intent.status = status;
        intent.canceled_at = (status == IntentStatus::Canceled).then_some(self.now);
        let (account, json) = (intent.account.clone(), intent.json());
        self.emit(&account, type_, json);
    }

    fn session_becomes(&mut self, id: &str, payment: PaymentStatus, type_: &str) {
        let Some(session) = self.sessions.get_mut(id) else { return };
        session.status = SessionStatus::Complete;
        session.payment_status = payment;
        let (account, json) = (session.account.clone(), session.json());
        self.emit(&account, type_, json);
    }
}

fn not_there(session: &str) -> ApiError {
    ApiError::not_found("checkout.session", session, "session")
}

fn missing(intent: &str) -> ApiError {
    ApiError::not_found("payment_intent", intent, "intent")
}
