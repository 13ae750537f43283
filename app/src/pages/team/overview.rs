//! What a member sees first: what is owed, what needs somebody, and what happened lately.

use leptos::{either::Either, prelude::*};

use super::invoices::{name_of, status_words};
use crate::{
    api::team::{Activity, Figures, InvoiceStatus, InvoiceSummary, Overview},
    components::{Chip, Empty, Feed, MonthChart},
    format::Formats,
    layout::{Desk, DeskFrame, DeskTab},
    money::Currency,
    routes,
};

/// The overview.
#[component]
pub fn OverviewPage(
    /// What every page of the team knows.
    frame: DeskFrame,
    data: Overview,
    /// The currency of the chart, where one was chosen.
    chosen: Option<Currency>,
) -> impl IntoView {
    let is_beginning = data.figures.is_empty() && !(data.has_client && data.has_invoice && data.has_brand);
    let beginning = is_beginning.then(|| steps(&data, &frame));
    // The next of the steps is the one primary act then.
    let new_invoice = if is_beginning { "button" } else { "button primary" };
    let figures = (!data.figures.is_empty()).then(|| figures(&data.figures, &frame));
    let chart = chart(data.figures, chosen, &frame.formats);
    let needs = (!is_beginning || !data.drafts.is_empty()).then(|| needs(data.overdue, data.drafts, &frame));
    let lately = (!data.lately.is_empty()).then(|| lately(data.lately, &frame.formats));
    let views = (!data.views.is_empty()).then(|| views(data.views, &frame.formats));
    view! {
        <Desk frame title="Overview".to_owned() tab=DeskTab::Overview>
            <header class="work-head">
                <h1>"Overview"</h1>
                <div class="acts">
                    <a class="button" href=routes::APP_CLIENTS_NEW>
                        "New client"
                    </a>
                    <a class=new_invoice href=routes::APP_INVOICES_NEW>
                        "New invoice"
                    </a>
                </div>
            </header>
            {beginning}
            {figures}
            {needs}
            <div class="split">
                {(chart.is_some() || views.is_some()).then(|| view! { <div class="pile">{chart} {views}</div> })}
                <div class="pile">{lately}</div>
            </div>
        </Desk>
    }
}

