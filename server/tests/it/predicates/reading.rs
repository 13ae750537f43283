//! What a statement says of whose rows it reads and writes.

use std::{
    collections::{HashMap, HashSet},
    ops::ControlFlow,
};

use sqlparser::{
    ast::{
        AssignmentTarget, BinaryOperator, Delete, Expr, FromTable, InTarget, Insert, JoinConstraint,
        JoinOperator, ObjectName, OnConflictAction, OnInsert, Query, Select, SelectItem,
        SelectItemQualifiedWildcardKind, SetExpr, Statement, TableFactor, TableObject, TableWithJoins,
        Update, UpdateTableFromKind, Value, Visit, Visitor,
    },
    dialect::SQLiteDialect,
    parser::Parser,
};

use super::{
    across,
    tables::{Key, Table, table},
};

/// For whom a statement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// One client's: `$1` is the org, `$2` the client.
    Portal,
    /// One org's: `$1` is the org.
    Team,
    /// Login, jobs, mail: whichever org it is about, it says so.
    System,
}

impl Side {
    /// Of the statements of a file.
    pub fn of(file: &str) -> Self {
        if file.contains("store/portal/") || file.ends_with("store/guest.rs") {
            Self::Portal
        } else if file.contains("store/team/") {
            Self::Team
        } else {
            Self::System
        }
    }

    /// Whether this parameter says whose.
    fn accepts(self, parameter: &str, key: Key) -> bool {
        match (self, key) {
            (Self::System, _) | (Self::Team, Key::Client) => true,
            (_, Key::Org) => parameter == "$1",
            (Self::Portal, Key::Client) => parameter == "$2",
        }
    }
}

/// A column of a table in a statement that says whose its rows are.
type Column = (usize, Key);

/// What holds a column to somebody.
#[derive(Debug, Clone, Copy)]
enum By {
    Parameter,
    Column(Column),
    /// Both halves of a UNION.
    Both(Column, Column),
}

/// A column is held by something, because of a term of the statement; `None` where no predicate says it.
#[derive(Debug)]
struct Hold {
    column: Column,
    by: By,
    term: Option<usize>,
}

/// A table in a statement.
#[derive(Debug)]
struct Instance {
    name: String,
    /// Of which FROM it is.
    scope: usize,
    keys: Vec<Key>,
    /// By a column of it that is one row's alone, or one person's, whoever asks for it can be told.
    is_found: bool,
}

/// A name that can be asked by within a FROM: a table, or columns that another SELECT gives.
#[derive(Debug, Clone)]
enum Named {
    Table(usize, &'static Table),
    Given(HashMap<String, Column>),
}

/// A FROM, with the one that it stands in before it.
type Scope = Vec<(String, Named)>;

/// A statement, read.
#[derive(Debug)]
pub struct Reading {
    side: Side,
    instances: Vec<Instance>,
    holds: Vec<Hold>,
    terms: Vec<String>,
    /// FROMs, by number: which one each stands in.
    within: Vec<Option<usize>>,
    /// Tables that a FROM has through a SELECT of its own.
    given_to: Vec<(usize, usize)>,
    scopes: Vec<(usize, Scope)>,
    given: HashMap<String, HashMap<String, Column>>,
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

    fn statement(&mut self, statement: &Statement) -> Result<(), String> {
        match statement {
            Statement::Query(query) => self.query(query).map(|_| ()),
            Statement::Insert(insert) => self.insert(insert),
            Statement::Update(update) => self.update(update),
            Statement::Delete(delete) => self.delete(delete),
            other => Err(format!("cannot be read: {other}")),
        }
    }

    /// Reads a query; gives the columns that it gives, as far as they say whose.
    fn query(&mut self, query: &Query) -> Result<Vec<(String, Option<Column>)>, String> {
        for table in query.with.iter().flat_map(|with| &with.cte_tables) {
            let mut given = self.query(&table.query)?;
            for (column, (name, _)) in table.alias.columns.iter().zip(&mut given) {
                *name = column.name.value.to_lowercase();
            }
            self.given.insert(table.alias.name.value.to_lowercase(), known(given));
        }
        self.body(&query.body)
    }

