//! What waits to be sent, and the ways in which sending can be told to go wrong.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use crate::model::Event;

/// Where webhooks go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookTarget {
    /// An `http://` address.
    pub url: String,
    /// What they are signed with: one, or two while a secret is rolled.
    pub secrets: Vec<String>,
}

/// A webhook that was held back, ready to be delivered by whoever took it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedEvent {
    /// `evt_…`
    pub id: String,
    /// `checkout.session.completed` and the like.
    pub type_: String,
    /// The body, byte for byte as it was signed.
    pub body: Vec<u8>,
    /// The header `Stripe-Signature`.
    pub signature: String,
}

/// One attempt to deliver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRecord {
    /// `evt_…`
    pub event: String,
    /// Its type.
    pub type_: String,
    /// 1 for the first.
    pub attempt: u32,
    /// What the platform answered; `None` where it did not, or where the webhook was dropped.
    pub status: Option<u16>,
    /// Whether it was dropped before it left.
    pub dropped: bool,
}

/// One delivery that waits.
#[derive(Debug, Clone)]
pub(crate) struct Delivery {
    pub(crate) event: String,
    pub(crate) attempt: u32,
    due: Instant,
}

/// What the sender does next.
#[derive(Debug)]
pub(crate) enum Next {
    Send(Delivery, WebhookTarget),
    Wait(Duration),
    Idle,
}

#[derive(Debug, Default)]
pub(crate) struct Queue {
    waiting: VecDeque<Delivery>,
    pub(crate) target: Option<WebhookTarget>,
    pub(crate) held: bool,
    pub(crate) dropping: bool,
    pub(crate) copies: u32,
    pub(crate) delay: Duration,
    /// A seed: who is sent next is drawn by lot.
    pub(crate) lots: Option<u64>,
    pub(crate) under_way: bool,
    pub(crate) log: Vec<DeliveryRecord>,
}

impl Queue {
    /// Takes an event in; whether it will be sent.
    pub(crate) fn push(&mut self, event: &Event) -> bool {
        if self.dropping {
            self.log.push(DeliveryRecord {
                event: event.id.clone(),
                type_: event.type_.clone(),
                attempt: 1,
                status: None,
                dropped: true,
            });
            return false;
        }
        if self.target.is_none() && !self.held {
            return false;
        }
        let due = Instant::now() + self.delay;
        for _ in 0..=self.copies {
            self.waiting.push_back(Delivery { event: event.id.clone(), attempt: 1, due });
        }
        true
    }

    /// Puts a delivery that failed at the end.
    pub(crate) fn again(&mut self, delivery: &Delivery, after: Duration) {
        let due = Instant::now() + after;
        self.waiting.push_back(Delivery {
            event: delivery.event.clone(),
            attempt: delivery.attempt + 1,
            due,
        });
    }

    /// Whether an event still waits.
    pub(crate) fn waits(&self, event: &str) -> bool {
        self.waiting.iter().any(|delivery| delivery.event == event)
    }

    /// Everything that waits, taken out.
    pub(crate) fn take(&mut self) -> Vec<Delivery> {
        self.waiting.drain(..).collect()
    }

    /// Whether nothing waits and nothing is under way.
    pub(crate) fn is_quiet(&self) -> bool {
        self.waiting.is_empty() && !self.under_way
    }

    pub(crate) fn next(&mut self) -> Next {
        let Some(target) = self.target.clone().filter(|_| !self.held) else { return Next::Idle };
        let now = Instant::now();
        let due: Vec<usize> =
            (0..self.waiting.len()).filter(|place| self.waiting[*place].due <= now).collect();
        let place = match &mut self.lots {
            Some(seed) if !due.is_empty() => due.get(draw(seed, due.len())),
            _ => due.first(),
        };
        if let Some(delivery) = place.and_then(|place| self.waiting.remove(*place)) {
            self.under_way = true;
            return Next::Send(delivery, target);
        }
        match self.waiting.iter().map(|delivery| delivery.due).min() {
            Some(due) => Next::Wait(due.saturating_duration_since(now)),
            None => Next::Idle,
        }
    }
}

/// A number below `limit`, always the same for the same seed (`SplitMix64`).
fn draw(seed: &mut u64, limit: usize) -> usize {
    *seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut mixed = *seed;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    let limit = u64::try_from(limit).unwrap_or(1).max(1);
    usize::try_from((mixed ^ (mixed >> 31)) % limit).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lots_are_drawn_the_same_for_the_same_seed_and_reach_everything() {
        let draws = |mut seed: u64| (0..50).map(|_| draw(&mut seed, 5)).collect::<Vec<_>>();
        assert_eq!(draws(7), draws(7));
        assert_ne!(draws(7), draws(8));
        assert!((0..5).all(|number| draws(7).contains(&number)));
    }
}
