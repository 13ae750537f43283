//! Wakes the islands of a page in the browser, and nothing else.

use wasm_bindgen::prelude::wasm_bindgen;

// Each island exports its own entry point. This makes the linker keep them.
use app as _;

/// Prepares the page's reactive system. The boot script then wakes the islands one by one, by name.
#[wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
