//! What the columns of a file are, told by what stands above them: in any order, in any case, by any of the
//! names that spreadsheets and other programs give them.

use ::csv::StringRecord;
use app::problem::ImportProblem;

/// What a column says. Those for the address may be several; any other is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// The client's name.
    Client,
    /// The contact's name, or …
    Contact,
    /// … its first part, and …
    FirstName,
    /// … its last.
    LastName,
    /// The contact's e-mail address.
    Email,
    /// Whether the portal lets the contact in.
    PortalAccess,
    /// A line of the client's address, or all of it.
    AddressLine,
    /// A part of the line that says the place.
    AddressPlace,
    /// The client's tax id.
    TaxId,
    /// The client's currency.
    Currency,
    /// The client's language.
    Locale,
}

/// Every column with what it is called. The first name is the one in the template.
const NAMES: [(Column, &[&str]); 11] = [
    (
        Column::Client,
        &[
            "Client",
            "Client name",
            "Company",
            "Company name",
            "Customer",
            "Customer name",
            "Organisation",
            "Organization",
            "Organisation name",
            "Organization name",
            "Business name",
            "Account name",
        ],
    ),
    (Column::Contact, &["Contact", "Contact name", "Contact person", "Person", "Full name"]),
    (Column::FirstName, &["First name", "Given name", "Forename"]),
    (Column::LastName, &["Last name", "Family name", "Surname"]),
    (Column::Email, &["E-mail", "Email", "Mail", "E-mail address", "Email address", "Contact email"]),
    (Column::PortalAccess, &["Portal access", "Portal", "Access"]),
    (
        Column::AddressLine,
        &[
            "Address",
            "Billing address",
            "Postal address",
            "Address 1",
            "Address 2",
            "Address 3",
            "Address line 1",
            "Address line 2",
            "Address line 3",
            "Street",
            "Street address",
            "Country",
        ],
    ),
    (
        Column::AddressPlace,
        &[
            "Postcode",
            "Post code",
            "Postal code",
            "Zip",
            "Zip code",
            "City",
            "Town",
            "State",
            "Province",
            "Region",
            "County",
        ],
    ),
    (
        Column::TaxId,
        &["Tax id", "Tax number", "Tax no", "VAT", "VAT id", "VAT number", "VAT no", "GST number", "ABN"],
    ),
    (Column::Currency, &["Currency", "Currency code"]),
    (Column::Locale, &["Language", "Locale"]),
];

/// The most columns of a file: each row is looked through by columns, so a row of nothing but commas is work.
pub(super) const MOST_COLUMNS: usize = 1_000;

/// The columns of the template.
pub const TEMPLATE: [Column; 8] = [
    Column::Client,
    Column::Contact,
    Column::Email,
    Column::PortalAccess,
    Column::AddressLine,
    Column::TaxId,
    Column::Currency,
    Column::Locale,
];

impl Column {
    /// What the template calls it.
    #[must_use]
    pub fn usual_name(self) -> &'static str {
        NAMES.iter().find(|(column, _)| *column == self).map_or("", |(_, names)| names[0])
    }

    const fn may_be_several(self) -> bool {
        matches!(self, Self::AddressLine | Self::AddressPlace)
    }

    fn of(header: &str) -> Option<Self> {
        let header = key(header);
        NAMES
            .iter()
            .find(|(_, names)| names.iter().any(|name| key(name) == header))
            .map(|(column, _)| *column)
    }
}

/// The columns of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns {
    /// What each is, with what stands above it. None for one that is passed over.
    all: Vec<(Option<Column>, String)>,
}

impl Columns {
    /// Reads the first row.
    pub(super) fn of(header: &StringRecord) -> Result<Self, ImportProblem> {
        if header.len() > MOST_COLUMNS {
            return Err(ImportProblem::TooManyColumns { most: MOST_COLUMNS });
        }
        let mut all: Vec<(Option<Column>, String)> =
            header.iter().map(str::trim).map(|header| (Column::of(header), header.to_owned())).collect();
        // "Name" alone may be anybody's: the client's, and where there is one already, the contact's.
        let is_there = |all: &[(Option<Column>, String)], wanted: Column| {
            all.iter().any(|(column, _)| *column == Some(wanted))
        };
        for meant in [Column::Client, Column::Contact] {
            let spoken_for = is_there(&all, meant)
                || meant == Column::Contact
                    && (is_there(&all, Column::FirstName) || is_there(&all, Column::LastName));
            if spoken_for {
                continue;
            }
            if let Some((column, _)) =
                all.iter_mut().find(|(column, header)| column.is_none() && key(header) == "name")
            {
                *column = Some(meant);
            }
        }
        for (at, (column, header)) in all.iter().enumerate() {
            if let Some(column) = column.filter(|column| !column.may_be_several())
                && is_there(&all[..at], column)
            {
                return Err(ImportProblem::TwoColumns { header: header.clone() });
            }
        }
        if is_there(&all, Column::Client) { Ok(Self { all }) } else { Err(ImportProblem::NoClientColumn) }
    }

