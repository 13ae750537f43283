//! Invoices on which something is due, each with the way to pay it.

use chrono::NaiveDate;
use leptos::{either::EitherOf4, prelude::*};

use super::{
    Chip,
    ledger::subject,
    status::{due_words, part_paid_words, payment_state},
};
use crate::{api::portal::InvoiceRow, format::Formats, routes};

/// The list of what is to be paid.
#[component]
pub fn DueList(
    /// Open invoices, in the order in which they are shown.
    rows: Vec<InvoiceRow>,
    /// The org's calendar day.
    today: NaiveDate,
    /// How the reader writes dates and money.
    formats: Formats,
    /// Whether they can be paid online.
    can_pay: bool,
    /// What somebody has just paid is not known yet: nothing is asked for.
    is_awaited: bool,
) -> impl IntoView {
    let offer = match (is_awaited, can_pay) {
        (true, _) => Offer::Nothing,
        (false, true) => Offer::Online,
        (false, false) => Offer::Otherwise,
    };
    let items = rows.into_iter().map(|row| due_item(row, today, &formats, offer)).collect_view();
    // The role is said, because some screen readers forget that a list without bullets is a list.
    view! { <ul class="due-list" role="list">{items}</ul> }
}

/// The way to pay that an invoice has beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Offer {
    Online,
    Otherwise,
    Nothing,
}

fn due_item(row: InvoiceRow, today: NaiveDate, formats: &Formats, offer: Offer) -> impl IntoView + use<> {
    let (tone, text) = due_words(&row, today, formats);
    let href = routes::portal_invoice(&row.id);
    let pay_href = format!("{href}#pay");
    let amount = formats.money(row.due_minor, row.currency);
    let mut when = format!("Due {}", formats.date(row.due_on));
    if let Some(part) = part_paid_words(&row, formats) {
        when.push_str(" · ");
        when.push_str(&part);
    }
    let which = format!(" {}, {amount}", row.number);
    let state = payment_state(&row, formats);
    let pay = match (row.processing_since, offer) {
        (Some(_), _) => EitherOf4::A(view! { <span class="small quiet">"No need to pay again"</span> }),
        (None, Offer::Online) => EitherOf4::B(view! {
            <form method="post" action=routes::pay(&href)>
                <button class="button">"Pay" <span class="visually-hidden">{which}</span></button>
            </form>
        }),
        (None, Offer::Otherwise) => EitherOf4::C(view! {
            <a class="button" href=pay_href>
                "How to pay"
                <span class="visually-hidden">{which}</span>
            </a>
        }),
        (None, Offer::Nothing) => EitherOf4::D(()),
    };
    view! {
        <li>
            <div class="what">
                <a class="number" href=href>
                    {row.number}
                </a>
                " "
                {subject(row.title)}
                <p class="small quiet">{when}</p>
                {state}
            </div>
            <Chip tone text/>
            <span class="amount num">{amount}</span>
            {pay}
        </li>
    }
}
