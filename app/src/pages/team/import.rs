//! Clients and contacts from a file: what it looks like, what it comes to, and the way to correct it.

use leptos::prelude::*;

use super::import_check::check_of;
use crate::{
    api::team::{Import, ImportForm},
    components::{FormProblem, TextArea, TextField},
    layout::{Desk, DeskFrame, DeskTab},
    problem::Problems,
    routes,
};

/// The most characters that a browser lets into the field. The server counts bytes, and says so.
const LONGEST_TEXT: u32 = 1024 * 1024;

/// What the columns are, and what stands in them.
const COLUMNS: [(&str, &str); 8] = [
    ("Client", "The client’s name. Needed. “Company” and “Customer” are understood as well."),
    (
        "Contact",
        "A person there. “First name” and “Last name” do, too. Without such a column, a contact goes by the client’s name.",
    ),
    ("E-mail", "The contact’s address."),
    ("Portal access", "Yes or no. Left empty: no."),
    ("Address", "As it stands on the invoice. Or in parts: “Street”, “Postcode”, “City”, “Country”."),
    ("Tax id", "Such as a VAT number."),
    ("Currency", "Three letters. Left empty: the one in the form above."),
    ("Language", "How the client reads dates and money, such as de-AT. Left empty: as your organisation."),
];

/// The form, and what the file comes to once it was checked.
#[component]
pub fn ImportPage(
    /// What every page of the team knows.
    frame: DeskFrame,
    /// What was typed or uploaded.
    form: ImportForm,
    /// What it comes to; nothing before it was checked.
    check: Import,
    /// What is wrong with it as a whole.
    problems: Problems,
) -> impl IntoView {
    let is_checked = !check.rows.is_empty();
    let fingerprint = check.fingerprint.clone();
    let result = is_checked.then(|| check_of(check));
    view! {
        <Desk frame title="Import clients".to_owned() tab=DeskTab::Clients is_tab_itself=false>
            <header class="work-head">
                <div>
                    <p class="small">
                        <a class="quiet" href=routes::APP_CLIENTS>
                            "Clients"
                        </a>
                    </p>
                    <h1>"Import clients"</h1>
                </div>
                <a class="button" href=routes::APP_CLIENTS_TEMPLATE download="">
                    "Download a template"
                </a>
            </header>
            <FormProblem message=problems.of("fingerprint")/>
            {result}
            {file_form(form, is_checked, fingerprint, &problems)}
            {explained(!is_checked)}
        </Desk>
    }
}

fn file_form(
    form: ImportForm,
    is_checked: bool,
    fingerprint: Option<String>,
    problems: &Problems,
) -> impl IntoView + use<> {
    let ImportForm { text, currency } = form;
    let is_sound = fingerprint.is_some();
    let heading = if is_checked && !is_sound { "Correct it" } else { "Your list" };
    let button = if is_checked { "Check again" } else { "Check" };
    let no_file = problems.of("file");
    view! {
        <section class="block" aria-labelledby="list">
            <h2 id="list">{heading}</h2>
            <form
                id="import"
                class="form"
                method="post"
                action=routes::APP_CLIENTS_IMPORT
                enctype="multipart/form-data"
            >
                {fingerprint.map(|fingerprint| view! { <input type="hidden" name="fingerprint" value=fingerprint/> })}
                <div class="field">
                    <label for="file">"A CSV file"</label>
                    <input
                        id="file"
                        type="file"
                        name="file"
                        accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"
                        aria-invalid=no_file.is_some().then_some("true")
                        aria-describedby=if no_file.is_some() { "file-problem file-hint" } else { "file-hint" }
                    />
                    {no_file.map(|problem| view! { <p class="problem" id="file-problem">{problem}</p> })}
                    <p id="file-hint" class="hint small quiet">
                        "Commas, semicolons or tabs between its cells; Unicode (UTF-8 or UTF-16); at most 2,000 rows and 1 MiB. A file that you choose replaces what stands below."
                    </p>
                </div>
                <TextArea
                    name="text"
                    label="Or the rows themselves"
                    value=text
                    problem=problems.of("text")
                    maxlength=LONGEST_TEXT
                    rows=10
                    hint="Pasted from a spreadsheet, or typed. The first row says what each column is."
                />
                <TextField
                    name="currency"
                    label="Currency"
                    value=currency
                    problem=problems.of("currency")
                    maxlength=3
                    hint="Of new clients for which the list names none."
                />
                <div class="acts">
                    <button class=if is_sound { "button" } else { "button primary" } name="act" value="check">
                        {button}
                    </button>
                    <a class="button" href=routes::APP_CLIENTS>
                        "Cancel"
                    </a>
                </div>
                <p class="small quiet">"Checking writes nothing. You see first what would be made."</p>
            </form>
        </section>
    }
}

fn explained(is_open: bool) -> impl IntoView {
    let columns = COLUMNS
        .map(|(name, meaning)| {
            view! {
                <div>
                    <dt>{name}</dt>
                    <dd class="quiet">{meaning}</dd>
                </div>
            }
        })
        .collect_view();
    view! {
        <details class="block import-help" open=is_open>
            <summary>"What the list looks like"</summary>
            <p>
                "The first row says what each column is, in any order. Each row below it is a client, a contact, or both: several rows of one client are its contacts."
            </p>
            <dl>{columns}</dl>
            <ul>
                <li>
                    "A client that you have already, by its name, gets the contacts that it lacks, and stays as it is otherwise."
                </li>
                <li>
                    "Nobody is mailed. Contacts with portal access can sign in from then on, if your plan has the portal."
                </li>
                <li>"It is all or nothing: as long as one row is wrong, none is imported."</li>
                <li>"What begins with = + - or @ is text like any other. Nothing is computed."</li>
            </ul>
        </details>
    }
}
