//! Everything the double knows, and the one way to say that something happened.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

use crate::{
    api::{Keys, RequestRecord},
    error::ApiError,
    ids,
    misbehave::Rule,
    model::{Account, Charge, Dispute, Event, Intent, Metadata, Refund, Session, SessionStatus},
    table::Table,
    webhook::{self, Queue, SignedEvent},
};

/// A way to the onboarding page, to be gone once.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    pub(crate) account: String,
    pub(crate) expires_at: i64,
    pub(crate) refresh_url: String,
    pub(crate) return_url: String,
    /// What the page's own form carries, once the link was opened.
    pub(crate) visit: Option<String>,
}

/// Everything the double knows.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// The time, told anew whenever somebody looks.
    pub(crate) now: i64,
    pub(crate) api_version: String,
    pub(crate) public_url: String,
    /// The request that is being answered, and its idempotency key: the cause of what happens meanwhile.
    pub(crate) cause: Option<(String, Option<String>)>,
    pub(crate) accounts: Table<Account>,
    pub(crate) sessions: Table<Session>,
    pub(crate) intents: Table<Intent>,
    pub(crate) charges: Table<Charge>,
    pub(crate) refunds: Table<Refund>,
    pub(crate) disputes: Table<Dispute>,
    pub(crate) events: Table<Event>,
    pub(crate) links: HashMap<String, Link>,
    pub(crate) keys: Keys,
    pub(crate) queue: Queue,
    pub(crate) rules: Vec<Rule>,
    pub(crate) requests: Vec<RequestRecord>,
}

/// What of a payment is set to something it was not (see [`crate::Handle::tamper`]).
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Tamper {
    /// Another amount.
    pub amount: Option<i64>,
    /// Another currency.
    pub currency: Option<String>,
    /// Metadata in place of all that was there.
    pub metadata: Option<Metadata>,
    /// Another `client_reference_id`.
    pub client_reference_id: Option<String>,
}

impl State {
    /// Says that something happened to an object of an account.
    pub(crate) fn emit(&mut self, account: &str, type_: &str, object: Value) {
        let mut event = Event {
            id: ids::new("evt", 24),
            account: account.to_owned(),
            created: self.now,
            type_: type_.to_owned(),
            object,
            api_version: self.api_version.clone(),
            request: self.cause.clone(),
            pending_webhooks: 0,
        };
        // An account that ended the platform's access says so, and then nothing more.
        let ended = self.accounts.get(account).is_some_and(|account| !account.authorised);
        if !ended || type_ == "account.application.deauthorized" {
            event.pending_webhooks = u32::from(self.queue.push(&event));
        }
        self.events.insert(event);
    }

    /// An event as it is sent, signed now.
    pub(crate) fn signed(&self, id: &str, secrets: &[String]) -> Option<SignedEvent> {
        let event = self.events.get(id)?;
        let body = event.json().to_string().into_bytes();
        let signature = webhook::header(&body, secrets, self.now);
        Some(SignedEvent { id: event.id.clone(), type_: event.type_.clone(), body, signature })
    }

    /// An account the platform has access to.
    pub(crate) fn access(&self, account: &str) -> Result<&Account, ApiError> {
        self.accounts.get(account).filter(|a| a.authorised).ok_or_else(|| ApiError::no_access(account))
    }

    /// An account that can take charges.
    pub(crate) fn chargeable(&self, account: &str) -> Result<&Account, ApiError> {
        let account = self.access(account)?;
        if account.charges_enabled {
            return Ok(account);
        }
        let message = "Your account cannot currently make charges. To find out why charges are currently \
                       disabled, look at the `requirements.disabled_reason` property on this account.";
        Err(ApiError::refused(None, message))
    }

    /// Sets what was agreed to something else, on the objects and on the events that are not delivered yet.
    pub(crate) fn tamper(&mut self, id: &str, tamper: &Tamper) -> Result<(), ApiError> {
        let session =
            self.sessions.get_mut(id).ok_or_else(|| ApiError::not_found("session", id, "session"))?;
        if let Some(reference) = &tamper.client_reference_id {
            session.client_reference_id = Some(reference.clone());
        }
        set(tamper, &mut session.amount, &mut session.currency, &mut session.metadata);
        if let Some(metadata) = &tamper.metadata {
            session.payment_metadata = metadata.clone();
        }
        let intent = session.payment_intent.clone().unwrap_or_default();
        if let Some(intent) = self.intents.get_mut(&intent) {
            set(tamper, &mut intent.amount, &mut intent.currency, &mut intent.metadata);
        }
        for charge in self.charges.iter_mut().filter(|charge| charge.payment_intent == intent) {
            set(tamper, &mut charge.amount, &mut charge.currency, &mut charge.metadata);
        }
        let ours = |value: &Value| {
            value["id"] == id
                || (!intent.is_empty() && (value["id"] == *intent || value["payment_intent"] == *intent))
        };
        for event in self.events.iter_mut() {
            if !ours(&event.object) || !self.queue.waits(&event.id) {
                continue;
            }
            let object = &mut event.object;
            for key in ["amount", "amount_total", "amount_subtotal", "amount_received", "amount_captured"] {
                if let (Some(amount), Some(old)) = (tamper.amount, object.get_mut(key))
                    && *old != 0
                {
                    *old = amount.into();
                }
            }
            if let Some(currency) = &tamper.currency {
                object["currency"] = currency.clone().into();
            }
            if let Some(metadata) = &tamper.metadata {
                object["metadata"] = serde_json::json!(metadata);
            }
            if let (Some(reference), Some(old)) =
                (&tamper.client_reference_id, object.get_mut("client_reference_id"))
            {
                *old = reference.clone().into();
            }
        }
        Ok(())
    }

    /// Ends the sessions whose time is over.
    pub(crate) fn expire_due(&mut self) {
        let over = |s: &&Session| s.status == SessionStatus::Open && s.expires_at <= self.now;
        let due: Vec<String> = self.sessions.iter().filter(over).map(|session| session.id.clone()).collect();
        for id in due {
            // It is open, so nothing can be wrong with ending it.
            let _ = self.expire(&id);
        }
    }
}

fn set(tamper: &Tamper, amount: &mut i64, currency: &mut String, metadata: &mut Metadata) {
    *amount = tamper.amount.unwrap_or(*amount);
    if let Some(new) = &tamper.currency {
        currency.clone_from(new);
    }
    if let Some(new) = &tamper.metadata {
        metadata.clone_from(new);
    }
}
