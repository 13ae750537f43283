//! Reads statements that change something.

use sqlparser::ast::{
    AssignmentTarget, Delete, FromTable, Insert, OnConflictAction, OnInsert, SelectItem, SetExpr,
    TableObject, Update, UpdateTableFromKind,
};

use super::{
    across,
    queries::last,
    reading::{By, Hold, Reading},
    tables::{Key, table},
};

impl Reading {
    pub(super) fn insert(&mut self, insert: &Insert) -> Result<(), String> {
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
                self.with(source)?;
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

    pub(super) fn update(&mut self, update: &Update) -> Result<(), String> {
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

    pub(super) fn delete(&mut self, delete: &Delete) -> Result<(), String> {
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
