//! The public link to an invoice, and the mails about it.

use leptos::{either::Either, prelude::*};

use crate::{
    api::team::{InvoiceMail, InvoiceStatus, InvoiceSummary, MailKind},
    format::Formats,
    islands::CopyButton,
    routes,
};

/// The share link of an invoice that was sent and is not void.
pub(super) fn sharing(summary: &InvoiceSummary, url: Option<String>) -> Option<impl IntoView + use<>> {
    if matches!(summary.status, InvoiceStatus::Draft | InvoiceStatus::Void) {
        return None;
    }
    let replace = routes::app_invoice_act(&summary.id, "link");
    let link = match url {
        Some(url) => Either::Left(view! {
            <p class="share-url" data-copy=url.clone()>
                <a href=url.clone()>{url.clone()}</a>
                " "
                <CopyButton>"the link"</CopyButton>
            </p>
            <details>
                <summary class="small">"Replace it, or switch it off"</summary>
                <p class="small quiet">
                    "A link that got into the wrong hands is dead at once, in every mail and on every paper that carries it. A new one can be made at any time."
                </p>
                <div class="acts">
                    <form method="post" action=replace>
                        <button class="button small">"Replace it by a new one"</button>
                    </form>
                    <form method="post" action=routes::app_invoice_act(&summary.id, "link-off")>
                        <button class="button small">"Switch it off"</button>
                    </form>
                </div>
            </details>
        }),
        None => Either::Right(view! {
            <p class="small quiet">"It is switched off: the link that was sent leads nowhere."</p>
            <form method="post" action=replace>
                <button class="button small">"Make a new one"</button>
            </form>
        }),
    };
    Some(view! {
        <section class="block" aria-labelledby="share">
            <h2 id="share">"Share link"</h2>
            <p class="small quiet">"Whoever has it sees this invoice, and nothing else."</p>
            {link}
        </section>
    })
}

/// To whom it was mailed, and when.
pub(super) fn mails(mails: Vec<InvoiceMail>, formats: &Formats) -> Option<impl IntoView + use<>> {
    if mails.is_empty() {
        return None;
    }
    let rows = mails
        .into_iter()
        .map(|mail| {
            let what = match mail.kind {
                MailKind::Invoice => "Invoice",
                MailKind::Reminder => "Reminder",
            };
            view! {
                <li>
                    <div class="who">
                        <span class="number">{what} " to " <bdi>{mail.contact_name}</bdi></span>
                        <p class="small quiet">
                            <bdi>{mail.contact_email}</bdi>
                        </p>
                    </div>
                    <span class="small quiet">{formats.date_time(mail.at)}</span>
                </li>
            }
        })
        .collect_view();
    Some(view! {
        <section class="block" aria-labelledby="mails">
            <h2 id="mails">"Mails"</h2>
            <ul class="people" role="list">
                {rows}
            </ul>
        </section>
    })
}
