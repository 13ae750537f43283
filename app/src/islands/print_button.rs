//! Prints the page. Hidden without a script: the browser's own menu does the same.

use leptos::prelude::*;

/// A button that opens the browser's print dialogue.
#[island]
pub fn PrintButton() -> impl IntoView {
    let (awake, wake) = signal(false);
    Effect::new(move |_| wake.set(true));
    view! {
        <button type="button" class="button" hidden=move || !awake.get() on:click=print>
            "Print"
        </button>
    }
}

fn print(_click: leptos::ev::MouseEvent) {
    // Fails only where an embedder forbids printing; there is nothing to be done about that here.
    let _ = window().print();
}
