//! Somebody presses `Pay`: they are led to the one page at Stripe on which it can be paid (rules M2, M4).
//!
//! A row is written before Stripe is asked, and an invoice is on one live row at most. So two tabs, two contacts and
//! a share link are led to the same page, and a crash in between leaves a row that says what was asked.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::{
    close_checkout::close_checkout,
    settle_checkout::{Settled, look_for_session, refused},
};
use crate::{
    checkout::{CHECKOUT_KEY, CheckoutState, ORG_KEY, Part, idempotency_key},
    clock::Clock,
    config::PublicUrl,
    error::{Error, Result},
    id::{CheckoutId, InvoiceId},
    store::{
        CheckoutRow, Store,
        pay::{NewCheckout, PayScope, PayableRow, PayeeRow},
        system::CheckoutName,
    },
    stripe::{NewSession, SessionId, SessionLine, Stripe, StripeFailure, to_stripe},
};

/// What somebody wants to pay of one invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// The invoice.
    pub invoice_id: InvoiceId,
    /// Minor units; none: all that is due.
    pub amount_minor: Option<i64>,
}

/// What somebody wants to pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basket<'a> {
    /// This of one invoice.
    One(Wanted),
    /// All that is due on everything that is open in one currency, ISO 4217 (rule M3b).
    AllOpen(&'a str, i64),
}

impl Basket<'_> {
    /// What it comes to as things stand.
    async fn wanted(&self, payer: &PayScope<'_>) -> Result<Vec<Wanted>> {
        match *self {
            Self::One(wanted) => Ok(vec![wanted]),
            Self::AllOpen(currency, most) => {
                let open = payer.open_invoices(currency, most).await?;
                Ok(open.into_iter().map(|invoice_id| Wanted { invoice_id, amount_minor: None }).collect())
            }
        }
    }

    /// Whether there is something left to pay where one of its invoices cannot be.
    const fn is_read_anew(&self) -> bool {
        matches!(self, Self::AllOpen(..))
    }
}

/// Why it cannot be paid now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayRefused {
    /// There is no such invoice, or it is not the actor's.
    NotFound,
    /// Nothing is due on it any more.
    NothingDue,
    /// A payment is under way: there is no need to pay again.
    InProgress,
    /// The org takes no payments online at the moment.
    NotOnline,
    /// Only all of it can be paid.
    NoPart,
    /// More than is due, or nothing.
    BadAmount,
    /// Stripe takes no amount as small as this.
    TooSmall,
    /// An amount that Stripe cannot take, such as one with three decimals.
    NotPayable,
    /// Invoices of several currencies are not paid at once.
    SeveralCurrencies,
    /// Stripe does not answer; nothing was taken.
    NoAnswer,
}

/// What it takes besides the payer.
#[derive(Debug, Clone, Copy)]
pub struct Cashier<'a> {
    /// Data.
    pub store: &'a Store,
    /// Stripe.
    pub stripe: &'a Stripe,
    /// Time.
    pub clock: &'a Clock,
    /// Where the payer comes back to.
    pub public_url: &'a PublicUrl,
}

/// How long a page at Stripe can be paid on; Stripe takes from half an hour to a day.
const OPEN_FOR: TimeDelta = TimeDelta::hours(2);
/// A page that is about to close is not given out any more.
const LAST_MOMENT: TimeDelta = TimeDelta::minutes(2);
/// Stripe shows as many lines as this.
const MOST_LINES: usize = 100;
/// How long what another request is at is waited for.
const MOMENT: std::time::Duration = std::time::Duration::from_millis(200);
/// How often what others do at the same moment is waited for.
const TRIES: usize = 12;

/// The address at Stripe on which it can be paid.
pub async fn start_checkout(
    cashier: &Cashier<'_>,
    payer: &PayScope<'_>,
    basket: &Basket<'_>,
) -> Result<std::result::Result<String, PayRefused>> {
    for _ in 0..TRIES {
        let wanted = basket.wanted(payer).await?;
        if wanted.is_empty() {
            return Ok(Err(PayRefused::NothingDue));
        }
        match try_once(cashier, payer, &wanted).await? {
            // Others have paid one of them, or are about to: the rest can be paid all the same.
            Try::Refused(PayRefused::NothingDue | PayRefused::InProgress) if basket.is_read_anew() => {}
            Try::Pay(url) => return Ok(Ok(url)),
            Try::Refused(why) => return Ok(Err(why)),
            Try::Again => {}
        }
    }
    Ok(Err(PayRefused::NoAnswer))
}

enum Try {
    Pay(String),
    Refused(PayRefused),
    /// Something has changed meanwhile.
    Again,
}

