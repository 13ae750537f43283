//! An address to write to.

use leptos::prelude::*;

/// An e-mail address that opens the visitor's own mail program.
#[component]
pub fn MailLink(
    /// The address.
    address: String,
) -> impl IntoView {
    let href = format!("mailto:{address}");
    view! { <a href=href>{address}</a> }
}
