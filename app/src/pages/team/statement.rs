//! The statement of account of one client, as the client has it in the portal.

use leptos::prelude::*;

use crate::{
    api::{portal::Statement, team::Client},
    components::{PeriodChoice, PeriodForm, StatementTables},
    layout::{Desk, DeskFrame, DeskTab},
    routes,
};

/// What was billed and paid in some days.
#[component]
pub fn ClientStatementPage(
    /// What every page of the team knows.
    frame: DeskFrame,
    client: Client,
    /// The days that are asked for.
    choice: PeriodChoice,
    /// The statement; none where the days cannot be read.
    statement: Option<Statement>,
) -> impl IntoView {
    let Client { id, name, .. } = client;
    let files = statement.as_ref().filter(|statement| !statement.is_too_long).and(choice.period).map(|period| {
        view! {
            <div class="acts">
                <a class="button" href=period.link(&routes::app_client_act(&id, "statement.pdf"))>
                    "PDF"
                </a>
                <a class="button" href=period.link(&routes::app_client_act(&id, "statement.csv")) download="">
                    "CSV"
                </a>
            </div>
        }
    });
    let formats = frame.formats.clone();
    let tables = statement
        .map(|statement| view! { <StatementTables statement formats invoice_href=routes::app_invoice/> });
    let today = frame.today;
    view! {
        <Desk frame title=format!("Statement of {name}") tab=DeskTab::Clients is_tab_itself=false>
            <section class="list-page">
                <header class="work-head">
                    <div>
                        <p class="small">
                            <a class="quiet" href=routes::app_client(&id)>
                                <bdi>{name}</bdi>
                            </a>
                        </p>
                        <h1>"Statement"</h1>
                    </div>
                    {files}
                </header>
                <PeriodForm path=routes::app_client_act(&id, "statement") choice today/>
                {tables}
            </section>
        </Desk>
    }
}
