//! The form for a client, new or old.

use leptos::prelude::*;

use crate::{
    api::team::ClientForm,
    components::{FormProblem, TextArea, TextField},
    layout::{Desk, DeskFrame, DeskTab},
    problem::Problems,
    routes,
};

/// The form for a client.
#[component]
pub fn ClientFormPage(
    /// What every page of the team knows.
    frame: DeskFrame,
    /// Which client; none for a new one.
    id: Option<String>,
    /// What was typed before, or what is stored.
    form: ClientForm,
    /// What was wrong with it.
    problems: Problems,
) -> impl IntoView {
    let ClientForm { name, currency, locale, address, tax_id, version } = form;
    let (title, action, back) = match &id {
        Some(id) => ("Edit the client", routes::app_client_act(id, "edit"), routes::app_client(id)),
        None => ("New client", routes::APP_CLIENTS_NEW.to_owned(), routes::APP_CLIENTS.to_owned()),
    };
    let came_from = if id.is_some() { "The client" } else { "Clients" };
    view! {
        <Desk frame title=title.to_owned() tab=DeskTab::Clients is_tab_itself=false>
            <header class="work-head">
                <div>
                    <p class="crumb">
                        <a href=back.clone()>{came_from}</a>
                    </p>
                    <h1>{title}</h1>
                </div>
            </header>
            <form class="form block narrow" method="post" action=action>
                <FormProblem message=problems.of("version")/>
                <input type="hidden" name="version" value=version/>
                <TextField name="name" label="Name" value=name problem=problems.of("name") autocomplete="organization"/>
                <TextArea
                    name="address"
                    label="Billing address"
                    value=address
                    problem=problems.of("address")
                    maxlength=600
                    hint="As it stands on the invoice."
                />
                <TextField
                    name="taxId"
                    label="Tax id"
                    value=tax_id
                    problem=problems.of("taxId")
                    required=false
                    maxlength=60
                    hint="Such as a VAT number."
                />
                <div class="pair">
                    <TextField
                        name="currency"
                        label="Currency"
                        value=currency
                        problem=problems.of("currency")
                        maxlength=3
                        hint="Three letters, such as EUR."
                    />
                    <TextField
                        name="locale"
                        label="Language"
                        value=locale
                        problem=problems.of("locale")
                        required=false
                        maxlength=35
                        hint="How it reads dates and money, such as de-AT. Left empty: as your organisation."
                    />
                </div>
                <div class="acts">
                    <button class="button primary">"Save"</button>
                    <a class="button" href=back>
                        "Cancel"
                    </a>
                </div>
            </form>
        </Desk>
    }
}