    fn body(&mut self, body: &SetExpr) -> Result<Vec<(String, Option<Column>)>, String> {
        match body {
            SetExpr::Select(select) => {
                self.select(select)?;
                let given = self.projection(&select.projection)?;
                self.leave();
                Ok(given)
            }
            SetExpr::Query(query) => self.query(query),
            // What comes of both halves is held where both are.
            SetExpr::SetOperation { left, right, .. } => {
                let (left, right) = (self.body(left)?, self.body(right)?);
                let both = left.into_iter().zip(right);
                Ok(both
                    .map(|((name, one), (_, other))| {
                        (name, one.zip(other).and_then(|(one, other)| self.both(one, other)))
                    })
                    .collect())
            }
            SetExpr::Values(values) => {
                for value in values.rows.iter().flat_map(|row| &row.content) {
                    self.inner(value)?;
                }
                Ok(vec![])
            }
            SetExpr::Insert(statement) | SetExpr::Update(statement) | SetExpr::Delete(statement) => {
                self.statement(statement).map(|()| vec![])
            }
            other => Err(format!("cannot be read: {other}")),
        }
    }

    fn both(&mut self, one: Column, other: Column) -> Option<Column> {
        let column = (self.instances.len(), one.1);
        self.instances.push(Instance { name: "a union".to_owned(), scope: 0, keys: vec![], is_found: false });
        self.holds.push(Hold { column, by: By::Both(one, other), term: None });
        (one.1 == other.1).then_some(column)
    }

    fn enter(&mut self) {
        self.within.push(self.scopes.last().map(|(number, _)| *number));
        self.scopes.push((self.within.len() - 1, vec![]));
    }

    fn leave(&mut self) {
        self.scopes.pop();
    }

    /// Enters the FROM of a SELECT and reads all of it but what it gives.
    fn select(&mut self, select: &Select) -> Result<(), String> {
        self.enter();
        self.from(&select.from)?;
        for condition in select.selection.iter().chain(&select.having) {
            self.condition(condition, None)?;
        }
        Ok(())
    }

    fn from(&mut self, tables: &[TableWithJoins]) -> Result<(), String> {
        for table in tables {
            self.factor(&table.relation)?;
            for join in &table.joins {
                let joined = self.factor(&join.relation)?;
                let (on, only) = match &join.join_operator {
                    JoinOperator::Join(on) | JoinOperator::Inner(on) | JoinOperator::CrossJoin(on) => {
                        (on, None)
                    }
                    JoinOperator::Left(on) | JoinOperator::LeftOuter(on) => (on, Some(joined)),
                    other => return Err(format!("cannot be read: {other:?}")),
                };
                match on {
                    JoinConstraint::On(condition) => self.condition(condition, only)?,
                    JoinConstraint::None => {}
                    other => return Err(format!("cannot be read: {other:?}")),
                }
            }
        }
        Ok(())
    }

    /// Adds a table to the FROM; gives its number, or one that nothing has.
    fn factor(&mut self, factor: &TableFactor) -> Result<usize, String> {
        match factor {
            TableFactor::Table { name, alias, args: None, .. } => {
                Ok(self.add(&last(name), alias.as_ref().map(|alias| alias.name.value.to_lowercase())))
            }
            TableFactor::Table { .. } | TableFactor::TableFunction { .. } | TableFactor::Function { .. } => {
                Ok(usize::MAX)
            }
            TableFactor::Derived { subquery, alias, .. } => {
                let given = self.query(subquery)?;
                let alias = alias.as_ref().ok_or("a SELECT without a name")?;
                self.give(alias.name.value.to_lowercase(), known(given));
                Ok(usize::MAX)
            }
            TableFactor::NestedJoin { table_with_joins, .. } => {
                self.from(std::slice::from_ref(table_with_joins)).map(|()| usize::MAX)
            }
            other => Err(format!("cannot be read: {other}")),
        }
    }

