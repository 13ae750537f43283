//! One invoice as the team sees it: how it stands, what is on it, what was paid, and what can be done.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::{
    invoice_payments::{paid, payment_form},
    invoice_sharing::{mails, sharing},
    invoices::{name_of, status_words},
};
use crate::{
    api::team::{Invoice, InvoiceLine, InvoiceStatus, InvoiceSummary, PaymentForm},
    components::{Chip, CreditNotice, FormProblem},
    format::Formats,
    islands::LiveState,
    layout::{Desk, DeskFrame, DeskTab, Scripts},
    money::Currency,
    problem::Problems,
    routes,
};

/// What was done just now, which the page says once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvoiceNews {
    /// It was sent.
    Sent,
    /// Somebody is reminded of it.
    Reminded,
}

impl InvoiceNews {
    /// As its address says it.
    #[must_use]
    pub fn from_query(query: &str) -> Option<Self> {
        [Self::Sent, Self::Reminded].into_iter().find(|news| news.query() == query)
    }

    /// For its address.
    #[must_use]
    pub const fn query(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Reminded => "reminded",
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::Sent => "It is sent. Below is its share link, and who gets it by mail.",
            Self::Reminded => "The reminder is on its way. Below is who gets it.",
        }
    }
}

/// One invoice.
#[component]
pub fn TeamInvoicePage(
    /// What every page of the team knows.
    frame: DeskFrame,
    invoice: Invoice,
    /// A payment that is being written down.
    form: PaymentForm,
    /// The id that a copy of it would have, so that a button that is pressed twice makes one.
    copy_id: String,
    /// What was wrong with it, or with what was to be done.
    problems: Problems,
    /// What was done just now.
    #[prop(optional_no_strip)]
    news: Option<InvoiceNews>,
) -> impl IntoView {
    let Invoice {
        summary,
        reference,
        notes,
        lines,
        taxes,
        payments,
        discount_ppm,
        discount_minor,
        subtotal_minor,
        paid_minor,
        allows_part,
        processing_since,
        failed_at,
        state_tag,
        first_viewed_at,
        last_viewed_at,
        share_url,
        mails: sent_mails,
        version: _,
        draft: _,
    } = invoice;
    let formats = frame.formats.clone();
    let money = |minor| formats.money(minor, summary.currency);
    let viewed = first_viewed_at
        .zip(last_viewed_at)
        .map(|(first, last)| (formats.date_time(first), formats.date_time(last)));
    let head = head(&summary, viewed, &frame);
    let entry = |label: String, value: String, class: Option<&'static str>| {
        view! {
            <div class=class>
                <dt>{label}</dt>
                <dd class="num">{value}</dd>
            </div>
        }
    };
    let taxes = taxes
        .into_iter()
        .map(|tax| {
            entry(format!("{} {}", tax.label, formats.percent(tax.rate_ppm)), money(tax.tax_minor), None)
        })
        .collect_view();
    let credit = credit(&summary, paid_minor);
    let left = if credit > 0 { ("Credit", credit) } else { ("Due", summary.due_minor) };
    let totals = view! {
        <dl class="totals">
            {(discount_minor != 0)
                .then(|| {
                    let label = format!("Discount {}", formats.percent(discount_ppm));
                    view! {
                        {entry("Sum of the lines".to_owned(), money(subtotal_minor + discount_minor), None)}
                        {entry(label, money(-discount_minor), None)}
                    }
                })}
            {entry("Subtotal".to_owned(), money(subtotal_minor), None)} {taxes}
            {entry("Total".to_owned(), money(summary.total_minor), Some("total"))}
            {(paid_minor != 0).then(|| entry("Paid".to_owned(), money(-paid_minor), None))}
            {entry(left.0.to_owned(), money(left.1), Some("due"))}
        </dl>
    };
    let words = [reference, notes].into_iter().filter(|text| !text.is_empty()).map(|text| {
        view! {
            <p class="words quiet lines" dir="auto">
                {text}
            </p>
        }
    });
    let words = words.collect_view();
    let live = routes::live(&routes::app_invoice(&summary.id), &state_tag);
    let under_way = under_way(processing_since, failed_at, summary.due_minor, &formats);
    let wrong = problems.of("invoice").or_else(|| problems.of("payment"));
    let title = name_of(&summary);
    view! {
        <Desk frame title tab=DeskTab::Invoices is_tab_itself=false scripts=Scripts::Desk>
            {head}
            <div data-live=live hidden></div>
            <LiveState/>
            {under_way}
            {credited(credit, summary.currency, &formats)}
            {news.map(|news| view! { <p class="notice good" role="status">{news.text()}</p> })}
            <FormProblem message=wrong/>
            <section class="block" aria-labelledby="lines">
                <h2 id="lines">"What it is for"</h2>
                {line_table(lines, summary.currency, &formats)}
                {totals}
                {words}
            </section>
            {paid(&summary.id, payments, summary.currency, &formats)}
            {(summary.due_minor > 0).then(|| payment_form(&summary, form, &problems))}
            {part(&summary, allows_part)}
            {sharing(&summary, share_url)}
            {mails(sent_mails, &formats)}
            {copy(&summary.id, copy_id)}
            {cancel(&summary, paid_minor)}
        </Desk>
    }
}

