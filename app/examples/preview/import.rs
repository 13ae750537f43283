//! Clients from a file: the form, and what a file comes to.

use leptos::prelude::*;
use postern_app::{
    api::team::{CellProblem, Import, ImportForm, ImportOutcome, ImportRow},
    pages::team::{ClientsPage, ImportPage},
    problem::{FieldProblem, ImportProblem, Problem, Problems},
    render::render,
};

use super::{fixtures as data, team::frame};

const TEXT: &str =
    "Client;Contact;E-mail\nHarbour Books;Ada Lindqvist;ada@harbourbooks.example\n</textarea>;;";
const LONG_NAME: &str = "Donaudampfschifffahrtsgesellschaftskapitänswitwen-Unterstützungsverein e. V.";

fn row(number: i64, client: &str, contact: &str, outcome: ImportOutcome) -> ImportRow {
    let email = if contact.is_empty() { "" } else { "ada@harbourbooks.example" };
    ImportRow {
        number,
        client: client.to_owned(),
        contact: contact.to_owned(),
        email: email.to_owned(),
        portal_access: number % 2 == 0,
        outcome,
        problems: vec![],
    }
}

fn rows() -> Vec<ImportRow> {
    vec![
        row(2, "Harbour Books", "Ada Lindqvist", ImportOutcome::NewClient),
        row(3, "Harbour Books", "Bartholomew Featherstonehaugh", ImportOutcome::ContactOfNewClient),
        row(4, LONG_NAME, "", ImportOutcome::NewClient),
        row(6, "قهوة الميناء القديم", "نورة العتيبي", ImportOutcome::ContactOfClient),
        row(7, "Norra Kaffe AB", "Nils Berg", ImportOutcome::Exists),
    ]
}

fn wrong(number: i64, client: &str, problems: &[(&str, Problem)]) -> ImportRow {
    let told = |(column, problem): &(&str, Problem)| CellProblem {
        column: (*column).to_owned(),
        message: problem.text(),
    };
    ImportRow {
        problems: problems.iter().map(told).collect(),
        ..row(number, client, "Ada", ImportOutcome::Wrong)
    }
}

/// File stem and HTML of every page.
pub(crate) fn all() -> Vec<(&'static str, String)> {
    let page = |text: &str, check: Import, problems: Problems| {
        let form = ImportForm { text: text.to_owned(), currency: "EUR".to_owned() };
        render(move || view! { <ImportPage frame=frame() form check problems/> })
    };
    let sound = |rows, client_count, contact_count| Import {
        fingerprint: Some("fingerprint".to_owned()),
        client_count,
        contact_count,
        ignored_columns: vec!["Phone".to_owned(), "<b>Fax</b>".to_owned()],
        rows,
        ..Import::default()
    };
    let mistakes = vec![
        wrong(8, "", &[("Client", Problem::Required)]),
        wrong(
            9,
            LONG_NAME,
            &[("E-mail", Problem::MalformedAddress), ("Portal access", ImportProblem::NoYesOrNo.into())],
        ),
        wrong(10, "Norra Kaffe AB", &[("", ImportProblem::OpenQuote.into())]),
        wrong(
            11,
            "Harbour Books",
            &[("Strasse und Hausnummer", ImportProblem::SaysOtherwise { row: 2 }.into())],
        ),
    ];
    let to_be_corrected = Import {
        rows: [rows(), mistakes].concat(),
        ignored_columns: vec![],
        fingerprint: None,
        ..Import::default()
    };
    let there = vec![row(2, "Harbour Books", "Ada Lindqvist", ImportOutcome::Exists)];
    let unreadable = vec![
        FieldProblem::new("file", ImportProblem::NotUnicode.into()),
        FieldProblem::new("text", ImportProblem::NoRows.into()),
    ];
    let changed = vec![FieldProblem::new("fingerprint", ImportProblem::ChangedSinceCheck.into())];
    vec![
        ("team-import", page("", Import::default(), Problems::default())),
        ("team-import-unreadable", page(TEXT, Import::default(), unreadable.into())),
        ("team-import-sound", page(TEXT, sound(rows(), 2, 3), Problems::default())),
        ("team-import-changed", page(TEXT, sound(rows(), 2, 3), changed.into())),
        ("team-import-wrong", page(TEXT, to_be_corrected, Problems::default())),
        ("team-import-there", page(TEXT, sound(there, 0, 0), Problems::default())),
        (
            "team-clients-imported",
            render(|| {
                view! {
                    <ClientsPage
                        frame=frame()
                        archived=false
                        search=String::new()
                        page=data::page(vec![], false, false)
                        imported=true
                    />
                }
            }),
        ),
    ]
}
