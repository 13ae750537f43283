//! What a spreadsheet, or somebody by hand, has written as comma-separated values. Nothing here fails: a
//! file that is broken is read as far as that goes, and the row where it broke says so.

use ::csv::{Reader, ReaderBuilder, StringRecord};

/// What may stand between cells. Where a first row has as many of one as of another, the earlier is meant.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its number as a spreadsheet counts: from 1, rows without anything in them included.
    pub number: usize,
    /// What stands in it.
    pub cells: StringRecord,
    /// A quotation mark was opened in it and not closed until the end of the text.
    pub is_open: bool,
}

/// The text of a file: UTF-8, with or without a mark at its beginning, or UTF-16 with one. `None` for anything
/// else: which letters other bytes stand for would be a guess, and a wrong one spoils names without a word.
#[must_use]
pub fn decode(bytes: &[u8]) -> Option<String> {
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes)?,
        [0xef, 0xbb, 0xbf, rest @ ..] | rest => std::str::from_utf8(rest).ok()?.to_owned(),
    };
    // UTF-16 without a mark passes for UTF-8 that is full of these.
    (!text.contains('\0')).then_some(text)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (units, []) = bytes.as_chunks::<2>() else { return None };
    char::decode_utf16(units.iter().map(|bytes| unit(*bytes))).collect::<Result<_, _>>().ok()
}

/// A text in the one form in which it is read, shown in a form and compared: lines end in a line feed, and
/// none that is empty stands at either end.
#[must_use]
pub fn normal(text: &str) -> String {
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
    text.trim_matches('\n').to_owned()
}

/// The rows of a text in its [`normal`] form, with whatever its first row has between its cells.
pub fn records(text: &str) -> impl Iterator<Item = Record> + '_ {
    let delimiter = delimiter(text);
    let reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    Records { text, delimiter, reader, number: 0, at: 0 }
}

struct Records<'a> {
    text: &'a str,
    delimiter: u8,
    reader: Reader<&'a [u8]>,
    /// Of the row that was read last.
    number: usize,
    /// Where it ended, in bytes.
    at: usize,
}

impl Iterator for Records<'_> {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        let mut cells = StringRecord::new();
        if !self.reader.read_record(&mut cells).unwrap_or(false) {
            return None;
        }
        let end = usize::try_from(self.reader.position().byte()).unwrap_or(usize::MAX).min(self.text.len());
        let read = self.text.get(self.at..end).unwrap_or_default();
        // The reader passes over lines without anything in them.
        let record = read.trim_start_matches('\n');
        self.number += 1 + read.len() - record.len();
        self.at = end;
        let is_open = end == self.text.len() && ends_in_quotes(record, self.delimiter);
        Some(Record { number: self.number, cells, is_open })
    }
}

fn delimiter(text: &str) -> u8 {
    let mut counts = [0_usize; DELIMITERS.len()];
    let mut quoted = false;
    for byte in text.trim_start_matches('\n').bytes() {
        match byte {
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'\n' => break,
            _ => {
                for (count, one) in counts.iter_mut().zip(DELIMITERS) {
                    *count += usize::from(byte == one);
                }
            }
        }
    }
    let most = counts.iter().max().copied().unwrap_or_default();
    counts.iter().zip(DELIMITERS).find(|(count, _)| **count == most).map_or(DELIMITERS[0], |(_, one)| one)
}

/// Whether the last quotation mark that means anything is one that opens.
fn ends_in_quotes(record: &str, delimiter: u8) -> bool {
    // A mark opens at the beginning of a cell, and directly behind one that has closed.
    let (mut quoted, mut may_open) = (false, true);
    for byte in record.bytes() {
        if byte == b'"' && (quoted || may_open) {
            quoted = !quoted;
            may_open = !quoted;
        } else {
            may_open = !quoted && byte == delimiter;
        }
    }
    quoted
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Vec<(usize, Vec<String>)> {
        let cells = |record: Record| record.cells.iter().map(str::to_owned).collect();
        records(&normal(text)).map(|record| (record.number, cells(record))).collect()
    }

    #[test]
    fn unicode_is_read_in_each_of_its_forms() {
        let text = "Client\nCafé 🦉";
        let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [
            text.as_bytes().to_vec(),
            [b"\xef\xbb\xbf", text.as_bytes()].concat(),
            [&b"\xff\xfe"[..], &le].concat(),
            [&b"\xfe\xff"[..], &be].concat(),
        ] {
            assert_eq!(decode(&bytes).as_deref(), Some(text));
        }
        // Windows-1252, a lone surrogate, half a unit, UTF-16 without a mark, a picture.
        let half = [&b"\xff\xfe"[..], &le[..5]].concat();
        for bytes in [&b"Caf\xe9"[..], b"\xff\xfe\x00\xd8", &half, &le, b"\x89PNG\r\n\x1a\n\0"] {
            assert_eq!(decode(bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn the_first_row_says_what_stands_between_cells() {
        for text in ["a,b;c,d\n1,2;3,4", "a;\"b,c,d\";e\n1;2;3", "a\tb\n1\t2", "a\n1"] {
            let rows = read(text);
            assert!(rows.len() == 2 && rows[0].1.len() == rows[1].1.len(), "{text:?}: {rows:?}");
        }
        assert_eq!(read("a;b\n\"1;2\";3")[1].1, ["1;2", "3"]);
    }

    #[test]
    fn rows_are_counted_as_a_spreadsheet_counts() {
        let rows = read("\u{feff}a,b\r\n\r\n\r\n1,\"two\r\nlines\"\r\n2,x\r3,y\n\n");
        let numbers: Vec<usize> = rows.iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers, [1, 4, 5, 6]);
        assert_eq!(rows[1].1, ["1", "two\nlines"]);
    }

    #[test]
    fn a_quotation_mark_that_is_not_closed_is_told() {
        let open = |text: &str| records(text).last().is_some_and(|record| record.is_open);
        for text in ["a,b\n1,\"two\n3,4", "a\n\"x\"\"", "\""] {
            assert!(open(text), "{text:?}");
        }
        for text in ["a,b\n1,\"two\"", "a\n5\" pipe", "a\n\"x\"\"\"", "a\n\"\"", "a\n\"say \"\"hi\"\"\""] {
            assert!(!open(text), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_uploaded_is_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            if let Some(text) = decode(&bytes) {
                prop_assert!(records(&normal(&text)).count() <= bytes.len() + 1);
            }
        }

        #[test]
        fn what_is_written_is_read_back(cells in proptest::collection::vec("[a-z,;\"\t ]{0,6}", 1..6)) {
            let header = vec!["h"; cells.len()];
            let rows = [header.clone(), cells.iter().map(String::as_str).collect()];
            let fields = rows.iter().map(|row| row.iter().map(|cell| crate::csv::Field::Plain(cell)));
            let text = String::from_utf8(crate::csv::lines(fields).unwrap()).unwrap();
            let read = read(&text);
            if header.len() > 1 {
                prop_assert_eq!(&read[1].1, &cells);
            }
        }
    }
}
