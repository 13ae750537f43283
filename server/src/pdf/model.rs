//! What a document says. Every text is ready to be read; an empty one is left out.

/// Whose document it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct BrandPdf {
    /// Name of the org, on every page.
    pub name: String,
    /// The org's colour, red, green and blue. For rules and fills alone: it may be too light for text.
    pub accent: [u8; 3],
    /// Stands where the name would. One that cannot be read is left out.
    pub logo: Option<LogoPdf>,
    /// Where questions go.
    pub email: String,
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct LogoPdf {
    /// The file.
    pub bytes: Vec<u8>,
    /// `image/png`, `image/jpeg` or `image/webp`; others are left out.
    pub content_type: String,
}

/// Who bills, or who is billed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Party {
    /// The name, then the address as it stands on a letter.
    pub lines: Vec<String>,
    /// For example "VAT DE123456789".
    pub tax_id: Option<String>,
}

/// How a state looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Tone {
    /// A draft, an open invoice.
    #[default]
    Calm,
    /// Paid.
    Good,
    /// Partly paid, due soon.
    Warn,
    /// Overdue or void.
    Late,
}

/// A word beside the title.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct StatePdf {
    /// "Paid", "Void", "Draft".
    pub label: String,
    /// Its colours.
    pub tone: Tone,
}

/// One line of an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct LinePdf {
    /// What was done. Lines after the first are shown as detail.
    pub description: String,
    /// How much of it, with a unit if there is one.
    pub quantity: String,
    /// Price of one.
    pub unit_price: String,
    /// Rate or name of the tax. If no line has one, the column is left out.
    pub tax: Option<String>,
    /// Price of all.
    pub amount: String,
}

/// How a total looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum TotalKind {
    /// A part: subtotal, tax, what was paid.
    #[default]
    Plain,
    /// The sum.
    Strong,
    /// What is left to pay: the one that is meant to be seen.
    Due,
    /// A sum that does not count any more.
    Struck,
}

/// A sum under the lines.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct TotalPdf {
    /// What it is.
    pub label: String,
    /// The amount.
    pub value: String,
    /// How it looks.
    pub kind: TotalKind,
}

/// Money that came for the invoice.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct PaymentPdf {
    /// When.
    pub date: String,
    /// How, with a reference if there is one.
    pub what: String,
    /// How much.
    pub amount: String,
}

/// An invoice.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct InvoicePdf {
    /// Language of the texts, BCP 47. The template's own words are English for now.
    pub lang: String,
    /// Who sends it.
    pub brand: BrandPdf,
    /// "Invoice JF-2026-041".
    pub title: String,
    /// A word beside the title.
    pub state: Option<StatePdf>,
    /// Who bills.
    pub from: Party,
    /// Who is billed.
    pub to: Party,
    /// Label and value: number, date, due day, the client's reference.
    pub facts: Vec<(String, String)>,
    /// What it is about, in one sentence.
    pub subject: String,
    /// The lines.
    pub lines: Vec<LinePdf>,
    /// The sums, from top to bottom.
    pub totals: Vec<TotalPdf>,
    /// Written to the client. May have several lines.
    pub notes: String,
    /// Whether something is still to be paid.
    pub is_payable: bool,
    /// How to pay. May have several lines.
    pub instructions: String,
    /// What was paid so far.
    pub payments: Vec<PaymentPdf>,
    /// Address of this invoice on the web: shown as a link and as a QR code.
    pub link: Option<String>,
    /// The small print of every page. May have several lines.
    pub footer: String,
}

/// A receipt for one payment.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct ReceiptPdf {
    /// Language of the texts, BCP 47.
    pub lang: String,
    /// Who received the money.
    pub brand: BrandPdf,
    /// "Receipt for JF-2026-041".
    pub title: String,
    /// A word beside the title.
    pub state: Option<StatePdf>,
    /// Who received the money.
    pub from: Party,
    /// Who paid.
    pub to: Party,
    /// What was received, with its currency.
    pub amount: String,
    /// One sentence under the amount, for example when and how it came.
    pub subject: String,
    /// Label and value: date, method, reference, number of the invoice.
    pub facts: Vec<(String, String)>,
    /// The invoice's total, what was paid, what is left.
    pub totals: Vec<TotalPdf>,
    /// Written to the client. May have several lines.
    pub notes: String,
    /// The small print of every page.
    pub footer: String,
}

/// What was billed and paid in a period.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct StatementPdf {
    /// Language of the texts, BCP 47.
    pub lang: String,
    /// Who bills.
    pub brand: BrandPdf,
    /// "Statement".
    pub title: String,
    /// From when to when, under the title.
    pub period: String,
    /// Who bills.
    pub from: Party,
    /// Who is billed.
    pub to: Party,
    /// Label and value: the day it was made, the client's number.
    pub facts: Vec<(String, String)>,
    /// One for each currency.
    pub sections: Vec<StatementSectionPdf>,
    /// Written to the client. May have several lines.
    pub notes: String,
    /// The small print of every page.
    pub footer: String,
}

/// A statement in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct StatementSectionPdf {
    /// Name or code of the currency, as its heading.
    pub currency: String,
    /// Balance as the period began.
    pub opening: String,
    /// What happened, in the order of time.
    pub rows: Vec<StatementRowPdf>,
    /// Balance as the period ended.
    pub closing: String,
}

/// One event on a statement.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct StatementRowPdf {
    /// When.
    pub date: String,
    /// An invoice, a payment.
    pub what: String,
    /// Number or reference.
    pub reference: String,
    /// What was billed; empty for a payment.
    pub charge: String,
    /// What was paid; empty for an invoice.
    pub credit: String,
    /// Balance after it.
    pub balance: String,
}
