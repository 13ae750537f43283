//! What a Checkout Session is made of.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A session that is to be opened. The same values make the same request, byte for byte: an idempotency key is good
/// for nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewSession {
    /// ISO 4217.
    pub currency: String,
    /// What is paid.
    pub lines: Vec<SessionLine>,
    /// What ties it to us: both the session and its payment carry it.
    pub metadata: BTreeMap<String, String>,
    /// Where the payer comes back to.
    pub success_url: String,
    /// Where one who changes their mind comes back to.
    pub cancel_url: String,
    /// Unix seconds; from half an hour to a day from now.
    pub expires_at: i64,
    /// The language of the page, as Stripe names it; `auto` takes the browser's.
    pub locale: String,
}

/// One line of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionLine {
    /// What it is for.
    pub name: String,
    /// In Stripe's smallest unit.
    pub amount: i64,
}

#[derive(Debug, Serialize)]
pub(super) struct Params<'a> {
    mode: &'static str,
    line_items: Vec<Line<'a>>,
    metadata: &'a BTreeMap<String, String>,
    payment_intent_data: IntentData<'a>,
    success_url: &'a str,
    cancel_url: &'a str,
    expires_at: i64,
    locale: &'a str,
}

#[derive(Debug, Serialize)]
struct Line<'a> {
    quantity: u32,
    price_data: Price<'a>,
}

#[derive(Debug, Serialize)]
struct Price<'a> {
    currency: String,
    unit_amount: i64,
    product_data: Product<'a>,
}

#[derive(Debug, Serialize)]
struct Product<'a> {
    name: &'a str,
}

#[derive(Debug, Serialize)]
struct IntentData<'a> {
    metadata: &'a BTreeMap<String, String>,
}

impl<'a> Line<'a> {
    fn of(line: &'a SessionLine, currency: &str) -> Self {
        let SessionLine { name, amount } = line;
        let product_data = Product { name };
        let price_data =
            Price { currency: currency.to_ascii_lowercase(), unit_amount: *amount, product_data };
        Self { quantity: 1, price_data }
    }
}

impl NewSession {
    pub(super) fn params(&self) -> Params<'_> {
        Params {
            mode: "payment",
            line_items: self.lines.iter().map(|line| Line::of(line, &self.currency)).collect(),
            metadata: &self.metadata,
            payment_intent_data: IntentData { metadata: &self.metadata },
            success_url: &self.success_url,
            cancel_url: &self.cancel_url,
            expires_at: self.expires_at,
            locale: &self.locale,
        }
    }
}
