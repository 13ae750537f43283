//! Shows the page in a colour while it is typed: the theme of any colour is a stylesheet of ours.

use leptos::{
    prelude::*,
    web_sys::{Event, HtmlInputElement},
};

/// Goes around the field with the colour. Without a script the colour shows once it is saved.
#[island]
pub fn AccentPreview(
    /// The field.
    children: Children,
) -> impl IntoView {
    view! { <div on:input=show>{children()}</div> }
}

fn show(event: Event) {
    let typed = event_target::<HtmlInputElement>(&event).value().to_ascii_lowercase();
    let digits = typed.strip_prefix('#').unwrap_or(&typed);
    if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return;
    }
    let theme = document().query_selector("link[rel=stylesheet][href^='/brand/theme/']").ok().flatten();
    if let Some(theme) = theme {
        // Refused only for a name that is none.
        let _ = theme.set_attribute("href", &crate::routes::brand_theme(digits));
    }
}
