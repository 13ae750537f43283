//! The data of a statement.

use typst::foundations::{Dict, IntoValue, dict};

use super::{Frame, NUMBERS};
use crate::pdf::model::{StatementPdf, StatementRowPdf, StatementSectionPdf};
use crate::pdf::scribe::{Column, PAGE_WIDTH, Scribe, bold, fit};
use crate::pdf::text;
use crate::pdf::words::word;

/// A statement.
pub(in crate::pdf) fn statement(statement: &StatementPdf) -> Dict {
    let scribe = Scribe::new(&statement.lang);
    let mut dict = Frame {
        lang: &statement.lang,
        brand: &statement.brand,
        title: &statement.title,
        state: None,
        subject: &statement.period,
        from: &statement.from,
        to: &statement.to,
        facts: &statement.facts,
        notes: &statement.notes,
        footer: &statement.footer,
    }
    .write(scribe);
    let sections: Vec<Dict> =
        statement.sections.iter().map(|section| self::section(scribe, section)).collect();
    dict.insert("sections".into(), sections.into_value());
    dict
}

/// A statement's part in one currency.
fn section(scribe: Scribe, section: &StatementSectionPdf) -> Dict {
    let rows = &section.rows;
    let balances =
        rows.iter().map(|r| r.balance.as_str()).chain([section.opening.as_str(), &section.closing]);
    let (size, widths) = fit(
        &[
            Column::new(word("date"), rows.iter().map(|r| r.date.as_str()), 90.0),
            Column::new(word("reference"), rows.iter().map(|r| r.reference.as_str()), 90.0),
            Column::new(word("charge"), rows.iter().map(|r| r.charge.as_str()), f64::MAX),
            Column::new(word("credit"), rows.iter().map(|r| r.credit.as_str()), f64::MAX),
            Column::new(word("balance"), balances, f64::MAX),
        ],
        NUMBERS + 60.0,
    );
    let rest = PAGE_WIDTH - widths.iter().sum::<f64>();
    let cell = |text: &str, column: usize, bold: bool| {
        let width = widths.get(column).map_or(rest, |width| width - Column::GAP);
        scribe.say(text, text::Place { width, size, bold })
    };
    let row = |row: &StatementRowPdf| {
        dict! {
            "date" => cell(&row.date, 0, false),
            "what" => scribe.say(&row.what, text::Place { width: rest - Column::GAP, size, bold: false }),
            "cells" => vec![
                cell(&row.reference, 1, false),
                cell(&row.charge, 2, false),
                cell(&row.credit, 3, false),
                cell(&row.balance, 4, false),
            ],
        }
    };
    dict! {
        "currency" => scribe.say(&section.currency, bold(PAGE_WIDTH, 12.0)),
        "size" => size,
        "opening" => cell(&section.opening, 4, false),
        "closing" => cell(&section.closing, 4, true),
        "rows" => rows.iter().map(row).collect::<Vec<_>>(),
        "widths" => widths.clone(),
    }
}
