//! What every page has around it: the document, the org's brand, the frame of a signed-in page.

#![expect(
    unreachable_pub,
    reason = "`#[component]` makes the types of its props public, and nobody names them"
)]

mod desk;
mod document;
mod letter;
mod portal;

use std::borrow::Cow;

pub use desk::{Desk, DeskFrame, DeskTab};
pub(crate) use document::nonce;
pub use document::{Document, Scripts};
pub use letter::Letter;
pub use portal::{Frame, Portal, Tab};

use crate::brand::Accent;

/// Where the site's files are served: paths that change with the bytes, so they may be cached for ever.
#[derive(Debug, Clone)]
pub struct Assets {
    /// The stylesheet.
    pub css: Cow<'static, str>,
    /// The module that loads the WebAssembly and wakes the islands.
    pub boot_js: Cow<'static, str>,
    /// The generated module between the browser and the WebAssembly.
    pub glue_js: Cow<'static, str>,
    /// The WebAssembly.
    pub wasm: Cow<'static, str>,
    /// The same three of the team's side.
    pub desk_boot_js: Cow<'static, str>,
    /// See [`Assets::glue_js`].
    pub desk_glue_js: Cow<'static, str>,
    /// See [`Assets::wasm`].
    pub desk_wasm: Cow<'static, str>,
    /// The module that submits a form which needs no decision.
    pub continue_js: Cow<'static, str>,
    /// The icon of a browser tab.
    pub icon: Cow<'static, str>,
    /// The module that shows GraphiQL.
    pub explorer_js: Cow<'static, str>,
    /// Its stylesheet.
    pub explorer_css: Cow<'static, str>,
}

/// Whose pages these are, in the visitor's eyes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brand {
    /// The org's name in addresses.
    pub org_slug: String,
    /// The org's name.
    pub org_name: String,
    /// Where its logo is served, if it has one.
    pub logo_url: Option<String>,
    /// Its colour.
    pub accent: Accent,
    /// Where its clients write to with questions; may be empty.
    pub support_email: String,
}
