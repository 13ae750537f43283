//! The rows of a file as they were typed, cell by cell; nothing is judged here but whether there are rows.

use app::problem::ImportProblem;

use super::columns::{Column, Columns};
use crate::csv::{self, Record, unguarded};

/// The most rows that are taken at once, blank ones aside.
pub const MOST_ROWS: usize = 2_000;

/// A file that could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sheet {
    pub(super) columns: Columns,
    pub(super) rows: Vec<Row>,
    /// What stands above the columns that are passed over.
    pub(super) ignored: Vec<String>,
}

/// One row, each cell without the space around it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Row {
    /// Its number as a spreadsheet counts.
    pub(super) number: usize,
    pub(super) client: String,
    pub(super) contact: String,
    pub(super) email: String,
    pub(super) portal_access: String,
    pub(super) address: String,
    pub(super) tax_id: String,
    pub(super) currency: String,
    pub(super) locale: String,
    /// What is wrong with the row as a whole. What stands in its cells then means nothing.
    pub(super) broken: Option<ImportProblem>,
}

impl Sheet {
    /// Reads a text in its [`csv::normal`] form.
    pub(super) fn read(text: &str) -> Result<Self, ImportProblem> {
        let mut records = csv::records(text).filter(|record| record.cells.iter().any(is_something));
        let header = records.next().ok_or(ImportProblem::NoRows)?;
        let columns = Columns::of(&header.cells)?;
        // A column that has no name is worth a word only if something stands in it.
        let mut nameless = false;
        let mut rows = vec![];
        for record in records {
            if rows.len() == MOST_ROWS {
                return Err(ImportProblem::TooManyRows { most: MOST_ROWS });
            }
            let has_something = |at| record.cells.get(at).is_some_and(is_something);
            nameless |= columns.unknown().any(|(at, header)| header.is_empty() && has_something(at));
            rows.push(Row::read(&columns, &record));
        }
        if rows.is_empty() {
            return Err(ImportProblem::NoRows);
        }
        let named =
            columns.unknown().map(|(_, header)| header.to_owned()).filter(|header| !header.is_empty());
        let ignored = named.chain(nameless.then(|| "one without a name".to_owned())).collect();
        Ok(Self { columns, rows, ignored })
    }
}

impl Row {
    fn read(columns: &Columns, record: &Record) -> Self {
        let cell = |wanted: Column| {
            let mut cells = columns.cells(&record.cells, move |column| column == wanted);
            cells.next().map(|(_, cell)| typed(cell).to_owned()).unwrap_or_default()
        };
        let spare = record.cells.iter().skip(columns.len()).any(is_something);
        let broken = match (record.is_open, spare) {
            (true, _) => Some(ImportProblem::OpenQuote),
            (false, true) => Some(ImportProblem::TooManyCells),
            (false, false) => None,
        };
        let mut row = Self {
            number: record.number,
            client: cell(Column::Client),
            contact: cell(Column::Contact),
            email: cell(Column::Email),
            portal_access: cell(Column::PortalAccess),
            address: address(columns, record),
            tax_id: cell(Column::TaxId),
            currency: cell(Column::Currency),
            locale: cell(Column::Locale),
            broken,
        };
        let in_parts = columns.has(Column::FirstName) || columns.has(Column::LastName);
        if in_parts && row.contact.is_empty() {
            let parts = format!("{} {}", cell(Column::FirstName), cell(Column::LastName));
            parts.trim().clone_into(&mut row.contact);
        } else if !in_parts && !columns.has(Column::Contact) && !row.email.is_empty() {
            // Where a file knows of addresses only, whoever reads there goes by the client's name.
            row.contact.clone_from(&row.client);
        }
        row
    }
}

/// The lines of the address, in the order of their columns; what says the place is one line.
fn address(columns: &Columns, record: &Record) -> String {
    let is_address = |column| matches!(column, Column::AddressLine | Column::AddressPlace);
    let mut lines: Vec<String> = vec![];
    let mut place = None;
    for (column, cell) in columns.cells(&record.cells, is_address) {
        let cell = typed(cell);
        match (column, place) {
            _ if cell.is_empty() => {}
            (Column::AddressPlace, Some(line)) => {
                lines[line] += " ";
                lines[line] += cell;
            }
            (Column::AddressPlace, None) => {
                place = Some(lines.len());
                lines.push(cell.to_owned());
            }
            _ => lines.push(cell.to_owned()),
        }
    }
    lines.join("\n")
}

fn typed(cell: &str) -> &str {
    unguarded(cell.trim()).trim()
}

fn is_something(cell: &str) -> bool {
    !cell.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Row> {
        Sheet::read(text).unwrap().rows
    }

    #[test]
    fn an_address_is_put_together_in_the_order_of_its_columns() {
        let text = "Client,Street,Zip,City,Country\nA,1 Quay,H91,Galway,Ireland\nB,,,Cork,\nC,,,,";
        let addresses: Vec<String> = rows(text).into_iter().map(|row| row.address).collect();
        assert_eq!(addresses, ["1 Quay\nH91 Galway\nIreland", "Cork", ""]);
        assert_eq!(rows("Client;Address\nA;\"1 Quay\nGalway\"")[0].address, "1 Quay\nGalway");
    }

    #[test]
    fn a_contact_has_a_name_in_one_way_or_another() {
        let contact = |text: &str| rows(text).remove(0).contact;
        assert_eq!(contact("Client,First name,Last name\nA,Ada,Lindqvist"), "Ada Lindqvist");
        assert_eq!(contact("Client,Last name,First name\nA,Lindqvist,"), "Lindqvist");
        assert_eq!(contact("Client,Email\nHarbour,ada@harbour.test"), "Harbour");
        assert_eq!(contact("Client,Email\nHarbour,"), "");
        assert_eq!(contact("Client,Contact,Email\nHarbour,,ada@harbour.test"), "");
    }

    #[test]
    fn what_begins_like_a_formula_is_text() {
        let row = rows("Client,Tax id,Contact\n=1+1,+49 1,'=SUM(A1)").remove(0);
        assert_eq!((&*row.client, &*row.tax_id, &*row.contact), ("=1+1", "+49 1", "=SUM(A1)"));
    }

    #[test]
    fn rows_are_as_long_as_they_are() {
        let all = rows("Client,Contact\nA\nB,b,,\nC,c,d\n\n , \nD,\"d");
        let told: Vec<_> = all.iter().map(|row| (row.number, row.broken.clone())).collect();
        let (spare, open) = (Some(ImportProblem::TooManyCells), Some(ImportProblem::OpenQuote));
        assert_eq!(told, [(2, None), (3, None), (4, spare), (7, open)]);
    }

    #[test]
    fn what_is_no_list_is_told() {
        for text in ["", "\n\n", " , ,", "Client", "Client,Email\n,\n , "] {
            assert_eq!(Sheet::read(text), Err(ImportProblem::NoRows), "{text:?}");
        }
        let many = "Client\n".to_owned() + &"x\n".repeat(MOST_ROWS);
        assert_eq!(rows(&many).len(), MOST_ROWS);
        assert_eq!(Sheet::read(&(many + "x")), Err(ImportProblem::TooManyRows { most: MOST_ROWS }));
    }

    #[test]
    fn columns_that_nobody_knows_are_told() {
        let ignored = |text: &str| Sheet::read(text).unwrap().ignored;
        assert_eq!(ignored("Client,Phone,\nA,1,"), ["Phone"]);
        assert_eq!(ignored("Client,,Phone\nA,1,"), ["Phone", "one without a name"]);
    }
}
