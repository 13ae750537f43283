//! Tells an open page that something has changed, such as that a payment has arrived: the page is loaded again.

use leptos::{
    ev,
    prelude::*,
    wasm_bindgen::{JsCast as _, closure::Closure},
    web_sys::{Event, EventSource},
};

/// Listens at the address that stands beside it in `data-live`. Without a script the page shows how it stood.
#[island]
pub fn LiveState() -> impl IntoView {
    Effect::new(move |_| {
        let Some(address) = document()
            .query_selector("[data-live]")
            .ok()
            .flatten()
            .and_then(|element| element.get_attribute("data-live"))
        else {
            return;
        };
        let Ok(source) = EventSource::new(&address) else { return };
        let closing = source.clone();
        let changed = Closure::<dyn FnMut(Event)>::new(move |_| {
            closing.close();
            show_anew();
        });
        let _ = source.add_event_listener_with_callback("changed", changed.as_ref().unchecked_ref());
        // It is needed as long as the page is there.
        changed.forget();
        let leaving = source.clone();
        let listener = window_event_listener(ev::pagehide, move |_| leaving.close());
        on_cleanup(move || listener.remove());
    });
}

/// Not while somebody is typing: what is half typed is worth more than what is new.
fn show_anew() {
    let is_typing = document()
        .active_element()
        .is_some_and(|element| matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"));
    if is_typing {
        return;
    }
    let _ = window().location().reload();
}
