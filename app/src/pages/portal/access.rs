//! Who has seen this: the visitor's own sessions, and what the client's people did here.

use leptos::{either::Either, prelude::*};

use crate::{
    api::portal::{Access, AccessEntry, AccessKind, Session},
    components::{Chip, Empty, Pagination, PaginationProps, Tone},
    format::Formats,
    layout::{Frame, Portal, Scripts, Tab},
    routes,
};

/// Sessions and one page of the access log.
#[component]
pub fn AccessPage(
    /// What every signed-in page knows.
    frame: Frame,
    /// Sessions and log.
    access: Access,
    /// The first page of the log. Sessions are shown there only.
    is_first_page: bool,
) -> impl IntoView {
    let pagination = PaginationProps::of(&access.access_log.page_info, |cursor| {
        routes::page_of(routes::PORTAL_ACCESS, Some(cursor))
    });
    let formats = frame.formats.clone();
    let may_end = !frame.is_preview;
    let sessions = is_first_page.then(|| sessions(access.sessions, &formats, may_end));
    let log = if access.access_log.nodes.is_empty() {
        Either::Left(view! { <Empty title="Nothing yet" sentence="Visits to this portal are listed here."/> })
    } else {
        Either::Right(log(access.access_log.nodes, &formats))
    };
    let client = frame.client_name.clone();
    view! {
        <Portal frame title="Who has seen this".to_owned() tab=Tab::Elsewhere scripts=Scripts::None>
            <header class="list-head">
                <h1>"Who has seen this"</h1>
            </header>
            {sessions}
            <section class="section" aria-labelledby="log">
                <header>
                    <h2 id="log">"Access log of " <bdi>{client}</bdi></h2>
                </header>
                {log}
                {Pagination(pagination)}
            </section>
        </Portal>
    }
}

fn sessions(sessions: Vec<Session>, formats: &Formats, may_end: bool) -> impl IntoView + use<> {
    let items = sessions.into_iter().map(|session| session_item(session, formats, may_end)).collect_view();
    let end_all = may_end.then(|| {
        view! {
            <form method="post" action=routes::PORTAL_SIGN_OUT_EVERYWHERE>
                <button class="button">"Sign out everywhere"</button>
            </form>
        }
    });
    view! {
        <section class="section" aria-labelledby="sessions">
            <header>
                <h2 id="sessions">"Where you are signed in"</h2>
            </header>
            <ul class="sessions" role="list">
                {items}
            </ul>
            {end_all}
        </section>
    }
}

fn session_item(session: Session, formats: &Formats, may_end: bool) -> impl IntoView + use<> {
    let began = formats.date_time(session.created_at);
    let ends = formats.date_time(session.expires_at);
    let browser = if session.browser.is_empty() { "Unknown browser".to_owned() } else { session.browser };
    let mut detail = format!("Since {began}");
    if !session.ip_short.is_empty() {
        detail.push_str(" from ");
        detail.push_str(&session.ip_short);
    }
    let which = format!(" the session of {browser} since {began}");
    let end = if session.current {
        Either::Left(view! { <Chip tone=Tone::Good text="This one"/> })
    } else {
        let form = may_end.then(|| {
            view! {
                <form method="post" action=routes::PORTAL_END_SESSION>
                    <input type="hidden" name="session" value=session.id/>
                    <button class="button">
                        "End" <span class="visually-hidden">{which}</span>
                    </button>
                </form>
            }
        });
        Either::Right(form)
    };
    view! {
        <li>
            <div class="what">
                <p class="number">{browser}</p>
                <p class="small quiet">{detail}</p>
                <p class="small quiet">"Ends by itself " {ends}</p>
            </div>
            {end}
        </li>
    }
}

fn log(entries: Vec<AccessEntry>, formats: &Formats) -> impl IntoView + use<> {
    let rows = entries
        .into_iter()
        .map(|entry| {
            let from = match (entry.browser.is_empty(), entry.ip_short.is_empty()) {
                (false, false) => format!("{}, {}", entry.browser, entry.ip_short),
                _ => format!("{}{}", entry.browser, entry.ip_short),
            };
            view! {
                <tr role="row">
                    <td role="cell" class="what">
                        {words(entry.kind)}
                        {invoice_link(entry.invoice_id, entry.invoice_number)}
                    </td>
                    <td role="cell" class="who">
                        <bdi>{entry.contact_name}</bdi>
                    </td>
                    <td role="cell" class="from quiet">
                        {from}
                    </td>
                    <td role="cell" class="when quiet num">
                        {formats.date_time(entry.at)}
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="ledger access-log" role="table">
            <caption class="visually-hidden">"Access log, newest first"</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">"What"</th>
                    <th role="columnheader" scope="col">"Who"</th>
                    <th role="columnheader" scope="col">"From"</th>
                    <th role="columnheader" scope="col" class="end">"When"</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    }
}

const fn words(kind: AccessKind) -> &'static str {
    match kind {
        AccessKind::LinkRequested => "Asked for a sign-in link",
        AccessKind::LinkRefused => "Asked for a sign-in link, none was sent",
        AccessKind::SignedIn => "Signed in",
        AccessKind::SignedOut => "Signed out",
        AccessKind::SessionEnded => "Ended another session",
        AccessKind::InvoiceViewed => "Opened an invoice",
        AccessKind::InvoiceDownloaded => "Took an invoice as PDF",
        AccessKind::ReceiptDownloaded => "Took a receipt as PDF",
        AccessKind::StatementDownloaded => "Took a statement of account as a file",
        AccessKind::Paid => "Paid an invoice",
    }
}

fn invoice_link(id: Option<String>, number: Option<String>) -> Option<impl IntoView + use<>> {
    id.zip(number).map(|(id, number)| {
        view! {
            ": "
            <a href=routes::portal_invoice(&id)>{number}</a>
        }
    })
}
