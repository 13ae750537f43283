//! A document measured the plain way, part by part: nothing that the limits count may be less.

use std::collections::HashSet;

use async_graphql::parser::types::{Directive, ExecutableDocument, Field, Selection, SelectionSet};
use async_graphql::{Name, Positioned};
use async_graphql_value::{ConstValue, Value};

/// Some of the tokens of a document (every one that its tree tells of), and the most brackets within each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Size {
    pub(super) tokens: usize,
    pub(super) nesting: usize,
    pub(super) aliases: usize,
    pub(super) directives: usize,
}

impl Size {
    pub(super) fn of(document: &ExecutableDocument) -> Self {
        let mut size = Self::default();
        for (name, operation) in document.operations.iter() {
            size.tokens += usize::from(name.is_some());
            for variable in &operation.node.variable_definitions {
                size.tokens += 4;
                if let Some(default) = &variable.node.default_value {
                    size.constant(&default.node, 1);
                }
                size.of_directives(&variable.node.directives, 1);
            }
            size.of_directives(&operation.node.directives, 0);
            size.selection(&operation.node.selection_set.node, 0);
        }
        for fragment in document.fragments.values() {
            size.tokens += 4;
            size.of_directives(&fragment.node.directives, 0);
            size.selection(&fragment.node.selection_set.node, 0);
        }
        size
    }

    fn selection(&mut self, set: &SelectionSet, open: usize) {
        if set.items.is_empty() {
            return;
        }
        let open = open + 1;
        self.tokens += 2;
        self.nesting = self.nesting.max(open);
        for item in &set.items {
            match &item.node {
                Selection::Field(field) => self.field(&field.node, open),
                Selection::InlineFragment(fragment) => {
                    self.tokens += 1 + 2 * usize::from(fragment.node.type_condition.is_some());
                    self.of_selection_directives(&fragment.node.directives, open);
                    self.selection(&fragment.node.selection_set.node, open);
                }
                Selection::FragmentSpread(spread) => {
                    self.tokens += 2;
                    self.of_selection_directives(&spread.node.directives, open);
                }
            }
        }
    }

    fn field(&mut self, field: &Field, open: usize) {
        self.tokens += 1 + 2 * usize::from(field.alias.is_some());
        self.aliases += usize::from(field.alias.is_some());
        self.arguments(&field.arguments, open);
        self.of_selection_directives(&field.directives, open);
        self.selection(&field.selection_set.node, open);
    }

    fn of_selection_directives(&mut self, directives: &[Positioned<Directive>], open: usize) {
        self.directives += directives.len();
        self.of_directives(directives, open);
    }

    fn of_directives(&mut self, directives: &[Positioned<Directive>], open: usize) {
        for directive in directives {
            self.tokens += 2;
            self.arguments(&directive.node.arguments, open);
        }
    }

    fn arguments(&mut self, arguments: &[(Positioned<Name>, Positioned<Value>)], open: usize) {
        if arguments.is_empty() {
            return;
        }
        self.tokens += 2;
        self.nesting = self.nesting.max(open + 1);
        for (_, value) in arguments {
            self.tokens += 2;
            self.value(&value.node, open + 1);
        }
    }

    fn value(&mut self, value: &Value, open: usize) {
        self.nesting = self.nesting.max(open);
        match value {
            Value::Variable(_) => self.tokens += 2,
            Value::List(list) => {
                self.tokens += 2;
                self.nesting = self.nesting.max(open + 1);
                for value in list {
                    self.value(value, open + 1);
                }
            }
            Value::Object(object) => {
                self.tokens += 2 + 2 * object.len();
                self.nesting = self.nesting.max(open + 1);
                for value in object.values() {
                    self.value(value, open + 1);
                }
            }
            _ => self.tokens += 1,
        }
    }

    fn constant(&mut self, value: &ConstValue, open: usize) {
        self.value(&value.clone().into_value(), open);
    }
}

/// How many fields and spreads a selection comes to when fragments are written out, and how deep its data lies; no more is
/// counted than `most`. `None` where a fragment leads to itself, which the engine refuses.
pub(super) fn written_out<'a>(
    document: &'a ExecutableDocument,
    set: &'a SelectionSet,
    within: &mut HashSet<&'a str>,
    most: usize,
) -> Option<(usize, usize)> {
    let (mut fields, mut depth) = (0, 0);
    for item in &set.items {
        if fields > most {
            break;
        }
        fields += 1;
        let (inner_fields, inner_depth) = match &item.node {
            Selection::Field(field) => {
                let name = field.node.name.node.as_str();
                let inner = written_out(
                    document,
                    &field.node.selection_set.node,
                    within,
                    most.saturating_sub(fields),
                )?;
                // What is asked about the schema has limits of its own.
                let is_data = name != "__schema" && name != "__type";
                (inner.0, if is_data { inner.1 + 1 } else { 0 })
            }
            Selection::InlineFragment(fragment) => {
                written_out(document, &fragment.node.selection_set.node, within, most.saturating_sub(fields))?
            }
            Selection::FragmentSpread(spread) => {
                let name = spread.node.fragment_name.node.as_str();
                match document.fragments.get(name) {
                    None => (0, 0),
                    Some(_) if !within.insert(name) => return None,
                    Some(fragment) => {
                        let inner = written_out(
                            document,
                            &fragment.node.selection_set.node,
                            within,
                            most.saturating_sub(fields),
                        );
                        within.remove(name);
                        inner?
                    }
                }
            }
        };
        fields += inner_fields;
        depth = depth.max(inner_depth);
    }
    Some((fields, depth))
}
