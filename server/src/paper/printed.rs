//! From an answer of the schema to a file with a name.

use std::sync::Arc;

use app::{
    api::portal::{Invoice, Statement},
    error::{AppError, ErrorCode},
};

use super::{Letterhead, of_invoice, of_receipt, of_statement};
use crate::{
    auth::share_link::GuestVisit,
    error::{Error, Result},
    graphql::{Caller, OnPaper, PageExecutor},
    state::App,
    store::{Origin, row::ShareLinkRow},
};

/// A file.
#[derive(Debug, Clone)]
pub struct Printed {
    /// Its name: letters and digits of ASCII, points, dashes.
    pub name: String,
    /// The file.
    pub bytes: Arc<Vec<u8>>,
}

/// The invoice that a guest may see; `None` where it is gone.
pub async fn guest_invoice(app: &App, visit: &Arc<GuestVisit>, origin: Origin) -> Result<Option<Invoice>> {
    let executor = PageExecutor::new(&app.pages, Caller::Guest(Arc::clone(visit)), origin);
    app::api::guest::invoice(&executor).await.map_err(|error| from_schema(&error))
}

/// The same as a file.
pub async fn print_for_guest(app: &App, visit: &Arc<GuestVisit>, origin: Origin) -> Result<Option<Printed>> {
    print_as_far_as(app, visit, origin, OnPaper::ALL).await
}

/// The same for whoever may not see all that is on it.
pub async fn print_as_far_as(
    app: &App,
    visit: &Arc<GuestVisit>,
    origin: Origin,
    shown: OnPaper,
) -> Result<Option<Printed>> {
    let Some(mut invoice) = guest_invoice(app, visit, origin).await? else { return Ok(None) };
    if !shown.payments {
        invoice.payments.clear();
    }
    let link = if shown.link { app.store.for_guest(&visit.actor).share_link().await? } else { None };
    let head = Letterhead::of(&app.store, &visit.brand, &visit.locale, visit.time_zone.name()).await?;
    print_invoice(app, head, invoice, &visit.payment_instructions, link).await.map(Some)
}

/// An invoice, with the link that leads to it.
pub async fn print_invoice(
    app: &App,
    head: Letterhead,
    invoice: Invoice,
    instructions: &str,
    link: Option<ShareLinkRow>,
) -> Result<Printed> {
    let name = format!("{}.pdf", file_name(&invoice.row.number));
    let link = link.and_then(|link| app.links.url(&link.nonce, &link.token_hash));
    let bytes = app.press.invoice(of_invoice(head, invoice, instructions, link)).await?;
    Ok(Printed { name, bytes })
}

/// The receipt for one of an invoice's payments; `None` where there is none to be had for it.
pub async fn print_receipt(
    app: &App,
    head: Letterhead,
    invoice: Invoice,
    payment: &str,
) -> Result<Option<Printed>> {
    let number = file_name(&invoice.row.number);
    let Some(receipt) = of_receipt(head, invoice, payment) else { return Ok(None) };
    let bytes = app.press.receipt(receipt).await?;
    Ok(Some(Printed { name: format!("receipt-{number}.pdf"), bytes }))
}

/// A statement.
pub async fn print_statement(app: &App, head: Letterhead, statement: &Statement) -> Result<Printed> {
    let name = format!("statement-{}-{}.pdf", statement.from, statement.to);
    let bytes = app.press.statement(of_statement(head, statement)).await?;
    Ok(Printed { name, bytes })
}

/// What the schema has said already, in the log as well.
fn from_schema(error: &AppError) -> Error {
    match error.code {
        ErrorCode::NotFound => Error::NotFound,
        ErrorCode::Unavailable => Error::Unavailable("the schema could not be asked".into()),
        code => Error::bug(format!("the schema refused an invoice: {code:?}")),
    }
}

/// A number as the name of a file.
fn file_name(number: &str) -> String {
    let fits = |character: &char| character.is_ascii_alphanumeric() || matches!(character, '-' | '.' | '_');
    let name: String =
        number.chars().map(|character| if fits(&character) { character } else { '-' }).collect();
    if name.trim_matches(['-', '.']).is_empty() { "invoice".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn a_file_is_named_by_what_every_system_takes() {
        assert_eq!(file_name("JF-2026-041"), "JF-2026-041");
        assert_eq!(file_name("R/\"\r\n\u{202e}é 1"), "R-------1");
        assert_eq!(file_name("…"), "invoice");
    }
}
