//! The client's statement of account.

use leptos::prelude::*;

use crate::{
    api::portal::Statement,
    components::{PeriodChoice, PeriodForm, StatementTables},
    layout::{Frame, Portal, Scripts, Tab},
    routes,
};

/// What was billed and paid in some days.
#[component]
pub fn StatementPage(
    /// What every signed-in page knows.
    frame: Frame,
    /// The days that are asked for.
    choice: PeriodChoice,
    /// The statement; none where the days cannot be read.
    statement: Option<Statement>,
) -> impl IntoView {
    let files =
        statement.as_ref().filter(|statement| !statement.is_too_long).and(choice.period).map(|period| {
            view! {
                <div class="acts">
                    <a class="button" href=period.link(routes::PORTAL_STATEMENT_PDF)>
                        "PDF"
                    </a>
                    <a class="button" href=period.link(routes::PORTAL_STATEMENT_CSV) download="">
                        "CSV"
                    </a>
                </div>
            }
        });
    let formats = frame.formats.clone();
    let tables = statement
        .map(|statement| view! { <StatementTables statement formats invoice_href=routes::portal_invoice/> });
    let today = frame.today;
    view! {
        <Portal frame title="Statement".to_owned() tab=Tab::Payments is_tab_itself=false scripts=Scripts::None>
            <section class="list-page">
                <header class="list-head">
                    <h1>"Statement"</h1>
                    {files}
                </header>
                <PeriodForm path=routes::PORTAL_STATEMENT.to_owned() choice today/>
                {tables}
            </section>
        </Portal>
    }
}
