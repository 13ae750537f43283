//! Files of comma-separated values, as spreadsheets read them (RFC 4180): UTF-8 without a mark at its
//! beginning, lines that end in CR LF, a header row. What people typed is never a formula there. What
//! spreadsheets write is read in `read`.

mod read;

use ::csv::{Terminator, WriterBuilder};

use crate::error::{Error, Result};

pub use read::{Record, decode, normal, records};

/// One field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field<'a> {
    /// What somebody may have typed. A spreadsheet would run it as a formula where it begins like one: it
    /// then gets an apostrophe in front.
    Text(&'a str),
    /// What we have written ourselves, such as a day or an amount with its minus.
    Plain(&'a str),
}

/// The lines of some rows.
///
/// # Errors
/// None in practice: memory takes what is written to it.
pub fn lines<'a, Row>(rows: impl IntoIterator<Item = Row>) -> Result<Vec<u8>>
where
    Row: IntoIterator<Item = Field<'a>>,
{
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).flexible(true).from_writer(vec![]);
    for row in rows {
        for field in row {
            let written = match field {
                Field::Text(text) if is_formula(text) => writer.write_field(format!("'{text}")),
                Field::Text(text) | Field::Plain(text) => writer.write_field(text),
            };
            written.map_err(Error::bug)?;
        }
        writer.write_record(None::<&[u8]>).map_err(Error::bug)?;
    }
    writer.into_inner().map_err(|error| Error::bug(error.to_string()))
}

/// A cell as it was meant: without the apostrophe that [`Field::Text`] puts in front, here or in a
/// spreadsheet. Nothing is ever computed, so what begins like a formula is text as any other.
#[must_use]
pub fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| is_formula(text)).unwrap_or(cell)
}

fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(rows: &[&[Field<'_>]]) -> String {
        String::from_utf8(lines(rows.iter().map(|row| row.iter().copied())).unwrap()).unwrap()
    }

    #[test]
    fn commas_quotes_and_line_ends_stay_within_their_field() {
        let text = written(&[
            &[Field::Text("a,b"), Field::Text("say \"hi\""), Field::Text("two\nlines"), Field::Text("مرحبا")],
            &[Field::Text(""), Field::Plain("plain")],
        ]);
        assert_eq!(text, "\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",مرحبا\r\n,plain\r\n");
    }

    #[test]
    fn what_people_typed_is_never_a_formula() {
        for typed in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            let text = written(&[&[Field::Text(typed)]]);
            assert!(text.trim_start_matches('"').starts_with('\''), "{typed:?}: {text:?}");
        }
        assert_eq!(written(&[&[Field::Plain("-12.50"), Field::Text("a=b")]]), "-12.50,a=b\r\n");
    }

    #[test]
    fn what_was_written_is_read_back() {
        for typed in ["=1+1", "-1", "@home", "'s-Hertogenbosch", "'", "plain"] {
            let text = written(&[&[Field::Text(typed), Field::Plain("x")]]);
            let record = records(&text).next().unwrap();
            assert_eq!(unguarded(&record.cells[0]), typed);
        }
    }

    #[test]
    fn a_row_of_one_empty_field_is_still_a_row() {
        assert_eq!(written(&[&[Field::Text("")]]), "\"\"\r\n");
    }
}
