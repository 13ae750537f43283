//! Pages of lists.

use async_graphql::SimpleObject;

use super::{PortalOnly, visible_to_portal};
use crate::store::page::{Cursor, Page};

/// Where a page of a list lies among its neighbours.
#[derive(Debug, SimpleObject)]
#[graphql(serial, guard = "PortalOnly", visible = "visible_to_portal")]
pub(super) struct PortalPageInfo {
    /// There are entries after the last one.
    has_next_page: bool,
    /// There are entries before the first one.
    has_previous_page: bool,
    /// The cursor of the first entry.
    start_cursor: Option<String>,
    /// The cursor of the last entry.
    end_cursor: Option<String>,
}

impl PortalPageInfo {
    pub(super) fn new<T>(page: &Page<T>, cursor: impl Fn(&T) -> Cursor) -> Self {
        Self {
            has_next_page: page.has_next,
            has_previous_page: page.has_previous,
            start_cursor: page.rows.first().map(|row| cursor(row).to_text()),
            end_cursor: page.rows.last().map(|row| cursor(row).to_text()),
        }
    }
}
