//! A link that does not work: used, expired, unknown or mistyped. Which of them is nobody's business.

use leptos::prelude::*;

use crate::{
    components::EmailForm,
    layout::{Assets, Brand, Letter},
    text,
};

/// One friendly page for every dead link, with the form for a new one.
#[component]
pub fn DeadLinkPage(
    /// The org, where the page is reached in its brand.
    brand: Option<Brand>,
    /// Where the site's files are.
    assets: &'static Assets,
    /// Where the form is sent to.
    action: String,
    /// How long a link lives.
    link_minutes: u32,
) -> impl IntoView {
    view! {
        <Letter brand assets title="This link no longer works".to_owned()>
            <div>
                <h1>"This link no longer works"</h1>
                <p class="lead quiet">
                    "Links work once, for " {text::minutes(link_minutes)}
                    ". Type your address, and we send you a new one."
                </p>
            </div>
            <EmailForm action next=None email=String::new() problem=None/>
        </Letter>
    }
}
