//! Mails about what was paid online. What they say is read when they are sent.

use app::{brand::Accent, format::Formats, money::Currency};

use crate::{
    error::{Error, Result},
    id::CheckoutId,
    mail::{Logo, Message, PaymentLine, PaymentMail},
    state::App,
    store::system::{ClaimedMail, PaidCheckout, PaidInvoice},
};

/// To whoever paid.
pub(super) async fn receipt(app: &App, mail: &ClaimedMail) -> Result<Option<Message>> {
    compose(app, mail, false).await
}

/// To the org.
pub(super) async fn notice(app: &App, mail: &ClaimedMail) -> Result<Option<Message>> {
    compose(app, mail, true).await
}

async fn compose(app: &App, mail: &ClaimedMail, is_notice: bool) -> Result<Option<Message>> {
    let id: CheckoutId = mail.payload.parse().map_err(Error::bug)?;
    let Some((paid, invoices)) = app.store.system().paid_checkout(id).await? else { return Ok(None) };
    let formats = Formats::new(if is_notice { &paid.org_locale } else { &paid.locale }, &paid.time_zone);
    let currency: Currency = paid.currency.parse().map_err(Error::bug)?;
    let accent: Accent = paid.accent.parse().unwrap_or_default();
    let (accent, on_accent) = accent.button_colours();
    let lines = invoices.iter().map(|invoice| line(invoice, currency, &formats)).collect();
    let message = PaymentMail {
        is_notice,
        accent,
        on_accent,
        logo: logo(app, &paid).await?,
        reply_to: if is_notice { String::new() } else { paid.org_email.clone() },
        amount: formats.money(paid.amount_minor, currency),
        day: invoices
            .iter()
            .find_map(|invoice| invoice.received_on)
            .map(|day| formats.date(day))
            .unwrap_or_default(),
        lines,
        odd: odd(&invoices, is_notice),
        url: url(app, &paid, &invoices, is_notice),
        org_name: paid.org_name,
        client_name: paid.client_name,
    };
    message.compose(mail.id.to_string(), mail.recipient.clone()).map(Some).map_err(Error::bug)
}

fn line(invoice: &PaidInvoice, currency: Currency, formats: &Formats) -> PaymentLine {
    let due = invoice.total_minor - invoice.paid_minor;
    let left = match (invoice.status.as_str(), due) {
        ("void", _) => "cancelled before".to_owned(),
        (_, due) if due > 0 => format!("{} still due", formats.money(due, currency)),
        _ => "paid".to_owned(),
    };
    PaymentLine {
        name: format!("{} {}", invoice.number, invoice.title).trim_end().to_owned(),
        amount: formats.money(invoice.amount_minor, currency),
        left,
    }
}

fn odd(invoices: &[PaidInvoice], is_notice: bool) -> String {
    match (invoices.iter().any(|invoice| invoice.flag.is_some()), is_notice) {
        (false, _) => String::new(),
        (true, true) => {
            "More came than was due. Give it back through Stripe, or agree on what it is for.".to_owned()
        }
        (true, false) => {
            "This is more than was due. It is written down in your favour, and we are told of it.".to_owned()
        }
    }
}

/// A contact finds it in the portal, a guest by the link of the invoice, the org in its books.
fn url(app: &App, paid: &PaidCheckout, invoices: &[PaidInvoice], is_notice: bool) -> String {
    let Some(first) = invoices.first() else { return String::new() };
    let id = first.id.to_string();
    let public_url = &app.config.public_url;
    match (is_notice, paid.contact_id) {
        (true, _) => public_url.link(&app::routes::app_invoice(&id)),
        (false, Some(_)) => public_url.link(&app::routes::portal_invoice(&id)),
        (false, None) => {
            let link = first.nonce.as_deref().zip(first.token_hash.as_deref());
            link.and_then(|(nonce, hash)| app.links.url(nonce, hash)).unwrap_or_default()
        }
    }
}

async fn logo(app: &App, paid: &PaidCheckout) -> Result<Option<Logo>> {
    let Some(sha256) = &paid.logo_sha256 else { return Ok(None) };
    let logo = app.store.system().logo(&paid.org_slug, sha256).await?;
    Ok(logo.map(|logo| Logo { content_type: logo.content_type, bytes: logo.bytes }))
}
