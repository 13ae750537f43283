//! What the portal's pages ask the schema for, one page a file. Field names are the schema's; amounts
//! are integers of the currency's minor unit, times are UTC, dates are calendar days.

mod access;
mod home;
pub(super) mod invoice;
mod invoices;
mod payments;
pub(super) mod statement;

use async_graphql_value::{Name, Variables};
use serde::{Deserialize, de::DeserializeOwned};

use super::{Document, Executor, run};
use crate::error::AppError;

pub use access::{Access, AccessEntry, AccessKind, Session, access, end_session, end_sessions};
pub use home::{Balance, Home, OPEN_AT_HOME, SETTLED_AT_HOME, home};
pub use invoice::{Invoice, InvoiceLine, InvoiceTax, invoice};
pub use invoices::{InvoiceFilter, InvoiceRow, InvoiceStatus, invoices};
pub use payments::{Payment, PaymentKind, PaymentMethod, payments};
pub use statement::{EntryKind, Statement, StatementEntry, StatementSection, statement};

/// Every document of this module, for the test that checks them against the SDL.
pub const DOCUMENTS: [Document; 8] = [
    home::HOME,
    invoices::INVOICES,
    invoice::INVOICE,
    payments::PAYMENTS,
    statement::STATEMENT,
    access::ACCESS,
    access::END_SESSION,
    access::END_SESSIONS,
];

/// Where a page of a list lies among its neighbours.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PageInfo {
    /// There are rows after `end_cursor`.
    pub has_next_page: bool,
    /// There are rows before `start_cursor`.
    pub has_previous_page: bool,
    /// Cursor of the first row, if there is a row.
    pub start_cursor: Option<String>,
    /// Cursor of the last row, if there is a row.
    pub end_cursor: Option<String>,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Page<T> {
    /// The rows in order.
    pub nodes: Vec<T>,
    /// Where they lie.
    pub page_info: PageInfo,
}

/// Where a page begins, as it came in the query string.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PageArgs {
    /// Rows after this cursor.
    pub after: Option<String>,
    /// Rows before this cursor; ignored when `after` is there.
    pub before: Option<String>,
}

async fn portal<T: DeserializeOwned>(
    executor: &dyn Executor,
    document: Document,
    variables: Variables,
) -> Result<T, AppError> {
    #[derive(Deserialize)]
    struct Root<T> {
        portal: T,
    }
    run::<Root<T>>(executor, document, variables).await.map(|root| root.portal)
}

pub(in crate::api) fn page_variables(page: &PageArgs) -> Variables {
    page_variables_of(25, page)
}

/// The same for pages of another size: so many after a cursor, or so many before one.
pub(in crate::api) fn page_variables_of(size: i32, page: &PageArgs) -> Variables {
    let mut variables = Variables::default();
    let count = match (&page.after, &page.before) {
        (None, Some(before)) => {
            variables.insert(Name::new("before"), before.as_str().into());
            "last"
        }
        (after, _) => {
            if let Some(after) = after {
                variables.insert(Name::new("after"), after.as_str().into());
            }
            "first"
        }
    };
    variables.insert(Name::new(count), size.into());
    variables
}
