//! The org's settings: who it is, how it looks, how it writes, how it is paid.

use leptos::prelude::*;

use crate::{
    api::team::OrgForm,
    components::{FormProblem, TextArea, TextField},
    islands::AccentPreview,
    layout::{Brand, Desk, DeskFrame, DeskTab, Scripts},
    problem::Problems,
    routes,
};

/// The form for the org.
#[component]
pub fn SettingsPage(
    /// What every page of the team knows.
    frame: DeskFrame,
    /// What was typed before, or what is stored.
    form: OrgForm,
    /// What was wrong with it.
    problems: Problems,
    /// It was saved just now.
    saved: bool,
) -> impl IntoView {
    let said = saved.then(|| {
        view! {
            <p class="notice good" role="status">
                "Saved. Your clients see it from now on."
            </p>
        }
    });
    let frame_brand = frame.brand.clone();
    let is_admin = frame.is_admin;
    view! {
        <Desk frame title="Settings".to_owned() tab=DeskTab::Settings scripts=Scripts::Desk>
            <header class="work-head">
                <h1>"Settings"</h1>
                <div class="acts">
                    <a class="button" href=routes::APP_MEMBERS>
                        "Members"
                    </a>
                    <a class="button" href=routes::APP_SETTINGS_STRIPE>
                        "Online payment"
                    </a>
                    {is_admin
                        .then(|| {
                            view! {
                                <a class="button" href=routes::APP_TOKENS>
                                    "API tokens"
                                </a>
                                <a class="button" href=routes::APP_WEBHOOKS>
                                    "Webhooks"
                                </a>
                            }
                        })}
                    <a class="button" href=routes::APP_PLAN>
                        "Plan"
                    </a>
                </div>
            </header>
            {said}
            {logo(&frame_brand, problems.of("logo"))}
            <form class="form narrow" method="post" action=routes::APP_SETTINGS>
                <FormProblem message=problems.of("version")/>
                <input type="hidden" name="version" value=form.version/>
                {brand(&form, &problems)}
                {on_invoices(&form, &problems)}
                {formats(&form, &problems)}
                <div class="acts">
                    <button class="button primary">"Save"</button>
                </div>
            </form>
        </Desk>
    }
}

/// The logo that is there, and the form for another one.
fn logo(brand: &Brand, problem: Option<String>) -> impl IntoView + use<> {
    let shown = brand.logo_url.clone().map(|url| {
        view! {
            <div class="logo-now">
                <img src=url alt="Your logo"/>
                <form method="post" action=routes::APP_LOGO_REMOVE>
                    <button class="button small">"Remove the logo"</button>
                </form>
            </div>
        }
    });
    let is_wrong = problem.is_some();
    view! {
        <section class="block form narrow" aria-labelledby="logo">
            <h2 id="logo">"Your logo"</h2>
            {shown}
            <form class="form" method="post" action=routes::APP_LOGO enctype="multipart/form-data">
                <div class="field">
                    <label for="logo-file">"A picture"</label>
                    <input
                        id="logo-file"
                        type="file"
                        name="logo"
                        accept="image/png,image/jpeg,image/webp"
                        required=true
                        aria-invalid=is_wrong.then_some("true")
                        aria-describedby="logo-hint"
                    />
                    {problem.map(|problem| view! { <p class="problem">{problem}</p> })}
                    <p id="logo-hint" class="hint small quiet">
                        "PNG, JPEG or WebP, at most 1 MiB and 4096 pixels. It stands on pages, mails and invoices."
                    </p>
                </div>
                <div class="acts">
                    <button class="button">"Upload"</button>
                </div>
            </form>
        </section>
    }
}

fn brand(form: &OrgForm, problems: &Problems) -> impl IntoView + use<> {
    let (accent, no_colour) = (form.accent.clone(), problems.of("accent"));
    view! {
        <section class="block form" aria-labelledby="brand">
            <h2 id="brand">"Your brand"</h2>
            <TextField
                name="name"
                label="Name"
                value=form.name.clone()
                problem=problems.of("name")
                hint="On every page and mail that your clients see."
                autocomplete="organization"
            />
            <AccentPreview>
                <TextField
                    name="accent"
                    label="Accent colour"
                    value=accent
                    problem=no_colour
                    maxlength=7
                    hint="Six digits, such as #1f5f4a. Where text on it would be hard to read, it is moved until it is not."
                />
            </AccentPreview>
            <TextField
                name="email"
                label="Address for questions"
                kind="email"
                value=form.email.clone()
                problem=problems.of("email")
                required=false
                maxlength=254
                hint="Your clients find it in the portal, and answers to mails go there."
            />
        </section>
    }
}

fn on_invoices(form: &OrgForm, problems: &Problems) -> impl IntoView + use<> {
    view! {
        <section class="block form" aria-labelledby="invoices">
            <h2 id="invoices">"On invoices"</h2>
            <TextArea
                name="address"
                label="Address"
                value=form.address.clone()
                problem=problems.of("address")
                maxlength=600
            />
            <TextField
                name="taxId"
                label="Tax id"
                value=form.tax_id.clone()
                problem=problems.of("taxId")
                required=false
                maxlength=60
            />
            <TextField
                name="invoicePrefix"
                label="Invoice numbers begin with"
                value=form.invoice_prefix.clone()
                problem=problems.of("invoicePrefix")
                required=false
                maxlength=20
                hint="Such as JF-2026-. Numbers that were taken stay as they are."
            />
            <div class="pair">
                <TextField
                    name="taxName"
                    label="Your tax is called"
                    value=form.tax_name.clone()
                    problem=problems.of("taxName")
                    required=false
                    maxlength=30
                    hint="Such as VAT or Sales tax."
                />
                <TextField
                    name="defaultTaxRate"
                    label="New lines are taxed at, in %"
                    value=form.default_tax_rate.clone()
                    problem=problems.of("defaultTaxRate")
                    required=false
                    maxlength=10
                />
            </div>
            <TextField
                name="paymentDays"
                label="Days to pay"
                value=form.payment_days.clone()
                problem=problems.of("paymentDays")
                required=false
                maxlength=3
                hint="After so many days a new invoice is due, unless it says otherwise."
            />
            <TextArea
                name="paymentInstructions"
                label="How to pay you"
                value=form.payment_instructions.clone()
                problem=problems.of("paymentInstructions")
                rows=6
                maxlength=1000
                hint="Bank, account, reference: your clients read it beside each open invoice."
            />
        </section>
    }
}

fn formats(form: &OrgForm, problems: &Problems) -> impl IntoView + use<> {
    view! {
        <section class="block form" aria-labelledby="formats">
            <h2 id="formats">"Dates and money"</h2>
            <div class="pair">
                <TextField
                    name="locale"
                    label="Language"
                    value=form.locale.clone()
                    problem=problems.of("locale")
                    maxlength=35
                    hint="Such as en-GB or de-AT."
                />
                <TextField
                    name="timeZone"
                    label="Time zone"
                    value=form.time_zone.clone()
                    problem=problems.of("timeZone")
                    maxlength=60
                    hint="Such as Europe/Berlin. An invoice is overdue when its due day is over there."
                />
            </div>
        </section>
    }
}
