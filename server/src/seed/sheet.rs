//! An invoice as somebody writes it, and the same with its sums: by the arithmetic of the product,
//! never by hand.

use app::money::{Currency, Line, TypedLine, totals, write_plain};
use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    draft::TypedInvoice,
    error::{Error, Result},
    id::{ClientId, InvoiceId, OrgId},
    store::{invoice_text::invoice_search_text, system::load},
};

/// A tax as an org names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TaxRate {
    /// What stands on the invoice.
    pub(crate) label: &'static str,
    /// Millionths.
    pub(crate) ppm: i64,
}

/// A line as it is written.
#[derive(Debug, Clone)]
pub(crate) struct SheetLine {
    /// What was delivered.
    pub(crate) description: String,
    /// Thousandths of the unit.
    pub(crate) quantity_milli: i64,
    /// What is counted.
    pub(crate) unit: &'static str,
    /// Price of one unit.
    pub(crate) unit_price_minor: i64,
    /// The tax on it.
    pub(crate) tax: TaxRate,
}

/// Who bills whom, as it stands on an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Parties {
    /// Who is billed.
    pub(crate) client_name: String,
    /// Lines of text.
    pub(crate) client_address: String,
    /// The client's tax id.
    pub(crate) client_tax_id: String,
    /// Who bills.
    pub(crate) org_name: String,
    /// Lines of text.
    pub(crate) org_address: String,
    /// The org's tax id.
    pub(crate) org_tax_id: String,
}

/// An invoice as it is written, before anything is computed.
#[derive(Debug, Clone)]
pub(crate) struct Sheet {
    /// The tenant.
    pub(crate) org_id: OrgId,
    /// Who is billed.
    pub(crate) client_id: ClientId,
    /// The two parties.
    pub(crate) parties: Parties,
    /// Id.
    pub(crate) id: InvoiceId,
    /// `None` for a draft.
    pub(crate) number: Option<String>,
    /// What it is for.
    pub(crate) title: String,
    /// The client's reference.
    pub(crate) reference: String,
    /// A word to the client.
    pub(crate) notes: String,
    /// What it is in.
    pub(crate) currency: Currency,
    /// Day of issue.
    pub(crate) issued_on: NaiveDate,
    /// Last day to pay in time.
    pub(crate) due_on: NaiveDate,
    /// When it was written and, unless it is a draft, sent.
    pub(crate) created_at: DateTime<Utc>,
    /// When it was voided.
    pub(crate) voided_at: Option<DateTime<Utc>>,
    /// What it consists of.
    pub(crate) lines: Vec<SheetLine>,
}

/// An invoice with its sums, not yet entered.
#[derive(Debug)]
pub(crate) struct Priced {
    pub(super) invoice: load::Invoice,
    pub(super) lines: Vec<load::Line>,
    pub(super) taxes: Vec<load::Tax>,
}

impl Sheet {
    /// Computes the sums.
    pub(crate) fn price(self) -> Result<Priced> {
        let (org_id, client_id, invoice_id) = (self.org_id, self.client_id, self.id);
        let priced: Vec<Line> = self
            .lines
            .iter()
            .map(|line| Line {
                quantity_milli: line.quantity_milli,
                unit_price_minor: line.unit_price_minor,
                tax_rate_ppm: line.tax.ppm,
            })
            .collect();
        let totals = totals(&priced).map_err(Error::bug)?;
        let label =
            |ppm| self.lines.iter().find(|line| line.tax.ppm == ppm).map_or("", |line| line.tax.label);
        let taxes = totals
            .taxes
            .iter()
            .map(|tax| load::Tax {
                org_id,
                client_id,
                invoice_id,
                rate_ppm: tax.rate_ppm,
                label: label(tax.rate_ppm),
                base_minor: tax.base_minor,
                tax_minor: tax.tax_minor,
            })
            .collect();
        let status = match (&self.number, self.voided_at) {
            (None, _) => "draft",
            (Some(_), None) => "sent",
            (Some(_), Some(_)) => "void",
        };
        let is_draft = self.number.is_none();
        let typed = is_draft.then(|| serde_json::to_string(&self.typed())).transpose().map_err(Error::bug)?;
        let parties = if is_draft { Parties::default() } else { self.parties };
        let invoice = load::Invoice {
            org_id,
            client_id,
            id: invoice_id,
            status,
            search_text: invoice_search_text(
                self.number.as_deref(),
                &self.title,
                &self.reference,
                totals.total_minor,
                self.currency,
            ),
            sent_at: self.number.as_ref().map(|_| self.created_at),
            number: self.number,
            title: self.title,
            reference: self.reference,
            notes: self.notes,
            currency: self.currency.code(),
            issued_on: self.issued_on,
            due_on: self.due_on,
            subtotal_minor: totals.subtotal_minor,
            tax_minor: totals.tax_minor,
            total_minor: totals.total_minor,
            paid_minor: 0,
            last_paid_on: None,
            version: 1,
            created_at: self.created_at,
            voided_at: self.voided_at,
            typed,
            client_name: parties.client_name,
            client_address: parties.client_address,
            client_tax_id: parties.client_tax_id,
            org_name: parties.org_name,
            org_address: parties.org_address,
            org_tax_id: parties.org_tax_id,
        };
        if is_draft {
            return Ok(Priced { invoice, lines: Vec::new(), taxes: Vec::new() });
        }
        let lines = (0..)
            .zip(self.lines)
            .zip(totals.lines_net)
            .map(|((position, line), net_minor)| load::Line {
                org_id,
                client_id,
                invoice_id,
                position,
                description: line.description,
                quantity_milli: line.quantity_milli,
                unit: line.unit,
                unit_price_minor: line.unit_price_minor,
                tax_rate_ppm: line.tax.ppm,
                net_minor,
            })
            .collect();
        Ok(Priced { invoice, lines, taxes })
    }
}

impl Sheet {
    /// The same as somebody would have typed it.
    fn typed(&self) -> TypedInvoice {
        let line = |line: &SheetLine| TypedLine {
            description: line.description.clone(),
            quantity: write_plain(line.quantity_milli, 3, '.'),
            unit: line.unit.to_owned(),
            unit_price: write_plain(line.unit_price_minor, self.currency.exponent(), '.'),
            tax_rate: write_plain(line.tax.ppm, 4, '.'),
        };
        TypedInvoice {
            title: self.title.clone(),
            reference: self.reference.clone(),
            notes: self.notes.clone(),
            lines: self.lines.iter().map(line).collect(),
            ..TypedInvoice::default()
        }
    }
}

impl Priced {
    /// What the invoice comes to.
    pub(crate) const fn total_minor(&self) -> i64 {
        self.invoice.total_minor
    }
}
