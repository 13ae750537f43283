//! Pages of lists, as the Relay specification of connections has them
//! (<https://relay.dev/graphql/connections.htm>).

use async_graphql::SimpleObject;

use super::guard::{SomebodyOnly, visible_to_somebody};
use crate::store::page::Page;

/// Where a page of a list lies among its neighbours.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(guard = "SomebodyOnly", visible = "visible_to_somebody")]
pub(super) struct PageInfo {
    /// There are rows after `endCursor`.
    pub(super) has_next_page: bool,
    /// There are rows before `startCursor`.
    pub(super) has_previous_page: bool,
    /// Cursor of the first row; null in an empty page.
    pub(super) start_cursor: Option<String>,
    /// Cursor of the last row; null in an empty page.
    pub(super) end_cursor: Option<String>,
}

impl PageInfo {
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

/// A connection with its edges: what a list gives.
macro_rules! connection {
    ($connection:ident, $edge:ident, $node:ty, $what:literal, $guard:literal, $visible:literal) => {
        #[doc = concat!("One page of a list of ", $what, ".")]
        #[derive(Debug)]
        pub(in crate::graphql) struct $connection {
            edges: Vec<$edge>,
            page_info: $crate::graphql::page::PageInfo,
        }

        #[doc = concat!("A place in a list of ", $what, ".")]
        #[derive(Debug, async_graphql::SimpleObject)]
        #[graphql(guard = $guard, visible = $visible)]
        pub(in crate::graphql) struct $edge {
            /// Names the place, for `after` and `before`. It grants nothing.
            cursor: String,
            /// What stands there.
            node: $node,
        }

        #[doc = concat!("One page of a list of ", $what, ".")]
        #[async_graphql::Object(guard = $guard, visible = $visible)]
        impl $connection {
            /// The places in order.
            async fn edges(&self) -> &[$edge] {
                &self.edges
            }

            /// What stands there, in order.
            async fn nodes(&self) -> Vec<&$node> {
                self.edges.iter().map(|edge| &edge.node).collect()
            }

            /// Where the page lies.
            async fn page_info(&self) -> &$crate::graphql::page::PageInfo {
                &self.page_info
            }
        }

        impl $connection {
            /// Of what the rows of a page have become; `cursor` names its place.
            pub(in crate::graphql) fn new(
                (has_previous_page, has_next_page): (bool, bool),
                nodes: Vec<$node>,
                cursor: impl Fn(&$node) -> String,
            ) -> Self {
                let edges: Vec<$edge> =
                    nodes.into_iter().map(|node| $edge { cursor: cursor(&node), node }).collect();
                let page_info = $crate::graphql::page::PageInfo {
                    has_next_page,
                    has_previous_page,
                    start_cursor: edges.first().map(|edge| edge.cursor.clone()),
                    end_cursor: edges.last().map(|edge| edge.cursor.clone()),
                };
                Self { edges, page_info }
            }
        }
    };
}

pub(super) use connection;
