//! The search of a list: a form that works by itself, and while one types where scripts run.

use leptos::prelude::*;

use crate::islands::LiveSearch;

/// The form. It leads to the list itself, whose results stand in the element `results`.
#[component]
pub fn SearchForm(
    /// The list.
    action: &'static str,
    /// Name and value of the filter that the search keeps.
    #[prop(optional_no_strip)]
    filter: Option<(&'static str, &'static str)>,
    /// What can be searched by.
    label: &'static str,
    /// A word in the empty field.
    placeholder: &'static str,
    /// What was searched for; may be empty.
    value: String,
) -> impl IntoView {
    view! {
        <LiveSearch>
            <form class="search" method="get" action=action role="search">
                {filter.map(|(name, value)| view! { <input type="hidden" name=name value=value/> })}
                <label class="visually-hidden" for="q">
                    {label}
                </label>
                <input
                    id="q"
                    type="search"
                    name="q"
                    value=value
                    maxlength="100"
                    autocomplete="off"
                    enterkeyhint="search"
                    placeholder=placeholder
                />
                <button class="button">"Search"</button>
            </form>
        </LiveSearch>
    }
}

/// What a list shows, as it is read out after a search.
#[must_use]
pub fn found_words(count: usize, has_more: bool, search: &str, one: &str, many: &str) -> String {
    match (count, has_more) {
        (0, _) if search.is_empty() => format!("No {many}"),
        (0, _) => format!("Nothing found for {search}"),
        (1, false) => format!("1 {one}"),
        (count, false) => format!("{count} {many}"),
        (count, true) => format!("The first {count} {many}"),
    }
}
