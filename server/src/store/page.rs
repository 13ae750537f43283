//! Keyset pages: a page begins after or before a row that is named by its place in the order, so
//! that the thousandth page costs what the first one does.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{Datelike as _, NaiveDate};
use uuid::Uuid;

use crate::error::{Error, Result};

/// The largest page anybody may ask for.
pub const MAX_PAGE_SIZE: i64 = 100;

/// A place in a list: a day, and an id among those of that day. It names a position and grants
/// nothing; whose rows are found there is decided by the scope alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// The day that the list is ordered by; the first of all days where it is ordered by id alone.
    pub day: NaiveDate,
    /// The id within that day.
    pub id: Uuid,
}

/// The first of all days that both databases can hold.
pub const FIRST_DAY: NaiveDate = match NaiveDate::from_ymd_opt(1, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};
/// The last of all days that both databases can hold and compare.
pub const LAST_DAY: NaiveDate = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

impl Cursor {
    /// Before every row of an ascending list.
    pub const FIRST: Self = Self { day: FIRST_DAY, id: Uuid::nil() };
    /// After every row of an ascending list, which is where a descending one begins.
    pub const LAST: Self = Self { day: LAST_DAY, id: Uuid::max() };
    /// Where an ascending list begins and where it ends.
    pub const ASCENDING: (Self, Self) = (Self::FIRST, Self::LAST);
    /// Where a descending list begins and where it ends.
    pub const DESCENDING: (Self, Self) = (Self::LAST, Self::FIRST);

    /// The text that travels in links.
    #[must_use]
    pub fn to_text(self) -> String {
        let mut bytes = [0; 20];
        bytes[..4].copy_from_slice(&self.day.num_days_from_ce().to_be_bytes());
        bytes[4..].copy_from_slice(self.id.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads a text that [`Cursor::to_text`] has made.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; 20] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        let (day, id) = bytes.split_at(4);
        let day = NaiveDate::from_num_days_from_ce_opt(i32::from_be_bytes(day.try_into().ok()?))?;
        let id = Uuid::from_bytes(id.try_into().ok()?);
        (FIRST_DAY..=LAST_DAY).contains(&day).then_some(Self { day, id })
    }
}

/// Which page of a list is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest {
    start: Start,
    size: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Start {
    Beginning,
    After(Cursor),
    Before(Cursor),
    End,
}

/// What came from outside about a page, as the Relay specification of connections has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PageArgs<'a> {
    /// How many from the beginning, or after a cursor.
    pub first: Option<i32>,
    /// Those after this cursor.
    pub after: Option<&'a str>,
    /// How many to the end, or before a cursor.
    pub last: Option<i32>,
    /// Those before this cursor.
    pub before: Option<&'a str>,
}

/// How many rows a page has where nobody says it.
const USUAL_PAGE_SIZE: i32 = 25;

impl PageArgs<'_> {
    /// How many rows are asked for, as far as can be told: for what a document may cost.
    #[must_use]
    pub fn size(first: Option<i32>, last: Option<i32>) -> usize {
        usize::try_from(first.or(last).unwrap_or(USUAL_PAGE_SIZE)).unwrap_or_default()
    }
}

impl PageRequest {
    /// Reads what came from outside.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a size out of range, a broken cursor, or what does not go together: one goes forward
    /// with `first` and `after`, or backward with `last` and `before`.
    pub fn parse(args: PageArgs<'_>) -> Result<Self> {
        Self::parse_with(args, Cursor::parse)
    }

    /// The first rows of a list.
    #[must_use]
    pub const fn beginning(size: i64) -> Self {
        Self { start: Start::Beginning, size }
    }

