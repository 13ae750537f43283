//! A stand-in for the slice of Stripe that Postern uses: connected accounts that take direct charges through
//! hosted Checkout. It is for tests and for the demo: **no money moves, and it keeps nothing.**
//!
//! It speaks Stripe's HTTP API below `/v1`, as strictly as Stripe does where its documentation says how;
//! sends signed webhooks; and has the pages that payers and payees would see at Stripe. [`Handle`] does what
//! payers, banks and payees do, holds, loses and shuffles webhooks, and makes the API misbehave, so that a
//! test can say what happens when.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use stripe_double::{Method, Options, StripeDouble};
//!
//! let double = StripeDouble::start(Options::default()).await?;
//! // … the platform makes an account and a session at double.url() …
//! let account = double.accounts()[0].id.clone();
//! let session = double.payable_sessions(&account)[0].id.clone();
//! let payment = double.pay(&session, Method::Debit)?;
//! double.settle(&payment)?;
//! # Ok(())
//! # }
//! ```

mod api;
mod control;
mod core;
mod currency;
mod error;
mod flow;
mod form;
mod handle;
mod ids;
mod misbehave;
mod model;
mod options;
mod pages;
mod server;
mod state;
mod table;
mod web;
mod webhook;

pub use api::{Hook, Moment, RequestInfo, RequestRecord};
pub use flow::Method;
pub use handle::{Handle, Refused};
pub use misbehave::{Misbehaviour, Rule};
pub use model::{
    Account, Charge, ChargeStatus, Dispute, DisputeStatus, Event, Intent, IntentStatus, Item, Metadata,
    PaymentStatus, Refund, RefundStatus, Session, SessionStatus,
};
pub use options::{Clock, Options};
pub use server::StripeDouble;
pub use state::Tamper;
pub use webhook::{DeliveryRecord, SignedEvent, WebhookTarget, header as sign_with, sign};
