//! A statement, read: which tables stand in it, and what holds each to somebody.

use std::collections::{HashMap, HashSet};

use sqlparser::{dialect::SQLiteDialect, parser::Parser};

use super::{names::Scope, side::Side, tables::Key};

/// A column of a table in a statement that says whose its rows are.
pub(super) type Column = (usize, Key);

/// What holds a column to somebody.
#[derive(Debug, Clone, Copy)]
pub(super) enum By {
    Parameter,
    Column(Column),
    /// Both halves of a UNION.
    Both(Column, Column),
}

/// A column is held by something, because of a term of the statement; `None` where no predicate says it.
#[derive(Debug)]
pub(super) struct Hold {
    pub(super) column: Column,
    pub(super) by: By,
    pub(super) term: Option<usize>,
}

/// A table in a statement.
#[derive(Debug)]
pub(super) struct Instance {
    pub(super) name: String,
    /// Of which FROM it is.
    pub(super) scope: usize,
    pub(super) keys: Vec<Key>,
    /// By a column of it that is one row's alone, or one person's, whoever asks for it can be told.
    pub(super) is_found: bool,
}

/// A statement, read.
#[derive(Debug)]
pub struct Reading {
    pub(super) side: Side,
    pub(super) instances: Vec<Instance>,
    pub(super) holds: Vec<Hold>,
    pub(super) terms: Vec<String>,
    /// FROMs, by number: which one each stands in.
    pub(super) within: Vec<Option<usize>>,
    /// Tables that a FROM has through a SELECT of its own.
    pub(super) given_to: Vec<(usize, usize)>,
    pub(super) scopes: Vec<(usize, Scope)>,
    pub(super) given: HashMap<String, HashMap<String, Column>>,
}

impl Reading {
    /// Reads a statement.
    pub fn of(sql: &str, side: Side) -> Result<Self, String> {
        let statements = Parser::parse_sql(&SQLiteDialect {}, sql).map_err(|error| error.to_string())?;
        let mut reading = Self {
            side,
            instances: vec![],
            holds: vec![],
            terms: vec![],
            within: vec![],
            given_to: vec![],
            scopes: vec![],
            given: HashMap::new(),
        };
        for statement in &statements {
            reading.statement(statement)?;
        }
        Ok(reading)
    }

    /// The predicates of tenants: what holds a table to an org, and, in the portal or between tables, to a client.
    pub fn predicates(&self) -> impl Iterator<Item = (usize, &str)> {
        let is_one = |term: usize| {
            self.holds.iter().any(|hold| {
                hold.term == Some(term)
                    && (hold.column.1 == Key::Org
                        || self.side == Side::Portal
                        || matches!(hold.by, By::Column(_)))
            })
        };
        self.terms
            .iter()
            .enumerate()
            .filter(move |(term, _)| is_one(*term))
            .map(|(term, text)| (term, text.as_str()))
    }

    /// What is held to nobody, if this term were not there.
    pub fn loose(&self, without: Option<usize>) -> Vec<String> {
        let mut held = HashSet::new();
        for key in Key::ALL {
            held.extend(self.found(key).into_iter().map(|at| (at, key)));
        }
        self.spread(&mut held, without);
        let mut loose = vec![];
        for key in Key::ALL {
            // A team sees all its clients: one table of a FROM may be of any, and what is joined with it is of the same.
            let may_be_any = key == Key::Client && self.side != Side::Portal;
            for (at, instance) in self.instances.iter().enumerate() {
                if !instance.keys.contains(&key) || held.contains(&(at, key)) {
                    continue;
                }
                if !(may_be_any && self.is_first(at, key)) {
                    loose.push(format!("{key:?} of {}", instance.name));
                }
                held.insert((at, key));
                self.spread(&mut held, without);
            }
        }
        loose
    }

    /// What is found by what is one row's alone, because as it is written nothing else holds it.
    fn found(&self, key: Key) -> Vec<usize> {
        let mut held = HashSet::new();
        self.spread(&mut held, None);
        let mut found = vec![];
        for (at, _) in self.instances.iter().enumerate().filter(|(_, instance)| instance.is_found) {
            if held.insert((at, key)) {
                found.push(at);
                self.spread(&mut held, None);
            }
        }
        found
    }

    /// Whether no other table before it, in its FROM or around it, has this key.
    fn is_first(&self, at: usize, key: Key) -> bool {
        let mut scope = Some(self.instances[at].scope);
        while let Some(number) = scope {
            let mut others = self.instances[..at].iter().enumerate();
            if others.any(|(other, instance)| {
                instance.keys.contains(&key)
                    && (instance.scope == number || self.given_to.contains(&(number, other)))
            }) {
                return false;
            }
            scope = self.within[number];
        }
        true
    }

    /// Whatever is held by something that is held, is held.
    fn spread(&self, held: &mut HashSet<Column>, without: Option<usize>) {
        loop {
            let before = held.len();
            for hold in &self.holds {
                let is_there = hold.term.is_none() || hold.term != without;
                let is_held = match hold.by {
                    By::Parameter => true,
                    By::Column(other) => held.contains(&other),
                    By::Both(one, other) => held.contains(&one) && held.contains(&other),
                };
                if is_there && is_held {
                    held.insert(hold.column);
                }
            }
            if held.len() == before {
                return;
            }
        }
    }
}
