//! For whom is the new invoice? A search over the clients, each of which begins a draft.

use leptos::{either::Either, prelude::*};

use crate::{
    api::{portal::Page, team::ClientSummary},
    components::{Empty, Pagination, PaginationProps, SearchForm, found_words},
    layout::{Desk, DeskFrame, DeskTab, Scripts},
    routes,
};

/// The choice of a client.
#[component]
pub fn NewInvoicePage(
    /// What every page of the team knows.
    frame: DeskFrame,
    /// The id that the draft will have, so that a button that is pressed twice begins one.
    id: String,
    /// What was searched for; may be empty.
    search: String,
    /// One page of the clients.
    page: Page<ClientSummary>,
) -> impl IntoView {
    let pagination =
        PaginationProps::of(&page.page_info, |cursor| routes::app_invoices_new(&search, Some(cursor)))
            .by_name();
    let summary = found_words(page.nodes.len(), page.page_info.has_next_page, &search, "client", "clients");
    let list = if page.nodes.is_empty() {
        Either::Left(nothing(&search))
    } else {
        let rows = page
            .nodes
            .into_iter()
            .map(|client| {
                view! {
                    <li>
                        <div class="who">
                            <bdi class="number">{client.name.clone()}</bdi>
                        </div>
                        <form method="post" action=routes::APP_INVOICES_NEW>
                            <input type="hidden" name="id" value=id.clone()/>
                            <input type="hidden" name="client" value=client.id/>
                            <button class="button small">
                                "Write an invoice" <span class="visually-hidden">" for " {client.name}</span>
                            </button>
                        </form>
                    </li>
                }
            })
            .collect_view();
        Either::Right(view! {
            <ul class="people" role="list">
                {rows}
            </ul>
        })
    };
    view! {
        <Desk
            frame
            title="New invoice".to_owned()
            tab=DeskTab::Invoices
            is_tab_itself=false
            scripts=Scripts::Desk
        >
            <section class="list-page">
                <header class="list-head">
                    <h1>"For whom is the invoice?"</h1>
                    <SearchForm
                        action=routes::APP_INVOICES_NEW
                        label="Search by client, contact or address"
                        placeholder="Search clients"
                        value=search
                    />
                    <a class="button" href=routes::APP_CLIENTS_NEW>
                        "New client"
                    </a>
                </header>
                <div id="results" data-summary=summary>
                    {list}
                    {Pagination(pagination)}
                </div>
            </section>
        </Desk>
    }
}

fn nothing(search: &str) -> impl IntoView + use<> {
    if search.is_empty() {
        let way_on = (routes::APP_CLIENTS_NEW.to_owned(), "Add a client");
        let sentence = "An invoice is for somebody: add the client first.";
        return Either::Left(view! { <Empty title="No clients yet" sentence way_on/> });
    }
    let sentence = format!("No client here has “{search}” in its name, its tax id or its contacts.");
    Either::Right(view! { <Empty title="Nothing found" sentence/> })
}
