//! Paying online: the button, and how a payment stands (rules M3a, P6).

use chrono::{DateTime, Utc};
use leptos::{either::EitherOf3, prelude::*};

use super::field::TextField;
use crate::{
    api::portal::{Invoice, InvoiceRow},
    format::Formats,
    routes,
};

/// What is said after somebody pressed `Pay`, or came back from paying.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayNews {
    /// Back from the page on which it is paid, and it is not known yet what came of it.
    Back,
    /// Back, and the money has come.
    Paid,
    /// Nothing is due any more.
    NothingDue,
    /// A payment is under way.
    InProgress,
    /// The org takes no payments online.
    NotOnline,
    /// Only all of it can be paid.
    NoPart,
    /// No amount, or more than is due.
    BadAmount,
    /// Too little to be paid online.
    TooSmall,
    /// An amount that cannot be paid online.
    NotPayable,
    /// Invoices of several currencies.
    SeveralCurrencies,
    /// The payment service does not answer.
    NoAnswer,
}

/// As many invoices are paid at once: Stripe's page has as many lines.
/// <https://docs.stripe.com/api/checkout/sessions/create>
pub const MOST_PAID_AT_ONCE: i64 = 100;

impl PayNews {
    const ALL: [Self; 11] = [
        Self::Back,
        Self::Paid,
        Self::NothingDue,
        Self::InProgress,
        Self::NotOnline,
        Self::NoPart,
        Self::BadAmount,
        Self::TooSmall,
        Self::NotPayable,
        Self::SeveralCurrencies,
        Self::NoAnswer,
    ];

    /// The value of the query parameter `pay`.
    #[must_use]
    pub const fn as_query(self) -> &'static str {
        match self {
            Self::Back => "back",
            Self::Paid => "paid",
            Self::NothingDue => "nothing-due",
            Self::InProgress => "in-progress",
            Self::NotOnline => "not-online",
            Self::NoPart => "no-part",
            Self::BadAmount => "bad-amount",
            Self::TooSmall => "too-small",
            Self::NotPayable => "not-payable",
            Self::SeveralCurrencies => "several-currencies",
            Self::NoAnswer => "no-answer",
        }
    }

    /// Reads the query parameter; `None` for what is none.
    #[must_use]
    pub fn from_query(value: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|news| news.as_query() == value)
    }

    /// The sentence; none where how the invoice stands says it all.
    #[must_use]
    pub const fn text(self) -> Option<&'static str> {
        match self {
            Self::Back => None,
            Self::InProgress => {
                Some("A payment was in progress already, so no other was begun. Nothing more was charged.")
            }
            Self::Paid => Some("Paid. Thank you: the money has arrived, and a receipt is on its way to you."),
            Self::NothingDue => Some("Nothing is due on it any more, so nothing was charged."),
            Self::NotOnline => Some(
                "It cannot be paid online at the moment. Nothing was charged; the payment details below still hold.",
            ),
            Self::NoPart => Some("This invoice can only be paid as a whole. Nothing was charged."),
            Self::BadAmount => Some(
                "This is no amount that can be paid: it has to be more than nothing, and not more than is due. Nothing was charged.",
            ),
            Self::TooSmall => Some(
                "The amount is too small to be paid online. Nothing was charged; the payment details below still hold.",
            ),
            Self::NotPayable => Some(
                "This amount cannot be paid online. Nothing was charged; the payment details below still hold.",
            ),
            Self::SeveralCurrencies => {
                Some("Invoices of several currencies cannot be paid at once. Nothing was charged.")
            }
            Self::NoAnswer => Some(
                "The payment service does not answer at the moment. Nothing was charged. Try again in a minute.",
            ),
        }
    }
}

/// How a payment stands, in the one sentence that matters now; nothing where there is nothing to say.
#[component]
pub fn PayState(
    /// The invoice.
    invoice: Invoice,
    /// What is said besides.
    news: Option<PayNews>,
    /// How the reader writes dates.
    formats: Formats,
) -> impl IntoView {
    let row = &invoice.row;
    let (is_settled, has_arrived) = (row.due_minor == 0, row.paid_minor > 0);
    let state = match (row.processing_since, row.failed_at, news) {
        (Some(since), ..) => EitherOf3::A(processing(since, &formats)),
        (None, Some(at), _) if !is_settled => EitherOf3::B(failed(at, &formats)),
        (None, _, Some(PayNews::Back)) if !is_settled => EitherOf3::C(waiting().into_any()),
        // Anybody can type it, and what was paid may have gone back since: it is said while it is so.
        (None, _, Some(PayNews::Paid | PayNews::Back)) => EitherOf3::C(has_arrived.then(thanks).into_any()),
        // That is said at the field.
        (None, _, Some(PayNews::BadAmount)) if invoice.allows_part => EitherOf3::C(().into_any()),
        (None, _, Some(news)) => EitherOf3::C(
            news.text().map(|text| view! { <p class="notice" role="status">{text}</p> }).into_any(),
        ),
        _ => EitherOf3::C(().into_any()),
    };
    view! { {state} }
}

