//! What can be asked of the double.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Handle;
use crate::{
    Account, Charge, DeliveryRecord, Dispute, Event, Intent, Refund, RequestRecord, Session, SessionStatus,
    table::Row as _,
};

impl Handle {
    /// All accounts, the oldest first.
    #[must_use]
    pub fn accounts(&self) -> Vec<Account> {
        self.core.with(|state| state.accounts.iter().cloned().collect())
    }

    /// One account.
    #[must_use]
    pub fn account(&self, id: &str) -> Option<Account> {
        self.core.with(|state| state.accounts.get(id).cloned())
    }

    /// All sessions of an account, the oldest first.
    #[must_use]
    pub fn sessions(&self, account: &str) -> Vec<Session> {
        self.core.with(|state| state.sessions.iter().filter(|s| s.account() == account).cloned().collect())
    }

    /// The sessions of an account that can be paid now.
    #[must_use]
    pub fn payable_sessions(&self, account: &str) -> Vec<Session> {
        let mut sessions = self.sessions(account);
        sessions.retain(|session| session.status == SessionStatus::Open);
        sessions
    }

    /// One session.
    #[must_use]
    pub fn session(&self, id: &str) -> Option<Session> {
        self.core.with(|state| state.sessions.get(id).cloned())
    }

    /// All payments of an account, the oldest first.
    #[must_use]
    pub fn payments(&self, account: &str) -> Vec<Intent> {
        self.core.with(|state| state.intents.iter().filter(|i| i.account() == account).cloned().collect())
    }

    /// One payment.
    #[must_use]
    pub fn payment(&self, id: &str) -> Option<Intent> {
        self.core.with(|state| state.intents.get(id).cloned())
    }

    /// The charges of a payment, the oldest first.
    #[must_use]
    pub fn charges(&self, payment_intent: &str) -> Vec<Charge> {
        let ours = |charge: &&Charge| charge.payment_intent == payment_intent;
        self.core.with(|state| state.charges.iter().filter(ours).cloned().collect())
    }

    /// The refunds of a payment, the oldest first.
    #[must_use]
    pub fn refunds(&self, payment_intent: &str) -> Vec<Refund> {
        let ours = |refund: &&Refund| refund.payment_intent == payment_intent;
        self.core.with(|state| state.refunds.iter().filter(ours).cloned().collect())
    }

    /// The disputes of a payment, the oldest first.
    #[must_use]
    pub fn disputes(&self, payment_intent: &str) -> Vec<Dispute> {
        let ours = |dispute: &&Dispute| dispute.payment_intent == payment_intent;
        self.core.with(|state| state.disputes.iter().filter(ours).cloned().collect())
    }

    /// All that happened, the oldest first.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        self.core.with(|state| state.events.iter().cloned().collect())
    }

    /// All requests of the API.
    #[must_use]
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.core.with(|state| state.requests.clone())
    }

    /// All attempts to deliver a webhook.
    #[must_use]
    pub fn deliveries(&self) -> Vec<DeliveryRecord> {
        self.core.with(|state| state.queue.log.clone())
    }

    /// How many objects there are of each kind.
    #[must_use]
    pub fn created_objects(&self) -> BTreeMap<&'static str, usize> {
        self.core.with(|state| {
            BTreeMap::from([
                ("account", state.accounts.len()),
                ("checkout.session", state.sessions.len()),
                ("payment_intent", state.intents.len()),
                ("charge", state.charges.len()),
                ("refund", state.refunds.len()),
                ("dispute", state.disputes.len()),
                ("event", state.events.len()),
            ])
        })
    }

    /// An object as the API gives it, by its id.
    #[must_use]
    pub fn json(&self, id: &str) -> Option<Value> {
        self.core.with(|state| {
            let kind = id.split_once('_').map_or("", |(kind, _)| kind);
            match kind {
                "acct" => state.accounts.get(id).map(Account::json),
                "cs" => state.sessions.get(id).map(Session::json),
                "pi" => state.intents.get(id).map(Intent::json),
                "ch" => state.charges.get(id).map(Charge::json),
                "re" => state.refunds.get(id).map(Refund::json),
                "du" => state.disputes.get(id).map(Dispute::json),
                "evt" => state.events.get(id).map(Event::json),
                _ => None,
            }
        })
    }
}
