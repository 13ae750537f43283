//! The way to the neighbouring pages of a list.

use leptos::prelude::*;

use crate::{api::portal::PageInfo, routes::Cursor};

/// Links to the newer and the older neighbours; nothing where there is but one page.
#[component]
pub fn Pagination(
    /// The page before, if there is one.
    newer: Option<String>,
    /// The page after, if there is one.
    older: Option<String>,
    /// The list goes by name and not by time.
    by_name: bool,
) -> impl IntoView {
    let (back, on) = if by_name { ("Previous", "Next") } else { ("Newer", "Older") };
    (newer.is_some() || older.is_some()).then(|| {
        view! {
            <nav class="pagination" aria-label="Pages">
                {newer
                    .map(|href| {
                        view! {
                            <a class="button" rel="prev" href=href>
                                {back}
                            </a>
                        }
                    })}
                {older
                    .map(|href| {
                        view! {
                            <a class="button older" rel="next" href=href>
                                {on}
                            </a>
                        }
                    })}
            </nav>
        }
    })
}

impl PaginationProps {
    /// The neighbours of a page, as `link` writes their addresses.
    #[must_use]
    pub fn of(page: &PageInfo, link: impl Fn(Cursor<'_>) -> String) -> Self {
        let start = page.start_cursor.as_deref().filter(|_| page.has_previous_page);
        let end = page.end_cursor.as_deref().filter(|_| page.has_next_page);
        Self {
            newer: start.map(|cursor| link(Cursor::Before(cursor))),
            older: end.map(|cursor| link(Cursor::After(cursor))),
            by_name: false,
        }
    }

    /// The same for a list that goes by name.
    #[must_use]
    pub fn by_name(self) -> Self {
        Self { by_name: true, ..self }
    }
}
