//! Portal home: what is owed, what to do about it, and what has been.

use chrono::NaiveDate;
use leptos::{
    either::{Either, EitherOf3},
    prelude::*,
};

use crate::{
    api::portal::{Balance, Home, InvoiceFilter, InvoiceRow},
    components::{self, Chip, DueList, Empty, Ledger, MOST_PAID_AT_ONCE, PayNews, PayPanel, Tone, waiting},
    format::Formats,
    islands::LiveState,
    layout::{Frame, Portal, Scripts, Tab},
    pages::portal::invoice::{how_to_pay, pay_request},
    routes,
};

/// Portal home.
#[component]
pub fn HomePage(
    /// What every signed-in page knows.
    frame: Frame,
    /// Balances, open invoices, history.
    data: Home,
    /// What is said after somebody pressed `Pay`, or came back.
    #[prop(optional_no_strip)]
    news: Option<PayNews>,
) -> impl IntoView {
    let is_awaited = is_awaited(&data, news, frame.today);
    let Home { balances, open, has_more_open, settled, state_tag } = data;
    let is_new = open.is_empty() && settled.is_empty();
    // Nothing else changes while one looks on.
    let live = (is_awaited || open.iter().any(is_under_way)).then(|| {
        let live = routes::live(routes::PORTAL, &state_tag);
        view! {
            <div data-live=live hidden></div>
            <LiveState/>
        }
    });
    let pay_panel = (!open.is_empty()).then(|| {
        let request = single(&open).map(|row| pay_request(row, &frame.formats));
        view! {
            <PayPanel
                org_name=frame.brand.org_name.clone()
                instructions=frame.payment_instructions.clone()
                support_email=frame.brand.support_email.clone()
                request
            />
        }
    });
    let has_details = pay_panel.is_some() && !frame.payment_instructions.is_empty();
    let scripts = if live.is_some() || has_details { Scripts::Islands } else { Scripts::None };
    let opening = opening(&frame, balances, &open, is_new, is_awaited);
    let said = said(news, &open, is_awaited);
    let to_pay = to_pay(open, has_more_open, &frame, is_awaited);
    let history = (!is_new).then(|| history(settled, &frame));
    view! {
        <Portal frame title="Overview".to_owned() tab=Tab::Overview scripts>
            {said}
            {live}
            {opening}
            {to_pay}
            {pay_panel}
            {history}
        </Portal>
    }
}

/// A payment of it is under way, which takes days.
const fn is_under_way(row: &InvoiceRow) -> bool {
    row.processing_since.is_some()
}

/// Somebody came back from paying, and nothing that is shown tells of a payment since.
fn is_awaited(data: &Home, news: Option<PayNews>, today: NaiveDate) -> bool {
    !data.open.is_empty()
        && data.open.iter().all(|row| components::is_awaited(row, news))
        && data.settled.iter().all(|row| row.last_paid_on != Some(today))
}

/// What came of pressing a button.
fn said(news: Option<PayNews>, open: &[InvoiceRow], is_awaited: bool) -> Option<impl IntoView + use<>> {
    let text = match news? {
        PayNews::Back if is_awaited => return Some(Either::Left(waiting())),
        // Which invoices it was about is not known here: what is said is true of whatever is shown.
        PayNews::Paid | PayNews::Back => "Welcome back. Every payment that has arrived is counted here.",
        // Nothing was left to pay besides what is under way.
        PayNews::NothingDue if open.iter().any(is_under_way) => PayNews::InProgress.text()?,
        news => news.text()?,
    };
    Some(Either::Right(view! { <p class="notice" role="status">{text}</p> }))
}

/// The one open invoice, where there is just one.
fn single(open: &[InvoiceRow]) -> Option<&InvoiceRow> {
    match open {
        [only] => Some(only),
        _ => None,
    }
}

