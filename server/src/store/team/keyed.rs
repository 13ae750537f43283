//! Statements that read what belongs to many things at once, such as the lines of a page of invoices: so what a list costs
//! does not depend on how long it is.

use std::{fmt::Write as _, sync::OnceLock};

/// How many keys a statement takes. Fewer are padded, so that there are few texts to prepare, and one invoice is not
/// read by a statement for a hundred.
const SIZES: [usize; 3] = [1, 10, 100];

/// The most keys that one statement takes.
pub(super) const MOST_KEYS: usize = 100;

/// A statement that takes its keys as a table, which stands as `{keys}` in its text. `$1` is the org.
/// It reads `FROM k CROSS JOIN …`: SQLite then looks each key up, and does not walk through all that the org has instead.
pub(super) struct Keyed {
    template: &'static str,
    /// Columns of a key.
    columns: usize,
    /// Parameters before the keys.
    before: usize,
    sized: OnceLock<[String; SIZES.len()]>,
}

impl Keyed {
    /// With this text, keys of so many columns, and so many parameters before them.
    pub(super) const fn new(template: &'static str, columns: usize, before: usize) -> Self {
        Self { template, columns, before, sized: OnceLock::new() }
    }

    /// The text for at least so many keys, and for how many it is.
    pub(super) fn sized(&'static self, count: usize) -> (&'static str, usize) {
        let at = SIZES.iter().position(|size| *size >= count).unwrap_or(SIZES.len() - 1);
        let sized = self.sized.get_or_init(|| SIZES.map(|size| self.text(size)));
        (sized[at].as_str(), SIZES[at])
    }

    fn text(&self, size: usize) -> String {
        let mut keys = String::new();
        let mut parameter = self.before;
        for row in 0..size {
            keys.push_str(if row == 0 { "(" } else { ", (" });
            for column in 0..self.columns {
                parameter += 1;
                let comma = if column == 0 { "" } else { ", " };
                let _ = write!(keys, "{comma}${parameter}");
            }
            keys.push(')');
        }
        self.template.replace("{keys}", &keys)
    }

    /// The texts, for the test that reads their query plans. Those of a small database do not show in which order a
    /// large one is read, so that is looked at here.
    #[cfg(feature = "testing")]
    pub(super) fn planned(&'static self, name: &str) -> Vec<(String, &'static str)> {
        assert!(self.template.contains("FROM k CROSS JOIN "), "{}", self.template);
        SIZES.map(|size| (format!("keyed {name} for {size}"), self.sized(size).0)).to_vec()
    }
}

/// The rows of a keyed statement of a scope: the org bound first, every row checked again.
macro_rules! keyed_rows {
    ($scope:expr, $row:ty, $keyed:expr, $keys:expr $(, $bind:expr)* $(,)?) => {{
        let mut rows: Vec<$row> = vec![];
        for keys in $keys.chunks($crate::store::team::keyed::MOST_KEYS) {
            let (sql, size) = $keyed.sized(keys.len());
            let mut conn = $scope.read().await?;
            rows.extend($crate::store::db::fetch_keyed!(
                conn, $row, $scope.store.scoped_to_org(sql), keys, size, $scope.actor.org_id() $(, $bind)*
            )?);
            conn.commit().await?;
        }
        $scope.recheck::<$row>(rows).await
    }};
}

pub(super) use keyed_rows;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_numbered_after_the_other_parameters() {
        static KEYED: Keyed = Keyed::new("VALUES {keys}", 2, 1);
        assert_eq!(KEYED.sized(1), ("VALUES ($2, $3)", 1));
        let (text, size) = KEYED.sized(2);
        assert!(
            size == 10 && text.starts_with("VALUES ($2, $3), ($4, $5)") && text.ends_with("($20, $21)"),
            "{text}"
        );
        assert_eq!(KEYED.sized(100).1, 100);
    }
}
