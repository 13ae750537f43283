//! Where a magic link leads. Opening it does nothing: mail scanners open links too.

use leptos::prelude::*;

use crate::layout::{Assets, Brand, Letter, Scripts};

/// Says whose portal it is, and has one button. Pressing it signs in.
#[component]
pub fn LinkPage(
    /// The org whose portal the link opens.
    brand: Brand,
    /// Where the site's files are.
    assets: &'static Assets,
    /// The client whose invoices are shown.
    client_name: String,
    /// Where the button leads.
    action: String,
    /// This is the browser that asked for the link: a script presses the button.
    at_once: bool,
) -> impl IntoView {
    let org_name = brand.org_name.clone();
    view! {
        <Letter brand=Some(brand) assets title="Sign in".to_owned() scripts=Scripts::Continue>
            <div>
                <h1>"Open your portal"</h1>
                <p class="lead quiet">
                    "Invoices and payments of " <bdi>{client_name}</bdi> " at " <bdi>{org_name}</bdi> "."
                </p>
            </div>
            <form id="continue" class="form" method="post" action=action data-at-once=at_once.then_some("")>
                <button class="button primary">"Sign in"</button>
            </form>
            <p class="small quiet">"The link works once. If you did not ask for it, close this page."</p>
        </Letter>
    }
}
