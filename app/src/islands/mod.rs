//! What moves in the browser. Each island makes something quicker that works without it.
//!
//! Islands take no data: they read the markup around them. So nothing is serialised into the page,
//! and no decoder is shipped to the browser. What cannot work without a script (copying, printing)
//! is hidden until the island wakes.

#![expect(
    unreachable_pub,
    reason = "`#[component]` makes the types of its props public, and nobody names them"
)]

mod code_entry;
mod copy_button;
mod live_search;
mod print_button;

pub use code_entry::CodeEntry;
pub use copy_button::CopyButton;
pub use live_search::LiveSearch;
pub use print_button::PrintButton;