async fn try_once(cashier: &Cashier<'_>, payer: &PayScope<'_>, wanted: &[Wanted]) -> Result<Try> {
    let Some(recipient) = payer.payee().await? else { return Ok(Try::Refused(PayRefused::NotOnline)) };
    let ids: Vec<InvoiceId> = wanted.iter().map(|wanted| wanted.invoice_id).collect();
    let Some(invoices) = payer.payable(&ids).await? else { return Ok(Try::Refused(PayRefused::NotFound)) };
    let parts = match parts(&invoices, wanted) {
        Ok(parts) => parts,
        Err(PayRefused::NothingDue) if is_under_way(payer, &ids).await? => {
            return Ok(Try::Refused(PayRefused::InProgress));
        }
        Err(why) => return Ok(Try::Refused(why)),
    };
    let now = cashier.clock.now();
    let live = payer.live_checkouts(&ids).await?;
    for (row, known) in &live {
        let is_the_same = row.account_id == recipient.account_id && is_of(row, known, &parts);
        match row.state()? {
            CheckoutState::Processing => return Ok(Try::Refused(PayRefused::InProgress)),
            CheckoutState::Open if is_the_same && row.expires_at > now + LAST_MOMENT => {
                if let Some(url) = &row.url {
                    let is_open = payer.lead_to(row.id).await?;
                    return Ok(if is_open { Try::Pay(url.clone()) } else { Try::Again });
                }
            }
            CheckoutState::Asked if is_the_same && row.expires_at > now + LAST_MOMENT => {
                payer.lead_to(row.id).await?;
                return ask(cashier, payer, row.id, row, wanted).await;
            }
            _ => {}
        }
        match close_checkout(cashier.store, cashier.stripe, row).await? {
            Settled::As(CheckoutState::Processing) => return Ok(Try::Refused(PayRefused::InProgress)),
            Settled::As(state) if !state.is_live() => {}
            Settled::As(_) | Settled::Later | Settled::Odd => return Ok(Try::Refused(PayRefused::NoAnswer)),
        }
    }
    if !live.is_empty() {
        return Ok(Try::Again);
    }
    let id = CheckoutId::new(now);
    let expires_at = now + OPEN_FOR;
    let request = match request(cashier, payer, id, &recipient, &invoices, &parts, expires_at.timestamp()) {
        Ok(request) => request,
        Err(why) => return Ok(Try::Refused(why)),
    };
    let new = NewCheckout {
        id,
        account_id: recipient.account_id.clone(),
        currency: request.currency.clone(),
        parts,
        request: serde_json::to_string(&request).map_err(Error::bug)?,
        expires_at,
    };
    if !payer.begin_checkout(&new).await? {
        return Ok(Try::Again);
    }
    let asked = Question { account: &recipient.account_id, request: &request };
    send(cashier, payer, id, &asked, wanted).await
}

async fn is_under_way(payer: &PayScope<'_>, ids: &[InvoiceId]) -> Result<bool> {
    let live = payer.live_checkouts(ids).await?;
    Ok(live.iter().any(|(row, _)| row.state == CheckoutState::Processing.as_str()))
}

/// What of the checkout is for which invoice.
fn parts(invoices: &[PayableRow], wanted: &[Wanted]) -> std::result::Result<Vec<Part>, PayRefused> {
    let [first, ..] = invoices else { return Err(PayRefused::NotFound) };
    if invoices.iter().any(|invoice| invoice.currency != first.currency) {
        return Err(PayRefused::SeveralCurrencies);
    }
    let part = |(invoice, wanted): (&PayableRow, &Wanted)| {
        if invoice.due_minor <= 0 {
            return Err(PayRefused::NothingDue);
        }
        let amount_minor = match wanted.amount_minor {
            None => invoice.due_minor,
            Some(amount) if amount == invoice.due_minor => amount,
            Some(_) if !invoice.allows_part => return Err(PayRefused::NoPart),
            Some(amount) if (1..invoice.due_minor).contains(&amount) => amount,
            Some(_) => return Err(PayRefused::BadAmount),
        };
        Ok(Part { invoice_id: invoice.id, amount_minor })
    };
    invoices.iter().zip(wanted).map(part).collect()
}

/// Whether a checkout is for just these parts. Whoever came by a share link sees of another's only what is for its own
/// invoice, so the sum decides besides.
fn is_of(row: &CheckoutRow, known: &[Part], parts: &[Part]) -> bool {
    let sum: i64 = parts.iter().map(|part| part.amount_minor).sum();
    row.amount_minor == sum && parts.iter().all(|part| known.contains(part))
}

