//! The page that stands where a page could not be shown.

use leptos::prelude::*;

use crate::{
    layout::{Assets, Brand, Letter},
    routes,
    text::Notice,
};

/// What happened, what to do, and a way back. The words are in [`crate::text`].
#[component]
pub fn NoticePage(
    /// Whose page it is, where that is known.
    brand: Option<Brand>,
    /// Where the site's files are.
    assets: &'static Assets,
    /// Why there is no page.
    kind: Notice,
    /// By what the operator finds the request in the log.
    request_id: Option<String>,
    /// Where the way back leads.
    #[prop(default = routes::PORTAL)]
    home: &'static str,
) -> impl IntoView {
    let text = kind.text();
    view! {
        <Letter brand assets title=text.title.to_owned()>
            <div>
                <h1>{text.title}</h1>
                <p class="lead quiet">{text.sentence} " " {text.advice}</p>
            </div>
            <p>
                <a class="button" href=home>
                    "To the overview"
                </a>
            </p>
            {request_id
                .map(|id| {
                    view! {
                        <p class="small quiet">"Reference: " <code>{id}</code></p>
                    }
                })}
        </Letter>
    }
}