    fn parse_with(args: PageArgs<'_>, read: impl Fn(&str) -> Option<Cursor>) -> Result<Self> {
        let PageArgs { first, after, last, before } = args;
        let (start, size, field) = match (after, before) {
            (Some(_), Some(_)) => return Err(Error::Invalid { field: "before" }),
            (Some(text), None) => {
                (Start::After(read(text).ok_or(Error::Invalid { field: "after" })?), first, "first")
            }
            (None, Some(text)) => {
                (Start::Before(read(text).ok_or(Error::Invalid { field: "before" })?), last, "last")
            }
            (None, None) if last.is_some() => (Start::End, last, "last"),
            (None, None) => (Start::Beginning, first, "first"),
        };
        let is_backward = field == "last";
        if is_backward && first.is_some() {
            return Err(Error::Invalid { field: "first" });
        }
        if !is_backward && last.is_some() {
            return Err(Error::Invalid { field: "last" });
        }
        let size = i64::from(size.unwrap_or(USUAL_PAGE_SIZE));
        if !(1..=MAX_PAGE_SIZE).contains(&size) {
            return Err(Error::Invalid { field });
        }
        Ok(Self { start, size })
    }

    /// Whether the rows are read against the order of the list, to be turned round afterwards.
    #[must_use]
    pub const fn is_backward(&self) -> bool {
        matches!(self.start, Start::Before(_) | Start::End)
    }

    /// Where reading begins; `beginning` and `end` are where a list in this order does.
    #[must_use]
    pub const fn from(&self, (beginning, end): (Cursor, Cursor)) -> Cursor {
        match self.start {
            Start::Beginning => beginning,
            Start::End => end,
            Start::After(cursor) | Start::Before(cursor) => cursor,
        }
    }

    /// One row more than the page has, to know whether there are more.
    #[must_use]
    pub const fn limit(&self) -> i64 {
        self.size + 1
    }

    /// Makes a page of the rows that were read.
    #[must_use]
    pub fn page<T>(&self, mut rows: Vec<T>) -> Page<T> {
        let size = usize::try_from(self.size).unwrap_or(usize::MAX);
        let more = rows.len() > size;
        rows.truncate(size);
        let (has_previous, has_next) = match self.start {
            Start::Beginning => (false, more),
            // The row that the cursor names is on the other side.
            Start::After(_) => (true, more),
            Start::Before(_) => {
                rows.reverse();
                (more, true)
            }
            Start::End => {
                rows.reverse();
                (more, false)
            }
        };
        Page { rows, has_previous, has_next }
    }
}

/// A place in a list that is ordered by a text. As [`Cursor`], it grants nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextCursor {
    /// What the list is ordered by.
    pub text: String,
    /// The id among those of the same text.
    pub id: Uuid,
}

/// Longer cursors than ours can be are not read.
const LONGEST_TEXT_CURSOR: usize = 4096;

impl TextCursor {
    /// The text that travels in links.
    #[must_use]
    pub fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode([self.id.as_bytes(), self.text.as_bytes()].concat())
    }

    /// Reads a text that [`TextCursor::to_text`] has made.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > LONGEST_TEXT_CURSOR {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (id, text) = bytes.split_at_checked(16)?;
        let text = std::str::from_utf8(text).ok().filter(|text| !text.contains('\0'))?;
        Some(Self { id: Uuid::from_slice(id).ok()?, text: text.to_owned() })
    }
}

/// Which page of a list is wanted that is ordered by a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextPageRequest {
    /// Where it lies, as far as the order does not matter.
    page: PageRequest,
    cursor: Option<TextCursor>,
}

impl TextPageRequest {
    /// Reads what came from outside.
    ///
    /// # Errors
    /// As [`PageRequest::parse`].
    pub fn parse(args: PageArgs<'_>) -> Result<Self> {
        // Where the cursor lies does not matter to what the page decides.
        let page = PageRequest::parse_with(args, |text| TextCursor::parse(text).map(|_| Cursor::FIRST))?;
        Ok(Self { page, cursor: args.after.or(args.before).and_then(TextCursor::parse) })
    }

    /// Whether the rows are read against the order of the list, to be turned round afterwards.
    #[must_use]
    pub const fn is_backward(&self) -> bool {
        self.page.is_backward()
    }