fn request(
    cashier: &Cashier<'_>,
    payer: &PayScope<'_>,
    id: CheckoutId,
    recipient: &PayeeRow,
    invoices: &[PayableRow],
    parts: &[Part],
    expires_at: i64,
) -> std::result::Result<NewSession, PayRefused> {
    let [first, ..] = invoices else { return Err(PayRefused::NotFound) };
    let amount = |minor| to_stripe(&first.currency, minor).map_err(|_| PayRefused::NotPayable);
    let mut lines = vec![];
    for (invoice, part) in invoices.iter().zip(parts) {
        lines.push(SessionLine {
            name: format!("{} {}", invoice.number, invoice.title).trim().chars().take(200).collect(),
            amount: amount(part.amount_minor)?,
        });
    }
    if lines.len() > MOST_LINES {
        let name = format!("{} invoices", lines.len());
        lines = vec![SessionLine { name, amount: lines.iter().map(|line| line.amount).sum() }];
    }
    let back = cashier.public_url.link(&app::routes::pay_return(&id.to_string()));
    let metadata: BTreeMap<String, String> = [
        (CHECKOUT_KEY, id.to_string()),
        (ORG_KEY, payer.org_id().to_string()),
        ("postern_client", first.client_id.to_string()),
        ("postern_invoice", first.id.to_string()),
        ("postern_invoices", parts.len().to_string()),
    ]
    .map(|(key, value)| (key.to_owned(), value))
    .into();
    // Nobody's address: whoever is led to this page next need not be the same (rule M4).
    Ok(NewSession {
        currency: first.currency.clone(),
        lines,
        metadata,
        success_url: back.clone(),
        cancel_url: format!("{back}?back"),
        expires_at,
        locale: locale(&recipient.locale).to_owned(),
    })
}

/// The languages that Stripe's page speaks (<https://docs.stripe.com/js/appendix/supported_locales>), by their first
/// part; any other is left to the browser.
fn locale(tag: &str) -> &str {
    const SPOKEN: [&str; 24] = [
        "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "hu", "it", "ja", "ko", "lt", "lv", "nl",
        "pl", "pt", "ro", "sk", "sl", "sv", "tr",
    ];
    let language = tag.split('-').next().unwrap_or_default();
    if SPOKEN.contains(&language) { language } else { "auto" }
}

struct Question<'a> {
    account: &'a crate::stripe::AccountId,
    request: &'a NewSession,
}

/// Somebody has asked already, and the answer is not there: it is asked again in the same words.
async fn ask(
    cashier: &Cashier<'_>,
    payer: &PayScope<'_>,
    id: CheckoutId,
    row: &CheckoutRow,
    wanted: &[Wanted],
) -> Result<Try> {
    let request: NewSession = serde_json::from_str(&row.request).map_err(Error::bug)?;
    send(cashier, payer, id, &Question { account: &row.account_id, request: &request }, wanted).await
}

async fn send(
    cashier: &Cashier<'_>,
    payer: &PayScope<'_>,
    id: CheckoutId,
    question: &Question<'_>,
    wanted: &[Wanted],
) -> Result<Try> {
    let opened =
        match cashier.stripe.create_session(question.account, &idempotency_key(id), question.request).await {
            Ok(opened) => opened,
            // Another tab is just asking: its answer is ours.
            Err(StripeFailure::UnderWay) => {
                tokio::time::sleep(MOMENT).await;
                return Ok(Try::Again);
            }
            Err(StripeFailure::Fault(status)) => {
                tracing::warn!(status, "Stripe failed to open a page, or to say so");
                let name = CheckoutName::Id(id);
                let Some(row) = cashier.store.system().checkout(&name).await? else { return Ok(Try::Again) };
                match look_for_session(cashier.store, cashier.stripe, &row).await? {
                    Some(opened) => opened,
                    None => return Ok(Try::Refused(PayRefused::NoAnswer)),
                }
            }
            // It may have been opened all the same: the row stays, and whoever comes next asks again.
            Err(StripeFailure::Unreachable(_)) => return Ok(Try::Refused(PayRefused::NoAnswer)),
            Err(StripeFailure::Refused { code, status, message }) => {
                tracing::warn!(%code, status, %message, "Stripe opened no page");
                refused(cashier.store, id).await?;
                return Ok(Try::Refused(match code.as_str() {
                    "amount_too_small" => PayRefused::TooSmall,
                    "amount_too_large" => PayRefused::NotPayable,
                    _ => PayRefused::NotOnline,
                }));
            }
        };
    let session: SessionId = opened.id.parse().map_err(Error::bug)?;
    cashier.store.system().checkout_opened(id, &session, opened.url.as_deref()).await?;
    // What is due, or where it is paid, may have changed while Stripe was asked. Whoever changed it looks at what they
    // see; we look at what they cannot see yet.
    let ids: Vec<InvoiceId> = wanted.iter().map(|wanted| wanted.invoice_id).collect();
    let Some(invoices) = payer.payable(&ids).await? else { return Ok(Try::Again) };
    let name = CheckoutName::Id(id);
    let Some(row) = cashier.store.system().checkout(&name).await? else { return Ok(Try::Again) };
    let is_still_due = parts(&invoices, wanted)
        .is_ok_and(|parts| parts.iter().map(|part| part.amount_minor).sum::<i64>() == row.amount_minor);
    let is_paid_there = payer.payee().await?.is_some_and(|payee| payee.account_id == row.account_id);
    match (is_still_due && is_paid_there, row.state()?, opened.url) {
        (true, CheckoutState::Open, Some(url)) => Ok(Try::Pay(url)),
        (true, CheckoutState::Open, None) => Ok(Try::Again),
        (_, state, _) if !state.is_live() => Ok(Try::Again),
        _ => {
            close_checkout(cashier.store, cashier.stripe, &row).await?;
            Ok(Try::Again)
        }
    }
}
