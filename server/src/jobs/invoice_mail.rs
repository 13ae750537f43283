//! Mails about an invoice. What they say is read when they are sent: a reminder of what was paid meanwhile, or
//! a link that was replaced, never leaves.

use app::{brand::Accent, format::Formats};

use crate::{
    error::{Error, Result},
    id::InvoiceMailId,
    mail::{Attachment, InvoiceMail, Logo, Message},
    paper::print_for_guest,
    state::App,
    store::{
        Origin,
        system::{ClaimedMail, MailedInvoice},
    },
};

/// `None`: the invoice is void, its link was switched off, or nothing is due any more.
pub(super) async fn compose(app: &App, mail: &ClaimedMail) -> Result<Option<Message>> {
    let id: InvoiceMailId = mail.payload.parse().map_err(Error::bug)?;
    let Some(found) = app.store.system().mailed_invoice(id).await? else { return Ok(None) };
    let is_reminder = found.kind == "reminder";
    let due_minor = found.total_minor - found.paid_minor;
    if found.status != "sent" || (is_reminder && due_minor <= 0) {
        return Ok(None);
    }
    let link = found.nonce.as_deref().zip(found.token_hash.as_deref());
    let Some(url) = link.and_then(|(nonce, hash)| app.links.url(nonce, hash)) else { return Ok(None) };
    let formats = Formats::new(&found.locale, &found.time_zone);
    let currency = found.currency.parse().map_err(Error::bug)?;
    let accent: Accent = found.accent.parse().unwrap_or_default();
    let (accent, on_accent) = accent.button_colours();
    let invoice_mail = InvoiceMail {
        is_reminder,
        org_name: found.org_name.clone(),
        accent,
        on_accent,
        logo: logo(app, &found).await?,
        reply_to: found.org_email,
        client_name: found.client_name,
        number: found.number,
        title: found.title,
        amount: formats.money(if is_reminder { due_minor } else { found.total_minor }, currency),
        due: formats.date(found.due_on),
        message: found.message,
        url,
        attachment: attachment(app, found.token_hash.as_deref()).await?,
    };
    invoice_mail.compose(mail.id.to_string(), mail.recipient.clone()).map(Some).map_err(Error::bug)
}

/// The invoice as whoever has its link sees it.
async fn attachment(app: &App, token_hash: Option<&[u8]>) -> Result<Option<Attachment>> {
    let hash = token_hash.and_then(|hash| <[u8; 32]>::try_from(hash).ok());
    let Some(hash) = hash else { return Ok(None) };
    let Some(row) = app.store.system().share_link(&hash).await? else { return Ok(None) };
    let printed = print_for_guest(app, &row.admit(), Origin::default()).await?;
    Ok(printed.map(|printed| Attachment {
        name: printed.name,
        content_type: "application/pdf".to_owned(),
        bytes: printed.bytes.as_ref().clone(),
    }))
}

async fn logo(app: &App, found: &MailedInvoice) -> Result<Option<Logo>> {
    let Some(sha256) = &found.logo_sha256 else { return Ok(None) };
    let logo = app.store.system().logo(&found.org_slug, sha256).await?;
    Ok(logo.map(|logo| Logo { content_type: logo.content_type, bytes: logo.bytes }))
}
