//! Where a page of a list lies.

use async_graphql::SimpleObject;

use super::{TeamOnly, visible_to_team};
use crate::store::page::Page;

/// Where a page of the team's lists lies among its neighbours.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "TeamOnly", visible = "visible_to_team")]
pub(super) struct TeamPageInfo {
    /// There are rows after `endCursor`.
    has_next_page: bool,
    /// There are rows before `startCursor`.
    has_previous_page: bool,
    /// Cursor of the first row; null in an empty page.
    start_cursor: Option<String>,
    /// Cursor of the last row; null in an empty page.
    end_cursor: Option<String>,
}

impl TeamPageInfo {
    /// Of a page that was read; `cursor` names a row's place.
    pub(super) fn new<T>(page: &Page<T>, cursor: impl Fn(&T) -> String) -> Self {
        Self {
            has_next_page: page.has_next,
            has_previous_page: page.has_previous,
            start_cursor: page.rows.first().map(&cursor),
            end_cursor: page.rows.last().map(&cursor),
        }
    }
}