    /// Where reading begins: before every text, if nothing else was said, or after every one.
    #[must_use]
    pub fn from(&self) -> TextCursor {
        self.cursor.clone().unwrap_or_else(|| match self.page.start {
            // Texts are compared by their bytes, and none begins with more than this.
            Start::End => TextCursor { text: "\u{10ffff}".repeat(4), id: Uuid::max() },
            _ => TextCursor { text: String::new(), id: Uuid::nil() },
        })
    }

    /// One row more than the page has, to know whether there are more.
    #[must_use]
    pub const fn limit(&self) -> i64 {
        self.page.limit()
    }

    /// Makes a page of the rows that were read.
    #[must_use]
    pub fn page<T>(&self, rows: Vec<T>) -> Page<T> {
        self.page.page(rows)
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows in the order of the list.
    pub rows: Vec<T>,
    /// There are rows before the first one.
    pub has_previous: bool,
    /// There are rows after the last one.
    pub has_next: bool,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_cursor_survives_its_journey(day in 0..3_652_058_i32, id in any::<u128>()) {
            let cursor = Cursor {
                day: NaiveDate::from_num_days_from_ce_opt(day + 1).unwrap(),
                id: Uuid::from_u128(id),
            };
            prop_assert_eq!(Cursor::parse(&cursor.to_text()), Some(cursor));
        }

        #[test]
        fn a_broken_cursor_is_refused_and_never_a_panic(text in ".{0,60}") {
            if let Some(cursor) = Cursor::parse(&text) {
                prop_assert_eq!(cursor.to_text(), text);
            }
        }

        #[test]
        fn any_twenty_bytes_are_a_place_or_nothing(bytes in any::<[u8; 20]>()) {
            let text = URL_SAFE_NO_PAD.encode(bytes);
            prop_assert!(Cursor::parse(&text).is_none_or(|cursor| cursor.to_text() == text));
        }
    }

    proptest! {
        #[test]
        fn a_text_cursor_survives_its_journey(text in "[^\\x00]{0,60}", id in any::<u128>()) {
            let cursor = TextCursor { text, id: Uuid::from_u128(id) };
            prop_assert_eq!(TextCursor::parse(&cursor.to_text()), Some(cursor));
        }

        #[test]
        fn a_broken_text_cursor_is_refused_and_never_a_panic(text in ".{0,60}") {
            if let Some(cursor) = TextCursor::parse(&text) {
                prop_assert_eq!(cursor.to_text(), text);
            }
        }
    }

    #[test]
    fn sizes_out_of_range_and_two_cursors_at_once_are_refused() {
        let text = Cursor::FIRST.to_text();
        let cursor = Some(text.as_str());
        for (first, after, last, before) in [
            (Some(0), None, None, None),
            (Some(-1), None, None, None),
            (Some(101), None, None, None),
            (None, None, Some(0), None),
            (Some(10), cursor, None, cursor),
            (Some(10), None, Some(10), None),
            (Some(10), None, None, cursor),
            (None, cursor, Some(10), None),
            (None, Some("x"), None, None),
        ] {
            let args = PageArgs { first, after, last, before };
            assert!(PageRequest::parse(args).is_err(), "{args:?}");
        }
    }

    #[test]
    fn a_page_knows_its_neighbours() {
        let text = Cursor::FIRST.to_text();
        let cursor = Some(text.as_str());
        let page = |args, rows| {
            let page = PageRequest::parse(args).unwrap().page(rows);
            (page.rows, page.has_previous, page.has_next)
        };
        let two = Some(2);
        let beginning = PageArgs { first: two, ..PageArgs::default() };
        assert_eq!(page(beginning, vec![1, 2, 3]), (vec![1, 2], false, true));
        let after = PageArgs { after: cursor, first: two, ..PageArgs::default() };
        assert_eq!(page(after, vec![3]), (vec![3], true, false));
        let before = PageArgs { before: cursor, last: two, ..PageArgs::default() };
        assert_eq!(page(before, vec![2, 1]), (vec![1, 2], false, true));
        let end = PageArgs { last: two, ..PageArgs::default() };
        assert_eq!(page(end, vec![3, 2, 1]), (vec![2, 3], true, false));
    }
}
