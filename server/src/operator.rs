//! What an operator does to an org from the command line.

use crate::{
    auth::session::Plan,
    error::{Error, Result},
    store::{Copied, Store},
};

/// Changes an org's plan (rule B2); gives the sentence that is printed.
///
/// # Errors
/// [`Error::Refused`] where there is no such org.
pub async fn set_plan(store: &Store, slug: &str, plan: Plan) -> Result<&'static str> {
    match store.system().set_plan(slug, plan).await? {
        Some(true) => Ok("the plan is changed"),
        Some(false) => Ok("the org is on that plan already"),
        None => Err(Error::Refused("there is no org of that short name")),
    }
}

/// The sentence that is printed of a copy of the database.
#[must_use]
pub fn copied(done: &str, Copied { bytes, orgs, invoices }: &Copied) -> String {
    let tenths = bytes.div_ceil(100_000);
    format!(
        "{done} and checked: {}.{} MB, {orgs} {}, {invoices} {}",
        tenths / 10,
        tenths % 10,
        if *orgs == 1 { "organisation" } else { "organisations" },
        if *invoices == 1 { "invoice" } else { "invoices" }
    )
}