/// The one thing the page says first.
fn opening(
    frame: &Frame,
    balances: Vec<Balance>,
    open: &[InvoiceRow],
    is_new: bool,
    is_awaited: bool,
) -> impl IntoView + use<> {
    let client = frame.client_name.clone();
    if is_new {
        let org = frame.brand.org_name.clone();
        return EitherOf3::A(view! {
            <section class="balance">
                <h1 class="statement">"No invoices yet"</h1>
                <p class="quiet measure">
                    "When " <bdi>{org}</bdi> " sends " <bdi>{client}</bdi>
                    " an invoice, it is here, and we tell you by e-mail."
                </p>
            </section>
        });
    }
    if open.is_empty() {
        return EitherOf3::B(view! {
            <section class="balance">
                <h1 class="statement">"Nothing to pay"</h1>
                <p class="quiet measure">"Every invoice for " <bdi>{client}</bdi> " is settled. Thank you."</p>
            </section>
        });
    }
    let pay_href = match single(open) {
        Some(row) => format!("{}#pay", routes::portal_invoice(&row.id)),
        None => "#pay".to_owned(),
    };
    let (how_class, how_words) = how_to_pay(frame.can_pay);
    let has_several = balances.len() > 1;
    let figures_class = if has_several { "figures several" } else { "figures" };
    let may_pay = frame.can_pay && !is_awaited;
    let mut buttons: Vec<_> = vec![];
    for balance in &balances {
        // One act stands out, whatever else can be done.
        let is_first = buttons.iter().all(Option::is_none);
        let class = if is_first { "button primary" } else { "button" };
        buttons.push(may_pay.then(|| pay_all(balance, open, class, &frame.formats)).flatten());
    }
    // Of several currencies, each has its button at its figure.
    let pay_all = if has_several { None } else { buttons.pop().flatten() };
    let mut buttons = buttons.into_iter();
    let figures = balances
        .into_iter()
        .map(|balance| figure(&balance, buttons.next().flatten(), &frame.formats))
        .collect_view();
    EitherOf3::C(view! {
        <section class="balance" aria-labelledby="balance-title">
            <h1 id="balance-title" class="overline">
                "Open balance for " <bdi>{client}</bdi>
            </h1>
            <ul class=figures_class role="list">
                {figures}
            </ul>
            <div class="acts">
                {pay_all}
                <a class=how_class href=pay_href>
                    {how_words}
                </a>
            </div>
        </section>
    })
}

/// One button for all that is open in a currency; where a payment of some of it is under way, that part is left out,
/// so the sum is not said.
fn pay_all(
    balance: &Balance,
    open: &[InvoiceRow],
    class: &'static str,
    formats: &Formats,
) -> Option<AnyView> {
    // The list may show not all of them; of those that it does not show nothing is known.
    let under_way = open.iter().filter(|row| row.currency == balance.currency && is_under_way(row)).count();
    let all_are_under_way = i64::try_from(under_way).is_ok_and(|count| count >= balance.open_count);
    if all_are_under_way {
        return None;
    }
    let amount = formats.money(balance.outstanding_minor, balance.currency);
    let words = match (balance.open_count, under_way > 0) {
        (1, _) => format!("Pay {amount}"),
        (count, _) if count > MOST_PAID_AT_ONCE => format!("Pay the {MOST_PAID_AT_ONCE} that are due first"),
        (_, true) => "Pay all others".to_owned(),
        (_, false) => format!("Pay all open, {amount}"),
    };
    let form = view! {
        <form class="pay-all" method="post" action=routes::PORTAL_PAY_ALL>
            <input type="hidden" name="currency" value=balance.currency.code()/>
            <button class=class>{words}</button>
        </form>
    };
    Some(form.into_any())
}

/// What is owed in one currency.
fn figure(balance: &Balance, button: Option<AnyView>, formats: &Formats) -> impl IntoView + use<> {
    let amount = formats.money(balance.outstanding_minor, balance.currency);
    let overdue = balance.overdue_since.filter(|_| balance.overdue_minor > 0).map(|since| {
        let overdue = formats.money(balance.overdue_minor, balance.currency);
        let text = format!("{overdue} overdue since {}", formats.date(since));
        view! {
            <p>
                <Chip tone=Tone::Late text/>
            </p>
        }
    });
    let count = match balance.open_count {
        1 => "1 open invoice".to_owned(),
        count => format!("{} open invoices", formats.quantity(count.saturating_mul(1_000))),
    };
    view! {
        <li>
            <p class="amount num">{amount}</p>
            {overdue}
            <p class="small quiet">{count}</p>
            {button}
        </li>
    }
}

fn to_pay(
    open: Vec<InvoiceRow>,
    has_more: bool,
    frame: &Frame,
    is_awaited: bool,
) -> Option<impl IntoView + use<>> {
    (!open.is_empty()).then(|| {
        let more = has_more.then(|| {
            view! { <a href=routes::portal_invoices(InvoiceFilter::Open.as_query(), "", None)>"All open invoices"</a> }
        });
        view! {
            <section class="section" aria-labelledby="to-pay">
                <header>
                    <h2 id="to-pay">"To pay"</h2>
                    {more}
                </header>
                <DueList
                    rows=open
                    today=frame.today
                    formats=frame.formats.clone()
                    can_pay=frame.can_pay
                    is_awaited
                />
            </section>
        }
    })
}

fn history(settled: Vec<InvoiceRow>, frame: &Frame) -> impl IntoView + use<> {
    let content = if settled.is_empty() {
        Either::Left(view! {
            <Empty title="No history yet" sentence="Invoices that are paid move here."/>
        })
    } else {
        Either::Right(view! {
            <Ledger caption="Settled invoices" rows=settled today=frame.today formats=frame.formats.clone()/>
        })
    };
    view! {
        <section class="section" aria-labelledby="history">
            <header>
                <h2 id="history">"History"</h2>
                <a href=routes::PORTAL_INVOICES>"All invoices"</a>
            </header>
            {content}
        </section>
    }
}
