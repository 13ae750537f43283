//! One invoice: how it stands, the sheet itself, how to pay it, what was paid.

use leptos::{either::Either, prelude::*};

use super::invoice_sheet::InvoiceSheet;
use crate::{
    api::portal::{Invoice, InvoiceRow, InvoiceStatus},
    components::{Chip, PayPanel, PayRequest, PaymentTable, status_words},
    format::Formats,
    islands::PrintButton,
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
) -> impl IntoView {
    let mut invoice = invoice;
    let payments = std::mem::take(&mut invoice.payments);
    let title = format!("Invoice {}", invoice.row.number);
    let head = head(&invoice.row, &frame);
    let pay_panel = is_payable(&invoice.row).then(|| {
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

/// Number, state, and the figure that matters now.
fn head(row: &InvoiceRow, frame: &Frame) -> impl IntoView + use<> {
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
        Either::Right(view! { <p class="quiet">{sentence}</p> })
    };
    let pay = is_payable(row).then(|| {
        view! {
            <a class="button primary" href="#pay">
                "How to pay"
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
            <div class="acts">
                {pay} <a class="button" href=routes::portal_invoice_pdf(&row.id)>
                    "PDF"
                </a> <PrintButton/>
            </div>
        </header>
    }
}
