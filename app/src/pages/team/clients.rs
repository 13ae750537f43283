//! All clients, by name and by search.

use leptos::{either::Either, prelude::*};

use crate::{
    api::{
        portal::Page,
        team::{ClientBalance, ClientSummary},
    },
    components::{Empty, Pagination, PaginationProps, SearchForm, found_words},
    format::Formats,
    layout::{Desk, DeskFrame, DeskTab, Scripts},
    routes,
};

/// The list of clients. Everything that a search changes is in the element `results`.
#[component]
pub fn ClientsPage(
    /// What every page of the team knows.
    frame: DeskFrame,
    /// Whether those that were put away are shown, or the others.
    archived: bool,
    /// What was searched for; may be empty.
    search: String,
    /// One page of them.
    page: Page<ClientSummary>,
    /// Some of them were imported just now.
    #[prop(optional)]
    imported: bool,
) -> impl IntoView {
    let pagination =
        PaginationProps::of(&page.page_info, |cursor| routes::app_clients(archived, &search, Some(cursor)))
            .by_name();
    let summary = found_words(page.nodes.len(), page.page_info.has_next_page, &search, "client", "clients");
    let list = if page.nodes.is_empty() {
        Either::Left(nothing(archived, &search))
    } else {
        let rows = page.nodes.into_iter().map(|client| row(client, &frame.formats)).collect_view();
        Either::Right(view! {
            <table class="ledger" role="table">
                <caption class="visually-hidden">"Clients"</caption>
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col">
                            "Client"
                        </th>
                        <th role="columnheader" scope="col">
                            "Contacts"
                        </th>
                        <th role="columnheader" scope="col" class="end">
                            "Outstanding"
                        </th>
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        })
    };
    let tabs = tabs(archived, &search);
    let said = imported.then(|| {
        view! {
            <p class="notice good" role="status">
                "Imported. What your file holds is among your clients now; " <a href=routes::APP_ACTIVITY>"the activity"</a>
                " says what was added."
            </p>
        }
    });
    view! {
        <Desk frame title="Clients".to_owned() tab=DeskTab::Clients scripts=Scripts::Desk>
            <section class="list-page">
                <header class="list-head">
                    <h1>"Clients"</h1>
                    <SearchForm
                        action=routes::APP_CLIENTS
                        filter=archived.then_some(("shelf", "archived"))
                        label="Search by client, contact or address"
                        placeholder="Search clients"
                        value=search
                    />
                    <a class="button" href=routes::APP_CLIENTS_IMPORT>
                        "Import"
                    </a>
                    <a class="button primary" href=routes::APP_CLIENTS_NEW>
                        "New client"
                    </a>
                </header>
                {said}
                <div id="results" data-summary=summary>
                    {tabs}
                    {list}
                    {Pagination(pagination)}
                </div>
            </section>
        </Desk>
    }
}

fn tabs(archived: bool, search: &str) -> impl IntoView + use<> {
    let links = [(false, "Active"), (true, "Archived")]
        .map(|(shelf, label)| {
            let href = routes::app_clients(shelf, search, None);
            view! {
                <li>
                    <a href=href aria-current=(shelf == archived).then_some("true")>
                        {label}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="tabs" aria-label="Active or archived">
            <ul>{links}</ul>
        </nav>
    }
}

fn row(client: ClientSummary, formats: &Formats) -> impl IntoView + use<> {
    let contacts = match (client.contact_count, client.portal_contact_count) {
        (0, _) => "None yet".to_owned(),
        (1, 0) => "1 contact".to_owned(),
        (count, 0) => format!("{count} contacts"),
        (1, _) => "1 contact, in the portal".to_owned(),
        (count, portal) => format!("{count} contacts, {portal} in the portal"),
    };
    let balances = if client.balances.is_empty() {
        Either::Left(view! { <span class="quiet">"Nothing open"</span> })
    } else {
        Either::Right(client.balances.iter().map(|balance| figure(balance, formats)).collect_view())
    };
    view! {
        <tr role="row">
            <td role="cell" class="what">
                <a class="number" href=routes::app_client(&client.id)>
                    <bdi>{client.name}</bdi>
                </a>
            </td>
            <td role="cell" class="state quiet">
                {contacts}
            </td>
            <td role="cell" class="amount num">
                {balances}
            </td>
        </tr>
    }
}

fn figure(balance: &ClientBalance, formats: &Formats) -> impl IntoView + use<> {
    let overdue = (balance.overdue_minor > 0).then(|| {
        let text = format!("{} overdue", formats.money(balance.overdue_minor, balance.currency));
        view! { <span class="small late-words">{text}</span> }
    });
    view! {
        <span class="figure-line">{formats.money(balance.outstanding_minor, balance.currency)} {overdue}</span>
    }
}

fn nothing(archived: bool, search: &str) -> impl IntoView + use<> {
    if !search.is_empty() {
        let sentence = format!("No client or contact has “{search}” in a name or an address.");
        let way_on = (routes::app_clients(archived, "", None), "Show all clients");
        return Either::Left(view! { <Empty title="Nothing found" sentence way_on/> });
    }
    Either::Right(if archived {
        Either::Left(
            view! { <Empty title="None is archived" sentence="Clients that you put away would be listed here."/> },
        )
    } else {
        let way_on = (routes::APP_CLIENTS_NEW.to_owned(), "Add your first client");
        let other_way = (routes::APP_CLIENTS_IMPORT.to_owned(), "Import a list of them");
        Either::Right(view! {
            <Empty
                title="No clients yet"
                sentence="A client is who you bill. Add its contacts, and let them see their invoices in the portal."
                way_on
                other_way
            />
        })
    })
}