/// Three steps to the first invoice, for an org that is new.
fn steps(data: &Overview, frame: &DeskFrame) -> impl IntoView + use<> {
    let all = [
        (
            data.has_client,
            routes::APP_CLIENTS_NEW,
            "Add a client",
            "Who you bill, and the people there who get the invoices.",
        ),
        (
            data.has_invoice,
            routes::APP_INVOICES_NEW,
            "Write an invoice",
            "It stays a draft until you send it. Nobody sees it before.",
        ),
        (
            data.has_brand,
            routes::APP_SETTINGS,
            "Set your brand",
            "Your logo, your colour and how to pay you: your clients see them on every page.",
        ),
    ];
    let next = all.iter().position(|(is_done, ..)| !is_done);
    let items = all
        .into_iter()
        .enumerate()
        .filter(|(_, (_, href, ..))| frame.is_admin || *href != routes::APP_SETTINGS)
        .map(|(place, (is_done, href, title, sentence))| {
            let button = if next == Some(place) { "button primary" } else { "button" };
            let act = if is_done {
                Either::Left(view! { <span class="chip good">"Done"</span> })
            } else {
                Either::Right(view! {
                    <a class=button href=href>
                        {title}
                    </a>
                })
            };
            view! {
                <li class=is_done.then_some("done")>
                    <div>
                        <h3>{title}</h3>
                        <p class="small quiet">{sentence}</p>
                    </div>
                    {act}
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="block" aria-labelledby="begin">
            <h2 id="begin">"Three steps to your first payment"</h2>
            <ol class="steps" role="list">
                {items}
            </ol>
        </section>
    }
}

/// What is outstanding, overdue and paid; a row for each currency.
fn figures(all: &[Figures], frame: &DeskFrame) -> impl IntoView + use<> {
    let is_one = all.len() == 1;
    let class = if is_one { "desk-figures" } else { "desk-figures several" };
    let rows = all
        .iter()
        .map(|figures| {
            let currency = figures.currency;
            let money = |minor| frame.formats.money(minor, currency);
            let oldest = figures.overdue_since.map(|since| {
                let days = frame.formats.days((frame.today - since).num_days().max(1));
                format!("{}, oldest {days}", invoices(figures.overdue_count, &frame.formats))
            });
            let [last, this] = match figures.paid_months.as_slice() {
                [.., last, this] => [Some(last), Some(this)],
                [this] => [None, Some(this)],
                [] => [None, None],
            };
            let before = last
                .map(|month| format!("{} in {}", money(month.paid_minor), frame.formats.month(month.month)));
            let late = figures.overdue_minor > 0;
            view! {
                <dl class=class aria-label=(!is_one).then(|| currency.to_string())>
                    {figure("Outstanding", money(figures.outstanding_minor), Some(invoices(figures.open_count, &frame.formats)), false)}
                    {figure("Overdue", money(figures.overdue_minor), Some(oldest.unwrap_or_else(|| "Nothing is late".to_owned())), late)}
                    {figure("Paid this month", money(this.map_or(0, |month| month.paid_minor)), before, false)}
                </dl>
            }
        })
        .collect_view();
    view! { <section aria-label="Figures" class="figure-rows">{rows}</section> }
}

fn figure(term: &'static str, amount: String, words: Option<String>, is_late: bool) -> impl IntoView {
    view! {
        <div>
            <dt class="small quiet">{term}</dt>
            <dd>
                <span class="work-figure num">{amount}</span>
                <span class=if is_late { "small late-words" } else { "small quiet figure-line" }>{words}</span>
            </dd>
        </div>
    }
}

fn invoices(count: i64, formats: &Formats) -> String {
    match count {
        1 => "1 invoice".to_owned(),
        count => format!("{} invoices", formats.quantity(count.saturating_mul(1_000))),
    }
}

fn chart(all: Vec<Figures>, chosen: Option<Currency>, formats: &Formats) -> Option<impl IntoView + use<>> {
    let shown = chosen
        .and_then(|currency| all.iter().find(|figures| figures.currency == currency))
        .or(all.first())?
        .clone();
    let tabs = (all.len() > 1).then(|| {
        let links = all
            .iter()
            .map(|figures| {
                let is_shown = figures.currency == shown.currency;
                view! {
                    <li>
                        <a
                            href=routes::app_overview(figures.currency.code())
                            aria-current=is_shown.then_some("true")
                        >
                            {figures.currency.code()}
                        </a>
                    </li>
                }
            })
            .collect_view();
        view! {
            <nav class="tabs small" aria-label="Currency of the chart">
                <ul>{links}</ul>
            </nav>
        }
    });
    Some(view! {
        <section class="block" aria-labelledby="paid">
            <h2 id="paid">"Paid by month"</h2>
            {tabs}
            <MonthChart months=shown.paid_months currency=shown.currency formats=formats.clone()/>
        </section>
    })
}

/// What waits for somebody: the oldest overdue invoices, and drafts.
fn needs(
    overdue: Vec<InvoiceSummary>,
    drafts: Vec<InvoiceSummary>,
    frame: &DeskFrame,
) -> impl IntoView + use<> {
    let content = if overdue.is_empty() && drafts.is_empty() {
        Either::Left(view! {
            <Empty title="Nothing needs you" sentence="No invoice is overdue, and no draft waits to be sent."/>
        })
    } else {
        let items = overdue.into_iter().chain(drafts).map(|invoice| waiting(invoice, frame)).collect_view();
        Either::Right(view! {
            <ul class="due-list" role="list">
                {items}
            </ul>
        })
    };
    view! {
        <section class="section" aria-labelledby="needs">
            <header>
                <h2 id="needs">"Needs you"</h2>
                <a class="small" href=routes::app_invoices(Some("overdue"), "", None)>
                    "All overdue invoices"
                </a>
            </header>
            {content}
        </section>
    }
}

fn waiting(invoice: InvoiceSummary, frame: &DeskFrame) -> impl IntoView + use<> {
    let is_draft = invoice.status == InvoiceStatus::Draft;
    let (tone, text) = status_words(&invoice, frame);
    let amount = if is_draft { invoice.total_minor } else { invoice.due_minor };
    let amount = frame.formats.money(amount, invoice.currency);
    let viewed = match invoice.view_count {
        0 => "Not opened yet".to_owned(),
        1 => "Opened once".to_owned(),
        count => format!("Opened {count} times"),
    };
    let words = match (is_draft, invoice.title.is_empty()) {
        (true, true) => None,
        (true, false) => Some(invoice.title.clone()),
        (false, _) => Some(viewed),
    };
    let href = routes::app_invoice(&invoice.id);
    let name = name_of(&invoice);
    let which = format!(" {name} for {}, {amount}", invoice.client_name);
    view! {
        <li>
            <div class="what">
                <a class="number" href=href.clone()>
                    {name}
                </a>
                " "
                <bdi>{invoice.client_name}</bdi>
                {words.map(|words| view! { <p class="small quiet" dir="auto">{words}</p> })}
            </div>
            <Chip tone text/>
            <span class="amount num">{amount}</span>
            <a class="button" href=href>
                {if is_draft { "Review" } else { "Open" }}
                <span class="visually-hidden">{which}</span>
            </a>
        </li>
    }
}

fn views(rows: Vec<Activity>, formats: &Formats) -> impl IntoView + use<> {
    view! {
        <section class="block" aria-labelledby="viewed">
            <h2 id="viewed">"Viewed lately"</h2>
            <Feed rows formats=formats.clone()/>
        </section>
    }
}

fn lately(rows: Vec<Activity>, formats: &Formats) -> impl IntoView + use<> {
    view! {
        <section class="block" aria-labelledby="lately">
            <header>
                <h2 id="lately">"Lately"</h2>
                <a class="small quiet" href=routes::APP_ACTIVITY>
                    "All activity"
                </a>
            </header>
            <Feed rows formats=formats.clone()/>
        </section>
    }
}
