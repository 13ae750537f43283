//! What a file of clients comes to, row by row: what would be made, and what is wrong.

use leptos::{either::Either, prelude::*};

use crate::api::team::{CellProblem, Import, ImportOutcome, ImportRow};

/// How many problems are listed above the rows. Each stands at its row as well.
const LISTED: usize = 20;
/// How many columns that are passed over are named.
const NAMED: usize = 12;

/// The sum of it, the button if nothing is wrong, and all rows.
pub(super) fn check_of(check: Import) -> impl IntoView {
    let wrong: Vec<&ImportRow> =
        check.rows.iter().filter(|row| row.outcome == ImportOutcome::Wrong).collect();
    let sum = if wrong.is_empty() {
        Either::Left(sound(&check))
    } else {
        Either::Right(to_be_corrected(&wrong, check.rows.len()))
    };
    let ignored = ignored(&check.ignored_columns);
    let rows = check.rows.into_iter().map(row).collect_view();
    view! {
        {sum}
        {ignored}
        <table class="ledger import-rows" role="table">
            <caption class="visually-hidden">"What becomes of each row"</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">
                        "Row"
                    </th>
                    <th role="columnheader" scope="col">
                        "Client"
                    </th>
                    <th role="columnheader" scope="col">
                        "Contact"
                    </th>
                    <th role="columnheader" scope="col">
                        "What becomes of it"
                    </th>
                </tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    }
}

fn sound(check: &Import) -> impl IntoView + use<> {
    let there = check.rows.iter().filter(|row| row.outcome == ImportOutcome::Exists).count();
    let there = match there {
        0 => String::new(),
        1 => " 1 row is there already.".to_owned(),
        there => format!(" {there} rows are there already."),
    };
    let is_done = check.client_count == 0 && check.contact_count == 0;
    let words = if is_done {
        "All of it is there already. There is nothing to import.".to_owned()
    } else {
        let clients = counted(check.client_count, "new client", "new clients");
        let contacts = counted(check.contact_count, "contact", "contacts");
        format!("{clients} and {contacts} will be added.{there}")
    };
    let button = (!is_done).then(|| {
        view! {
            <p class="small quiet">"Nothing is written yet. Nobody is mailed."</p>
            <div class="acts">
                // The text is sent once, by the form below.
                <button class="button primary" form="import" name="act" value="import">
                    "Import"
                </button>
            </div>
        }
    });
    view! {
        <section class="block form" aria-labelledby="sum">
            <div role="status">
                <h2 id="sum">{words}</h2>
            </div>
            {button}
        </section>
    }
}

fn to_be_corrected(wrong: &[&ImportRow], all: usize) -> impl IntoView + use<> {
    let words = format!(
        "{} of {all} cannot be imported yet",
        counted(i64::try_from(wrong.len()).unwrap_or(i64::MAX), "row", "rows")
    );
    let problems: Vec<(i64, &CellProblem)> =
        wrong.iter().flat_map(|row| row.problems.iter().map(move |problem| (row.number, problem))).collect();
    let more = problems.len().saturating_sub(LISTED);
    let more = (more > 0).then(|| {
        view! { <p class="small">{format!("And {more} more: each stands at its row below.")}</p> }
    });
    let list = problems
        .into_iter()
        .take(LISTED)
        .map(|(number, problem)| {
            view! {
                <li>
                    <a href=format!("#row-{number}")>{format!("Row {number}")}</a>
                    " "
                    {told(problem)}
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="block form" aria-labelledby="sum">
            <div role="alert">
                <h2 id="sum">{words}</h2>
            </div>
            <p class="quiet">
                "So nothing is imported. Correct it below or in your file, and check it again."
            </p>
            <ul class="import-problems">{list}</ul>
            {more}
        </section>
    }
}

fn told(problem: &CellProblem) -> impl IntoView + use<> {
    let CellProblem { column, message } = problem.clone();
    let column = (!column.is_empty()).then(|| {
        view! {
            <strong>
                <bdi>{column}</bdi>
                ":"
            </strong>
            " "
        }
    });
    view! {
        {column}
        {message}
    }
}

fn ignored(columns: &[String]) -> impl IntoView + use<> {
    let named = columns.iter().take(NAMED).map(|column| format!("“{column}”")).collect::<Vec<_>>().join(", ");
    let more = match columns.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    (!columns.is_empty()).then(|| {
        view! {
            <p class="notice">
                "Passed over, as nothing here is called so: " <bdi>{named}</bdi> {more}
            </p>
        }
    })
}

fn row(row: ImportRow) -> impl IntoView {
    let (kind, words) = match row.outcome {
        ImportOutcome::NewClient => ("chip good", "New client"),
        ImportOutcome::ContactOfNewClient => ("chip good", "New contact"),
        ImportOutcome::ContactOfClient => ("chip good", "New contact of a client you have"),
        ImportOutcome::Exists => ("chip", "There already"),
        ImportOutcome::Wrong => ("chip late", "To be corrected"),
    };
    let problems =
        row.problems.iter().map(|problem| view! { <p class="problem">{told(problem)}</p> }).collect_view();
    let access = row.portal_access.then(|| view! { <span class="small quiet">"Portal access"</span> });
    let contact = (!row.contact.is_empty() || !row.email.is_empty()).then(|| {
        view! {
            <bdi>{row.contact}</bdi>
            <bdi class="small quiet">{row.email}</bdi>
            {access}
        }
    });
    view! {
        <tr role="row" id=format!("row-{}", row.number)>
            <td role="cell" class="when quiet num">
                {row.number}
            </td>
            <td role="cell" class="what">
                <bdi>{row.client}</bdi>
            </td>
            <td role="cell" class="from">
                {contact}
            </td>
            <td role="cell" class="becomes">
                <span class=kind>{words}</span>
                {problems}
            </td>
        </tr>
    }
}

fn counted(count: i64, one: &str, many: &str) -> String {
    match count {
        0 => format!("No {many}"),
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    }
}
