//! Rows in the order in which they were made, found by id, and given out page by page as Stripe does
//! (<https://docs.stripe.com/api/pagination>): the newest first.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::{error::ApiError, form::Params};

/// What has an id, and was made at some time.
pub(crate) trait Row {
    fn id(&self) -> &str;
    fn account(&self) -> &str;
    fn created(&self) -> i64;
}

#[derive(Debug)]
pub(crate) struct Table<T> {
    rows: Vec<T>,
    places: HashMap<String, usize>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), places: HashMap::new() }
    }
}

impl<T: Row> Table<T> {
    pub(crate) fn insert(&mut self, row: T) {
        self.places.insert(row.id().to_owned(), self.rows.len());
        self.rows.push(row);
    }

    pub(crate) fn get(&self, id: &str) -> Option<&T> {
        self.places.get(id).and_then(|place| self.rows.get(*place))
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut T> {
        self.places.get(id).and_then(|place| self.rows.get_mut(*place))
    }

    /// The one with this id, where it is of this account: objects of others are not there.
    pub(crate) fn of(&self, account: &str, id: &str) -> Option<&T> {
        self.get(id).filter(|row| row.account() == account)
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + ExactSizeIterator {
        self.rows.iter()
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.rows.iter_mut()
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }
}

/// Which page of a list is asked for.
#[derive(Debug)]
pub(crate) struct Page {
    limit: usize,
    after: Option<String>,
    before: Option<String>,
    created: Vec<(&'static str, i64)>,
    pub(crate) expand: Vec<String>,
}

impl Page {
    /// Takes what every list takes. `created` is a time or bounds for it.
    pub(crate) fn read(params: &mut Params) -> Result<Self, ApiError> {
        let limit = params.integer("limit")?.unwrap_or(10);
        let limit =
            usize::try_from(limit).ok().filter(|limit| (1..=100).contains(limit)).ok_or_else(|| {
                ApiError::invalid(
                    Some("parameter_invalid_integer"),
                    "Invalid limit: must be between 1 and 100",
                )
                .at("limit")
            })?;
        let mut created = Vec::new();
        let after = params.short("starting_after", 255)?;
        let before = params.short("ending_before", 255)?;
        let expand = params.texts("expand")?;
        if let Ok(Some(mut bounds)) = params.clone().map("created") {
            params.ignore(&["created"]);
            for bound in ["gt", "gte", "lt", "lte"] {
                created.extend(bounds.integer(bound)?.map(|at| (bound, at)));
            }
            bounds.finish()?;
        } else {
            created.extend(params.integer("created")?.map(|at| ("eq", at)));
        }
        Ok(Self { limit, after, before, created, expand })
    }

    fn takes(&self, created: i64) -> bool {
        self.created.iter().all(|(bound, at)| match *bound {
            "gt" => created > *at,
            "gte" => created >= *at,
            "lt" => created < *at,
            "lte" => created <= *at,
            _ => created == *at,
        })
    }

    /// The page of the rows of an account that a filter lets through.
    pub(crate) fn list<T: Row>(
        &self,
        table: &Table<T>,
        account: &str,
        url: &str,
        filter: impl Fn(&T) -> bool,
        json: impl Fn(&T) -> Value,
    ) -> Result<Value, ApiError> {
        for (cursor, name) in [(&self.after, "starting_after"), (&self.before, "ending_before")] {
            if let Some(id) = cursor
                && table.of(account, id).is_none()
            {
                return Err(ApiError { status: 400, ..ApiError::not_found("object", id, name) });
            }
        }
        let newest_first = || {
            table
                .iter()
                .rev()
                .filter(|row| row.account() == account && self.takes(row.created()) && filter(row))
        };
        let place = |id: &String| table.places.get(id).copied().unwrap_or_default();
        let of = |row: &T| table.places.get(row.id()).copied().unwrap_or_default();
        let (mut rows, backwards): (Vec<&T>, bool) = if let Some(before) = &self.before {
            let mut newer: Vec<&T> = newest_first().take_while(|row| of(row) > place(before)).collect();
            newer.reverse();
            (newer, true)
        } else if let Some(after) = &self.after {
            (newest_first().filter(|row| of(row) < place(after)).take(self.limit + 1).collect(), false)
        } else {
            (newest_first().take(self.limit + 1).collect(), false)
        };
        let more = rows.len() > self.limit;
        rows.truncate(self.limit);
        if backwards {
            rows.reverse();
        }
        let data: Vec<Value> = rows.into_iter().map(json).collect();
        Ok(json!({ "object": "list", "url": url, "has_more": more, "data": data }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Thing(String, i64, String);

    impl Row for Thing {
        fn id(&self) -> &str {
            &self.0
        }
        fn account(&self) -> &str {
            &self.2
        }
        fn created(&self) -> i64 {
            self.1
        }
    }

    fn ids(query: &str) -> (String, bool) {
        let mut table = Table::default();
        for number in 0..5 {
            table.insert(Thing(number.to_string(), 100 + number, "acct".into()));
        }
        let page = Page::read(&mut Params::parse(query.as_bytes()).unwrap()).unwrap();
        let list = page.list(&table, "acct", "/v1/things", |_| true, |row| row.0.clone().into()).unwrap();
        let ids = list["data"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
        (ids, list["has_more"] == true)
    }

    #[test]
    fn pages_go_from_the_newest_to_the_oldest() {
        for (query, page, more) in [
            ("", "43210", false),
            ("limit=2", "43", true),
            ("limit=2&starting_after=3", "21", true),
            ("limit=2&starting_after=2", "10", false),
            ("limit=2&ending_before=1", "32", true),
            ("ending_before=3", "4", false),
            ("created[gte]=102", "432", false),
            ("created[gt]=102&created[lt]=104", "3", false),
            ("created=101", "1", false),
        ] {
            assert_eq!(ids(query), (page.to_owned(), more), "{query}");
        }
        assert!(Page::read(&mut Params::parse(b"limit=0").unwrap()).is_err());
        assert!(Page::read(&mut Params::parse(b"created[from]=1").unwrap()).is_err());
    }
}
