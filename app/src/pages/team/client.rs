//! One client: who it is, its contacts, and what can be done with it.

use leptos::{either::Either, prelude::*};

use crate::{
    api::team::{Client, ClientBalance, Contact},
    components::{Chip, Empty, MailLink, Tone},
    format::Formats,
    layout::{Desk, DeskFrame, DeskTab, Scripts},
    routes,
};

/// One client.
#[component]
pub fn ClientPage(
    /// What every page of the team knows.
    frame: DeskFrame,
    client: Client,
) -> impl IntoView {
    let Client { id, name, currency, locale, address, tax_id, archived_at, balances, contacts, .. } = client;
    let title = name.clone();
    let is_archived = archived_at.is_some();
    let locale = locale.unwrap_or_else(|| "As the organisation".to_owned());
    let people = people(&id, &name, contacts, is_archived, &frame);
    let shelf = shelf(&id, is_archived);
    let write = (!is_archived).then(|| {
        view! {
            <a class="button primary" href=routes::app_invoices_new(&title, None)>
                "New invoice" <span class="visually-hidden">" for " {title.clone()}</span>
            </a>
        }
    });
    let since = archived_at.map(|at| {
        let text = format!("Archived since {}", frame.formats.date(frame.formats.day_of(at)));
        view! { <Chip tone=Tone::Calm text/> }
    });
    let owed = owed(balances, &frame.formats);
    view! {
        <Desk frame title=title.clone() tab=DeskTab::Clients is_tab_itself=false scripts=Scripts::Desk>
            <header class="work-head">
                <div>
                    <p class="crumb">
                        <a href=routes::APP_CLIENTS>
                            "Clients"
                        </a>
                    </p>
                    <h1>
                        <bdi>{name}</bdi>
                    </h1>
                    {since}
                    {owed}
                </div>
                <div class="acts">
                    <a class="button" href=routes::app_invoices(None, &title, None)>
                        "Invoices" <span class="visually-hidden">" of " {title.clone()}</span>
                    </a>
                    <a class="button" href=routes::app_activity(routes::APP_ACTIVITY, &[("client", id.clone())], None)>
                        "Activity"
                    </a>
                    <a class="button" href=routes::app_client_act(&id, "statement")>
                        "Statement"
                    </a>
                    <a class="button" href=routes::app_client_act(&id, "edit")>
                        "Edit"
                    </a>
                    {write}
                </div>
            </header>
            <section class="block" aria-labelledby="details">
                <h2 id="details">"Billing details"</h2>
                <dl class="facts">
                    {fact("Address", address)} {fact("Tax id", tax_id)} {fact("Currency", currency)}
                    {fact("Language", locale)}
                </dl>
            </section>
            {people}
            {shelf}
        </Desk>
    }
}

/// What is outstanding, a line for each currency.
fn owed(balances: Vec<ClientBalance>, formats: &Formats) -> impl IntoView + use<> {
    if balances.is_empty() {
        return Either::Left(view! { <p class="small quiet">"Owes nothing."</p> });
    }
    let rows = balances
        .into_iter()
        .map(|ClientBalance { currency, outstanding_minor, open_count, overdue_minor }| {
            let open = match open_count {
                1 => "outstanding on 1 invoice".to_owned(),
                count => format!("outstanding on {} invoices", formats.quantity(count.saturating_mul(1_000))),
            };
            let overdue = (overdue_minor > 0).then(|| {
                view! { <span class="late-words">{format!("{} overdue", formats.money(overdue_minor, currency))}</span> }
            });
            view! {
                <p class="figure">
                    <span class="amount num">{formats.money(outstanding_minor, currency)}</span>
                    " "
                    <span class="quiet">{open}</span>
                    " "
                    {overdue}
                </p>
            }
        })
        .collect_view();
    Either::Right(rows)
}

fn fact(term: &'static str, value: String) -> impl IntoView {
    let value = if value.is_empty() { "—".to_owned() } else { value };
    view! {
        <div>
            <dt class="quiet">{term}</dt>
            <dd class="lines" dir="auto">
                {value}
            </dd>
        </div>
    }
}