    /// How many there are.
    pub(super) const fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether the file has such a column.
    pub(super) fn has(&self, wanted: Column) -> bool {
        self.all.iter().any(|(column, _)| *column == Some(wanted))
    }

    /// What the file calls it, or what it would be called.
    pub(super) fn name(&self, wanted: Column) -> &str {
        let named = self.all.iter().find(|(column, _)| *column == Some(wanted));
        named.map_or(wanted.usual_name(), |(_, header)| header)
    }

    /// What stands in the columns of a kind, in their order.
    pub(super) fn cells<'a>(
        &'a self,
        cells: &'a StringRecord,
        wanted: impl Fn(Column) -> bool + 'a,
    ) -> impl Iterator<Item = (Column, &'a str)> + 'a {
        self.all.iter().zip(cells.iter()).filter_map(move |((column, _), cell)| {
            column.filter(|column| wanted(*column)).map(|column| (column, cell))
        })
    }

    /// Those that nothing is known of, by what stands above them and their place.
    pub(super) fn unknown(&self) -> impl Iterator<Item = (usize, &str)> {
        let unknown = self.all.iter().enumerate().filter(|(_, (column, _))| column.is_none());
        unknown.map(|(at, (_, header))| (at, header.as_str()))
    }
}

/// A name as names are compared: its letters and digits, in lower case, a space between its words.
fn key(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(headers: &[&str]) -> Result<Vec<Option<Column>>, ImportProblem> {
        let columns = Columns::of(&headers.iter().copied().collect())?;
        Ok(columns.all.into_iter().map(|(column, _)| column).collect())
    }

    #[test]
    fn a_column_is_known_by_any_of_its_names() {
        let headers = [" COMPANY ", "e_mail", "Contact-Person", "VAT no.", "zip  code", "Phone", ""];
        let known = [
            Some(Column::Client),
            Some(Column::Email),
            Some(Column::Contact),
            Some(Column::TaxId),
            Some(Column::AddressPlace),
            None,
            None,
        ];
        assert_eq!(columns(&headers).unwrap(), known);
        for column in TEMPLATE {
            assert_eq!(Column::of(column.usual_name()), Some(column));
        }
    }

    #[test]
    fn a_name_is_the_clients_or_else_the_contacts() {
        let (client, contact) = (Some(Column::Client), Some(Column::Contact));
        assert_eq!(columns(&["Name", "Email"]).unwrap()[0], client);
        assert_eq!(columns(&["Name", "Contact"]).unwrap(), [client, contact]);
        assert_eq!(columns(&["Name", "Company"]).unwrap(), [contact, client]);
        assert_eq!(columns(&["Company", "Contact", "Name"]).unwrap()[2], None);
        assert_eq!(columns(&["Company", "Last name", "Name"]).unwrap()[2], None);
    }

    #[test]
    fn what_is_missing_or_twice_or_too_much_is_told() {
        assert_eq!(columns(&["Email"]), Err(ImportProblem::NoClientColumn));
        assert_eq!(columns(&[]), Err(ImportProblem::NoClientColumn));
        let twice = columns(&["Client", "Email", "Street", "Country", "Mail"]);
        assert_eq!(twice, Err(ImportProblem::TwoColumns { header: "Mail".to_owned() }));
        let many =
            ["Client"].into_iter().chain(std::iter::repeat_n("", MOST_COLUMNS - 1)).collect::<Vec<_>>();
        assert!(columns(&many).is_ok());
        let more = columns(&[&many[..], &[""]].concat());
        assert_eq!(more, Err(ImportProblem::TooManyColumns { most: MOST_COLUMNS }));
    }
}
