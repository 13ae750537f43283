//! Which tables there are, and by which columns a row of one is a tenant's.

use std::{collections::HashMap, sync::LazyLock};

/// By what a row belongs to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    Org,
    Client,
}

impl Key {
    pub const ALL: [Self; 2] = [Self::Org, Self::Client];
}

/// The columns of a table that say whose a row is.
#[derive(Debug, Clone, Default)]
pub struct Table {
    columns: Vec<(&'static str, Key)>,
}

impl Table {
    /// What a column of it says.
    pub fn key(&self, column: &str) -> Option<Key> {
        self.columns.iter().find(|(name, _)| *name == column).map(|(_, key)| *key)
    }

    /// All of them.
    pub fn columns(&self) -> &[(&'static str, Key)] {
        &self.columns
    }

    pub fn has(&self, key: Key) -> bool {
        self.columns.iter().any(|(_, of)| *of == key)
    }
}

/// The tables of the migrations, which are the same for both databases.
static TABLES: LazyLock<HashMap<String, Table>> = LazyLock::new(|| {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../migrations/sqlite");
    let mut tables = HashMap::from([
        ("orgs".to_owned(), Table { columns: vec![("id", Key::Org)] }),
        ("clients".to_owned(), Table { columns: vec![("org_id", Key::Org), ("id", Key::Client)] }),
    ]);
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        for made in text.split("\nCREATE TABLE ").skip(1) {
            let (name, rest) = made.split_once(' ').unwrap();
            let body = rest.split("\n);").next().unwrap();
            let has =
                |column: &str| body.lines().any(|line| line.trim_start().starts_with(&format!("{column} ")));
            let columns = [("org_id", Key::Org), ("client_id", Key::Client)];
            let columns = columns.into_iter().filter(|(column, _)| has(column)).collect();
            tables.entry(name.to_owned()).or_insert(Table { columns });
        }
    }
    tables
});

/// The table of this name; none, where it is a name that a statement gives.
pub fn table(name: &str) -> Option<&'static Table> {
    TABLES.get(name)
}
