//! Copies the text that the markup around the button names in `data-copy`.

use std::time::Duration;

use leptos::{html::Button, prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;

const CONFIRMED_FOR: Duration = Duration::from_secs(2);

/// A button that copies the `data-copy` of its nearest ancestor that has one. Hidden without a
/// script, and where the browser offers no clipboard.
#[island]
pub fn CopyButton(
    /// What is copied, in words that follow "Copy", for screen readers.
    children: Children,
) -> impl IntoView {
    let button = NodeRef::<Button>::new();
    let (ready, set_ready) = signal(false);
    let (copied, set_copied) = signal(false);
    // Browsers give a clipboard to pages that came over https or from this machine.
    Effect::new(move |_| set_ready.set(window().is_secure_context()));
    view! {
        <button
            type="button"
            class="button small"
            node_ref=button
            hidden=move || !ready.get()
            on:click=move |_| copy_from(button, set_copied)
        >
            <span aria-live="polite">{move || if copied.get() { "Copied" } else { "Copy" }}</span>
            " "
            <span class="visually-hidden">{children()}</span>
        </button>
    }
}

fn copy_from(button: NodeRef<Button>, copied: WriteSignal<bool>) {
    let text = button
        .get_untracked()
        .and_then(|button| button.closest("[data-copy]").ok().flatten())
        .and_then(|source| source.get_attribute("data-copy"));
    let Some(text) = text else { return };
    let written = window().navigator().clipboard().write_text(&text);
    spawn_local(async move {
        if JsFuture::from(written).await.is_ok() {
            copied.set(true);
            set_timeout(move || copied.set(false), CONFIRMED_FOR);
        }
    });
}
