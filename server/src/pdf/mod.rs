//! Invoices, receipts and statements as PDF.
//!
//! Whoever calls gives texts that are ready to be read: amounts, dates and states in the reader's locale. Nothing is
//! summed up or looked up here. A document is typeset by [Typst](https://typst.app) from the templates beside this
//! file, and three things must always hold:
//!
//! - Texts of people reach a template as values and are never spliced into its source, so nothing in them is run.
//! - There is no file, package, network, clock or font behind a template, other than what the binary carries.
//! - The same document is the same bytes.
//!
//! Rendering is work for the processor, some 10 to 150 ms: call it where blocking is allowed.

mod data;
mod fonts;
mod model;
mod qr;
mod scribe;
mod text;
mod words;
mod world;

#[cfg(test)]
mod tests;

pub use model::{
    BrandPdf, InvoicePdf, LinePdf, LogoPdf, Party, PaymentPdf, ReceiptPdf, StatePdf, StatementPdf,
    StatementRowPdf, StatementSectionPdf, Tone, TotalKind, TotalPdf,
};

/// Why there is no document. The reasons name places in a template: for the log, not for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PdfError {
    /// The template could not be typeset.
    Layout(String),
    /// What was typeset could not be written.
    Export(String),
}

impl std::fmt::Display for PdfError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Layout(reason) => write!(f, "a PDF could not be typeset: {reason}"),
            Self::Export(reason) => write!(f, "a PDF could not be written: {reason}"),
        }
    }
}

impl std::error::Error for PdfError {}

/// An invoice, with how to pay it and what was paid.
pub fn invoice(invoice: &InvoicePdf) -> Result<Vec<u8>, PdfError> {
    world::render("invoice.typ", data::invoice(invoice))
}

/// A receipt for one payment.
pub fn receipt(receipt: &ReceiptPdf) -> Result<Vec<u8>, PdfError> {
    world::render("receipt.typ", data::receipt(receipt))
}

/// What was billed and paid in a period, for each currency.
pub fn statement(statement: &StatementPdf) -> Result<Vec<u8>, PdfError> {
    world::render("statement.typ", data::statement(statement))
}
