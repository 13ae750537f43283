//! What of a thing a document asks for, looked up before anything is read: so the parts of a whole list are read by one
//! statement for each kind of part, and what nobody asks for by none.

use async_graphql::{Context, Lookahead};

/// The selections of one thing, wherever in the document they stand.
pub(super) struct Look<'a>(Vec<Lookahead<'a>>);

impl<'a> Look<'a> {
    /// At the thing that a resolver gives.
    pub(super) fn at(ctx: &'a Context<'_>) -> Self {
        Self(vec![ctx.look_ahead()])
    }

    /// At the things of the connection that a resolver gives.
    pub(super) fn nodes(ctx: &'a Context<'_>) -> Self {
        let connection = ctx.look_ahead();
        Self(vec![connection.field("nodes"), connection.field("edges").field("node")])
    }

    /// At a field of the thing.
    pub(super) fn field(&self, name: &str) -> Self {
        Self(self.0.iter().map(|look| look.field(name)).collect())
    }

    /// Whether the field is asked for.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|look| look.field(name).exists())
    }

    /// Whether any of the fields is asked for.
    pub(super) fn has_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.has(name))
    }
}
