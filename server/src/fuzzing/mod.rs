//! What must hold of whatever strangers send: a function for each kind of it, which takes any bytes at all and panics where
//! it does not hold. The fuzzer runs them (`fuzz/`), and the tests run them over its seeds. Feature `testing`.

mod csv;
mod cursor;
mod document;
mod form;
mod graphql;
mod headers;
mod stripe_webhook;
mod token;
mod upload;

pub use self::{
    csv::csv, cursor::cursor, form::form, graphql::graphql, headers::headers, stripe_webhook::stripe_webhook,
    token::token, upload::upload,
};

/// Panics where something does not hold of these bytes.
pub type Holds = fn(&[u8]);

/// All of them, by the names of the fuzzer's targets.
pub const TARGETS: [(&str, Holds); 8] = [
    ("csv", csv),
    ("cursor", cursor),
    ("form", form),
    ("graphql", graphql),
    ("headers", headers),
    ("stripe_webhook", stripe_webhook),
    ("token", token),
    ("upload", upload),
];
