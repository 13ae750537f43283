//! The form for a contact, new or old.

use leptos::prelude::*;

use crate::{
    api::team::ContactForm,
    components::{Checkbox, FormProblem, TextField},
    layout::{Desk, DeskFrame, DeskTab},
    problem::Problems,
    routes,
};

/// The form for a contact.
#[component]
pub fn ContactFormPage(
    /// What every page of the team knows.
    frame: DeskFrame,
    /// The client.
    client_id: String,
    /// The client's name.
    client_name: String,
    /// Which contact; none for a new one.
    id: Option<String>,
    /// What was typed before, or what is stored.
    form: ContactForm,
    /// What was wrong with it.
    problems: Problems,
) -> impl IntoView {
    let ContactForm { name, email, portal_access, version } = form;
    let (title, action) = match &id {
        Some(id) => ("Edit the contact", routes::app_contact(&client_id, id)),
        None => ("New contact", routes::app_contact_new(&client_id)),
    };
    let back = routes::app_client(&client_id);
    let hint = if id.is_some() {
        "Links that were sent to an earlier address stop working when it changes."
    } else {
        "Invoices and sign-in links go there."
    };
    let remove = id.map(|id| {
        view! {
            <section class="block narrow quiet-block">
                <p class="small quiet">
                    "Removed, this person is signed out at once and gets no more links. What they did stays in the log."
                </p>
                <form method="post" action=routes::app_contact_act(&client_id, &id, "remove")>
                    <button class="button small">"Remove this contact"</button>
                </form>
            </section>
        }
    });
    view! {
        <Desk frame title=title.to_owned() tab=DeskTab::Clients is_tab_itself=false>
            <header class="work-head">
                <div>
                    <p class="crumb">
                        <a href=back.clone()>
                            <bdi>{client_name}</bdi>
                        </a>
                    </p>
                    <h1>{title}</h1>
                </div>
            </header>
            <form class="form block narrow" method="post" action=action>
                <FormProblem message=problems.of("version")/>
                <input type="hidden" name="version" value=version/>
                <TextField name="name" label="Name" value=name problem=problems.of("name")/>
                <TextField
                    name="email"
                    label="E-mail address"
                    kind="email"
                    value=email
                    problem=problems.of("email")
                    maxlength=254
                    hint=hint
                />
                <Checkbox
                    name="portalAccess"
                    label="Portal access"
                    checked=!portal_access.is_empty()
                    hint="Signs in by a link in a mail, and sees the invoices, balance and payments of this client, and nothing else."
                />
                <div class="acts">
                    <button class="button primary">"Save"</button>
                    <a class="button" href=back>
                        "Cancel"
                    </a>
                </div>
            </form>
            {remove}
        </Desk>
    }
}
