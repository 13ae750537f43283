//! What stands where there is nothing to list: why, and what will be here.

use leptos::prelude::*;

/// An empty state.
#[component]
pub fn Empty(
    /// What there is none of.
    title: &'static str,
    /// Why, or when that will change.
    #[prop(into)]
    sentence: String,
    /// A way on: where it leads, and its words.
    #[prop(optional)]
    way_on: Option<(String, &'static str)>,
    /// Another one.
    #[prop(optional)]
    other_way: Option<(String, &'static str)>,
) -> impl IntoView {
    let way = |(href, words): (String, &'static str)| {
        view! {
            <p>
                <a class="button" href=href>
                    {words}
                </a>
            </p>
        }
    };
    let way_on = way_on.map(way);
    let other_way = other_way.map(way);
    view! {
        <div class="empty">
            <p class="empty-title">{title}</p>
            <p class="quiet">{sentence}</p>
            {way_on}
            {other_way}
        </div>
    }
}
