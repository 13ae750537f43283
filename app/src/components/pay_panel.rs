//! How to pay, in the org's own words, with what a payer has to copy.

use leptos::{either::Either, prelude::*};

use super::MailLink;
use crate::islands::CopyButton;

/// What is to be paid, where the panel is about one invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayRequest {
    /// The amount as people read it.
    pub amount: String,
    /// The amount as it is typed into a form.
    pub amount_to_type: String,
    /// The reference by which the org knows the payment: the invoice's number.
    pub reference: String,
}

/// The panel with the id `pay`.
#[component]
pub fn PayPanel(
    /// Who is to be paid.
    org_name: String,
    /// How, in the org's own words; may be empty.
    instructions: String,
    /// Whom to ask; may be empty.
    support_email: String,
    /// What is to be paid; without it the panel speaks of several invoices.
    request: Option<PayRequest>,
) -> impl IntoView {
    let about_several = request.is_none().then(|| {
        view! {
            <p class="quiet">
                "Name the invoice number in your payment, so that " <bdi>{org_name.clone()}</bdi>
                " can tell what it is for."
            </p>
        }
    });
    let instructions = if instructions.is_empty() {
        Either::Left(ask_the_org(org_name, support_email))
    } else {
        let copied = instructions.clone();
        Either::Right(view! {
            <div class="instructions" data-copy=copied>
                <p class="lines" dir="auto">
                    {instructions}
                </p>
                <CopyButton>"the payment details"</CopyButton>
            </div>
        })
    };
    view! {
        <section id="pay" class="panel pay-panel" aria-labelledby="pay-title">
            <h2 id="pay-title">"How to pay"</h2>
            {request.map(facts)}
            {instructions}
            {about_several}
        </section>
    }
}

fn facts(request: PayRequest) -> impl IntoView {
    let copied_reference = request.reference.clone();
    view! {
        <dl class="pay-facts">
            <div>
                <dt>"Amount due"</dt>
                <dd data-copy=request.amount_to_type>
                    <strong class="num">{request.amount}</strong>
                    <CopyButton>"the amount"</CopyButton>
                </dd>
            </div>
            <div>
                <dt>"Reference"</dt>
                <dd data-copy=copied_reference>
                    <strong>{request.reference}</strong>
                    <CopyButton>"the reference"</CopyButton>
                </dd>
            </div>
        </dl>
    }
}

fn ask_the_org(org_name: String, support_email: String) -> impl IntoView {
    let address = (!support_email.is_empty()).then(|| {
        view! {
            ": "
            <MailLink address=support_email/>
        }
    });
    view! { <p>"Ask " <bdi>{org_name}</bdi> " how to pay" {address} "."</p> }
}