fn thanks() -> impl IntoView {
    let text = PayNews::Paid.text();
    view! {
        <p class="notice good" role="status">
            {text}
        </p>
    }
}

fn processing(since: DateTime<Utc>, formats: &Formats) -> impl IntoView + use<> {
    let since = formats.date_time(since);
    view! {
        <p class="notice" role="status">
            <strong>"Payment in progress since " {since} "."</strong>
            " There is no need to pay again. Bank payments take a few days; this page tells when it has arrived."
        </p>
    }
}

fn failed(at: DateTime<Utc>, formats: &Formats) -> impl IntoView + use<> {
    let at = formats.date_time(at);
    view! {
        <p class="notice late" role="status">
            <strong>"The payment of " {at} " did not go through."</strong>
            " Nothing was taken. You can pay in another way, or try again."
        </p>
    }
}

/// Somebody came back from paying it, and what came of it is not known yet: they are not asked to pay again.
#[must_use]
pub fn is_awaited(row: &InvoiceRow, news: Option<PayNews>) -> bool {
    news == Some(PayNews::Back) && row.processing_since.is_none() && row.failed_at.is_none()
}

/// Somebody came back, and it is not known yet. Without a script the page looks again by itself.
#[must_use]
pub fn waiting() -> impl IntoView {
    view! {
        <p class="notice" role="status">
            "If you have paid, it takes a moment until we know. This page will show it by itself; there is no need to pay again."
        </p>
        <noscript>
            <meta http-equiv="refresh" content="5"/>
        </noscript>
    }
}

/// Money that came although nothing was due: it is kept, and is not forgotten (rule M4).
#[component]
pub fn CreditNotice(
    /// How much.
    amount: String,
    /// What follows from it, to whoever reads.
    sentence: &'static str,
) -> impl IntoView {
    view! {
        <p class="notice">
            <strong>"Credit: " <span class="num">{amount}</span> "."</strong>
            " "
            {sentence}
        </p>
    }
}

/// The credit of an invoice, said to the payer.
#[must_use]
pub fn credit_to_payer(row: &InvoiceRow, formats: &Formats) -> Option<impl IntoView + use<>> {
    let credit = row.credit_minor();
    (credit > 0).then(|| {
        let amount = formats.money(credit, row.currency);
        let sentence = "More was paid than there was to pay. It is noted, and can be given back or set against another invoice: ask for whichever suits you.";
        view! { <CreditNotice amount sentence/> }
    })
}

/// No amount is longer than this.
pub const MOST_TYPED_AS_AMOUNT: u32 = 40;

/// The button that leads to the page on which an invoice is paid.
#[component]
pub fn PayButton(
    /// The address of the invoice's page.
    href: String,
    /// What is due, as the payer reads it.
    amount: String,
    /// The same, as it is typed.
    amount_to_type: String,
    /// Whether a part can be paid.
    allows_part: bool,
    /// What was typed for a part, and is no amount that can be paid.
    wrong_amount: Option<String>,
) -> impl IntoView {
    let action = routes::pay(&href);
    let part = allows_part.then(|| {
        let problem =
            wrong_amount.is_some().then(|| PayNews::BadAmount.text().unwrap_or_default().to_owned());
        let is_open = problem.is_some();
        let value = wrong_amount.unwrap_or(amount_to_type);
        view! {
            <details class="pay-part" open=is_open>
                <summary class="small">"Pay a part of it"</summary>
                <form method="post" action=action.clone()>
                    <TextField
                        name="amount"
                        label="Amount"
                        value
                        problem
                        maxlength=MOST_TYPED_AS_AMOUNT
                        inputmode="decimal"
                    />
                    <button class="button">"Pay this part"</button>
                </form>
            </details>
        }
    });
    view! {
        <div class="pay-online">
            <form method="post" action=action>
                <button class="button primary pay">"Pay " <span class="num">{amount}</span></button>
            </form>
            {part}
        </div>
    }
}
