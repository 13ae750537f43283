//! How an invoice stands, as a chip of a few words. The words carry the meaning, the colour repeats it.

use chrono::NaiveDate;
use leptos::{either::Either, prelude::*};

use crate::{
    api::portal::{InvoiceRow, InvoiceStatus},
    format::Formats,
};

/// The mood of a chip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Nothing to be done.
    Calm,
    /// Settled.
    Good,
    /// Under way.
    Part,
    /// Too late.
    Late,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Self::Calm => "chip",
            Self::Good => "chip good",
            Self::Part => "chip part",
            Self::Late => "chip late",
        }
    }
}

/// A few words on a tinted ground.
#[component]
pub fn Chip(
    /// The mood.
    tone: Tone,
    /// The words.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    view! { <span class=tone.class()>{text}</span> }
}

/// How an invoice stands, in a list of invoices of all kinds.
#[must_use]
pub fn status_words(row: &InvoiceRow, today: NaiveDate, formats: &Formats) -> (Tone, String) {
    if row.processing_since.is_some() {
        return (Tone::Part, "Payment in progress".to_owned());
    }
    match row.status {
        InvoiceStatus::Open => (Tone::Calm, "Open".to_owned()),
        InvoiceStatus::PartiallyPaid => (Tone::Part, "Partly paid".to_owned()),
        InvoiceStatus::Overdue => (Tone::Late, overdue_words(row, today, formats)),
        InvoiceStatus::Paid => match row.last_paid_on {
            Some(day) => (Tone::Good, format!("Paid {}", formats.date_short(day))),
            None => (Tone::Good, "Paid".to_owned()),
        },
        InvoiceStatus::Void => (Tone::Calm, "Void".to_owned()),
    }
}

/// How an open invoice stands, in a list of open ones: what is new there is the time that is left.
pub(super) fn due_words(row: &InvoiceRow, today: NaiveDate, formats: &Formats) -> (Tone, String) {
    if row.processing_since.is_some() {
        return (Tone::Part, "Payment in progress".to_owned());
    }
    let days = (row.due_on - today).num_days();
    match (row.status, days) {
        (InvoiceStatus::Overdue, _) => (Tone::Late, overdue_words(row, today, formats)),
        (InvoiceStatus::PartiallyPaid, _) => (Tone::Part, "Partly paid".to_owned()),
        (_, ..=0) => (Tone::Part, "Due today".to_owned()),
        (_, 1) => (Tone::Calm, "Due tomorrow".to_owned()),
        (_, days) => (Tone::Calm, format!("In {}", formats.days(days))),
    }
}

/// What is paid of an invoice of which something, but not all, is paid.
pub(super) fn part_paid_words(row: &InvoiceRow, formats: &Formats) -> Option<String> {
    (row.paid_minor > 0 && row.due_minor > 0).then(|| {
        let paid = formats.money(row.paid_minor, row.currency);
        let total = formats.money(row.total_minor, row.currency);
        format!("{paid} of {total} paid")
    })
}

/// How the last payment of it stands, where that is not known by what is due (rule M3a).
pub(super) fn payment_state(row: &InvoiceRow, formats: &Formats) -> Option<impl IntoView + use<>> {
    match (row.processing_since, row.failed_at) {
        (Some(since), _) => {
            let since = formats.date_time(since);
            Some(Either::Left(view! {
                <p class="small">"In progress since " {since} ". Bank payments take a few days."</p>
            }))
        }
        (None, Some(at)) => {
            let at = formats.date_time(at);
            Some(Either::Right(view! {
                <p class="small">
                    <strong>"The payment of " {at} " did not go through."</strong>
                    " Nothing was taken."
                </p>
            }))
        }
        (None, None) => None,
    }
}

fn overdue_words(row: &InvoiceRow, today: NaiveDate, formats: &Formats) -> String {
    format!("{} overdue", formats.days((today - row.due_on).num_days().max(1)))
}
