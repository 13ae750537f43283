//! What the names in a statement stand for, and what is said of them.

use std::collections::HashMap;

use sqlparser::ast::{Expr, Value};

use super::{
    across,
    reading::{By, Column, Hold, Instance, Reading},
    side::Side,
    tables::{Key, Table, table},
};

/// A name that can be asked by within a FROM: a table, or columns that another SELECT gives.
#[derive(Debug, Clone)]
pub(super) enum Named {
    Table(usize, &'static Table),
    Given(HashMap<String, Column>),
}

/// What can be asked by in a FROM, by its name there.
pub(super) type Scope = Vec<(String, Named)>;

impl Reading {
    pub(super) fn enter(&mut self) {
        self.within.push(self.scopes.last().map(|(number, _)| *number));
        self.scopes.push((self.within.len() - 1, vec![]));
    }

    pub(super) fn leave(&mut self) {
        self.scopes.pop();
    }

    pub(super) fn both(&mut self, one: Column, other: Column) -> Option<Column> {
        let column = (self.instances.len(), one.1);
        self.instances.push(Instance { name: "a union".to_owned(), scope: 0, keys: vec![], is_found: false });
        self.holds.push(Hold { column, by: By::Both(one, other), term: None });
        (one.1 == other.1).then_some(column)
    }

    pub(super) fn add(&mut self, name: &str, alias: Option<String>) -> usize {
        let called = alias.unwrap_or_else(|| name.to_owned());
        if let Some(given) = self.given.get(name) {
            self.give(called, given.clone());
            return usize::MAX;
        }
        let scope = self.scopes.last_mut().unwrap();
        let of = table(name).unwrap_or_else(|| panic!("no table: {name}"));
        let keys = Key::ALL.into_iter().filter(|key| of.has(*key)).collect();
        scope.1.push((called, Named::Table(self.instances.len(), of)));
        self.instances.push(Instance { name: name.to_owned(), scope: scope.0, keys, is_found: false });
        self.instances.len() - 1
    }

    pub(super) fn give(&mut self, name: String, columns: HashMap<String, Column>) {
        let scope = self.scopes.last_mut().unwrap();
        self.given_to.extend(columns.values().map(|(at, _)| (scope.0, *at)));
        scope.1.push((name, Named::Given(columns)));
    }

    /// What `*` gives, of one name or of all.
    pub(super) fn all_of(&self, of: Option<&str>) -> Vec<(String, Option<Column>)> {
        let named = self.scopes.last().unwrap().1.iter().filter(|(name, _)| of.is_none_or(|of| of == name));
        named
            .flat_map(|(_, named)| match named {
                Named::Table(at, table) => table
                    .columns()
                    .iter()
                    .map(|(name, key)| ((*name).to_owned(), Some((*at, *key))))
                    .collect::<Vec<_>>(),
                Named::Given(columns) => {
                    columns.iter().map(|(name, column)| (name.clone(), Some(*column))).collect()
                }
            })
            .collect()
    }

    pub(super) fn term(&mut self, of: &Expr) -> usize {
        self.terms.push(of.to_string());
        self.terms.len() - 1
    }

    pub(super) fn equal(&mut self, left: &Expr, right: &Expr, only: Option<usize>, whole: &Expr) {
        for (left, right) in parts(left).into_iter().zip(parts(right)) {
            let term = self.term(whole);
            for (one, other) in [(left, right), (right, left)] {
                self.find(one, other);
                // Only what is of this FROM is restricted by what stands in it.
                if let Some((column, 0)) = self.column(one)
                    && only.is_none_or(|only| only == column.0)
                    && let Some(by) = self.holder(other, column.1)
                {
                    self.holds.push(Hold { column, by, term: Some(term) });
                }
            }
        }
    }

    /// Notes that a table is found by a column that is one row's alone.
    pub(super) fn find(&mut self, column: &Expr, by: &Expr) {
        let Some((of, name)) = asked(column) else { return };
        let is_parameter = matches!(by, Expr::Value(value) if matches!(value.value, Value::Placeholder(_)));
        if self.side != Side::System || !is_parameter {
            return;
        }
        for (called, named) in &self.scopes.last().unwrap().1 {
            if let Named::Table(at, _) = named
                && of.as_ref().is_none_or(|of| of == called)
                && across::finds(&self.instances[*at].name, &name)
            {
                self.instances[*at].is_found = true;
            }
        }
    }

    /// What an expression holds a column to that is said to be equal to it.
    pub(super) fn holder(&self, expression: &Expr, key: Key) -> Option<By> {
        match expression {
            Expr::Value(value) => match &value.value {
                Value::Placeholder(name) if self.side.accepts(name, key) => Some(By::Parameter),
                _ => None,
            },
            Expr::Cast { expr, .. } | Expr::Nested(expr) => self.holder(expr, key),
            _ => self
                .column(expression)
                .filter(|((_, of), _)| *of == key)
                .map(|(column, _)| By::Column(column)),
        }
    }

    /// Which column of a tenant's this is, and how many FROMs further out it stands.
    pub(super) fn column(&self, expression: &Expr) -> Option<(Column, usize)> {
        let (of, name) = asked(expression)?;
        for (out, (_, scope)) in self.scopes.iter().rev().enumerate() {
            let named = scope.iter().filter(|(called, _)| of.as_ref().is_none_or(|of| of == called));
            let found = named.filter_map(|(_, named)| match named {
                Named::Table(at, table) => table.key(&name).map(|key| (*at, key)),
                Named::Given(columns) => columns.get(&name).copied(),
            });
            if let Some(column) = found.clone().next() {
                // A name that two tables have says nothing.
                return (found.count() == 1).then_some((column, out));
            }
            // A name of this FROM that is no key hides those further out.
            if of.is_some() && scope.iter().any(|(called, _)| of.as_ref() == Some(called)) {
                return None;
            }
        }
        None
    }
}

/// The column that an expression asks for, and of what, where it says so.
pub(super) fn asked(expression: &Expr) -> Option<(Option<String>, String)> {
    match expression {
        Expr::Identifier(name) => Some((None, name.value.to_lowercase())),
        Expr::CompoundIdentifier(path) => match path.as_slice() {
            [of, name] => Some((Some(of.value.to_lowercase()), name.value.to_lowercase())),
            _ => None,
        },
        _ => None,
    }
}

/// What is compared: each part of a row, or the one thing that it is.
pub(super) fn parts(expression: &Expr) -> Vec<&Expr> {
    match expression {
        Expr::Tuple(parts) => parts.iter().collect(),
        Expr::Nested(inner) => parts(inner),
        one => vec![one],
    }
}
