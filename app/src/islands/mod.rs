//! What moves in the browser. Each island makes something quicker that works without it.
//!
//! Islands take no data: they read the markup around them. So nothing is serialised into the page,
//! and no decoder is shipped to the browser. What cannot work without a script (copying, printing)
//! is hidden until the island wakes.
//!
//! What the team alone uses is behind the feature `team`: the module that a client of the portal downloads
//! is built without it.

#![expect(
    unreachable_pub,
    reason = "`#[component]` makes the types of its props public, and nobody names them"
)]

#[cfg(any(feature = "ssr", feature = "team"))]
mod accent_preview;
#[cfg(any(feature = "ssr", feature = "team"))]
mod at_once;
mod code_entry;
mod copy_button;
#[cfg(any(feature = "ssr", feature = "team"))]
mod invoice_editor;
mod live_search;
mod live_state;
mod print_button;

#[cfg(any(feature = "ssr", feature = "team"))]
pub use accent_preview::AccentPreview;
#[cfg(any(feature = "ssr", feature = "team"))]
pub use at_once::AtOnce;
pub use code_entry::CodeEntry;
pub use copy_button::CopyButton;
#[cfg(any(feature = "ssr", feature = "team"))]
pub use invoice_editor::InvoiceEditor;
pub use live_search::LiveSearch;
pub use live_state::LiveState;
pub use print_button::PrintButton;