    fn add(&mut self, name: &str, alias: Option<String>) -> usize {
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

    fn give(&mut self, name: String, columns: HashMap<String, Column>) {
        let scope = self.scopes.last_mut().unwrap();
        self.given_to.extend(columns.values().map(|(at, _)| (scope.0, *at)));
        scope.1.push((name, Named::Given(columns)));
    }

    /// What `*` gives, of one name or of all.
    fn all_of(&self, of: Option<&str>) -> Vec<(String, Option<Column>)> {
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

    fn projection(&mut self, items: &[SelectItem]) -> Result<Vec<(String, Option<Column>)>, String> {
        let mut given = vec![];
        for item in items {
            let (expression, name) = match item {
                SelectItem::UnnamedExpr(expression) => (expression, None),
                SelectItem::ExprWithAlias { expr, alias } => (expr, Some(alias.value.to_lowercase())),
                SelectItem::Wildcard(_) => {
                    given.extend(self.all_of(None));
                    continue;
                }
                SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(name), _) => {
                    given.extend(self.all_of(Some(&last(name))));
                    continue;
                }
                other => return Err(format!("cannot be read: {other}")),
            };
            self.inner(expression)?;
            let own_name = match expression {
                Expr::Identifier(name) => name.value.to_lowercase(),
                Expr::CompoundIdentifier(path) => path.last().unwrap().value.to_lowercase(),
                _ => String::new(),
            };
            given.push((name.unwrap_or(own_name), self.column(expression).map(|(column, _)| column)));
        }
        Ok(given)
    }

    /// Reads a condition: what all of it says is said. Where it is of an outer join, it says something `only` of one table.
    fn condition(&mut self, condition: &Expr, only: Option<usize>) -> Result<(), String> {
        match condition {
            Expr::Nested(inner) => self.condition(inner, only),
            Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
                self.condition(left, only)?;
                self.condition(right, only)
            }
            Expr::BinaryOp { left, op: BinaryOperator::Eq, right } => {
                self.inner(left)?;
                self.inner(right)?;
                self.equal(left, right, only, condition);
                Ok(())
            }
            Expr::In { expr, target: InTarget::Subquery(subquery), negated: false, .. } => {
                self.inner(expr)?;
                let given = self.query(subquery)?;
                let wanted = parts(expr);
                let term = self.term(condition);
                for (expression, (_, by)) in wanted.into_iter().zip(given) {
                    if let (Some((column, 0)), Some(by)) = (self.column(expression), by)
                        && only.is_none_or(|only| only == column.0)
                    {
                        self.holds.push(Hold { column, by: By::Column(by), term: Some(term) });
                    }
                }
                Ok(())
            }
            other => self.inner(other),
        }
    }

    fn term(&mut self, of: &Expr) -> usize {
        self.terms.push(of.to_string());
        self.terms.len() - 1
    }

