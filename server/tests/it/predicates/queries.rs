//! Reads queries: their tables, conditions and what they give.

use std::{collections::HashMap, ops::ControlFlow};

use sqlparser::ast::{
    BinaryOperator, Expr, InTarget, JoinConstraint, JoinOperator, ObjectName, Query, Select, SelectItem,
    SelectItemQualifiedWildcardKind, SetExpr, Statement, TableFactor, TableWithJoins, Visit, Visitor,
};

use super::{
    names::{asked, parts},
    reading::{By, Column, Hold, Reading},
};

impl Reading {
    pub(super) fn statement(&mut self, statement: &Statement) -> Result<(), String> {
        match statement {
            Statement::Query(query) => self.query(query).map(|_| ()),
            Statement::Insert(insert) => self.insert(insert),
            Statement::Update(update) => self.update(update),
            Statement::Delete(delete) => self.delete(delete),
            other => Err(format!("cannot be read: {other}")),
        }
    }

    /// Reads a query; gives the columns that it gives, as far as they say whose.
    pub(super) fn query(&mut self, query: &Query) -> Result<Vec<(String, Option<Column>)>, String> {
        self.with(query)?;
        self.body(&query.body)
    }

    /// Reads what stands in a query's WITH.
    pub(super) fn with(&mut self, query: &Query) -> Result<(), String> {
        for table in query.with.iter().flat_map(|with| &with.cte_tables) {
            let mut given = self.query(&table.query)?;
            for (column, (name, _)) in table.alias.columns.iter().zip(&mut given) {
                *name = column.name.value.to_lowercase();
            }
            self.given.insert(table.alias.name.value.to_lowercase(), known(given));
        }
        Ok(())
    }

    pub(super) fn body(&mut self, body: &SetExpr) -> Result<Vec<(String, Option<Column>)>, String> {
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

    /// Enters the FROM of a SELECT and reads all of it but what it gives.
    pub(super) fn select(&mut self, select: &Select) -> Result<(), String> {
        self.enter();
        self.from(&select.from)?;
        for condition in select.selection.iter().chain(&select.having) {
            self.condition(condition, None)?;
        }
        Ok(())
    }

    pub(super) fn from(&mut self, tables: &[TableWithJoins]) -> Result<(), String> {
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
    pub(super) fn factor(&mut self, factor: &TableFactor) -> Result<usize, String> {
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

    pub(super) fn projection(
        &mut self,
        items: &[SelectItem],
    ) -> Result<Vec<(String, Option<Column>)>, String> {
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
            let name = name.or_else(|| asked(expression).map(|(_, name)| name)).unwrap_or_default();
            given.push((name, self.column(expression).map(|(column, _)| column)));
        }
        Ok(given)
    }

    /// Reads a condition: what all of it says is said. Where it is of an outer join, it says something `only` of one table.
    pub(super) fn condition(&mut self, condition: &Expr, only: Option<usize>) -> Result<(), String> {
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

    /// Reads the queries within an expression, which say nothing of what is around them.
    pub(super) fn inner(&mut self, expression: &Expr) -> Result<(), String> {
        let mut outermost = Outermost::default();
        let _ = expression.visit(&mut outermost);
        for query in outermost.found {
            self.query(&query)?;
        }
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

pub(super) fn last(name: &ObjectName) -> String {
    name.0.last().and_then(|part| part.as_ident()).map_or_else(String::new, |name| name.value.to_lowercase())
}
