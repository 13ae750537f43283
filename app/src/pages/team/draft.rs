//! The editor of a draft. It is a plain form, of which each button saves; in the browser it also saves by itself,
//! and sums while one types.

use leptos::prelude::*;

use super::draft_lines::{lines, totals};
use crate::{
    api::team::{DraftForm, InvoiceSummary},
    components::{FormProblem, TextArea, TextField},
    islands::InvoiceEditor,
    layout::{Desk, DeskFrame, DeskTab, Scripts},
    money::{MoneyPattern, Reckoning},
    problem::Problems,
    routes,
};

/// What the editor shows besides what is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftView {
    /// Whose invoice it is, and in which currency.
    pub summary: InvoiceSummary,
    /// Made with the page, so that a copy that is asked for twice is one copy.
    pub copy_id: String,
    /// It was saved just now.
    pub saved: bool,
}

/// The editor.
#[component]
pub fn DraftPage(
    /// What every page of the team knows.
    frame: DeskFrame,
    /// What it shows besides.
    view: DraftView,
    /// What is typed.
    form: DraftForm,
    /// What is wrong with it, or hinders sending it.
    problems: Problems,
) -> impl IntoView {
    let DraftView { summary, copy_id, saved } = view;
    let currency = summary.currency;
    let decimal_sign = frame.formats.decimal_sign();
    let [large, small] = MoneyPattern::samples(currency).map(|minor| frame.formats.money(minor, currency));
    let reckoning = Reckoning::of(&form.lines, &form.discount, currency, decimal_sign);
    let state = if saved { "Saved." } else { "" };
    let head = head(&summary);
    let rows = lines(&form.lines, currency, &frame.formats, &problems);
    let sums = totals(&reckoning, &form.discount, currency, &frame.formats, &problems);
    let others = others(&summary.id, copy_id);
    let about = about(&form, &problems);
    view! {
        <Desk frame title="Draft".to_owned() tab=DeskTab::Invoices is_tab_itself=false scripts=Scripts::Desk>
            {head}
            <InvoiceEditor>
                <form
                    id="draft"
                    class="form"
                    method="post"
                    action=routes::app_invoice_act(&summary.id, "edit")
                    autocomplete="off"
                    data-save=routes::app_invoice_act(&summary.id, "autosave")
                    data-currency=currency.code()
                    data-decimal=decimal_sign.to_string()
                    data-large=large
                    data-small=small
                >
                    <button class="visually-hidden" name="act" value="save" tabindex="-1" aria-hidden="true">
                        "Save"
                    </button>
                    <FormProblem message=problems.of("version")/>
                    <input type="hidden" name="version" value=form.version/>
                    {about}
                    <section class="block form" aria-labelledby="lines">
                        <h2 id="lines">"Lines"</h2>
                        <FormProblem message=problems.of("lines")/>
                        {rows}
                        <div class="acts">
                            <button class="button small" name="act" value="add">
                                "Add a line"
                            </button>
                        </div>
                        {sums}
                    </section>
                    <section class="block form" aria-labelledby="word">
                        <h2 id="word">"A word to the client"</h2>
                        <TextArea
                            name="notes"
                            label="Notes"
                            value=form.notes
                            problem=problems.of("notes")
                            maxlength=4000
                            rows=3
                            hint="Below the totals, on the page and on paper."
                        />
                    </section>
                    <div class="acts editor-acts">
                        <button class="button primary" name="act" value="review">
                            "Review and send"
                        </button>
                        <button class="button" name="act" value="save">
                            "Save draft"
                        </button>
                        <p id="save-state" class="small quiet" role="status">
                            {state}
                        </p>
                    </div>
                </form>
            </InvoiceEditor>
            {others}
        </Desk>
    }
}

fn head(summary: &InvoiceSummary) -> impl IntoView + use<> {
    view! {
        <header class="work-head">
            <div>
                <p class="crumb">
                    <a href=routes::APP_INVOICES>
                        "Invoices"
                    </a>
                </p>
                <h1>"Draft"</h1>
                <p>
                    "For "
                    <a href=routes::app_client(&summary.client_id)>
                        <bdi>{summary.client_name.clone()}</bdi>
                    </a>
                    <span class="quiet">", in " {summary.currency.code()}</span>
                </p>
            </div>
        </header>
    }
}

/// Title, reference and the two days.
fn about(form: &DraftForm, problems: &Problems) -> impl IntoView + use<> {
    view! {
        <section class="block form" aria-labelledby="about">
            <h2 id="about">"What it is about"</h2>
            <div class="pair">
                <TextField
                    name="title"
                    label="Title"
                    value=form.title.clone()
                    problem=problems.of("title")
                    required=false
                    maxlength=200
                />
                <TextField
                    name="reference"
                    label="Client’s reference"
                    value=form.reference.clone()
                    problem=problems.of("reference")
                    required=false
                    maxlength=200
                    hint="Such as their order number."
                />
            </div>
            <div class="pair">
                <TextField
                    name="issuedOn"
                    label="Date"
                    kind="date"
                    value=form.issued_on.clone()
                    problem=problems.of("issuedOn")
                    required=false
                    maxlength=10
                    hint="Left empty: the day you send it."
                />
                <TextField
                    name="dueOn"
                    label="Due"
                    kind="date"
                    value=form.due_on.clone()
                    problem=problems.of("dueOn")
                    required=false
                    maxlength=10
                    hint="Left empty: after the days that your settings give."
                />
            </div>
        </section>
    }
}

/// What else can be done with a draft. Deleting cannot be taken back, so it is asked for by opening it first.
fn others(id: &str, copy_id: String) -> impl IntoView + use<> {
    view! {
        <section class="block quiet-block">
            <p class="small quiet">"A copy begins as a draft of its own, for the same client."</p>
            <form method="post" action=routes::app_invoice_act(id, "duplicate")>
                <input type="hidden" name="id" value=copy_id/>
                <button class="button small">"Duplicate"</button>
            </form>
        </section>
        <details class="block quiet-block">
            <summary>"Delete this draft"</summary>
            <p class="small quiet">"It is gone for good. The client has never seen it."</p>
            <form method="post" action=routes::app_invoice_act(id, "delete")>
                <button class="button small">"Delete it for good"</button>
            </form>
        </details>
    }
}
