//! What Stripe told of is looked at. An event is believed as far as its names go, and no further: everything that
//! follows is asked of Stripe.

use miniserde::Deserialize;
use std::collections::BTreeMap;

use super::settle_checkout::{Settled, settle_checkout};
use crate::{
    checkout::checkout_of,
    error::Result,
    id::CheckoutId,
    store::{
        CheckoutRow, Store,
        system::{Alert, CheckoutName, StripeAccountRow, StripeEventRow},
    },
    stripe::{AccountId, IntentId, SessionId, Stripe, StripeFailure},
};

#[derive(Deserialize)]
struct Body {
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    object: Named,
}

/// What an event's object is, by name.
#[derive(Deserialize)]
struct Named {
    id: Option<String>,
    object: Option<String>,
    payment_intent: Option<Name>,
    metadata: Option<BTreeMap<String, String>>,
}

/// A name, or what bears it.
struct Name(String);

miniserde::make_place!(Place);

impl Deserialize for Name {
    fn begin(out: &mut Option<Self>) -> &mut dyn miniserde::de::Visitor {
        Place::new(out)
    }
}

impl miniserde::de::Visitor for Place<Name> {
    fn string(&mut self, text: &str) -> miniserde::Result<()> {
        self.out = Some(Name(text.to_owned()));
        Ok(())
    }

    fn map(&mut self) -> miniserde::Result<Box<dyn miniserde::de::Map + '_>> {
        Ok(Box::new(Bearer { id: None, out: &mut self.out }))
    }
}

struct Bearer<'a> {
    id: Option<String>,
    out: &'a mut Option<Name>,
}

impl miniserde::de::Map for Bearer<'_> {
    fn key(&mut self, key: &str) -> miniserde::Result<&mut dyn miniserde::de::Visitor> {
        if key == "id" {
            Ok(Deserialize::begin(&mut self.id))
        } else {
            Ok(<dyn miniserde::de::Visitor>::ignore())
        }
    }

    fn finish(&mut self) -> miniserde::Result<()> {
        *self.out = Some(Name(self.id.take().ok_or(miniserde::Error)?));
        Ok(())
    }
}

/// What an event tells of, by name.
pub(crate) struct EventNames {
    pub(crate) session: Option<SessionId>,
    pub(crate) intent: Option<IntentId>,
    checkout: Option<CheckoutId>,
}

/// Reads the names in an event; `None` for what cannot be read.
pub(crate) fn names_in_event(body: &str) -> Option<EventNames> {
    let Body { data: Data { object } } = miniserde::json::from_str(body).ok()?;
    let id = object.id.as_deref();
    let intent = id
        .filter(|_| object.object.as_deref() == Some("payment_intent"))
        .or(object.payment_intent.as_ref().map(|name| name.0.as_str()));
    Some(EventNames {
        session: id.and_then(|id| id.parse().ok()),
        intent: intent.and_then(|id| id.parse().ok()),
        checkout: checkout_of(object.metadata.as_ref()),
    })
}

/// What became of an event, as its row keeps it; `None`: Stripe does not answer, and it is looked at again later.
pub(crate) async fn handle_event(
    store: &Store,
    stripe: &Stripe,
    event: &StripeEventRow,
) -> Result<Option<&'static str>> {
    let Some(account) = &event.account_id else { return Ok(Some("not of a connected account")) };
    let Some(known) = store.system().stripe_account(account).await? else {
        let (kind, detail) = ("stripe.foreign_account", account.as_str());
        store.system().alert(&Alert { kind, subject: event.id.as_str(), org: None, detail }).await?;
        return Ok(Some("of an account that is nobody's here"));
    };
    match event.kind.as_str() {
        "account.updated" => refresh_account(store, stripe, &known).await,
        "account.application.deauthorized" => {
            store.system().end_stripe_account(&known).await?;
            Ok(Some("disconnected"))
        }
        kind if tells_of_a_payment(kind) => payment(store, stripe, event, &known).await,
        _ => Ok(Some("of no interest")),
    }
}

