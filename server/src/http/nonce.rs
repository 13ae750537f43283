//! The nonce of an answer: what the policy of a page lets its scripts and stylesheets in by. It is made where a request
//! comes in, and known until its answer leaves; no two answers have the same.

use app::render::{Nonce, render_with};
use leptos::prelude::IntoView;

use crate::{auth::secret::hexadecimal, random};

tokio::task_local! {
    static NONCE: Nonce;
}

/// One that nobody can guess.
pub(super) fn fresh() -> Nonce {
    Nonce(hexadecimal(&random::bytes::<16>()))
}

/// Runs what makes an answer with this nonce.
pub(super) async fn within<F: Future>(nonce: Nonce, answer: F) -> F::Output {
    NONCE.scope(nonce, answer).await
}

/// The nonce of the answer under way.
pub(super) fn current() -> Option<Nonce> {
    NONCE.try_with(Clone::clone).ok()
}

/// Renders a page for the answer under way.
pub(super) fn render<V: IntoView + 'static>(view: impl FnOnce() -> V) -> String {
    render_with(current(), view)
}
