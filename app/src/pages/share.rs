//! The page behind a share link: one invoice in the org's brand, and nothing that leads to another (rule V1).

use leptos::{either::Either, prelude::*};

use super::portal::{
    invoice::{how_to_pay, is_payable, is_payable_now, pay_button, pay_request},
    invoice_sheet::InvoiceSheet,
};
use crate::{
    api::portal::{Invoice, InvoiceStatus},
    components::{
        BrandHeading, Chip, MailLink, PayNews, PayPanel, PayState, PaymentTable, credit_to_payer, is_awaited,
        status_words,
    },
    format::Formats,
    islands::{LiveState, PrintButton},
    layout::{Assets, Brand, Document, Letter, Scripts},
    routes,
};

/// What the page knows besides the invoice.
#[derive(Debug, Clone)]
pub struct ShareFrame {
    /// The org.
    pub brand: Brand,
    /// The org's calendar day.
    pub today: chrono::NaiveDate,
    /// How the client writes dates and money.
    pub formats: Formats,
    /// What the org tells those who want to pay.
    pub payment_instructions: String,
    /// Whether it can be paid online.
    pub can_pay: bool,
    /// Where this page is; the same as PDF and receipts are below it.
    pub href: String,
    /// Where the site's files are.
    pub assets: &'static Assets,
}

/// One invoice, for whoever has the link.
#[component]
pub fn SharePage(
    /// What the page knows besides.
    frame: ShareFrame,
    invoice: Invoice,
    /// What is said after somebody pressed `Pay`, or came back.
    #[prop(optional_no_strip)]
    news: Option<PayNews>,
    /// What was typed for a part, and is no amount that can be paid.
    #[prop(optional_no_strip)]
    wrong_amount: Option<String>,
) -> impl IntoView {
    let ShareFrame { brand, today, formats, payment_instructions, can_pay, href, assets } = frame;
    let mut invoice = invoice;
    let payments = std::mem::take(&mut invoice.payments);
    let (tone, state) = status_words(&invoice.row, today, &formats);
    let figure = if is_payable(&invoice.row) {
        let due = format!("due {}", formats.date(invoice.row.due_on));
        Either::Left(view! {
            <p class="figure">
                <span class="amount num">{formats.money(invoice.row.due_minor, invoice.row.currency)}</span>
                " "
                <span class="quiet">{due}</span>
            </p>
        })
    } else {
        let sentence = match invoice.row.status {
            InvoiceStatus::Void => "This invoice is void: it was cancelled, and nothing is to be paid on it.",
            _ => "This invoice is settled. Thank you.",
        };
        let credit = credit_to_payer(&invoice.row, &formats);
        Either::Right(view! {
            <p class="quiet">{sentence}</p>
            {credit}
        })
    };
    let live = routes::live(&href, &invoice.state_tag);
    let standing = view! { <PayState invoice=invoice.clone() news formats=formats.clone()/> };
    // Who has just paid is not asked to pay while it is not known yet.
    let may_pay = is_payable_now(&invoice.row) && !is_awaited(&invoice.row, news);
    let button = (can_pay && may_pay).then(|| pay_button(&invoice, href.clone(), &formats, wrong_amount));
    let pay = is_payable_now(&invoice.row).then(|| {
        view! {
            <PayPanel
                org_name=brand.org_name.clone()
                instructions=payment_instructions
                support_email=brand.support_email.clone()
                request=Some(pay_request(&invoice.row, &formats))
            />
        }
    });
    let how = is_payable_now(&invoice.row).then(|| {
        let (class, words) = how_to_pay(can_pay);
        view! { <a class=class href="#pay">{words}</a> }
    });
    let pdf = format!("{href}/pdf");
    let history = (!payments.is_empty()).then(|| {
        view! {
            <section class="section" aria-labelledby="payments">
                <header>
                    <h2 id="payments">"Payments"</h2>
                </header>
                <PaymentTable
                    caption="Payments for this invoice"
                    payments
                    formats=formats.clone()
                    with_invoice=false
                    invoice_href={move |_: &str| href.clone()}
                />
            </section>
        }
    });
    let questions = (!brand.support_email.is_empty()).then(|| {
        view! {
            <footer class="foot">
                <p>"Questions? " <MailLink address=brand.support_email.clone()/></p>
            </footer>
        }
    });
    let number = invoice.row.number.clone();
    let title = format!("Invoice {number}");
    let (accent, site) = (brand.accent, brand.org_name.clone());
    view! {
        <Document title site=Some(site) accent assets scripts=Scripts::Islands>
            <a class="skip" href="#main">"Skip to the content"</a>
            <div class="page shared">
                <header class="top">
                    <BrandHeading brand/>
                </header>
                <main id="main" class="stack" tabindex="-1" data-live=live>
                    <LiveState/>
                    <header class="invoice-head">
                        <h1>
                            "Invoice " <span class="number">{number}</span>
                        </h1>
                        <Chip tone text=state/>
                        {figure}
                        {standing}
                        {button}
                        <div class="acts">
                            {how} <a class="button" href=pdf>
                                "PDF"
                            </a> <PrintButton/>
                        </div>
                    </header>
                    <InvoiceSheet invoice formats/>
                    {pay}
                    {history}
                </main>
                {questions}
            </div>
        </Document>
    }
}

/// A link that leads nowhere (any more): the same page for one that was replaced, one that was switched off, one
/// whose invoice is void, and one that never was.
#[component]
pub fn DeadSharePage(assets: &'static Assets) -> impl IntoView {
    view! {
        <Letter brand=None assets title="No invoice here".to_owned()>
            <div>
                <h1>"This link does not lead to an invoice"</h1>
                <p class="lead quiet">"It may have been replaced by a newer one, or the invoice was cancelled. Ask whoever sent it to you for the link that holds."</p>
            </div>
        </Letter>
    }
}
