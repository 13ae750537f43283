//! What the page behind a share link asks the schema for.

use async_graphql_value::Variables;
use serde::Deserialize;

use super::{
    Document, Executor,
    portal::{Invoice, invoice::invoice_fields},
    run,
};
use crate::error::AppError;

/// The one document of that page.
pub const INVOICE: Document = Document {
    name: "GuestInvoice",
    source: concat!("query GuestInvoice { guest { invoice { ", invoice_fields!(), " } } }"),
};

/// The invoice that a share link leads to.
pub async fn invoice(executor: &dyn Executor) -> Result<Option<Invoice>, AppError> {
    #[derive(Deserialize)]
    struct Root {
        guest: Guest,
    }
    #[derive(Deserialize)]
    struct Guest {
        invoice: Option<Invoice>,
    }
    run::<Root>(executor, INVOICE, Variables::default()).await.map(|root| root.guest.invoice)
}
