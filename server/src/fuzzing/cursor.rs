//! Places in lists, and what else the addresses of lists carry: filters, searches, days.

use app::{period::Period, routes};
use chrono::{Datelike as _, NaiveDate};

use crate::{
    http::fuzzing as http,
    store::page::{Cursor, MAX_PAGE_SIZE, PageArgs, PageRequest, TextCursor, TextPageRequest},
};

/// The input is a cursor, a query, and the four arguments of a page, a line each.
pub fn cursor(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    if let Some(cursor) = Cursor::parse(text) {
        assert_eq!(cursor.to_text(), text);
        assert!((1..=9999).contains(&cursor.day.year()), "{cursor:?}");
    }
    if let Some(cursor) = TextCursor::parse(text) {
        assert_eq!(cursor.to_text(), text);
        assert!(!cursor.text.contains('\0') && text.len() <= 4096, "{cursor:?}");
    }
    of_args(text);
    of_query(text);
}

/// A page is as large as was asked, and no larger than any may be.
fn of_args(text: &str) {
    let mut lines = text.split('\n');
    let (first, last) = (lines.next(), lines.next());
    let count = |line: Option<&str>| line.and_then(|line| line.parse::<i32>().ok());
    let place = |line: Option<&'_ str>| line.filter(|line| !line.is_empty()).map(str::to_owned);
    let (after, before) = (place(lines.next()), place(lines.next()));
    let args = PageArgs {
        first: count(first),
        after: after.as_deref(),
        last: count(last),
        before: before.as_deref(),
    };
    assert!(i32::try_from(PageArgs::size(args.first, args.last)).is_ok());
    if let Ok(page) = PageRequest::parse(args) {
        assert!((2..=MAX_PAGE_SIZE + 1).contains(&page.limit()), "{page:?}");
        assert!(!(args.after.is_some() && args.before.is_some()));
        assert_eq!(page.is_backward(), args.before.is_some() || args.last.is_some());
        let from = page.from(Cursor::ASCENDING);
        assert!((Cursor::FIRST.day..=Cursor::LAST.day).contains(&from.day), "{from:?}");
        let rows = page.page((0..page.limit()).collect::<Vec<_>>());
        assert_eq!(i64::try_from(rows.rows.len()), Ok(page.limit() - 1));
        assert!(rows.has_next || rows.has_previous, "there was a row more than the page has");
    }
    if let Ok(page) = TextPageRequest::parse(args) {
        assert!((2..=MAX_PAGE_SIZE + 1).contains(&page.limit()), "{page:?}");
        assert!(!page.from().text.contains('\0'));
    }
}

/// What stands in an address is read or left alone, and what of it is shown again is short and leads to the same.
fn of_query(query: &str) {
    let today = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap_or_default();
    let Some(read) = http::queries(query, today) else { return };
    assert!(read.search.chars().count() <= 100, "{}", read.search);
    if let Some(period) = read.period {
        assert!(period.from <= period.to && period.to <= today && period.from.year() >= 1, "{period:?}");
        let link = period.link(routes::PORTAL_STATEMENT);
        let again = link.split_once('?').and_then(|(_, query)| http::queries(query, today));
        assert_eq!(again.and_then(|read| read.period), Some(Period { ..period }), "{link}");
    }
    let (activity, link) = read.activity;
    if let (Some(from), Some(to)) = (activity.from, activity.to) {
        assert!(from <= to || read.activity_problems > 0, "{from} {to}");
    }
    assert!(
        link.starts_with(routes::APP_ACTIVITY) && link.bytes().all(|byte| byte.is_ascii_graphic()),
        "{link}"
    );
    assert!(!link.contains(['"', '<', '>', '\\']), "{link}");
}
