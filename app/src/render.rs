//! Turns a page into the bytes of a response.
//!
//! A page comes with its data, so it is rendered in one go: nothing suspends, nothing streams. What
//! islands need (their tags and the ids of their reactive scopes) comes out of the shared context
//! that is set up here, in the mode in which only islands are woken by the browser.

use std::sync::Arc;

use hydration_context::{SharedContext, SsrSharedContext};
use leptos::{prelude::*, tachys::view::Position};

const DOCTYPE: &str = "<!DOCTYPE html>";

/// What the policy of an answer lets the scripts and stylesheets of its page in by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nonce(pub String);

/// Renders a whole document to HTML and disposes of everything that was made for it.
#[must_use]
pub fn render<V: IntoView + 'static>(view: impl FnOnce() -> V) -> String {
    render_with(None, view)
}

/// The same for an answer whose policy has a nonce.
#[must_use]
pub fn render_with<V: IntoView + 'static>(nonce: Option<Nonce>, view: impl FnOnce() -> V) -> String {
    let context: Arc<dyn SharedContext + Send + Sync> = Arc::new(SsrSharedContext::new_islands());
    let owner = Owner::new_root(Some(context));
    let html = owner.with(|| {
        if let Some(nonce) = nonce {
            provide_context(nonce);
        }
        let view = view().into_view();
        // A page grows well beyond its static length: one early allocation saves several later ones.
        let mut html = String::with_capacity(DOCTYPE.len() + 16 * 1024);
        html.push_str(DOCTYPE);
        view.to_html_with_buf(&mut html, &mut Position::FirstChild, true, false, Vec::new());
        html
    });
    owner.unset_with_forced_cleanup();
    html
}