fn tells_of_a_payment(kind: &str) -> bool {
    ["checkout.session.", "payment_intent.", "charge.", "refund."]
        .iter()
        .any(|prefix| kind.starts_with(prefix))
}

/// Keeps what Stripe says of an account now.
pub(crate) async fn refresh_account(
    store: &Store,
    stripe: &Stripe,
    known: &StripeAccountRow,
) -> Result<Option<&'static str>> {
    match stripe.account(&known.account_id).await {
        Ok(account) => {
            let wants = account.wants().join("\n");
            let can = (account.charges_enabled.unwrap_or(false), account.details_submitted.unwrap_or(false));
            store.system().keep_stripe_account(known, can, &wants).await?;
            Ok(Some("account kept"))
        }
        Err(failure) if failure.is_without_access() => {
            store.system().end_stripe_account(known).await?;
            Ok(Some("disconnected"))
        }
        Err(failure @ StripeFailure::Refused { .. }) => {
            tracing::warn!(%failure, account = %known.account_id, "an account cannot be read");
            Ok(Some("account not readable"))
        }
        Err(_) => Ok(None),
    }
}

async fn payment(
    store: &Store,
    stripe: &Stripe,
    event: &StripeEventRow,
    known: &StripeAccountRow,
) -> Result<Option<&'static str>> {
    let Some(told) = names_in_event(&event.body) else { return Ok(Some("not readable")) };
    let session = told.session.clone();
    let Some((row, named)) = find(store, stripe, &known.account_id, told).await? else {
        return Ok(None);
    };
    let Some(row) = row else {
        return match named {
            None => Ok(Some("not ours")),
            Some(_) => odd(store, event, known, "stripe.unknown_checkout").await,
        };
    };
    // An event of one account that names what is on another is somebody's mischief.
    if row.account_id != known.account_id || row.org_id != known.org_id {
        return odd(store, event, known, "stripe.metadata").await;
    }
    match settle_checkout(store, stripe, row.id, session.as_ref()).await? {
        Settled::As(_) => Ok(Some("booked")),
        Settled::Odd => Ok(Some("does not fit")),
        Settled::Later => Ok(None),
    }
}

async fn odd(
    store: &Store,
    event: &StripeEventRow,
    known: &StripeAccountRow,
    kind: &str,
) -> Result<Option<&'static str>> {
    let alert = Alert { kind, subject: event.id.as_str(), org: Some(known.org_id), detail: &event.kind };
    store.system().alert(&alert).await?;
    Ok(Some("does not fit"))
}

type Found = (Option<CheckoutRow>, Option<CheckoutId>);

/// The checkout that an event tells of, by what we have kept, by our id in its metadata, or by that of its payment;
/// and that id, if there is one. `None`: Stripe does not answer.
async fn find(
    store: &Store,
    stripe: &Stripe,
    account: &AccountId,
    EventNames { session, intent, checkout: mut claimed }: EventNames,
) -> Result<Option<Found>> {
    let system = store.system();
    let mut names = vec![];
    names.extend(session.map(CheckoutName::Session));
    names.extend(intent.clone().map(CheckoutName::Intent));
    for name in names {
        if let Some(row) = system.checkout(&name).await? {
            return Ok(Some((Some(row), None)));
        }
    }
    if let (None, Some(intent)) = (claimed, intent) {
        // A refund or a dispute does not carry what its payment does.
        match stripe.intent(account, &intent).await {
            Ok(intent) => claimed = checkout_of(intent.metadata.as_ref()),
            Err(StripeFailure::Refused { .. }) => {}
            Err(_) => return Ok(None),
        }
    }
    match claimed {
        Some(id) => Ok(Some((system.checkout(&CheckoutName::Id(id)).await?, Some(id)))),
        None => Ok(Some((None, None))),
    }
}
