//! What somebody who means harm sends, by families: files, texts for mails, addresses, paths, floods, and tokens at the
//! wrong door. Each list says how long it must be, so that none gets shorter unnoticed.

mod addresses;
mod floods;
mod logins;
mod lookalikes;
mod mails;
mod paths;
mod pictures;
mod policy;
mod purposes;
mod redirects;
mod texts;
mod uploads;

use crate::harness::{Kind, TestApp, rounds};

/// All of a list on SQLite; on PostgreSQL, which keeps them no differently, every third, and all in the long form.
fn part_of<'a, T>(app: &TestApp, list: &'a [T]) -> impl Iterator<Item = &'a T> + use<'a, T> {
    let step = if app.database.kind == Kind::Sqlite || rounds().is_some() { 1 } else { 3 };
    list.iter().step_by(step)
}
