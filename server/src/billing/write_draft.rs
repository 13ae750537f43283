//! Drafts: begun for a client, saved as they are typed, copied from another invoice.

use app::{
    money::{Currency, TypedLine, write_plain},
    problem::FieldProblem,
};

use crate::{
    draft::{Reading, TypedInvoice},
    error::{Error, Result},
    id::{ClientId, InvoiceId},
    store::{
        Origin,
        team::{DraftSums, Stale, TeamLineRow, TeamScope, read_typed},
    },
};

/// A draft that was saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftSaved {
    /// Its new version.
    pub version: i64,
    /// What hinders sending it so far.
    pub hinders: Vec<FieldProblem>,
}

/// Begins a draft for a client, with one line at the org's usual tax rate. The same id again is the same draft.
pub async fn add_draft(
    scope: &TeamScope<'_>,
    client: ClientId,
    id: InvoiceId,
    reading: impl Fn(Currency, i64) -> Reading + Send,
    origin: &Origin,
) -> Result<()> {
    let defaults = scope.draft_defaults(client).await?.ok_or(Error::NotFound)?;
    let reading = reading(defaults.currency.parse().map_err(Error::bug)?, defaults.payment_days);
    let line = TypedLine {
        tax_rate: write_plain(defaults.default_tax_ppm, 4, reading.decimal_sign),
        ..TypedLine::default()
    };
    let typed = TypedInvoice { lines: vec![line], ..TypedInvoice::default() };
    scope.add_draft(client, id, reading.currency, &typed, &sums(&typed, &reading), origin).await
}

/// Saves a draft as it is typed, finished or not.
pub async fn save_draft(
    scope: &TeamScope<'_>,
    id: InvoiceId,
    version: i64,
    typed: &TypedInvoice,
    reading: impl Fn(Currency, i64) -> Reading + Send,
) -> Result<Result<DraftSaved, Stale>> {
    let Some(draft) = scope.draft(id).await? else { return Ok(Err(Stale::NotFound)) };
    let reading = reading(draft.currency.parse().map_err(Error::bug)?, draft.payment_days);
    let saved = scope.save_draft(&draft, version, reading.currency, typed, &sums(typed, &reading)).await?;
    let hinders = typed.ready(&reading).err().unwrap_or_default();
    Ok(saved.map(|version| DraftSaved { version, hinders }))
}

/// Begins a draft that says what another invoice says; its days are left to when it is sent.
pub async fn duplicate_invoice(
    scope: &TeamScope<'_>,
    source: InvoiceId,
    id: InvoiceId,
    reading: impl Fn(Currency, i64) -> Reading + Send,
    origin: &Origin,
) -> Result<()> {
    let row = scope.invoice(source).await?.ok_or(Error::NotFound)?;
    let defaults = scope.draft_defaults(row.client_id).await?.ok_or(Error::NotFound)?;
    let reading = reading(row.currency.parse().map_err(Error::bug)?, defaults.payment_days);
    let typed = if let Some(typed) = &row.typed {
        TypedInvoice { issued_on: String::new(), due_on: String::new(), ..read_typed(typed) }
    } else {
        let lines = scope.invoice_lines(&[(row.client_id, source)]).await?;
        let number = |value, decimals| write_plain(value, decimals, reading.decimal_sign);
        let line = |line: TeamLineRow| TypedLine {
            description: line.description,
            quantity: number(line.quantity_milli, 3),
            unit: line.unit,
            unit_price: number(line.unit_price_minor, reading.currency.exponent()),
            tax_rate: number(line.tax_rate_ppm, 4),
        };
        TypedInvoice {
            title: row.title,
            reference: row.reference,
            notes: row.notes,
            discount: if row.discount_ppm == 0 { String::new() } else { number(row.discount_ppm, 4) },
            lines: lines.into_iter().map(line).collect(),
            ..TypedInvoice::default()
        }
    };
    scope.add_draft(row.client_id, id, reading.currency, &typed, &sums(&typed, &reading), origin).await
}

/// What lists show of a draft: what can be read of it. Sums that do not fit are told when it is to be sent.
fn sums(typed: &TypedInvoice, reading: &Reading) -> DraftSums {
    let reckoning = typed.reckon(reading);
    let (issued_on, due_on) = typed.days(reading);
    let totals = reckoning.totals.ok();
    let of = |part: fn(&app::money::Totals) -> i64| totals.as_ref().map(part).unwrap_or_default();
    DraftSums {
        issued_on,
        due_on,
        discount_ppm: reckoning.discount_ppm.unwrap_or_default(),
        discount_minor: of(|totals| totals.discount_minor),
        subtotal_minor: of(|totals| totals.subtotal_minor),
        tax_minor: of(|totals| totals.tax_minor),
        total_minor: of(|totals| totals.total_minor),
    }
}