fn head(
    summary: &InvoiceSummary,
    viewed: Option<(String, String)>,
    frame: &DeskFrame,
) -> impl IntoView + use<> {
    let (tone, text) = status_words(summary, frame);
    let viewed = match (summary.view_count, viewed) {
        (0, _) | (_, None) => "Nobody has opened it yet.".to_owned(),
        (1, Some((at, _))) => format!("Opened once, on {at}."),
        (count, Some((first, last))) => format!("Opened {count} times, first on {first}, last on {last}."),
    };
    let is_due = summary.due_minor > 0;
    let figure = if is_due { summary.due_minor } else { summary.total_minor };
    let due_on = is_due.then(|| {
        view! { <span class="quiet">"due " {frame.formats.date(summary.due_on)}</span> }
    });
    view! {
        <header class="work-head">
            <div>
                <p class="crumb">
                    <a href=routes::APP_INVOICES>"Invoices"</a>
                </p>
                <div class="title-line">
                    <h1>{name_of(summary)}</h1>
                    <Chip tone text/>
                </div>
                <p>
                    <a href=routes::app_client(&summary.client_id)>
                        <bdi>{summary.client_name.clone()}</bdi>
                    </a>
                    " "
                    <bdi class="quiet">{summary.title.clone()}</bdi>
                </p>
                <p class="figure">
                    <span class="amount num">{frame.formats.money(figure, summary.currency)}</span>
                    " "
                    {due_on}
                </p>
                <p class="small quiet">"Of " {frame.formats.date(summary.issued_on)} ". " {viewed}</p>
            </div>
            <div class="acts">
                <a class="button" href=routes::app_invoice_act(&summary.id, "pdf")>
                    "PDF"
                </a>
                {is_due
                    .then(|| {
                        view! {
                            <a class="button" href=routes::app_invoice_act(&summary.id, "remind")>
                                "Send a reminder"
                            </a>
                        }
                    })}
            </div>
        </header>
    }
}

fn line_table(lines: Vec<InvoiceLine>, currency: Currency, formats: &Formats) -> impl IntoView + use<> {
    let rows = lines
        .into_iter()
        .map(|line| {
            let quantity = format!("{} {}", formats.quantity(line.quantity_milli), line.unit);
            view! {
                <tr role="row">
                    <td role="cell" class="what lines" dir="auto">
                        {line.description}
                    </td>
                    <td role="cell" class="state num quiet">
                        {quantity.trim_end().to_owned()} " × " {formats.money(line.unit_price_minor, currency)}
                    </td>
                    <td role="cell" class="amount num">
                        {formats.money(line.net_minor, currency)}
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="ledger" role="table">
            <caption class="visually-hidden">"What this invoice is for"</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">
                        "Description"
                    </th>
                    <th role="columnheader" scope="col">
                        "Quantity and price"
                    </th>
                    <th role="columnheader" scope="col" class="end">
                        "Amount"
                    </th>
                </tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    }
}

/// Cancelling cannot be taken back, so it is asked for by opening it first.
fn cancel(summary: &InvoiceSummary, paid_minor: i64) -> Option<impl IntoView + use<>> {
    let may = !matches!(summary.status, InvoiceStatus::Draft | InvoiceStatus::Void) && paid_minor == 0;
    may.then(|| {
        view! {
            <details class="block quiet-block">
                <summary>"Cancel this invoice"</summary>
                <p class="small quiet">
                    "It stays visible to the client as void, nothing is to be paid on it any more, and its share link stops working. This cannot be taken back."
                </p>
                <form method="post" action=routes::app_invoice_act(&summary.id, "void")>
                    <button class="button small">"Cancel it for good"</button>
                </form>
            </details>
        }
    })
}

/// What came in beyond what there was to pay.
fn credit(summary: &InvoiceSummary, paid_minor: i64) -> i64 {
    let owed = if summary.status == InvoiceStatus::Void { 0 } else { summary.total_minor };
    (paid_minor - owed).max(0)
}

fn credited(credit: i64, currency: Currency, formats: &Formats) -> Option<impl IntoView + use<>> {
    (credit > 0).then(|| {
        let sentence = "More came than there was to pay. Give it back at Stripe, which shows here by itself, or agree with your client what it is for.";
        view! { <CreditNotice amount=formats.money(credit, currency) sentence/> }
    })
}

/// A payment that takes days, or one that failed.
fn under_way(
    since: Option<DateTime<Utc>>,
    failed_at: Option<DateTime<Utc>>,
    due_minor: i64,
    formats: &Formats,
) -> Option<impl IntoView + use<>> {
    let text = match (since, failed_at) {
        (Some(since), _) => format!(
            "The client’s bank has been at it since {}. It takes a few days; do not ask for the money again.",
            formats.date_time(since)
        ),
        (None, Some(at)) if due_minor > 0 => format!(
            "A payment of {} did not go through. Nothing was taken, and the client was told.",
            formats.date_time(at)
        ),
        _ => return None,
    };
    Some(view! { <p class="notice" role="status">{text}</p> })
}

/// Whether a part of it can be paid online.
fn part(summary: &InvoiceSummary, allowed: bool) -> Option<impl IntoView + use<>> {
    (summary.due_minor > 0).then(|| {
        let (sentence, value, words) = if allowed {
            ("Online, a part of it can be paid as well.", "off", "Only as a whole")
        } else {
            ("Online, it can only be paid as a whole.", "on", "Allow part payment")
        };
        view! {
            <section class="block quiet-block">
                <p class="small quiet">{sentence}</p>
                <form method="post" action=routes::app_invoice_act(&summary.id, "part")>
                    <input type="hidden" name="allowed" value=value/>
                    <button class="button small">{words}</button>
                </form>
            </section>
        }
    })
}

fn copy(id: &str, copy_id: String) -> impl IntoView + use<> {
    view! {
        <section class="block quiet-block">
            <p class="small quiet">"Bill the same again: a copy begins as a draft, with today’s dates."</p>
            <form method="post" action=routes::app_invoice_act(id, "duplicate")>
                <input type="hidden" name="id" value=copy_id/>
                <button class="button small">"Duplicate"</button>
            </form>
        </section>
    }
}
