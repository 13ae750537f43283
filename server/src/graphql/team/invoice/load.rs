//! Reads invoices with as much of them as a document asks for: a statement for each kind of part, however many
//! invoices there are.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::{
    super::{client, draft::reading, payment},
    TeamInvoice, WHOLE,
};
use crate::{
    error::Result,
    graphql::{guard::Team, look::Look},
    id::{ClientId, InvoiceId},
    store::team::{TeamInvoiceRow, TeamInvoiceSummaryRow, read_typed},
};

/// One invoice; `None` where there is none such.
pub(in crate::graphql::team) async fn by_id(
    team: &Team<'_>,
    id: &str,
    look: &Look<'_>,
) -> Result<Option<TeamInvoice>> {
    // An id that is none is not found, as any other that is not there (rule I5).
    let Ok(id) = id.parse::<InvoiceId>() else { return Ok(None) };
    let Some(mut row) = team.scope.invoice(id).await? else { return Ok(None) };
    if let Some((issued_on, due_on)) = draft_days(team, &row).await? {
        (row.issued_on, row.due_on) = (issued_on, due_on);
    }
    Ok(load(team, vec![whole(row, team.today)], look).await?.pop())
}

/// Those of these invoices that are there.
pub(in crate::graphql::team) async fn by_ids(
    team: &Team<'_>,
    ids: &[InvoiceId],
    look: &Look<'_>,
) -> Result<HashMap<InvoiceId, TeamInvoice>> {
    let rows = team.scope.invoices_by_id(ids).await?;
    let invoices = rows.into_iter().map(|row| whole(row, team.today)).collect();
    let invoices = load(team, invoices, look).await?;
    Ok(invoices.into_iter().map(|invoice| (invoice.key.1, invoice)).collect())
}

/// Those of a list.
pub(in crate::graphql::team) async fn of_rows(
    team: &Team<'_>,
    rows: Vec<TeamInvoiceSummaryRow>,
    look: &Look<'_>,
) -> Result<Vec<TeamInvoice>> {
    let mut invoices: Vec<TeamInvoice> =
        rows.into_iter().map(|row| TeamInvoice::new(row, team.today)).collect();
    if look.has_any(&WHOLE) || look.has("draft") {
        let ids: Vec<InvoiceId> = invoices.iter().map(|invoice| invoice.key.1).collect();
        let mut rows: HashMap<InvoiceId, TeamInvoiceRow> =
            team.scope.invoices_by_id(&ids).await?.into_iter().map(|row| (row.id, row)).collect();
        for invoice in &mut invoices {
            invoice.whole = rows.remove(&invoice.key.1).map(Box::new);
        }
        // One that was deleted since the list was read is not there any more.
        invoices.retain(|invoice| invoice.whole.is_some());
    }
    load(team, invoices, look).await
}

/// Reads the parts that are asked for.
async fn load(team: &Team<'_>, mut invoices: Vec<TeamInvoice>, look: &Look<'_>) -> Result<Vec<TeamInvoice>> {
    let keys: Vec<(ClientId, InvoiceId)> = invoices.iter().map(|invoice| invoice.key).collect();
    let mut parts = Collected::default();
    if look.has("lines") {
        parts.lines = by_invoice(team.scope.invoice_lines(&keys).await?, |line| line.invoice_id);
    }
    if look.has("taxes") {
        parts.taxes = by_invoice(team.scope.invoice_taxes(&keys).await?, |tax| tax.invoice_id);
    }
    if look.has("mails") {
        parts.mails = by_invoice(team.scope.invoice_mails(&keys).await?, |mail| mail.invoice_id);
    }
    if look.has("shareUrl") {
        parts.links = by_invoice(team.scope.share_links(&keys).await?, |link| link.invoice_id);
    }
    if look.has("payments") {
        let rows = team.scope.invoice_payments(&keys).await?;
        // Boxed: a payment can ask for its invoice in turn, if not in a document that is let in (`limits.rs`).
        let payments = Box::pin(payment::of_rows(team, rows, &look.field("payments"))).await?;
        for payment in payments {
            parts.payments.entry(payment.invoice_key()).or_default().push(payment);
        }
    }
    let clients = if look.has("client") {
        let ids = distinct(keys.iter().map(|(client, _)| *client));
        client::by_ids(team, &ids, &look.field("client")).await?
    } else {
        HashMap::new()
    };
    for invoice in &mut invoices {
        let (client, id) = invoice.key;
        invoice.parts.lines = take(&mut parts.lines, id);
        invoice.parts.taxes = take(&mut parts.taxes, id);
        invoice.parts.mails = take(&mut parts.mails, id);
        invoice.parts.payments = parts.payments.remove(&id).unwrap_or_default();
        let link = parts.links.remove(&id).and_then(|mut links| links.pop());
        invoice.parts.share_url = link.and_then(|link| team.links.url(&link.nonce, &link.token_hash));
        invoice.parts.client = clients.get(&client).cloned();
    }
    Ok(invoices)
}

/// The parts of all invoices, by invoice.
#[derive(Default)]
struct Collected {
    lines: HashMap<InvoiceId, Vec<crate::store::team::TeamLineRow>>,
    taxes: HashMap<InvoiceId, Vec<crate::store::team::TeamTaxRow>>,
    mails: HashMap<InvoiceId, Vec<crate::store::team::InvoiceMailRow>>,
    links: HashMap<InvoiceId, Vec<crate::store::team::ShareLinkRow>>,
    payments: HashMap<InvoiceId, Vec<payment::TeamPayment>>,
}

fn by_invoice<T>(rows: Vec<T>, invoice: impl Fn(&T) -> InvoiceId) -> HashMap<InvoiceId, Vec<T>> {
    let mut sorted: HashMap<InvoiceId, Vec<T>> = HashMap::new();
    for row in rows {
        sorted.entry(invoice(&row)).or_default().push(row);
    }
    sorted
}

fn take<R, T: From<R>>(rows: &mut HashMap<InvoiceId, Vec<R>>, id: InvoiceId) -> Vec<T> {
    rows.remove(&id).unwrap_or_default().into_iter().map(T::from).collect()
}

/// Each id once: several invoices of a page are often of one client.
pub(in crate::graphql::team) fn distinct<T: Ord>(ids: impl Iterator<Item = T>) -> Vec<T> {
    ids.collect::<std::collections::BTreeSet<T>>().into_iter().collect()
}

fn whole(row: TeamInvoiceRow, today: NaiveDate) -> TeamInvoice {
    let summary = TeamInvoiceSummaryRow {
        org_id: row.org_id,
        client_id: row.client_id,
        client_name: row.client_name.clone(),
        id: row.id,
        number: row.number.clone(),
        title: row.title.clone(),
        settlement: row.settlement.clone(),
        issued_on: row.issued_on,
        due_on: row.due_on,
        currency: row.currency.clone(),
        total_minor: row.total_minor,
        paid_minor: row.paid_minor,
        view_count: row.view_count,
    };
    TeamInvoice { whole: Some(Box::new(row)), ..TeamInvoice::new(summary, today) }
}

/// The days that a draft would have if it were sent today; `None` for what is no draft, or cannot be sent.
async fn draft_days(team: &Team<'_>, row: &TeamInvoiceRow) -> Result<Option<(NaiveDate, NaiveDate)>> {
    let (Some(typed), Ok(currency)) = (&row.typed, row.currency.parse()) else { return Ok(None) };
    let Some(defaults) = team.scope.draft_defaults(row.client_id).await? else { return Ok(None) };
    Ok(Some(read_typed(typed).days(&reading(team)(currency, defaults.payment_days))))
}
