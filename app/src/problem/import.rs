//! What was wrong with a file of clients, as a whole or in a cell of it.

/// What is wrong with a file that is to be imported, beyond what can be wrong with a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportProblem {
    /// Bytes that are no Unicode, or no text at all.
    NotUnicode,
    /// No column says who the client is.
    NoClientColumn,
    /// Two columns are for the same.
    TwoColumns {
        /// The later of them, as the file names it.
        header: String,
    },
    /// More columns than any list has.
    TooManyColumns {
        /// The most there may be.
        most: usize,
    },
    /// Nothing stands below the first row.
    NoRows,
    /// More rows than are taken at once.
    TooManyRows {
        /// The most there may be.
        most: usize,
    },
    /// A row has something in a cell that no column is above of.
    TooManyCells,
    /// A quotation mark was opened, and swallowed the rest of the file.
    OpenQuote,
    /// Neither yes nor no.
    NoYesOrNo,
    /// An earlier row says something else of the same client.
    SaysOtherwise {
        /// Which.
        row: usize,
    },
    /// An earlier row gives the same client the same address.
    SameAddress {
        /// Which.
        row: usize,
    },
    /// The org has several clients of this name.
    SeveralClients,
    /// The client of this name is in the archive.
    InArchive,
    /// What would be made is not what was shown.
    ChangedSinceCheck,
}

impl ImportProblem {
    /// The name that programs read.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotUnicode => "NOT_UNICODE",
            Self::NoClientColumn => "NO_CLIENT_COLUMN",
            Self::TwoColumns { .. } => "TWO_COLUMNS",
            Self::TooManyColumns { .. } => "TOO_MANY_COLUMNS",
            Self::NoRows => "NO_ROWS",
            Self::TooManyRows { .. } => "TOO_MANY_ROWS",
            Self::TooManyCells => "TOO_MANY_CELLS",
            Self::OpenQuote => "OPEN_QUOTE",
            Self::NoYesOrNo => "NO_YES_OR_NO",
            Self::SaysOtherwise { .. } => "SAYS_OTHERWISE",
            Self::SameAddress { .. } => "SAME_ADDRESS_IN_FILE",
            Self::SeveralClients => "SEVERAL_CLIENTS",
            Self::InArchive => "IN_ARCHIVE",
            Self::ChangedSinceCheck => "CHANGED_SINCE_CHECK",
        }
    }

    /// The sentence that people read.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::NotUnicode => {
                "The letters of this file cannot be read for sure. Open it in your spreadsheet, save it as “CSV UTF-8”, and take that."
                    .to_owned()
            }
            Self::NoClientColumn => {
                "No column is for the client. The first row says what each column is: call one of them Client.".to_owned()
            }
            Self::TwoColumns { header } => {
                format!("“{header}” is one column too many: another one says the same. Take one of them out.")
            }
            Self::TooManyColumns { most } => {
                format!("There are more than {most} columns. Take out those that say nothing of clients and contacts.")
            }
            Self::NoRows => {
                "There is nothing to import. Below the first row, which says what each column is, there has to be another."
                    .to_owned()
            }
            Self::TooManyRows { most } => {
                format!("There are more than {most} rows. Make several files of it, and import one after the other.")
            }
            Self::TooManyCells => {
                "This row has more cells than there are columns. Something with a comma or semicolon in it may have to stand in quotation marks."
                    .to_owned()
            }
            Self::OpenQuote => {
                "A quotation mark is opened in this row and never closed, so that all that follows is one cell.".to_owned()
            }
            Self::NoYesOrNo => "This is neither yes nor no.".to_owned(),
            Self::SaysOtherwise { row } => format!("Row {row} says something else of the same client."),
            Self::SameAddress { row } => format!("Row {row} gives this client the same address."),
            Self::SeveralClients => {
                "You have several clients of this name. Add the contact on the page of the one that is meant.".to_owned()
            }
            Self::InArchive => {
                "The client of this name is in the archive. Take it back first, or give this one another name.".to_owned()
            }
            Self::ChangedSinceCheck => {
                "Something has changed since you checked this, so nothing was imported. Look at it once more.".to_owned()
            }
        }
    }
}
