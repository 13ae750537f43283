//! To whom a mail about an invoice goes: the last look before one is sent, and a reminder.

use leptos::{either::Either, prelude::*};

use super::invoices::name_of;
use crate::{
    api::team::{Contact, Invoice, MailForm},
    components::{FormProblem, TextArea},
    format::Formats,
    layout::{Desk, DeskFrame, DeskTab},
    problem::Problems,
    routes,
};

/// What the mail is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailPurpose {
    /// A draft is to be sent.
    Send,
    /// Somebody is to be reminded.
    Remind,
}

/// The form.
#[component]
pub fn MailFormPage(
    /// What every page of the team knows.
    frame: DeskFrame,
    /// What it is for.
    purpose: MailPurpose,
    invoice: Invoice,
    /// The client's contacts.
    contacts: Vec<Contact>,
    /// What was typed and ticked before.
    form: MailForm,
    /// What was wrong with it, or with the invoice.
    problems: Problems,
) -> impl IntoView {
    let Invoice { summary, .. } = invoice;
    let (title, act, button, sentence) = match purpose {
        MailPurpose::Send => (
            "Send the invoice",
            "send",
            "Send it now",
            "It takes your next number, and does not change any more: what is wrong later is cancelled and sent anew.",
        ),
        MailPurpose::Remind => (
            "Send a reminder",
            "remind",
            "Send the reminder",
            "They get the amount, the day it was due, and the link to the invoice.",
        ),
    };
    let back = match purpose {
        MailPurpose::Send => routes::app_invoice_act(&summary.id, "edit"),
        MailPurpose::Remind => routes::app_invoice(&summary.id),
    };
    let formats = frame.formats.clone();
    let about = [problems.of("version"), problems.of("invoice"), problems.of("lines")];
    let about = about.into_iter().flatten().next();
    let figures = figures(&summary, purpose, &formats);
    let recipients =
        recipients(&summary.client_id, contacts, &form.contacts, problems.of("contacts"), purpose);
    view! {
        <Desk frame title=title.to_owned() tab=DeskTab::Invoices is_tab_itself=false>
            <header class="work-head">
                <div>
                    <p class="crumb">
                        <a href=back.clone()>
                            {name_of(&summary)}
                        </a>
                    </p>
                    <h1>{title}</h1>
                    <p>
                        "For " <bdi>{summary.client_name.clone()}</bdi> " "
                        <bdi class="quiet">{summary.title.clone()}</bdi>
                    </p>
                </div>
            </header>
            <form class="form block narrow" method="post" action=routes::app_invoice_act(&summary.id, act)>
                <FormProblem message=about/>
                <input type="hidden" name="version" value=form.version/>
                <input type="hidden" name="key" value=form.key/>
                {figures}
                {recipients}
                <TextArea
                    name="message"
                    label="A word of yours in the mail"
                    value=form.message
                    problem=problems.of("message")
                    maxlength=4000
                    rows=3
                />
                <p class="small quiet">{sentence}</p>
                <div class="acts">
                    <button class="button primary">{button}</button>
                    <a class="button" href=back>
                        "Back"
                    </a>
                </div>
            </form>
        </Desk>
    }
}

fn figures(
    summary: &crate::api::team::InvoiceSummary,
    purpose: MailPurpose,
    formats: &Formats,
) -> impl IntoView + use<> {
    let minor = match purpose {
        MailPurpose::Send => summary.total_minor,
        MailPurpose::Remind => summary.due_minor,
    };
    view! {
        <dl class="facts">
            <div>
                <dt class="quiet">"Amount"</dt>
                <dd class="num">{formats.money(minor, summary.currency)}</dd>
            </div>
            <div>
                <dt class="quiet">"Date"</dt>
                <dd>{formats.date(summary.issued_on)}</dd>
            </div>
            <div>
                <dt class="quiet">"Due"</dt>
                <dd>{formats.date(summary.due_on)}</dd>
            </div>
        </dl>
    }
}

fn recipients(
    client: &str,
    contacts: Vec<Contact>,
    ticked: &[String],
    problem: Option<String>,
    purpose: MailPurpose,
) -> impl IntoView + use<> {
    if contacts.is_empty() {
        let words = match purpose {
            MailPurpose::Send => {
                "Nobody at this client is known yet. You can send it without a mail and pass its link on yourself, or "
            }
            MailPurpose::Remind => "Nobody at this client is known yet: ",
        };
        let href = routes::app_contact_new(client);
        return Either::Left(view! {
            <p class="notice small">
                {words} <a href=href>"add a contact"</a> "."
            </p>
        });
    }
    let rows = contacts
        .into_iter()
        .map(|contact| {
            let id = format!("contact-{}", contact.id);
            let is_ticked = ticked.contains(&contact.id);
            view! {
                <div class="tick">
                    <input id=id.clone() type="checkbox" name="contact" value=contact.id checked=is_ticked/>
                    <label for=id>
                        <bdi>{contact.name}</bdi>
                        " "
                        <bdi class="quiet small">{contact.email}</bdi>
                    </label>
                </div>
            }
        })
        .collect_view();
    let hint = (purpose == MailPurpose::Send)
        .then(|| view! { <p class="hint small quiet">"With nobody ticked it is sent without a mail."</p> });
    Either::Right(view! {
        <fieldset class="field recipients">
            <legend>"By mail to"</legend>
            {rows}
            {problem.map(|problem| view! { <p class="problem">{problem}</p> })}
            {hint}
        </fieldset>
    })
}
