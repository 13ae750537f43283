//! Shows what a search finds while it is typed, without losing the place in the field.
//!
//! It asks for the very page that the form would lead to, and takes the results out of it. So there
//! is one way to render a result, and the address in the bar is always the one of what is shown.

use std::time::Duration;

use leptos::{
    leptos_dom::helpers::TimeoutHandle,
    prelude::*,
    task::spawn_local,
    wasm_bindgen::{JsCast, JsValue},
    web_sys::{
        DomParser, Event, HtmlFormElement, HtmlInputElement, Response, SupportedType, UrlSearchParams,
    },
};
use wasm_bindgen_futures::JsFuture;

/// Long enough that a word is typed in one go, short enough to feel immediate.
const PAUSE: Duration = Duration::from_millis(250);

/// The part of the page that a search replaces.
const RESULTS: &str = "results";

/// Goes around a GET form. Replaces the element with the id `results` after each pause in typing,
/// and reads out that element's `data-summary`. Without a script the form is sent as forms are.
#[island]
pub fn LiveSearch(
    /// The form.
    children: Children,
) -> impl IntoView {
    let (summary, set_summary) = signal(String::new());
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let latest = StoredValue::new(0_u32);
    let search = move |event: Event| {
        let Some(form) = event_target::<HtmlInputElement>(&event).form() else { return };
        let search = latest.get_value() + 1;
        latest.set_value(search);
        if let Some(earlier) = waiting.get_value() {
            earlier.clear();
        }
        let ask = move || {
            spawn_local(async move {
                let address = address_of(&form);
                let found = results_at(&address).await;
                // An answer that was overtaken by further typing is not shown.
                if latest.get_value() == search {
                    show(&address, found, set_summary);
                }
            });
        };
        waiting.set_value(set_timeout_with_handle(ask, PAUSE).ok());
    };
    view! {
        <div class="live-search" on:input=search>
            {children()}
            <span class="visually-hidden" role="status">{summary}</span>
        </div>
    }
}

/// Where the form leads with what is typed into it; empty fields are left out.
fn address_of(form: &HtmlFormElement) -> String {
    let action = form.action();
    let (Ok(fields), Ok(query)) = (form.query_selector_all("input[name]"), UrlSearchParams::new()) else {
        return action;
    };
    let fields =
        (0..fields.length()).filter_map(|index| fields.item(index)?.dyn_into::<HtmlInputElement>().ok());
    for field in fields.filter(|field| !field.value().is_empty()) {
        query.append(&field.name(), &field.value());
    }
    let query = String::from(query.to_string());
    if query.is_empty() { action } else { format!("{action}?{query}") }
}

/// The results on the page at an address; `None` where there is no such page to be had, as when
/// the session has run out and the answer is the sign-in page.
async fn results_at(address: &str) -> Option<leptos::web_sys::Element> {
    let response: Response = JsFuture::from(window().fetch_with_str(address)).await.ok()?.dyn_into().ok()?;
    if !response.ok() || response.redirected() {
        return None;
    }
    let html = JsFuture::from(response.text().ok()?).await.ok()?.as_string()?;
    DomParser::new().ok()?.parse_from_string(&html, SupportedType::TextHtml).ok()?.get_element_by_id(RESULTS)
}

fn show(address: &str, found: Option<leptos::web_sys::Element>, summary: WriteSignal<String>) {
    let shown = document().get_element_by_id(RESULTS).zip(found);
    let replaced = shown.and_then(|(old, new)| {
        summary.set(new.get_attribute("data-summary").unwrap_or_default());
        old.replace_with_with_node_1(&new).ok()
    });
    if replaced.is_none() {
        // The browser then shows whatever is at that address, by its own means.
        let _ = window().location().assign(address);
        return;
    }
    if let Ok(history) = window().history() {
        // Refused only when far too many changes come in a row; the page itself is right by then.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(address));
    }
}