    fn equal(&mut self, left: &Expr, right: &Expr, only: Option<usize>, whole: &Expr) {
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
    fn find(&mut self, column: &Expr, by: &Expr) {
        let (of, name) = match column {
            Expr::Identifier(name) => (None, name.value.to_lowercase()),
            Expr::CompoundIdentifier(path) if path.len() == 2 => {
                (Some(path[0].value.to_lowercase()), path[1].value.to_lowercase())
            }
            _ => return,
        };
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
    fn holder(&self, expression: &Expr, key: Key) -> Option<By> {
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
    fn column(&self, expression: &Expr) -> Option<(Column, usize)> {
        let (of, name) = match expression {
            Expr::Identifier(name) => (None, name.value.to_lowercase()),
            Expr::CompoundIdentifier(path) => match path.as_slice() {
                [of, name] => (Some(of.value.to_lowercase()), name.value.to_lowercase()),
                _ => return None,
            },
            _ => return None,
        };
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

    /// Reads the queries within an expression, which say nothing of what is around them.
    fn inner(&mut self, expression: &Expr) -> Result<(), String> {
        let mut outermost = Outermost::default();
        let _ = expression.visit(&mut outermost);
        for query in outermost.found {
            self.query(&query)?;
        }
        Ok(())
    }

    fn insert(&mut self, insert: &Insert) -> Result<(), String> {
        let TableObject::TableName(name) = &insert.table else {
            return Err("inserted into no table".to_owned());
        };
        let of = table(&last(name)).unwrap();
        let source = insert.source.as_ref().ok_or("inserts nothing")?;
        let keys: Vec<Option<Key>> = insert.columns.iter().map(|column| of.key(&last(column))).collect();
        let mut values: Vec<(Key, Option<By>)> = vec![];
        match source.body.as_ref() {
            SetExpr::Values(rows) => {
                for row in &rows.rows {
                    for (value, key) in row.content.iter().zip(&keys) {
                        self.inner(value)?;
                        values.extend(key.map(|key| (key, self.holder(value, key))));
                    }
                }
            }
            SetExpr::Select(select) => {
                for table in source.with.iter().flat_map(|with| &with.cte_tables) {
                    let given = self.query(&table.query)?;
                    self.given.insert(table.alias.name.value.to_lowercase(), known(given));
                }
                self.select(select)?;
                for (item, key) in select.projection.iter().zip(&keys) {
                    let (SelectItem::UnnamedExpr(value) | SelectItem::ExprWithAlias { expr: value, .. }) =
                        item
                    else {
                        return Err(format!("cannot be read: {item}"));
                    };
                    self.inner(value)?;
                    values.extend(key.map(|key| (key, self.holder(value, key))));
                }
                self.leave();
            }
            other => return Err(format!("cannot be read: {other}")),
        }
        self.enter();
        let alias = insert.table_alias.as_ref().map(|alias| alias.alias.value.to_lowercase());
        let at = self.add(&last(name), alias);
        for key in Key::ALL {
            let of_key: Vec<_> = values.iter().filter(|(of, _)| *of == key).collect();
            if let [(_, Some(by))] = of_key.as_slice() {
                self.holds.push(Hold { column: (at, key), by: *by, term: None });
            } else if !of_key.is_empty() && of_key.iter().all(|(_, by)| matches!(by, Some(By::Parameter))) {
                self.holds.push(Hold { column: (at, key), by: By::Parameter, term: None });
            }
        }
        if let Some(OnInsert::OnConflict(conflict)) = &insert.on
            && let OnConflictAction::DoUpdate(update) = &conflict.action
        {
            for assignment in &update.assignments {
                self.inner(&assignment.value)?;
            }
            if let Some(condition) = &update.selection {
                self.inner(condition)?;
            }
        }
        self.projection(insert.returning.as_deref().unwrap_or_default())?;
        self.leave();
        Ok(())
    }

    fn update(&mut self, update: &Update) -> Result<(), String> {
        self.enter();
        self.from(std::slice::from_ref(&update.table))?;
        if let Some(UpdateTableFromKind::AfterSet(tables) | UpdateTableFromKind::BeforeSet(tables)) =
            &update.from
        {
            self.from(tables)?;
        }
        if let Some(condition) = &update.selection {
            self.condition(condition, None)?;
        }
        for assignment in &update.assignments {
            if let AssignmentTarget::ColumnName(name) = &assignment.target
                && matches!(last(name).as_str(), "org_id" | "client_id")
                && !across::may_change_hands(&update.table.to_string())
            {
                return Err("a row changes hands".to_owned());
            }
            self.inner(&assignment.value)?;
        }
        self.projection(update.returning.as_deref().unwrap_or_default())?;
        self.leave();
        Ok(())
    }

    fn delete(&mut self, delete: &Delete) -> Result<(), String> {
        self.enter();
        let (FromTable::WithFromKeyword(tables) | FromTable::WithoutKeyword(tables)) = &delete.from;
        self.from(tables)?;
        if let Some(condition) = &delete.selection {
            self.condition(condition, None)?;
        }
        self.projection(delete.returning.as_deref().unwrap_or_default())?;
        self.leave();
        Ok(())
    }
}

/// Finds the queries of an expression, and not those within them.
#[derive(Default)]
struct Outermost {
    depth: usize,
    found: Vec<Query>,
}

impl Visitor for Outermost {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        if self.depth == 0 {
            self.found.push(query.clone());
        }
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &Query) -> ControlFlow<()> {
        self.depth -= 1;
        ControlFlow::Continue(())
    }
}

fn known(given: Vec<(String, Option<Column>)>) -> HashMap<String, Column> {
    given.into_iter().filter_map(|(name, column)| Some((name, column?))).collect()
}

fn last(name: &ObjectName) -> String {
    name.0.last().and_then(|part| part.as_ident()).map_or_else(String::new, |name| name.value.to_lowercase())
}

/// What is compared: each part of a row, or the one thing that it is.
fn parts(expression: &Expr) -> Vec<&Expr> {
    match expression {
        Expr::Tuple(parts) => parts.iter().collect(),
        Expr::Nested(inner) => parts(inner),
        one => vec![one],
    }
}
