//! What a signed-in visitor sees while the org has no portal: its name, and no data.

use leptos::prelude::*;

use crate::{
    components::MailLink,
    layout::{Assets, Brand, Letter},
    routes,
};

/// The notice that the org's portal is off.
#[component]
pub fn PortalDisabledPage(
    /// The org.
    brand: Brand,
    /// Where the site's files are.
    assets: &'static Assets,
) -> impl IntoView {
    let org_name = brand.org_name.clone();
    let support_email = brand.support_email.clone();
    let contact = (!support_email.is_empty()).then(|| {
        view! {
            <p>
                "Questions? " <MailLink address=support_email/>
            </p>
        }
    });
    view! {
        <Letter brand=Some(brand) assets title="Portal not available".to_owned()>
            <div>
                <h1>"This portal is switched off"</h1>
                <p class="lead quiet">
                    <bdi>{org_name}</bdi>
                    " does not offer a client portal at the moment. Links to single invoices from your mail go on working."
                </p>
            </div>
            {contact}
            <form method="post" action=routes::PORTAL_SIGN_OUT>
                <button class="button">"Sign out"</button>
            </form>
        </Letter>
    }
}
