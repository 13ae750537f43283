//! Wakes the islands of the team's pages, and nothing else. It is a crate of its own so that what the team alone
//! uses is not in the module that a client of the portal downloads.

use wasm_bindgen::prelude::wasm_bindgen;

// Each island exports its own entry point. This makes the linker keep them.
use app as _;

/// Prepares the page's reactive system. The boot script then wakes the islands one by one, by name.
#[wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
