//! The HTML document around every page: head, stylesheets, and the scripts the page needs.

use leptos::{attr::custom::CustomAttribute as _, html, prelude::*};

use super::Assets;
use crate::{brand::Accent, render::Nonce};

/// Which scripts a page loads. Every page works without them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scripts {
    /// None at all.
    None,
    /// The WebAssembly that wakes the portal's islands.
    Islands,
    /// The WebAssembly that wakes the team's islands, which no client downloads.
    Desk,
    /// The one that looks after the form with the id `continue`: it is sent once, and by itself where it says
    /// so (`data-at-once`).
    Continue,
}

/// The paper of `style/tokens.css`, for the browser's own bars.
const LIGHT_PAPER: &str = "#faf8f5";
const DARK_PAPER: &str = "#161513";

/// A whole document. Its children are the content of `body`.
#[component]
pub fn Document<C: IntoView + 'static>(
    /// The title of the page itself, such as `Invoices`.
    title: String,
    /// Whose page it is; follows the title.
    #[prop(optional_no_strip)]
    site: Option<String>,
    accent: Accent,
    assets: &'static Assets,
    scripts: Scripts,
    children: TypedChildren<C>,
) -> impl IntoView {
    let title = match site {
        Some(site) => format!("{title} · {site}"),
        None => title,
    };
    let module = match scripts {
        Scripts::Islands => Some((&assets.glue_js, &assets.wasm, &assets.boot_js)),
        Scripts::Desk => Some((&assets.desk_glue_js, &assets.desk_wasm, &assets.desk_boot_js)),
        Scripts::None | Scripts::Continue => None,
    };
    // Scripts and stylesheets come in by the nonce alone; what a script imports comes in by the script's own.
    let nonce = nonce();
    let islands = module.map(|(glue, wasm, boot)| {
        view! {
            <link rel="modulepreload" nonce=nonce.clone() href=&**glue/>
            <link rel="preload" r#as="fetch" r#type="application/wasm" crossorigin="" href=&**wasm/>
            <script r#type="module" nonce=nonce.clone() src=&**boot></script>
        }
    });
    let continue_script = (scripts == Scripts::Continue)
        .then(|| view! { <script r#type="module" nonce=nonce.clone() src=&*assets.continue_js></script> });
    view! {
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <title>{title}</title>
                <meta name="robots" content="noindex, nofollow"/>
                <meta name="format-detection" content="telephone=no"/>
                <meta name="color-scheme" content="light dark"/>
                {theme_color(LIGHT_PAPER, "(prefers-color-scheme: light)")}
                {theme_color(DARK_PAPER, "(prefers-color-scheme: dark)")}
                <link rel="icon" href=&*assets.icon/>
                <link rel="stylesheet" nonce=nonce.clone() href=&*assets.css/>
                <link rel="stylesheet" nonce=nonce href=accent.theme_href()/>
                {islands}
                {continue_script}
            </head>
            <body>{children.into_inner()()}</body>
        </html>
    }
}

/// The nonce of the answer that this page is rendered for; `None` where it has no policy.
pub(crate) fn nonce() -> Option<String> {
    use_context::<Nonce>().map(|Nonce(nonce)| nonce)
}

/// The colour of the browser's own bars under one colour scheme.
fn theme_color(colour: &'static str, media: &'static str) -> impl IntoView {
    html::meta().name("theme-color").content(colour).attr("media", media)
}
