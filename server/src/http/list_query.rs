//! What the address of a list may carry, on either side. What else stands there is ignored: mail programs
//! and trackers add to links as they please.

use app::api::portal::PageArgs;
use serde::Deserialize;

/// A filter, a search and a place.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ListQuery {
    pub(super) status: String,
    pub(super) shelf: String,
    q: String,
    after: Option<String>,
    before: Option<String>,
}

impl ListQuery {
    /// Where the page begins.
    pub(super) fn page(&self) -> PageArgs {
        PageArgs { after: self.after.clone(), before: self.before.clone() }
    }

    /// What is searched for, as long as the schema takes it; a longer text would find nothing either.
    pub(super) fn search(&self) -> String {
        self.q.trim().chars().take(100).collect()
    }

    /// Nothing says where to begin.
    pub(super) const fn is_first_page(&self) -> bool {
        self.after.is_none() && self.before.is_none()
    }
}