fn people(
    client: &str,
    client_name: &str,
    contacts: Vec<Contact>,
    is_archived: bool,
    frame: &DeskFrame,
) -> impl IntoView + use<> {
    let notice = (!frame.has_portal).then(|| {
        view! {
            <p class="notice small">
                "The client portal is part of the plans Studio and Agency. Access that you switch on here begins when the organisation changes to one of them."
            </p>
        }
    });
    let list = if contacts.is_empty() {
        Either::Left(view! {
            <Empty
                title="Nobody yet"
                sentence="Add the person who gets the invoices. With portal access they sign in by a link in a mail, without a password."
            />
        })
    } else {
        let may_preview = frame.has_portal && !is_archived;
        let rows = contacts
            .into_iter()
            .map(|contact| person(client, contact, may_preview, &frame.formats))
            .collect_view();
        Either::Right(view! {
            <ul class="people" role="list">
                {rows}
            </ul>
        })
    };
    let add = (!is_archived).then(|| {
        view! {
            <a class="button" href=routes::app_contact_new(client)>
                "Add a contact"
                <span class="visually-hidden">" to " {client_name.to_owned()}</span>
            </a>
        }
    });
    view! {
        <section class="block" aria-labelledby="contacts">
            <header>
                <h2 id="contacts">"Contacts"</h2>
                {add}
            </header>
            {notice}
            {list}
        </section>
    }
}

fn person(client: &str, contact: Contact, may_preview: bool, formats: &Formats) -> impl IntoView + use<> {
    let Contact { id, name, email, portal_access, last_sign_in_at, session_count, .. } = contact;
    let (tone, state) = if portal_access { (Tone::Good, "Portal access") } else { (Tone::Calm, "No access") };
    let last = match last_sign_in_at {
        Some(at) => format!("Last signed in {}", formats.date_time(at)),
        None => "Has never signed in".to_owned(),
    };
    let whom = format!(" for {name}");
    let toggle = {
        let (value, words, becomes) = if portal_access {
            ("off", "Switch access off", "No access")
        } else {
            ("on", "Switch access on", "Portal access")
        };
        view! {
            <form
                method="post"
                action=routes::app_contact_act(client, &id, "access")
                data-at-once="chip"
                data-chip=becomes
            >
                <input type="hidden" name="access" value=value/>
                <button class="button small">
                    {words} <span class="visually-hidden">{whom.clone()}</span>
                </button>
            </form>
        }
    };
    let end = (session_count > 0).then(|| {
        let words = match session_count {
            1 => "End 1 session now".to_owned(),
            count => format!("End {count} sessions now"),
        };
        view! {
            <form method="post" action=routes::app_contact_act(client, &id, "end-sessions") data-at-once="">
                <button class="button small">
                    {words} <span class="visually-hidden">{whom.clone()}</span>
                </button>
            </form>
        }
    });
    let preview = may_preview.then(|| {
        view! {
            <form method="post" action=routes::app_contact_act(client, &id, "preview")>
                <button class="button small">
                    "Preview portal" <span class="visually-hidden">{whom}</span>
                </button>
            </form>
        }
    });
    view! {
        <li>
            <div class="who">
                <a class="number" href=routes::app_contact(client, &id)>
                    <bdi>{name}</bdi>
                </a>
                <p class="small quiet">
                    <MailLink address=email/>
                </p>
                <p class="small quiet">{last}</p>
            </div>
            <Chip tone text=state/>
            <div class="acts">{preview} {toggle} {end}</div>
        </li>
    }
}

/// Putting a client away, which is taken back by the same button.
fn shelf(id: &str, is_archived: bool) -> impl IntoView + use<> {
    let (act, words, sentence) = if is_archived {
        ("restore", "Take it back", "It is listed again, and its contacts can sign in again.")
    } else {
        (
            "archive",
            "Archive this client",
            "It leaves the list, and its contacts are signed out of the portal. Nothing is deleted, and you can take it back.",
        )
    };
    view! {
        <section class="block quiet-block">
            <p class="small quiet">{sentence}</p>
            <form method="post" action=routes::app_client_act(id, act) data-at-once="">
                <button class="button small">{words}</button>
            </form>
        </section>
    }
}
