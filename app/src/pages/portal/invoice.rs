//! One invoice: how it stands, the sheet itself, how to pay it, what was paid.

use leptos::{either::Either, prelude::*};

use super::invoice_sheet::InvoiceSheet;
use crate::{
    api::portal::{Invoice, InvoiceRow, InvoiceStatus},
    components::{
        Chip, PayButton, PayNews, PayPanel, PayRequest, PayState, PaymentTable, credit_to_payer, is_awaited,
        status_words,
    },
    format::Formats,
    islands::{LiveState, PrintButton},
    layout::{Frame, Portal, Scripts, Tab},
    routes,
};

/// One invoice with all that is on it.
#[component]
pub fn InvoicePage(
    /// What every signed-in page knows.
    frame: Frame,
    /// The invoice.
    invoice: Invoice,
    /// What is said after somebody pressed `Pay`, or came back.
    #[prop(optional_no_strip)]
    news: Option<PayNews>,
    /// What was typed for a part, and is no amount that can be paid.
    #[prop(optional_no_strip)]
    wrong_amount: Option<String>,
) -> impl IntoView {
    let mut invoice = invoice;
    let payments = std::mem::take(&mut invoice.payments);
    let title = format!("Invoice {}", invoice.row.number);
    let head = head(&invoice, &frame, news, wrong_amount);
    let live = routes::live(&routes::portal_invoice(&invoice.row.id), &invoice.state_tag);
    let pay_panel = is_payable_now(&invoice.row).then(|| {
        view! {
            <PayPanel
                org_name=frame.brand.org_name.clone()
                instructions=frame.payment_instructions.clone()
                support_email=frame.brand.support_email.clone()
                request=Some(pay_request(&invoice.row, &frame.formats))
            />
        }
    });
    let payments = (!payments.is_empty()).then(|| {
        view! {
            <section class="section" aria-labelledby="payments">
                <header>
                    <h2 id="payments">"Payments"</h2>
                </header>
                <PaymentTable
                    caption="Payments for this invoice"
                    payments
                    formats=frame.formats.clone()
                    with_invoice=false
                    invoice_href=routes::portal_invoice
                />
            </section>
        }
    });
    let formats = frame.formats.clone();
    view! {
        <Portal frame title tab=Tab::Invoices is_tab_itself=false scripts=Scripts::Islands>
            {head}
            <div data-live=live hidden></div>
            <LiveState/>
            <InvoiceSheet invoice formats/>
            {pay_panel}
            {payments}
        </Portal>
    }
}

/// What a payer has to know of one invoice.
pub(in crate::pages) fn pay_request(row: &InvoiceRow, formats: &Formats) -> PayRequest {
    PayRequest {
        amount: formats.money(row.due_minor, row.currency),
        amount_to_type: formats.amount_to_type(row.due_minor, row.currency),
        reference: row.number.clone(),
    }
}

pub(in crate::pages) fn is_payable(row: &InvoiceRow) -> bool {
    row.due_minor > 0 && row.status != InvoiceStatus::Void
}

/// Something is due, and nobody is paying it already.
pub(in crate::pages) fn is_payable_now(row: &InvoiceRow) -> bool {
    is_payable(row) && row.processing_since.is_none()
}

/// The button that leads to where it is paid.
pub(in crate::pages) fn pay_button(
    invoice: &Invoice,
    href: String,
    formats: &Formats,
    wrong_amount: Option<String>,
) -> impl IntoView + use<> {
    let row = &invoice.row;
    let amount = formats.money(row.due_minor, row.currency);
    let amount_to_type = formats.amount_to_type(row.due_minor, row.currency);
    view! { <PayButton href amount amount_to_type allows_part=invoice.allows_part wrong_amount/> }
}

/// The link to the org's own payment details: the first way to pay where it is the only one.
pub(in crate::pages) const fn how_to_pay(can_pay: bool) -> (&'static str, &'static str) {
    if can_pay { ("button", "Other ways to pay") } else { ("button primary", "How to pay") }
}

/// Number, state, and the figure that matters now.
fn head(
    invoice: &Invoice,
    frame: &Frame,
    news: Option<PayNews>,
    wrong_amount: Option<String>,
) -> impl IntoView + use<> {
    let row = &invoice.row;
    let (tone, text) = status_words(row, frame.today, &frame.formats);
    let figure = if is_payable(row) {
        let due = format!("due {}", frame.formats.date(row.due_on));
        Either::Left(view! {
            <p class="figure">
                <span class="amount num">{frame.formats.money(row.due_minor, row.currency)}</span>
                " "
                <span class="quiet">{due}</span>
            </p>
        })
    } else {
        let sentence = match row.status {
            InvoiceStatus::Void => "This invoice is void: it was cancelled, and nothing is to be paid on it.",
            _ => "This invoice is settled. Thank you.",
        };
        let credit = credit_to_payer(row, &frame.formats);
        Either::Right(view! {
            <p class="quiet">{sentence}</p>
            {credit}
        })
    };
    let state = view! { <PayState invoice=invoice.clone() news formats=frame.formats.clone()/> };
    let may_pay = is_payable_now(row) && !is_awaited(row, news);
    let button = (frame.can_pay && may_pay)
        .then(|| pay_button(invoice, routes::portal_invoice(&row.id), &frame.formats, wrong_amount));
    let pay = is_payable_now(row).then(|| {
        let (class, words) = how_to_pay(frame.can_pay);
        view! {
            <a class=class href="#pay">
                {words}
            </a>
        }
    });
    view! {
        <header class="invoice-head">
            <p class="back small">
                <a href=routes::PORTAL_INVOICES>"All invoices"</a>
            </p>
            <h1>
                "Invoice " <span class="number">{row.number.clone()}</span>
            </h1>
            <Chip tone text/>
            {figure}
            {state}
            {button}
            <div class="acts">
                {pay} <a class="button" href=routes::portal_invoice_pdf(&row.id)>
                    "PDF"
                </a> <PrintButton/>
            </div>
        </header>
    }
}
